"""Badges, doors, phones, guests, alarms, recordings. One set-up, one fact changed."""
import pytest
from sqlalchemy import delete, select

from evaluation.area.add_segment import AddSegment, add_segment
from evaluation.area.admit import Admit, admit, present
from evaluation.area.allow_leave import AllowLeave, allow_leave
from evaluation.area.issue_badge import IssueBadge, issue_badge
from evaluation.area.leave import Leave, leave
from evaluation.area.presence import inside as inside_now
from evaluation.area.raise_alarm import RaiseAlarm, raise_alarm
from evaluation.area.records import Alarm, Badge, DoorEvent, Recording
from evaluation.area.register_guest import RegisterGuest, register_guest
from evaluation.area.return_phone import ReturnPhone, return_phone
from evaluation.area.settle_alarm import SettleAlarm, settle_alarm
from evaluation.area.start_recording import StartRecording, start_recording
from evaluation.area.store_phone import StorePhone, store_phone
from evaluation.recuse import Recuse, recuse
from experts import asks as of_experts
from kernel.command import SYSTEM, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.identity import asks as of_identity
from kernel.values import DAY, MINUTE
from tests.evaluation.test_session import finished, refused
from tests.world import staff
from tests.worlds import evaluation as world
from trading.bids.records import Closing
from trading.projects.records import Project


@pytest.fixture
def hall(centre):
    return world.prepared(centre)


def go_in(hall, letter="A", **changed):
    return admit(hall.centre, hall.guard, Admit(**({"badge": hall.badge(letter), "door": "D1", "face": True, "paper": True} | changed)))


def stored(hall, letter="A", locker=1):
    return store_phone(hall.centre, hall.guard, StorePhone(badge=hall.badge(letter), locker=locker))


def test_every_seat_has_one_badge(hall):
    with hall.centre.reading() as session:
        assert sorted(session.scalars(select(Badge.holder))) == list("ABCDE")
    refused("badge_free", issue_badge, hall.centre, SYSTEM, IssueBadge(project=hall.project, seat="A"))
    refused("seat_accepted", issue_badge, hall.centre, SYSTEM, IssueBadge(project=hall.project, seat="F"))


def test_the_door_asks_for_everything(hall):
    refused("phone_in_locker", go_in, hall)
    stored(hall)
    refused("face_and_paper_match", lambda: go_in(hall, face=False))
    refused("right_zone", lambda: go_in(hall, zone="overnight"))
    with pytest.raises(NotYours):
        admit(hall.centre, Actor("person", hall.guard.id), Admit(badge=hall.badge("A"), door="D1", face=True, paper=True))
    assert go_in(hall).state == "inside"
    hall.tender.forward(2 * DAY)
    refused("badge_in_window", go_in, hall)


def test_a_refusal_is_written_and_rings(hall):
    cmd = Admit(badge=hall.badge("A"), door="D1", face=True, paper=True)
    with pytest.raises(Refused):
        present(hall.centre, hall.guard, cmd)
    world.settle(hall.centre)
    with hall.centre.reading() as session:
        assert session.scalars(select(DoorEvent)).one().guard == "phone_in_locker"
        alarm = session.scalars(select(Alarm)).one()
    assert alarm.rule == "entry_refused" and alarm.figures == {"door": "D1", "guard": "phone_in_locker"}
    refused("finding_given", settle_alarm, hall.centre, hall.guard, SettleAlarm(alarm=alarm.id, finding="whatever"))
    settle_alarm(hall.centre, hall.guard, SettleAlarm(alarm=alarm.id, finding="explained"))
    refused("alarm_open", settle_alarm, hall.centre, hall.guard, SettleAlarm(alarm=alarm.id, finding="explained"))


def test_an_alarm_has_a_rule_and_figures(hall):
    refused("rule_of_alarm_met", raise_alarm, hall.centre, SYSTEM, RaiseAlarm(project=hall.project, rule="noise", cause="1", figures={"n": 1}))
    refused("rule_of_alarm_met", raise_alarm, hall.centre, SYSTEM, RaiseAlarm(project=hall.project, rule="absent", cause="1"))
    cmd = RaiseAlarm(project=hall.project, rule="absent", cause="1", figures={"minutes": 11})
    raise_alarm(hall.centre, SYSTEM, cmd)
    with pytest.raises(Stale):
        raise_alarm(hall.centre, SYSTEM, cmd)


def test_lockers_hold_one_phone(hall):
    stored(hall)
    refused("slip_free", stored, hall, "B", 1)
    refused("slip_free", stored, hall, "A", 2)
    refused("report_signed_or_out_for_good", return_phone, hall.centre, hall.guard, ReturnPhone(badge=hall.badge("A")))


