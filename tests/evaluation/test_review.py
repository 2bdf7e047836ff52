"""The first review: conformity, questions, low prices, rejections. One set-up, one fact changed."""
import pytest
from sqlalchemy import select

from evaluation.answer import Answer, answer
from evaluation.ask_bidder import AskBidder, ask_bidder
from evaluation.begin_scoring import BeginScoring, begin_scoring
from evaluation.decide_low_price import DecideLowPrice, decide_low_price
from evaluation.judge_conformity import Finding, JudgeConformity, judge_conformity
from evaluation.reads import questions
from evaluation.records import Question, Rejection
from evaluation.reject import Reject, reject
from evaluation.reject_all import RejectAll, reject_all
from evaluation.vote import Vote, vote
from kernel.command import Actor
from kernel.errors import Malformed, NotYours, Stale
from kernel.messages import Message
from kernel.values import MINUTE
from tests.evaluation.test_session import refused
from tests.worlds import evaluation as world
from trading import asks
from trading.opening.records import Opened
from trading.projects.records import Project

FOUR = (90_000_000, 95_000_000, 97_000_000, 98_000_000)


@pytest.fixture
def hall(centre):
    return world.reviewing(world.declared(world.gathered(world.inside(world.prepared(centre, prices=FOUR)))))


def judge(hall, letter="A", seat="A", criterion="", passed=True, reason=""):
    found = (Finding(criterion=criterion or hall.criteria()[0], passed=passed, reason=reason),)
    return judge_conformity(hall.centre, hall.people[letter], JudgeConformity(project=hall.project, seat=seat, bid=hall.tender.bids[0], findings=found))


def test_findings_are_ones_own_and_of_the_document(hall):
    assert judge(hall)[0].passed == 1
    refused("criterion_from_document", judge, hall, "A", "A", "颜色")
    refused("own_sheet", judge, hall, "A", "C")
    refused("reason_if_failed", judge, hall, "A", "A", "", False)
    assert judge(hall, passed=False, reason="未签字")[0].reason == "未签字"


def test_scoring_waits_for_every_finding(hall):
    world.judged(hall)
    member = hall.people["A"]
    with hall.centre.database.writing() as session:
        from evaluation.records import Conformity, Member
        row = session.scalars(select(Conformity).join(Member, Member.id == Conformity.member).where(Member.person == member.id)).first()
        session.delete(row)
        session.commit()
    refused("all_bids_judged", world.scoring, hall)
    world.judged(hall)
    assert world.scoring(hall).room.stage == "scoring"


def test_a_bid_that_most_failed_must_be_rejected_first(hall):
    bid = hall.tender.bids[3]
    world.judged(hall, {bid: "未按要求签字盖章"})
    refused("all_bids_judged", world.scoring, hall)
    cmd = Reject(project=hall.project, bid=bid, ground="unsigned", reason="未按要求签字盖章")
    hall.agreed("evaluation.reject", cmd, "A")
    refused("majority_reached", reject, hall.centre, hall.chair, cmd)
    hall.agreed("evaluation.reject", cmd, "AC")
    assert "第六十三条" in reject(hall.centre, hall.chair, cmd).article
    assert world.scoring(hall).room.stage == "scoring"
    with pytest.raises(NotYours):
        reject(hall.centre, hall.chair, cmd)


def test_a_bid_above_the_ceiling_must_be_rejected_first(hall):
    bid, project = hall.tender.bids[3], hall.project
    world.judged(hall)
    with hall.centre.database.writing() as session:
        amounts = dict(session.execute(select(Opened.bid, Opened.amount).where(Opened.project == project, Opened.part == "price")).all())
        session.get_one(Project, project).ceiling = max(amounts[b] for b in hall.tender.bids if b != bid)
        session.scalars(select(Opened).where(Opened.bid == bid, Opened.part == "price")).one().amount = max(amounts.values()) + 1
        session.commit()
    refused("all_bids_judged", world.scoring, hall)
    cmd = Reject(project=project, bid=bid, ground="above_ceiling", reason="报价超过最高限价")
    hall.agreed("evaluation.reject", cmd, "AC")
    reject(hall.centre, hall.chair, cmd)
    assert world.scoring(hall).room.stage == "scoring"


def test_only_listed_grounds(hall):
    cmd = Reject(project=hall.project, bid=hall.tender.bids[0], ground="ugly", reason="不美观")
    hall.agreed("evaluation.reject", cmd)
    refused("rejection_ground_listed", reject, hall.centre, hall.chair, cmd)


def test_a_vote_binds_to_the_very_words(hall):
    bid = hall.tender.bids[0]
    hall.agreed("evaluation.reject", Reject(project=hall.project, bid=bid, ground="unsigned", reason="未签字"))
    refused("majority_reached", reject, hall.centre, hall.chair, Reject(project=hall.project, bid=bid, ground="unsigned", reason="未盖章"))
    with pytest.raises(Malformed):
        vote(hall.centre, hall.people["A"], Vote(project=hall.project, seat="A", act="evaluation.reject", proposal="{}", yes=True))
    with pytest.raises(Malformed):
        vote(hall.centre, hall.people["A"], Vote(project=hall.project, seat="A", act="evaluation.seal", proposal="{}", yes=True))


def ask(hall, bid, **changed):
    cmd = AskBidder(**({"project": hall.project, "bid": bid, "question": "第三页签字是谁？", "within_bid": True, "without_hint": True} | changed))
    hall.agreed("evaluation.ask_bidder", cmd)
    return ask_bidder(hall.centre, hall.chair, cmd)


