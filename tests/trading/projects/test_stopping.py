"""Ways in which a tender is sent back, halted, taken back, ended and its file closed."""
import pytest
from sqlalchemy import select

import trading.projects.reactions
import trading.projects.timers  # noqa: F401  registers alarms and draws
from kernel.command import SYSTEM
from kernel.errors import NotYours, Refused, Stale
from kernel.ledger.entries import Entry
from kernel.ledger.sequencer import sequence
from kernel.messages import Message
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from kernel.values import DAY, new_id
from tests.world import login, staff
from tests.worlds.projects import ALL_YES, load, people, published_replay, recorded, reviewed, reviewers
from tests.worlds.tenders import colleague, complete, published, put
from trading.bids.records import Bid, Closing
from trading.notices.publish_failure import PublishFailure, publish_failure
from trading.notices.publish_termination import PublishTermination, publish_termination
from trading.projects.archive import Archive, archive
from trading.projects.assign import Assign, assign
from trading.projects.fail import Fail, fail
from trading.projects.flag_green import FlagGreen, flag_green
from trading.projects.queue import review_queue
from trading.projects.records import Lot, Suspension
from trading.projects.resume import Resume, resume
from trading.projects.return_for_repair import ReturnForRepair, return_for_repair
from trading.projects.stage import stage_at
from trading.projects.submit import Submit, submit
from trading.projects.suspend import Suspend, suspend
from trading.projects.terminate import Terminate, terminate
from trading.projects.withdraw import Withdraw, withdraw


def refused(call, *args) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.reason.rule


def closing(centre, project: str, count: int) -> None:  # type: ignore[no-untyped-def]
    """The closing list as trading.bids.close writes it, and the stage it leaves."""
    with centre.database.writing() as session:
        lot = session.scalars(select(Lot.id).where(Lot.project == project)).one()
        session.add(Closing(id=new_id(), project=project, lot=lot, root="0" * 64, count=count, digests=[], moment=centre.clock.now(session)))
        session.commit()
    put(centre, project, stage="closed")


def bid(centre, project: str, org: str, state: str = "live") -> None:  # type: ignore[no-untyped-def]
    with centre.database.writing() as session:
        lot = session.scalars(select(Lot.id).where(Lot.project == project)).one()
        session.add(Bid(id=new_id(), project=project, lot=lot, org=org, supplier="0" * 64, supplier_salt=b"0" * 32, version=1, state=state,
                        moment=centre.clock.now(session)))
        session.commit()


