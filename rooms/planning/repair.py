"""What changes when the day does: a closure, an overrun, a cancellation, somebody who still waits. Pure.

The time of a session stays where any room can be had for it, because people have been called for it; a published booking
gives way only for one that would otherwise find no room then, and no more than three of them do for everything together.
"""
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kernel.values import DAY
from law.periods import Calendar
from rooms.plan import LONGEST, Request, Space, Span, earliest, inside_hours, merged

OTHERS = 3  # published bookings that may give way


@dataclass(frozen=True)
class Stand:
    """A booking as it stands, or is wanted (room empty). request.earliest is its start; latest: to when it may be put off.

    pinned: neither room nor time may change · waiting: it is asked for that room and keeps nobody out of it yet; pinned as
    well, it gets that room or none."""

    request: Request
    room: str
    pinned: bool = False
    waiting: bool = False

    @property
    def key(self) -> str:
        return self.request.key

    @property
    def end(self) -> int:
        return self.request.earliest + self.request.length


@dataclass(frozen=True)
class Change:
    """One booking goes from where it stood (room empty: nowhere yet) to room and start. made_way: for whom; empty: for itself."""

    key: str
    room: str
    start: int
    to: str
    to_start: int
    made_way: str = ""


@dataclass(frozen=True)
class Repair:
    """changes in an order in which each finds its room free · stuck: keys for which there is no room on these terms, pinned ones
    in a closed room or on a corridor they keep off among them."""

    changes: tuple[Change, ...]
    stuck: tuple[str, ...]

    @property
    def others(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.made_way)


def repair(stands: Iterable[Stand], rooms: Iterable[Space], taken: Mapping[str, Iterable[Span]], calendar: Calendar) -> Repair:
    """taken: closures. Sessions that are none of this are pinned ones. Served first is who is green, then who may not be put
    off, then the longest; among bookings that collide the one that begins first stays."""
    board = _Board(rooms, taken, calendar)
    homeless: list[Stand] = []
    stuck: list[str] = []
    for stand in sorted(stands, key=lambda s: (s.waiting, not s.pinned, s.request.earliest, s.key)):
        if (stand.pinned and not stand.waiting) or board.free(stand, stand.room):
            board.put(stand, stand.room)
            stuck += [stand.key] if board.shut(stand, stand.room) or board.wrong(stand, stand.room) else []
        elif stand.pinned:
            stuck.append(stand.key)
        else:
            homeless.append(stand)
    for stand in homeless:
        board.haunt(stand)
    changes: list[Change] = []
    for stand in sorted(homeless, key=lambda s: (not s.request.green, not s.request.fixed, -s.request.length, s.key)):
        found = board.place(stand, OTHERS - sum(bool(change.made_way) for change in changes))
        if found is None:
            stuck.append(stand.key)
        changes += found or ()
    return Repair(tuple(changes), tuple(stuck))


