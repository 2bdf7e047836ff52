"""Joint support of a green tender: which desks are called, what each promises, who sees it, and what falls due."""
from typing import Any

import pytest
from sqlalchemy import select

import trading.green.reactions
import trading.green.timers  # noqa: F401
from kernel.centre import Centre
from kernel.command import PUBLIC, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import DAY, MINUTE
from tests.world import login, staff
from tests.worlds.projects import people, recorded
from tests.worlds.rooms import forward
from tests.worlds.tenders import put
from trading.green import reads
from trading.green.call_desks import CallDesks, call_desks
from trading.green.keep_promise import KeepPromise, keep_promise
from trading.green.promise import Promise, promise
from trading.green.records import Support
from trading.projects.flag_green import FlagGreen, flag_green

LATE = "绿色通道事项逾期"


class Called:
    """A green draft; the rooms and the technicians are called to it."""

    def __init__(self, centre: Centre) -> None:
        self.centre, self.who = centre, people(centre)
        self.id = recorded(centre, self.who.buyer).id
        self.manager, self.technician, self.registrar = staff(centre, "room_manager"), staff(centre, "technician"), login(centre, "registrar1")
        flag_green(centre, self.manager, FlagGreen(project=self.id, kind="time_critical"))
        self.rows = self.call("rooms", "technicians")

    def call(self, *desks: str, by: Actor | None = None) -> dict[str, Support]:
        rows = call_desks(self.centre, by or self.manager, CallDesks(project=self.id, desks=desks, wish="开标当日优先"))
        return {row.desk: row for row in rows}

    def promise(self, desk: str = "technicians", by: Actor | None = None, ahead: int = 3 * DAY) -> Support:
        cmd = Promise(project=self.id, desk=desk, promise="提前一天调试设备", until=self.centre.now() + ahead)
        made: Support = promise(self.centre, by or self.technician, cmd)
        return made

    def keep(self, desk: str = "technicians", by: Actor | None = None) -> Support:
        made: Support = keep_promise(self.centre, by or self.technician, KeepPromise(project=self.id, desk=desk))
        return made

    def sees(self, actor: Actor) -> list[str] | None:
        with self.centre.reading() as session:
            try:
                return [one.desk for one in reads.green(session, actor, self.id, self.centre.now()).support]
            except NotYours:
                return None

    def told(self, subject: str) -> set[str]:
        settle(self.centre)
        with self.centre.reading() as session:
            return set(session.scalars(select(Message.reader).where(Message.subject_zh == subject)))


@pytest.fixture
def called(centre: Centre) -> Called:
    return Called(centre)


def rule(act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*given, **more)
    return refused.value.reason.rule


def test_a_desk_promises_once_and_reports_it_done(called: Called) -> None:
    assert rule(called.keep) == "desk_has_promised"
    assert rule(called.promise, ahead=0) == "promise_lies_ahead"
    assert called.promise().state == "promised"
    assert rule(called.promise) == "desk_owes_promise"
    assert called.keep().state == "kept"
    assert rule(called.keep) == "desk_has_promised"


def test_desks_are_called_once_and_by_the_room_manager(called: Called) -> None:
    assert rule(called.call, "experts", "rooms") == "desks_called_once"
    assert set(called.call("experts", "area")) == {"experts", "area"}
    for other in (called.registrar, called.technician, called.who.buyer):
        with pytest.raises(NotYours):
            called.call("reviews", by=other)
    put(called.centre, called.id, green="")
    assert rule(called.call, "reviews") == "green_channel"


def test_each_desk_answers_for_itself(called: Called) -> None:
    for desk, by in (("technicians", called.manager), ("rooms", called.technician), ("area", staff(called.centre, "area_guard")), ("kitchen", called.technician)):
        with pytest.raises(NotYours):
            called.promise(desk, by)
    assert called.promise("rooms", called.manager).by == called.manager.id


def test_each_side_sees_its_part(called: Called) -> None:
    assert called.sees(called.who.buyer) == called.sees(called.manager) == ["rooms", "technicians"]
    assert called.sees(called.technician) == ["technicians"]
    others = [called.registrar, called.who.supplier, PUBLIC, *(staff(called.centre, role) for role in ("area_guard", "regulator", "auditor", "reviewer2"))]
    assert [called.sees(one) for one in others] == [None] * len(others)
    called.call("experts")
    assert called.sees(called.registrar) == ["experts"]
    with called.centre.reading() as session:
        now = called.centre.now()
        seen = reads.green(session, called.technician, called.id, now)
        assert seen.title is None and seen.adviser == "" and [(one.mine, one.state) for one in seen.support] == [(True, "called")]
        assert [one.what for one in reads.awaited(session, called.technician, now)] == ["promise"]
    put(called.centre, called.id, published_at=called.centre.now())
    with called.centre.reading() as session:
        assert reads.green(session, called.technician, called.id, called.centre.now()).title == "历史项目"


def test_it_is_over_when_the_tender_is(called: Called) -> None:
    put(called.centre, called.id, stage="terminated", stopped_at="draft")
    with pytest.raises(Stale):
        called.promise()
    with called.centre.reading() as session:
        assert not reads.awaited(session, called.technician, called.centre.now())


def test_desks_hear_that_they_are_called_and_the_others_what_was_promised(called: Called) -> None:
    assert called.told("绿色通道联合保障，请确认事项和时限") == {called.manager.id, called.technician.id}
    called.promise()
    assert called.told("联合保障已确认：技术支持") == {called.manager.id, called.who.buyer.id}
    called.keep()
    assert called.told("联合保障已办结：技术支持") == {called.manager.id, called.who.buyer.id}


def test_alarms_where_a_desk_is_silent_and_where_it_does_not_keep_its_word(called: Called) -> None:
    assert called.told(LATE) == set()
    row = called.promise(ahead=10 * DAY)
    called.promise("rooms", called.manager, ahead=10 * DAY)
    forward(called.centre, called.rows["rooms"].reply_by + MINUTE)
    assert called.told(LATE) == set()
    called.keep("rooms", called.manager)
    forward(called.centre, (row.until or 0) + MINUTE)
    assert called.told(LATE) == {called.manager.id, called.technician.id}


def test_an_alarm_where_a_desk_does_not_promise_in_time(called: Called) -> None:
    forward(called.centre, called.rows["rooms"].reply_by + MINUTE)
    assert called.told(LATE) == {called.manager.id, called.technician.id}
    called.promise()  # late is better than never
