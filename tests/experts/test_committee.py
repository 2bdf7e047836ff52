"""From the first call to the committee: replies, conflicts after acceptance, representatives, letters, short draws."""
import pytest
from sqlalchemy import select

from experts import reads
from experts.brief import Brief, Wanted, brief
from experts.calling import token
from experts.desk import outcomes_of
from experts.fill import Fill, fill
from experts.find_conflict import FindConflict, find_conflict
from experts.mark_unreachable import MarkUnreachable, mark_unreachable
from experts.name_representative import NameRepresentative, name_representative
from experts.records import Relation, Seat
from experts.release import Release, release
from experts.reply import Reply, reply
from experts.substitute import Substitute, substitute
from experts.transcript import transcript
from experts.vacate import Vacate, vacate
from kernel import draw as tdraw
from kernel.command import PUBLIC, SYSTEM
from kernel.errors import NotYours, Refused, Stale
from kernel.messages import Message
from kernel.reactions import run_reactions
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.worlds.experts import ECON, grant, people, world
from trading.opening.records import Attendance
from trading.projects.records import Project

LETTER = "a" * 64


def refused(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.reason.rule


@pytest.fixture
def tender(centre):
    return world(centre)


def test_a_link_is_good_for_one_answer_in_its_window(tender):
    draw = tender.seeded()
    first = tender.answer(draw.id)
    link = Reply(token=token(tender.centre, first.id), accepts=False)
    assert refused(reply, tender.centre, PUBLIC, link) == "call_open"
    with pytest.raises(NotYours):
        reply(tender.centre, PUBLIC, Reply(token="0" * 32, accepts=True))
    late = tender.open_call(draw.id)
    tender.wait(15 * MINUTE)
    assert refused(reply, tender.centre, PUBLIC, Reply(token=token(tender.centre, late.id), accepts=True)) == "call_open"


def test_unreachable_needs_the_window_and_every_channel(tender):
    draw = tender.seeded()
    call = tender.open_call(draw.id)
    mark = MarkUnreachable(call=call.id)
    assert refused(mark_unreachable, tender.centre, SYSTEM, mark) == "waiting_time_over"
    tender.wait(15 * MINUTE)
    assert refused(mark_unreachable, tender.centre, SYSTEM, mark) == "channels_tried"
    settle(tender.centre)
    with tender.centre.reading() as session:
        ways = sorted(session.scalars(select(Message.channel).where(Message.on == call.id)))
        assert [o.reply for o in outcomes_of(session, tender.row(draw.id))] == ["unreachable"]
    assert ways == ["inbox", "mail", "sms"]


def test_a_call_tells_time_and_specialty_and_nothing_of_the_tender(tender):
    draw = tender.seeded()
    call = tender.open_call(draw.id)
    with tender.centre.reading() as session:
        said = session.scalars(select(Message).where(Message.on == call.id)).one()
        project = session.get_one(Project, tender.project)
    text = said.subject_zh + said.subject_en + said.body_zh + said.body_en + said.link
    assert call.category in text and token(tender.centre, call.id) in said.link
    for secret in (project.title, project.code, project.id, project.buyer, "示例区建设局", "示例建筑公司", draw.id):
        assert secret not in text


def test_somebody_related_since_the_pool_is_passed_over_without_a_word(tender):
    draw = tender.brief()
    settle(tender.centre)
    for party in tender.parties():
        tender.commit(draw.id, party)
    for party in tender.parties():
        tender.reveal(draw.id, party)
    run_reactions(tender.centre)  # the first call stands, its message not yet
    call = tender.open_call(draw.id)
    tender.add(Relation(expert=call.expert, kind="kin_of_head", org_name="示例建筑公司0", declared=1))
    settle(tender.centre)
    with tender.centre.reading() as session:
        outcome = outcomes_of(session, tender.row(draw.id))[0]
        assert (outcome.pid, outcome.reply, outcome.code) == (call.pid, "conflict", "3")
        assert not session.scalar(select(Message.id).where(Message.on == call.id))


def test_a_conflict_needs_a_relation_or_the_members_own_word(tender):
    draw = tender.seeded()
    seated = tender.answer(draw.id)
    said = FindConflict(draw=draw.id, pid=seated.pid)
    assert refused(find_conflict, tender.centre, SYSTEM, said) == "relation_found"
    with pytest.raises(NotYours):
        find_conflict(tender.centre, SYSTEM, FindConflict(draw=draw.id, pid="0" * 64))
    assert find_conflict(tender.centre, SYSTEM, said.model_copy(update={"declared": 1})).reply == "out"


def filled(tender):
    draw = tender.seeded(representatives=0, econ=2)
    tender.answer_all(draw.id)
    assert tender.row(draw.id).stage == "filled"
    return draw.id


def test_a_lost_seat_goes_to_the_next_in_the_same_order(centre):
    tender = world(centre, people(12, 6))
    draw = filled(tender)
    with centre.reading() as session:
        gone = reads.seats(session, tender.project)[2]
    ask = Substitute(draw=draw, pid=gone.pid)
    assert refused(substitute, centre, tender.agent, ask) == "member_out"
    assert refused(vacate, centre, SYSTEM, Vacate(draw=draw, pid=gone.pid, cause="dislike")) == "cause_of_replacement_lawful"
    vacate(centre, SYSTEM, Vacate(draw=draw, pid=gone.pid, cause="health"))
    settle(centre)
    assert tender.open_call(draw) is None  # the agent asks first
    with pytest.raises(NotYours):
        substitute(centre, tender.buyer, ask)
    substitute(centre, tender.agent, ask)
    settle(centre)
    tender.answer_all(draw)
    with centre.reading() as session:
        now = reads.seats(session, tender.project)
        found = transcript(session, draw)
    assert "".join(s.letter for s in now) == "ABCDE" and gone.pid not in {s.pid for s in now}
    assert tdraw.verify(found) == [] and [reply for _, reply in found["outcomes"]].count("out") == 1


def test_letters_follow_neither_the_calls_nor_each_other(centre):
    tender = world(centre, people(18, 6))
    draw = filled(tender)
    with centre.reading() as session:
        called = [o.pid for o in outcomes_of(session, tender.row(draw))]
        by_letter = [s.pid for s in reads.seats(session, tender.project)]
    assert sorted(called) == sorted(by_letter)
    with centre.reading() as session:
        assert reads.committee_filled(session, tender.project)


def test_the_representative(tender):
    draw = tender.seeded().id
    tender.answer_all(draw)
    assert refused(fill, tender.centre, SYSTEM, Fill(draw=draw)) == "committee_shape"
    someone = NameRepresentative(draw=draw, person=tender.representative.id, authorisation=LETTER)
    with pytest.raises(NotYours):
        name_representative(tender.centre, tender.agent, someone)
    bare = someone.model_copy(update={"authorisation": ""})
    assert refused(name_representative, tender.centre, tender.buyer, bare) == "authorisation_attached"
    name_representative(tender.centre, tender.buyer, someone)
    settle(tender.centre)
    assert tender.row(draw).stage == "filled"
    again = someone.model_copy(update={"person": tender.buyer.id})
    assert refused(name_representative, tender.centre, tender.buyer, again) == "representative_share"


def test_another_representative_takes_the_letter_of_the_one_who_left(tender):
    draw = tender.seeded().id
    tender.answer_all(draw)
    first = name_representative(tender.centre, tender.buyer, NameRepresentative(draw=draw, person=tender.representative.id, authorisation=LETTER))
    settle(tender.centre)
    vacate(tender.centre, SYSTEM, Vacate(draw=draw, pid=first.pid, cause="health"))
    with tender.centre.reading() as session:
        letter = session.get_one(Seat, first.id).letter
        assert len(reads.seats(session, tender.project)) == 4
    second = name_representative(tender.centre, tender.buyer, NameRepresentative(draw=draw, person=tender.buyer.id, authorisation=LETTER))
    assert second.letter == letter and tender.row(draw).stage == "filled"
    with tender.centre.reading() as session:
        assert tdraw.verify(transcript(session, draw)) == []


@pytest.mark.parametrize("tie", ["present", "staff", "agency"])
def test_a_representative_with_a_tie_must_not_sit(tender, tie):
    draw = tender.brief().id
    person = tender.agent.id if tie == "agency" else tender.representative.id
    if tie == "present":
        tender.add(Attendance(project=tender.project, org="x", person=person, at=1))
    if tie == "staff":
        grant(tender, person, "cashier")
    someone = NameRepresentative(draw=draw, person=person, authorisation=LETTER)
    assert refused(name_representative, tender.centre, tender.buyer, someone) == "representative_unrelated"


def test_a_draw_that_falls_short_is_followed_by_one_for_the_empty_seats(tender):
    draw = tender.seeded().id
    while call := tender.open_call(draw):
        tender.answer(draw, accepts=call.category != ECON)
    assert tender.row(draw).stage == "short"
    second = brief(tender.centre, tender.agent, Brief(
        project=tender.project, quota=(Wanted(category=ECON, seats=1),), members=5, representatives=1))
    assert second.number == 2
    settle(tender.centre)
    for party in tender.parties():
        tender.commit(second.id, party)
    for party in tender.parties():
        tender.reveal(second.id, party)
    settle(tender.centre)
    tender.answer_all(second.id)
    name_representative(tender.centre, tender.buyer, NameRepresentative(draw=second.id, person=tender.representative.id, authorisation=LETTER))
    settle(tender.centre)
    assert tender.row(second.id).stage == "filled"
    with tender.centre.reading() as session:
        assert "".join(s.letter for s in reads.seats(session, tender.project)) == "ABCDE"
        codes = {code for _, code in tender.row(second.id).excluded}
        assert len(list(session.scalars(select(Seat).where(Seat.draw == draw)))) == 3
    assert codes <= {"5"}


def test_names_stay_secret_until_their_stage_and_for_ever_when_a_tender_stops_before(tender):
    draw = filled(tender)
    assert refused(release, tender.centre, SYSTEM, Release(draw=draw)) == "names_secrecy_over"
    tender.change(Project, tender.project, stage="failed", stopped_at="evaluating")
    assert refused(release, tender.centre, SYSTEM, Release(draw=draw)) == "names_secrecy_over"
    settle(tender.centre)
    assert tender.row(draw).stage == "filled"
    tender.change(Project, tender.project, stage="awarded", stopped_at=None)
    release(tender.centre, SYSTEM, Release(draw=draw))
    with pytest.raises(Stale):
        release(tender.centre, SYSTEM, Release(draw=draw))


def test_procurement_keeps_names_one_stage_longer(centre):
    tender = world(centre, field_="procurement", kind="construction")
    draw = filled(tender)
    tender.change(Project, tender.project, stage="awarded")
    assert refused(release, centre, SYSTEM, Release(draw=draw)) == "names_secrecy_over"
    tender.change(Project, tender.project, stage="announced")
    release(centre, SYSTEM, Release(draw=draw))
