"""`mingbiao replay shunyi`: half a year of a district centre with generated parties, sums exact to the fen.

1,872 subjects; 445 tenders entered with budgets of 7.829 billion yuan; 362 opened, evaluated and published. The other 83
ended within the half-year, failed for want of bidders or terminated. All of it runs through the acts of production.
"""
import argparse
import random
from pathlib import Path
from typing import Any

from cli.cast.district import Tender, parts, title
from cli.progress import Progress
from cli.replay.ending import in_empty_home
from kernel.centre import Centre

BUYERS, AGENTS, SUPPLIERS = 120, 91, 1661
AWARDED, FAILED, TERMINATED = 362, 47, 36
WORKS_AWARDED = 150
BUDGET, TENDERED, PRICED = 782_900_000_000, 495_460_000_000, 482_045_000_000
SMALL = 990_000_000  # under the budget from which a procurement committee needs seven
WAVES, SEED = 6, 20260701


def add_parser(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = kinds.add_parser("shunyi", help="half a year of a district centre, generated")
    parser.add_argument("--json", type=Path)
    parser.set_defaults(run=run)


def tenders(dice: random.Random) -> list[Tender]:
    """The 445 tenders. Budgets and prices sum exactly."""
    procurement = AWARDED - WORKS_AWARDED
    small = procurement * 400_000_000
    budgets = parts(TENDERED - small, WORKS_AWARDED, 300_000_000, dice) + parts(small, procurement, 50_000_000, dice, SMALL)
    savings = parts(TENDERED - PRICED, AWARDED, 0, dice, unit=1)
    savings.sort()
    made = []
    order = sorted(range(AWARDED), key=lambda n: budgets[n])
    spare = {n: saving for n, saving in zip(order, savings, strict=True)}
    for n, budget in enumerate(budgets):
        works = n < WORKS_AWARDED
        kind = "construction" if works else ("goods" if n % 2 else "services")
        evaluation = ("lowest_price" if n % 3 else "comprehensive")
        zh, en = title(kind, n, dice)
        made.append(Tender("works" if works else "procurement", kind, evaluation, zh, en, budget, budget - min(spare[n], budget // 2), "awarded"))
    short = TENDERED - PRICED - sum(t.budget - t.price for t in made)
    assert short == 0, "a saving was cut"
    rest = parts(BUDGET - TENDERED, FAILED + TERMINATED, 200_000_000, dice)
    for n, budget in enumerate(rest, AWARDED):
        works = n % 3 != 0
        zh, en = title("construction" if works else "services", n, dice)
        made.append(Tender("works" if works else "procurement", "construction" if works else "services", "lowest_price", zh, en, budget, budget,
                           "failed" if n < AWARDED + FAILED else "terminated"))
    dice.shuffle(made)
    return made


def run(args: argparse.Namespace) -> int:
    return in_empty_home(play, args.json)


def play(centre: Centre, progress: Progress) -> dict[str, Any]:
    from cli.cast.season import play as season

    season(centre, tenders(random.Random(SEED)), (BUYERS, AGENTS, SUPPLIERS), WAVES, SEED, progress)
    return figures(centre)


def figures(centre: Centre) -> dict[str, Any]:
    """What the statistics page shows, read from the database."""
    from trading.awards.statistics import statistics

    with centre.reading() as session:
        shown = statistics(session, centre.clock.now(session))
    kinds, total = dict(shown.subjects), shown.total
    return {
        "subjects": sum(kinds[kind] or 0 for kind in ("buyer", "agent", "supplier")), "buyers": kinds["buyer"], "agents": kinds["agent"],
        "suppliers": kinds["supplier"], "projects": total.projects, "budget_fen": total.budget, "awarded_projects": total.won,
        "tendered_fen": total.tendered, "awarded_fen": total.awarded, "saved_fen": total.saved, "saving_rate": str(total.rate),
    }
