"""A session is an opening and the evaluation after it; a schedule says where both go and what waiting costs. Pure."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rooms.plan import Placed, Plan, Request, Space
from rooms.planning.classes import House, alike, starts_within
from rooms.planning.construct import assign, days_of
from rooms.planning.grid import cost
from rooms.planning.mend import mend


@dataclass(frozen=True)
class Session:
    """One tender's day: either need may be missing. evaluation.earliest is meant for an opening that begins at its own
    earliest start; a later opening moves it by as much."""

    key: str
    opening: Request | None
    evaluation: Request | None


@dataclass(frozen=True)
class Schedule:
    """refused: sessions whose opening finds no room · waiting: those whose evaluation finds none within its latest start."""

    openings: Plan
    evaluations: Plan

    @property
    def refused(self) -> tuple[str, ...]:
        return self.openings.left

    @property
    def waiting(self) -> tuple[str, ...]:
        return self.evaluations.left


def construct(sessions: Iterable[Session], house: House) -> Schedule:
    """Openings first, because their hour is published; then evaluations, each from the moment its opening is over."""
    several = list(sessions)
    openings = placed([s.opening for s in several if s.opening], house)
    return Schedule(openings, placed(ready(several, openings), house))


def placed(requests: Sequence[Request], house: House) -> Plan:
    plan = assign(requests, house.rooms, house.taken, house.calendar)
    return mend(requests, house, plan, unavoidable(requests, house))


def ready(sessions: Iterable[Session], openings: Plan) -> list[Request]:
    """The evaluations that take place, each not before its opening's real end."""
    starts = {one.key: one.start for one in openings.placed}
    found = []
    for session in sessions:
        if session.evaluation is None or (session.opening is not None and session.key not in starts):
            continue
        shift = starts[session.key] - session.opening.earliest if session.opening else 0
        found.append(replace(session.evaluation, earliest=session.evaluation.earliest + shift))
    return found


def delay(requests: Iterable[Request], placed: Iterable[Placed]) -> int:
    """Weighted minutes between the moment a session was ready and its start."""
    by_key = {request.key: request for request in requests}
    return sum(cost(by_key[one.key], one.start) for one in placed)


def unavoidable(requests: Iterable[Request], house: House) -> dict[str, int]:
    """Key → weighted minutes of delay that a session has alone in an empty house: nights, weekends, hours that do not hold it.

    Their sum is a bound from below for any plan that places these sessions; a plan that reaches it is the best there is.
    """
    groups, found = alike(house.rooms), {}
    for request in requests:
        spaces = [group.one for group in groups if group.fits(request)]
        found[request.key] = cost(request, _first(request, spaces, house))
    return found


def _first(request: Request, spaces: Sequence[Space], house: House) -> int:
    for day in days_of([request]):
        spans = (starts_within(space, day, house.calendar, request.extended) for space in spaces)
        starts = [max(span[0], request.earliest) for span in spans if span and max(span[0], request.earliest) + request.length <= span[1]]
        if starts and min(starts) <= request.latest:
            return min(starts)
    return request.earliest
