"""Tables, sessions and the two databases: SQLite embedded, PostgreSQL by one setting.

SQLite: WAL, one writing connection at a time taken with BEGIN IMMEDIATE (deferred writers fail under load).
Every business row carries its own salt, so that a ledger entry can commit to it and the row can be checked later.
"""
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Engine, Integer, LargeBinary, MetaData, Numeric, String, Text, TypeDecorator, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from kernel.canonical import canon, plain, salted
from kernel.values import new_id

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Serial = BigInteger().with_variant(Integer, "sqlite")
Id = String(32)


class Score(TypeDecorator[Decimal]):
    """A Decimal: NUMERIC on PostgreSQL, TEXT on SQLite. Never a float."""

    impl = Numeric(12, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(String(24) if dialect.name == "sqlite" else Numeric(12, 4))

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value is None:
            return None
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(str(value))


class Json(TypeDecorator[Any]):
    """Canonical JSON as text: what is stored is what is hashed. Replace the whole value to change it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else canon(plain(value)).decode()

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        import json

        return None if value is None else json.loads(value)


class Tables(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Record(Tables):
    """A business row. `row_salt` keeps its commitment in the ledger from being guessed."""

    __abstract__ = True
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    row_salt: Mapped[bytes] = mapped_column(LargeBinary(32), default=lambda: secrets.token_bytes(32))

    def commitment(self) -> list[str]:
        """[table, id, HMAC of the row's columns] as it stands in a ledger entry."""
        columns = {c.key: _as_stored(getattr(self, c.key)) for c in self.__mapper__.column_attrs if c.key not in ("row_salt", "id")}
        return [self.__tablename__, self.id, salted(self.row_salt, plain(columns))]

    def listed(self) -> bool:
        """May this row stand without a leaf of its own, because it came in with a list whose entry holds one root?"""
        return False


def _as_stored(value: Any) -> Any:
    """The same text for 5 and 5.0000: a database may give a Decimal back with more zeros than it took."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


FOUND = "found"


BEGIN = "begin"
STATEMENTS = 2000  # compiled ones an engine keeps: more than the house has


class Database:
    """One engine, seen in two ways: readers begin read-only, writers begin for writing at once."""

    def __init__(self, url: str, durable: bool = True) -> None:
        self.sqlite = url.startswith("sqlite")
        self._writer_lock = threading.RLock()
        if self.sqlite:
            self.engine = self._sqlite(url, durable)
            self.reader, self.writer = self.engine, self.engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
        else:
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
            self.engine = create_engine(url, pool_size=12, max_overflow=20, pool_pre_ping=True, query_cache_size=STATEMENTS)
            self.reader, self.writer = self.engine.execution_options(postgresql_readonly=True), self.engine

    @staticmethod
    def _sqlite(url: str, durable: bool) -> Engine:
        # more connections than threads: whoever reads may wait for the writer, never the writer for a connection
        engine = create_engine(url, pool_size=8, max_overflow=40, connect_args={"timeout": 30, "check_same_thread": False}, query_cache_size=STATEMENTS)

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _: Any) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA busy_timeout=30000")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def start(connection: Any) -> None:
            connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))

        return engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read-only session. Nothing changes under it, so `session.info[FOUND]` may keep what a read found out for the next one."""
        with Session(self.reader, expire_on_commit=False, autoflush=False, info={FOUND: {}}) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One writing transaction; the caller commits. In a process, SQLite's writers queue on a lock."""
        if self.sqlite:
            self._writer_lock.acquire()
        try:
            with Session(self.writer, expire_on_commit=False) as session:
                yield session
        finally:
            if self.sqlite:
                self._writer_lock.release()

    def create(self) -> None:
        Tables.metadata.create_all(self.writer)

    def dispose(self) -> None:
        self.engine.dispose()
