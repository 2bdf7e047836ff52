"""The running centre: settings, database, clock, files and keys in one object that acts and reads receive."""
import hashlib
import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from sqlalchemy import BigInteger, String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from kernel.blobs import Blobs, FolderStore
from kernel.clock import Clock
from kernel.database import Database, Tables
from kernel.ledger.note import Signer
from kernel.settings import Settings
from kernel.values import day_of


class CentreRow(Tables):
    """One row: who this centre is. currency: ISO 4217; minor: decimals of its smallest unit."""

    __tablename__ = "centre"
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    origin: Mapped[str] = mapped_column(String(120))
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    minor: Mapped[int] = mapped_column(default=2)
    founded: Mapped[int] = mapped_column(BigInteger)


def write_secret(path: Path, data: bytes) -> None:
    """A file only its owner reads. It stands there whole or not at all, whoever reads or dies meanwhile. FileExistsError: it does already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        os.unlink(draft)


class Centre:
    """Opened once per process. `row` is None until the centre is founded."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.home = self.settings.home
        self.home.mkdir(parents=True, exist_ok=True)
        self.database = self._open_database()
        self.row: CentreRow | None = None
        self.clock = Clock(False)
        self.blobs = Blobs(self.settings, self._durable)
        self.tiles = FolderStore(self.home / "ledger", self._durable)
        self.reload()

    def _open_database(self) -> Database:
        return Database(self.settings.database, durable=self._durable)

    @property
    def _durable(self) -> bool:
        """A rehearsal may lose its last moment in a power cut; a real centre syncs every commit, tile and file."""
        return not (self.home / "rehearsal").exists()

    def begin_rehearsal(self) -> None:
        """Makes the folder that marks a rehearsal, before its founding."""
        (self.home / "rehearsal").mkdir(exist_ok=True)
        self.database.dispose()
        self.database, self.tiles.durable, self.blobs.durable = self._open_database(), False, False

    def reload(self) -> None:
        """Reads who this centre is; called at start and after founding."""
        if not inspect(self.database.writer).has_table("centre"):
            return
        with self.database.reading() as session:
            self.row = session.get(CentreRow, 1)
        if self.row:
            self.clock = Clock(self.rehearsal)
            self.ledger_key = Signer.parse((self.home / "ledger.key").read_text().strip())

    @property
    def origin(self) -> str:
        assert self.row is not None, "the centre is not founded"
        return self.row.origin

    @property
    def rehearsal(self) -> bool:
        return self.row is not None and self.row.origin.startswith("rehearsal.")

    @property
    def passkey_host(self) -> str:
        return urlparse(self.settings.origin_url).hostname or "localhost"

    def now(self) -> int:
        with self.database.reading() as session:
            return self.clock.now(session)

    @staticmethod
    def today(moment: int) -> date:
        """The legal day of a moment."""
        return day_of(moment)

    def reading(self) -> Any:
        return self.database.reading()

    def rehearsal_seed(self, person: str) -> bytes:
        """The person's rehearsal signing seed, derived from one file; there is none in a real centre."""
        assert self.rehearsal
        master = self._rehearsal_master()
        return hmac.new(master, b"person" + person.encode(), hashlib.sha256).digest()

    def _rehearsal_master(self) -> bytes:
        if not hasattr(self, "_master"):
            path = self.home / "rehearsal" / "persons.seed"
            if not path.exists():
                write_secret(path, secrets.token_bytes(32))
            self._master = path.read_bytes()
        return self._master

    def secret(self, name: str) -> bytes:
        """A 32-byte server key kept under home/keys, made at first use (draw salts, opened parts, masks)."""
        path = self.home / "keys" / name
        if not path.exists():
            with suppress(FileExistsError):
                write_secret(path, secrets.token_bytes(32))
        return path.read_bytes()

    def close(self) -> None:
        self.database.dispose()
