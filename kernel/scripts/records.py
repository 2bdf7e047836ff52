"""Which programs the centre's pages run in a browser, from when on."""
from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Json, Record


class Scripts(Record):
    """files: path on the server → hex SHA-256 · digest: of them all, canonical · entry: key of the leaf that says so."""

    __tablename__ = "scripts"
    files: Mapped[dict[str, str]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    entry: Mapped[str] = mapped_column(String(32))
    since: Mapped[int] = mapped_column(BigInteger)
