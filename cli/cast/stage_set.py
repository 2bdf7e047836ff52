"""The rehearsal centre of `make run`: people for every role and tenders in different stages, all played by acts.

The clock ends a quarter of an hour before an opening, so that whoever comes in can watch one.
"""
from dataclasses import dataclass
from datetime import date, timedelta

from cli.cast import closing, committee
from cli.cast.house import Applicant, House, actor_of, credit_code, employ, enter_all, open_house
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
from trading.bids.open_account import OpenAccount, open_account
from trading.notices.publish_failure import PublishFailure, publish_failure
from trading.notices.take_document import TakeDocument, take_document
from trading.opening.return_unopened import ReturnUnopened, return_unopened
from trading.subjects.appoint_person import AppointPerson, appoint_person

MONEY = 1_000_000  # 万元
ORGANISATIONS = (
    ("示例区教育工程建设所", "Example Education Works Office", ("buyer",), "采购甲"), ("示例区文化和旅游局", "Example Culture Bureau", ("buyer",), "采购乙"),
    ("示例区水务局", "Example Water Bureau", ("buyer",), "采购丙"), ("望岳项目咨询有限公司（示例）", "Wangyue Consulting (example)", ("agent",), "代理甲"),
    ("云栈招标代理有限公司（示例）", "Yunzhan Agency (example)", ("agent",), "代理乙"), ("示例青禾建设有限公司", "Qinghe Construction (example)", ("supplier",), "营业甲"),
    ("云栈工程有限公司（示例）", "Yunzhan Works (example)", ("supplier",), "营业乙"), ("临溪市政有限公司（示例）", "Linxi Municipal (example)", ("supplier",), "营业丙"),
    ("拾光科技有限公司（示例）", "Shiguang Technology (example)", ("supplier",), "营业丁"), ("北辰物业有限公司（示例）", "Beichen Services (example)", ("supplier",), "营业戊"),
)
# field, kind, evaluation, title, English title, budget in 万元, buyer, agent, prices in 万元 of the bidders, where it shall stand
TENDERS = (
    ("procurement", "services", "comprehensive", "示例区图书馆智能书架运维服务", "Smart shelf maintenance, district library", 320, 1, 3, (298, 305, 312), "contracted"),
    ("works", "construction", "benchmark", "望岳中学实验楼新建工程施工", "Laboratory building, Wangyue School", 4286, 0, 3, (4120, 4165, 4201), "publicity"),
    ("procurement", "services", "comprehensive", "社区食堂餐饮服务", "Community canteen catering", 560, 1, 4, (541, 548, 555), "evaluating"),
    ("works", "construction", "lowest_price", "临溪河道清淤工程（一标段）", "Linxi river dredging, lot 1", 1880, 2, 4, (1790, 1812, 1833), "convening"),
    ("works", "construction", "lowest_price", "青禾片区公园绿化养护工程", "Park greening, Qinghe", 760, 2, 3, (742,), "failed"),
    ("procurement", "goods", "lowest_price", "区级机关办公设备采购", "Office equipment for district bodies", 450, 1, 4, (431, 436, 440), "soon"),
    ("works", "construction", "lowest_price", "示例路雨污分流改造工程", "Storm and sewage separation, Example Road", 2650, 2, 3, (2580, 2601, 2622), "inviting"),
    ("procurement", "services", "comprehensive", "青少年课后服务项目", "After-school services", 380, 0, 4, (), "inviting"),
    ("works", "construction", "comprehensive", "示例镇卫生院污水站改造工程", "Clinic sewage station", 930, 2, 3, (), "review"),
    ("procurement", "goods", "comprehensive", "示例小学实验仪器采购", "Laboratory instruments", 210, 0, 4, (), "draft"),
)


@dataclass
class Cast:
    house: House
    people: list[Actor]
    codes: list[str]
    seconds: dict[int, Actor]


def build(centre: Centre, progress: Progress) -> House:
    cast = invite(centre, progress)
    start = day_of(centre.now())
    day = working(cast.house, start + timedelta(days=24))
    past = [play(cast, row, instant(day, 9, 30)) for row in TENDERS[:5]]
    publish_all(cast, past, progress)
    for one in past:
        for bidder in one.bidders:
            hand_in(one, bidder)
    later = working(cast.house, start + timedelta(days=2))
    cast.house.until(instant(later, 10))
    following = working(cast.house, day + timedelta(days=1))
    soon = play(cast, TENDERS[5], instant(following, 11))
    publish_all(cast, [soon], progress)
    for bidder in soon.bidders:
        hand_in(soon, bidder)
    cast.house.until(instant(day, 9, 30) + MINUTE)
    opened(past, progress)
    evaluated(cast, past, progress)
    cast.house.until(instant(following, 9))
    fresh = [play(cast, row, instant(working(cast.house, following + timedelta(days=22 + n)), 9, 30)) for n, row in enumerate(TENDERS[6:8])]
    publish_all(cast, fresh, progress)
    for bidder in fresh[0].bidders:
        take_document(centre, bidder.actor, TakeDocument(project=fresh[0].project))
        open_account(centre, bidder.actor, OpenAccount(project=fresh[0].project, lot=fresh[0].lot))
        hand_in(fresh[0], bidder)
    unfinished(cast, following, progress)
    cast.house.until(instant(following, 10, 45))
    progress.say("演练中心已就绪 · the rehearsal is ready", always=True)
    return cast.house


