"""Both tenders from the first entry to the verified files, in the order of the day: they share one deadline and one afternoon."""
from dataclasses import dataclass, field
from datetime import timedelta

from cli.cast.stage_set import working
from cli.rehearse import awarding, bidding, drawing, opening, tender
from cli.rehearse.house import AGENCY, BUYERS, Stage
from cli.rehearse.parties import Party, Scene
from cli.rehearse.programs import Bank
from cli.rehearse.seats import Committee
from cli.rehearse.tender import Bidder, Tender
from kernel.values import MINUTE, day_of, instant

COMPREHENSIVE = (("实施方案", "technical", "subjective", "60"), ("同类业绩", "commercial", "objective", "20"), ("价格", "price", "objective", "20"))
WORKS = (("施工组织设计", "technical", "subjective", "40"), ("类似业绩", "commercial", "objective", "10"), ("投标报价", "price", "objective", "50"))
PRICES = {"procurement": ("2980000.00", "3050000.00", "3120000.00", "3010000.00", "2900000.00"),
          "works": ("40120000.00", "40650000.00", "41010000.00", "40900000.00", "39900000.00")}
LAST = 3  # the fourth withdraws, the fifth comes too late


@dataclass
class Told:
    """What the rehearsal saw, for its summary."""

    accepted: int = 0
    declined: int = 0
    unreachable: int = 0
    refunds: int = 0
    appraisals: int = 0
    winners: dict[str, str] = field(default_factory=dict)


def tenders(scene: Scene, stage: Stage, envelopes: str, locks: bool) -> list[Tender]:
    deadline = instant(working(stage.house, day_of(scene.now()) + timedelta(days=23)), 9, 30)
    rows = (("procurement", "services", "comprehensive", "示例区图书馆智能书架运维服务", "Smart shelf maintenance, district library", "3200000.00", "30000.00",
             COMPREHENSIVE, (("C01", "3"), ("A06", "1")), ""),
            ("works", "construction", "benchmark", "望岳中学实验楼新建工程施工", "Laboratory building, Wangyue School", "42860000.00", "400000.00",
             WORKS, (("A08", "3"), ("A06", "1")), "0.01, 0.02, 0.03, 0.04, 0.05"))
    made = []
    for (which, kind, evaluation, title, title_en, budget, deposit, items, quota, choices), (_, _, person, second) in zip(rows, BUYERS, strict=True):
        bidders = [Bidder(one, Party(scene, one.person), price) for one, price in zip(stage.suppliers, PRICES[which], strict=True)]
        made.append(Tender(scene, stage, which, kind, evaluation, title, title_en, budget, deposit, Party(scene, person), Party(scene, second),
                           Party(scene, AGENCY[2]), items, quota, deadline, bidders, choices, envelopes if which == "works" else "1",
                           locks and which == "works"))
    return made


def play(scene: Scene, stage: Stage, envelopes: str = "1", locks: bool = False) -> tuple[list[Tender], Told]:
    """envelopes: "2" opens the prices of the works tender after its technical review. locks: its bids carry their bidders' own."""
    told, bank, plays = Told(), Bank(scene, stage.bank, stage.bank_seed), tenders(scene, stage, envelopes, locks)
    regulators = {"procurement": Party(scene, "监督丁"), "works": Party(scene, "监督丙")}
    host, guard = Party(scene, "主持甲"), Party(scene, "值守甲", area=True)
    for one in plays:
        tender.enter(one)
        tender.write(one)
        tender.make_key(one)
        tender.review(one)
        tender.publish(one)
    for one in plays:
        bids(one, bank)
    scene.until(plays[0].deadline - 30 * MINUTE)
    late = [hurry(one.bidders[-1], one) for one in plays]
    scene.forward("deadline")
    for one, sealed in zip(plays, late, strict=True):
        bidding.come_late(one, one.bidders[-1], sealed)
        one.bidders = one.bidders[:LAST]
    for one in plays:
        opening.start(one, host)
    for one in plays:
        opening.read_out(one, host, regulators[one.field])
        opening.sign(one, host)
        opening.qualify(one)
    committees = [gather(one, regulators[one.field], guard, told, number) for number, one in enumerate(plays)]
    scene.until(plays[0].evaluation_at - 20 * MINUTE)
    for committee in committees:
        committee.walk_in()
        committee.sit()
        committee.judge()
        committee.score()
        opening.read_prices(committee.tender, host)
        committee.conclude()
        committee.walk_out()
        awarding.hand_over(committee.tender)
    finish(scene, plays, bank, told)
    return plays, told


def bids(one: Tender, bank: Bank) -> None:
    """Five suppliers prepare; four hand in, one of these replaces and one withdraws."""
    for number, bidder in enumerate(one.bidders, 1):
        bidding.prepare(one, bidder, bank, number)
    one.say(f"{len(one.bidders)} 家领取文件并交纳保证金", f"{len(one.bidders)} take the document and pay deposits")
    handing = one.bidders[:-1]
    for bidder in handing:
        bidding.hand_in(one, bidder, bidder.price)
    bidding.hand_in(one, handing[1], handing[1].price)
    bidding.take_back(one, handing[LAST])
    one.say("四家封标递交，一家替换，一家撤回", "four bids sealed and handed in; one replaced, one withdrawn")


def hurry(bidder: Bidder, one: Tender) -> bidding.Sealed:
    """The fifth begins in the last half hour; its last byte will come too late."""
    sealed = bidding.seal(one, bidder, bidder.price)
    bidding.begin(sealed, bidder.party)
    return sealed


def gather(one: Tender, regulator: Party, guard: Party, told: Told, number: int) -> Committee:
    drawing.seed(one, regulator)
    drawing.represent(one)
    replies = drawing.call(one, troubled=one.field == "procurement")
    told.accepted += len(replies.accepted)
    told.declined += replies.declined
    told.unreachable += replies.unreachable
    return Committee(one, guard, replies.accepted, 1 + 20 * number)


def finish(scene: Scene, plays: list[Tender], bank: Bank, told: Told) -> None:
    cashiers = Party(scene, "财务甲"), Party(scene, "财务乙")
    for one in plays:
        if one.field == "works":
            scene.until(awarding.publicity_over(one))
        winner = awarding.award(one)
        told.winners[one.code] = winner.supplier.name
        told.appraisals += awarding.appraise(one)
        awarding.contract(one, winner)
    scene.forward("minute")
    told.refunds = awarding.refund(scene, *cashiers, bank)
