"""What happens to an admitted organisation: changes, persons, keys, locks, bars."""

import io
from dataclasses import replace

import pytest
from nacl.signing import SigningKey
from sqlalchemy import select

from kernel.command import SYSTEM, Actor
from kernel.errors import Malformed, NotYours, Refused, Stale
from kernel.identity import keys, sessions
from kernel.identity.records import Person
from kernel.identity.signing import give_nonce, sign_with_key
from kernel.messages import Message
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from kernel.values import DAY, HOUR
from tests.world import login, staff
from tests.worlds import subjects as world
from trading.subjects import timers  # noqa: F401  registers the end of bars
from trading.subjects.appoint_person import AppointPerson, appoint_person
from trading.subjects.bar import Bar, bar
from trading.subjects.certify_key import CertifyKey, certify_key
from trading.subjects.change import Change, change
from trading.subjects.correct import Correct, correct
from trading.subjects.dismiss_person import DismissPerson, dismiss_person
from trading.subjects.lock import Lock, lock
from trading.subjects.papers import receive
from trading.subjects.records import Subject, SubjectChange
from trading.subjects.return_for_repair import ReturnForRepair, return_for_repair
from trading.subjects.revoke_key import RevokeKey, revoke_key
from trading.subjects.rules import ITEMS, key_bytes
from trading.subjects.stage import may_act
from trading.subjects.submit import Submit, submit
from trading.subjects.unbar import Unbar, unbar
from trading.subjects.unlock import Unlock, unlock

SEED = bytes(range(32))


def refused(rule: str):
    return pytest.raises(Refused, match=f"^{rule}$")


def subject_of(centre, org) -> Subject:
    with centre.reading() as session:
        return session.get_one(Subject, org)


def test_a_change_waits_for_both_reviews_and_takes_nothing_away(centre) -> None:
    actor = world.admitted(centre)
    change(centre, actor, Change(subject=actor.org, name="新名称", kinds=("supplier", "agent")))
    world.drain(centre)
    subject = subject_of(centre, actor.org)
    assert (subject.stage, subject.name, subject.is_agent) == ("first_review", "示例单位1", 0) and may_act(subject, centre.now())
    with refused("review_not_running"):
        change(centre, actor, Change(subject=actor.org, name="又一名称"))
    world.admit(centre, actor.org)
    subject = subject_of(centre, actor.org)
    assert (subject.stage, subject.name, subject.is_agent, subject.is_supplier) == ("admitted", "新名称", 1, 1)


def test_a_returned_change_is_corrected_and_submitted_again(centre) -> None:
    actor = world.admitted(centre)
    change(centre, actor, Change(subject=actor.org, name="新名称"))
    world.drain(centre)
    answers = {item: "" for item in ITEMS} | {"name": "与执照不符"}
    return_for_repair(centre, world.drawn(centre, actor.org), ReturnForRepair(subject=actor.org, round=2, answers=answers))
    correct(centre, actor, Correct(subject=actor.org, name="正确名称"))
    assert subject_of(centre, actor.org).name == "示例单位1" and may_act(subject_of(centre, actor.org), centre.now())
    submit(centre, actor, Submit(subject=actor.org))
    world.drain(centre)
    world.admit(centre, actor.org)
    assert subject_of(centre, actor.org).name == "正确名称"


def test_data_are_corrected_before_submitting_and_not_during_the_review(centre) -> None:
    world.reviewers(centre)
    actor = world.with_papers(centre)
    correct(centre, actor, Correct(subject=actor.org, address="新路 2 号"))
    assert subject_of(centre, actor.org).address == "新路 2 号"
    with pytest.raises(Malformed):
        correct(centre, actor, Correct(subject=actor.org))
    submit(centre, actor, Submit(subject=actor.org))
    with refused("review_not_running"):
        correct(centre, actor, Correct(subject=actor.org, address="旧路 1 号"))


def test_a_registrar_locks_and_unlocks_with_a_reason(centre) -> None:
    actor, registrar = world.admitted(centre), login(centre, "registrar1")
    reason = Lock(subject=actor.org, code="licence_expired", words="执照到期")
    with refused("reason_given"):
        lock(centre, registrar, Lock(subject=actor.org, code="licence_expired", words=" "))
    with pytest.raises(NotYours):
        lock(centre, actor, reason)
    lock(centre, registrar, reason)
    assert not may_act(subject_of(centre, actor.org), centre.now())
    with pytest.raises(Stale):
        change(centre, actor, Change(subject=actor.org, name="新名称"))
    unlock(centre, registrar, Unlock(subject=actor.org, code="cause_gone", words="已换证"))
    assert may_act(subject_of(centre, actor.org), centre.now())


