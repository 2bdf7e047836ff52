"""Qualification review in procurement, and the coefficient's draw in works."""
import random
from dataclasses import dataclass, field

import pytest

from experts.contribution import Made, contribute
from kernel import draw
from kernel.command import SYSTEM, Actor
from kernel.errors import Malformed, NotYours, Refused, Stale
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.world import staff
from tests.worlds.sealed import Sealed, formal
from trading.bids.records import Bid
from trading.opening.close_qualification import CloseQualification, close_qualification
from trading.opening.commit_coefficient import CommitCoefficient, commit_coefficient
from trading.opening.convene import Convene, convene
from trading.opening.draw_coefficient import DrawCoefficient, draw_coefficient
from trading.opening.judge_qualification import STATUTORY, JudgeQualification, judge_qualification
from trading.opening.qualify import Qualify, qualify
from trading.opening.read_out import ReadOut, read_out
from trading.opening.reads import qualifications
from trading.opening.records import Coefficient, Opened, Opening
from trading.opening.reveal_coefficient import RevealCoefficient, reveal_coefficient
from trading.opening.sign_record import SignRecord, sign_record
from trading.projects.records import Scoring
from trading.subjects.records import Membership


def refused(rule: str, act, *args):  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as found:
        act(*args)
    assert found.value.reason.rule == rule, found.value.reason


def sign(world: Sealed) -> Opening:
    return sign_record(world.centre, world.host, SignRecord(project=world.project))


@pytest.fixture
def bought(centre, tmp_path, recording) -> Sealed:  # type: ignore[no-untyped-def]
    """Procurement, read out and signed, four bids."""
    world = formal(centre, tmp_path, "procurement.open", details={"qualification": "具有独立法人资格\n近三年无重大违法记录"})
    for n in range(4):
        world.bid(world.supplier(), 100 + n)
    world.opened()
    read_out(centre, world.host, ReadOut(project=world.project))
    world.forward(10 * MINUTE)
    sign(world)
    return world


def second_of(world: Sealed) -> Actor:
    with world.centre.database.writing() as session:
        from kernel.identity.records import Person
        from kernel.values import new_id

        person = Person(id=new_id(), login=new_id(), name="采购人乙", created=1)
        session.add(person)
        session.flush()
        session.add(Membership(org=world.who.org, person=person.id, since=1))
        session.commit()
        return Actor("person", person.id, world.who.org)


def test_qualifications_are_judged_by_two_and_three_must_remain(bought: Sealed) -> None:
    centre, one, two = bought.centre, bought.who, second_of(bought)
    with pytest.raises((Stale, Refused)):
        convene(centre, one, Convene(project=bought.project))
    qualify(centre, one, Qualify(project=bought.project))
    bids = sorted(row.id for row in bought.all(Bid))

    def judge(bid: str, passed: bool = True, **more: str) -> None:
        cmd = JudgeQualification(project=bought.project, bid=bid, passed=passed, **more)
        judge_qualification(centre, one, cmd)
        judge_qualification(centre, two, cmd)

    refused("reason_if_failed", judge, bids[0], False)
    with pytest.raises(Refused) as found:
        judge(bids[0], False, clause="须为本地企业", reason="非本地")
    assert found.value.reason.rule == "every_criterion_from_document"
    judge(bids[0], False, clause="具有独立法人资格", reason="未提供证明")
    with pytest.raises(Stale):
        judge(bids[0])
    for bid in bids[1:3]:
        judge(bid)
    refused("every_bid_judged", close_qualification, centre, one, CloseQualification(project=bought.project))
    first = JudgeQualification(project=bought.project, bid=bids[3], passed=True)
    judge_qualification(centre, one, first)
    refused("other_than_first", judge_qualification, centre, one, first)
    judge_qualification(centre, two, first)
    with centre.reading() as session:
        now = centre.clock.now(session)
        assert len(qualifications(session, one, bought.project, now) or {}) == 4
        assert qualifications(session, bought.suppliers[0], bought.project, now) is None
    bought.set(kind="services")
    assert close_qualification(centre, one, CloseQualification(project=bought.project)).stage == "convening"
    assert STATUTORY[0].endswith("(一)")


def test_fewer_than_three_qualified_go_no_further(bought: Sealed) -> None:
    centre, one, two = bought.centre, bought.who, second_of(bought)
    qualify(centre, one, Qualify(project=bought.project))
    for n, row in enumerate(bought.all(Bid)):
        cmd = JudgeQualification(project=bought.project, bid=row.id, passed=n > 1, clause=STATUTORY[0] if n < 2 else "", reason="无" if n < 2 else "")
        judge_qualification(centre, one, cmd)
        judge_qualification(centre, two, cmd)
    refused("three_qualified", close_qualification, centre, one, CloseQualification(project=bought.project))


