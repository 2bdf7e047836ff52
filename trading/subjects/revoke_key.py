"""A certified signing key is revoked, by a person of the organisation or a registrar. What it signed stays valid."""

from pydantic import Field

from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity import keys
from kernel.identity.records import SigningKey
from trading.subjects.desk import hold, move


class RevokeKey(Cmd):
    subject: str = Field(max_length=32)
    public: str = Field(pattern="^[0-9a-f]{64}$")
    words: str = Field(max_length=300)


@command("trading.subjects.revoke_key")
def revoke_key(work: Work, cmd: RevokeKey) -> SigningKey:
    """Guard: reason_given (电子签名法 第十五条: the holder tells at once when a key may be in other hands)."""
    subject = hold(work, cmd.subject)
    public = bytes.fromhex(cmd.public)
    key = next((k for k in keys.of_organisation(work.session, subject.id) if k.public == public), None)
    if key is None:
        raise NotYours
    move(work, subject, reasons=(cmd.words,))
    key.revoked = work.moment
    work.enter(subject.id, key=sha256(public))
    return key
