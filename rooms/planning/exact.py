"""Better than one event after another: CP-SAT over classes of rooms, begun from a plan at hand and never worse than it.

A session has one optional interval for each class of rooms that it fits; a class holds as many at once as it has rooms, so
that rooms are dealt out afterwards, in the order of starts. Rooms that hold something already are classes of their own.
Deterministic: one worker, a fixed seed, and effort counted in steps of the solver and not in seconds. The solver is
imported when it is needed: run it in a worker process.
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from kernel.values import MINUTE, day_of
from rooms.plan import Placed, Plan, Request, inside_hours
from rooms.planning.classes import Alike, House, alike
from rooms.planning.construct import last_start
from rooms.planning.grid import Grid, grid_of, options
from rooms.planning.sessions import delay

SEED = 20260101


@dataclass(frozen=True)
class Improved:
    """left: how many sessions every plan leaves out at the least, of plans that leave out as few green ones as can be."""

    plan: Plan
    left: int
    proven: bool


def improve(requests: Sequence[Request], house: House, plan: Plan, spare: Mapping[str, int], effort: float) -> Improved:
    """A plan no worse than the one at hand: fewer green ones left out, then fewer at all, then less weighted delay.

    spare: key → weighted minutes its delay may cost. Days that share no session are solved by themselves.
    """
    placed: list[Placed] = []
    missed: list[str] = []
    least, proven = 0, True
    where = {one.key: one for one in plan.placed}
    for part in separate(requests):
        keys = {r.key for r in part}
        hint = Plan(tuple(p for p in plan.placed if p.key in keys), tuple(key for key in plan.left if key in keys))
        if all(r.key in where and where[r.key].start == r.earliest for r in part):
            found = Improved(hint, 0, True)
        else:
            found = _Model(part, house, spare, {}).solve(hint, effort)
        placed += found.plan.placed
        missed += found.plan.left
        least, proven = least + found.left, proven and found.proven
    return Improved(Plan(tuple(sorted(placed, key=lambda p: (p.start, p.room))), tuple(sorted(missed))), least, proven)


def improve_by_days(requests: Sequence[Request], house: House, plan: Plan, spare: Mapping[str, int], effort: float, rounds: int) -> Plan:
    """For weeks that are too full for one model: day after day is solved anew while the rest of the plan stands still,
    round after round until one changes nothing."""
    days = sorted({day_of(r.earliest) for r in requests})
    for _ in range(rounds):
        before = plan
        for day in days:
            where = {p.key: p for p in plan.placed}
            moving = {r.key for r in requests if r.key not in where or day_of(r.earliest) == day or day_of(where[r.key].start) == day}
            held = {key: one for key, one in where.items() if key not in moving}
            plan = _Model(requests, house, spare, held).solve(plan, effort).plan
        if delay(requests, plan.placed) == delay(requests, before.placed) and len(plan.left) == len(before.left):
            break
    return plan


def separate(requests: Iterable[Request]) -> list[list[Request]]:
    """Lists of sessions of which no two lists can meet on one day."""
    found: list[list[Request]] = []
    until = 0
    for request in sorted(requests, key=lambda r: (r.earliest, r.key)):
        if not found or day_of(request.earliest) > day_of(until):
            found.append([])
        found[-1].append(request)
        until = max(until, last_start(request)) if len(found[-1]) > 1 else last_start(request)
    return found


def apart(house: House) -> tuple[Alike, ...]:
    """Classes of rooms, each room with something in it by itself."""
    used = {room for room, spans in house.taken.items() if spans}
    return (*alike(r for r in house.rooms if r.id not in used), *(Alike((r,)) for r in sorted(house.rooms, key=lambda r: (r.seats, r.id)) if r.id in used))


class _Model:
    """held: sessions that stay where they are."""

    def __init__(self, requests: Sequence[Request], house: House, spare: Mapping[str, int], held: Mapping[str, Placed]) -> None:
        from ortools.sat.python import cp_model

        self.cp, self.requests, self.house, self.held = cp_model, requests, house, held
        kinds = {r.kind for r in requests}
        self.groups = tuple(g for g in apart(house) if g.one.kind in kinds)
        self.grid: Grid = grid_of(requests, house)
        self.model = cp_model.CpModel()
        self.starts: dict[str, Any] = {}
        self.chosen: dict[tuple[str, int], Any] = {}
        self.left: dict[str, Any] = {}
        self.values: dict[str, list[int]] = {}
        for request in requests:
            self._session(request, spare[request.key])
        for n in range(len(self.groups)):
            self._capacity(n)

    def _session(self, request: Request, spare: int) -> None:
        model, step, key = self.model, self.grid.step, request.key
        still = self.held.get(key)
        starts = [still.start // step] if still else [o.start // step for o in options(request, self.groups, self.house, self.grid, spare)]
        self.left[key], self.values[key] = model.new_bool_var(""), starts
        if not starts:
            model.add(self.left[key] == 1)
            return
        self.starts[key] = model.new_int_var_from_domain(self.cp.Domain.FromValues(starts), "")
        literals = []
        for n, group in enumerate(self.groups):
            if still.room in {room.id for room in group.rooms} if still else group.fits(request):
                here = self.chosen[key, n] = model.new_bool_var("")
                literals.append(here)
        model.add_exactly_one([*literals, self.left[key]])

    def _capacity(self, n: int) -> None:
        """As many at once as there are rooms. Where every start is known, each start is a row of its own: a far tighter one."""
        group, step = self.groups[n], self.grid.step
        mine = [(r, self.chosen[r.key, n]) for r in self.requests if (r.key, n) in self.chosen]
        sizes = {r.key: -(-(r.length + group.one.buffer_ms) // step) for r, _ in mine}
        gone = [(a // step, -(-b // step)) for room in group.rooms for a, b in self.house.taken.get(room.id, ())]
        if all(len(self.values[r.key]) == 1 for r, _ in mine):
            for at in {self.values[r.key][0] for r, _ in mine} | {a for a, _ in gone}:
                here = [chosen for r, chosen in mine if self.values[r.key][0] <= at < self.values[r.key][0] + sizes[r.key]]
                self.model.add(sum(here) <= len(group.rooms) - sum(a <= at < b for a, b in gone))
            return
        inside = [self.model.new_optional_fixed_size_interval_var(self.starts[r.key], sizes[r.key], chosen, "") for r, chosen in mine]
        inside += [self.model.new_fixed_size_interval_var(a, b - a, "") for a, b in gone]
        self.model.add_cumulative(inside, [1] * len(inside), len(group.rooms))

    def solve(self, hint: Plan, effort: float) -> Improved:
        self._hint(hint)
        dearest = 1 + sum(max((self._cost(r, at) for at in self.values[r.key]), default=0) + r.weight for r in self.requests)
        greenest = dearest * (1 + len(self.requests))
        terms = [self.left[r.key] * (r.weight + dearest + greenest * r.green) for r in self.requests]
        terms += [self._cost(r, self.starts[r.key]) for r in self.requests if r.key in self.starts and not r.fixed]
        self.model.minimize(sum(terms))
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = SEED
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return Improved(hint, 0, False)
        bound = max(0, round(solver.best_objective_bound))
        return Improved(self._read(solver), bound % greenest // dearest, status == self.cp.OPTIMAL)

    def _cost(self, request: Request, start: Any) -> Any:
        return (start - request.earliest // self.grid.step) * (request.weight * (self.grid.step // MINUTE))

    def _hint(self, plan: Plan) -> None:
        by_room = {room.id: n for n, group in enumerate(self.groups) for room in group.rooms}
        where = {p.key: p for p in plan.placed}
        for key, start in self.starts.items():
            self.model.add_hint(self.left[key], key not in where)
            self.model.add_hint(start, where[key].start // self.grid.step if key in where else self.values[key][0])
        for (key, n), here in self.chosen.items():
            self.model.add_hint(here, key in where and by_room[where[key].room] == n)

    def _read(self, solver: Any) -> Plan:
        placed: list[Placed] = []
        for n, group in enumerate(self.groups):
            mine = [(solver.value(self.starts[r.key]) * self.grid.step, r) for r in self.requests if (r.key, n) in self.chosen and solver.value(self.chosen[r.key, n])]
            placed += self._deal(mine, group)
        done = {p.key for p in placed}
        return Plan(tuple(placed), tuple(r.key for r in self.requests if r.key not in done))

    def _deal(self, mine: list[tuple[int, Request]], group: Alike) -> list[Placed]:
        """Rooms of one class in the order of starts: whichever has been free longest."""
        free = [(0, room.id) for room in group.rooms]
        placed = []
        for start, request in sorted(mine, key=lambda one: (one[0], one[1].key)):
            _, room = heappop(free)
            end = start + request.length
            heappush(free, (end + group.one.buffer_ms, room))
            placed.append(Placed(request.key, room, start, end, not inside_hours(group.one, start, end, self.house.calendar, False)))
        return placed
