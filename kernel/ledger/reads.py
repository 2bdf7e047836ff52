"""The ledger as pages show it: heads, leaves, proofs. What an entry says is told only once it is open, or to its own actor."""
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import UNTIMED, Actor
from kernel.errors import NotYours
from kernel.ledger.entries import Checkpoint, Entry, Witness
from kernel.ledger.leaf import leaf_of
from kernel.ledger.note import Verifier, open_checkpoint
from kernel.ledger.openings import is_open
from kernel.ledger.sequencer import proof_of
from kernel.tree import leaf_hash

if TYPE_CHECKING:
    from kernel.centre import Centre

PAGE = 50
RECEIPT = re.compile(r"[a-z2-7]{12}")  # the first letters of an entry's key


@dataclass(frozen=True)
class WitnessView:
    """signed: ms, when it cosigned this head; None where it has not."""

    name: str
    vkey: str
    signed: int | None


@dataclass(frozen=True)
class Head:
    """The newest checkpoint. note: the signed text as published."""

    size: int
    root: str
    moment: int
    note: str
    witnesses: tuple[WitnessView, ...]

    @property
    def signed(self) -> tuple[int, int]:
        return sum(w.signed is not None for w in self.witnesses), len(self.witnesses)


@dataclass(frozen=True)
class Leaf:
    """One leaf. tag, moment: None while the entry is closed to this viewer; moment also where the entry keeps it. own: the viewer's own act."""

    index: int
    hash: str
    tag: str | None = None
    moment: int | None = None
    own: bool = False


@dataclass(frozen=True)
class Opening:
    """A leaf with what opens it. payload and salt only of entries that anybody may read."""

    leaf: Leaf
    data: bytes
    payload: str | None
    salt: str | None


@dataclass(frozen=True)
class Deed:
    """One of the viewer's own acts. index: None while it waits for its place."""

    number: int
    index: int | None
    tag: str
    moment: int
    on: str


def head(centre: "Centre", session: Session) -> Head | None:
    """None while no checkpoint was published."""
    row = session.scalar(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))
    if row is None:
        return None
    known = list(session.scalars(select(Witness).order_by(Witness.name)))
    signed = open_checkpoint(row.note.encode(), centre.ledger_key.verifier, [Verifier.parse(w.vkey) for w in known]).cosigned
    times = {witness.vkey(): at * 1000 for witness, at in signed.items()}
    return Head(row.size, row.root, row.moment, row.note, tuple(WitnessView(w.name, w.vkey, times.get(w.vkey)) for w in known))


def leaves(session: Session, actor: Actor, now: int, before: int | None = None, size: int = PAGE) -> tuple[Leaf, ...]:
    """Leaves under the newest checkpoint, the latest first; before: an index, exclusive."""
    top = session.scalar(select(Checkpoint.size).order_by(Checkpoint.size.desc()).limit(1)) or 0
    top = top if before is None else max(0, min(top, before))
    stages: dict[str, Any] = {}
    rows = session.scalars(select(Entry).where(Entry.position < top).order_by(Entry.position.desc()).limit(size))
    return tuple(leaf(session, actor, row, now, stages) for row in rows)


def leaf(session: Session, actor: Actor, row: Entry, now: int, stages: dict[str, Any] | None = None) -> Leaf:
    own = actor.kind == "person" and row.actor == actor.id
    told = own or is_open(session, row, now, stages)
    assert row.position is not None
    moment = row.moment if own or (told and row.tag not in UNTIMED) else None
    return Leaf(row.position, leaf_hash(leaf_of(row.o)).hex(), row.tag if told else None, moment, own)


def opening(session: Session, actor: Actor, index: int, now: int) -> Opening:
    """NotYours where no published leaf has this index."""
    row = placed(session, index)
    public = is_open(session, row, now)
    salt = row.salt.hex() if public and row.salt else None
    return Opening(leaf(session, actor, row, now), leaf_of(row.o), row.payload if public else None, salt)


def placed(session: Session, index: int) -> Entry:
    top = session.scalar(select(Checkpoint.size).order_by(Checkpoint.size.desc()).limit(1)) or 0
    row = session.scalar(select(Entry).where(Entry.position == index)) if 0 <= index < top else None
    if row is None:
        raise NotYours
    return row


def proof(centre: "Centre", session: Session, index: int) -> bytes:
    """The .tlog-proof of a leaf under the newest checkpoint. NotYours where no published leaf has this index."""
    placed(session, index)
    newest = session.scalars(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)).one()
    return proof_of(centre, index, newest)


def by_receipt(session: Session, number: str) -> int | None:
    """Index of the leaf behind a receipt's number; None for what is no number, unknown or not yet published."""
    number = re.sub(r"[\s-]", "", number).lower()
    if not RECEIPT.fullmatch(number):
        return None
    top = session.scalar(select(Checkpoint.size).order_by(Checkpoint.size.desc()).limit(1)) or 0
    return session.scalar(select(Entry.position).where(Entry.key.startswith(number), Entry.tag != "cover", Entry.position < top))


def places(session: Session, keys: Iterable[str]) -> dict[str, int | None]:
    """Key of an entry → its index, None while it waits."""
    wanted = [key for key in keys if key]
    return {key: position for key, position in session.execute(select(Entry.key, Entry.position).where(Entry.key.in_(wanted)))}


def deeds(session: Session, actor: Actor, before: int | None = None, size: int = PAGE) -> tuple[Deed, ...]:
    """The viewer's own acts, the latest first; before: number of the last one shown. Nobody else's are ever here."""
    if actor.kind != "person":
        return ()
    query = select(Entry).where(Entry.actor == actor.id)
    if before is not None:
        query = query.where(Entry.number < before)
    return tuple(Deed(row.number, row.position, row.tag, row.moment, row.on) for row in session.scalars(query.order_by(Entry.number.desc()).limit(size)))
