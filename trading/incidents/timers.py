"""While an outage lasts no deadline passes: shortly before one would, it moves as if the platform recovered now."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.timers import Due, timer
from kernel.values import MINUTE
from trading.incidents.extending import move_all, open_tenders
from trading.incidents.records import Incident

AHEAD = 15 * MINUTE


@timer
def holds(session: Session, now: int) -> list[Due]:
    """T45. The key holds the deadline, so that a deadline which moved is a new job."""
    found = []
    for incident in session.scalars(select(Incident).where(Incident.until.is_(None)).order_by(Incident.id)):
        for project in open_tenders(session):
            if project.deadline is not None and project.deadline >= incident.since:
                found.append(_hold(incident.id, project.id, project.deadline))
    return found


def _hold(incident: str, project: str, deadline: int) -> Due:
    def run(centre: Centre) -> None:
        move_all(centre, incident)

    return Due(f"outage/{incident}/{project}/{deadline}", deadline - AHEAD, run)
