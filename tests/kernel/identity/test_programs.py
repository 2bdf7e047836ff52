"""Signed requests of programs: every part is bound, every nonce serves once."""
import pytest
from nacl.signing import SigningKey

from kernel.canonical import sha256
from kernel.errors import NotYours
from kernel.identity.programs import NONCE, PROGRAM, SIGNATURE, Program, possesses, possession, sign_request, verify
from kernel.identity.signing import NONCE_MS, give_nonce
from kernel.values import new_id

SEED = b"\x31" * 32
BODY = sha256(b"{}").hex()


@pytest.fixture
def program(centre) -> str:  # type: ignore[no-untyped-def]
    with centre.database.writing() as session:
        row = Program(id=new_id(), kind="bank", name="示例银行", key=SigningKey(SEED).verify_key.encode().hex(), enrolled=1)
        session.add(row)
        session.commit()
        return str(row.id)


def ask(centre, headers, method="POST", path="/api/programs/acts/x", body=BODY, later=0):  # type: ignore[no-untyped-def]
    with centre.database.writing() as session:
        actor = verify(session, method, path, body, headers, centre.clock.now(session) + later)
        session.commit()
        return actor


def nonce(centre, program: str) -> str:  # type: ignore[no-untyped-def]
    with centre.database.writing() as session:
        value = give_nonce(session, program, centre.clock.now(session))
        session.commit()
        return value


def test_a_good_request_is_its_programs_and_only_once(centre, program: str) -> None:  # type: ignore[no-untyped-def]
    headers = sign_request(SEED, program, "post", "/api/programs/acts/x", BODY, nonce(centre, program))
    actor = ask(centre, headers)
    assert (actor.kind, actor.id, actor.channel) == ("program", program, "bank")
    with pytest.raises(NotYours):
        ask(centre, headers)


@pytest.mark.parametrize("change", [
    {"method": "GET"}, {"path": "/api/programs/acts/y"}, {"body": sha256(b"[]").hex()}, {"later": NONCE_MS + 1},
])
def test_each_part_of_a_request_is_bound(centre, program: str, change) -> None:  # type: ignore[no-untyped-def]
    headers = sign_request(SEED, program, "POST", "/api/programs/acts/x", BODY, nonce(centre, program))
    with pytest.raises(NotYours):
        ask(centre, headers, **change)


@pytest.mark.parametrize("name", [PROGRAM, NONCE, SIGNATURE])
def test_each_header_is_needed(centre, program: str, name: str) -> None:  # type: ignore[no-untyped-def]
    headers = sign_request(SEED, program, "POST", "/api/programs/acts/x", BODY, nonce(centre, program))
    for value in ({}, {name: "zz"}):
        with pytest.raises(NotYours):
            ask(centre, {k: v for k, v in headers.items() if k != name} | value)
    assert ask(centre, headers).id == program


def test_an_ended_program_and_anothers_nonce_are_refused(centre, program: str) -> None:  # type: ignore[no-untyped-def]
    theirs = nonce(centre, "someone")
    with pytest.raises(NotYours):
        ask(centre, sign_request(SEED, program, "POST", "/api/programs/acts/x", BODY, theirs))
    with centre.database.writing() as session:
        session.get_one(Program, program).ended = 1
        session.commit()
    with pytest.raises(NotYours):
        ask(centre, sign_request(SEED, program, "POST", "/api/programs/acts/x", BODY, nonce(centre, program)))


def test_possession_names_origin_kind_and_name() -> None:
    key = SigningKey(SEED).verify_key.encode().hex()
    proof = possession(SEED, "o/2026", "bank", "示例")
    assert possesses(key, "o/2026", "bank", "示例", proof)
    assert not any(possesses(key, *other, proof) for other in (("p/2026", "bank", "示例"), ("o/2026", "device", "示例"), ("o/2026", "bank", "别名")))