def test_bids_of_one_brand_count_once(bought: Sealed) -> None:
    centre, one, two = bought.centre, bought.who, second_of(bought)
    qualify(centre, one, Qualify(project=bought.project))
    bought.set(kind="goods")
    for row in bought.all(Bid):
        cmd = JudgeQualification(project=bought.project, bid=row.id, passed=True)
        judge_qualification(centre, one, cmd)
        judge_qualification(centre, two, cmd)
    for row in bought.all(Opened, part="price")[:3]:
        bought.set(Opened, row.id, form={"currency": "CNY", "items": [["品牌", "示例牌"]]})
    refused("brands_counted_once", close_qualification, centre, one, CloseQualification(project=bought.project))
    bought.set(Opened, bought.all(Opened, part="price")[0].id, form={"currency": "CNY", "items": [["品牌", "别的牌"]]})
    assert close_qualification(centre, one, CloseQualification(project=bought.project)).stage == "convening"


@pytest.fixture
def drawing(works: Sealed, recording) -> "Drawing":  # type: ignore[no-untyped-def]
    """Works whose document draws a coefficient; host and regulator contribute."""
    with works.centre.database.writing() as session:
        session.add(Scoring(project=works.project, scheme={"benchmark": {"drawn": "k", "choices": ["0.01", "0.02", "0.03"]}}, digest="0" * 64))
        session.commit()
    return Drawing(works, {"host": works.host, "regulator": staff(works.centre, "regulator")})


@dataclass
class Drawing:
    world: Sealed
    actors: dict[str, Actor]
    made: dict[str, Made] = field(default_factory=dict)

    def commit(self, party: str, seal_for: str = "") -> None:
        world = self.world
        made = contribute(world.project, seal_for or party, world.key.hex(), random.Random(party).randbytes)
        cmd = CommitCoefficient(project=world.project, commit=draw.commit(party, bytes.fromhex(made.value)), blob=world.centre.blobs.put(made.sealed).key)
        commit_coefficient(world.centre, self.actors[party], cmd)
        self.made[party] = made

    def show(self, party: str, value: str = "") -> None:
        reveal_coefficient(self.world.centre, self.actors[party], RevealCoefficient(project=self.world.project, contribution=value or self.made[party].value))

    def draw(self) -> Coefficient:
        return draw_coefficient(self.world.centre, self.world.host, DrawCoefficient(project=self.world.project))

    def read_out(self) -> None:
        self.world.started()
        self.world.custodians_answer()
        read_out(self.world.centre, self.world.host, ReadOut(project=self.world.project))
        settle(self.world.centre)


def test_the_coefficient_follows_from_contributions_given_before_the_prices(drawing: Drawing) -> None:
    works = drawing.world
    works.set(procedure="procurement.open", field="procurement")
    with pytest.raises((Refused, NotYours)):
        drawing.commit("host")
    works.set(procedure="works.open", field="works")
    with pytest.raises(Malformed):
        drawing.commit("host", seal_for="regulator")
    drawing.commit("host")
    refused("first_word", drawing.commit, "host")
    drawing.commit("regulator")
    works.started()
    works.custodians_answer()
    refused("read_out_done", drawing.show, "host")
    read_out(works.centre, works.host, ReadOut(project=works.project))
    refused("not_drawn_yet", commit_coefficient, works.centre, works.who, CommitCoefficient(project=works.project, commit="00" * 32, blob="x"))
    works.forward(10 * MINUTE)
    refused("contributions_complete", sign, works)
    refused("matches_commitment", drawing.show, "host", "09" * 32)
    drawing.show("host")
    refused("contributions_complete", drawing.draw)
    drawing.show("regulator")
    drawn = drawing.draw()
    rules = draw.coefficient_rules(works.project, ("host", "regulator"))
    shown = {party: bytes.fromhex(made.value) for party, made in drawing.made.items()}
    seed = draw.seed(works.project, draw.pool_root(draw.coefficient_pool(drawn.choices)), draw.rules_hash(rules), shown)
    assert (drawn.seed, drawn.value) == (seed.hex(), draw.coefficient_drawn(seed, drawn.choices))
    refused("not_drawn_yet", drawing.draw)
    assert sign(works).signed


def test_custodians_open_what_a_silent_party_sealed_ten_minutes_after_the_read_out(drawing: Drawing) -> None:
    works = drawing.world
    drawing.commit("host")
    drawing.commit("regulator")
    drawing.read_out()
    drawing.show("host")
    settle(works.centre)
    said = RevealCoefficient(project=works.project, contribution=drawing.made["regulator"].value, party="regulator")
    assert works.custodians_answer() == []
    refused("waiting_time_over", reveal_coefficient, works.centre, SYSTEM, said)
    early = works.centre.now
    before = early()
    works.forward(10 * MINUTE)
    works.keepers[0].program._now = lambda: before
    assert [done.gate for done in works.keepers[0].program.run_once()] == ["clock"]
    works.keepers[0].program._now = early
    assert [(done.kind, done.gate) for done in works.custodians_answer(1)] == [("coefficient", "")]
    refused("contributions_complete", drawing.draw)
    assert works.custodians_answer(1) == [], "a custodian answers once"
    works.custodians_answer(2)
    assert works.all(Coefficient)[0].reveals == {party: made.value for party, made in drawing.made.items()}
    assert drawing.draw().value