class _Board:
    """Who stands where: room → (start, end with cleaning, whose), in order. Whoever has no name in `stands` stays: who has been
    placed already, and the old place of one who still has to leave it, so that moves can be made one after another."""

    def __init__(self, rooms: Iterable[Space], taken: Mapping[str, Iterable[Span]], calendar: Calendar) -> None:
        several = sorted(rooms, key=lambda r: (r.seats, len(r.equipment)))  # of equal ones the first given is taken first
        self.spaces = {room.id: room for room in several}
        self.gone = {room.id: merged(taken.get(room.id, ())) for room in several}
        self.lines: dict[str, list[tuple[int, int, str]]] = {room.id: [] for room in several}
        self.stands: dict[str, Stand] = {}
        self.calendar = calendar

    def line(self, stand: Stand, room: str) -> tuple[int, int, str]:
        return stand.request.earliest, stand.end + self.spaces[room].buffer_ms, stand.key

    def put(self, stand: Stand, room: str) -> None:
        insort(self.lines[room], self.line(stand, room))
        if not stand.pinned:
            self.stands[stand.key] = replace(stand, room=room)

    def haunt(self, stand: Stand) -> None:
        """Until it has left, nobody else can have its place."""
        if stand.room and not stand.waiting:
            insort(self.lines[stand.room], self.line(stand, stand.room))

    def leave(self, stand: Stand) -> None:
        if stand.key in self.stands or (stand.room and not stand.waiting):
            self.lines[stand.room].remove(self.line(stand, stand.room))
        self.stands.pop(stand.key, None)

    def holds(self, stand: Stand, room: str) -> bool:
        """Would the room do, were nobody in it?"""
        space, request = self.spaces[room], stand.request
        fits = space.fits(request.kind, request.seats, request.wishes) and not self.shut(stand, room)
        return fits and inside_hours(space, request.earliest, stand.end, self.calendar, request.extended)

    def shut(self, stand: Stand, room: str) -> bool:
        return any(a < stand.end and stand.request.earliest < b for a, b in self.gone[room])

    def wrong(self, stand: Stand, room: str) -> bool:
        """Does it stand where the room is none for it, as on a corridor that it has come to have to keep off?"""
        return not self.spaces[room].fits(stand.request.kind, stand.request.seats, stand.request.wishes)

    def free(self, stand: Stand, room: str) -> bool:
        return room in self.spaces and self.holds(stand, room) and not self.inside(stand, room)

    def inside(self, stand: Stand, room: str) -> list[str]:
        """Whose sessions are in the way, cleaning included."""
        start, end, _ = self.line(stand, room)
        at = bisect_left(self.lines[room], (start - LONGEST - DAY,))
        found = []
        while at < len(self.lines[room]) and self.lines[room][at][0] < end:
            if self.lines[room][at][1] > start:
                found.append(self.lines[room][at][2])
            at += 1
        return found

    def place(self, stand: Stand, others: int) -> list[Change] | None:
        """At its own time, with as few others giving way as can be; then later, and nobody does."""
        for most in range(others + 1):
            found = self._settle(stand, most, "", frozenset((stand.key,)))
            if found is not None:
                for change in found:
                    self.stands.pop(change.key)
                return found
        return self._later(stand)

    def _settle(self, stand: Stand, most: int, way: str, fixed: frozenset[str]) -> list[Change] | None:
        """most: how many others may give way. Leaves the board as it was where it answers None."""
        for room in self.spaces:
            if room == stand.room or not self.holds(stand, room):
                continue
            blocking = self.inside(stand, room)
            if len(blocking) > most or any(key in fixed or key not in self.stands for key in blocking):
                continue
            place = self.line(stand, room)
            insort(self.lines[room], place)  # kept for it while others look for theirs
            changes = self._make_way([self.stands[key] for key in blocking], most - len(blocking), stand.key, fixed | {*blocking})
            self.lines[room].remove(place)
            if changes is not None:
                self.leave(stand)
                self.put(stand, room)
                return [*changes, Change(stand.key, stand.room, stand.request.earliest, room, stand.request.earliest, way)]
        return None

    def _make_way(self, moved: Sequence[Stand], spare: int, way: str, fixed: frozenset[str]) -> list[Change] | None:
        changes: list[Change] = []
        for other in moved:
            found = self._settle(other, spare, way, fixed)
            if found is None:
                for change in reversed(changes):
                    back = self.stands[change.key]
                    self.leave(back)
                    self.put(back, change.room)
                return None
            spare -= len(found) - 1
            changes += found
        return changes

    def _later(self, stand: Stand) -> list[Change] | None:
        """The soonest start after its own in any room, the smallest of equal ones."""
        best: tuple[int, str] | None = None
        self.leave(stand)
        for room, space in self.spaces.items():
            if space.fits(stand.request.kind, stand.request.seats, stand.request.wishes):
                busy = merged([*self.gone[room], *((start, end) for start, end, _ in self.lines[room])])
                start = earliest(space, busy, stand.request, self.calendar)
                if start is not None and (best is None or start < best[0]):
                    best = start, room
        if best is None:
            self.haunt(stand)
            return None
        start, room = best
        moved = replace(stand, request=replace(stand.request, earliest=start), pinned=True)
        self.put(moved, room)
        return [Change(stand.key, stand.room, stand.request.earliest, room, start)]
