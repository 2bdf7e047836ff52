"""Two tenders of one agency are kept apart: their sessions never use one corridor at the same time."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from rooms.desk import decide, hold_rooms, own
from rooms.records import STANDING, Apart, Booking
from rooms.taken import corridor
from trading.projects.records import Project
from trading.relations import relations


class KeepApart(Cmd):
    """booking: a session of one tender · other: the other tender · apart: false where they may meet again."""

    booking: str = Field(max_length=32)
    other: str = Field(max_length=32)
    reason: str = Field(max_length=200)
    apart: bool = True


@command("rooms.keep_apart", opens="never")
def keep_apart(work: Work, cmd: KeepApart) -> Apart:
    """Guards: another_tender, reason_given, stand_apart. Both are the actor's own, whose sessions it sees anyway: a refusal that
    comes of this tells nobody of a stranger's. NotYours: one of them is not."""
    booking = work.session.get(Booking, cmd.booking)
    if booking is None:
        raise NotYours
    own(work, booking)
    ids = sorted({booking.project, cmd.other})
    rows = {row.id: row for row in work.session.scalars(select(Project).where(Project.id.in_(ids)).order_by(Project.id).with_for_update())}
    if set(rows) != set(ids) or any("agent" not in relations(work.session, work.actor, row, work.moment) for row in rows.values()):
        raise NotYours
    sessions = list(work.session.scalars(select(Booking).where(Booking.project.in_(ids), Booking.stage != "released")))
    rooms = {room.id: room for room in hold_rooms(work, *(one.room for one in sessions))}
    standing = [one for one in sessions if one.stage in STANDING and corridor(rooms[one.room])]
    together = sorted({one.code for one in standing for two in standing if cmd.apart and one.project != two.project
                       and corridor(rooms[one.room]) == corridor(rooms[two.room]) and one.busy_from < two.busy_to and two.busy_from < one.busy_to})
    decide(work, booking.stage, rows[booking.project], same=len(ids) == 1, reason=cmd.reason, together=together)
    pair: Apart | None = work.session.scalar(select(Apart).where(Apart.project == ids[0], Apart.other == ids[-1]).with_for_update())
    if pair is None:
        pair = work.keep(Apart(project=ids[0], other=ids[-1]))
    pair.reason, pair.by, pair.at, pair.ended = cmd.reason.strip(), work.actor.id, work.moment, None if cmd.apart else work.moment
    work.enter(booking.project, tenders=ids, apart=1 if cmd.apart else 0)
    return pair
