"""The state of a tender's file: which papers it holds, the digest that names all of them, and who confirmed it."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.canonical import canon, plain, sha256
from trading.projects.records import Confirmation, Document, Lot, Project, Scoring
from trading.projects.rules.document import missing_parts
from trading.sealing.records import Ceremony

TERMS = (
    "field", "procedure", "kind", "method", "evaluation", "title", "budget", "ceiling", "deposit", "document_until", "deadline", "evaluation_at",
    "validity_days", "mode", "decrypt_minutes", "lock_minutes", "rescue", "envelopes", "confirm_minutes", "floor_price", "details",
)


@dataclass(frozen=True)
class Dossier:
    """digest: hex, over terms, lots, current papers and scheme. missing: codes of rules.document.PARTS."""

    digest: str
    confirmed_digest: str
    missing: tuple[str, ...]
    papers: tuple[Document, ...]
    scheme: Scoring | None
    lots: tuple[Lot, ...]


def current_papers(session: Session, project: str) -> tuple[Document, ...]:
    """The newest version of each paper, in the order of kind and title."""
    newest: dict[tuple[str, str], Document] = {}
    for paper in session.scalars(select(Document).where(Document.project == project).order_by(Document.version)):
        newest[paper.kind, paper.title] = paper
    return tuple(newest[key] for key in sorted(newest))


def dossier(session: Session, project: Project) -> Dossier:
    papers = current_papers(session, project.id)
    scheme = session.scalar(select(Scoring).where(Scoring.project == project.id))
    lots = tuple(session.scalars(select(Lot).where(Lot.project == project.id).order_by(Lot.number)))
    confirmed = session.scalar(select(Confirmation.digest).where(Confirmation.project == project.id).order_by(Confirmation.at.desc()).limit(1))
    material = {
        "v": 1, "terms": {name: getattr(project, name) for name in TERMS},
        "lots": [[lot.number, lot.title, lot.budget] for lot in lots],
        "papers": [[paper.kind, paper.title, paper.digest] for paper in papers],
        "scheme": scheme.digest if scheme else None,
    }
    kinds = {paper.kind for paper in papers}
    missing = missing_parts(kinds, project.evaluation, scheme is not None, project.deadline)
    return Dossier(sha256(canon(plain(material))).hex(), confirmed or "", tuple(missing), papers, scheme, lots)


def ready_ceremony(session: Session, project: str) -> Ceremony | None:
    """The ceremony whose key bids are sealed to: the newest that came to its end."""
    return session.scalar(select(Ceremony).where(Ceremony.project == project, Ceremony.stage == "ready").order_by(Ceremony.begun.desc()).limit(1))
