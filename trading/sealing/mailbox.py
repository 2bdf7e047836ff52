"""The centre as a custodian's mailbox: what waits for it, the papers of an opening, and its acts by name.

Used in process by rehearsals and replays, and by the HTTP handlers for programs: all values are JSON.
"""
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import Malformed, NotYours
from kernel.ledger.entries import Checkpoint, Entry
from kernel.ledger.opened import leaf_under
from kernel.ledger.tiles import Span
from kernel.tree import consistency
from kernel.values import HOUR
from trading.bids.records import Bid, Closing, Envelope
from trading.opening import silence
from trading.opening.break_silence import BreakSilence, break_silence
from trading.opening.post_partials import PostPartials, post_partials
from trading.opening.records import Batch
from trading.opening.report_gate import ReportGate, report_gate
from trading.opening.silence import waits_for
from trading.opening.state import called, front, turn
from trading.projects.records import Project
from trading.sealing.answer_blame import AnswerBlame, answer_blame
from trading.sealing.blame import Blame, blame
from trading.sealing.confirm import Confirm, confirm
from trading.sealing.post_commitment import PostCommitment, post_commitment
from trading.sealing.post_shares import PostShares, post_shares
from trading.sealing.reads import ready_ceremony, rounds_of, terms_of
from trading.sealing.records import Ceremony, Complaint, Custodian

ACTS = {
    "post_commitment": (post_commitment, PostCommitment), "post_shares": (post_shares, PostShares), "confirm": (confirm, Confirm),
    "blame": (blame, Blame), "answer_blame": (answer_blame, AnswerBlame),
    "post_partials": (post_partials, PostPartials), "report_gate": (report_gate, ReportGate),
    "break_silence": (break_silence, BreakSilence),
}


class LocalMailbox:
    """The mailbox of one custodian over the acts and reads of this process."""

    def __init__(self, centre: Centre, custodian: str) -> None:
        self._centre, self._actor = centre, Actor("program", custodian, channel="custodian")

    def tasks(self) -> list[dict[str, Any]]:
        with self._centre.reading() as session:
            return tasks(self._centre, session, self._actor, self._centre.clock.now(session))

    def opening(self, project: str) -> dict[str, Any]:
        with self._centre.reading() as session:
            return opening(self._centre, session, self._actor, project)

    def coefficient(self, project: str) -> dict[str, Any]:
        with self._centre.reading() as session:
            return silence.papers(self._centre, session, self._actor, project, self._centre.clock.now(session))

    def post(self, act: str, fields: dict[str, Any]) -> None:
        post(self._centre, self._actor, act, fields)

    def tile(self, path: str) -> bytes | None:
        return self._centre.tiles.get(path)


def post(centre: Centre, actor: Actor, act: str, fields: dict[str, Any]) -> None:
    """Runs a custodian's act by its name. NotYours for any other name, Malformed for fields it does not have."""
    if act not in ACTS:
        raise NotYours
    function, form = ACTS[act]
    try:
        cmd = form(**fields)
    except (TypeError, ValueError):
        raise Malformed("fields") from None
    function(centre, actor, cmd)


def tasks(centre: Centre, session: Session, actor: Actor, now: int) -> list[dict[str, Any]]:
    """Everything that waits for this custodian now."""
    found = []
    for row in session.scalars(select(Ceremony).where(Ceremony.stage.in_(["r0", "r1", "r2"])).order_by(Ceremony.begun, Ceremony.id)):
        if actor.id in row.custodians:
            found += _ceremony_tasks(centre, session, row, row.custodians.index(actor.id) + 1, now)
    query = select(Ceremony, Project).join(Project, Project.id == Ceremony.project).where(Ceremony.stage == "ready", or_(
        Project.stage == "opening", (Project.stage == "evaluating") & (Project.envelopes == 2)))
    for row, project in session.execute(query.order_by(Ceremony.begun, Ceremony.id)):
        number, now_open = row.custodians.index(actor.id) + 1 if actor.id in row.custodians else 0, turn(session, project)
        if number and now_open and not session.scalar(select(Batch.id).where(
                Batch.project == row.project, Batch.number == number, Batch.envelope == now_open)):
            found.append({"kind": "open", "project": row.project, "code": project.code, "ceremony": row.id})
        if number and waits_for(session, actor, row.project, now):
            found.append({"kind": "coefficient", "project": row.project, "code": project.code, "ceremony": row.id})
    return found


