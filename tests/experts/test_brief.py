"""What a brief is refused for, and what the pool and the rules make of it."""
import pytest
from sqlalchemy import select

from evaluation.records import Session
from experts.enlarge import Enlarge, Wider, enlarge
from experts.pool import Pool, pool
from experts.records import Draw, Expert, PoolMember, Relation
from kernel.command import SYSTEM
from kernel.errors import Malformed, NotYours, Refused
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import DAY, HOUR
from tests.worlds.experts import CIVIL, credit_code, employed_by, people, world
from trading.opening.records import Attendance, Opening
from trading.projects.records import Project
from trading.sealing.records import Ceremony


def refused(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.reason.rule


def only(tender, kind):
    with tender.centre.reading() as session:
        return session.scalars(select(kind)).one()


@pytest.fixture
def tender(centre):
    return world(centre)


def test_a_good_brief(tender):
    draw = tender.brief()
    assert draw.stage == "briefed" and draw.parties == ["agent", "centre", "regulator"]


@pytest.mark.parametrize(("kind", "values", "rule"), [
    (Opening, {"signed": None}, "record_signed_or_early_draw_allowed"),
    (Ceremony, {"stage": "r2"}, "key_ready"),
    (Project, {"kind": "goods"}, "categories_match_lot"),
])
def test_one_fact_refuses_a_brief(tender, kind, values, rule):
    tender.change(kind, only(tender, kind).id, **values)
    assert refused(tender.brief) == rule


def test_a_session_must_be_booked(tender):
    with tender.centre.database.writing() as session:
        session.delete(session.scalars(select(Session)).one())
        session.commit()
    assert refused(tender.brief) == "session_booked"


def test_an_early_draw_may_be_allowed_by_the_document(tender):
    tender.change(Opening, only(tender, Opening).id, signed=None)
    tender.change(Project, tender.project, details={"early_draw": "yes"})
    draw = tender.brief()
    settle(tender.centre)
    assert tender.row(draw.id).rules_hash


@pytest.mark.parametrize(("members", "civil", "econ", "representatives"), [(3, 1, 1, 1), (6, 3, 1, 2), (5, 2, 1, 2)])
def test_the_shape_is_lawful(tender, members, civil, econ, representatives):
    assert refused(tender.brief, members=members, civil=civil, econ=econ, representatives=representatives) == "committee_shape"


def test_seats_add_up(tender):
    with pytest.raises(Malformed):
        tender.brief(members=7)


def test_a_large_procurement_needs_seven(centre):
    tender = world(centre, [[*row[:8], "C080101", row[9]] for row in people(16, 0)], "procurement", budget=1_000_000_000)
    assert refused(tender.brief) in ("categories_match_lot", "committee_shape")
    tender.change(Project, tender.project, kind="construction")
    assert refused(tender.brief) == "committee_shape"
    tender.change(Project, tender.project, budget=999_999_999)
    tender.brief()


def test_an_early_hour_warns_because_nobody_has_checked_the_clause(tender):
    start = only(tender, Session)
    tender.change(Session, start.id, starts=start.starts + 10 * HOUR)
    assert tender.brief().stage == "briefed"


def test_an_agent_draws_not_the_buyer_nor_the_regulator(tender):
    for other in (tender.buyer, tender.regulator):
        with pytest.raises(NotYours):
            tender.brief(by=other)


def test_a_buyer_without_agency_draws_itself(tender):
    tender.change(Project, tender.project, agent=None)
    assert tender.brief(by=tender.buyer).parties == ["buyer", "centre", "regulator"]


def codes_of(tender):
    draw = tender.brief()
    settle(tender.centre)
    return sorted(code for _, code in tender.row(draw.id).excluded)


def test_recusals_by_employer_relation_and_post(centre):
    rows = employed_by(people(20, 8), 1, "示例区建设局", credit_code(1))  # the buyer
    rows = employed_by(rows, 2, "示例招标代理公司", "")  # the agency, by its name alone
    rows = employed_by(rows, 3, "别的名称", credit_code(11))  # a bidder, by its code
    tender = world(centre, rows)
    with centre.reading() as session:
        by_employer = {e.employer: e for e in session.scalars(select(Expert))}
        now = centre.clock.now(session)
    near, far, present, neither = (by_employer[f"示例设计院{n}"] for n in (4, 5, 6, 7))
    tender.add(Relation(expert=near.id, kind="employed", org_name="示例建筑公司2", until=now - 1000 * DAY, declared=now))
    tender.add(Relation(expert=far.id, kind="employed", org_name="示例建筑公司2", until=now - 1200 * DAY, declared=now))  # more than three years ago
    tender.add(Relation(expert=neither.id, kind="employed", org_name="某公司", declared=now))
    tender.add(Attendance(project=tender.project, org=tender.bidders[0], person=present.person, at=now))
    assert codes_of(tender) == ["1", "1", "2", "3", "4"]


def test_bidders_exclude_nobody_before_the_record_is_signed(centre):
    tender = world(centre, employed_by(people(), 1, "x", credit_code(11)), details={"early_draw": "yes"})
    tender.change(Opening, only(tender, Opening).id, signed=None)
    assert codes_of(tender) == []


def test_a_small_pool_waits_until_agent_and_regulator_widen_it(centre):
    tender = world(centre, [*people(9, 2), *[[*row[:8], "A070101", row[9]] for row in people(20, 0)[15:]]])
    draw = tender.brief()
    settle(centre)
    assert tender.row(draw.id).stage == "briefed"
    with centre.reading() as session:
        told = session.scalars(select(Message).where(Message.reader == tender.agent.id)).one()
    assert "2" not in told.body_zh  # no count of a small pool
    wider = Enlarge(draw=draw.id, wider=(Wider(category="A0601", also=("A0701",)),))
    assert refused(pool, centre, SYSTEM, Pool(draw=draw.id)) == "pool_three_times_seats"
    enlarge(centre, tender.agent, wider)
    assert refused(enlarge, centre, tender.agent, wider) == "other_than_first"
    settle(centre)
    assert tender.row(draw.id).stage == "briefed"
    enlarge(centre, tender.regulator, wider)
    settle(centre)
    assert tender.row(draw.id).stage == "pooled"


def test_two_of_one_side_widen_nothing(centre):
    tender = world(centre, people(9, 2))
    draw = tender.brief()
    tender.change(Project, tender.project, agent=None)
    wider = Enlarge(draw=draw.id, wider=(Wider(category="A0601", also=("A0801",)),))
    enlarge(centre, tender.buyer, wider)
    assert refused(enlarge, centre, tender.representative, wider) == "regulator_agrees"


def test_a_pool_that_is_large_enough_is_not_widened(tender):
    draw = tender.brief()
    wider = Enlarge(draw=draw.id, wider=(Wider(category=CIVIL, also=("A0701",)),))
    assert refused(enlarge, tender.centre, tender.agent, wider) == "pool_short"


def test_an_old_brief_takes_no_pool(tender):
    draw = tender.brief()
    tender.wait(25 * HOUR)
    assert refused(pool, tender.centre, SYSTEM, Pool(draw=draw.id)) == "snapshot_fresh"


def test_a_pool_tells_of_each_expert_only_what_the_quota_asks(tender):
    draw = tender.brief()
    settle(tender.centre)
    with tender.centre.reading() as session:
        members = list(session.scalars(select(PoolMember).where(PoolMember.draw == draw.id)))
        assert session.get_one(Draw, draw.id).pool_size == len(members) == 18
    assert {tuple(m.cats) for m in members} == {("A0801",), ("A0601",)}
    assert len({m.org for m in members}) == 18
