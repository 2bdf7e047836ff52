"""Sealed bids. Nothing in here can be read before the opening: digests, ciphertext, salted commitments."""
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record, Tables
from kernel.values import new_id

LIVE = text("state = 'live'")


class Bid(Record):
    """supplier: salted commitment in the envelope headers. state: live | replaced | withdrawn | revoked."""

    __tablename__ = "bid"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"), index=True)
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"), index=True)
    supplier: Mapped[str] = mapped_column(String(64))
    supplier_salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    version: Mapped[int] = mapped_column(Integer)
    prev: Mapped[str | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(10), default="live")
    moment: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[str] = mapped_column(Id, default="")
    __table_args__ = (
        CheckConstraint("state in ('live','replaced','withdrawn','revoked')", name="state"),
        CheckConstraint("version >= 1", name="version"),
        Index("one_live_bid", "lot", "org", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    )


class Envelope(Record):
    """One sealed file. header: canonical header as text; with commitment, padded and proof it gives the file's front back."""

    __tablename__ = "envelope"
    bid: Mapped[str] = mapped_column(ForeignKey("bid.id"), index=True)
    part: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    point: Mapped[str] = mapped_column(String(64), unique=True)
    header: Mapped[str] = mapped_column(String(2000))
    proof: Mapped[str] = mapped_column(String(128), default="")
    committed: Mapped[str] = mapped_column("commitment", String(64))
    padded: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    blob: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("bid", "part"),)


class Deposit(Record):
    """A payment the bank reported to a random sub-account. joined: when it was tied to its bid, after the opening."""

    __tablename__ = "deposit"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    account: Mapped[str] = mapped_column(String(32), unique=True)
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_at: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(200), default="")
    joined: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("lot", "org"),)


class Attempt(Record):
    """A refused submission: kept because a refusal near the deadline must be provable."""

    __tablename__ = "bid_attempt"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    org: Mapped[str] = mapped_column(Id)
    guard: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64), default="")
    moment: Mapped[int] = mapped_column(BigInteger)


class Closing(Record):
    """The closing list of a lot: RFC 6962 root over the digests of its live envelopes, sorted, and the number of bids."""

    __tablename__ = "closing"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"), unique=True)
    root: Mapped[str] = mapped_column(String(64))
    count: Mapped[int] = mapped_column(Integer)
    digests: Mapped[list[str]] = mapped_column(Json)
    moment: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[str] = mapped_column(Id, default="")


class Upload(Tables):
    """A sealed file on its way in; no act yet, so no business row. moment: stamped once, after the last byte.

    front: bytes before its first chunk. chunks: how many raw pieces it comes in. state: open | whole | used | dropped.
    head: hex of everything up to and including the proof, once it was found well-formed. blob: the keys of its pieces.
    """

    __tablename__ = "bid_upload"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    org: Mapped[str] = mapped_column(Id, index=True)
    part: Mapped[str] = mapped_column(String(12))
    size: Mapped[int] = mapped_column(BigInteger)
    front: Mapped[int] = mapped_column(Integer)
    chunks: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8), default="open")
    begun: Mapped[int] = mapped_column(BigInteger)
    moment: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64), default="")
    head: Mapped[str] = mapped_column(Text, default="")
    blob: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (CheckConstraint("state in ('open','whole','used','dropped')", name="state"),)


class Piece(Tables):
    """One raw piece of an upload as its own file; putting the same piece again changes nothing. leaves: of its chunks, 32 bytes each."""

    __tablename__ = "bid_upload_piece"
    upload: Mapped[str] = mapped_column(ForeignKey("bid_upload.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    leaves: Mapped[bytes] = mapped_column(LargeBinary)
    blob: Mapped[str] = mapped_column(Id)


class Guarantee(Record):
    """A bank's letter of guarantee in place of a deposit. number and issuer stay sealed until the opening."""

    __tablename__ = "guarantee"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    lot: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    org: Mapped[str] = mapped_column(ForeignKey("subject.id"))
    issuer: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(60))
    amount: Mapped[int] = mapped_column(BigInteger)
    valid_until: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (UniqueConstraint("lot", "org"), CheckConstraint("amount >= 0", name="amount"))