def invite(centre: Centre, progress: Progress) -> Cast:
    house = open_house(centre)
    furnish(house)
    employ(house, "jishu1", "技术甲", "technician")
    employ(house, "jiandu3", "监督丙", "regulator", "works")
    employ(house, "jiandu4", "监督丁", "regulator", "procurement")
    progress.say("专家入库 · experts", fill_library(house), always=True)
    applicants = [
        Applicant(name, kinds, person, f"org{n + 1}@rehearsal.example", credit_code(n + 1, "11110113" if kinds == ("buyer",) else "91110113"), en)
        for n, (name, en, kinds, person) in enumerate(ORGANISATIONS)]
    people = enter_all(house, applicants)
    seconds = {}
    for n, actor in enumerate(people[:3]):
        login = f"rep{n + 1}@rehearsal.example"
        appoint_person(centre, actor, AppointPerson(subject=actor.org or "", email=login, name=f"代表{'甲乙丙'[n]}"))
        seconds[n] = actor_of(centre, login)
    house.settle()
    progress.say("主体入库 · organisations", len(people), always=True)
    return Cast(house, people, [a.code for a in applicants], seconds)


def working(house: House, day: date) -> date:
    with house.centre.reading() as session:
        return roll_forward(day, calendar(session))


def play(cast: Cast, row: tuple[str, str, str, str, str, int, int, int, tuple[int, ...], str], deadline: int) -> Play:
    field, kind, evaluation, title, title_en, budget, buyer, agent, prices, outcome = row
    bidders = [Bidder(cast.people[5 + n], cast.codes[5 + n], price * MONEY) for n, price in enumerate(prices)]
    made = Play(cast.house, field, kind, evaluation, title, title_en, budget * MONEY, cast.people[buyer], cast.people[agent], deadline=deadline,
                bidders=bidders, representative=cast.seconds[buyer], outcome=outcome, deposit=budget * MONEY // 100)
    enter(made)
    return made


def publish_all(cast: Cast, plays: list[Play], progress: Progress) -> None:
    for made in plays:
        prepare_file(made)
    ceremonies(cast.house, {made.project: made.agent for made in plays}, progress)
    for made in plays:
        confirm_and_submit(made)
    review_tenders(cast.house, [made.project for made in plays])
    for made in plays:
        go_public(made)
        committee.plan_session(made)
    cast.house.settle()
    progress.say("公告发布 · published", len(plays), always=True)


def opened(plays: list[Play], progress: Progress) -> None:
    held = [p for p in plays if p.outcome != "failed"]
    for made in plays:
        if made.outcome == "failed":
            return_unopened(made.centre, made.host, ReturnUnopened(project=made.project))
            publish_failure(made.centre, made.agent, PublishFailure(
                project=made.project, fields={"reason": "投标人不足法定数量", "contact": "示例联系人 010-00000000"}))
        else:
            begin_opening(made)
    held[0].house.settle()
    custodians_open(held[0].house, progress)
    for made in held:
        finish_opening(made)
        review_qualification(made)
    progress.say("开标完成 · opened", len(held), always=True)


def evaluated(cast: Cast, plays: list[Play], progress: Progress) -> None:
    held = [p for p in plays if p.outcome in ("contracted", "publicity", "evaluating")]
    for made in held:
        cast.house.react()
        draw = committee.ask_for_committee(made)
        cast.house.react()
        committee.contribute_all(made, draw)
        cast.house.react()
        committee.name_member(made, draw)
        accepts = made.outcome != "publicity"
        while committee.answer_call(made, draw, accepts):
            accepts = True  # one expert declines, the next in the same order is called
            cast.house.react()
    cast.house.until(held[0].deadline + HOUR + HOUR // 2)
    for made in held:
        committee.walk_in(made)
        committee.sit_down(made)
        if made.outcome == "evaluating":
            continue
        committee.score_all(made)
        committee.conclude(made)
        committee.walk_out(made)
        closing.hand_over_report(made)
        if made.outcome == "contracted":
            closing.award(made)
            closing.contract(made, made.bidders[0].actor, made.bidders[0].amount or 0)
    cast.house.react()
    progress.say("评标完成 · evaluated", len(held), always=True)


def unfinished(cast: Cast, day: date, progress: Progress) -> None:
    """One tender in review, one still being drafted."""
    made = play(cast, TENDERS[8], instant(working(cast.house, day + timedelta(days=28)), 9, 30))
    prepare_file(made)
    ceremonies(cast.house, {made.project: made.agent}, progress)
    confirm_and_submit(made)
    play(cast, TENDERS[9], 0)
    cast.house.settle()
