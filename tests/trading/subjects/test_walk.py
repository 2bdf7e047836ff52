"""An organisation from entry to admission, and each guard on its way."""

import io
import threading

import pytest
from sqlalchemy import select

from kernel.canonical import parse
from kernel.command import SYSTEM, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.identity.records import Grant
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from kernel.values import DAY
from tests.world import login, staff
from tests.worlds import subjects as world
from trading.subjects import timers  # noqa: F401  registers T49
from trading.subjects.assign import Assign, assign, order
from trading.subjects.desk import assignee
from trading.subjects.enter import Enter, enter
from trading.subjects.papers import receive
from trading.subjects.records import Assignment, Membership, Paper, Review, Subject
from trading.subjects.return_for_repair import ReturnForRepair, return_for_repair
from trading.subjects.review_first import ReviewFirst, review_first
from trading.subjects.review_second import ReviewSecond, review_second
from trading.subjects.rules import ITEMS
from trading.subjects.submit import Submit, submit

ALL_GOOD = {item: "" for item in ITEMS}


def subject_of(centre, org) -> Subject:
    with centre.reading() as session:
        return session.get_one(Subject, org)


def refused(rule: str):
    return pytest.raises(Refused, match=f"^{rule}$")


def test_an_organisation_is_admitted_by_two_reviewers_who_are_not_one(centre) -> None:
    actor = world.admitted(centre, kinds=("buyer", "supplier"))
    subject = subject_of(centre, actor.org)
    assert subject.stage == "admitted" and subject.admitted_at and subject.is_buyer and subject.is_supplier and not subject.is_agent
    with centre.reading() as session:
        first, second = session.scalars(select(Review).order_by(Review.slot))
        assert first.person != second.person
        assert login(centre, "clerk1@example.com").org == actor.org
        told = set(session.scalars(select(Message.subject_en).where(Message.reader == actor.id)))
    assert "Your organisation is admitted" in told


def entering(**changed: object) -> Enter:
    fields = {"code": world.code(7), "name": "示例单位", "kinds": ("supplier",), "email": "a@example.com", "terms": True}
    return Enter(**(fields | changed))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"code": world.code(7)[:17] + ("0" if world.code(7)[17] != "0" else "1")}, "credit_code_valid"),
        ({"terms": False}, "terms_read"),
    ],
)
def test_entering_is_refused_for_one_changed_fact(centre, changed, rule) -> None:
    actor = world.newcomer(centre)
    with refused(rule):
        enter(centre, actor, entering(**changed))
    assert enter(centre, actor, entering()).stage == "entered"


def test_a_code_stands_once_and_a_person_enters_one_organisation(centre) -> None:
    first, second = world.newcomer(centre), world.newcomer(centre, "two@example.com")
    enter(centre, first, entering(code=f" {world.code(7)[:8]}-{world.code(7)[8:]} "))
    with refused("code_not_taken"):
        enter(centre, second, entering())
    with pytest.raises(NotYours):
        enter(centre, first, entering(code=world.code(8)))
    with refused("separation_kept"):
        enter(centre, staff(centre, "registrar"), entering(code=world.code(8)))
    assert enter(centre, second, entering(code=world.code(8)))


