"""Sheets: own, in range, complete, given away; what brings them back, and what stands out."""
from decimal import Decimal as D

import pytest
from sqlalchemy import select

from evaluation.explain_outlier import ExplainOutlier, explain_outlier
from evaluation.hand_in import HandIn, hand_in
from evaluation.reads import progress, totals
from evaluation.recommend import recommend
from evaluation.records import Flag, Sheet
from evaluation.reject import Reject, reject
from evaluation.return_sheet import ReturnSheet, return_sheet
from evaluation.score import Given, Score, score
from kernel.errors import NotYours, Stale
from kernel.ledger.entries import Entry
from tests.evaluation.test_session import SCORES, finished, refused
from tests.worlds import evaluation as world


@pytest.fixture
def hall(centre):
    return world.ready(centre)


def mark(hall, value, item="T1", letter="A", reason="", sheet=""):
    given = (Given(bid=hall.tender.bids[0], item=item, score=value, reason=reason),)
    return score(hall.centre, hall.people[letter], Score(project=hall.project, sheet=sheet or hall.grid(letter).sheet, marks=given))


def test_a_mark_is_in_range_on_step_and_explained(hall):
    mark(hall, "40.5")
    refused("item_in_range", mark, hall, "50.5")
    refused("item_in_range", mark, hall, "40.3")
    refused("item_in_range", mark, hall, "5", "X9")
    refused("band_reason_given", mark, hall, "9.5")
    mark(hall, "9.5", reason="方案照搬")
    assert hall.grid("A").cells[hall.tender.bids[0], "T1"].score == D("9.5")


def test_a_sheet_is_its_members_own(hall):
    refused("own_sheet", mark, hall, "40", "T1", "A", "", hall.grid("C").sheet)
    assert hall.grid("C").cells == {}
    with hall.centre.reading() as session, pytest.raises(NotYours):
        world.scoring_grid(session, b"k" * 32, hall.tender.agent, hall.project, hall.centre.now())


def test_values_stand_in_no_entry(hall):
    mark(hall, "37.5")
    with hall.centre.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.tag == "evaluation.score")).one()
    assert "37.5" not in entry.payload and '"count":1' in entry.payload and entry.opens == "never"


def test_handing_in_needs_all_and_what_was_read(hall):
    world.fill_sheet(hall, "A", {"T1": ("40", "45", "30"), "C1": ("20", "15", "")})
    refused("sheet_complete", world.give_in, hall, "A")
    world.fill_sheet(hall, "A", SCORES)
    grid = hall.grid("A")
    right = HandIn(project=hall.project, sheet=grid.sheet, content=grid.content, objective_confirmed=True)
    refused("objective_items_confirmed", hand_in, hall.centre, hall.people["A"], right.model_copy(update={"objective_confirmed": False}))
    with pytest.raises(Stale):
        hand_in(hall.centre, hall.people["A"], right.model_copy(update={"content": "00" * 32}))
    hand_in(hall.centre, hall.people["A"], right)
    refused("sheet_open", mark, hall, "41")
    refused("sheet_open", hand_in, hall.centre, hall.people["A"], right)


def test_progress_is_a_count_for_the_chair_alone(hall):
    world.fill_sheet(hall, "A", SCORES)
    world.give_in(hall, "A")
    with hall.centre.reading() as session:
        now = hall.centre.now()
        chair, member, agent = (progress(session, who, hall.project, now) for who in (hall.chair, hall.people["A"], hall.tender.agent))
        assert (chair.handed_in, chair.of) == (1, 5)
        assert (member.handed_in, member.own) == (None, "handed_in")
        assert (agent.handed_in, agent.own, agent.phase.zh) == (None, None, "详细评审")
        with pytest.raises(NotYours):
            progress(session, hall.tender.suppliers[0], hall.project, now)
        assert totals(session, hall.chair, hall.project, now) is None


def test_totals_are_for_members_until_the_report(centre):
    hall = finished(centre)
    with centre.reading() as session:
        now = centre.now()
        assert [t.rank for t in totals(session, hall.people["A"], hall.project, now)] == [1, 2, 3]
        for other in (hall.tender.agent, hall.tender.buyer, hall.tender.suppliers[0], world.Actor("person", hall.people["A"].id)):
            assert totals(session, other, hall.project, now) is None


