"""Whoever is asked for a slot agrees and goes to the other one, or stays."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.values import HOUR
from law.registry import in_force
from rooms.desk import decide, hold_booking, own, place, slot, write
from rooms.line import ahead, around, wanted
from rooms.records import Booking, Way


class GiveWay(Cmd):
    """booking: the one that is held. way: id of the request."""

    booking: str = Field(max_length=32)
    way: str = Field(max_length=32)
    agree: bool


@command("rooms.give_way", opens="never")
def give_way(work: Work, cmd: GiveWay) -> Booking:
    """Guards: asked_in_time, and of the other slot slot_free, buffer_kept, room_not_blocked, first_in_line. What is given up is kept
    for whoever asked, as a slot that came free is."""
    way = work.session.get(Way, cmd.way)
    if way is None or way.holder != cmd.booking:
        raise NotYours
    booking, project, (room, other) = hold_booking(work, cmd.booking, way.room)
    own(work, booking)
    work.session.refresh(way, with_for_update=True)
    asker = work.session.get_one(Booking, way.booking, with_for_update=True)
    still = asker.stage == "asked" and asker.room == room.id and asker.busy_from < booking.busy_to and booking.busy_from < asker.busy_to
    ask = wanted(other, booking.kind, booking.seats, tuple(booking.wishes), way.from_ms, way.to_ms, booking.reason)
    asks = (ask,) if cmd.agree else ()
    decide(work, booking.stage, project, asks=asks, open=way.state == "open" and work.moment < way.until and still,
           ahead=cmd.agree and ahead(work.session, other, ask.start, ask.end, work.moment, booking.id),
           **around(work.session, other, ask.start, ask.end, work.moment, booking.id))
    way.state = "agreed" if cmd.agree else "refused"
    if cmd.agree:
        booking.asked = work.moment
        place(work, booking, other, ask.start, ask.end)
        hours = in_force("rooms.offer_hours", work.centre.today(work.moment)).value
        asker.waits, asker.offered = asker.waits or work.moment, min(work.moment + hours * HOUR, asker.from_ms)
        write(work, ask, booking.id)
    work.enter(project.id, booking=booking.id, way=way.id, agreed=cmd.agree, slots=[slot(booking, other if cmd.agree else room)])
    return booking