def test_a_question_goes_to_one_bidder_who_answers_in_time(hall):
    bid, supplier = hall.tender.bids[0], hall.tender.suppliers[0]
    refused("question_within_bid", lambda: ask(hall, bid, within_bid=False))
    refused("no_hint", lambda: ask(hall, bid, without_hint=False))
    question = ask(hall, bid)
    world.judged(hall)
    refused("questions_closed", world.scoring, hall)
    cmd = Reject(project=hall.project, bid=bid, ground="unsigned", reason="未签字")
    hall.agreed("evaluation.reject", cmd)
    refused("bidder_asked_if_doubtful", reject, hall.centre, hall.chair, cmd)
    with hall.centre.reading() as session:
        now = hall.centre.now()
        assert [m.reader for m in session.scalars(select(Message).where(Message.cause.contains(question.id)))].count(supplier.id) == 1
        assert [q.question for q in questions(session, supplier, hall.project, now)] == ["第三页签字是谁？"]
        assert questions(session, hall.tender.suppliers[1], hall.project, now) == ()
        (seen,) = questions(session, hall.tender.agent, hall.project, now)
        assert (seen.bid, seen.question, seen.answer) == (None, None, None)
    with pytest.raises(NotYours):
        answer(hall.centre, hall.tender.suppliers[1], Answer(project=hall.project, question=question.id, text="我的"))
    answer(hall.centre, supplier, Answer(project=hall.project, question=question.id, text="法定代表人"))
    refused("asked", answer, hall.centre, supplier, Answer(project=hall.project, question=question.id, text="再答"))
    assert world.scoring(hall).room.stage == "scoring"


def test_a_late_answer_is_refused(hall):
    question = ask(hall, hall.tender.bids[0])
    hall.tender.forward(60 * MINUTE + 60_000)
    refused("answer_in_time", answer, hall.centre, hall.tender.suppliers[0], Answer(project=hall.project, question=question.id, text="迟到"))


def low(centre):
    # 40,000,000 is under half of the mean of the others and under 45 % of the budget of 100,000,000
    return world.judged(world.reviewing(world.declared(world.gathered(world.inside(world.prepared(centre, prices=(*FOUR, 40_000_000)))))))


def test_a_low_price_is_asked_by_the_system_and_decided_by_the_committee(centre):
    hall = low(centre)
    with centre.reading() as session:
        (question,) = session.scalars(select(Question))
    assert question.kind == "low_price" and question.bid == hall.tender.bids[4]
    decide = DecideLowPrice(project=hall.project, question=question.id, justified=False, opinion="说明不能证明报价合理")
    hall.agreed("evaluation.decide_low_price", decide)
    refused("explanation_or_time_over", decide_low_price, centre, hall.chair, decide)
    refused("questions_closed", world.scoring, hall)
    hall.tender.forward(31 * MINUTE)
    silent = decide.model_copy(update={"opinion": ""})
    hall.agreed("evaluation.decide_low_price", silent)
    refused("reason_given", decide_low_price, centre, hall.chair, silent)
    decide_low_price(centre, hall.chair, decide)
    with centre.reading() as session:
        assert session.scalars(select(Rejection)).one().ground == "low_price_unproved"
    assert world.scoring(hall).room.stage == "scoring"


def test_works_have_no_such_thresholds(centre):
    hall = world.judged(world.reviewing(world.declared(world.gathered(world.inside(world.prepared(centre, "lowest_price", prices=(*FOUR, 40_000_000)))))))
    with centre.reading() as session:
        assert session.scalar(select(Question)) is None
    assert hall.room.stage == "reviewing"


def test_all_rejected_ends_in_a_report(hall):
    cmd = RejectAll(project=hall.project, reason="有效投标不足三家，明显缺乏竞争")
    hall.agreed("evaluation.reject_all", cmd)
    refused("fewer_than_three_valid", reject_all, hall.centre, hall.chair, cmd)
    for bid in hall.tender.bids[:2]:
        one = Reject(project=hall.project, bid=bid, ground="not_qualified", reason="证明不符")
        hall.agreed("evaluation.reject", one)
        reject(hall.centre, hall.chair, one)
    world.judged(hall)
    refused("three_valid_or_reasoned", begin_scoring, hall.centre, hall.chair, BeginScoring(project=hall.project, reason="仍有竞争"))
    refused("competition_lacking_reasoned", lambda: reject_all(hall.centre, hall.chair, RejectAll(project=hall.project)))
    reject_all(hall.centre, hall.chair, cmd)
    world.signed(hall)
    with hall.centre.reading() as session:
        assert asks.all_rejected(session, hall.project) and asks.candidates(session, hall.project) == ()
        assert [o.rejected != "" for o in asks.own_results(session, hall.project)] == [True, True]


def test_a_stranger_is_nobody_here(hall):
    with pytest.raises(NotYours):
        judge_conformity(hall.centre, Actor("person", hall.tender.host.id, channel="area"), JudgeConformity(
            project=hall.project, seat="A", bid=hall.tender.bids[0], findings=(Finding(criterion="x", passed=True),)))
    with pytest.raises(Stale):
        world.recommend(hall.centre, hall.chair, world.Recommend(project=hall.project, lots=(world.OfLot(lot=hall.tender.lot, bids=()),)))
