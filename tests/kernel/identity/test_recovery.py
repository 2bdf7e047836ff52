"""Lost keys come back by the authenticator and a registrar; signing with passkeys; the day of rest after it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from kernel.command import PUBLIC, SYSTEM, Actor
from kernel.daytable.set_day import SetDay, set_day
from kernel.errors import Malformed, NotYours, Refused
from kernel.identity import door, passkeys
from kernel.identity.enrol_secret import EnrolSecret
from kernel.identity.log_in import LogIn
from kernel.identity.recover import Recover, recover
from kernel.messages import Message
from kernel.reactions import run_reactions
from kernel.rehearsal.step import Step, step
from kernel.values import DAY
from tests.world import login
from tests.worlds.people import SECRET, by_key, code, invited, link_of, seen, with_key


def refused(rule: str):
    return pytest.raises(Refused, match=f"^{rule}$")


def keyed(centre, name: str = "regulator1"):
    """A person with a passkey and an authenticator."""
    person, token = invited(centre, name)
    key = with_key(centre, person, token)
    door.set_secret(centre, Actor("person", person), EnrolSecret(totp=SECRET, code=code(0)))
    with centre.database.writing() as session:
        from kernel.identity.records import Person

        session.get_one(Person, person).email = f"{name}@example.com"
        session.get_one(Person, person).phone = "13800138000"
        session.commit()
    return Actor("person", person), key


def ask(centre, digits: str, name: str = "regulator1") -> None:
    door.ask_recovery(centre, Recover(login=name, code=digits))


def test_recovery_needs_the_code_and_a_registrar_and_replaces_every_key(centre) -> None:
    person, key = keyed(centre)
    opened = by_key(centre, key)
    registrar = login(centre, "registrar1")
    confirm = Recover(person=person.id)
    with pytest.raises(NotYours):  # nobody has asked
        recover(centre, registrar, confirm)
    for name, digits in (("regulator1", code(0)), ("nobody", code(1))):
        with refused("totp_good"):
            ask(centre, digits, name)
    ask(centre, code(1))
    assert seen(centre, opened)
    with pytest.raises(NotYours):
        recover(centre, login(centre, "auditor1"), confirm)
    recover(centre, registrar, confirm)
    assert seen(centre, opened) is None
    with refused("passkey_good"):
        by_key(centre, key)
    with_key(centre, person.id, link_of(centre, "regulator1@example.com"))
    with pytest.raises(NotYours):  # the first voice is used up
        recover(centre, registrar, confirm)


def test_nobody_confirms_the_own_recovery_nor_a_day_late(centre) -> None:
    person, _ = keyed(centre, "registrar1")
    ask(centre, code(1), "registrar1")
    with refused("other_than_first"):
        recover(centre, person, Recover(person=person.id))
    step(centre, SYSTEM, Step(forward=DAY))
    with pytest.raises(NotYours):
        recover(centre, login(centre, "registrar2"), Recover(person=person.id))


def test_every_contact_is_told(centre) -> None:
    person, _ = keyed(centre)
    ask(centre, code(1))
    recover(centre, login(centre, "registrar1"), Recover(person=person.id))
    run_reactions(centre)
    with centre.reading() as session:
        sent = session.execute(
            select(Message.channel, Message.address).where(Message.reader == person.id, Message.subject_en == "Recovery of your keys")
        )
        assert sorted(map(tuple, sent)) == [("inbox", "regulator1@example.com")] * 2 + [("sms", "13800138000")] * 2


def test_nothing_is_signed_for_a_day_after_a_recovery(centre) -> None:
    person, _ = keyed(centre, "registrar2")
    day = SetDay(day=centre.today(centre.now() + 40 * DAY), kind="holiday", cited="示例〔2026〕1号")
    set_day(centre, person, day)
    ask(centre, code(1), "registrar2")
    recover(centre, login(centre, "registrar1"), Recover(person=person.id))
    other = day.model_copy(update={"kind": "workday"})
    with refused("not_locked"):
        set_day(centre, person, other)
    step(centre, SYSTEM, Step(forward=DAY))
    assert set_day(centre, person, other)


def test_guessing_codes_locks_the_name(centre) -> None:
    keyed(centre)
    for _ in range(5):
        with refused("totp_good"):
            ask(centre, "")
    with refused("not_locked"):
        ask(centre, code(1))


def test_a_passkey_signs_an_act_at_a_real_origin(real) -> None:
    person, token = invited(real, "registrar1")
    key = with_key(real, person, token)
    actor = Actor("person", person)
    cmd = SetDay(day=real.today(real.now() + 40 * DAY), kind="holiday", cited="示例〔2026〕1号")
    with pytest.raises(Malformed):  # unsigned
        set_day(real, actor, cmd)

    def sign(what: SetDay = cmd):
        challenge = passkeys.act_options(real, person, "kernel.daytable.set_day", what)
        return key.sign_act(real.origin, "kernel.daytable.set_day", what, challenge.nonce)

    with pytest.raises(Malformed):  # signed something else
        set_day(real, actor, cmd, sig=sign(cmd.model_copy(update={"kind": "workday"})))
    key.verified = False
    with pytest.raises(Malformed):  # no finger, no PIN
        set_day(real, actor, cmd, sig=sign())
    key.verified = True
    with pytest.raises(Malformed):  # a rehearsal's signature
        set_day(real, actor, cmd, sig=replace(sign(), kind="rehearsal"))
    sig = sign()
    assert set_day(real, actor, cmd, sig=sig)
    with pytest.raises(Malformed):  # the nonce is spent
        set_day(real, actor, cmd, sig=sig)


def test_a_public_caller_cannot_confirm(centre) -> None:
    person, _ = keyed(centre)
    with refused("totp_good"):
        recover(centre, PUBLIC, Recover(person=person.id))
    assert seen(centre, door.come_in(centre, LogIn(kind="rehearsal", login="regulator1")))