def test_a_file_sent_back_names_every_fault_and_starts_a_new_round(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = recorded(centre, who.buyer)
    submit(centre, who.buyer, Submit(project=project.id))
    assign(centre, SYSTEM, Assign(project=project.id))
    first, second = reviewers(centre, project.id)
    faulty = ALL_YES | {"plan": "no", "rooms": "no"}
    cmd = ReturnForRepair(project=project.id, checklist=faulty, reasons={"plan": "缺批复", "rooms": "未预约"})
    assert refused(return_for_repair, centre, second, cmd) == "drawn_for_file"
    assert refused(return_for_repair, centre, first, cmd.model_copy(update={"reasons": {"plan": " ", "rooms": "未预约"}})) == "reason_given"
    assert refused(return_for_repair, centre, first, cmd.model_copy(update={"reasons": {"plan": "缺批复"}})) == "all_faults_at_once"
    assert return_for_repair(centre, first, cmd).result == "returned"
    assert load(centre, project.id).stage == "draft"
    reviewed(centre, project.id, who.buyer)
    assert load(centre, project.id).round == 2


def test_reactions_draw_and_tell_and_queues_show_only_ones_own_turn(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = recorded(centre, who.buyer)
    submit(centre, who.buyer, Submit(project=project.id))
    settle(centre)
    first, second = reviewers(centre, project.id)
    with centre.reading() as session:
        assert [w.project for w in review_queue(session, first, centre.now())] == [project.id]
        assert review_queue(session, second, centre.now()) == ()
        assert [m.reader for m in session.scalars(select(Message).where(Message.on == project.id))] == [first.id]


def test_an_overdue_review_alarms_registrar_and_regulator_once(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = recorded(centre, who.buyer, deadline=centre.now() + 60 * DAY)
    submit(centre, who.buyer, Submit(project=project.id))
    settle(centre)

    def alarms() -> int:
        with centre.reading() as session:
            return len(session.scalars(select(Message).where(Message.on == project.id, Message.subject_en == "A review is overdue")).all())

    assert alarms() == 0
    step(centre, SYSTEM, Step(forward=12 * DAY))
    settle(centre)
    settle(centre)
    assert alarms() == 3  # two registrars, one regulator
    first, _ = reviewers(centre, project.id)
    with centre.reading() as session:
        assert review_queue(session, first, centre.now())[0].late


def test_a_file_waits_for_a_reviewer_to_come_on_duty(centre) -> None:  # type: ignore[no-untyped-def]
    from tests.worlds.projects import organisation

    buyer = organisation(centre, "示例采购人", buyer=True)
    project = recorded(centre, buyer)
    submit(centre, buyer, Submit(project=project.id))
    settle(centre)
    staff(centre, "reviewer1")
    staff(centre, "reviewer2")
    settle(centre)
    assert len({person.id for person in reviewers(centre, project.id)}) == 2


def test_the_green_channel_knows_five_kinds(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project, manager = recorded(centre, who.buyer), staff(centre, "room_manager")
    assert flag_green(centre, manager, FlagGreen(project=project.id, kind="time_critical")).green == "time_critical"
    assert refused(flag_green, centre, manager, FlagGreen(project=project.id, kind="friendship")) == "cause_listed"
    with pytest.raises(NotYours):
        flag_green(centre, who.buyer, FlagGreen(project=project.id, kind="time_critical"))


def test_a_tender_is_taken_back_only_before_its_notice(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    gone = withdraw(centre, who.buyer, Withdraw(project=recorded(centre, who.buyer).id))
    assert (gone.stage, gone.stopped_at) == ("terminated", "draft")
    with pytest.raises(Stale):
        publish_termination(centre, who.buyer, PublishTermination(project=gone.id, fields={"reason": "不再需要"}))
    public = published_replay(centre, who.buyer)
    assert refused(withdraw, centre, who.buyer, Withdraw(project=public.id)) == "not_published"


def test_a_suspension_stops_the_clock_and_moves_it_on(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    cmd = Suspend(project=project.id, cause="system_failure")
    assert refused(suspend, centre, who.agent, cmd.model_copy(update={"cause": "bad_weather"})) == "cause_listed"
    suspend(centre, who.agent, cmd)
    assert refused(suspend, centre, who.agent, cmd) == "not_suspended"
    step(centre, SYSTEM, Step(forward=40 * DAY))
    halted = load(centre, project.id)
    assert centre.now() > halted.deadline and stage_at(halted, centre.now()) == "inviting"
    assert refused(resume, centre, who.agent, Resume(project=project.id, finding=" ")) == "cause_gone"
    resume(centre, who.agent, Resume(project=project.id, finding="故障已排除"))
    after = load(centre, project.id)
    assert after.suspended == "" and after.deadline - project.deadline >= 40 * DAY
    with pytest.raises(Stale):
        resume(centre, who.agent, Resume(project=project.id, finding="故障已排除"))


def test_a_regulators_order_is_cited_and_only_the_regulator_or_time_lifts_it(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    regulator = login(centre, "regulator1")
    cmd = Suspend(project=project.id, cause="complaint_order", until=centre.now() + 30 * DAY)
    assert refused(suspend, centre, regulator, cmd) == "order_cited_if_regulator"
    suspend(centre, regulator, cmd.model_copy(update={"order_number": "示例〔2026〕9 号"}))
    assert refused(resume, centre, who.agent, Resume(project=project.id, finding="x")) in ("cause_gone", "same_side_resumes")
    settle(centre)
    assert load(centre, project.id).suspended == "complaint_order"
    step(centre, SYSTEM, Step(forward=30 * DAY))
    assert refused(resume, centre, who.agent, Resume(project=project.id, finding="x")) == "same_side_resumes"
    settle(centre)
    assert load(centre, project.id).suspended == ""


def test_two_persons_of_the_buyer_end_a_tender_on_a_listed_cause(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    other = colleague(centre, who.buyer)
    cmd = Terminate(project=project.id, cause="task_cancelled")
    assert refused(terminate, centre, who.buyer, cmd.model_copy(update={"cause": "special_reason"})) == "termination_cause_lawful"
    terminate(centre, who.buyer, cmd)
    assert load(centre, project.id).stage == "inviting"
    assert refused(terminate, centre, who.buyer, cmd) == "other_than_first"
    terminate(centre, other, cmd)
    ended = load(centre, project.id)
    assert (ended.stage, ended.stopped_at, ended.stop_cause) == ("terminated", "inviting", "task_cancelled")
    assert publish_termination(centre, who.agent, PublishTermination(project=project.id)).kind == "termination"


@pytest.mark.parametrize(("count", "fails"), [(2, True), (3, False)])
def test_fewer_than_three_bidders_fail_a_tender(centre, count, fails) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    closing(centre, project.id, count)
    cmd = Fail(project=project.id, condition="fewer_than_three_bidders")
    if not fails:
        assert refused(fail, centre, who.agent, cmd) == "failing_condition_met"
        return
    assert fail(centre, who.agent, cmd).stopped_at == "closed"
    said = PublishFailure(project=project.id, fields={"reason": "投标人不足三家"})
    assert refused(publish_failure, centre, who.agent, said.model_copy(update={"fields": {"reason": "仅有2家投标"}})) == "reason_without_numbers"
    named = said.model_copy(update={"fields": {"reason": "仅示例供应商递交"}})
    assert refused(publish_failure, centre, who.agent, named) == "reason_without_numbers"
    assert publish_failure(centre, who.agent, said).kind == "failure"


def test_conditions_the_records_do_not_know_need_evidence(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    closing(centre, project.id, 3)
    cmd = Fail(project=project.id, condition="illegal_act")
    assert refused(fail, centre, who.agent, cmd) == "failing_condition_met"
    assert fail(centre, who.agent, cmd.model_copy(update={"evidence": "e" * 64})).stage == "failed"


def test_a_replay_fails_only_without_an_admissible_bid(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    one, none = published_replay(centre, who.buyer), published_replay(centre, who.buyer)
    for project in (one, none):
        put(centre, project.id, stage="closed")
    bid(centre, one.id, who.supplier.org)
    assert refused(fail, centre, SYSTEM, Fail(project=one.id, condition="all_rejected")) == "failing_condition_met"
    assert fail(centre, SYSTEM, Fail(project=none.id, condition="all_rejected")).stage == "failed"


def test_a_failed_file_is_closed_where_it_stopped(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    archivist = staff(centre, "archivist")
    closing(centre, project.id, 0)
    fail(centre, who.agent, Fail(project=project.id, condition="fewer_than_three_bidders"))
    assert refused(archive, centre, archivist, Archive(project=project.id)) == "file_complete"
    publish_failure(centre, who.agent, PublishFailure(project=project.id))
    assert refused(archive, centre, archivist, Archive(project=project.id)) == "four_checks_passed"
    sequence(centre)
    package = archive(centre, archivist, Archive(project=project.id))
    assert load(centre, project.id).stage == "failed" and len(package.root) == 64
    with pytest.raises(Stale):
        archive(centre, archivist, Archive(project=project.id))


def test_a_tampered_entry_or_an_open_dispute_keeps_the_file_open(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    archivist = staff(centre, "archivist")
    terminate(centre, who.buyer, Terminate(project=project.id, cause="task_cancelled"))
    terminate(centre, colleague(centre, who.buyer), Terminate(project=project.id, cause="task_cancelled"))
    publish_termination(centre, who.agent, PublishTermination(project=project.id))
    sequence(centre)
    put(centre, project.id, suspended="court_order")
    assert refused(archive, centre, archivist, Archive(project=project.id)) == "no_open_dispute"
    put(centre, project.id, suspended="")
    with centre.database.writing() as session:
        entry = session.scalars(select(Entry).where(Entry.tag == "trading.notices.publish")).one()
        kept, entry.payload = entry.payload, entry.payload.replace('"quorum":1', '"quorum":0')
        session.commit()
    assert refused(archive, centre, archivist, Archive(project=project.id)) == "four_checks_passed"
    with centre.database.writing() as session:
        session.scalars(select(Entry).where(Entry.tag == "trading.notices.publish")).one().payload = kept
        session.commit()
    assert archive(centre, archivist, Archive(project=project.id)).items


def test_an_unreviewed_file_cannot_be_halted(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = complete(centre, who)
    with pytest.raises(Stale):
        suspend(centre, who.agent, Suspend(project=project.id, cause="system_failure"))
    with centre.reading() as session:
        assert session.scalar(select(Suspension.id)) is None
