"""`mingbiao replay shunyi`: half a year of a district centre with generated parties, sums exact to the fen.

1,872 subjects; 445 tenders entered with budgets of 7.829 billion yuan; 362 opened, evaluated and published. The other 83
ended within the half-year, failed for want of bidders or terminated. All of it runs through the acts of production.
"""
import argparse
import json
import random
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cli.cast.district import Tender, organisations, parts, title
from cli.progress import Progress
from kernel.centre import Centre
from kernel.command import Actor
from kernel.values import HOUR, MINUTE, day_of, instant

BUYERS, AGENTS, SUPPLIERS = 120, 91, 1661
AWARDED, FAILED, TERMINATED = 362, 47, 36
WORKS_AWARDED = 150
BUDGET, TENDERED, PRICED = 782_900_000_000, 495_460_000_000, 482_045_000_000
SMALL = 990_000_000  # under the budget from which a procurement committee needs seven
WAVES, WAVE_DAYS, FIRST_OPENING, A_DAY = 6, 30, 22, 12


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
    import cli.rooms  # noqa: F401

    centre = Centre()
    if centre.row is not None:
        print("该目录已有中心，请用空目录 · a centre stands here; choose an empty MINGBIAO_HOME", file=sys.stderr)
        return 2
    result = play(centre, Progress())
    text = json.dumps(result, ensure_ascii=False)
    if args.json:
        args.json.write_text(text + "\n")
    print(text)
    return 0


@dataclass
class District:
    """The people of the half-year, and the tenders as they are played."""

    house: Any
    buyers: list[Actor]
    agents: list[Actor]
    suppliers: list[tuple[Actor, str]]
    seconds: dict[str, Actor] = field(default_factory=dict)
    done: int = 0


