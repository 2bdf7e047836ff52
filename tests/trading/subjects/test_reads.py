"""What each viewer sees of an organisation."""

import pytest

from kernel.command import SYSTEM, Actor
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Refused
from kernel.rehearsal.step import Step, step
from kernel.values import DAY, MINUTE
from tests.world import login, staff
from tests.worlds import subjects as world
from trading.subjects import reads, review_reads
from trading.subjects.bar import Bar, bar
from trading.subjects.change import Change, change
from trading.subjects.read_personal import ReadPersonal, read_personal
from trading.subjects.return_for_repair import ReturnForRepair, return_for_repair
from trading.subjects.rules import ITEMS


def own(centre, actor) -> reads.OwnFile | None:
    with centre.reading() as session:
        return reads.own(session, actor, centre.now())


def tags(view: reads.OwnFile | None) -> list[str]:
    return [s.tag.rpartition(".")[2] for s in view.steps] if view else []


def test_the_own_file_says_what_to_do_next(centre) -> None:
    world.reviewers(centre)
    actor = world.entered(centre)
    assert tags(own(centre, actor)) == ["add_paper", "add_paper"]
    actor = world.submitted(centre, 2)
    assert tags(own(centre, actor)) == [""]
    answers = {item: "" for item in ITEMS} | {"licence": "已过期"}
    return_for_repair(centre, world.drawn(centre, actor.org), ReturnForRepair(subject=actor.org, round=1, answers=answers))
    view = own(centre, actor)
    assert tags(view) == ["correct", "submit"] and view.faults == (reads.Fault("licence", "已过期"),)
    actor = world.admitted(centre, 3)
    assert tags(own(centre, actor)) == ["certify_key"] and own(centre, actor).faults == ()
    world.certify(centre, actor, bytes(32))
    view = own(centre, actor)
    assert tags(view) == [] and len(view.keys) == 1 and view.phone == "01012345678" and len(view.papers) == 2


def test_a_session_of_a_dismissed_person_sees_nothing(centre) -> None:
    actor, stranger = world.entered(centre), world.newcomer(centre)
    assert own(centre, actor) and own(centre, Actor("person", stranger.id, actor.org)) is None and own(centre, stranger) is None


def test_a_reviewer_sees_the_own_draws_and_a_registrar_all(centre) -> None:
    staff(centre, "reviewer1")
    one, two = world.submitted(centre, 1), world.submitted(centre, 2)
    with centre.reading() as session:
        now, days = centre.now(), calendar(session)
        everything = review_reads.review_queue(session, login(centre, "registrar1"), now, days)
        assert {row.subject for row in everything} == {one.org, two.org} and {row.light for row in everything} <= {"green", "amber"}
        for org in (one.org, two.org):
            mine = review_reads.review_queue(session, world.drawn(centre, org), now, days)
            assert org in {row.subject for row in mine} and all(row.mine for row in mine)
        late = review_reads.review_queue(session, login(centre, "regulator1"), now + 16 * DAY, days)
        assert {row.light for row in late} == {"red"}
        with pytest.raises(NotYours):
            review_reads.review_queue(session, one, now, days)


def test_the_drawn_reviewer_sees_the_papers_with_masked_contacts(centre) -> None:
    staff(centre, "reviewer1")
    actor = world.submitted(centre)
    drawn = world.drawn(centre, actor.org)
    with centre.reading() as session:
        now = centre.now()
        file = review_reads.review_file(session, drawn, actor.org, now)
        assert len(file.papers) == 2 and file.contact == "张*" and "0101" not in file.phone and file.email is None
        assert review_reads.paper(session, drawn, file.papers[0].id, now) == review_reads.paper(session, actor, file.papers[0].id, now)
        for other in (login(centre, "registrar1"), login(centre, "regulator1"), world.newcomer(centre)):
            with pytest.raises(NotYours):
                review_reads.review_file(session, other, actor.org, now)
            with pytest.raises(NotYours):
                review_reads.paper(session, other, file.papers[0].id, now)


def test_contacts_in_a_waiting_change_are_masked_for_the_reviewer(centre) -> None:
    actor = world.admitted(centre)
    change(centre, actor, Change(subject=actor.org, phone="13800138000", address="新路 2 号"))
    world.drain(centre)
    with centre.reading() as session:
        assert review_reads.review_file(session, world.drawn(centre, actor.org), actor.org, centre.now()).waiting == {
            "address": "新路 2 号"
        }


def test_a_watched_read_opens_the_file_for_fifteen_minutes(centre) -> None:
    actor, registrar = world.admitted(centre), login(centre, "registrar1")

    def full(who: Actor) -> review_reads.ReviewFile:
        with centre.reading() as session:
            return review_reads.in_full(session, who, actor.org, centre.now())

    for number, cause in (("", "inquiry"), ("示例1号", "")):
        with pytest.raises(Refused, match="^file_number_given$"):
            read_personal(centre, registrar, ReadPersonal(subject=actor.org, file_number=number, cause=cause))
    with pytest.raises(NotYours):
        read_personal(centre, actor, ReadPersonal(subject=actor.org, file_number="示例1号", cause="inquiry"))
    with pytest.raises(NotYours):
        full(registrar)
    read_personal(centre, registrar, ReadPersonal(subject=actor.org, file_number="示例1号", cause="inquiry"))
    assert full(registrar).phone == "01012345678"
    with pytest.raises(NotYours):
        full(login(centre, "registrar2"))
    step(centre, SYSTEM, Step(forward=15 * MINUTE))
    with pytest.raises(NotYours):
        full(registrar)


def test_the_public_sees_admitted_organisations_only_and_a_bar_while_it_lasts(centre) -> None:
    world.submitted(centre, 2)
    actor = world.admitted(centre, 1)
    with centre.reading() as session:
        page = reads.company(session, actor.org, centre.now())
        assert [p.id for p in reads.companies(session, centre.now())] == [actor.org]
        assert reads.companies(session, centre.now(), words="%") == () and reads.companies(session, centre.now(), after=page.code) == ()
    assert page.bar_decision is None and "01012345678" not in repr(page) and "李四" not in repr(page)
    until = centre.now() + DAY
    bar(centre, login(centre, "regulator1"), Bar(subject=actor.org, decision="示例〔2026〕1号", until=until))
    with centre.reading() as session:
        assert reads.company(session, actor.org, until - 1).bar_decision == "示例〔2026〕1号"
        assert reads.company(session, actor.org, until).bar_decision is None


def test_what_is_not_admitted_is_not_there(centre) -> None:
    actor = world.submitted(centre)
    with centre.reading() as session:
        for id in (actor.org, "nothing"):
            with pytest.raises(NotYours):
                reads.company(session, id, centre.now())


def test_a_page_offers_what_the_table_allows(centre) -> None:
    actor = world.admitted(centre)
    with centre.reading() as session:
        mine = reads.offered(session, actor, actor.org, centre.now())
        desk = reads.offered(session, login(centre, "registrar1"), actor.org, centre.now())
    assert "trading.subjects.change" in mine and "trading.subjects.lock" not in mine
    assert "trading.subjects.lock" in desk and "trading.subjects.change" not in desk
