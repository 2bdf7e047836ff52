"""Any order of booking, holding, moving, overrunning, blocking and releasing keeps one room, one session, with its cleaning."""
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule
from sqlalchemy import select

from kernel.command import SYSTEM, Actor
from kernel.errors import Refused, Stale
from kernel.values import MINUTE
from rooms.block import Block, block
from rooms.book import Book, Slot, book
from rooms.hold import Hold, hold
from rooms.move import Move, move
from rooms.overrun import Overrun, overrun
from rooms.records import STANDING, Blocking, Booking
from rooms.release import Release, release
from tests.world import found_test_centre
from tests.worlds.rooms import House
from trading.projects.records import Project

quarters, lengths, numbers = st.integers(0, 30), st.integers(1, 8), st.sampled_from((14, 15))
SEATS = 20  # which only two rooms have


class Rooms(RuleBasedStateMachine):
    """The model: who stands where, as plain tuples. What the acts allow, the model must allow, and the reverse. Evaluations
    in the two largest rooms; their openings are asked for early in the morning and play no part."""

    bookings = Bundle("bookings")

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.centre = found_test_centre(self.home / "home")
        self.house = House(self.centre)
        self.rooms = {n: self.house.room("evaluation", n) for n in (14, 15)}
        self.buffer = self.rooms[14].buffer_ms
        self.inside = Actor("person", self.house.agent.id, self.house.agent.org, channel="area")
        self.held: dict[str, tuple[str, int, int]] = {}
        self.used: set[str] = set()
        self.asked: dict[str, tuple[str, int, int]] = {}
        self.blocked: list[tuple[str, int, int]] = []

    def teardown(self) -> None:
        self.centre.close()
        shutil.rmtree(self.home)

    def free(self, room: str, start: int, end: int, but: str = "") -> bool:
        clear = all(r != room or end + self.buffer <= a or b + self.buffer <= start for id, (r, a, b) in self.held.items() if id != but)
        return clear and all(r != room or end <= a or b <= start for r, a, b in self.blocked)

    def span(self, quarter: int, length: int) -> tuple[int, int]:
        start = self.house.at(8) + quarter * 15 * MINUTE
        return start, start + length * 15 * MINUTE

    @initialize(target=bookings)
    def two_in_a_row(self) -> object:
        return multiple(self.ask(14, 4, 4), self.ask(14, 10, 4))

    @rule(target=bookings, number=numbers, quarter=quarters, length=lengths)
    def ask(self, number: int, quarter: int, length: int) -> str:
        start, end = self.span(quarter, length)
        project = self.house.project()
        with self.centre.database.writing() as session:
            session.get_one(Project, project.id).procedure = "replay.lowest"
            session.commit()
        opening = Slot(kind="opening", start=self.house.at(6), end=self.house.at(7), seats=9, reason="延时服务")
        slot = Slot(kind="evaluation", start=start, end=end, seats=SEATS, room=self.rooms[number].id)
        _, made = book(self.centre, self.house.agent, Book(project=project.id, slots=(opening, slot)))
        self.asked[made.id] = (made.room, start, end)
        self.hold(made.id)
        return made.id

    @rule(id=bookings)
    def hold_again(self, id: str) -> None:
        self.hold(id)

    def hold(self, id: str) -> None:
        try:
            hold(self.centre, SYSTEM, Hold(booking=id))
        except Stale:
            assert id not in self.asked
        except Refused:
            assert not self.free(*self.asked[id])
        else:
            assert self.free(*self.asked[id])
            self.held[id] = self.asked.pop(id)

    @rule(id=bookings, number=numbers, quarter=quarters, length=lengths)
    def move(self, id: str, number: int, quarter: int, length: int) -> None:
        start, end = self.span(quarter, length)
        room = self.rooms[number].id
        try:
            move(self.centre, self.house.agent, Move(booking=id, to=Slot(kind="evaluation", start=start, end=end, seats=SEATS, room=room)))
        except Stale:
            assert id not in self.asked and (id not in self.held or id in self.used)
        except Refused:
            assert id not in self.used and not self.free(room, start, end, id)
        else:
            assert id not in self.used and self.free(room, start, end, id)
            (self.held if id in self.held else self.asked)[id] = (room, start, end)

    def begin(self, id: str) -> None:
        """A session begins; the hour at which it may is not the model's matter."""
        with self.centre.database.writing() as session:
            booking = session.get_one(Booking, id)
            booking.stage, booking.taken = "used", self.centre.now()
            session.commit()
        self.used.add(id)

    @precondition(lambda self: self.held)
    @rule(first=st.booleans(), length=lengths)
    def overrun(self, first: bool, length: int) -> None:
        id = sorted(self.held, key=lambda key: (self.held[key][1], key in self.used))[0 if first else -1]
        if id not in self.used:
            self.begin(id)
        room, start, end = self.held[id]
        longer = end + length * 15 * MINUTE
        after = self.given_way(id, room, end, longer)
        try:
            overrun(self.centre, self.inside, Overrun(booking=id, end=longer))
        except Refused:
            assert after is None
        else:
            assert after is not None
            self.held = after | {id: (room, start, longer)}

    def given_way(self, id: str, room: str, end: int, longer: int) -> dict[str, tuple[str, int, int]] | None:
        """Where everybody stands when those after it have gone to the other room; None where one cannot."""
        before, (other,) = dict(self.held), {r.id for r in self.rooms.values()} - {room}
        later = [(a, key) for key, (r, a, b) in self.held.items() if r == room and key != id and a < longer + self.buffer and end < b + self.buffer]
        try:
            for _, key in sorted(later):
                _, a, b = self.held[key]
                if key in self.used or not self.free(other, a, b, key):
                    return None
                self.held[key] = (other, a, b)
            return self.held
        finally:
            self.held = before

    @rule(id=bookings)
    def end_of_tender(self, id: str) -> None:
        with self.centre.database.writing() as session:
            project = session.get_one(Project, session.get_one(Booking, id).project)
            project.stage, project.stopped_at = "terminated", "draft"
            session.commit()
        try:
            release(self.centre, SYSTEM, Release(booking=id))
        except Stale:
            assert id not in self.asked and id not in self.held
        self.asked.pop(id, None)
        self.held.pop(id, None)
        self.used.discard(id)

    @precondition(lambda self: len(self.blocked) < 3)
    @rule(number=numbers, quarter=quarters, length=lengths)
    def block(self, number: int, quarter: int, length: int) -> None:
        start, end = self.span(quarter, length)
        room = self.rooms[number].id
        inside = any(r == room and a < end and start < b for r, a, b in self.held.values())
        try:
            block(self.centre, self.house.manager, Block(room=room, start=start, end=end, reason="检修"))
        except Refused:
            assert inside
        else:
            assert not inside
            self.blocked.append((room, start, end))

    @invariant()
    def the_database_agrees_with_the_model(self) -> None:
        with self.centre.reading() as session:
            rows = {b.id: (b.room, b.from_ms, b.to_ms) for b in session.scalars(select(Booking).where(Booking.stage.in_(STANDING)))}
            blocked = sorted((b.room, b.from_ms, b.to_ms) for b in session.scalars(select(Blocking)))
        assert rows == self.held and blocked == sorted(self.blocked)
        spans = sorted((room, start, end + self.buffer) for room, start, end in rows.values())
        assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(spans))


Rooms.TestCase.settings = settings(max_examples=6, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck))
TestRooms = Rooms.TestCase
