"""The deadline of every open tender, the alarm when its list is late, and ciphertext nobody submitted."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import Text
from kernel.identity.reads import holders
from kernel.messages import send
from kernel.timers import Due, timer
from kernel.values import DAY, MINUTE
from trading.bids import uploads
from trading.bids.close import Close, close
from trading.bids.records import Upload
from trading.projects.records import Project


@timer
def closings(session: Session, now: int) -> list[Due]:
    """T07. A deadline that moved is a new job, since its key holds the moment."""
    due = []
    rows = session.execute(select(Project.id, Project.deadline, Project.grace_seconds).where(Project.stage == "inviting", Project.deadline.is_not(None)))
    for project, deadline, grace in rows:
        due.append(Due(f"close/{project}/{deadline}", deadline, lambda centre, p=project: close(centre, SYSTEM, Close(project=p))))
        late = deadline + grace * 1000 + MINUTE
        due.append(Due(f"close_late/{project}/{deadline}", late, lambda centre, p=project: alarm(centre, p)))
    return due


@timer
def leftovers(session: Session, now: int) -> list[Due]:
    """A day after the deadline, what was uploaded and never submitted goes."""
    rows = session.execute(select(Project.id, Project.deadline).join(Upload, Upload.project == Project.id).where(
        Upload.state.in_(["open", "whole"]), Project.stage != "inviting", Project.deadline.is_not(None)).distinct())
    return [Due(f"drop_uploads/{project}/{deadline}", deadline + DAY, lambda centre, p=project: uploads.drop(centre, p)) for project, deadline in rows]


def alarm(centre: Centre, project: str) -> None:
    """The closing entry is not written: regulators and administrators are told, without any count."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        row = session.get_one(Project, project)
        for role in ("regulator", "sysadmin"):
            for person in holders(session, role, now, row.field if role == "regulator" else ""):
                send(session, f"close_late/{project}/{row.deadline}", person.id, now, Text("截止记录未按时生成", "A closing entry is late"),
                     Text(f"项目 {row.code} 的截止记录未按时生成，请查看。", f"The closing entry of {row.code} is late; please look."), on=project)
        session.commit()
