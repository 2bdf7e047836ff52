"""A deadline that moves takes its sessions along, in their rooms; where a room is not free then, the room manager hears what is."""
from typing import Any

import pytest
from sqlalchemy import select

import trading.incidents.reactions  # noqa: F401
from kernel.command import SYSTEM
from kernel.errors import NotYours, Refused
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import DAY, HOUR, MINUTE
from rooms.block import Block, block
from rooms.book import Slot
from rooms.follow import Follow, follow
from rooms.move import Move, move
from rooms.records import Booking, Room
from tests.world import staff
from tests.worlds.rooms import forward
from tests.worlds.tenders import load, published
from trading.incidents.close import Close, close
from trading.incidents.open import Open
from trading.incidents.open import open as record
from trading.notices.clarify import Clarify, clarify
from trading.notices.extend import Extend, extend


class World:
    """A published tender with its two rooms held, and a room manager."""

    def __init__(self, centre: Any) -> None:
        self.centre = centre
        self.who, self.tender = published(centre)
        self.manager = staff(centre, "room_manager")
        settle(centre)

    def bookings(self) -> list[Booking]:
        with self.centre.reading() as session:
            return list(session.scalars(select(Booking).where(Booking.project == self.tender.id).order_by(Booking.from_ms)))

    def deadline(self) -> int:
        return int(load(self.centre, self.tender.id).deadline or 0)

    def collisions(self) -> list[Message]:
        with self.centre.reading() as session:
            return list(session.scalars(select(Message).where(Message.subject_zh == "截止顺延，场地冲突待处理")))

    def outage(self, before: int) -> None:
        """Ten minutes long, recovered `before` ms before the deadline."""
        one, two = staff(self.centre, "technician"), staff(self.centre, "technician")
        forward(self.centre, self.deadline() - before - 10 * MINUTE)
        row = record(self.centre, one, Open(what="upload", since=self.centre.now(), witnessed="值班员看到上传失败"))
        forward(self.centre, self.deadline() - before)
        cmd = Close(incident=row.id, until=self.centre.now(), good=True)
        for person in (one, two):
            close(self.centre, person, cmd)
        settle(self.centre)


@pytest.fixture
def world(centre: Any) -> World:
    return World(centre)


def test_an_outage_takes_opening_and_evaluation_along(world: World) -> None:
    before, old = world.bookings(), world.deadline()
    world.outage(30 * MINUTE)
    by, after = world.deadline() - old, world.bookings()
    assert by > 0 and [b.room for b in after] == [b.room for b in before]
    assert after[0].from_ms <= world.deadline() < after[0].to_ms and after[1].from_ms >= world.deadline()
    assert [b.to_ms - b.from_ms for b in after] == [b.to_ms - b.from_ms for b in before] and world.collisions() == []
    with pytest.raises(Refused) as refused:
        follow(world.centre, SYSTEM, Follow(booking=after[0].id, by=DAY))
    assert refused.value.reason.rule == "times_moved"
    with pytest.raises(NotYours):
        follow(world.centre, world.manager, Follow(booking=after[0].id, by=DAY))


def test_a_room_that_is_not_free_then_is_told_with_three_possibilities(world: World) -> None:
    opening, _ = world.bookings()
    old = world.deadline()
    block(world.centre, world.manager, Block(room=opening.room, start=old + DAY, end=old + DAY + HOUR, reason="检修"))
    extend(world.centre, world.who.agent, Extend(project=world.tender.id, deadline=old + DAY, reason="答疑需要"))
    settle(world.centre)
    stays, evaluation = world.bookings()
    assert stays.from_ms == opening.from_ms and evaluation.from_ms >= old + DAY
    told = world.collisions()
    assert {m.reader for m in told} == {world.manager.id, world.who.agent.id}
    assert all(opening.code in m.body_zh and m.body_zh.count("开标") >= 3 and world.tender.title not in m.body_zh for m in told)
    with world.centre.reading() as session:
        other = session.scalars(select(Room.id).where(Room.kind == "opening", Room.number == 9)).one()
    to = Move(booking=opening.id, to=Slot(kind="opening", start=old + DAY, end=old + DAY + HOUR, seats=20, room=other, reason="延时服务"))
    with pytest.raises(Refused) as refused:
        move(world.centre, world.manager, to)
    assert refused.value.reason.rule == "parties_told_if_opening"
    clarify(world.centre, world.who.agent, Clarify(project=world.tender.id, text="开标地点变更", affects=False))
    settle(world.centre)
    forward(world.centre, opening.from_ms - HOUR)  # the old slot is near, and nobody will come to it
    assert move(world.centre, world.manager, to).room == other


def test_what_still_fits_stays(world: World) -> None:
    before = [(b.room, b.from_ms) for b in world.bookings()]
    extend(world.centre, world.who.agent, Extend(project=world.tender.id, deadline=world.deadline() + 10 * MINUTE, evaluation=world.bookings()[1].from_ms + 10 * MINUTE,
                                                 reason="答疑需要"))
    settle(world.centre)
    assert [(b.room, b.from_ms) for b in world.bookings()] == before
