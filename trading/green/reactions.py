"""After acts of early help and joint support: whoever has to do something hears of it. No message names the tender."""
import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.errors import Text
from kernel.identity.reads import holders
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.green.records import Advice
from trading.green.rules import DESKS
from trading.projects.reactions import members
from trading.projects.records import Project


def tell(session: Session, cause: str, entry: Entry, persons: set[str], subject: Text, body: Text, link: str) -> None:
    for person in sorted(persons):
        send(session, f"green/{cause}/{entry.key}", person, entry.moment, subject, body, on=entry.on, link=link)


@reaction("trading.green.name_adviser", "trading.green.ask_adviser")
def tell_adviser(centre: Centre, entry: Entry) -> None:
    """A new adviser hears of questions that wait, each of a new question."""
    asked = entry.tag.endswith("ask_adviser")
    with centre.database.writing() as session:
        project = session.get_one(Project, entry.on)
        waits = session.scalar(select(Advice.id).where(Advice.project == project.id, Advice.answered.is_(None)).limit(1))
        subject = Text("绿色通道项目有一个问题待答复", "A question on a green draft waits for you") if asked or waits else Text("您被指定提前介入一个绿色通道项目", "You advise on a green draft")
        tell(session, "adviser", entry, {project.adviser}, subject, Text("请登录查看。", "Log in to see it."), f"/green/{project.id}")
        session.commit()


@reaction("trading.green.name_adviser", "trading.green.advise")
def tell_parties(centre: Centre, entry: Entry) -> None:
    subject = Text("咨询已答复", "Your question was answered") if entry.tag.endswith("advise") else Text("中心已为项目指定提前介入人员", "The centre has named an adviser for your draft")
    with centre.database.writing() as session:
        project = session.get_one(Project, entry.on)
        told = set(members(session, [org for org in (project.buyer, project.agent) if org]))
        tell(session, "parties", entry, told, subject, Text("请登录查看。", "Log in to see it."), f"/desk/projects/{project.id}")
        session.commit()


@reaction("trading.green.call_desks")
def tell_desks(centre: Centre, entry: Entry) -> None:
    with centre.database.writing() as session:
        told = {person.id for desk in json.loads(entry.payload)["body"]["desks"] for person in holders(session, DESKS[desk].role, entry.moment)}
        tell(session, "desks", entry, told, Text("绿色通道联合保障，请确认事项和时限", "Joint support of a green tender: say what you will do, and by when"),
             Text("请登录确认。", "Log in and confirm."), f"/green/{entry.on}")
        session.commit()


@reaction("trading.green.promise", "trading.green.keep_promise")
def tell_who_called(centre: Centre, entry: Entry) -> None:
    """The room managers, who called, and the tender's parties."""
    desk = DESKS[json.loads(entry.payload)["body"]["desk"]].name
    kept = entry.tag.endswith("keep_promise")
    subject = Text(f"联合保障已办结：{desk.zh}", f"Joint support done: {desk.en}") if kept else Text(f"联合保障已确认：{desk.zh}", f"Joint support promised: {desk.en}")
    with centre.database.writing() as session:
        project = session.get_one(Project, entry.on)
        log_in = Text("请登录查看。", "Log in to see it.")
        tell(session, "managers", entry, {person.id for person in holders(session, "room_manager", entry.moment)}, subject, log_in, f"/green/{project.id}")
        tell(session, "parties", entry, set(members(session, [org for org in (project.buyer, project.agent) if org])), subject, log_in, f"/desk/projects/{project.id}")
        session.commit()