def play(centre: Centre, progress: Progress) -> dict[str, Any]:
    dice = random.Random(20260701)
    district = open_district(centre, progress)
    half = tenders(dice)
    start = day_of(centre.now())
    waiting: list[Any] = []
    for wave in range(WAVES):
        mine = half[wave * len(half) // WAVES : (wave + 1) * len(half) // WAVES]
        first = start + timedelta(days=wave * WAVE_DAYS)
        district.house.until(instant(working(centre, first), 9))
        plays = publish_wave(district, mine, first, dice, progress)
        finish(district, waiting, progress)
        waiting = open_wave(district, plays, progress)
    finish(district, waiting, progress)
    end_of_period(district)
    return figures(centre) | {"seconds": round(progress.end(), 1)}


def working(centre: Centre, day: date) -> date:
    from kernel.daytable.reads import calendar
    from law.periods import roll_forward

    with centre.reading() as session:
        return roll_forward(day, calendar(session))


def open_district(centre: Centre, progress: Progress) -> District:
    from cli.cast.house import actor_of, enter_all, open_house
    from cli.cast.library import fill_library, furnish
    from trading.subjects.appoint_person import AppointPerson, appoint_person

    house = open_house(centre, "示例区公共资源交易中心（重演）", "Example district centre, replayed", "district.example")
    furnish(house)
    fill_library(house, 90, 90, 90, 90)
    applicants = organisations(BUYERS, AGENTS, SUPPLIERS)
    actors: list[Actor] = []
    for at in range(0, len(applicants), 200):
        actors += enter_all(house, applicants[at : at + 200])
        progress.say("主体入库 · admitted", len(actors), len(applicants))
    district = District(house, actors[:BUYERS], actors[BUYERS : BUYERS + AGENTS],
                        [(actor, one.code) for actor, one in zip(actors[BUYERS + AGENTS :], applicants[BUYERS + AGENTS :], strict=True)])
    for n, buyer in enumerate(district.buyers):
        login = f"second{n + 1}@buyers.example"
        appoint_person(centre, buyer, AppointPerson(subject=buyer.org or "", email=login, name=f"代表{n + 1}"))
        district.seconds[buyer.id] = actor_of(centre, login)
    house.settle()
    return district


def publish_wave(district: District, mine: list[Tender], first: date, dice: random.Random, progress: Progress) -> list[Any]:
    """Entry, files, ceremonies, reviews, notices and sealed bids of one wave; twelve openings on a day."""
    from cli.cast.committee import plan_session
    from cli.cast.tender import Bidder, Play, confirm_and_submit, enter, go_public, hand_in, prepare_file
    from cli.cast.tenders import ceremonies, review_tenders

    house, plays = district.house, []
    day = working(house.centre, first + timedelta(days=FIRST_OPENING))
    for n, tender in enumerate(mine):
        if n and n % A_DAY == 0:
            day = working(house.centre, day + timedelta(days=1))
        buyer = dice.choice(district.buyers)
        count = 3 if tender.outcome == "awarded" else dice.randrange(0, 3) if tender.outcome == "failed" else 0
        chosen = dice.sample(district.suppliers, count)
        bidders = [Bidder(actor, code, tender.price + place * ((tender.budget - tender.price) // 4)) for place, (actor, code) in enumerate(chosen)]
        made = Play(house, tender.field, tender.kind, tender.evaluation, tender.title, tender.title_en, tender.budget, buyer, dice.choice(district.agents),
                    deadline=instant(day, 9, 30), bidders=bidders, representative=district.seconds[buyer.id], outcome=tender.outcome)
        enter(made)
        prepare_file(made)
        plays.append(made)
        progress.say("进场登记 · entered", district.done + n + 1, AWARDED + FAILED + TERMINATED)
    ceremonies(house, {made.project: made.agent for made in plays}, progress)
    for made in plays:
        confirm_and_submit(made)
    review_tenders(house, [made.project for made in plays])
    for made in plays:
        go_public(made)
        plan_session(made)
    for made in plays:
        for bidder in made.bidders:
            hand_in(made, bidder)
    house.settle()
    return plays


def open_wave(district: District, plays: list[Any], progress: Progress) -> list[Any]:
    """Day by day: closing, opening, qualification, draw, evaluation. Returns works tenders whose publicity still runs."""
    from cli.cast.closing import award, hand_over_report

    house, waiting = district.house, []
    for made in [p for p in plays if p.outcome == "terminated"]:
        terminate(district, made)
    for deadline in sorted({p.deadline for p in plays}):
        house.until(deadline + MINUTE)
        for made in [p for p in plays if p.deadline == deadline and p.outcome == "failed"]:
            fail(made)
        held = [p for p in plays if p.deadline == deadline and p.outcome == "awarded"]
        open_day(house, held, progress)
        evaluate_day(district, held, deadline, progress)
        for made in held:
            hand_over_report(made)
        for made in held:
            if made.field == "works":
                waiting.append(made)
            else:
                award(made)
        house.settle()
        district.done += len([p for p in plays if p.deadline == deadline])
        progress.say("当日办结 · day done", district.done, AWARDED + FAILED + TERMINATED, always=True)
    return waiting


def open_day(house: Any, held: list[Any], progress: Progress) -> None:
    from cli.cast.tender import begin_opening, finish_opening, review_qualification
    from cli.cast.tenders import custodians_open

    for made in held:
        begin_opening(made, with_sign_in=False)
    house.settle()
    custodians_open(house, progress)
    for made in held:
        finish_opening(made)
        review_qualification(made)
    house.settle()


def evaluate_day(district: District, held: list[Any], deadline: int, progress: Progress) -> None:
    from cli.cast import committee

    house = district.house
    draws = {made.project: committee.ask_for_committee(made) for made in held}
    house.react()
    for made in held:
        committee.contribute_all(made, draws[made.project])
    house.react()
    for made in held:
        committee.name_member(made, draws[made.project])
    while any([committee.answer_call(made, draws[made.project]) for made in held]):
        house.react()
    house.until(deadline + HOUR + HOUR // 2)
    for n, made in enumerate(held):
        committee.walk_in(made)
        committee.sit_down(made)
        committee.score_all(made)
        committee.conclude(made)
        committee.walk_out(made)
        progress.say("评标 · evaluated", district.done + n + 1, AWARDED + FAILED + TERMINATED)


def fail(made: Any) -> None:
    """Fewer than three bidders at the deadline: nothing is opened."""
    from trading.notices.publish_failure import PublishFailure, publish_failure
    from trading.opening.return_unopened import ReturnUnopened, return_unopened

    return_unopened(made.centre, made.host, ReturnUnopened(project=made.project))
    publish_failure(made.centre, made.agent, PublishFailure(project=made.project, fields={"reason": "投标人不足法定数量", "contact": "示例联系人 010-00000000"}))


def terminate(district: District, made: Any) -> None:
    from trading.notices.publish_termination import PublishTermination, publish_termination
    from trading.projects.terminate import Terminate, terminate

    cmd = Terminate(project=made.project, cause="task_cancelled")
    terminate(made.centre, made.buyer, cmd)
    terminate(made.centre, district.seconds[made.buyer.id], cmd)
    publish_termination(made.centre, made.agent, PublishTermination(project=made.project, fields={"reason": "采购任务取消", "refunds": "未收取保证金", "contact": "示例联系人 010-00000000"}))


def finish(district: District, waiting: list[Any], progress: Progress) -> None:
    """Works tenders of the wave before: their publicity is over, the winner is fixed, the result goes out."""
    from cli.cast.closing import award

    if not waiting:
        return
    district.house.until(max(made.publicity_until for made in waiting))
    for n, made in enumerate(waiting):
        award(made)
        progress.say("定标公告 · announced", n + 1, len(waiting))
    district.house.settle()


def end_of_period(district: District) -> None:
    """The last month is whole: statistics publish finished months only."""
    today = day_of(district.house.centre.now())
    first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    district.house.until(instant(first, 9))


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
