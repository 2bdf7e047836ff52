"""Outages: recorded by one, closed by two; deadlines inside them move to a working hour, each by an act of its own, and none passes meanwhile."""
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

import trading.incidents.reactions
import trading.incidents.timers
import trading.notices.reactions  # noqa: F401
from kernel.command import SYSTEM, Actor
from kernel.errors import Malformed, NotYours, Refused
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import HOUR, MINUTE, instant
from law.periods import in_working_hours
from tests.world import staff
from tests.worlds.sealed import Sealed, formal
from trading.bids.close import Close as CloseList
from trading.bids.close import close as close_list
from trading.incidents.close import Close, close
from trading.incidents.open import Open
from trading.incidents.open import open as record
from trading.incidents.records import Incident
from trading.incidents.rules import moved
from trading.incidents.silence import note_silence
from trading.notices.extend import Extend, extend
from trading.notices.records import Notice
from trading.notices.take_document import TakeDocument, take_document
from trading.projects.records import Project

FRIDAY = date(2026, 11, 27)
HOLIDAY = {date(2026, 11, 30): "holiday"}


def at(day: date, hour: int, minute: int = 0) -> int:
    return instant(day, hour, minute)


@pytest.mark.parametrize(("deadline", "since", "until", "expected"), [
    (at(FRIDAY, 10), at(FRIDAY, 9), at(FRIDAY, 11), at(FRIDAY, 13)),  # in the middle: two hours after the recovery
    (at(FRIDAY, 12, 59), at(FRIDAY, 9), at(FRIDAY, 11), at(FRIDAY, 13)),  # after the recovery, and too soon after it
    (at(FRIDAY, 13), at(FRIDAY, 9), at(FRIDAY, 11), None),  # two hours after the recovery: nothing to make up for
    (at(FRIDAY, 9), at(FRIDAY, 9), at(FRIDAY, 11), at(FRIDAY, 13)),  # the first instant counts
    (at(FRIDAY, 9) - 1, at(FRIDAY, 9), at(FRIDAY, 11), None),
    (at(FRIDAY, 16), at(FRIDAY, 15), at(FRIDAY, 15, 30), at(date(2026, 12, 1), 9)),  # past closing time, a weekend and a holiday
])
def test_where_an_outage_moves_a_deadline(deadline: int, since: int, until: int, expected: int | None) -> None:
    assert moved(deadline, since, until, 2, HOLIDAY, 9 * 60, 17 * 60) == expected


@pytest.fixture
def world(centre: Any, tmp_path: Any) -> Sealed:
    """Works in its bidding time; one bidder, one who only took the document."""
    made = formal(centre, tmp_path)
    made.bid(made.supplier(), 100)
    take_document(centre, made.supplier(), TakeDocument(project=made.project))
    return made


def deadline_of(world: Sealed) -> int:
    return int(world.row(Project, world.project).deadline)


def recovered(world: Sealed, row: Incident, one: Actor, two: Actor) -> None:
    cmd = Close(incident=row.id, until=world.centre.now(), good=True)
    close(world.centre, one, cmd)
    close(world.centre, two, cmd)
    settle(world.centre)


def test_a_deadline_inside_moves_by_its_own_act_and_everybody_is_told_alone(world: Sealed) -> None:
    centre, technician, regulator = world.centre, staff(world.centre, "technician"), staff(world.centre, "regulator")
    began, before = centre.now(), deadline_of(world)
    cmd = Open(what="upload", since=began, witnessed="值班员看到上传失败")
    with pytest.raises(Refused) as found:
        record(centre, technician, cmd.model_copy(update={"witnessed": " "}))
    assert found.value.reason.rule == "probe_failed_or_witnessed"
    with pytest.raises(NotYours):
        record(centre, world.who, cmd)
    with pytest.raises(Malformed):
        record(centre, technician, cmd.model_copy(update={"since": began + HOUR}))
    row = record(centre, technician, cmd)
    world.forward(20 * MINUTE)
    end = Close(incident=row.id, until=centre.now(), good=True)
    with pytest.raises(Refused) as found:
        close(centre, technician, end.model_copy(update={"good": False}))
    assert found.value.reason.rule == "probe_good"
    close(centre, technician, end)
    settle(centre)
    assert deadline_of(world) == before, "one voice ends nothing"
    with pytest.raises(Refused) as found:
        close(centre, technician, end)
    assert found.value.reason.rule == "other_than_first"
    close(centre, regulator, end)
    settle(centre)
    now = deadline_of(world)
    assert now >= end.until + 2 * HOUR and in_working_hours(now, {}) and world.stage == "inviting"
    notices = [one for one in world.all(Notice) if one.kind == "extension"]
    assert len(notices) == 1 and "平台故障" in notices[0].fields["reason"]
    with centre.reading() as session:
        assert session.scalars(select(Entry.role).where(Entry.tag == "trading.notices.extend")).all() == ["system"]
        news = session.scalars(select(Message).where(Message.cause.like("news/%"))).all()
    assert {message.reader for message in news} == {actor.id for actor in world.suppliers}
    assert not any(supplier.org in message.body_zh + message.subject_zh for message in news for supplier in world.suppliers)
    settle(centre)
    assert deadline_of(world) == now, "moving it again would be a second extension"


def test_no_deadline_passes_while_an_outage_lasts(world: Sealed) -> None:
    centre, technician, regulator = world.centre, staff(world.centre, "technician"), staff(world.centre, "regulator")
    row = record(centre, SYSTEM, Open(what="network", since=centre.now(), probe="witness_silent"))
    before = deadline_of(world)
    at_will = Extend(project=world.project, deadline=before + 30 * 24 * HOUR, reason="故障", incident=row.id)
    for actor in (SYSTEM, world.who):
        with pytest.raises(NotYours):
            extend(centre, actor, at_will)
    world.forward(before - centre.now() + 1000)
    with pytest.raises(Refused) as found:
        close_list(centre, SYSTEM, CloseList(project=world.project))
    assert found.value.reason.rule == "no_open_incident"
    settle(centre)
    first = deadline_of(world)
    assert first >= centre.now() + 2 * HOUR - 1000 and world.stage == "inviting"
    recovered(world, row, technician, regulator)
    world.forward(deadline_of(world) - centre.now() + 1000)
    settle(centre)
    assert world.stage == "closed"


def test_a_centre_that_was_down_finds_the_gap_before_it_closes_anything(world: Sealed) -> None:
    centre = world.centre
    settle(centre)
    before = deadline_of(world)
    world.forward(5 * MINUTE)
    assert note_silence(centre) is None, "not long enough to be an outage"
    world.forward(before - centre.now() + HOUR)
    found = note_silence(centre)
    assert found is not None and found.since < before and note_silence(centre) is None
    settle(centre)
    assert deadline_of(world) >= centre.now() + 2 * HOUR - MINUTE and world.stage == "inviting"
