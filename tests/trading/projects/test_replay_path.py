"""The short way from draft to notice, as a replay of a recorded auction walks it."""
import pytest
from sqlalchemy import event, select

from kernel.canonical import parse
from kernel.command import SYSTEM
from kernel.errors import NotYours, Refused, Stale
from kernel.ledger.entries import Entry
from tests.world import staff
from tests.worlds.projects import ALL_YES, load, people, published_replay, recorded, reviewed, reviewers
from trading.notices.publish import Publish, publish
from trading.notices.records import Notice
from trading.projects.assign import Assign, assign
from trading.projects.review_first import ReviewFirst, review_first
from trading.projects.review_second import ReviewSecond, review_second
from trading.projects.submit import Submit, submit


def entry(centre, tag: str) -> dict:  # type: ignore[no-untyped-def, type-arg]
    with centre.reading() as session:
        return parse(session.scalars(select(Entry).where(Entry.tag == tag).order_by(Entry.number.desc())).first().payload.encode())


def test_a_recorded_tender_goes_out_with_its_key_and_its_rules_fixed(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = published_replay(centre, who.buyer)
    assert project.stage == "inviting" and project.published_at is not None
    with centre.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.project == project.id)).one()
    body = entry(centre, "trading.notices.publish")["body"]
    assert body["digest"] == notice.digest and body["key"] == notice.key == "ab" * 32
    assert body["snapshot"] == notice.snapshot and body["document"] == project.document_digest
    assert project.title in notice.title and notice.fields["project"] == project.title


def test_no_act_of_the_path_needs_more_than_25_statements(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    counts: list[int] = []

    def count(*_: object) -> None:
        counts[-1] += 1

    event.listen(centre.database.writer, "before_cursor_execute", count)
    counts.append(0)
    project = recorded(centre, who.buyer)
    for act, actor, cmd in (
        (submit, lambda: who.buyer, Submit(project=project.id)),
        (assign, lambda: SYSTEM, Assign(project=project.id)),
        (review_first, lambda: reviewers(centre, project.id)[0], ReviewFirst(project=project.id, checklist=ALL_YES)),
        (review_second, lambda: reviewers(centre, project.id)[1], ReviewSecond(project=project.id, checklist=ALL_YES)),
        (publish, lambda: who.buyer, Publish(project=project.id)),
    ):
        actor = actor()
        counts.append(0)
        act(centre, actor, cmd)
    event.remove(centre.database.writer, "before_cursor_execute", count)
    assert max(counts) <= 25, counts


@pytest.mark.parametrize("missing", ["second review", "key"])
def test_the_notice_waits_for_both_reviews_and_the_key(centre, missing: str) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = recorded(centre, who.buyer)
    submit(centre, who.buyer, Submit(project=project.id))
    assign(centre, SYSTEM, Assign(project=project.id))
    first, second = reviewers(centre, project.id)
    review_first(centre, first, ReviewFirst(project=project.id, checklist=ALL_YES))
    if missing == "key":
        review_second(centre, second, ReviewSecond(project=project.id, checklist=ALL_YES))
        from trading.sealing.records import Ceremony

        with centre.database.writing() as session:
            ceremony = session.scalars(select(Ceremony).where(Ceremony.project == project.id)).one()
            ceremony.stage = "r2"
            session.commit()
    with pytest.raises(Refused) as refused:
        publish(centre, who.buyer, Publish(project=project.id))
    assert refused.value.reason.rule == {"second review": "both_reviews_done", "key": "key_ready"}[missing]
    assert load(centre, project.id).stage == "review"


def test_reviewers_are_drawn_and_nobody_else_may_look(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    other = staff(centre, "reviewer1")
    project = recorded(centre, who.buyer)
    submit(centre, who.buyer, Submit(project=project.id))
    assign(centre, SYSTEM, Assign(project=project.id))
    with pytest.raises(Stale):
        assign(centre, SYSTEM, Assign(project=project.id))
    first, second = reviewers(centre, project.id)
    assert first.id != second.id
    stranger = other if other.id != first.id else staff(centre, "reviewer1")
    with pytest.raises(NotYours):
        review_first(centre, stranger, ReviewFirst(project=project.id, checklist=ALL_YES))
    with pytest.raises(Refused) as early:
        review_second(centre, second, ReviewSecond(project=project.id, checklist=ALL_YES))
    assert early.value.reason.rule == "drawn_for_file"
    with pytest.raises(Refused) as unanswered:
        review_first(centre, first, ReviewFirst(project=project.id, checklist=ALL_YES | {"plan": "no"}))
    assert unanswered.value.reason.rule == "checklist_answered"
    review_first(centre, first, ReviewFirst(project=project.id, checklist=ALL_YES))
    with pytest.raises(Refused) as twice:
        review_first(centre, first, ReviewFirst(project=project.id, checklist=ALL_YES))
    assert twice.value.reason.rule == "drawn_for_file"


def test_the_draw_of_reviewers_can_be_repeated_from_the_ledger(centre) -> None:  # type: ignore[no-untyped-def]
    from kernel.identity.reads import holders
    from trading.projects.assign import order

    who = people(centre)
    project = recorded(centre, who.buyer)
    reviewed(centre, project.id, who.buyer)
    first, second = reviewers(centre, project.id)
    with centre.reading() as session:
        leaf = session.scalars(select(Entry.o).where(Entry.tag == "trading.projects.submit")).one()
        ones = [p.id for p in holders(session, "reviewer1", centre.now())]
        twos = [p.id for p in holders(session, "reviewer2", centre.now())]
    assert order(leaf, ones)[0] == first.id
    assert next(p for p in order(leaf, twos) if p != first.id) == second.id


def test_too_few_reviewers_on_duty_leave_the_file_unassigned(centre) -> None:  # type: ignore[no-untyped-def]
    from tests.worlds.projects import organisation

    buyer = organisation(centre, "示例采购人", buyer=True)
    both = staff(centre, "reviewer1")
    project = recorded(centre, buyer)
    submit(centre, buyer, Submit(project=project.id))
    with pytest.raises(Refused) as refused:
        assign(centre, SYSTEM, Assign(project=project.id))
    assert refused.value.reason.rule == "other_than_first"
    staff(centre, "reviewer2")
    assert assign(centre, SYSTEM, Assign(project=project.id))[0].person == both.id
