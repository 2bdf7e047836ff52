"""Persons, what they may do, and the keys by which they are known."""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record, Tables


class Person(Record):
    """A natural person known to the centre. employer: id of the organisation it works for, if any."""

    __tablename__ = "person"
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(160), default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    employer: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(2), default="zh")
    status: Mapped[str] = mapped_column(String(12), default="active")
    created: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("status in ('active','locked','left')", name="status"),)

    def listed(self) -> bool:
        """Experts enter by a spreadsheet of thousands."""
        return self.login.startswith("expert-")


class Grant(Record):
    """A role of a person in the whole centre. scope: field of trade, zone or empty."""

    __tablename__ = "role_grant"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    scope: Mapped[str] = mapped_column(String(32), default="")
    since: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int | None] = mapped_column(BigInteger)
    granted_by: Mapped[str] = mapped_column(Id, default="")
    __table_args__ = (UniqueConstraint("person", "role", "scope", "since"),)

    def listed(self) -> bool:
        """The one role that comes with the experts' spreadsheet; any other was granted by an act."""
        return self.role == "expert_idle"


class Passkey(Record):
    __tablename__ = "passkey"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    credential: Mapped[str] = mapped_column(String(400), unique=True)
    public_key: Mapped[str] = mapped_column(String(1000))
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    label: Mapped[str] = mapped_column(String(60), default="")
    revoked: Mapped[int | None] = mapped_column(BigInteger)


class Credential(Tables):
    """Secrets that never stand in an entry: password hash and encrypted TOTP secret (suppliers' log-in, recovery).

    totp_counter: the last 30-second step whose code was used. held_until: no signed act before this moment (ms),
    set when lost keys were replaced.
    """

    __tablename__ = "credential"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password: Mapped[str] = mapped_column(String(200), default="")
    totp: Mapped[str] = mapped_column(String(160), default="")
    totp_counter: Mapped[int] = mapped_column(BigInteger, default=0)
    held_until: Mapped[int] = mapped_column(BigInteger, default=0)


class LoginWindow(Tables):
    """Attempts counted in a window of time. bucket: keyed hash of an address or a log-in name, known or not."""

    __tablename__ = "login_window"
    bucket: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger, index=True)
    tries: Mapped[int] = mapped_column(Integer)


class KnownDevice(Tables):
    """A browser from which a person has logged in before. device: SHA-256 of its long-lived cookie."""

    __tablename__ = "known_device"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    device: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger)


class Invitation(Tables):
    """A one-time way to enrol a first passkey. token_hash: SHA-256 of the token that was sent."""

    __tablename__ = "invitation"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    expires: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int | None] = mapped_column(BigInteger)


class WebSession(Tables):
    """A log-in. Only the token's hash is kept."""

    __tablename__ = "web_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    started: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[int] = mapped_column(BigInteger)
    idle_ms: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str] = mapped_column(String(12), default="")
    watches: Mapped[str] = mapped_column(Json, default=dict)


class Nonce(Tables):
    """A challenge given by the server for one signature. Used once, within its time."""

    __tablename__ = "nonce"
    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(Id)
    expires: Mapped[int] = mapped_column(BigInteger)


class FirstStep(Record):
    """The first person's voice in an act of two; the second must say the same within 24 hours."""

    __tablename__ = "first_step"
    tag: Mapped[str] = mapped_column(String(64))
    on: Mapped[str] = mapped_column("on_id", String(64), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(Id)
    moment: Mapped[int] = mapped_column(BigInteger)
    done: Mapped[int | None] = mapped_column(BigInteger)


class SigningKey(Record):
    """A certified Ed25519 key file of an organisation's person (legal acts of suppliers)."""

    __tablename__ = "signing_key"
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    org: Mapped[str] = mapped_column(Id, index=True)
    public: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    certified: Mapped[int] = mapped_column(BigInteger)
    revoked: Mapped[int | None] = mapped_column(BigInteger)
