"""Codes of an authenticator app (RFC 6238: 30 s, 6 digits): suppliers' second factor, and everybody's way back.

The secret is encrypted at rest. A code counts once: the step it belongs to is kept, and only a later one is accepted.
"""

import base64
import hmac
import re

import pyotp
from nacl.secret import SecretBox
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.clock import system_ms
from kernel.identity.records import Credential

STEP_MS = 30_000


def fresh() -> str:
    """A new secret of 160 bits in base32, shown once to its owner."""
    return pyotp.random_base32(32)


def address(centre: Centre, login: str, secret: str) -> str:
    """The otpauth: address a page draws as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=centre.origin.split("/")[0])


def sealed(centre: Centre, secret: str) -> str:
    return base64.b64encode(SecretBox(centre.secret("totp")).encrypt(secret.encode())).decode()


def fits(secret: str, code: str) -> int | None:
    """The step this code belongs to, one step of drift allowed either way; None when it is none of them.

    Judged by the machine's clock, also in a rehearsal: the other clock is the one in the person's telephone.
    """
    if not re.fullmatch(r"\d{6}", code):
        return None
    now = system_ms() // STEP_MS
    generator = pyotp.TOTP(secret)
    found = [step for step in (now + 1, now, now - 1) if hmac.compare_digest(generator.generate_otp(step), code)]
    return found[0] if found else None


def spend(centre: Centre, session: Session, credential: Credential | None, code: str) -> bool:
    """True when the code is right and was not used; from now on it is used."""
    if credential is None or not credential.totp:
        return False
    secret = SecretBox(centre.secret("totp")).decrypt(base64.b64decode(credential.totp)).decode()
    step = fits(secret, code)
    if step is None:
        return False
    spent = session.execute(
        update(Credential).where(Credential.person == credential.person, Credential.totp_counter < step).values(totp_counter=step)
    )
    return bool(spent.rowcount == 1)  # type: ignore[attr-defined]
