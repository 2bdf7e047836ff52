"""How little a week's plan can cost: a linear programme over every session's possible starts. Nothing beats what it proves.

Each session takes one room's worth of every set of classes that holds all the rooms it fits, from its start to the end of
its cleaning; no set holds more at once than it has rooms. Sessions may be cut in pieces here, which no plan may do, so the
programme's least delay lies below every plan's. The solver is imported when it is needed: run it in a worker process.
"""
from collections.abc import Sequence
from math import ceil
from typing import Any

from rooms.plan import Request
from rooms.planning.classes import Alike, House, alike
from rooms.planning.grid import grid_of, nested, options


def least_delay(requests: Sequence[Request], house: House, reached: int, alone: dict[str, int]) -> int:
    """Weighted minutes that every plan placing all of these costs at least. reached: what a plan at hand costs; starts that
    alone make a plan dearer are left out. alone: what each costs by itself."""
    floor = sum(alone[r.key] for r in requests)
    if reached <= floor:
        return floor
    from ortools.linear_solver import pywraplp

    grid, groups = grid_of(requests, house), alike(house.rooms)
    sets = nested(requests, groups)
    solver = pywraplp.Solver.CreateSolver("GLOP")
    rows: dict[tuple[int, int], Any] = {}
    objective = solver.Objective()
    for request in requests:
        fitting = {n for n, group in enumerate(groups) if group.fits(request)}
        mine = [n for n, one in enumerate(sets) if fitting <= one]
        taken = request.length + min(groups[n].one.buffer_ms for n in fitting)
        once = solver.Constraint(1, 1)
        for option in options(request, groups, house, grid, reached - floor + alone[request.key]):
            share = solver.NumVar(0, solver.infinity(), "")
            objective.SetCoefficient(share, option.cost)
            once.SetCoefficient(share, 1)
            for step in range(option.start // grid.step, (option.start + taken) // grid.step):
                for n in mine:
                    if (n, step) not in rows:
                        rows[n, step] = solver.Constraint(0, _rooms(sets[n], groups, house, step * grid.step))
                    rows[n, step].SetCoefficient(share, 1)
    objective.SetMinimization()
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return floor
    return max(floor, _up(objective.Value()))


def _rooms(one: frozenset[int], groups: Sequence[Alike], house: House, moment: int) -> int:
    """Rooms of these classes that nothing has taken at that moment."""
    rooms = [room for n in one for room in groups[n].rooms]
    return sum(not any(a <= moment < b for a, b in house.taken.get(room.id, ())) for room in rooms)


def _up(value: float) -> int:
    """The next whole minute, since every cost is one; what the solver's floating point is unsure of is not claimed."""
    return ceil(value * (1 - 1e-7) - 1e-6)
