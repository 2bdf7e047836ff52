"""Programs that speak to the centre: custodians, banks, devices, witnesses. Each is known by one Ed25519 key.

A request is signed over method, path, body digest and a nonce that the centre gave; docs/formats/programs.md has the
bytes. A nonce serves once, so a request that was overheard cannot be sent again.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey
from sqlalchemy import BigInteger, CheckConstraint, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.canonical import lp, sha256
from kernel.command import Actor, Work
from kernel.database import Record
from kernel.errors import NotYours
from kernel.identity.records import Nonce
from kernel.identity.signing import give_nonce

if TYPE_CHECKING:
    from kernel.centre import Centre

REQUEST = b"mingbiao/request/v1"
POSSESSION = b"mingbiao/program/v1"
PROGRAM, NONCE, SIGNATURE = "mingbiao-program", "mingbiao-nonce", "mingbiao-signature"
KINDS = ("custodian", "bank", "device", "witness")


class Program(Record):
    """key: hex Ed25519 public key. kind decides the role it acts in."""

    __tablename__ = "program"
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled: Mapped[int] = mapped_column(BigInteger)
    ended: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("kind in ('custodian','bank','device','witness')", name="kind"),)


def register(work: Work, id: str, kind: str, name: str, key: str) -> Program:
    """Called by the act that enrols a program of this kind; the program acts under the id of that act's own row."""
    assert kind in KINDS
    program: Program = work.keep(Program(id=id, kind=kind, name=name, key=key, enrolled=work.moment))
    return program


def possession(seed: bytes, origin: str, kind: str, name: str) -> str:
    """What a program gives with its key at enrolment: a signature that only the key's holder makes."""
    return SigningKey(seed).sign(_possession(origin, kind, name)).signature.hex()


def possesses(key: str, origin: str, kind: str, name: str, proof: str) -> bool:
    return _good(key, _possession(origin, kind, name), proof)


def sign_request(seed: bytes, program: str, method: str, path: str, body_digest: str, nonce: str) -> dict[str, str]:
    """The three headers of a signed request. body_digest: hex SHA-256 of the body, of nothing where there is none."""
    signature = SigningKey(seed).sign(_request(program, method, path, body_digest, nonce)).signature.hex()
    return {PROGRAM: program, NONCE: nonce, SIGNATURE: signature}


def verify(session: Session, method: str, path: str, body_digest: str, headers: Mapping[str, str], now: int) -> Actor:
    """The program that signed this request, as an actor. NotYours for everything that does not verify.

    session: a writing one, since the nonce is used up here; the caller commits. headers: names in lower case.
    """
    program = session.get(Program, headers.get(PROGRAM, ""))
    if program is None or program.ended is not None:
        raise NotYours
    nonce = headers.get(NONCE, "")
    if not _good(program.key, _request(program.id, method, path, body_digest, nonce), headers.get(SIGNATURE, "")):
        raise NotYours
    used = session.execute(delete(Nonce).where(Nonce.value == nonce, Nonce.person == program.id, Nonce.expires >= now))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotYours
    return Actor("program", program.id, channel=program.kind)


def nonce_for(centre: "Centre", program: str) -> str:
    """A nonce for one request. Whoever asks for a program that does not exist gets one too: nothing tells them apart."""
    with centre.database.writing() as session:
        nonce = give_nonce(session, program[:16], centre.clock.now(session))
        session.commit()
    return nonce


def admit(centre: "Centre", method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Actor:
    """The program behind a request, its nonce used up for good, also when what it asks for is refused afterwards."""
    with centre.database.writing() as session:
        actor = verify(session, method, path, sha256(body).hex(), headers, centre.clock.now(session))
        session.commit()
    return actor


def _request(program: str, method: str, path: str, body_digest: str, nonce: str) -> bytes:
    return REQUEST + lp(program.encode(), method.upper().encode(), path.encode(), body_digest.encode(), nonce.encode())


def _possession(origin: str, kind: str, name: str) -> bytes:
    return POSSESSION + lp(origin.encode(), kind.encode(), name.encode())


def _good(key: str, message: bytes, signature: str) -> bool:
    try:
        VerifyKey(bytes.fromhex(key)).verify(message, bytes.fromhex(signature))
    except (BadSignatureError, ValueError):
        return False
    return True
