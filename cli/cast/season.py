"""A season of a district centre: waves of tenders, day by day, through the acts of production.

A wave enters its tenders together; twelve openings a day, evaluations the same day; works wait for their publicity.
"""
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cli.cast import closing, committee
from cli.cast.district import Tender, organisations
from cli.cast.house import House, actor_of, enter_all, open_house
from cli.cast.library import fill_library, furnish
from cli.cast.tender import (
    Bidder,
    Play,
    begin_opening,
    confirm_and_submit,
    enter,
    finish_opening,
    go_public,
    hand_in,
    prepare_file,
    review_qualification,
)
from cli.cast.tenders import ceremonies, custodians_open, review_tenders
from cli.progress import Progress
from kernel.centre import Centre
from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.values import HOUR, MINUTE, day_of, instant
from law.periods import roll_forward
from trading.notices.publish_failure import PublishFailure, publish_failure
from trading.notices.publish_termination import PublishTermination, publish_termination
from trading.opening.return_unopened import ReturnUnopened, return_unopened
from trading.projects.terminate import Terminate
from trading.projects.terminate import terminate as end_project
from trading.subjects.appoint_person import AppointPerson, appoint_person

WAVE_DAYS, FIRST_OPENING, A_DAY = 30, 22, 12


@dataclass
class District:
    """The people of a season. total: how many tenders it has; done: how many are over."""

    house: House
    total: int
    buyers: list[Actor]
    agents: list[Actor]
    suppliers: list[tuple[Actor, str]]
    seconds: dict[str, Actor] = field(default_factory=dict)
    done: int = 0


def play(centre: Centre, tenders: Sequence[Tender], subjects: tuple[int, int, int], waves: int, seed: int, progress: Progress) -> District:
    """Registers everybody and plays all tenders; the clock ends in the month after the last."""
    dice = random.Random(seed)
    district = open_district(centre, subjects, len(tenders), progress)
    start = day_of(centre.now())
    waiting: list[Play] = []
    for wave in range(waves):
        mine = tenders[wave * len(tenders) // waves : (wave + 1) * len(tenders) // waves]
        first = start + timedelta(days=wave * WAVE_DAYS)
        district.house.until(instant(working(centre, first), 9))
        plays = publish_wave(district, mine, first, dice, progress)
        finish(district, waiting, progress)
        waiting = open_wave(district, plays, progress)
    finish(district, waiting, progress)
    end_of_period(district)
    return district


def working(centre: Centre, day: date) -> date:
    with centre.reading() as session:
        return roll_forward(day, calendar(session))


def open_district(centre: Centre, subjects: tuple[int, int, int], total: int, progress: Progress) -> District:
    house = open_house(centre, "示例区公共资源交易中心（重演）", "Example district centre, replayed", "district.example")
    furnish(house)
    fill_library(house, 90, 90, 90, 90)
    applicants = organisations(*subjects)
    actors: list[Actor] = []
    for at in range(0, len(applicants), 200):
        actors += enter_all(house, applicants[at : at + 200])
        progress.say("主体入库 · admitted", len(actors), len(applicants))
    buyers, agents, _ = subjects
    district = District(house, total, actors[:buyers], actors[buyers : buyers + agents],
                        [(actor, one.code) for actor, one in zip(actors[buyers + agents :], applicants[buyers + agents :], strict=True)])
    for n, buyer in enumerate(district.buyers):
        login = f"second{n + 1}@buyers.example"
        appoint_person(centre, buyer, AppointPerson(subject=buyer.org or "", email=login, name=f"代表{n + 1}"))
        district.seconds[buyer.id] = actor_of(centre, login)
    house.settle()
    return district


def publish_wave(district: District, mine: list[Tender], first: date, dice: random.Random, progress: Progress) -> list[Play]:
    """Entry, files, ceremonies, reviews, notices and sealed bids of one wave; twelve openings on a day."""
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
                    deadline=instant(day, 15, 30) if tender.late else instant(day, 9, 30), bidders=bidders, representative=district.seconds[buyer.id], outcome=tender.outcome,
                    experts=tender.experts, late=tender.late, sector=tender.sector)
        enter(made)
        prepare_file(made)
        plays.append(made)
        progress.say("进场登记 · entered", district.done + n + 1, district.total)
    ceremonies(house, {made.project: made.agent for made in plays}, progress)
    for made in plays:
        confirm_and_submit(made)
    review_tenders(house, [made.project for made in plays])
    for made in plays:
        go_public(made)
        committee.plan_session(made)
    for made in plays:
        for bidder in made.bidders:
            hand_in(made, bidder)
    house.settle()
    return plays


def open_wave(district: District, plays: list[Play], progress: Progress) -> list[Play]:
    """Day by day: closing, opening, qualification, draw, evaluation. Returns works tenders whose publicity still runs."""
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
            closing.hand_over_report(made)
        for made in held:
            if made.field == "works":
                waiting.append(made)
            else:
                closing.award(made)
        house.settle()
        district.done += len([p for p in plays if p.deadline == deadline])
        progress.say("当日办结 · day done", district.done, district.total, always=True)
    return waiting


def open_day(house: House, held: list[Play], progress: Progress) -> None:
    for made in held:
        begin_opening(made, with_sign_in=False)
    house.settle()
    custodians_open(house, progress)
    for made in held:
        finish_opening(made)
        review_qualification(made)
    house.settle()


def evaluate_day(district: District, held: list[Play], deadline: int, progress: Progress) -> None:
    house = district.house
    draws = {made.project: committee.ask_for_committee(made) for made in held}
    house.react()
    for made in held:
        committee.contribute_all(made, draws[made.project])
    house.react()
    for made in held:
        committee.name_member(made, draws[made.project])
    while sum(committee.answer_call(made, draws[made.project]) for made in held):  # everybody called answers in each round
        house.react()
    house.until(deadline + HOUR + HOUR // 2)
    for n, made in enumerate(held):
        committee.walk_in(made)
        committee.sit_down(made)
        committee.score_all(made)
        committee.conclude(made)
        committee.walk_out(made)
        progress.say("评标 · evaluated", district.done + n + 1, district.total)


def fail(made: Play) -> None:
    """Fewer than three bidders at the deadline: nothing is opened."""
    return_unopened(made.centre, made.host, ReturnUnopened(project=made.project))
    publish_failure(made.centre, made.agent, PublishFailure(project=made.project, fields={"reason": "投标人不足法定数量", "contact": "示例联系人 010-00000000"}))


def terminate(district: District, made: Play) -> None:
    cmd = Terminate(project=made.project, cause="task_cancelled")
    end_project(made.centre, made.buyer, cmd)
    end_project(made.centre, district.seconds[made.buyer.id], cmd)
    publish_termination(made.centre, made.agent, PublishTermination(project=made.project, fields={"reason": "采购任务取消", "refunds": "未收取保证金", "contact": "示例联系人 010-00000000"}))


def finish(district: District, waiting: list[Play], progress: Progress) -> None:
    """Works tenders of the wave before: their publicity is over, the winner is fixed, the result goes out."""
    if not waiting:
        return
    district.house.until(max(made.publicity_until for made in waiting))
    for n, made in enumerate(waiting):
        closing.award(made)
        progress.say("定标公告 · announced", n + 1, len(waiting))
    district.house.settle()


def end_of_period(district: District) -> None:
    """The last month is whole: statistics publish finished months only."""
    today = day_of(district.house.centre.now())
    first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    district.house.until(instant(first, 9))


