"""The window for bidders' locks is over: what was unlocked is opened, whoever held a secret back."""
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from kernel.timers import Due, timer
from trading.opening import decrypt
from trading.opening.locks import lock_until
from trading.opening.records import Opening
from trading.opening.state import turn
from trading.projects.records import Project


@timer
def unlocked(session: Session, now: int) -> list[Due]:
    """T09. Where custodians have not answered by then it is refused, and their batches open the rest."""
    rows = session.execute(select(Project, Opening).join(Opening, Opening.project == Project.id).where(
        Project.mode == "M2", or_(and_(Project.stage == "opening", Opening.read_out.is_(None)),
                                  and_(Project.stage == "evaluating", Project.envelopes == 2, Opening.prices_read.is_(None)))))
    found = []
    for project, opening in rows:
        until = lock_until(session, project, opening) if turn(session, project) else None
        if until is not None:
            found.append(Due(f"unlock/{project.id}/{until}", until, lambda centre, p=project.id: decrypt.run(centre, p)))
    return found
