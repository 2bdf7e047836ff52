"""What falls due in the green channel: an answer of the adviser, the promise of a desk, and what it promised."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.errors import Text
from kernel.identity.reads import holders
from kernel.messages import send
from kernel.timers import Due, timer
from law.stages import ENDS
from trading.green.records import Advice, Support
from trading.green.rules import DESKS
from trading.projects.records import Project

LATE = Text("绿色通道事项逾期", "Something of the green channel is overdue")


@timer
def advice(session: Session, now: int) -> list[Due]:
    """Questions that nobody answered in time; once the file is submitted they are past."""
    rows = session.execute(select(Advice.id, Advice.due).join(Project, Project.id == Advice.project).where(Advice.answered.is_(None), Project.stage == "draft"))
    return [_unanswered(id, due) for id, due in rows]


@timer
def support(session: Session, now: int) -> list[Due]:
    """Desks that have not promised, or not done what they promised."""
    rows = session.scalars(select(Support).join(Project, Project.id == Support.project).where(Support.state != "kept", Project.stage.not_in((*ENDS, "archived"))))
    return [_open(row.id, row.state, row.until or row.reply_by) for row in rows]


def _unanswered(id: str, moment: int) -> Due:
    def run(centre: Centre) -> None:
        with centre.database.writing() as session:
            row, now = session.get_one(Advice, id), centre.clock.now(session)
            project = session.get_one(Project, row.project)
            if row.answered is None and project.stage == "draft":
                _ring(session, f"advice/{id}", project, {project.adviser}, Text("一个问题未在时限内答复，请登录办理。", "A question was not answered in time. Log in to see to it."), now)
            session.commit()

    return Due(f"green/advice/{id}", moment, run)


def _open(id: str, state: str, moment: int) -> Due:
    def run(centre: Centre) -> None:
        with centre.database.writing() as session:
            row, now = session.get_one(Support, id), centre.clock.now(session)
            project = session.get_one(Project, row.project)
            if row.state == state:
                desk = DESKS[row.desk]
                what = {"called": ("尚未确认保障事项", "has not said what it will do"), "promised": ("保障事项未按时办结", "has not done what it promised")}[state]
                _ring(session, f"support/{id}/{state}", project, {person.id for person in holders(session, desk.role, now)},
                      Text(f"{desk.name.zh}{what[0]}，请登录办理。", f"{desk.name.en} {what[1]}. Log in to see to it."), now)
            session.commit()

    return Due(f"green/support/{id}/{state}", moment, run)


def _ring(session: Session, cause: str, project: Project, persons: set[str], body: Text, now: int) -> None:
    """Whoever owes it and the room managers, who called."""
    for person in sorted(persons | {one.id for one in holders(session, "room_manager", now)}):
        send(session, f"green/{cause}", person, now, LATE, body, on=project.id, link=f"/green/{project.id}")
