"""What each viewer sees of a tender; two worlds that differ in a secret look the same to whom it is kept from."""
from dataclasses import replace

import pytest

from kernel.command import PUBLIC, SYSTEM, Actor
from kernel.errors import Malformed, NotYours
from kernel.rehearsal.step import Step, step
from kernel.values import DAY
from tests.world import login, staff
from tests.worlds.projects import load, organisation, people, published_replay, recorded, reviewed, reviewers
from tests.worlds.tenders import BUDGET, complete, mandated, published, put
from trading.notices.take_document import TakeDocument, take_document
from trading.projects.listing import Filter, public_list, work_list
from trading.projects.reads import paper, papers, view
from trading.projects.timers import due


def see(centre, actor: Actor, project: str):  # type: ignore[no-untyped-def]
    with centre.reading() as session:
        return view(session, actor, project, centre.now())


def test_before_the_notice_only_those_inside_know_of_it(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = complete(centre, who)
    for outsider in (PUBLIC, who.supplier, organisation(centre, "另一代理", agent=True), staff(centre, "reviewer1"), login(centre, "auditor1")):
        with pytest.raises(NotYours):
            see(centre, outsider, project.id)
        with centre.reading() as session, pytest.raises(NotYours):
            papers(session, outsider, project.id, centre.now())
    agent = see(centre, who.agent, project.id)
    assert agent.ceiling == BUDGET - 1 and agent.budget == BUDGET and len(agent.papers) == 1 and agent.scheme
    regulator = see(centre, login(centre, "regulator1"), project.id)
    assert regulator.plan and regulator.ceiling is None and regulator.papers is None and regulator.scheme is None and regulator.budget is None


def test_a_reviewer_sees_the_file_that_was_drawn_for_him(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = complete(centre, who)
    reviewed(centre, project.id, who.agent)
    one, _ = reviewers(centre, project.id)
    assert len(see(centre, one, project.id).reviews) == 2 and see(centre, one, project.id).papers


@pytest.mark.parametrize("field", ["works", "procurement"])
def test_after_the_notice_the_document_is_everybodys(centre, field) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre, field)
    public = see(centre, PUBLIC, project.id)
    assert public.ceiling == BUDGET - 1 and public.papers and public.reviews is None and public.plan is None
    assert (public.budget is None) == (field == "works")
    with centre.reading() as session:
        shown, code, parts = paper(centre, session, PUBLIC, public.papers[0].id, centre.now())
        assert b"".join(parts) == b"%PDF-1.7 example" and shown.digest == public.papers[0].digest
        assert code == project.code
    assert see(centre, who.buyer, project.id).budget == BUDGET


def test_takers_change_nothing_that_others_see(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    viewers = (PUBLIC, who.agent, who.buyer, organisation(centre, "另一供应商", supplier=True), login(centre, "regulator1"))
    before = [see(centre, viewer, project.id) for viewer in viewers]
    take_document(centre, who.supplier, TakeDocument(project=project.id))
    assert [see(centre, viewer, project.id) for viewer in viewers] == before


def test_a_decided_award_is_invisible_until_it_is_announced(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre, "works")
    put(centre, project.id, stage="publicity")
    outside = (PUBLIC, who.supplier, login(centre, "auditor1"))
    before = [see(centre, viewer, project.id) for viewer in outside]
    with centre.reading() as session:
        listed = public_list(session, centre.now())
    put(centre, project.id, stage="awarded", awarded_at=centre.now())
    assert [see(centre, viewer, project.id) for viewer in outside] == before
    with centre.reading() as session:
        assert public_list(session, centre.now()) == listed
        assert public_list(session, centre.now(), Filter(phase="evaluating")).rows == listed.rows
    assert see(centre, who.buyer, project.id).stage == "awarded"


def test_the_ribbon_shows_nine_segments_and_where_a_tender_stands(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre, "works")
    public = see(centre, PUBLIC, project.id)
    assert [s.state for s in public.ribbon] == ["done", "done", "now"] + ["next"] * 6
    assert public.ribbon[0].at is None and public.ribbon[2].at == project.published_at and public.ribbon[3].at == project.deadline
    assert public.ribbon[2].limit.en == "20 days" and public.ribbon[2].under
    assert see(centre, who.buyer, project.id).ribbon[0].at == project.created
    put(centre, project.id, suspended="system_failure")
    assert see(centre, PUBLIC, project.id).ribbon[2].state == "hold"
    put(centre, project.id, suspended="", stage="terminated", stopped_at="inviting", ended_at=centre.now())
    assert [s.state for s in see(centre, PUBLIC, project.id).ribbon] == ["done", "done"] + ["void"] * 7
    replay = see(centre, PUBLIC, published_replay(centre, who.buyer).id)
    assert len(replay.ribbon) == 6 and all(s.limit is None for s in replay.ribbon)


def test_closed_begins_by_the_clock(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = published_replay(centre, who.buyer)
    with centre.reading() as session:
        assert public_list(session, centre.now(), Filter(phase="open")).rows and not public_list(session, centre.now(), Filter(phase="opening")).rows
    step(centre, SYSTEM, Step(forward=project.deadline - centre.now()))
    assert see(centre, PUBLIC, project.id).stage == "closed"
    with centre.reading() as session:
        assert public_list(session, centre.now(), Filter(phase="opening")).rows and not public_list(session, centre.now(), Filter(phase="open")).rows


def test_the_public_list_pages_filters_and_hides_drafts(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    made = [published_replay(centre, who.buyer) for _ in range(3)]
    recorded(centre, who.buyer)
    with centre.reading() as session:
        now = centre.now()
        first = public_list(session, now, size=2)
        second = public_list(session, now, cursor=first.next, size=2)
        assert [r.id for r in (*first.rows, *second.rows)] == [p.id for p in sorted(made, key=lambda p: (p.published_at, p.id), reverse=True)]
        assert second.next == ""
        assert [r.id for r in public_list(session, now, Filter(text=made[0].code)).rows] == [made[0].id]
        assert len(public_list(session, now, Filter(text="历史")).rows) == 3 and not public_list(session, now, Filter(text="%")).rows
        assert not public_list(session, now, Filter(field="procurement")).rows
        with pytest.raises(Malformed):
            public_list(session, now, cursor="!")
        with pytest.raises(Malformed):
            public_list(session, now, Filter(phase="soon"))


def test_the_work_list_names_the_next_act_and_what_is_missing(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    bare = mandated(centre, who)
    ready = complete(centre, who)
    with centre.reading() as session:
        tasks = {row.id: row.task for row in work_list(session, who.agent, centre.now())}
        with pytest.raises(NotYours):
            work_list(session, PUBLIC, centre.now())
        assert work_list(session, organisation(centre, "另一代理", agent=True), centre.now()) == ()
    assert tasks[bare.id].tag == "trading.projects.set_document" and [m.en for m in tasks[bare.id].missing] == ["tender document", "scoring scheme", "calendar"]
    assert tasks[ready.id] == replace(tasks[ready.id], tag="trading.projects.submit", missing=())
    reviewed(centre, ready.id, who.agent)
    with centre.reading() as session:
        assert next(r for r in work_list(session, who.agent, centre.now()) if r.id == ready.id).task.tag == "trading.notices.publish"


def test_everything_that_falls_due_is_data(centre) -> None:  # type: ignore[no-untyped-def]
    _, project = published(centre)
    with centre.reading() as session:
        found = {f.timer: f.moment for f in due(session, load(centre, project.id), centre.now())}
    assert found["T07"] == project.deadline and found["T08"] == project.deadline - DAY
    assert found["T03"] <= project.deadline + DAY and {"T01", "T02", "T04", "T44"} <= set(found) and "T22" not in found
