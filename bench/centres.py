"""Generated work of a centre: years and peak weeks of sessions, from a seed, for anybody to repeat.

Openings begin at the hours at which centres open bids, most of them at nine and at two, and last three quarters of an hour
to two hours; their start is published and does not move. An evaluation is ready half an hour after its opening and takes
two to eight hours; one in seven may use the late hours; one session in thirty goes through the green channel.
"""
import random
from datetime import date, timedelta

from kernel.values import DAY, HOUR, MINUTE, instant
from rooms.plan import Request, Space
from rooms.planning.classes import House
from rooms.planning.sessions import Session

MONDAY = date(2026, 3, 2)
WEEK = {day: (8 * 60, 18 * 60) for day in range(1, 6)}
LATE = (6 * 60, 24 * 60)
OPENING = ((30, 6), (60, 4), (120, 2))  # seats, rooms
EVALUATION = ((9, 9), (13, 4), (21, 2))
HOURS = ((540, 30), (570, 15), (600, 12), (630, 5), (810, 6), (840, 20), (870, 8), (900, 4))  # minutes after midnight, share
OPENING_SEATS = ((20, 66), (45, 28), (100, 6))
COMMITTEES = ((7, 70), (11, 22), (17, 8))


def house(times: int = 1) -> House:
    """Twelve rooms for openings and fifteen for evaluations in three classes each, `times` over."""
    rooms = [Space(f"o{seats}-{n:04}", "opening", seats, WEEK, LATE, 15 * MINUTE) for seats, count in OPENING for n in range(count * times)]
    rooms += [Space(f"e{seats}-{n:04}", "evaluation", seats, WEEK, LATE, 30 * MINUTE) for seats, count in EVALUATION for n in range(count * times)]
    return House(tuple(rooms), {}, {})


def sessions(days: list[date], count: int, seed: int) -> list[Session]:
    """`count` sessions on these days, no day twice as likely as another except the last tenth of them."""
    dice = random.Random(seed)
    busy = [1] * len(days)
    for n in range(len(days) - len(days) // 10, len(days)):
        busy[n] = 2
    found = []
    for n, day in enumerate(sorted(dice.choices(days, busy, k=count))):
        start = instant(day) + _one(dice, HOURS) * MINUTE
        length = dice.randrange(3, 9) * 15 * MINUTE
        ready = start + length + 30 * MINUTE
        weight, green = dice.randrange(1, 6), dice.randrange(30) == 0
        key = f"s{n:06}"
        found.append(Session(
            key, Request(key, "opening", _one(dice, OPENING_SEATS), start, start, length, weight=weight, green=green),
            Request(key, "evaluation", _one(dice, COMMITTEES), ready, ready + 14 * DAY, dice.randrange(4, 17) * HOUR // 2,
                    dice.randrange(7) == 0, weight=weight, green=green)))
    return found


def year(count: int, seed: int = 1) -> list[Session]:
    """A year of fifty weeks of five days."""
    return sessions([MONDAY + timedelta(weeks=week, days=day) for week in range(50) for day in range(5)], count, seed)


def peak_week(count: int, seed: int = 1) -> list[Session]:
    return sessions([MONDAY + timedelta(days=day) for day in range(5)], count, seed)


def _one(dice: random.Random, shares: tuple[tuple[int, int], ...]) -> int:
    return dice.choices([value for value, _ in shares], [share for _, share in shares])[0]