def test_a_code_entered_by_two_at_once_stands_once(centre) -> None:
    actors = [world.newcomer(centre, f"n{number}@example.com") for number in range(4)]
    outcome: list[str] = []

    def attempt(actor: Actor) -> None:
        try:
            outcome.append(enter(centre, actor, entering()).stage)
        except Refused as refusal:
            outcome.append(refusal.reason.rule)

    threads = [threading.Thread(target=attempt, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["code_not_taken"] * 3 + ["entered"]


def test_the_entry_holds_no_code_and_no_name(centre) -> None:
    world.entered(centre, 3)
    with centre.reading() as session:
        payload = session.scalar(select(Entry.payload).where(Entry.tag == "trading.subjects.enter")) or ""
    assert world.code(3) not in payload and "示例单位" not in payload and len(parse(payload.encode())["body"]["code"]) == 64


def test_papers_are_judged_by_their_bytes_and_what_is_refused_is_deleted(centre) -> None:
    actor = world.entered(centre)
    blobs = list((centre.home / "blobs").glob("*"))
    for bad in (b"MZ program", b"%PDF-1.7 cut short", b"PK\x03\x04 no zip"):
        with refused("file_readable"):
            receive(centre, actor, actor.org, "licence", io.BytesIO(bad))
    centre.settings.paper_limit = len(world.PDF) - 1
    with refused("file_readable"):
        receive(centre, actor, actor.org, "licence", io.BytesIO(world.PDF))
    assert list((centre.home / "blobs").glob("*")) == blobs
    centre.settings.paper_limit = len(world.PDF)
    assert receive(centre, actor, actor.org, "licence", io.BytesIO(world.PDF)).media == "application/pdf"


def test_strangers_cannot_tell_a_file_from_nothing(centre) -> None:
    actor, other = world.with_papers(centre), world.entered(centre, 2)
    for target in (actor.org, "nothing"):
        with pytest.raises(NotYours):
            submit(centre, other, Submit(subject=target))


def test_submitting_needs_every_paper(centre) -> None:
    world.reviewers(centre)
    actor = world.entered(centre)
    receive(centre, actor, actor.org, "licence", io.BytesIO(world.PDF))
    with refused("papers_complete") as refusal:
        submit(centre, actor, Submit(subject=actor.org))
    assert "授权书" in refusal.value.reason.values["missing"].zh
    receive(centre, actor, actor.org, "authorisation", io.BytesIO(world.PDF))
    assert submit(centre, actor, Submit(subject=actor.org)).stage == "first_review"
    with refused("review_not_running"):
        receive(centre, actor, actor.org, "other", io.BytesIO(world.PDF))


def test_the_draw_follows_the_submitting_leaf_and_runs_once(centre) -> None:
    pool = [staff(centre, "reviewer1").id for _ in range(5)]
    staff(centre, "reviewer2")
    actor = world.submitted(centre)
    with centre.reading() as session:
        leaf = session.scalars(select(Entry).where(Entry.tag == "trading.subjects.submit")).one()
        assert session.scalars(select(Assignment)).one().person == order(leaf.salt, 1, pool)[0]
    assert order(b"a" * 32, 1, pool) != order(b"b" * 32, 1, pool) or order(b"a" * 32, 1, pool) != order(b"c" * 32, 1, pool)
    with pytest.raises(Stale):
        assign(centre, SYSTEM, Assign(subject=actor.org, slot=1))
    with pytest.raises(NotYours):
        assign(centre, actor, Assign(subject=actor.org, slot=1))


def test_only_the_drawn_reviewer_decides(centre) -> None:
    staff(centre, "reviewer1"), staff(centre, "reviewer1")
    actor = world.submitted(centre)
    drawn = world.drawn(centre, actor.org)
    with centre.reading() as session:
        other = session.scalar(select(Grant.person).where(Grant.role == "reviewer1", Grant.person != drawn.id))
    cmd = ReviewFirst(subject=actor.org, round=1)
    with refused("drawn_for_file"):
        review_first(centre, Actor("person", other or ""), cmd)
    with pytest.raises(NotYours):
        review_first(centre, actor, cmd)
    with pytest.raises(Stale):
        review_first(centre, drawn, ReviewFirst(subject=actor.org, round=2))
    assert review_first(centre, drawn, cmd).result == "agreed"


def test_drafter_and_first_reviewer_are_kept_away_from_the_draw_and_from_deciding(centre) -> None:
    both = staff(centre, "reviewer1")
    with centre.database.writing() as session:
        session.add(Grant(person=both.id, role="reviewer2", since=0))
        session.commit()
    second = staff(centre, "reviewer2")
    actor = world.submitted(centre)
    review_first(centre, both, ReviewFirst(subject=actor.org, round=1))
    world.drain(centre)
    assert world.drawn(centre, actor.org) == second
    with centre.database.writing() as session:
        assignee(session, session.get_one(Subject, actor.org), 2).person = both.id
        session.commit()
    with refused("other_than_first"):
        review_second(centre, both, ReviewSecond(subject=actor.org, round=1))


def test_whoever_entered_an_organisation_never_reviews_it(centre) -> None:
    first, other = staff(centre, "reviewer1"), staff(centre, "reviewer1")
    world.reviewers(centre)
    actor = world.with_papers(centre)
    with centre.database.writing() as session:
        session.get_one(Subject, actor.org).entered_by = first.id
        session.commit()
    submit(centre, actor, Submit(subject=actor.org))
    world.drain(centre)
    assert world.drawn(centre, actor.org) == other
    with centre.database.writing() as session:
        assignee(session, session.get_one(Subject, actor.org), 1).person = first.id
        session.commit()
    with refused("not_drafter"):
        review_first(centre, first, ReviewFirst(subject=actor.org, round=1))


def test_a_return_names_all_faults_at_once(centre) -> None:
    actor = world.submitted(centre)
    reviewer = world.drawn(centre, actor.org)

    def back(answers, round=1):
        return return_for_repair(centre, reviewer, ReturnForRepair(subject=actor.org, round=round, answers=answers))

    with refused("reason_given"):
        back(ALL_GOOD | {"licence": "  "})
    with refused("all_faults_at_once"):
        back({"licence": "已过期"})
    review = back(ALL_GOOD | {"licence": "已过期"})
    assert review.reasons == ["licence:已过期"] and subject_of(centre, actor.org).stage == "entered"
    receive(centre, actor, actor.org, "licence", io.BytesIO(world.PDF))
    submit(centre, actor, Submit(subject=actor.org))
    world.drain(centre)
    back(ALL_GOOD | {"licence": "仍然过期", "address": "不详"}, round=2)
    with centre.reading() as session:
        bodies = [
            parse(p.encode())["body"]
            for p in session.scalars(select(Entry.payload).where(Entry.tag == "trading.subjects.return_for_repair").order_by(Entry.number))
        ]
    assert "warn" not in bodies[0] and bodies[1]["warn"] == ["all_faults_at_once"]


def test_a_repaired_item_may_be_faulted_again_without_a_warning(centre) -> None:
    actor = world.submitted(centre)
    for round in (1, 2):
        if round == 2:
            receive(centre, actor, actor.org, "licence", io.BytesIO(world.PDF))
            submit(centre, actor, Submit(subject=actor.org))
            world.drain(centre)
        answers = ALL_GOOD | ({"licence": "看不清"} if round == 2 else {"address": "不详"})
        return_for_repair(centre, world.drawn(centre, actor.org), ReturnForRepair(subject=actor.org, round=round, answers=answers))
    with centre.reading() as session:
        last = session.scalars(select(Entry.payload).where(Entry.tag == "trading.subjects.return_for_repair").order_by(Entry.number)).all()[
            -1
        ]
    assert "warn" not in parse(last.encode())["body"]


def test_a_review_that_takes_longer_than_a_working_day_alarms_registrar_and_regulator(centre) -> None:
    world.submitted(centre)

    def alarms() -> set[str]:
        with centre.reading() as session:
            return set(session.scalars(select(Message.reader).where(Message.subject_en == "A review is overdue")))

    settle(centre)
    assert not alarms()
    step(centre, SYSTEM, Step(forward=16 * DAY))
    settle(centre)
    settle(centre)
    assert alarms() == {login(centre, name).id for name in ("registrar1", "registrar2", "regulator1")}


def test_without_a_reviewer_the_file_waits_and_is_drawn_when_one_comes(centre) -> None:
    actor = world.with_papers(centre)
    submit(centre, actor, Submit(subject=actor.org))
    settle(centre)
    assert world.count(centre, Assignment) == 0
    reviewer = staff(centre, "reviewer1")
    settle(centre)
    assert world.drawn(centre, actor.org) == reviewer


def test_reactions_may_run_again(centre) -> None:
    from kernel.ledger.entries import Cursor

    world.admitted(centre)
    before = {table: world.count(centre, table) for table in (Assignment, Message, Membership, Paper, Review)}
    with centre.database.writing() as session:
        session.get_one(Cursor, "reactions").number = 0
        session.commit()
    world.drain(centre)
    assert {table: world.count(centre, table) for table in before} == before
