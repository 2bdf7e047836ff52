"""Any order of booking, holding, waiting, offering, moving, overrunning, ending, blocking and releasing keeps one room, one session, with its
cleaning, and nobody passes who stands in line."""
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule
from sqlalchemy import select

from evaluation.records import Session
from kernel.command import SYSTEM, Actor
from kernel.errors import Refused, Stale
from kernel.values import MINUTE, new_id
from rooms.block import Block, block
from rooms.book import Book, Slot, book
from rooms.hold import Hold, hold
from rooms.keep_apart import KeepApart, keep_apart
from rooms.move import Move, move
from rooms.offer import Offer, offer
from rooms.overrun import Overrun, overrun
from rooms.records import STANDING, Blocking, Booking
from rooms.release import Release, release
from rooms.wait import Wait, wait
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
        self.apart: set[frozenset[str]] = set()  # pairs of bookings whose tenders are kept apart; both rooms lie on one corridor
        self.line: list[str] = []  # asked bookings that wait, in their order
        self.kept: set[str] = set()  # asked bookings whose slot is kept for them

    def teardown(self) -> None:
        self.centre.close()
        shutil.rmtree(self.home)

    def free(self, room: str, start: int, end: int, but: str = "") -> bool:
        standing = self.held | {id: self.asked[id] for id in self.kept}
        clear = all((r != room and frozenset((id, but)) not in self.apart) or end + self.buffer <= a or b + self.buffer <= start for id, (r, a, b) in standing.items() if id != but)
        return clear and all(r != room or end <= a or b <= start for r, a, b in self.blocked)

    def passes(self, room: str, start: int, end: int, id: str) -> bool:
        """Would it pass somebody in line who finds the same time free?"""
        before = self.line[:self.line.index(id)] if id in self.line and self.asked[id] == (room, start, end) else self.line
        meeting = [other for other in before if other != id and self.asked[other][0] == room
                   and self.asked[other][1] < end + self.buffer and start < self.asked[other][2] + self.buffer]
        return any(self.free(*self.asked[other], other) for other in meeting)

    def gone(self, id: str) -> None:
        """It has left the line."""
        self.line = [other for other in self.line if other != id]
        self.kept.discard(id)

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
            assert not self.free(*self.asked[id], id) or self.passes(*self.asked[id], id)
        else:
            assert self.free(*self.asked[id], id) and not self.passes(*self.asked[id], id)
            self.gone(id)
            self.held[id] = self.asked.pop(id)

    @rule(id=bookings)
    def wait(self, id: str) -> None:
        try:
            wait(self.centre, self.house.agent, Wait(booking=id))
        except Stale:
            assert id not in self.asked or id in self.line
        except Refused:
            assert self.free(*self.asked[id], id) and not self.passes_elsewhere(id, *self.asked[id])
        else:
            assert not self.free(*self.asked[id], id) or self.passes_elsewhere(id, *self.asked[id])
            self.line.append(id)

    @rule(id=bookings)
    def offer(self, id: str) -> None:
        try:
            offer(self.centre, SYSTEM, Offer(booking=id))
        except Stale:
            assert id not in self.asked
        except Refused:
            assert id not in self.line or not self.free(*self.asked[id], id) or self.passes(*self.asked[id], id)
        else:
            assert id in self.line and self.free(*self.asked[id], id) and not self.passes(*self.asked[id], id)
            self.gone(id)
            self.kept.add(id)

    @rule(id=bookings, number=numbers, quarter=quarters, length=lengths)
    def move(self, id: str, number: int, quarter: int, length: int) -> None:
        start, end = self.span(quarter, length)
        room = self.rooms[number].id
        try:
            move(self.centre, self.house.agent, Move(booking=id, to=Slot(kind="evaluation", start=start, end=end, seats=SEATS, room=room)))
        except Stale:
            assert id not in self.asked and (id not in self.held or id in self.used)
        except Refused:
            assert id not in self.used and (not self.free(room, start, end, id) or self.passes_elsewhere(id, room, start, end))
        else:
            assert id not in self.used and self.free(room, start, end, id) and not self.passes_elsewhere(id, room, start, end)
            self.gone(id)
            (self.held if id in self.held else self.asked)[id] = (room, start, end)

    def passes_elsewhere(self, id: str, room: str, start: int, end: int) -> bool:
        """Whoever moves has no place in the line for where it goes."""
        line = self.line
        try:
            self.line = [other for other in line if other != id]
            return self.passes(room, start, end, id)
        finally:
            self.line = line

    @rule(one=bookings, two=bookings, apart=st.booleans())
    def keep_apart(self, one: str, two: str, apart: bool) -> None:
        with self.centre.reading() as session:
            booking, other = session.get_one(Booking, one), session.get_one(Booking, two).project
        places = [self.held[id] for id in (one, two) if id in self.held]
        meet = len(places) == 2 and places[0][1] < places[1][2] + self.buffer and places[1][1] < places[0][2] + self.buffer
        try:
            keep_apart(self.centre, self.house.agent, KeepApart(booking=one, other=other, reason="竞争", apart=apart))
        except Stale:
            assert booking.stage == "released"
        except Refused:
            assert one == two or (apart and meet)
        else:
            assert one != two and not (apart and meet)
            (self.apart.add if apart else self.apart.discard)(frozenset((one, two)))

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
            self.asked |= {key: place for key, place in after.items() if key in self.kept}
            self.held = {key: place for key, place in after.items() if key not in self.kept} | {id: (room, start, longer)}

    def given_way(self, id: str, room: str, end: int, longer: int) -> dict[str, tuple[str, int, int]] | None:
        """Where everybody stands when those after it have gone to the other room; None where one cannot."""
        standing = self.held | {key: self.asked[key] for key in self.kept}
        before, (other,) = (dict(self.held), dict(self.asked)), {r.id for r in self.rooms.values()} - {room}
        later = [(key in self.kept, a, key) for key, (r, a, b) in standing.items() if r == room and key != id and a < longer + self.buffer and end < b + self.buffer]
        try:
            for _, a, key in sorted(later):
                b = standing[key][2]
                if key in self.used or not self.free(other, a, b, key):
                    return None
                (self.asked if key in self.kept else self.held)[key] = standing[key] = (other, a, b)
            return standing
        finally:
            self.held, self.asked = before

    @precondition(lambda self: self.used)
    @rule(data=st.data())
    def end_of_use(self, data: st.DataObject) -> None:
        """The committee has sealed its report: the room comes free before its booked end."""
        id = data.draw(st.sampled_from(sorted(self.used)))
        with self.centre.database.writing() as session:
            project = session.get_one(Booking, id).project
            session.add(Session(id=new_id(), project=project, code="0000", booking=id, stage="sealed", starts=0, hours=1, tie_commit="", chair="", halted="", halted_by="",
                                outcome="", totals_digest="", report_blob="", report_digest="", sealed_blob="", sealed_digest=""))
            session.commit()
        assert release(self.centre, SYSTEM, Release(booking=id)).cause == "over"
        self.held.pop(id)
        self.used.discard(id)

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
        self.gone(id)
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
            waiting = list(session.scalars(select(Booking).where(Booking.waits.is_not(None)).order_by(Booking.waits, Booking.id)))
        assert rows == self.held and blocked == sorted(self.blocked)
        assert {b.id for b in waiting if b.offered is None} == set(self.line) and {b.id for b in waiting if b.offered} == self.kept
        spans = sorted((room, start, end + self.buffer) for room, start, end in (*rows.values(), *(self.asked[id] for id in self.kept)))
        assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(spans))


Rooms.TestCase.settings = settings(max_examples=6, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck))
TestRooms = Rooms.TestCase
