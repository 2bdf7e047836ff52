"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is good. User verification is required.

Log-in asks for no name: the key tells who it is, so the page cannot tell anybody which accounts exist.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kernel.centre import Centre
from kernel.errors import Malformed, Reason, Refused, Text
from kernel.identity.records import Nonce, Passkey, Person
from kernel.identity.signing import act_hash, give_nonce

MOST = 4
ANYBODY = ""  # whose nonce a log-in challenge is


@dataclass(frozen=True)
class Challenge:
    """nonce: comes back with the answer · options: JSON for navigator.credentials."""

    nonce: str
    options: str


def registration_options(centre: Centre, person: str) -> Challenge:
    """For navigator.credentials.create; keys the person already has are excluded."""
    with centre.database.writing() as session:
        someone = session.get_one(Person, person)
        nonce = give_nonce(session, person, centre.clock.now(session))
        session.commit()
        assert centre.row is not None
        options = generate_registration_options(
            rp_id=centre.passkey_host,
            rp_name=centre.row.name,
            user_name=someone.login,
            user_display_name=someone.name,
            user_id=person.encode(),
            challenge=bytes.fromhex(nonce),
            exclude_credentials=_known(session, person),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
    return Challenge(nonce, options_to_json(options))


def authentication_options(centre: Centre) -> Challenge:
    """For navigator.credentials.get at log-in."""
    with centre.database.writing() as session:
        nonce = give_nonce(session, ANYBODY, centre.clock.now(session))
        session.commit()
    options = generate_authentication_options(
        rp_id=centre.passkey_host, challenge=bytes.fromhex(nonce), user_verification=UserVerificationRequirement.REQUIRED
    )
    return Challenge(nonce, options_to_json(options))


def act_options(centre: Centre, person: str, tag: str, cmd: Any) -> Challenge:
    """For navigator.credentials.get when a person signs an act: the challenge is the act's hash (protocols §5)."""
    with centre.database.writing() as session:
        nonce = give_nonce(session, person, centre.clock.now(session))
        session.commit()
        options = generate_authentication_options(
            rp_id=centre.passkey_host,
            challenge=act_hash(centre.origin, tag, cmd, nonce),
            allow_credentials=_known(session, person),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    return Challenge(nonce, options_to_json(options))


def _known(session: Session, person: str) -> list[PublicKeyCredentialDescriptor]:
    rows = session.scalars(select(Passkey.credential).where(Passkey.person == person, Passkey.revoked.is_(None)))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row)) for row in rows]


def spend_nonce(session: Session, nonce: str, person: str, now: int) -> bool:
    used = session.execute(delete(Nonce).where(Nonce.value == nonce, Nonce.person == person, Nonce.expires >= now))
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def enrolled(centre: Centre, session: Session, person: str, nonce: str, answer: str, label: str, now: int) -> Passkey:
    """The key in the browser's answer, not yet kept. Guards: user_verified, two_keys_at_most_four.

    Malformed("passkey") when the challenge is over or the answer does not verify.
    """
    wrong = Malformed("passkey", Text("密钥注册未通过校验，请重试", "The key could not be enrolled; try again"))
    if not spend_nonce(session, nonce, person, now):
        raise wrong
    live = session.scalars(select(Passkey.id).where(Passkey.person == person, Passkey.revoked.is_(None))).all()
    if len(live) >= MOST:
        raise Refused(Reason("two_keys_at_most_four", Text(f"已有 {len(live)} 把", f"{len(live)} keys stand")))
    try:
        done = verify_registration_response(
            credential=answer,
            expected_challenge=bytes.fromhex(nonce),
            expected_rp_id=centre.passkey_host,
            expected_origin=centre.settings.origin_url,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise wrong from error
    if not done.user_verified:
        raise Refused(Reason("user_verified"))
    credential = bytes_to_base64url(done.credential_id)
    if len(credential) > 400 or session.scalar(select(Passkey.id).where(Passkey.credential == credential)):
        raise wrong
    return Passkey(
        person=person,
        credential=credential,
        public_key=bytes_to_base64url(done.credential_public_key),
        counter=done.sign_count,
        label=label,
    )


def owner(centre: Centre, session: Session, nonce: str, answer: str, now: int) -> Person | None:
    """Whose key answered the log-in challenge; None when anything about it is wrong."""
    if not spend_nonce(session, nonce, ANYBODY, now):
        return None
    try:
        credential = json.loads(answer)["id"]
        key = session.scalar(select(Passkey).where(Passkey.credential == str(credential), Passkey.revoked.is_(None)).with_for_update())
        if key is None:
            return None
        done = verify_authentication_response(
            credential=answer,
            expected_challenge=bytes.fromhex(nonce),
            expected_rp_id=centre.passkey_host,
            expected_origin=centre.settings.origin_url,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.counter,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    key.counter = done.new_sign_count
    return session.get_one(Person, key.person)