def test_a_member_stays_until_the_report_or_a_leave_of_two(centre):
    hall = world.gathered(world.inside(world.prepared(centre)))
    code = hall.badge("A")
    out = Leave(badge=code, door="D1")
    refused("leave_allowed_or_report_signed", leave, centre, hall.guard, out)
    cmd = AllowLeave(badge=code, minutes=15, escort="值守乙", reason="就医")
    refused("escort_named", allow_leave, centre, hall.agent, cmd.model_copy(update={"escort": ""}))
    allow_leave(centre, hall.agent, cmd)
    refused("leave_allowed_or_report_signed", leave, centre, hall.guard, out)
    allow_leave(centre, Actor("person", staff(centre, "regulator", scope="procurement").id, channel="area"), cmd)
    assert leave(centre, hall.guard, out).state == "out"
    with pytest.raises(Stale):
        leave(centre, hall.guard, out)
    hall.tender.forward(16 * MINUTE)
    world.settle(centre)
    with centre.reading() as session:
        assert session.scalars(select(Alarm.rule)).one() == "leave_overrun"


def test_a_recused_member_goes_and_does_not_return(centre):
    hall = world.gathered(world.inside(world.prepared(centre)))
    recuse(centre, hall.people["A"], Recuse(project=hall.project))
    assert leave(centre, hall.guard, Leave(badge=hall.badge("A"), door="D1")).state == "ended"
    return_phone(centre, hall.guard, ReturnPhone(badge=hall.badge("A")))
    refused("badge_in_window", go_in, hall)


def test_after_the_sealing_all_leave_and_minutes_are_known(centre):
    hall = world.signed(world.recommended(finished(centre)))
    hall.tender.forward(5 * MINUTE)
    with centre.reading() as session:
        assert of_experts.door_minutes(session, hall.project, hall.people["A"].id) is None
    for letter in world.LETTERS:
        leave(centre, hall.guard, Leave(badge=hall.badge(letter), door="D1"))
        return_phone(centre, hall.guard, ReturnPhone(badge=hall.badge(letter)))
    with centre.reading() as session:
        assert inside_now(session, hall.project) == set()
        assert of_experts.door_minutes(session, hall.project, hall.people["A"].id) >= 5
        assert of_experts.fee_forfeited(session, hall.project, hall.people["A"].id) is False


def test_guests_are_listed_escorted_and_reported(hall):
    right = RegisterGuest(project=hall.project, kind="technician", escort="值守乙", regulator_told=True)
    for rule, changed in (("guest_kind_listed", {"kind": "journalist"}), ("escort_named", {"escort": " "}), ("regulator_told", {"regulator_told": False})):
        refused(rule, register_guest, hall.centre, hall.guard, right.model_copy(update=changed))
    badge = register_guest(hall.centre, hall.guard, right)
    store_phone(hall.centre, hall.guard, StorePhone(badge=badge.code, locker=9))
    assert admit(hall.centre, hall.guard, Admit(badge=badge.code, door="D1", face=True, paper=True)).holder == "technician"


def test_a_recording_needs_whole_devices_and_one_clock(hall):
    right = StartRecording(project=hall.project, place="evaluation", devices=2)
    refused("devices_whole", start_recording, hall.centre, SYSTEM, right.model_copy(update={"faulty": 1}))
    refused("clock_agrees", start_recording, hall.centre, SYSTEM, right.model_copy(update={"clock_off": 3_000}))
    row = start_recording(hall.centre, SYSTEM, right)
    assert row.devices == 2
    with pytest.raises(NotYours):
        add_segment(hall.centre, hall.guard, AddSegment(project=hall.project, place="evaluation", digest="aa" * 32))
    add_segment(hall.centre, Actor("program", "cam", channel="device"), AddSegment(project=hall.project, place="evaluation", digest="aa" * 32, gap=True))
    with pytest.raises(Stale):
        start_recording(hall.centre, SYSTEM, right)
    with hall.centre.reading() as session:
        assert session.scalars(select(Recording.gaps).where(Recording.place == "evaluation")).one() == 1


def test_the_opening_is_recorded_from_the_deadline_on(hall):
    with hall.centre.database.writing() as session:
        session.execute(delete(Closing))
        session.commit()
    hall.tender.set(Project, stage="inviting", deadline=hall.centre.now() + 10 * MINUTE)
    world.settle(hall.centre)
    with hall.centre.reading() as session:
        assert session.scalar(select(Recording).where(Recording.place == "opening")) is None
    hall.tender.forward(10 * MINUTE)
    world.settle(hall.centre)
    with hall.centre.reading() as session:
        assert session.scalars(select(Recording).where(Recording.place == "opening")).one().closed is None


def test_the_terminals_of_the_area_are_for_those_with_a_window(hall):
    with hall.centre.reading() as session:
        now = hall.centre.now()
        for someone in (hall.people["A"], hall.guard, hall.tender.agent):
            assert of_identity.area_window(session, someone.id, now)
        for someone in (hall.tender.buyer, hall.tender.suppliers[0]):
            assert not of_identity.area_window(session, someone.id, now)
        assert not of_identity.area_window(session, hall.people["A"].id, now + 2 * DAY)
        assert not of_identity.area_window(session, hall.tender.agent.id, now + 2 * DAY)
