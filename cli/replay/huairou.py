"""`mingbiao replay huairou`: a year of another district: 457 tenders, every session in a room, none colliding.

317 procurements, 32 water works, 35 construction works, 73 village works; 2,005 experts drawn; evaluations after office
hours for more than sixty of them; budget 7.070 billion, awarded 7.013 billion, saved 57 million yuan.
"""
import argparse
import random
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from cli.cast.district import Tender, parts, title
from cli.progress import Progress
from cli.replay.ending import in_empty_home
from kernel.centre import Centre

SECTORS = (("procurement", 317), ("water", 32), ("construction", 35), ("village", 73))
BUDGET, PRICED = 707_000_000_000, 701_300_000_000
EXPERTS, COMMITTEE, LATE = 2005, 4, 64
WAVES, SEED = 12, 20260101
SUBJECTS = (60, 40, 400)
SMALL = 990_000_000


def add_parser(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = kinds.add_parser("huairou", help="a year of another district, every session in a room")
    parser.add_argument("--json", type=Path)
    parser.set_defaults(run=run)


def tenders(dice: random.Random) -> list[Tender]:
    """The 457 tenders. Budgets, prices and experts sum exactly."""
    sectors = [sector for sector, count in SECTORS for _ in range(count)]
    procurement = SECTORS[0][1]
    small = procurement * 400_000_000
    budgets = parts(small, procurement, 50_000_000, dice, SMALL) + parts(BUDGET - small, len(sectors) - procurement, 300_000_000, dice)
    savings = sorted(parts(BUDGET - PRICED, len(sectors), 0, dice, unit=1))
    spare = dict(zip(sorted(range(len(sectors)), key=lambda n: budgets[n]), savings, strict=True))
    larger = set(dice.sample(range(len(sectors)), EXPERTS - COMMITTEE * len(sectors)))
    late = set(dice.sample(range(len(sectors)), LATE))
    made = []
    for n, (sector, budget) in enumerate(zip(sectors, budgets, strict=True)):
        works = sector != "procurement"
        kind = "construction" if works else ("goods" if n % 2 else "services")
        zh, en = title(kind, n, dice)
        made.append(Tender("works" if works else "procurement", kind, "lowest_price" if n % 4 else "comprehensive", zh, en, budget, budget - spare[n],
                           "awarded", COMMITTEE + (n in larger), n in late, sector))
    assert all(t.price > 0 for t in made)
    dice.shuffle(made)
    return made


def run(args: argparse.Namespace) -> int:
    return in_empty_home(play, args.json, lambda result: result["collisions"] == 0)


def play(centre: Centre, progress: Progress) -> dict[str, Any]:
    from cli.cast.season import play as season

    season(centre, tenders(random.Random(SEED)), SUBJECTS, WAVES, SEED, progress)
    return figures(centre)


def figures(centre: Centre) -> dict[str, Any]:
    """Counted in the database: announced tenders by sector, seats of drawn experts, bookings with a reason, overlaps."""
    from experts.records import Seat
    from rooms.records import Booking
    from trading.awards.records import Award
    from trading.projects.records import Project

    other = aliased(Booking)
    with centre.reading() as session:
        done = list(session.scalars(select(Project).where(Project.stage == "announced")))
        sectors = [p.details.get("sector", "") for p in done]
        budget = sum(p.ceiling or p.budget for p in done)
        awarded = session.scalar(select(func.sum(Award.amount))) or 0
        collisions = session.scalar(select(func.count()).select_from(Booking).join(
            other, (other.room == Booking.room) & (other.id > Booking.id) & (other.busy_from < Booking.busy_to) & (Booking.busy_from < other.busy_to))
            .where(Booking.project != other.project, Booking.room != "")) or 0
        return {
            "projects": len(done), **{sector: sectors.count(sector) for sector, _ in SECTORS},
            "experts_drawn": session.scalar(select(func.count()).select_from(Seat).where(Seat.kind == "expert")) or 0,
            "extended_services": session.scalar(select(func.count()).select_from(Booking).where(Booking.reason != "")) or 0,
            "budget_fen": budget, "awarded_fen": int(awarded), "saved_fen": budget - int(awarded), "collisions": collisions,
        }
