"""Tables of the ledger. One entry per act, written in the act's own transaction; no counter, no lock.

`position` is given later by the sequencer. `opens` says when the payload may be read by anybody: "now", "never",
or the stages of the tender `on` from which it may (`law.stages.reached`; secrecy.csv ledger_opening).
"""
from sqlalchemy import BigInteger, Integer, LargeBinary, Select, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Serial, Tables


class Entry(Tables):
    __tablename__ = "ledger_entry"
    number: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(Id, unique=True)
    tag: Mapped[str] = mapped_column(String(64), index=True)
    on: Mapped[str] = mapped_column("on_id", String(64), index=True)
    moment: Mapped[int] = mapped_column(BigInteger)
    role: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64), index=True)  # erasable; the payload holds only its HMAC
    opens: Mapped[str] = mapped_column(String(48))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # destroyed when a record is erased
    payload: Mapped[str] = mapped_column(Text)
    o: Mapped[str] = mapped_column(String(64))
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    xid: Mapped[int | None] = mapped_column(BigInteger)  # PostgreSQL: the writing transaction


class LedgerState(Tables):
    """One row: how many leaves have a position, and how many of them stand in tiles."""

    __tablename__ = "ledger_state"
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    tiled: Mapped[int] = mapped_column(BigInteger, default=0)


class Checkpoint(Tables):
    """Each published checkpoint with its cosignatures. note: the whole signed text."""

    __tablename__ = "ledger_checkpoint"
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    moment: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text)
    witnesses: Mapped[int] = mapped_column(Integer, default=0)


class Witness(Tables):
    """A party that cosigns checkpoints. vkey as in C2SP signed-note; url: its add-checkpoint address, or empty."""

    __tablename__ = "ledger_witness"
    vkey: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(200), default="")


class Cursor(Tables):
    """How far a reader of the ledger has come."""

    __tablename__ = "ledger_cursor"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, default=0)


def stable(query: Select[tuple[Entry]], sqlite: bool) -> Select[tuple[Entry]]:
    """Restricts a query over entries to those whose transaction can no longer be overtaken by an earlier one.

    PostgreSQL hands out numbers before commits: taking entries by number alone would pass over one that commits late.
    """
    return query if sqlite else query.where(text("(xid is null or xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"))
