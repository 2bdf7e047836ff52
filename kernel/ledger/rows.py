"""The nightly check: does every business row still say what the ledger last said of it? (protocols §3, fraud 11)

Each entry lists the rows its act wrote with their salted commitments; the latest word on a row must fit the row. Whoever
changes, deletes or adds a row by SQL, past the acts, is found with table and id, and so is whoever rewrites the entry too:
its payload must fit its commitment, and that one the leaf in the tiles, which witnesses have signed.

Outside: tables that are no `Record` (log-ins, messages, uploads, cursors, the pool of a draw, which has a root of its own)
and, until an act first writes them, rows that entered with a list and so have no leaf each (`Record.listed`: experts.enlist).
"""
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.blobs import FolderStore
from kernel.centre import CentreRow
from kernel.database import Record
from kernel.errors import Text
from kernel.identity.reads import holders
from kernel.ledger import tiles
from kernel.ledger.entries import Entry, LedgerState
from kernel.ledger.leaf import leaf_of
from kernel.messages import send
from kernel.timers import Due, timer
from kernel.values import day_of, instant

if TYPE_CHECKING:
    from kernel.centre import Centre

log = structlog.get_logger()
HOUR_OF_NIGHT = 2
NAMED = 50  # findings named in one message
WORDS = {
    "changed": Text("数据被改动", "row changed"), "deleted": Text("数据被删除", "row deleted"), "added": Text("数据来历不明", "row without an act"),
    "entry_changed": Text("账本条目被改动", "ledger entry changed"), "entry_missing": Text("账本条目被删除", "ledger entry deleted"),
    "tile": Text("账本文件缺失或损坏", "ledger file missing or broken"),
}
Key = tuple[str, str]


@dataclass(frozen=True, order=True)
class Finding:
    """kind: one of WORDS · table, id: the row · number: of the last entry that speaks of it; 0 where there is none."""

    kind: str
    table: str
    id: str
    number: int = 0

    @property
    def text(self) -> Text:
        words, where = WORDS[self.kind], f"{self.table} {self.id}" + (f" #{self.number}" if self.number else "")
        return Text(f"{words.zh} {where}", f"{words.en} {where}")


@dataclass(frozen=True)
class Night:
    """What one check looked at and what it found."""

    entries: int
    rows: int
    findings: tuple[Finding, ...]


def check_rows(centre: "Centre") -> Night:
    """Reads ledger and tables in one snapshot. Changes nothing."""
    with centre.reading() as session:
        if not centre.database.sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        entries, last, findings = _said(session, centre.tiles)
        rows = 0
        for record in _records():
            for row in session.scalars(select(record).execution_options(yield_per=1000)):
                rows += 1
                found = _judge(row, last.pop((row.__tablename__, row.id), None))
                if found is not None:
                    findings.append(found)
                session.expunge(row)
    findings += [Finding("deleted", table, id, number) for (table, id), (said, number) in last.items() if said]
    return Night(entries, rows, tuple(sorted(findings)))


def _records() -> list[type[Record]]:
    def below(kind: type[Record]) -> Iterator[type[Record]]:
        for sub in kind.__subclasses__():
            yield sub
            yield from below(sub)

    return sorted((kind for kind in below(Record) if "__tablename__" in vars(kind)), key=lambda kind: kind.__tablename__)


def _judge(row: Record, last: tuple[str, int] | None) -> Finding | None:
    table, id, now = row.commitment()
    if last is None:
        return None if row.listed() else Finding("added", table, id)
    said, number = last
    if not said:
        return Finding("added", table, id, number)
    return None if hmac.compare_digest(said, now) else Finding("changed", table, id, number)


def _said(session: Session, store: FolderStore) -> tuple[int, dict[Key, tuple[str, int]], list[Finding]]:
    """Number of entries; row → the last commitment ("" once an act deleted it) and its entry; what is wrong with entries."""
    state = session.get(LedgerState, 1)
    size = state.tiled if state else 0
    count, last, findings = 0, {}, []
    for entry in session.scalars(_by_number()):
        count += 1
        if entry.salt is not None and not _fits(entry, entry.salt):
            findings.append(Finding("entry_changed", Entry.__tablename__, entry.key, entry.number))
        if entry.payload:
            for table, id, said in _rows_of(entry.payload):
                last[table, id] = (said, entry.number)
        session.expunge(entry)
    findings += _against_tiles(session, store, size)
    return count, last, findings


def _by_number() -> Select[tuple[Entry]]:
    """Numbers follow the order of writes to one row: an act holds its rows before it asks for its number."""
    return select(Entry).order_by(Entry.number).execution_options(yield_per=1000)


def _fits(entry: Entry, salt: bytes) -> bool:
    return hmac.compare_digest(hmac.new(salt, entry.payload.encode(), hashlib.sha256).hexdigest(), entry.o)


def _rows_of(payload: str) -> list[list[str]]:
    """The row list of a payload; empty where somebody made it unreadable, which `_fits` has reported."""
    try:
        rows = json.loads(payload).get("rows", [])
    except (ValueError, AttributeError):
        return []
    return [row for row in rows if len(row) == 3]


def _against_tiles(session: Session, store: FolderStore, size: int) -> list[Finding]:
    """Every published leaf has its entry, and the entry the same commitment."""
    findings: list[Finding] = []
    for first in range(0, size, tiles.WIDTH):
        query = select(Entry.position, Entry.o, Entry.key, Entry.number).where(Entry.position >= first, Entry.position < first + tiles.WIDTH)
        entries = {position: rest for position, *rest in session.execute(query)}
        try:
            leaves = tiles.entries_of(store, size, first // tiles.WIDTH)
        except ValueError:
            findings.append(Finding("tile", "ledger", tiles.path(None, first // tiles.WIDTH)))
            continue
        for position, data in enumerate(leaves, first):
            if position not in entries:
                findings.append(Finding("entry_missing", Entry.__tablename__, f"@{position}"))
            elif leaf_of(entries[position][0]) != data:
                findings.append(Finding("entry_changed", Entry.__tablename__, entries[position][1], entries[position][2]))
    return findings


def nightly(centre: "Centre") -> Night:
    """Checks, and where something is wrong tells every auditor once a day. Names tables and ids, never what stands in them."""
    night = check_rows(centre)
    if not night.findings:
        log.info("nightly", entries=night.entries, rows=night.rows)
        return night
    log.error("nightly", findings=len(night.findings))
    shown, more = night.findings[:NAMED], len(night.findings) - NAMED
    zh = "\n".join(f.text.zh for f in shown) + (f"\n另有 {more} 处" if more > 0 else "")
    en = "\n".join(f.text.en for f in shown) + (f"\n{more} more" if more > 0 else "")
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        for person in holders(session, "auditor", now):
            send(session, f"nightly/{day_of(now)}", person.id, now,
                 Text("夜间核对：数据与账本不符", "Nightly check: rows differ from the ledger"), Text(zh, en))
        session.commit()
    return night


@timer
def nights(session: Session, now: int) -> list[Due]:
    """Every night at two. A rehearsal's clock leaps over nights and would read the whole ledger at each leap: there the
    command `mingbiao ledger nightly` does the same."""
    row = session.get(CentreRow, 1)
    if row is None or row.origin.startswith("rehearsal."):
        return []
    today = day_of(now)
    return [Due(f"kernel.ledger.nightly/{today}", instant(today, HOUR_OF_NIGHT), nightly)]
