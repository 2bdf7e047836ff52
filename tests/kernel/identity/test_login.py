"""Log-in: by passkey, by password and authenticator, by one click in a rehearsal; sessions; locks."""

import threading

import pyotp
import pytest
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import PUBLIC, SYSTEM, Actor
from kernel.errors import Malformed, NotYours, Refused
from kernel.identity import door, limits, passkeys, passwords, sessions, totp
from kernel.identity.enrol_passkey import EnrolPasskey, enrol_passkey
from kernel.identity.enrol_secret import EnrolSecret
from kernel.identity.invite import Invite, invite
from kernel.identity.log_in import LogIn
from kernel.identity.records import Credential, LoginWindow, Passkey, Person, WebSession
from kernel.identity.revoke_key import RevokeKey, revoke_key
from kernel.identity.sign_up import SignUp
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.rehearsal.step import Step, step
from kernel.values import HOUR, MINUTE
from tests.world import found_test_centre, login
from tests.worlds.authenticator import Authenticator
from tests.worlds.people import EMAIL, PASSWORD, SECRET, by_key, code, invited, link_of, registered, seen, supplier, with_key


def refused(rule: str):
    return pytest.raises(Refused, match=f"^{rule}$")


def by_password(centre: Centre, password: str = PASSWORD, digits: str | None = None, name: str = EMAIL) -> sessions.Opened:
    return door.come_in(centre, LogIn(kind="password", login=name, code=code(1) if digits is None else digits), password, "192.0.2.1")


def test_a_passkey_opens_a_session_of_its_owner_at_a_real_origin(real) -> None:
    person, token = invited(real)
    key = with_key(real, person, token)
    view = seen(real, by_key(real, key))
    assert view and view.actor == Actor("person", person) and view.name == "登记甲"
    with real.reading() as session:
        assert session.scalars(select(WebSession.token_hash)).one() == view.key
        assert session.scalars(select(Entry.actor).where(Entry.tag == "kernel.identity.log_in")).one() == person


@pytest.mark.parametrize("change", ["origin", "unverified", "other_key", "old_count", "spent", "revoked"])
def test_a_passkey_is_refused_for_one_changed_fact(real, change) -> None:
    person, token = invited(real)
    key = with_key(real, person, token)
    by_key(real, key)
    challenge = passkeys.authentication_options(real)
    if change == "origin":
        key.origin = "https://evil.example"
    if change == "unverified":
        key.verified = False
    if change == "other_key":
        key.key = Authenticator().key
    if change == "old_count":
        key.count = 0
    if change == "revoked":
        with_key(real, person)
        with real.reading() as session:
            row = session.scalars(select(Passkey.id).where(Passkey.credential == key.credential)).one()
        revoke_key(real, Actor("person", person), RevokeKey(passkey=row))
    cmd = LogIn(kind="passkey", nonce=challenge.nonce, answer=key.get(challenge.options))
    if change == "spent":
        door.come_in(real, cmd)
    with refused("passkey_good"):
        door.come_in(real, cmd)


def test_an_invitation_enrols_once_and_in_time(centre) -> None:
    person, token = invited(centre)
    with refused("invited"):
        with_key(centre, person, token + "x")
    with_key(centre, person, token)
    with refused("invited"):
        with_key(centre, person, token)
    with pytest.raises(NotYours):
        enrol_passkey(centre, PUBLIC, EnrolPasskey(nonce="", answer="{}"))
    late, token = invited(centre, "registrar2")
    step(centre, SYSTEM, Step(forward=7 * 24 * HOUR))
    with refused("invited"):
        with_key(centre, late, token)


def test_a_second_invitation_voids_the_first_and_none_goes_to_who_has_a_key(centre) -> None:
    person, first = invited(centre)
    _, second = invited(centre)
    with refused("invited"):
        with_key(centre, person, first)
    with_key(centre, person, second)
    with refused("second_person_confirms"):
        invited(centre)


def test_a_registrar_invites_and_never_sees_the_token(centre) -> None:
    cmd = Invite(login="desk3", name="登记丙", email="desk3@example.com")
    assert invite(centre, login(centre, "registrar1"), cmd).token == "" and link_of(centre, "desk3@example.com")
    with pytest.raises(NotYours):
        invite(centre, login(centre, "regulator1"), Invite(login="desk4", name="某人"))
    with pytest.raises(Malformed):
        invite(centre, login(centre, "registrar1"), cmd)


