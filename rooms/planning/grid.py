"""Time in steps instead of milliseconds, and how many rooms there are in each step: what both proofs are made of. Pure."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd

from kernel.values import MINUTE
from rooms.plan import Request
from rooms.planning.classes import Alike, House, starts_within
from rooms.planning.construct import days_of, last_start


@dataclass(frozen=True)
class Option:
    """One start of one session: when, and what its delay costs in weighted minutes."""

    start: int
    cost: int


@dataclass(frozen=True)
class Grid:
    """step in ms. A best plan has every start at a multiple of it: sessions begin when they are ready, when a room opens,
    or when another session and its cleaning are over."""

    step: int

    def up(self, at: int) -> int:
        return -(-at // self.step) * self.step


def grid_of(requests: Sequence[Request], house: House) -> Grid:
    """The greatest step that every moment of the instance is a multiple of, a minute at the least."""
    marks = [moment for r in requests for moment in (r.earliest, r.length)]
    marks += [room.buffer_ms for room in house.rooms]
    marks += [edge * MINUTE for room in house.rooms for span in (*room.hours.values(), room.late) for edge in span]
    marks += [moment for spans in house.taken.values() for span in spans for moment in span]
    return Grid(max(MINUTE, reduce(gcd, marks, 24 * 60 * MINUTE)))


def options(request: Request, groups: Iterable[Alike], house: House, grid: Grid, dearest: int) -> list[Option]:
    """Every start inside the open hours of a fitting room that costs at most `dearest`."""
    found: set[int] = set()
    spaces = [group.one for group in groups if group.fits(request)]
    for day in days_of([request]):
        for span in {starts_within(space, day, house.calendar, request.extended) for space in spaces}:
            if span is None:
                continue
            first = grid.up(max(span[0], request.earliest))
            for start in range(first, min(span[1] - request.length, last_start(request)) + 1, grid.step):
                if cost(request, start) > dearest:
                    break
                found.add(start)
    return [Option(start, cost(request, start)) for start in sorted(found)]


def cost(request: Request, start: int) -> int:
    return request.weight * (start - request.earliest) // MINUTE


def nested(requests: Iterable[Request], groups: Sequence[Alike]) -> list[frozenset[int]]:
    """Sets of classes, by number, that some session is confined to: each of them is a row of capacities."""
    sets = {frozenset(n for n, group in enumerate(groups) if group.fits(request)) for request in requests}
    return sorted((one for one in sets if one), key=lambda one: (len(one), sorted(one)))
