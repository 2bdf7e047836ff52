"""The dossier of a tender as it was published: one archive, its root in the ledger."""
from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Id, Json, Record


class Dossier(Record):
    """files: name → SHA-256 (hex) · root: RFC 6962 root over these pairs in the order of their names · blob: the archive (zip)."""

    __tablename__ = "dossier"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), unique=True)
    files: Mapped[dict[str, str]] = mapped_column(Json)
    root: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
