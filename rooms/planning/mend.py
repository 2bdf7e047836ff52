"""A second look at the few sessions that wait longer than they would alone: does serving one of them first cost less? Pure."""
from collections.abc import Mapping, Sequence
from datetime import date

from kernel.values import day_of
from rooms.plan import Placed, Plan, Request
from rooms.planning.classes import House, windows
from rooms.planning.construct import assign
from rooms.planning.grid import cost

TRIES, NEAR = 32, 300  # sessions looked at, and sessions planned anew for one: what is full all over is the solver's


def mend(requests: Sequence[Request], house: House, plan: Plan, alone: Mapping[str, int]) -> Plan:
    """The dearest first; each time only the days between ready and placed are planned anew, everything else stands."""
    by_key = {r.key: r for r in requests}
    extra = {p.key: cost(by_key[p.key], p.start) - alone[p.key] for p in plan.placed}
    late = [*plan.left, *sorted((key for key, more in extra.items() if more > 0), key=lambda key: (-extra[key], key))]
    where = {p.key: p for p in plan.placed}
    for key in late[:TRIES]:
        first = by_key[key]
        until = day_of(where[key].start) if key in where else day_of(first.earliest)
        near = [r for r in requests if _meets(r, where.get(r.key), day_of(first.earliest), until)]
        if len(near) > NEAR:
            continue
        names = {r.key for r in near}
        rest = house.without(windows((p for name, p in where.items() if name not in names), house.rooms))
        made = {p.key: p for p in assign([first], rest.rooms, rest.taken, rest.calendar).placed}
        rest = rest.without(windows(made.values(), rest.rooms))
        made |= {p.key: p for p in assign([r for r in near if r.key != key], rest.rooms, rest.taken, rest.calendar).placed}
        if _price(near, made) < _price(near, where):
            where = {name: p for name, p in where.items() if name not in names} | made
    return Plan(tuple(sorted(where.values(), key=lambda p: (p.start, p.room))), tuple(sorted(set(by_key) - set(where))))


def _meets(request: Request, placed: Placed | None, first: date, last: date) -> bool:
    until = day_of(placed.start) if placed else day_of(request.earliest)
    return day_of(request.earliest) <= last and first <= until


def _price(requests: Sequence[Request], where: Mapping[str, Placed]) -> tuple[int, int, int]:
    """Green ones left out, then all left out, then weighted delay."""
    left = [r for r in requests if r.key not in where]
    return sum(r.green for r in left), len(left), sum(cost(r, where[r.key].start) for r in requests if r.key in where)
