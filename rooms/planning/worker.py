"""The best plan of a day or a week with the proof of how good it is, made in a process of its own.

The solver costs two seconds and a hundred megabytes to import, which no server pays: a process begins, solves and ends.
Where the plan made event by event reaches what every session costs alone, it is proven already and no process begins.
"""
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context

from kernel.values import day_of
from rooms.plan import Placed, Plan, Request
from rooms.planning.bound import least_delay
from rooms.planning.classes import House, windows
from rooms.planning.construct import last_start
from rooms.planning.exact import improve, improve_by_days
from rooms.planning.grid import cost
from rooms.planning.sessions import Schedule, Session, construct, delay, placed, ready, unavoidable

EFFORT, ROUNDS = 0.5, 3  # steps of the solver for one day, rounds over the days


@dataclass(frozen=True)
class Proven:
    """refused, delay: what the schedule costs · least_refused, least_delay: what any would. The delay, in weighted minutes, is
    that of the evaluations after the openings of this schedule."""

    schedule: Schedule
    refused: int
    least_refused: int
    delay: int
    least_delay: int


def best(sessions: Sequence[Session], house: House) -> Proven:
    """The same sessions, in whatever order, give the same schedule on every machine."""
    sessions = sorted(sessions, key=lambda s: s.key)
    schedule = construct(sessions, house)
    evaluations = ready(sessions, schedule.openings)
    reached, floor = delay(evaluations, schedule.evaluations.placed), sum(unavoidable(evaluations, house).values())
    if not schedule.refused and not schedule.waiting and reached == floor:
        return Proven(schedule, 0, 0, reached, floor)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(solved, tuple(sessions), house, schedule).result()


def solved(sessions: Sequence[Session], house: House, schedule: Schedule) -> Proven:
    """What the process does. Evaluations that find no room within their latest start do not count for the delay."""
    asked = [s.opening for s in sessions if s.opening]
    openings = improve(asked, house, schedule.openings, {r.key: cost(r, r.latest) for r in asked}, EFFORT)
    evaluations = ready(sessions, openings.plan)
    plan = schedule.evaluations if openings.plan == schedule.openings else placed(evaluations, house)
    alone, least = unavoidable(evaluations, house), 0
    for part in troubled(evaluations, plan, alone):
        names = {r.key for r in part}
        before = Plan(tuple(p for p in plan.placed if p.key in names), tuple(key for key in plan.left if key in names))
        others = [p for p in plan.placed if p.key not in names]
        spare, free = delay(part, before.placed) - sum(alone[key] for key in names), house.without(windows(others, house.rooms))
        after = improve_by_days(part, free, before, {key: spare + alone[key] for key in names}, EFFORT, ROUNDS)
        counted = [r for r in part if r.key not in after.left]
        least += least_delay(counted, house, delay(counted, after.placed), alone) - sum(alone[r.key] for r in counted)
        plan = joined(others, after.placed, [key for key in plan.left if key not in names], after.left)
    least += sum(alone[p.key] for p in plan.placed)
    return Proven(Schedule(openings.plan, plan), len(openings.plan.left), openings.left, delay(evaluations, plan.placed), least)


def troubled(requests: Sequence[Request], plan: Plan, alone: Mapping[str, int]) -> list[list[Request]]:
    """Lists of sessions around those that cost more than they would alone, from the day one is ready to the day it is placed.
    The bounds of the lists add up, for every session is in one of them at most."""
    where = {p.key: p for p in plan.placed}
    spans = {r.key: (day_of(r.earliest), day_of(where[r.key].start if r.key in where else last_start(r))) for r in requests}
    hard = sorted(spans[r.key] for r in requests if r.key not in where or cost(r, where[r.key].start) > alone[r.key])
    stretches: list[tuple[date, date]] = []
    for first, last in hard:
        if stretches and first <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(last, stretches[-1][1]))
        else:
            stretches.append((first, last))
    found: list[list[Request]] = []
    done: set[str] = set()
    for first, last in stretches:
        found.append([r for r in requests if r.key not in done and spans[r.key][0] <= last and first <= spans[r.key][1]])
        done.update(r.key for r in found[-1])
    return found


def joined(some: Iterable[Placed], more: Iterable[Placed], left: Iterable[str], also: Iterable[str]) -> Plan:
    return Plan(tuple(sorted((*some, *more), key=lambda p: (p.start, p.room))), tuple(sorted((*left, *also))))
