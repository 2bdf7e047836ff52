"""Signing, dissent, refusal; a member who leaves, the halt that follows, the substitute who takes over."""
import pytest
from sqlalchemy import select

from evaluation.area.records import Alarm
from evaluation.dissent import Dissent, dissent
from evaluation.halt import Halt, halt
from evaluation.note_refusal import NoteRefusal, note_refusal
from evaluation.reads import report_file
from evaluation.records import Member, ReportSignature, Session
from evaluation.recuse import Recuse, recuse
from evaluation.report import data
from evaluation.resume import Resume, resume
from evaluation.sign import Sign, sign
from experts.records import Draw, Seat
from kernel.canonical import sha256
from kernel.command import SYSTEM, Actor
from kernel.errors import NotYours, Stale
from kernel.identity.records import Person
from kernel.values import MINUTE, new_id
from tests.evaluation.test_session import SCORES, finished, refused
from tests.world import staff
from tests.worlds import evaluation as world
from trading import asks
from trading.projects.records import Project


def test_a_signature_is_for_the_report_as_it_stands(centre):
    hall = world.recommended(finished(centre))
    refused("report_shown", sign, centre, hall.people["A"], Sign(project=hall.project, report=""))
    refused("report_unchanged", sign, centre, hall.people["A"], Sign(project=hall.project, report="00" * 32))
    sign(centre, hall.people["A"], Sign(project=hall.project, report=hall.room.report_digest))
    with pytest.raises(Stale):
        sign(centre, hall.people["A"], Sign(project=hall.project, report=hall.room.report_digest))
    world.settle(centre)
    assert hall.room.stage == "signing"


def test_dissent_and_silence_both_end_the_signing(centre):
    hall = world.signed(world.recommended(finished(centre)), "ABC")
    refused("reason_given", dissent, centre, hall.people["D"], Dissent(project=hall.project, report=hall.room.report_digest))
    dissent(centre, hall.people["D"], Dissent(project=hall.project, report=hall.room.report_digest, reason="第二名业绩证明存疑"))
    cmd = NoteRefusal(project=hall.project, seat="E")
    refused("sign_window_over", note_refusal, centre, hall.chair, cmd)
    hall.tender.forward(120 * MINUTE)
    refused("no_dissent_written", note_refusal, centre, hall.chair, cmd.model_copy(update={"seat": "D"}))
    note_refusal(centre, hall.chair, cmd)
    world.settle(centre)
    assert hall.room.stage == "sealed"
    with centre.reading() as session:
        assert sorted(session.scalars(select(ReportSignature.kind))) == ["dissent", "refused", "signed", "signed", "signed"]

        class Here:
            moment = centre.now()

        here = Here()
        here.session = session
        printed = data(here, session.get_one(Project, hall.project), hall.room, [])
    assert printed["dissents"] == [{"letter": "D", "text": "第二名业绩证明存疑"}]
    assert [s["letter"] for s in printed["signatures"]] == list("ABCDE")


def test_the_report_is_read_by_the_right_people(centre):
    hall = world.recommended(finished(centre))
    with centre.reading() as session:
        assert report_file(session, hall.tender.agent, hall.project, centre.now()) is None
    world.signed(hall)
    hall.tender.set(stage="reported")
    with centre.reading() as session:
        now = centre.now()
        assert report_file(session, hall.tender.agent, hall.project, now) == (hall.room.sealed_blob, hall.room.sealed_digest)
        assert report_file(session, hall.tender.suppliers[0], hall.project, now) is None


def test_a_recused_member_breaks_the_shape_and_a_substitute_mends_it(centre):
    hall = world.ready(centre)
    for letter in world.LETTERS:
        world.fill_sheet(hall, letter, SCORES)
    world.give_in(hall, "D")
    recuse(centre, hall.people["D"], Recuse(project=hall.project))
    world.settle(centre)
    assert hall.room.halted == "shape_broken"
    with centre.reading() as session:
        assert asks.committee_roles(session, hall.project, hall.people["D"].id, centre.now()) == set()
        assert session.scalars(select(Alarm)).one().rule == "shape_broken"
    refused("not_suspended", world.give_in, hall, "A")
    back = Resume(project=hall.project, cause_gone=True)
    refused("committee_shape", resume, centre, hall.tender.agent, back)
    substitute(hall)
    refused("cause_gone", resume, centre, hall.tender.agent, back.model_copy(update={"cause_gone": False}))
    resume(centre, hall.tender.agent, back)
    for letter in world.LETTERS:
        if letter == "D":
            world.fill_sheet(hall, "D", SCORES)
        world.give_in(hall, letter)
    world.settle(centre)
    assert hall.room.stage == "summing"
    with centre.reading() as session:
        assert len(list(session.scalars(select(Member.id).where(Member.seat == "D")))) == 2


def substitute(hall):
    """Another person on seat D, as the experts' room would name it."""
    with hall.centre.database.writing() as session:
        now = hall.centre.clock.now(session)
        old = session.scalars(select(Seat).where(Seat.letter == "D")).one()
        old.out = old.out or now
        person = Person(id=new_id(), login=f"sub-{new_id()[:4]}", name="评委甄替", created=now)
        session.add(person)
        session.flush()
        session.add(Seat(project=hall.project, draw=session.scalars(select(Draw.id)).first(), kind="expert", person=person.id, expert=new_id(),
                         pid=sha256(person.id.encode()).hex(), letter="D", accepted=now))
        session.commit()
        hall.people["D"] = Actor("person", person.id, channel="area")


def test_only_the_side_that_halted_resumes(centre):
    hall = world.ready(centre)
    regulator = staff(centre, "regulator", scope="procurement")
    refused("order_cited_if_regulator", halt, centre, regulator, Halt(project=hall.project, cause="complaint_order"))
    refused("cause_listed", halt, centre, regulator, Halt(project=hall.project, cause="boredom", order="财〔2026〕1号"))
    halt(centre, regulator, Halt(project=hall.project, cause="complaint_order", order="财〔2026〕1号"))
    refused("not_suspended", world.fill_sheet, hall, "A", SCORES)
    refused("same_side_resumes", resume, centre, hall.tender.agent, Resume(project=hall.project, cause_gone=True))
    resume(centre, regulator, Resume(project=hall.project, cause_gone=True))
    world.fill_sheet(hall, "A", SCORES)
    with pytest.raises(NotYours):
        halt(centre, hall.tender.agent, Halt(project=hall.project, cause="fire"))
    halt(centre, SYSTEM, Halt(project=hall.project, cause="fire"))
    with centre.reading() as session:
        assert session.scalars(select(Session.halted)).one() == "fire"
