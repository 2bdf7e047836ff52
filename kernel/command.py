"""One act = one function = one transaction = one ledger entry.

The decorator begins, stamps the moment, runs the act, demands exactly one `enter`, commits. A missing or second
entry, or a command inside a command, is our own mistake and leaves nothing. Nothing irreversible happens in here:
mail and the like are reactions after the commit.
"""
import contextvars
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import event, inspect, text
from sqlalchemy.orm import Session

from kernel.canonical import canon, plain, salted
from kernel.database import Record
from kernel.errors import Reason
from kernel.identity.signing import Signature, check_rested, check_signature
from kernel.ledger.entries import Entry
from kernel.machine import Facts, Procedure, Step
from kernel.values import new_id

if TYPE_CHECKING:
    from kernel.centre import Centre

P = ParamSpec("P")
R = TypeVar("R")
_running: contextvars.ContextVar[bool] = contextvars.ContextVar("running", default=False)
UNSIGNED = Signature("trial", "", "", "")
OPENS: dict[str, str] = {}  # tag -> when its entry may be read
UNTIMED: set[str] = set()  # tags whose entries say their moment only under a key
SIGNED: set[str] = set()


class Cmd(BaseModel):
    """What an act is asked to do. Unknown fields are refused; values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Actor:
    """Who acts: kind is person, program, system or public; org the organisation it acts for."""

    kind: str
    id: str
    org: str | None = None
    channel: str = ""  # "area" on a terminal inside the evaluation area


SYSTEM = Actor("system", "system")
PUBLIC = Actor("public", "public")


@dataclass
class Work:
    """What an act works with: one session, one actor, one moment."""

    centre: "Centre"
    session: Session
    actor: Actor
    moment: int
    tag: str
    sig: Signature | None = None
    role: str = ""
    warnings: tuple[Reason, ...] = ()
    entry: Entry | None = None
    touched: dict[tuple[str, str], Record] = field(default_factory=dict)
    changed: set[tuple[str, str]] = field(default_factory=set)
    material: dict[str, Any] = field(default_factory=dict)

    def step(self, procedure: Procedure, stage: str, roles: set[str], facts: Facts) -> Step:
        """Decides this act's move in `procedure`; keeps the role and the warnings for the entry."""
        step = procedure.step(self.tag, stage, roles, facts)
        self.role, self.warnings = step.role, step.warnings
        return step

    def keep(self, record: Record) -> Any:
        """Adds a new row; the entry will commit to it."""
        if record.id is None:
            record.id = new_id()
        self.session.add(record)
        return record

    def enter(self, on: str, *, step: int | None = None, opens: str | None = None, **body: Any) -> Entry:
        """The act's one ledger entry: on = id of the tender or file; body = digests and codes only."""
        assert self.entry is None, f"{self.tag}: second entry"
        self.material = {"body": plain(body)} | ({"step": step} if step else {})
        self.entry = Entry(
            key=new_id(), tag=self.tag, on=on, moment=self.moment, role=self.role or "system", actor=self.actor.id,
            opens=opens or OPENS[self.tag], salt=secrets.token_bytes(32), payload="", o="",
        )
        return self.entry


def command(tag: str, opens: str = "now", signed: bool = False, timed: bool = True) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[..., R]]:
    """Makes an act of `fn(work, cmd)`; call it as `act(centre, actor, cmd)`, with `sig=` when it is signed.

    opens: when anybody may read the entry: "now", "never", or stages as in `law.stages.reached`. timed: False where the
    entry may be read and its minute may not: it then commits to the moment under `moment_key`. signed: it is an act of marks K; in a
    rehearsal the centre signs with the person's rehearsal key when no signature is given. `act.trial(centre, actor,
    cmd)` raises whatever the act would refuse and leaves nothing, so that nobody signs in vain.
    """

    def wrap(fn: Callable[Concatenate[Work, P], R]) -> Callable[..., R]:
        assert tag == f"{fn.__module__}.{fn.__name__}" or tag == fn.__module__, f"{tag} is not where it says"
        assert tag not in OPENS, f"{tag} stands twice"
        OPENS[tag] = opens
        if not timed:
            UNTIMED.add(tag)
        if signed:
            SIGNED.add(tag)

        def run(centre: "Centre", actor: Actor, args: Any, kwargs: Any, sig: Signature | None, trial: bool = False) -> R:
            assert not _running.get(), f"{tag} inside another command"
            token = _running.set(True)
            try:
                with centre.database.writing() as session:
                    work = Work(centre, session, actor, centre.clock.now(session), tag)
                    if trial:
                        check_rested(centre, session, actor.id)
                        work.sig = UNSIGNED
                    elif signed and actor.kind == "person":
                        work.sig = check_signature(centre, session, actor.id, tag, args[0], sig)
                    listen(session, work)
                    result = fn(work, *args, **kwargs)
                    assert work.entry is not None, f"{tag}: no entry"
                    session.flush()
                    if not trial:
                        write_entry(session, work)
                        session.commit()
                    return result
            finally:
                _running.reset(token)

        def act(centre: "Centre", actor: Actor, *args: Any, sig: Signature | None = None, **kwargs: Any) -> R:
            return run(centre, actor, args, kwargs, sig)

        def trial(centre: "Centre", actor: Actor, *args: Any) -> None:
            run(centre, actor, args, {}, None, trial=True)

        act.__name__, act.__doc__, act.__module__ = fn.__name__, fn.__doc__, fn.__module__
        act.tag = tag  # type: ignore[attr-defined]
        act.signed = signed  # type: ignore[attr-defined]
        act.trial = trial  # type: ignore[attr-defined]
        return act

    return wrap


def listen(session: Session, work: Work) -> None:
    @event.listens_for(session, "before_flush")
    def collect(session: Session, *_: Any) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if isinstance(row, Record) and (row in session.new or row in session.deleted or session.is_modified(row)):
                if row.id is None:
                    row.id = new_id()
                work.touched[row.__tablename__, row.id] = row
                if row in session.dirty:
                    work.changed.add((row.__tablename__, row.id))


def moment_key(centre: "Centre", key: str) -> bytes:
    """32 bytes under which the entry `key` of an untimed act says its moment; they go to the actor, with the receipt."""
    return hmac.new(centre.secret("moments"), key.encode(), hashlib.sha256).digest()


def write_entry(session: Session, work: Work) -> None:
    entry = work.entry
    assert entry is not None and entry.salt is not None
    postgresql = session.get_bind().dialect.name == "postgresql"
    if postgresql:  # another act may have written other columns since this one read the row; now the row is ours until the commit
        for key in work.changed:
            if not inspect(work.touched[key]).deleted:
                session.refresh(work.touched[key])
    payload: dict[str, Any] = {
        "v": 1, "tag": entry.tag, "t": salted(moment_key(work.centre, entry.key), entry.moment) if entry.tag in UNTIMED else entry.moment, "on": entry.on, "role": entry.role,
        "actor": hmac.new(entry.salt, b"actor" + entry.actor.encode(), hashlib.sha256).hexdigest(),
        "rows": [[*key, ""] if inspect(row).deleted else row.commitment() for key, row in sorted(work.touched.items())],
        **work.material,
    }
    if work.sig:
        payload["sig"] = work.sig.in_payload(entry.salt)
    data = canon(payload)
    entry.payload, entry.o = data.decode(), hmac.new(entry.salt, data, hashlib.sha256).hexdigest()
    if postgresql:
        entry.xid = session.scalar(text("select pg_current_xact_id()::text::bigint"))
    session.add(entry)
    session.flush()
