"""Whom agency and buyer still have to appraise after an evaluation (一标一评)."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.records import Appraisal, Draw, Seat
from kernel.command import Actor
from kernel.identity.records import Person
from trading.projects.records import Project
from trading.relations import relations


@dataclass(frozen=True)
class ToAppraise:
    """name: open to both sides since the release that made the appraisal possible."""

    seat: str
    letter: str
    name: str
    category: str


def due(session: Session, actor: Actor, project_id: str, now: int) -> tuple[ToAppraise, ...]:
    """Experts of a released draw whom the actor's side has not marked. Empty for everybody else."""
    project = session.get(Project, project_id)
    held = relations(session, actor, project, now) & {"agent", "buyer"} if project else set()
    if not held:
        return ()
    side = "agent" if "agent" in held else "buyer"
    marked = select(Appraisal.seat).where(Appraisal.party == side)
    rows = session.execute(select(Seat, Person.name).join(Draw, Draw.id == Seat.draw).join(Person, Person.id == Seat.person).where(
        Seat.project == project_id, Seat.kind == "expert", Seat.out.is_(None), Draw.stage == "released", Seat.id.not_in(marked)).order_by(Seat.letter))
    return tuple(ToAppraise(seat.id, seat.letter, name, seat.category) for seat, name in rows)
