"""What acts of a desk share: the row that is its own, held."""
from sqlalchemy import select

from kernel.command import Work
from kernel.errors import NotYours
from trading.desk import hold
from trading.green.records import Support
from trading.green.rules import DESKS
from trading.projects.records import Project
from trading.relations import relations


def hold_desk(work: Work, project_id: str, desk: str) -> tuple[Project, Support, set[str]]:
    """The tender, what the desk was called for, and the actor's roles by which he answers for it. NotYours: it is another's, or was not called."""
    project = hold(work, project_id)
    held, role = relations(work.session, work.actor, project, work.moment), DESKS[desk].role if desk in DESKS else ""
    row = work.session.scalar(select(Support).where(Support.project == project.id, Support.desk == desk).with_for_update())
    if row is None or role not in held:
        raise NotYours
    return project, row, held - {one.role for one in DESKS.values()} | {role}