def _ceremony_tasks(centre: Centre, session: Session, row: Ceremony, number: int, now: int) -> list[dict[str, Any]]:
    mine = rounds_of(session, row.id)[number]
    terms = terms_of(session, row)
    task = {"project": row.project, "code": session.get_one(Project, row.project).code, "ceremony": row.id, "k": row.k, "custodians": [key.hex() for key in terms.custodians]}
    complaints = list(session.scalars(select(Complaint).where(Complaint.ceremony == row.id, Complaint.state == "open")))
    found: list[dict[str, Any]] = [task | {"kind": "answer", "accuser": c.accuser} for c in complaints if c.accused == number]
    waiting = [c for c in complaints if c.accuser == number]
    if row.stage == "r0" and not mine.r0:
        enrolments = _enrolments(centre, session, row.custodians)
        found += [task | {"kind": "commit", "enrolments": enrolments}] if enrolments else []
    elif row.stage == "r1" and not mine.commitments:
        found.append(task | {"kind": "reveal"})
    elif row.stage == "r2" and not mine.signature and all(now >= c.at + HOUR for c in waiting):
        found.append(task | {"kind": "confirm", "transcript": row.transcript})
    return found


def enrolment(centre: Centre, session: Session, identity: str) -> dict[str, str]:
    """The opened leaf of an identity's enrolment, which names its program. NotYours while there is none in a checkpoint."""
    found = _enrolments(centre, session, list(session.scalars(select(Custodian.id).where(Custodian.identity == identity))))
    if not found:
        raise NotYours
    return found[0]


def _enrolments(centre: Centre, session: Session, custodians: list[str]) -> list[dict[str, str]]:
    """The opened leaf of each custodian's enrolment; empty while one of them has no place in a checkpoint yet."""
    entries = list(session.scalars(select(Entry).where(Entry.tag == "trading.sealing.enrol_custodian", Entry.on.in_(custodians))))
    last = session.scalar(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))
    if last is None or len(entries) < len(custodians) or any(e.position is None or e.position >= last.size for e in entries):
        return []
    return [leaf_under(centre, entry, last) for entry in entries]


def opening(centre: Centre, session: Session, actor: Actor, project: str) -> dict[str, Any]:
    """The papers of one opening: transcript, close leaf, the bids' leaves under their first witnessed checkpoints, fronts of the files;
    for the prices of two envelopes also the leaf that called for them.

    NotYours for whoever is not its custodian or before the opening has begun.
    """
    row, ceremony = session.get(Project, project), ready_ceremony(session, project)
    if row is None or not turn(session, row) or ceremony is None or actor.id not in ceremony.custodians:
        raise NotYours
    lists = list(session.scalars(select(Closing).where(Closing.project == project)))
    digests = {digest for closing in lists for digest in closing.digests}
    files = [(e, bid) for e, bid in session.execute(
        select(Envelope, Bid).join(Bid, Bid.id == Envelope.bid).where(Bid.project == project).order_by(Envelope.digest)) if e.digest in digests]
    keys = {bid.entry for _, bid in files}
    entries = list(session.scalars(select(Entry).where(Entry.key.in_(keys)).order_by(Entry.position)))
    close = session.scalar(select(Entry).where(Entry.key == lists[0].entry))
    call = called(session, row)
    last = session.scalar(select(Entry).where(Entry.key == call.entry)) if call else close
    assert close is not None and last is not None
    if last.position is None or (head := _first(session, last.position, row.quorum if call else 0)) is None:
        raise NotYours  # the close leaf, or the call, has no checkpoint yet
    notice = session.scalar(select(Entry).where(Entry.on == project, Entry.tag == "trading.notices.publish"))
    assert notice is not None, "an opening without a notice"
    early = {entry.key: _first(session, entry.position or 0, row.quorum) for entry in entries}
    sizes = {checkpoint.size for checkpoint in early.values() if checkpoint} - {head.size}
    rounds = rounds_of(session, ceremony.id)
    return {
        "project": project, "transcript": ceremony.transcript, "signatures": [rounds[n].signature for n in sorted(rounds)],
        "close": leaf_under(centre, close, head),
        "notice": leaf_under(centre, notice, head), **({"call": leaf_under(centre, last, head)} if call else {}),
        "leaves": [leaf_under(centre, entry, early[entry.key] or head) for entry in entries],
        "consistency": {str(size): [step.hex() for step in _path(centre, size, head.size)] for size in sorted(sizes)},
        "files": [{"digest": envelope.digest, "head": front(envelope).raw.hex()} for envelope, _ in files],
    }


def _first(session: Session, position: int, witnesses: int) -> Checkpoint | None:
    """The first checkpoint that covers a position and bears enough cosignatures."""
    return session.scalar(select(Checkpoint).where(Checkpoint.size > position, Checkpoint.witnesses >= witnesses).order_by(Checkpoint.size).limit(1))


def _path(centre: Centre, one: int, two: int) -> list[bytes]:
    old, new = sorted((one, two))
    return consistency(old, new, Span(centre.tiles, new))
