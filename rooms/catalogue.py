"""The rooms of a district centre of the usual size: 12 for openings, 15 for evaluations, in three size classes each.

Sizes come in classes, so that a room says little about the tender inside it (secrecy.md S17).
"""
from kernel.centre import Centre
from kernel.command import Actor
from rooms.furnish import Furnish, Furniture, furnish
from rooms.records import Room

WEEK = {day: (8 * 60, 18 * 60) for day in range(1, 6)}
DIGITS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五")
OPENING_SEATS = (30,) * 6 + (60,) * 4 + (120,) * 2
EVALUATION_SEATS = (9,) * 9 + (13,) * 4 + (21,) * 2
WINGS = ("东廊", "西廊", "东廊", "西廊")  # four doors each, two corridors a floor
OPENING = ("projector", "recording", "screen")
EVALUATION = ("lockers", "recording", "screen", "terminals")


def rooms() -> tuple[Furniture, ...]:
    """The 27 rooms as `rooms.furnish` takes them."""
    opening = tuple(
        Furniture(kind="opening", number=n, name=f"开标{DIGITS[n - 1]}室", name_en=f"Opening Room {n}", seats=seats, equipment=OPENING,
                  floor=1 + (n > 6), zone="开标区", hours=WEEK, buffer=15)
        for n, seats in enumerate(OPENING_SEATS, 1)
    )
    evaluation = tuple(
        Furniture(kind="evaluation", number=n, name=f"评标{DIGITS[n - 1]}室", name_en=f"Evaluation Room {n}", seats=seats,
                  equipment=(*EVALUATION, "remote") if n in (8, 9) else EVALUATION, floor=3 + (n > 8), zone="评标区", wing=WINGS[(n - 1) // 4], hours=WEEK, buffer=30)
        for n, seats in enumerate(EVALUATION_SEATS, 1)
    )
    return opening + evaluation


def furnish_all(centre: Centre, actor: Actor) -> tuple[Room, ...]:
    """Brings all of them in; those that stand already are left alone."""
    return furnish(centre, actor, Furnish(rooms=rooms()))
