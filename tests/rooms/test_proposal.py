"""What the manager could do about a day, and doing it: one act per booking, and everybody concerned hears of it."""
from datetime import date

import pytest
from sqlalchemy import select

from cli.main import main
from cli.planning import span
from kernel.command import SYSTEM
from kernel.errors import NotYours
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.ticker import settle
from rooms.block import Block, block
from rooms.book import Book, Slot, book
from rooms.carry_out import carry_out
from rooms.hold import Hold, hold
from rooms.proposal import Closing, Proposal, closed, proposed
from rooms.records import Booking
from rooms.waiting import least_wait
from tests.worlds.rooms import House


@pytest.fixture
def house(centre):  # type: ignore[no-untyped-def]
    return House(centre)


def booked(house: House, evaluation: int, seats: int = 7, hour: int = 11, opening: int = 1, held: bool = True, published: bool = False) -> tuple[Booking, Booking]:
    """The opening (an hour) and the evaluation (three hours) of a new tender, in rooms of these numbers."""
    slots = (Slot(kind="opening", start=house.at(hour - 2), end=house.at(hour - 1), seats=9, room=house.room("opening", opening).id),
             Slot(kind="evaluation", start=house.at(hour), end=house.at(hour + 3), seats=seats, room=house.room("evaluation", evaluation).id))
    made = book(house.centre, house.agent, Book(project=house.project(published).id, slots=slots))
    return tuple(hold(house.centre, SYSTEM, Hold(booking=one.id)) for one in made) if held else made  # type: ignore[return-value]


def seen(house: House, closing: Closing | None = None) -> Proposal:
    with house.centre.reading() as session:
        return proposed(session, house.manager, house.day, house.day, house.centre.clock.now(session), closing)


def acts(house: House, since: int) -> list[str]:
    with house.centre.reading() as session:
        return list(session.scalars(select(Entry.tag).where(Entry.number > since, Entry.tag.startswith("rooms.")).order_by(Entry.number)))


def last(house: House) -> int:
    with house.centre.reading() as session:
        return session.scalars(select(Entry.number).order_by(Entry.number.desc())).first() or 0


def test_a_room_to_be_closed_is_cleared_first(house: House) -> None:
    _, evaluation = booked(house, 1)
    room = house.room("evaluation", 1)
    closing = Closing(room.id, house.at(8), house.at(18))
    assert seen(house).rows == ()
    (row,) = seen(house, closing).rows
    assert (row.booking, row.room.zh, row.to_room.zh, row.to_start, row.held) == (evaluation.id, "评标一室", "评标二室", house.at(11), True)
    assert "拟停用" in row.why.zh and evaluation.code in row.words.zh
    before = last(house)
    assert carry_out(house.centre, house.manager, seen(house, closing)) == (row,)
    block(house.centre, house.manager, Block(room=room.id, start=house.at(8), end=house.at(18), reason="检修"))
    assert acts(house, before) == ["rooms.move", "rooms.block"] and house.booking(evaluation.id).room == row.to_id
    settle(house.centre)
    with house.centre.reading() as session:
        (told,) = session.scalars(select(Message).where(Message.reader == house.agent.id, Message.cause.startswith("rooms.displaced/")))
    assert "评标二室" in told.body_zh


def test_one_gives_way_for_whom_only_its_room_fits(house: House) -> None:
    """Two rooms hold twenty people; in one sits a committee of seven."""
    booked(house, 14, 20)
    _, small = booked(house, 15, 7, opening=2)
    _, large = booked(house, 14, 20, opening=3, held=False)
    first, opening, second = sorted(seen(house).rows, key=lambda row: (row.booking == large.id, not row.held))
    assert (first.booking, first.held, first.to_room.zh, large.code in first.why.zh) == (small.id, True, "评标一室", True)
    assert (second.booking, second.held, second.to_room.zh) == (large.id, False, "评标十五室")
    assert not opening.moves and not opening.held
    before, found = last(house), seen(house)
    assert found.others == 1 and found.digest == seen(house).digest
    assert len(carry_out(house.centre, house.manager, found)) == 3
    assert acts(house, before).count("rooms.move") == 2 and {house.booking(id).stage for id in (small.id, large.id)} == {"held"}
    assert seen(house).rows == () and seen(house).digest != found.digest


def test_what_may_not_move_is_left_with_what_is_free(house: House) -> None:
    """An opening whose place is published stays; what is wanted instead is told, and nothing is taken."""
    opening, _ = booked(house, 1, published=True)
    (stuck,) = seen(house, Closing(opening.room, house.at(8), house.at(18))).stuck
    assert stuck.booking == opening.id and len(stuck.free) == 3 and opening.room not in {one.room for one in stuck.free}
    closing = Closing(booked(house, 2, opening=2)[0].room, house.at(8), house.at(18))
    assert seen(house, closing).stuck == () and len(seen(house, closing).rows) == 1


def test_the_proposal_is_the_managers(house: House) -> None:
    for nobody in (house.agent, house.guard):
        with house.centre.reading() as session, pytest.raises(NotYours):
            proposed(session, nobody, house.day, house.day, 0)
        with house.centre.reading() as session, pytest.raises(NotYours):
            least_wait(session, nobody, house.day, house.day, 0)
    with house.centre.reading() as session:
        assert closed(session, "evaluation-2", house.day, house.day).room == house.room("evaluation", 2).id
        for name in ("evaluation-99", "evaluation", "opening-x", "hall-1"):
            with pytest.raises(NotYours):
                closed(session, name, house.day, house.day)


def test_how_long_evaluations_wait(house: House) -> None:
    """The opening ends at ten, the evaluation begins at eleven."""
    booked(house, 1)
    with house.centre.reading() as session:
        wait = least_wait(session, house.manager, house.day, house.day, house.centre.clock.now(session))
    assert (wait.now, wait.planned, wait.least) == (60, 0, 0)


def test_the_command_shows_and_carries_out(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _, evaluation = booked(house, 1)
    monkeypatch.setattr("kernel.centre.Centre", lambda: house.centre)
    monkeypatch.setattr(house.centre, "close", lambda: None)
    plan = ["rooms", "plan", "--day", str(house.day), "--without", "evaluation-1"]
    assert main([*plan, "--bound"]) == 0
    out = capsys.readouterr().out
    assert "评标一室" in out and "评标二室" in out and "下限 least 0 min" in out and house.booking(evaluation.id).room == evaluation.room
    assert main([*plan, "--apply"]) == 0 and "已办理 1/1" in capsys.readouterr().out
    assert house.booking(evaluation.id).room == house.room("evaluation", 2).id
    assert main([*plan, "--as", "nobody"]) == 2 and main([*plan[:-1], "evaluation-99"]) == 2


def test_a_day_or_its_week() -> None:
    thursday, monday = date(2026, 3, 5), date(2026, 3, 2)
    assert span(None, None, monday) == (monday, monday) and span(thursday, None, monday) == (thursday, thursday)
    assert span(None, thursday, monday) == (monday, date(2026, 3, 8))
