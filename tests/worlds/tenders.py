"""Works and procurement tenders for tests, drafted by all the acts the law asks for."""
from datetime import date, timedelta
from typing import Any

from kernel.centre import Centre
from kernel.command import Actor
from kernel.values import HOUR, day_of, instant
from tests.worlds.kept import kept
from tests.worlds.projects import WORDS, People, deadline_after, load, people, reviewed, with_key
from tests.worlds.rooms import rooms_for
from trading.notices.publish import Publish, publish
from trading.projects.accept_mandate import AcceptMandate, accept_mandate
from trading.projects.choose_method import ChooseMethod, choose_method
from trading.projects.confirm_document import ConfirmDocument, confirm_document
from trading.projects.dossier import dossier
from trading.projects.draft import Draft, draft
from trading.projects.mandate import GiveMandate, mandate
from trading.projects.records import Project
from trading.projects.set_calendar import SetCalendar, set_calendar
from trading.projects.set_ceiling import SetCeiling, set_ceiling
from trading.projects.set_document import Paper, SetDocument, set_document
from trading.projects.set_scoring import SetScoring, set_scoring

BUDGET = 800_000_000  # 8 million yuan
KINDS = {"works": "construction", "procurement": "services"}
SCHEMES: dict[str, dict[str, Any]] = {
    "procurement": {"field": "procurement", "subject": "services", "places": 2, "tie": "draw", "items": [
        {"code": "T1", "zh": "实施方案", "section": "technical", "kind": "subjective", "high": "60", "weight": "0.60"},
        {"code": "C1", "zh": "同类业绩", "section": "commercial", "kind": "objective", "high": "20", "weight": "0.20"},
        {"code": "P", "zh": "报价", "section": "price", "kind": "objective", "high": "20", "weight": "0.20"}]},
    "works": {"field": "works", "subject": "works", "places": 2, "tie": "buyer", "items": [
        {"code": "T1", "zh": "施工组织设计", "section": "technical", "kind": "subjective", "high": "40", "weight": "0.40"},
        {"code": "P", "zh": "报价", "section": "price", "kind": "objective", "high": "60", "weight": "0.60"}]},
}


@kept
def entered(centre: Centre, who: People, field: str = "procurement", **changes: Any) -> Project:
    cmd: dict[str, Any] = {"procedure": f"{field}.open", "field": field, "kind": KINDS[field], "title": "示例项目", "budget": BUDGET,
                           "plan": "示例批复〔2026〕1 号"}
    project: Project = draft(centre, who.buyer, Draft(**(cmd | changes)))
    return project


@kept
def mandated(centre: Centre, who: People, field: str = "procurement") -> Project:
    project = entered(centre, who, field)
    mandate(centre, who.buyer, GiveMandate(project=project.id, agent=who.agent.org, contract="k" * 16, digest="c" * 64))
    accept_mandate(centre, who.agent, AcceptMandate(project=project.id))
    return load(centre, project.id)


def document(centre: Centre, project: str, **changes: Any) -> SetDocument:
    """A lawful document with one real paper in the store."""
    blob = centre.blobs.put(b"%PDF-1.7 example")
    paper = Paper(kind="tender_document", title="招标文件", blob=blob.key, digest=blob.digest, size=blob.size, media="application/pdf")
    cmd: dict[str, Any] = {"project": project, "papers": (paper,), "deposit": BUDGET // 50, "fair_competition": "示例审查表 1 号", "details": WORDS}
    return SetDocument(**(cmd | changes))


def times(centre: Centre, project: str, days: int = 21, **changes: Any) -> SetCalendar:
    deadline = deadline_after(centre, days)
    cmd: dict[str, Any] = {"project": project, "publish_on": day_of(centre.now()), "document_until": deadline_after(centre, 12), "deadline": deadline,
                           "opening": deadline, "evaluation": deadline + HOUR}
    return SetCalendar(**(cmd | changes))


@kept
def complete(centre: Centre, who: People, field: str = "procurement") -> Project:
    """Everything but the submission: mandate, method, document, scoring, ceiling, rooms, calendar, key, confirmation."""
    project = mandated(centre, who, field)
    choose_method(centre, who.agent, ChooseMethod(project=project.id, method="open", evaluation="comprehensive"))
    set_document(centre, who.agent, document(centre, project.id))
    set_scoring(centre, who.agent, SetScoring(project=project.id, scheme=SCHEMES[field], conditions=("营业执照",)))
    set_ceiling(centre, who.buyer, SetCeiling(project=project.id, ceiling=BUDGET - 1))
    cmd = times(centre, project.id)
    rooms_for(centre, who.agent, project.id, cmd.deadline)
    set_calendar(centre, who.agent, cmd)
    with_key(centre, project.id)
    confirmed(centre, who, project.id)
    return load(centre, project.id)


def confirmed(centre: Centre, who: People, project: str) -> None:
    with centre.reading() as session:
        digest = dossier(session, session.get_one(Project, project)).digest
    confirm_document(centre, who.buyer, ConfirmDocument(project=project, digest=digest))


@kept
def published(centre: Centre, field: str = "procurement", who: People | None = None) -> tuple[People, Project]:
    who = who or people(centre)
    project = complete(centre, who, field)
    reviewed(centre, project.id, who.agent)
    publish(centre, who.agent, Publish(project=project.id))
    return who, load(centre, project.id)


def put(centre: Centre, project: str, **columns: Any) -> None:
    """Sets columns of a tender directly, where the acts that would do it belong to other rooms."""
    with centre.database.writing() as session:
        row = session.get_one(Project, project)
        for name, value in columns.items():
            setattr(row, name, value)
        session.commit()


def colleague(centre: Centre, actor: Actor) -> Actor:
    """Another person of the same organisation."""
    from kernel.identity.records import Person
    from kernel.values import new_id
    from trading.subjects.records import Membership

    with centre.database.writing() as session:
        now = centre.clock.now(session)
        person = Person(id=new_id(), login=f"org-{new_id()[:8]}", name="示例同事", created=now)
        session.add(person)
        session.flush()
        session.add(Membership(org=actor.org, person=person.id, since=now))
        session.commit()
        return Actor("person", person.id, actor.org)


def sunday(centre: Centre, after: int) -> int:
    """10:00 of the first Sunday at least `after` days ahead."""
    day: date = day_of(centre.now()) + timedelta(days=after)
    return instant(day + timedelta(days=(6 - day.weekday()) % 7), 10)
