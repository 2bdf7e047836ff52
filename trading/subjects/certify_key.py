"""A person of an admitted organisation has a signing key file certified; legal acts are signed with it.

Certified once, after the holder has proved possession (电子签名法 第十三条): the key is the signer's alone.
"""

from pydantic import Field

from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from kernel.identity import keys
from kernel.identity.records import SigningKey
from trading.subjects.desk import hold, move
from trading.subjects.rules import key_bytes


class CertifyKey(Cmd):
    """public: Ed25519 public key (hex) · proof: its signature over rules.key_bytes (hex)."""

    subject: str = Field(max_length=32)
    public: str = Field(pattern="^[0-9a-f]{64}$")
    proof: str = Field(pattern="^[0-9a-f]{128}$")


@command("trading.subjects.certify_key", signed=True)
def certify_key(work: Work, cmd: CertifyKey) -> SigningKey:
    """Guards: possession_proved, key_not_used_before."""
    subject = hold(work, cmd.subject)
    public = bytes.fromhex(cmd.public)
    challenge = key_bytes(work.centre.origin, subject.id, work.actor.id)
    used = keys.used_before(work.session, public)
    move(work, subject, public=public, proof=bytes.fromhex(cmd.proof), challenge=challenge, key_used=used)
    key = keys.certify(work, work.actor.id, subject.id, public)
    work.enter(subject.id, key=sha256(public))
    return key
