"""What others may know of a ceremony: everything but the shares, from the notice on; before it those who prepare the tender."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import NotYours
from law.secrecy import form
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.sealing.records import Ceremony, Complaint, Custodian, Round
from trading.sealing.rules.ceremony import Reveal, Terms, settled
from trading.sealing.rules.transcript import Transcript, build_transcript, read_transcript


@dataclass(frozen=True)
class CustodianLine:
    """voices: how far this custodian has come, 0..3 rounds."""

    number: int
    name: str
    party: str
    identity: str
    voices: int


@dataclass(frozen=True)
class CeremonyView:
    """transcript and signatures are empty before r2; key: hex u(Y), empty before ready."""

    id: str
    stage: str
    k: int
    custodians: tuple[CustodianLine, ...]
    key: str
    transcript: str
    signatures: tuple[str, ...]
    entry: str


def ready_ceremony(session: Session, project: str) -> Ceremony | None:
    """The finished ceremony under whose key a tender is sealed."""
    return session.scalar(select(Ceremony).where(Ceremony.project == project, Ceremony.stage == "ready"))


def latest_ceremony(session: Session, project: str) -> Ceremony | None:
    return session.scalar(select(Ceremony).where(Ceremony.project == project).order_by(Ceremony.begun.desc(), Ceremony.id).limit(1))


def rounds_of(session: Session, ceremony: str) -> dict[int, Round]:
    return {row.number: row for row in session.scalars(select(Round).where(Round.ceremony == ceremony).order_by(Round.number))}


def terms_of(session: Session, ceremony: Ceremony) -> Terms:
    rows = dict(session.execute(select(Custodian.id, Custodian.identity).where(Custodian.id.in_(ceremony.custodians))).all())
    return Terms(ceremony.id, ceremony.project, ceremony.k, tuple(bytes.fromhex(rows[id]) for id in ceremony.custodians))


def transcript_bytes(session: Session, ceremony: Ceremony, rounds: dict[int, Round]) -> bytes:
    """The record as it follows from what all posted, with settled complaints in clear."""
    reveals = [
        Reveal(n, tuple(map(bytes.fromhex, r.commitments)), bytes.fromhex(r.proof), tuple(map(bytes.fromhex, r.boxes))) for n, r in sorted(rounds.items())
    ]
    for row in session.scalars(select(Complaint).where(Complaint.ceremony == ceremony.id, Complaint.state == "settled")):
        reveals[row.accused - 1] = settled(reveals[row.accused - 1], row.accuser, bytes.fromhex(row.share))
    hashes = tuple(bytes.fromhex(row.r0) for _, row in sorted(rounds.items()))
    return build_transcript(terms_of(session, ceremony), hashes, tuple(reveals))


def transcript_of(session: Session, project: str) -> Transcript | None:
    ceremony = ready_ceremony(session, project)
    return read_transcript(ceremony.transcript.encode()) if ceremony else None


def view(session: Session, actor: Actor, id: str, now: int) -> CeremonyView | None:
    """The tender's latest ceremony for this viewer; None where there is none. NotYours where it is not for him."""
    project = session.get(Project, id)
    if project is None:
        raise NotYours
    held = relations(session, actor, project, now)
    if project.agent is None and "buyer" in held:
        held.add("agent")  # a buyer without an agency does what an agency would
    if form("ceremony", held, project.field, stage_at(project, now), project.stopped_at) == "none":
        raise NotYours
    ceremony = latest_ceremony(session, id)
    if ceremony is None:
        return None
    rounds = rounds_of(session, ceremony.id)
    names = {c.id: c for c in session.scalars(select(Custodian).where(Custodian.id.in_(ceremony.custodians)))}
    lines = tuple(
        CustodianLine(n, names[c].name, names[c].party, names[c].identity, sum(map(bool, (rounds[n].r0, rounds[n].commitments, rounds[n].signature))))
        for n, c in enumerate(ceremony.custodians, 1)
    )
    signatures = tuple(rounds[n].signature for n in sorted(rounds))
    return CeremonyView(ceremony.id, ceremony.stage, ceremony.k, lines, ceremony.key, ceremony.transcript, signatures, ceremony.entry)


def custodians(session: Session) -> list[Custodian]:
    """Enrolled custodians, for the agent's choice, in a stable order."""
    return list(session.scalars(select(Custodian).where(Custodian.ended.is_(None)).order_by(Custodian.party, Custodian.id)))
