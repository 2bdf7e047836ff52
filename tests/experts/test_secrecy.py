"""What whom a draw shows, and that no name or library id stands where it must not."""
import json
from dataclasses import asdict

import pytest
from sqlalchemy import select

from experts import reads
from experts.records import Draw, Expert, PoolMember, Seat
from kernel.command import PUBLIC, Actor
from kernel.errors import NotYours
from kernel.identity.records import Person
from kernel.ledger.entries import Entry
from kernel.ledger.openings import is_open
from kernel.messages import Message
from kernel.ticker import settle
from tests.world import staff
from tests.worlds.experts import employed_by, people, world
from tests.worlds.kept import kept
from trading.projects.records import Project


@kept
def drawn(centre, answered):
    """(tender, id of a draw or ""): one declines, five accept."""
    tender = world(centre, employed_by(people(), 1, "示例区建设局", ""))
    if not answered:
        return tender, ""
    draw = tender.seeded(representatives=0, econ=2)
    tender.answer(draw.id, accepts=False)
    tender.answer_all(draw.id)
    return tender, draw.id


@pytest.fixture
def both(centre, request):
    return drawn(centre, "filled" in request.fixturenames)


@pytest.fixture
def tender(both):
    return both[0]


@pytest.fixture
def filled(both):
    return both[1]


def view(tender, actor, draw):
    with tender.centre.reading() as session:
        return reads.draw_view(session, actor, draw, tender.centre.clock.now(session))


def called(tender):
    with tender.centre.reading() as session:
        return {e.id: session.get_one(Person, e.person) for e in session.scalars(select(Expert))}


def test_no_name_and_no_id_in_entries_or_in_anybody_elses_messages(tender, filled):
    tender.change(Project, tender.project, stage="awarded", awarded_at=1)
    settle(tender.centre)
    known = called(tender)
    secrets = {*known, *(p.name for p in known.values()), *(p.phone for p in known.values()), *(p.id for p in known.values())}
    with tender.centre.reading() as session:
        for entry in session.scalars(select(Entry).where(Entry.on == tender.project)):
            rows = json.loads(entry.payload)
            ids = {row[1] for row in rows.pop("rows")}
            assert not [s for s in secrets if s in json.dumps(rows, ensure_ascii=False)] and not ids & set(known)
        for message in session.scalars(select(Message).where(Message.reader.not_in([p.id for p in known.values()]))):
            said = message.subject_zh + message.body_zh + message.subject_en + message.body_en + message.link
            assert not [s for s in secrets if s in said]


def test_every_leaf_of_a_draw_stays_closed_until_the_result_is_announced(tender, filled):
    with tender.centre.reading() as session:
        entries = list(session.scalars(select(Entry).where(Entry.on == tender.project, Entry.tag.startswith("experts."))))
        now = tender.centre.clock.now(session)
        assert entries and not any(is_open(session, e, now) for e in entries)
    tender.change(Project, tender.project, stage="announced")
    with tender.centre.reading() as session:
        assert all(is_open(session, e, now) for e in entries)


def test_the_convener_sees_pids_and_that_the_pool_is_large_enough(tender, filled):
    seen = view(tender, tender.agent, filled)
    assert (seen.enough, seen.pool, seen.exclusions) == (True, None, None)  # one exclusion: a list of fewer than five points at people
    assert seen.quota == (("A0801", 3), ("A0601", 2)) and len(seen.order) == 17
    assert [outcome for _, outcome in seen.calls].count("accepted") == 5 and len(seen.seats) == 5 and seen.names is None
    assert all(len(pid) == 10 for pid in seen.order)
    text = json.dumps(asdict(seen), ensure_ascii=False)
    for expert, person in called(tender).items():
        assert person.name not in text and expert not in text and person.id not in text


def test_the_regulator_sees_the_size_and_the_recusals_but_no_name_without_a_watched_read(tender, filled):
    seen = view(tender, tender.regulator, filled)
    assert seen.pool == 18 and len(seen.exclusions) == 1 and seen.exclusions[0][1] == "1" and seen.names is None


@pytest.mark.parametrize("role", ["room_manager", "registrar", "cashier", "regulator"])
def test_others_see_nothing_of_a_draw(tender, filled, role):
    scope = "procurement" if role == "regulator" else ""
    for other in (staff(tender.centre, role, scope=scope), PUBLIC):
        with pytest.raises(NotYours):
            view(tender, other, filled)


def test_a_member_sees_nothing_of_the_draw_and_only_the_hours_of_his_own(tender, filled):
    with tender.centre.reading() as session:
        seat = session.scalars(select(Seat)).first()
        own = reads.own_view(session, seat.person, tender.centre.clock.now(session))
    with pytest.raises(NotYours):
        view(tender, Actor("person", seat.person), filled)
    assert len(own.accepted) == 1 and own.open_calls == () and own.accepted[0].hours == 4
    text = json.dumps(asdict(own), ensure_ascii=False)
    assert tender.project not in text and filled not in text and "示例道路" not in text
    with tender.centre.reading() as session, pytest.raises(NotYours):
        reads.own_view(session, tender.agent.id, 0)


def test_works_open_the_names_to_the_convener_and_never_to_the_public(tender, filled):
    tender.change(Project, tender.project, stage="awarded", awarded_at=1)
    settle(tender.centre)
    names = view(tender, tender.agent, filled).names
    assert sorted(names) == list("ABCDE") and all(name.startswith("专家甄") for name in names.values())
    tender.change(Project, tender.project, stage="announced")
    seen = view(tender, PUBLIC, filled)
    assert seen.names is None and seen.pool == 18 and len(seen.order) == 17 and seen.quota and seen.members is None


def test_procurement_names_its_experts_to_everybody_with_the_result(centre):
    tender = world(centre, field_="procurement", kind="construction")
    draw = tender.seeded(representatives=0, econ=2).id
    tender.answer_all(draw)
    tender.change(Project, tender.project, stage="awarded")
    assert view(tender, tender.agent, draw).names is None
    with centre.reading() as session:
        listed = reads.expert_names(session, tender.project)
    tender.change(Project, tender.project, stage="announced", announced_at=1)
    settle(centre)
    assert tuple(sorted(view(tender, PUBLIC, draw).names.values())) == listed and len(listed) == 5


def test_roles_in_the_committee_follow_calls_and_seats(tender):
    draw = tender.seeded()
    call = tender.open_call(draw.id)
    person = tender.expert(call.expert).person

    def held(at=call.at):
        with tender.centre.reading() as session:
            return reads.committee_roles(session, tender.project, person, at)

    assert held() == {"expert_called"} and held(call.until) == set()
    tender.answer(draw.id)
    assert held() == {"expert_seated"}


def test_two_worlds_that_differ_in_a_name_look_the_same_to_the_agent(tender, filled):
    before = view(tender, tender.agent, filled)
    with tender.centre.reading() as session:
        person = session.scalars(select(Seat.person)).first()
    tender.change(Person, person, name="另有其人", employer="别处", phone="1")
    assert view(tender, tender.agent, filled) == before


def test_the_pool_names_nobody_even_in_the_database(tender, filled):
    with tender.centre.reading() as session:
        assert {c.key for c in PoolMember.__mapper__.column_attrs} == {"draw", "pid", "cats", "org", "w", "place"}
        assert session.get_one(Draw, filled).pool_size == 18
