"""A supplier's first sealed bid for a lot. The deadline judges the moment after the last byte, stamped at the upload."""
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from sqlalchemy import select

from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, NotYours, Stale, Text
from kernel.identity.records import SigningKey
from trading.bids.records import Bid, Envelope, Upload
from trading.bids.rules import required_parts, supplier_commitment
from trading.desk import hold, move
from trading.projects.records import Lot, Project
from trading.sealing.reads import ready_ceremony
from trading.sealing.rules.header import Prefix, parse_prefix
from trading.subjects.records import Subject

HEX64 = r"^[0-9a-f]{64}$"


class PartRef(Cmd):
    """upload: where the file lies · digest: its RFC 6962 digest, so that the signature of the act covers the content."""

    part: str = Field(pattern=r"^(price|commercial|technical)$")
    upload: str = Field(max_length=16)
    digest: str = Field(pattern=HEX64)


class Submit(Cmd):
    """salt: 32 bytes in hex under which the headers name the supplier."""

    project: str = Field(max_length=32)
    lot: str = Field(max_length=32)
    parts: tuple[PartRef, ...] = Field(min_length=1, max_length=3)
    salt: str = Field(pattern=HEX64)
    version: int = Field(default=1, ge=1, le=9999)


@dataclass(frozen=True)
class Received:
    """What came for one bid: uploads and fronts by part, and the moment after the last byte of all."""

    uploads: dict[str, Upload]
    prefixes: dict[str, Prefix]
    moment: int


@command("trading.bids.submit", opens="works.opened procurement.announced", signed=True, timed=False)
def submit(work: Work, cmd: Submit) -> Bid:
    """A bid after a withdrawal is a first bid again: version 1, no predecessor."""
    project = hold(work, cmd.project)
    received = receive(work, cmd)
    live = live_bid(work, cmd.lot)
    if cmd.version != 1:
        raise Malformed("version")
    facts = facts_of(work, project, cmd, received, {})
    move(work, project, live=live is not None, **facts)
    return keep_bid(work, project, cmd, received, None, {})


def live_bid(work: Work, lot: str) -> Bid | None:
    return work.session.scalar(select(Bid).where(Bid.lot == lot, Bid.org == work.actor.org, Bid.state == "live"))


def receive(work: Work, cmd: Submit) -> Received:
    """The uploads named by the command: the caller's own, whole and never used before."""
    if len({ref.part for ref in cmd.parts}) != len(cmd.parts):
        raise Malformed("parts", Text("同一部分出现两次", "A part stands twice"))
    rows = {row.id: row for row in work.session.scalars(select(Upload).where(Upload.id.in_([ref.upload for ref in cmd.parts])))}
    uploads: dict[str, Upload] = {}
    for ref in cmd.parts:
        row = rows.get(ref.upload)
        if row is None or not work.actor.org or row.org != work.actor.org or row.project != cmd.project or row.lot != cmd.lot:
            raise NotYours
        if row.state != "whole":
            raise Stale
        if row.digest != ref.digest or row.part != ref.part:
            raise Malformed("parts", Text("文件摘要或部分与上传的不符", "Digest or part differs from the upload"))
        uploads[ref.part] = row
    prefixes = {part: parse_prefix(bytes.fromhex(row.head)) for part, row in uploads.items()}
    return Received(uploads, prefixes, max(row.moment or 0 for row in uploads.values()))


def facts_of(work: Work, project: Project, cmd: Submit, received: Received, previous: dict[str, str]) -> dict[str, Any]:
    """Everything the guards of a submission look at; previous: part → digest of the file it replaces."""
    session = work.session
    lot, subject = session.get(Lot, cmd.lot), session.get(Subject, work.actor.org or "")
    if lot is None or lot.project != project.id or subject is None:
        raise NotYours
    ceremony = ready_ceremony(session, project.id)
    points = [prefix.point.hex() for prefix in received.prefixes.values()]
    known = list(session.scalars(select(Envelope.point).where(Envelope.point.in_(points))))
    return {
        "stage_moved_by_clock": True, "written": project.stage, "moment": received.moment,
        "barred_until": subject.barred_until, "bar_decision": subject.bar_decision,
        "required": required_parts(project.procedure), "prefixes": received.prefixes, "previous": previous, "points_known": known,
        "expected": {
            "tender": project.id, "lot": lot.id, "key": ceremony.key if ceremony else "",
            "supplier": supplier_commitment(bytes.fromhex(cmd.salt), subject.code), "version": cmd.version,
        },
        "certified": certified(work, subject.id),
    }


def certified(work: Work, org: str) -> bool:
    """A key file certified for this organisation, or in a rehearsal the person's rehearsal key."""
    if work.sig is None or work.sig.kind == "passkey":
        return False
    if work.sig.kind == "rehearsal":
        return work.centre.rehearsal
    query = select(SigningKey.id).where(SigningKey.public == bytes.fromhex(work.sig.key), SigningKey.org == org, SigningKey.revoked.is_(None))
    return work.session.scalar(query) is not None


def keep_bid(work: Work, project: Project, cmd: Submit, received: Received, prev: str | None, previous: dict[str, str]) -> Bid:
    """Rows and entry of an accepted bid. heads: SHA-256 of each file's front, which binds the point that custodians multiply."""
    salt, header = bytes.fromhex(cmd.salt), next(iter(received.prefixes.values())).header
    bid: Bid = work.keep(Bid(
        project=project.id, lot=cmd.lot, org=work.actor.org, supplier=header.supplier, supplier_salt=salt,
        version=cmd.version, prev=prev, state="live", moment=received.moment,
    ))
    entry = work.enter(
        project.id, lot=cmd.lot, parts={part: row.digest for part, row in received.uploads.items()},
        heads={part: sha256(prefix.raw) for part, prefix in received.prefixes.items()}, version=cmd.version,
        supplier=header.supplier, prev=previous or None,
    )
    bid.entry = entry.key
    work.session.flush()  # the bid's row before its envelopes' rows
    for part, row in received.uploads.items():
        prefix = received.prefixes[part]
        work.keep(Envelope(
            bid=bid.id, part=part, digest=row.digest, point=prefix.point.hex(), header=prefix.encoded.decode(), proof=prefix.proof.hex(),
            committed=prefix.commitment.hex(), padded=prefix.padded, size=row.size, blob=row.blob,
        ))
        row.state = "used"
    return bid