def test_nobody_who_was_never_admitted_is_unlocked_into_admission(centre) -> None:
    actor = world.entered(centre)
    with pytest.raises(Stale):
        lock(centre, login(centre, "registrar1"), Lock(subject=actor.org, code="misuse", words="测试"))
    with pytest.raises(Stale):
        bar(centre, login(centre, "regulator1"), Bar(subject=actor.org, decision="示例〔2026〕1号", until=centre.now() + DAY))


def test_a_bar_reaches_a_change_under_review_and_ends_by_the_clock(centre) -> None:
    actor, regulator = world.admitted(centre), login(centre, "regulator1")
    change(centre, actor, Change(subject=actor.org, name="新名称"))
    until = centre.now() + 30 * DAY
    with refused("decision_cited"):
        bar(centre, regulator, Bar(subject=actor.org, decision=" ", until=until))
    for bad in (None, centre.now() - 1):
        with refused("period_given"):
            bar(centre, regulator, Bar(subject=actor.org, decision="示例〔2026〕1号", until=bad))
    bar(centre, regulator, Bar(subject=actor.org, decision="示例〔2026〕1号", until=until))
    assert not may_act(subject_of(centre, actor.org), until - 1) and may_act(subject_of(centre, actor.org), until)
    with centre.reading() as session:
        assert session.scalars(select(SubjectChange.state)).one() == "dropped"
    with refused("period_over_or_revoked"):
        unbar(centre, SYSTEM, Unbar(subject=actor.org, revoked="编造"))
    settle(centre)
    assert subject_of(centre, actor.org).stage == "barred"
    step(centre, SYSTEM, Step(forward=30 * DAY))
    settle(centre)
    assert subject_of(centre, actor.org).stage == "admitted" and subject_of(centre, actor.org).bar_decision == ""


def test_a_regulator_lifts_a_bar_early_by_a_decision(centre) -> None:
    actor, regulator = world.admitted(centre), login(centre, "regulator1")
    bar(centre, regulator, Bar(subject=actor.org, decision="示例〔2026〕1号", until=centre.now() + DAY))
    with refused("period_over_or_revoked"):
        unbar(centre, regulator, Unbar(subject=actor.org))
    with pytest.raises(NotYours):
        unbar(centre, actor, Unbar(subject=actor.org, revoked="示例〔2026〕2号"))
    assert unbar(centre, regulator, Unbar(subject=actor.org, revoked="示例〔2026〕2号")).stage == "admitted"


def test_a_person_acts_for_one_organisation_only(centre) -> None:
    one, two = world.admitted(centre, 1), world.admitted(centre, 2)

    def appoint(actor: Actor, email: str = "clerk@example.com", manager: bool = False):
        return appoint_person(centre, actor, AppointPerson(subject=actor.org, email=email, name="新人", manager=manager))

    row = appoint(one)
    with centre.reading() as session:
        invitation = session.scalars(select(Message).where(Message.address == "clerk@example.com")).one()
        assert invitation.link.startswith("/join/") and session.get_one(Person, row.person).login == "clerk@example.com"
    with refused("person_not_elsewhere"):
        appoint(two)
    with pytest.raises(NotYours):  # the new clerk is no manager
        appoint(login(centre, "clerk@example.com"), "friend@example.com")
    dismiss_person(centre, one, DismissPerson(subject=one.org, person=row.person))
    assert appoint(two).org == two.org
    registrar = staff(centre, "registrar")
    with centre.database.writing() as session:
        session.get_one(Person, registrar.id).login = "desk@example.com"
        session.commit()
    with refused("separation_kept"):
        appoint(one, "desk@example.com")


def test_dismissing_ends_sessions_and_keys_but_leaves_a_manager(centre) -> None:
    actor = world.admitted(centre)
    row = appoint_person(centre, actor, AppointPerson(subject=actor.org, email="b@example.com", name="新人", manager=True))
    clerk = Actor("person", row.person, actor.org)
    world.certify(centre, clerk, SEED)
    with centre.database.writing() as session:
        opened = sessions.create(session, centre.settings, clerk.id, centre.clock.now(session))
        session.commit()
    dismiss_person(centre, clerk, DismissPerson(subject=actor.org, person=clerk.id))
    with centre.reading() as session:
        assert sessions.find(session, opened.token, centre.now()) is None
        assert keys.of_organisation(session, actor.org) == []
    with refused("one_manager_left"):
        dismiss_person(centre, actor, DismissPerson(subject=actor.org, person=actor.id))
    with pytest.raises(NotYours):
        dismiss_person(centre, actor, DismissPerson(subject=actor.org, person=clerk.id))


