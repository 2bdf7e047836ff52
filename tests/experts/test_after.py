"""After the award: appraisals, fees, and the erasure of who was who."""
import pytest
from sqlalchemy import delete, select

from evaluation.area.records import Badge, DoorEvent
from evaluation.records import Session
from experts import reads
from experts.appraise import Appraise, Marks, appraise
from experts.claim_fee import ClaimFee, claim_fee
from experts.desk import key_of
from experts.library import behind
from experts.records import Draw, DrawKey, Fee, Seat
from experts.rules.fees import HOUSE, amount
from experts.transcript import transcript
from kernel import draw as tdraw
from kernel.command import SYSTEM
from kernel.errors import NotYours, Refused, Stale
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import DAY, HOUR, new_id
from tests.worlds.experts import world
from tests.worlds.kept import kept
from trading.projects.records import Project

BEST = Marks(diligence=5, fairness=5, quality=5, discipline=5)


def refused(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.reason.rule


@kept
def awarded(centre):
    made = world(centre)
    draw = made.seeded(representatives=0, econ=2)
    made.answer_all(draw.id)
    now = centre.now()
    made.change(Project, made.project, stage="awarded", reported_at=now, awarded_at=now)
    settle(centre)
    return made


@pytest.fixture
def tender(centre):
    return awarded(centre)


def seats(tender):
    with tender.centre.reading() as session:
        return reads.seats(session, tender.project)


def test_each_side_appraises_each_seat_once(tender):
    seat = seats(tender)[0]
    good = Appraise(seat=seat.id, marks=BEST)
    assert appraise(tender.centre, tender.agent, good).party == "agent"
    assert appraise(tender.centre, tender.buyer, good).party == "buyer"
    with pytest.raises(Stale):
        appraise(tender.centre, tender.agent, good)
    with pytest.raises(NotYours):
        appraise(tender.centre, tender.regulator, good)
    settle(tender.centre)
    with tender.centre.reading() as session:
        told = list(session.scalars(select(Message).where(Message.on == seat.id)))
    assert {m.reader for m in told} == {seat.person} and len(told) == 2


def test_a_lower_mark_needs_facts(tender):
    low = Appraise(seat=seats(tender)[0].id, marks=BEST.model_copy(update={"quality": 3}))
    assert refused(appraise, tender.centre, tender.agent, low) == "marks_with_facts"
    appraise(tender.centre, tender.agent, low.model_copy(update={"facts": "评审意见缺少依据"}))


def test_a_late_appraisal_counts_and_warns(tender):
    tender.wait(20 * DAY)
    settle(tender.centre)
    with tender.centre.reading() as session:
        reminded = session.scalar(select(Message.id).where(Message.reader == tender.agent.id, Message.subject_en == "Appraisal"))
    assert reminded
    appraise(tender.centre, tender.agent, Appraise(seat=seats(tender)[0].id, marks=BEST))


def test_an_evaluation_that_is_not_over_is_not_appraised(tender):
    tender.change(Project, tender.project, reported_at=None)
    assert refused(appraise, tender.centre, tender.agent, Appraise(seat=seats(tender)[0].id, marks=BEST)) == "own_session"


def test_a_fee_comes_from_the_doors(tender):
    first, second = seats(tender)[:2]
    assert refused(claim_fee, tender.centre, SYSTEM, ClaimFee(seat=first.id)) == "hours_from_doors"
    with tender.centre.database.writing() as session:
        room = session.scalars(select(Session)).one()
        room.stage, now = "sealed", tender.centre.clock.now(session)
        for seat in (first, second):
            badge = Badge(id=new_id(), project=tender.project, code=new_id()[:8], kind="member", person=seat.person, holder=seat.letter,
                          since=now, until=now + DAY)
            session.add(badge)
            session.flush()
            for kind, at in (("in", now), ("out", now + (5 if seat is first else 2) * HOUR)):
                session.add(DoorEvent(project=tender.project, badge=badge.id, door="1", kind=kind, at=at))
        session.commit()
    settle(tender.centre)
    with tender.centre.reading() as session:
        fees = {fee.seat: (fee.minutes, fee.amount) for fee in session.scalars(select(Fee))}
    assert fees == {first.id: (300, HOUSE.base + HOUSE.hour), second.id: (120, HOUSE.base)}
    with pytest.raises(Stale):
        claim_fee(tender.centre, SYSTEM, ClaimFee(seat=first.id))
    with pytest.raises(NotYours):
        claim_fee(tender.centre, tender.agent, ClaimFee(seat=second.id))


def test_each_begun_hour_counts():
    assert [amount(m) for m in (0, 240, 241, 300, 301)] == [50_000, 50_000, 60_000, 60_000, 70_000]
    with pytest.raises(ValueError, match="negative"):
        amount(-1)


def test_without_its_key_a_draw_still_verifies_and_names_nobody(tender):
    with tender.centre.database.writing() as session:
        draw = session.scalars(select(Draw)).one()
        pid = session.scalars(select(Seat.pid)).first()
        assert behind(session, draw, pid) is not None
        session.execute(delete(DrawKey))
        session.commit()
    with tender.centre.reading() as session:
        assert key_of(session, draw) is None and behind(session, draw, pid) is None
        found = transcript(session, draw.id)
    assert found["opened_ids"] == {} and tdraw.verify(found) == []