def test_unequal_objective_scores_go_back_and_are_computed_anew(centre):
    hall = world.ready(centre)
    for letter in world.LETTERS:
        world.fill_sheet(hall, letter, SCORES | ({"C1": ("20", "15", "5")} if letter == "D" else {}))
        world.give_in(hall, letter)
    world.settle(centre)
    cmd = world.proposal(hall)
    hall.agreed("evaluation.recommend", cmd)
    refused("flags_settled", recommend, centre, hall.chair, cmd)
    back = ReturnSheet(project=hall.project, seats=("D",), items=("C1",), ground="objective_differs")
    refused("return_ground_listed", return_sheet, centre, hall.chair, back.model_copy(update={"ground": "second_thoughts"}))
    with centre.reading() as session:
        flag = session.scalars(select(Flag).where(Flag.rule == "objective_differs")).first()
    refused("flag_open", explain_outlier, centre, hall.people["A"], ExplainOutlier(project=hall.project, flag=flag.id, reason="我认为对"))
    return_sheet(centre, hall.chair, back)
    assert hall.room.stage == "scoring"
    refused("sheet_open", mark, hall, "41", "T1", "D")
    refused("sheet_open", mark, hall, "41", "T1", "A")
    world.fill_sheet(hall, "D", {"C1": ("20", "15", "10")})
    world.give_in(hall, "D")
    world.settle(centre)
    assert hall.room.stage == "summing" and [t.total for t in hall.totals()] == [D("90.00"), D("88.42"), D("67.84")]
    with centre.reading() as session:
        assert all(f.settled for f in session.scalars(select(Flag)))
        assert sorted(session.scalars(select(Sheet.version))) == [1, 1, 1, 1, 1, 2]
    recommend(centre, hall.chair, cmd)


def test_an_outlier_is_explained_by_its_author(centre):
    hall = world.ready(centre)
    for letter in world.LETTERS:
        world.fill_sheet(hall, letter, SCORES | ({"T1": ("40", "45", "49")} if letter == "C" else {}))
        world.give_in(hall, letter)
    world.settle(centre)
    with centre.reading() as session:
        (flag,) = session.scalars(select(Flag))
    assert (flag.rule, flag.score, flag.others) == ("outlier", D(49), D(30))
    cmd = ExplainOutlier(project=hall.project, flag=flag.id, reason="该方案监测措施最完整")
    refused("own_sheet", explain_outlier, centre, hall.people["A"], cmd)
    refused("reason_given", explain_outlier, centre, hall.people["C"], cmd.model_copy(update={"reason": " "}))
    explain_outlier(centre, hall.people["C"], cmd)
    assert world.recommended(hall).room.stage == "signing"


def test_a_rejection_after_the_totals_computes_them_anew(centre):
    hall = finished(centre, prices=(90_000_000, 95_000_000, 97_000_000, 60_000_000), scores={"T1": ("40", "45", "30", "30"), "C1": ("20", "15", "10", "10")})
    # with 60,000,000 as the lowest price the first bid has 60/90 × 30 = 20.00
    assert {t.bid: t.price for t in hall.totals()}[hall.tender.bids[0]] == D("20.00")
    cmd = Reject(project=hall.project, bid=hall.tender.bids[3], ground="deemed_collusion", reason="查实")
    hall.agreed("evaluation.reject", cmd)
    reject(centre, hall.chair, cmd)
    world.settle(centre)
    assert hall.room.stage == "summing"
    assert [(t.rank, t.total) for t in hall.totals() if t.rank] == [(1, D("90.00")), (2, D("88.42")), (3, D("67.84"))]


def test_a_fixed_benchmark_stays_when_a_bid_is_rejected_later(centre):
    hall = finished(centre, "benchmark", scores={"T1": ("30", "30", "30")})
    cmd = Reject(project=hall.project, bid=hall.tender.bids[0], ground="not_responsive", reason="工期不响应")
    hall.agreed("evaluation.reject", cmd)
    reject(centre, hall.chair, cmd)
    world.settle(centre)
    assert [(t.rank, t.total) for t in hall.totals() if t.rank] == [(1, D("85.81")), (2, D("83.62"))]