def test_a_key_must_verify_its_user_and_four_are_enough(centre) -> None:
    person, token = invited(centre)
    with refused("user_verified"):
        with_key(centre, person, token, verified=False)
    with_key(centre, person, token)
    for _ in range(3):
        with_key(centre, person)
    with refused("two_keys_at_most_four"):
        with_key(centre, person)


def test_a_challenge_of_another_person_enrols_nothing(centre) -> None:
    person, _ = invited(centre)
    challenge = passkeys.registration_options(centre, login(centre, "registrar2").id)
    with pytest.raises(Malformed):
        enrol_passkey(
            centre, Actor("person", person), EnrolPasskey(nonce=challenge.nonce, answer=Authenticator().create(challenge.options))
        )


def test_the_last_key_is_kept_by_its_owner_and_taken_by_a_registrar(centre) -> None:
    person, token = invited(centre, "registrar1")
    opened = by_key(centre, with_key(centre, person, token))
    with centre.reading() as session:
        row = session.scalars(select(Passkey.id)).one()
    with refused("one_key_left_or_barred"):
        revoke_key(centre, Actor("person", person), RevokeKey(passkey=row))
    with pytest.raises(NotYours):
        revoke_key(centre, login(centre, "regulator1"), RevokeKey(passkey=row))
    assert seen(centre, opened)
    revoke_key(centre, login(centre, "registrar2"), RevokeKey(passkey=row))
    assert seen(centre, opened) is None


def test_a_supplier_comes_in_with_password_and_code_and_a_code_counts_once(real) -> None:
    person = supplier(real)
    digits = code(1)
    opened = by_password(real, digits=digits)
    assert seen(real, opened).actor == person
    with refused("passkey_good"):
        by_password(real, digits=digits)


def test_the_code_used_to_enrol_is_used_up(centre) -> None:
    supplier(centre)
    with refused("passkey_good"):
        by_password(centre, digits=code(0))


@pytest.mark.parametrize("change", ["password", "code", "name", "no_code"])
def test_every_failure_reads_the_same(centre, change) -> None:
    supplier(centre)
    wrong = f"{(int(code(1)) + 1) % 10**6:06d}"
    with refused("passkey_good") as refusal:
        by_password(
            centre,
            **{
                "password": {"password": PASSWORD + "!"},
                "code": {"digits": wrong},
                "name": {"name": "nobody@example.com"},
                "no_code": {"digits": ""},
            }[change],
        )
    assert refusal.value.reason.found is None and refusal.value.reason.needed is None
    assert seen(centre, by_password(centre))


def test_an_unknown_name_costs_the_same_work(centre, monkeypatch) -> None:
    supplier(centre)
    checked: list[str] = []
    verify = passwords.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.PasswordHasher, "verify", lambda self, stored, password: (checked.append(stored[:9]), verify(self, stored, password))[1]
    )
    for name in (EMAIL, "nobody@example.com"):
        with refused("passkey_good"):
            by_password(centre, password="wrong wrong wrong", name=name)
    assert checked == ["$argon2id", "$argon2id"]


def test_staff_have_no_password_way_even_when_one_is_kept(centre) -> None:
    person = supplier(centre)
    with centre.database.writing() as session:
        from kernel.identity.records import Grant

        session.add(Grant(person=person.id, role="cashier", since=0))
        session.commit()
    with refused("passkey_good"):
        by_password(centre)


def test_a_name_locks_after_five_tries_whether_it_exists_or_not(centre) -> None:
    supplier(centre)
    for name in (EMAIL, "nobody@example.com"):
        for _ in range(5):
            with refused("passkey_good"):
                by_password(centre, password="wrong wrong wrong", name=name)
        with refused("not_locked"):
            by_password(centre, name=name)
    step(centre, SYSTEM, Step(forward=15 * MINUTE))
    assert seen(centre, by_password(centre))


