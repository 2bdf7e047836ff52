"""Sessions: how long they hold, who ends them, and what follows a log-in."""

import pytest
from sqlalchemy import select

from kernel.command import PUBLIC, SYSTEM
from kernel.errors import NotYours, Refused
from kernel.identity import door, sessions
from kernel.identity.asks import area_window
from kernel.identity.log_in import LogIn, log_in
from kernel.identity.log_out import LogOut, log_out
from kernel.messages import Message
from kernel.reactions import run_reactions
from kernel.rehearsal.step import Step, step
from kernel.values import MINUTE
from tests.world import login, staff
from tests.worlds.people import EMAIL, by_key, invited, seen, supplier, with_key


def refused(rule: str):
    return pytest.raises(Refused, match=f"^{rule}$")


@pytest.mark.parametrize(("name", "minutes"), [("registrar1", 15), (EMAIL, 60)])
def test_sessions_end_when_idle(centre, name, minutes) -> None:
    supplier(centre)
    opened = door.come_in(centre, LogIn(kind="rehearsal", login=name))
    step(centre, SYSTEM, Step(forward=(minutes - 1) * MINUTE))
    view = seen(centre, opened)
    assert view
    with centre.database.writing() as session:
        assert sessions.touch(session, view, centre.clock.now(session))
        session.commit()
    step(centre, SYSTEM, Step(forward=(minutes - 1) * MINUTE))
    assert seen(centre, opened)
    step(centre, SYSTEM, Step(forward=MINUTE))
    assert seen(centre, opened) is None


def test_a_session_ends_after_twelve_hours_however_busy(centre) -> None:
    supplier(centre)
    opened = door.come_in(centre, LogIn(kind="rehearsal", login=EMAIL))
    for _ in range(14):
        view = seen(centre, opened)
        assert view
        with centre.database.writing() as session:
            sessions.touch(session, view, centre.clock.now(session))
            session.commit()
        step(centre, SYSTEM, Step(forward=50 * MINUTE))
    step(centre, SYSTEM, Step(forward=20 * MINUTE))
    assert seen(centre, opened) is None


def test_log_out_ends_the_own_session_only(centre) -> None:
    one = door.come_in(centre, LogIn(kind="rehearsal", login="registrar1"))
    two = door.come_in(centre, LogIn(kind="rehearsal", login="registrar2"))
    view = seen(centre, one)
    with pytest.raises(NotYours):
        log_out(centre, seen(centre, two).actor, LogOut(session=view.key))
    log_out(centre, view.actor, LogOut(session=view.key))
    assert seen(centre, one) is None and seen(centre, two)


def test_the_area_takes_a_log_in_only_inside_a_window(centre, monkeypatch) -> None:
    from kernel import facts

    cmd = LogIn(kind="rehearsal", login="registrar1", channel="area")
    for held in (False, True):
        monkeypatch.setitem(facts._bound, facts._name(area_window), lambda session, person, now, held=held: held)
        if held:
            view = seen(centre, log_in(centre, PUBLIC, cmd))
            assert view.channel == "area" and view.actor.channel == "area"
        else:
            with refused("right_window_for_area"):
                log_in(centre, PUBLIC, cmd)


def test_a_new_device_is_told_once(real) -> None:
    person, token = invited(real)
    key = with_key(real, person, token)
    for device in ("cookie-1", "cookie-1", "cookie-2"):
        by_key(real, key, device=device)
    while run_reactions(real):
        pass
    with real.reading() as session:
        assert (
            len(session.scalars(select(Message).where(Message.reader == person, Message.subject_en == "Log-in from a new device")).all())
            == 2
        )


def test_a_new_post_ends_the_sessions_that_began_without_it(centre) -> None:
    from kernel.identity.grant_role import GrantRole, grant_role

    person = supplier(centre)
    opened = door.come_in(centre, LogIn(kind="rehearsal", login=EMAIL))
    cmd = GrantRole(person=person.id, role="cashier")
    grant_role(centre, login(centre, "registrar1"), cmd)
    run_reactions(centre)
    assert seen(centre, opened)
    grant_role(centre, login(centre, "registrar2"), cmd)
    run_reactions(centre)
    assert seen(centre, opened) is None
    with centre.reading() as session:
        told = set(session.scalars(select(Message.reader).where(Message.subject_en.in_(["A post was granted", "You have a new post"]))))
    assert told == {person.id, login(centre, "auditor1").id}


def test_people_of_one_role_are_not_people_of_another(centre) -> None:
    with centre.reading() as session:
        assert sessions.is_staff(session, staff(centre, "cashier").id, centre.now())
        assert not sessions.is_staff(session, "nobody", centre.now())
