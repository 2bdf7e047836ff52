"""Tenders for tests, made by the acts of production from the draft to the notice."""
import secrets
from dataclasses import dataclass

from kernel.centre import Centre
from kernel.command import SYSTEM, Actor
from kernel.daytable.reads import calendar
from kernel.identity.records import Person
from kernel.values import DAY, day_of, instant, new_id
from law.periods import period_end
from tests.world import staff
from tests.worlds.kept import kept
from trading.notices.publish import Publish, publish
from trading.projects.assign import Assign, assign
from trading.projects.draft import Draft, Recorded, draft
from trading.projects.records import Project, ProjectAssignment
from trading.projects.review_first import ReviewFirst, review_first
from trading.projects.review_second import ReviewSecond, review_second
from trading.projects.rules.reviewing import CHECKLIST
from trading.projects.submit import Submit, submit
from trading.sealing.records import Ceremony, Custodian, Round
from trading.subjects.records import Membership, Subject

ALL_YES = {item: "yes" for item in CHECKLIST}
WORDS = {"requirements": "具备相应资质", "consortium": "不接受联合体", "subject": "示例服务一项", "contact": "示例联系人 010-00000000"}


def organisation(centre: Centre, name: str, *, buyer: bool = False, agent: bool = False, supplier: bool = False, stage: str = "admitted") -> Actor:
    """An organisation in the register and one person who acts for it, put in the tables directly."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        org = Subject(id=new_id(), code=new_id()[:16].upper() + "XX", name=name, is_buyer=int(buyer), is_agent=int(agent), is_supplier=int(supplier),
                      stage=stage, address="示例路 1 号", contact="示例联系人", phone="010-00000000", entered_by="x", entered_at=now, admitted_at=now)
        person = Person(id=new_id(), login=f"org-{new_id()[:8]}", name=f"{name}经办人", created=now)
        session.add_all([org, person])
        session.flush()
        session.add(Membership(org=org.id, person=person.id, manager=1, since=now))
        session.commit()
        return Actor("person", person.id, org.id)


@dataclass(frozen=True)
class People:
    """Who trades and who reviews. two reviewers hold each role, so that the draw has something to choose from."""

    buyer: Actor
    agent: Actor
    supplier: Actor


@kept
def people(centre: Centre) -> People:
    for role in ("reviewer1", "reviewer1", "reviewer2", "reviewer2"):
        staff(centre, role)
    return People(organisation(centre, "示例采购人", buyer=True), organisation(centre, "示例代理机构", agent=True),
                  organisation(centre, "示例供应商", supplier=True))


def with_key(centre: Centre, project: str) -> None:
    """A finished key ceremony, put in the table directly: its own acts are tested where they stand."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        keepers = [Custodian(id=new_id(), name=f"保管人{n}", party=party, employer=f"单位{n}", identity=secrets.token_hex(32), enrolled=now)
                   for n, party in enumerate(("centre", "regulator", "notary"), 1)]
        session.add_all(keepers)
        row = Ceremony(id=new_id(), project=project, k=2, custodians=[one.id for one in keepers], stage="ready", key="ab" * 32, begun=now, entry=new_id())
        session.add(row)
        session.flush()
        session.add_all(Round(ceremony=row.id, number=n, r0="00" * 32, commitments=["00" * 32], signature="00" * 64) for n in (1, 2, 3))
        session.commit()


def recorded(centre: Centre, who: Actor, deadline: int | None = None, **more: object) -> Project:
    """A replay's draft with its key."""
    cmd = Draft(procedure="replay.lowest", field="works", kind="construction", title="历史项目", budget=10_000_000,
                recorded=Recorded(deadline=deadline or centre.now() + 5 * DAY, **more))  # type: ignore[arg-type]
    project: Project = draft(centre, who, cmd)
    with_key(centre, project.id)
    return project


def reviewers(centre: Centre, project: str) -> tuple[Actor, Actor]:
    """The two persons drawn in the newest round, in the order of their looks."""
    from sqlalchemy import select

    with centre.reading() as session:
        rows = session.scalars(select(ProjectAssignment).where(ProjectAssignment.project == project).order_by(
            ProjectAssignment.round.desc(), ProjectAssignment.slot)).all()
        return Actor("person", rows[0].person), Actor("person", rows[1].person)


def reviewed(centre: Centre, project: str, who: Actor) -> None:
    """From a complete draft to both reviews."""
    submit(centre, who, Submit(project=project))
    assign(centre, SYSTEM, Assign(project=project))
    first, second = reviewers(centre, project)
    review_first(centre, first, ReviewFirst(project=project, checklist=ALL_YES))
    review_second(centre, second, ReviewSecond(project=project, checklist=ALL_YES))


def published_replay(centre: Centre, who: Actor, deadline: int | None = None) -> Project:
    project = recorded(centre, who, deadline)
    reviewed(centre, project.id, who)
    publish(centre, who, Publish(project=project.id))
    return load(centre, project.id)


def load(centre: Centre, project: str) -> Project:
    with centre.reading() as session:
        return session.get_one(Project, project)


def deadline_after(centre: Centre, days: int = 21) -> int:
    """10:00 of the first working day on which `days` calendar days have passed."""
    with centre.reading() as session:
        return instant(period_end(day_of(centre.now()), days, "calendar_day", calendar(session)), 10)
