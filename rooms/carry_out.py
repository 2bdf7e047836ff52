"""Carries a proposal out, one act per booking, in the name of the room manager who read it."""
from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import Refused, Stale
from rooms.book import Slot
from rooms.hold import Hold, hold
from rooms.move import Move, move
from rooms.proposal import Proposal, Row
from rooms.reads import Bar, booking


def carry_out(centre: Centre, actor: Actor, proposal: Proposal) -> tuple[Row, ...]:
    """The rows that are done. The first that is refused ends it: those after it may have counted on it. Raises that refusal
    when nothing has been done yet."""
    done: list[Row] = []
    for row in proposal.rows:
        try:
            if row.moves:
                move(centre, actor, Move(booking=row.booking, to=_slot(centre, actor, row)))
            if not row.held and _seen(centre, actor, row).stage == "asked":  # who moves an asked booking lets the system hold it
                hold(centre, actor, Hold(booking=row.booking))
        except (Refused, Stale):
            if not done:
                raise
            break
        done.append(row)
    return tuple(done)


def _seen(centre: Centre, actor: Actor, row: Row) -> Bar:
    with centre.reading() as session:
        return booking(session, actor, row.booking, centre.clock.now(session))[1]


def _slot(centre: Centre, actor: Actor, row: Row) -> Slot:
    bar = _seen(centre, actor, row)
    assert bar.kind and bar.seats  # the manager sees both
    return Slot(kind=bar.kind, start=row.to_start, end=row.to_end, seats=bar.seats, room=row.to_id, wishes=bar.equipment or (), reason=bar.late or "")