def test_a_success_forgets_the_tries_before_it(centre) -> None:
    supplier(centre)
    for _ in range(4):
        with refused("passkey_good"):
            by_password(centre, password="wrong wrong wrong")
    by_password(centre)
    with refused("passkey_good"):
        by_password(centre, password="wrong wrong wrong")


def test_a_lock_on_the_name_does_not_keep_its_passkey_out(centre) -> None:
    person, token = invited(centre)
    key = with_key(centre, person, token)
    for _ in range(6):
        with pytest.raises(Refused):
            by_password(centre, name="registrar1")
    assert seen(centre, by_key(centre, key))


def test_tries_in_parallel_are_all_counted(centre) -> None:
    outcome: list[bool] = []

    def attempt() -> None:
        try:
            limits.admit(centre, "somebody", "192.0.2.9")
            outcome.append(True)
        except Refused:
            outcome.append(False)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcome.count(True) == limits.NAME_TRIES
    with centre.reading() as session:
        rows = session.scalars(select(LoginWindow)).all()
    assert {row.tries for row in rows} == {12} and "192.0.2.9" not in repr([vars(row) for row in rows])


def test_an_address_is_slowed_down_over_many_names(centre) -> None:
    for number in range(limits.ADDRESS_TRIES):
        limits.admit(centre, f"name{number}", "192.0.2.7")
    with refused("not_locked"):
        limits.admit(centre, "another", "192.0.2.7")
    limits.admit(centre, "another", "192.0.2.8")


def test_a_password_may_not_be_weak(centre) -> None:
    token = registered(centre)
    for weak in ("", "short", "aaaaaaaaaaaaaaa", EMAIL.upper(), "x" * 129):
        with pytest.raises(Malformed):
            door.set_secret(centre, PUBLIC, EnrolSecret(token=token, totp=SECRET, code=code()), weak)
    door.set_secret(centre, PUBLIC, EnrolSecret(token=token, totp=SECRET, code=code()), PASSWORD)
    with centre.reading() as session:
        row = session.scalars(select(Credential)).one()
    assert PASSWORD not in row.password and SECRET not in row.totp


def test_replacing_the_authenticator_needs_a_code_of_the_old_one(centre) -> None:
    person = supplier(centre)
    new = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    digits = pyotp.TOTP(new).generate_otp(totp.system_ms() // totp.STEP_MS)
    with refused("totp_good"):
        door.set_secret(centre, person, EnrolSecret(totp=new, code=digits, old_code=code(0)))
    with refused("totp_good"):
        door.set_secret(centre, person, EnrolSecret(totp=new, code=code(1), old_code=code(1)))
    door.set_secret(centre, person, EnrolSecret(totp=new, code=digits, old_code=code(1)))


def test_registering_twice_looks_the_same_and_tells_the_owner(centre) -> None:
    supplier(centre)
    assert door.register(centre, SignUp(name="另一人", email=EMAIL.upper())) is None
    with centre.reading() as session:
        assert len(session.scalars(select(Person).where(Person.login == EMAIL)).all()) == 1
        assert session.scalars(select(Message.subject_en).where(Message.link == "/sign-in")).one() == "You have an account already"
        assert {e.on for e in session.scalars(select(Entry).where(Entry.tag == "kernel.identity.sign_up"))} == {"sign_up"}


def test_one_click_works_in_a_rehearsal_only(centre, tmp_path) -> None:
    cmd = LogIn(kind="rehearsal", login="Registrar1 ")
    assert seen(centre, door.come_in(centre, cmd)).name == "登记甲"
    real = found_test_centre(tmp_path / "real", rehearsal=False)
    with refused("passkey_good"):
        door.come_in(real, cmd)
    real.close()


def test_a_person_who_left_is_told_at_the_desk(centre) -> None:
    with centre.database.writing() as session:
        session.scalars(select(Person).where(Person.login == "registrar1")).one().status = "locked"
        session.commit()
    with refused("not_locked"):
        door.come_in(centre, LogIn(kind="rehearsal", login="registrar1"))


def test_one_code_in_parallel_opens_one_session(centre) -> None:
    supplier(centre)
    opened: list[object] = []

    def attempt() -> None:
        try:
            opened.append(by_password(centre))
        except Refused as refusal:
            opened.append(refusal.reason.rule)

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened.count("passkey_good") == 3 and len(opened) == 4