def test_a_key_is_certified_once_with_proof_of_possession(centre) -> None:
    one, two = world.admitted(centre, 1), world.admitted(centre, 2)
    key = SigningKey(SEED)
    public = key.verify_key.encode().hex()

    def proof(actor: Actor) -> str:
        return key.sign(key_bytes(centre.origin, actor.org, actor.id)).signature.hex()

    with refused("possession_proved"):  # somebody else's proof
        certify_key(centre, one, CertifyKey(subject=one.org, public=public, proof=proof(two)))
    certify_key(centre, one, CertifyKey(subject=one.org, public=public, proof=proof(one)))
    with refused("key_not_used_before"):
        certify_key(centre, two, CertifyKey(subject=two.org, public=public, proof=proof(two)))
    settle(centre)
    with centre.reading() as session:
        assert "A signing key was certified" in set(session.scalars(select(Message.subject_en).where(Message.reader == one.id)))


def test_only_an_admitted_organisation_certifies_keys(centre) -> None:
    actor = world.entered(centre)
    with pytest.raises(Stale):
        world.certify(centre, actor, SEED)


def test_a_key_file_signs_until_it_is_revoked(centre) -> None:
    actor = world.admitted(centre)
    world.certify(centre, actor, SEED)
    other = SigningKey(bytes(32))
    cmd = CertifyKey(
        subject=actor.org,
        public=other.verify_key.encode().hex(),
        proof=other.sign(key_bytes(centre.origin, actor.org, actor.id)).signature.hex(),
    )

    def signed():
        with centre.database.writing() as session:
            nonce = give_nonce(session, actor.id, centre.clock.now(session))
            session.commit()
        return sign_with_key(SEED, centre.origin, "trading.subjects.certify_key", cmd, nonce)

    public = SigningKey(SEED).verify_key.encode().hex()
    with refused("reason_given"):
        revoke_key(centre, actor, RevokeKey(subject=actor.org, public=public, words=""))
    sig = signed()
    revoke_key(centre, actor, RevokeKey(subject=actor.org, public=public, words="设备遗失"))
    with pytest.raises(Malformed):
        certify_key(centre, actor, cmd, sig=sig)
    with pytest.raises(NotYours):
        revoke_key(centre, actor, RevokeKey(subject=actor.org, public=public, words="设备遗失"))
    with refused("key_not_used_before"):  # a revoked key stays used
        world.certify(centre, actor, SEED)
    assert certify_key(centre, actor, cmd).org == actor.org


def test_a_certified_key_file_signs(centre) -> None:
    actor = world.admitted(centre)
    world.certify(centre, actor, SEED)
    other = SigningKey(bytes(32))
    cmd = CertifyKey(
        subject=actor.org,
        public=other.verify_key.encode().hex(),
        proof=other.sign(key_bytes(centre.origin, actor.org, actor.id)).signature.hex(),
    )
    with centre.database.writing() as session:
        nonce = give_nonce(session, actor.id, centre.clock.now(session))
        session.commit()
    sig = sign_with_key(SEED, centre.origin, "trading.subjects.certify_key", cmd, nonce)
    with pytest.raises(Malformed):
        certify_key(centre, actor, cmd, sig=replace(sig, signature="00" * 64))
    certify_key(centre, actor, cmd, sig=sig)
    with pytest.raises(Malformed):  # the nonce is spent
        certify_key(centre, actor, cmd, sig=sig)


def test_the_light_follows_the_remaining_time() -> None:
    from trading.subjects.review_reads import light

    due = 100 * HOUR
    assert [light(due, now) for now in (due - 2 * HOUR - 1, due - 2 * HOUR, due - 1, due)] == ["green", "amber", "amber", "red"]


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (b"%PDF-1.4\n...\n%%EOF", "application/pdf"),
        (b"\xff\xd8\xff\xe0..\xff\xd9", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n...IEND\xaeB`\x82", "image/png"),
        (b"\xff\xd8\xff\xe0..", ""),
        (b"\x89PNG\r\n\x1a\n...", ""),
        (b"", ""),
        (b"GIF89a", ""),
    ],
)
def test_media_by_marks(data, media) -> None:
    from trading.subjects.media import media_of

    assert media_of(data) == media


def test_an_ofd_is_a_zip_with_its_root_file() -> None:
    import zipfile

    from trading.subjects.media import media_of

    def packed(name: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, "<ofd/>")
        return out.getvalue()

    assert media_of(packed("OFD.xml")) == "application/ofd" and media_of(packed("word/document.xml")) == ""


def test_a_paper_keeps_no_file_name(centre) -> None:
    actor = world.entered(centre)
    stream = io.BytesIO(world.PDF)
    stream.name = "某公司投标文件.pdf"
    row = receive(centre, actor, actor.org, "licence", stream)
    assert "某公司" not in str({c.key: getattr(row, c.key) for c in row.__mapper__.column_attrs})
