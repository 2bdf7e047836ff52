"""Signed bytes of an act: h = SHA-256(canon{v, origin, tag, cmd, nonce}); no moment (protocols §5).

Kinds: passkey (challenge = h), keyfile (Ed25519 over "mingbiao/act/v1" ‖ h), rehearsal (the same bytes under a
person's rehearsal key; an origin without `rehearsal` refuses it).
"""
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey as Ed25519
from nacl.signing import VerifyKey
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.canonical import canon, plain, sha256
from kernel.errors import Malformed, Reason, Refused, Text
from kernel.identity.records import Credential, Nonce, Passkey, SigningKey
from kernel.values import show_time

if TYPE_CHECKING:
    from kernel.centre import Centre

PREFIX = b"mingbiao/act/v1"
NONCE_MS = 10 * 60_000


@dataclass(frozen=True)
class Signature:
    """kind: passkey | keyfile | rehearsal · key: credential id or public key hex · nonce: as given by the server."""

    kind: str
    key: str
    signature: str
    nonce: str
    auth: str = ""
    client: str = ""

    def in_payload(self, salt: bytes) -> dict[str, str]:
        salted_key = hmac.new(salt, b"key" + self.key.encode(), hashlib.sha256).hexdigest()
        body = {"kind": self.kind, "key": salted_key, "signature": self.signature, "nonce": self.nonce}
        return body | ({"auth": self.auth} if self.auth else {}) | ({"client": self.client} if self.client else {})


def act_hash(origin: str, tag: str, cmd: Any, nonce: str) -> bytes:
    return sha256(canon({"v": 1, "origin": origin, "tag": tag, "cmd": plain(cmd), "nonce": nonce}))


def give_nonce(session: Session, person: str, moment: int) -> str:
    """A fresh challenge of 16 bytes in hex for one person, good for ten minutes."""
    value = secrets.token_hex(16)
    session.execute(delete(Nonce).where(Nonce.expires < moment))
    session.add(Nonce(value=value, person=person, expires=moment + NONCE_MS))
    return value


def nonce_for(centre: "Centre", person: str) -> str:
    """A challenge given on its own, to a person who will sign with a key file."""
    with centre.database.writing() as session:
        nonce = give_nonce(session, person, centre.clock.now(session))
        session.commit()
    return nonce


def sign_with_key(seed: bytes, origin: str, tag: str, cmd: Any, nonce: str, kind: str = "keyfile") -> Signature:
    """What a holder of an Ed25519 seed does on his own machine."""
    key = Ed25519(seed)
    signature = key.sign(PREFIX + act_hash(origin, tag, cmd, nonce)).signature
    return Signature(kind, key.verify_key.encode().hex(), signature.hex(), nonce)


def ways_to_sign(session: Session, person: str) -> frozenset[str]:
    """The kinds of signature this person holds a standing key for: passkey, keyfile."""
    found = set()
    for kind, table in (("passkey", Passkey), ("keyfile", SigningKey)):
        if session.scalar(select(table.id).where(table.person == person, table.revoked.is_(None)).limit(1)):
            found.add(kind)
    return frozenset(found)


def check_rested(centre: "Centre", session: Session, person: str) -> None:
    """Refused("not_locked") while replaced keys rest: 24 hours after a recovery nothing is signed (protocols §5)."""
    held = session.scalar(select(Credential.held_until).where(Credential.person == person)) or 0
    if held > centre.clock.now(session):
        until = show_time(held)
        rest = Text(f"密钥找回后，{until} 起方可签名办理", f"After a recovery nothing is signed before {until}")
        raise Refused(Reason("not_locked", needed=rest))


def check_signature(centre: "Centre", session: Session, person: str, tag: str, cmd: Any, sig: Signature | None) -> Signature:
    """The act's signature, verified; in a rehearsal made on the spot when none came with the call."""
    check_rested(centre, session, person)
    if sig is None:
        if not centre.rehearsal:
            raise Malformed("signature", Text("缺少签名", "The signature is missing"))
        return sign_with_key(centre.rehearsal_seed(person), centre.origin, tag, cmd, secrets.token_hex(16), "rehearsal")
    message = act_hash(centre.origin, tag, cmd, sig.nonce)
    wrong = Malformed("signature", Text("签名校验未通过，请重新签名", "The signature does not verify; sign again"))
    if sig.kind == "rehearsal":
        if not centre.rehearsal or Ed25519(centre.rehearsal_seed(person)).verify_key.encode().hex() != sig.key:
            raise wrong
    else:
        now = centre.clock.now(session)
        used = session.execute(delete(Nonce).where(Nonce.value == sig.nonce, Nonce.person == person, Nonce.expires >= now))
        if used.rowcount != 1:  # type: ignore[attr-defined]
            raise Malformed("signature", Text("签名口令已过期，请重新签名", "The challenge has expired; sign again"))
    if sig.kind == "passkey":
        _check_passkey(centre, session, person, message, sig, wrong)
        return sig
    try:
        public = bytes.fromhex(sig.key)
        VerifyKey(public).verify(PREFIX + message, bytes.fromhex(sig.signature))
    except (BadSignatureError, ValueError) as error:
        raise wrong from error
    if sig.kind == "keyfile":
        known = session.scalar(select(SigningKey).where(SigningKey.public == public, SigningKey.person == person, SigningKey.revoked.is_(None)))
        if known is None:
            raise wrong
    elif sig.kind != "rehearsal":
        raise wrong
    return sig


def _check_passkey(centre: "Centre", session: Session, person: str, challenge: bytes, sig: Signature, wrong: Malformed) -> None:
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    key = session.scalar(select(Passkey).where(Passkey.credential == sig.key, Passkey.person == person, Passkey.revoked.is_(None)))
    if key is None:
        raise wrong
    answer = {
        "id": sig.key, "rawId": sig.key, "type": "public-key", "clientExtensionResults": {},
        "response": {
            "authenticatorData": bytes_to_base64url(bytes.fromhex(sig.auth)),
            "clientDataJSON": bytes_to_base64url(bytes.fromhex(sig.client)),
            "signature": bytes_to_base64url(bytes.fromhex(sig.signature)),
        },
    }
    try:
        done = verify_authentication_response(
            credential=json.dumps(answer), expected_challenge=challenge, expected_rp_id=centre.passkey_host,
            expected_origin=centre.settings.origin_url, credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=0, require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise wrong from error
    key.counter = max(key.counter, done.new_sign_count)
