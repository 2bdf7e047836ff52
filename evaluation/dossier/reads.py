"""The published dossier of a tender, for anybody."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.dossier.records import Dossier


@dataclass(frozen=True)
class Archive:
    """root: as it stands in the ledger · blob, digest: of the zip."""

    root: str
    blob: str
    digest: str
    files: int
    at: int


def archive(session: Session, project_id: str) -> Archive | None:
    """None until it is published; from then on it is everybody's."""
    row = session.scalar(select(Dossier).where(Dossier.project == project_id))
    return None if row is None else Archive(row.root, row.blob, row.digest, len(row.files), row.at)
