"""The ways by which something reaches a viewer: every read, every page, what is exported, sent and refused. Each yields
(channel, text); nothing here judges."""
import importlib
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.ledger import write
from experts.records import Draw
from kernel.errors import NotYours, Refusal
from kernel.identity import sessions
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.values import HOUR, day_of
from rooms.records import Booking
from tests.walks.viewers import Viewer
from tests.walks.walk import Walk
from tests.worlds.asking import Asking
from trading.awards.records import Letter
from trading.notices.records import Notice
from trading.projects.records import Document, Project
from trading.sealing.records import Custodian
from web.viewer import COOKIE

ROOT = Path(__file__).parents[2]
PACKAGES = ("trading", "experts", "rooms", "evaluation", "kernel")
MORE = ("trading.projects.listing", "trading.projects.queue", "trading.projects.owed", "trading.readiness", "kernel.inbox", "rooms.proposal", "rooms.use", "rooms.waiting", "trading.opening.proofs")
# not reads for a page: one changes something, the others are what reads are made of
INSIDE = {"kernel.inbox.mark_read", "kernel.identity.reads.roles", "evaluation.reads.viewer", "evaluation.reads.mine"}
# names are this page's business and no secret of a tender: everybody of a rehearsal signs in by one click, and sees what would be sent
DIRECTORIES = ("/sign-in", "/outbox", "/styleguide", "/static", "/prefs", "/healthz")

# handlers that ask for nobody in particular: the public reads them at every stop, and one other viewer in turn
ONE_VOICE = ("/help", "/rules", "/verify", "/sign-up", "/recover", "/ledger/checkpoint", "/ledger/vkeys", "/ocds.json", "/open-data", "/feed", "/statistics",
             "/api/", "/rehearsal", "/rooms/openings.ics", "/rooms/wall", "/rooms/doors", "/ledger/{index", "/tenders", "/notices", "/openings", "/files")
SEEN_BY_ALL = ("/tenders/", "/openings/{code:str}")
MOST = 3  # addresses of one path tried for one tender


def reads() -> list[tuple[str, Callable[..., Any]]]:
    """Every function that reads for an actor, by its full name."""
    found = []
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for package in PACKAGES for path in sorted((ROOT / package).rglob("*reads.py"))]
    for name in [*modules, *MORE]:
        module = importlib.import_module(name)
        for key, fn in sorted(vars(module).items()):
            if inspect.isfunction(fn) and fn.__module__ == name and not key.startswith("_") and f"{name}.{key}" not in INSIDE and for_actor(fn):
                found.append((f"{name}.{key}", fn))
    return found


def for_actor(fn: Callable[..., Any]) -> bool:
    """Does it decide for an actor? What takes a row was decided upon before."""
    taken = inspect.signature(fn).parameters
    return "actor" in taken and not any(hasattr(parameter.annotation, "__tablename__") for parameter in taken.values())


def arguments(walk: Walk, session: Session, viewer: Viewer, now: int) -> dict[str, list[Any]]:
    """Parameter name → what to try for it. Ids of every tender, bid, draw, paper and letter there is."""
    wanted = [play.project for play in walk.plays if play.project and viewer.field in ("", play.field)]
    rows = {"project": wanted, "bid": [], "draw_id": []}
    rows["bid"] = [id for (field, key), id in walk.bids.items() if viewer.field in ("", field) and key in ("winner", "rejected", "withdrawn")]
    rows["draw_id"] = list(session.scalars(select(Draw.id).where(Draw.project.in_(wanted))))
    rows["id"] = [*wanted]
    rows["letter"] = list(session.scalars(select(Letter.id).where(Letter.project.in_(wanted))))
    rows["booking"] = list(session.scalars(select(Booking.id).where(Booking.project.in_(wanted))))
    rows["paper"] = list(session.scalars(select(Document.id).where(Document.project.in_(wanted))))
    rows["code"] = list(session.scalars(select(Project.code).where(Project.id.in_(wanted))))
    rows["subject_id"] = [viewer.actor.org or ""]
    rows["day"] = [day_of(now), *{day_of(play.deadline) for play in walk.plays}]
    return rows | {"kind": ["evaluation"], "seats": [7], "length": [HOUR], "start": [now], "name": ["price", "commercial", "technical"],
                   "index": leaves(session), "first": [day_of(now)], "last": [max(day_of(now), *(day_of(play.deadline) for play in walk.plays))], "days": [{}], "key": [walk.centre.secret("masks")], "paper_id": [""]}


def leaves(session: Session, most: int = 6) -> list[int]:
    """The newest leaves: what has just been done stands there."""
    return [n for n in session.scalars(select(Entry.position).where(Entry.position.is_not(None), Entry.tag != "cover").order_by(Entry.position.desc()).limit(most)) if n is not None]


@cache
def asked_for(fn: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(fn).parameters


def calls(name: str, fn: Callable[..., Any], given: dict[str, list[Any]], fixed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All argument sets for one read. What has a name unknown here is tried with tenders, or with small numbers."""
    parameters = asked_for(fn)
    wanted = [p for p in parameters.values() if p.default is inspect.Parameter.empty and p.name not in fixed]
    base = {p: fixed[p] for p in parameters if p in fixed}
    if "at" in parameters and fixed["actor"].channel == "area":
        base["at"] = "seat"
    sets = [base]
    for parameter in wanted:
        values = given.get(_source(name, parameter.name), given["project"] if parameter.annotation is str else [1])
        sets = [one | {parameter.name: value} for one in sets for value in values]
    yield from sets


def _source(name: str, parameter: str) -> str:
    if parameter in ("project_id", "project"):
        return "project"
    if parameter == "id":
        return {"trading.awards.reads.letter": "letter", "rooms.reads.booking": "booking", "trading.projects.reads.paper": "paper"}.get(name, "id")
    return parameter


def answers(walk: Walk, session: Session, viewer: Viewer, now: int) -> Iterator[tuple[str, Any]]:
    """(read, what it returned) for every read and every thing there is to ask about; what is not his is left out."""
    given = arguments(walk, session, viewer, now)
    fixed = {"centre": walk.centre, "session": session, "actor": viewer.actor, "now": now}
    for name, fn in READS:
        for call in calls(name, fn, given, fixed):
            try:
                yield name, settled(fn(**call))
            except NotYours:
                continue
            except Refusal as error:
                yield name, told(error)


READS = reads()


def settled(value: Any) -> Any:
    """A stream read to its end, anything else as it is."""
    if isinstance(value, Iterator):
        return b"".join(value).decode("utf-8", "replace")
    if isinstance(value, tuple) and value and isinstance(value[-1], Iterator):
        return (*value[:-1], b"".join(value[-1]).decode("utf-8", "replace"))
    return value


def told(error: Refusal) -> str:
    """Everything that a refusal says."""
    return repr((error, getattr(error, "reason", None), getattr(error, "why", None)))


def parts(value: Any) -> Iterator[tuple[str, str, Any]]:
    """(class, field, value) of a view and of the views inside it."""
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            inner = getattr(value, one.name)
            yield type(value).__name__, one.name, inner
            yield from parts(inner)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from parts(one)


def paths(app: Litestar) -> list[str]:
    """Every path that answers GET, with its parameters."""
    return sorted({route.path for route in app.routes if "GET" in getattr(route, "methods", ()) and not route.path.startswith(DIRECTORIES)})


def values_of(walk: Walk, session: Session) -> list[dict[str, list[str]]]:
    """What may stand in an address, one set a tender."""
    found = []
    for play in walk.plays:
        project = session.get(Project, play.project) if play.project else None
        if project is None:
            continue
        newest = [row[0] for row in session.execute(select(Notice.id).where(Notice.project == project.id).order_by(Notice.published_at.desc()).limit(1))]
        papers = list(session.scalars(select(Document.id).where(Document.project == project.id).limit(1)))
        letters_ = list(session.scalars(select(Letter.id).where(Letter.project == project.id).limit(2)))
        bids = [id for (field, key), id in walk.bids.items() if field == play.field and key in ("winner", "withdrawn")]
        booked = list(session.scalars(select(Booking.id).where(Booking.project == project.id)))
        rooms = list(session.scalars(select(Booking.room).where(Booking.project == project.id)))
        found.append({"project": [project.id], "code": [project.code], "bid": bids, "room": rooms, "number": ["1"], "draw": list(session.scalars(select(Draw.id).where(Draw.project == project.id))), "part": ["technical"], "stem": ["甲"], "identity": list(session.scalars(select(Custodian.identity).limit(1))),
                      "id": [project.id], "name": ["month.csv", "document"], "/letters/": letters_, "/notices/": newest, "/files/": papers,
                      "/rooms/bookings/": booked})
    return found


def addresses(app: Litestar, walk: Walk, session: Session, public: bool) -> Iterator[str]:
    """Every page with everything there is to put into it. public: the pages of one voice too."""
    sets = values_of(walk, session)
    newest = [str(n) for n in leaves(session, 2)]
    for path in paths(app):
        wanted = [piece for piece in path.split("/") if piece.startswith("{")]
        if not public and (path == "/" or path.startswith(ONE_VOICE)) and not path.startswith(SEEN_BY_ALL):
            continue
        for values in sets if wanted else [{}]:
            made = [path]
            for piece in wanted:
                key = piece.strip("{}").split(":")[0]
                own = next((key for key in values if path.startswith(key)), key)
                given = newest if key == "index" else values.get(own, [])
                made = [one.replace(piece, value, 1) for one in made for value in given]
            yield from made[:MOST]


def signed_in(walk: Walk, viewer: Viewer) -> dict[str, str]:
    """The cookie of a fresh log-in; none for the public and for programs."""
    if viewer.actor.kind != "person":
        return {}
    with walk.centre.database.writing() as session:
        opened = sessions.create(session, walk.centre.settings, viewer.actor.id, walk.centre.clock.now(session), viewer.actor.channel)
        session.commit()
    return {COOKIE: opened.token}


def pages(client: Asking, app: Litestar, walk: Walk, viewer: Viewer, lang: str, public: bool, broken: set[str]) -> Iterator[tuple[str, str]]:
    """Every page in one language. broken: gathers the routes that answer with a fault of our own."""
    cookies = signed_in(walk, viewer)
    with walk.centre.reading() as session:
        wanted = list(addresses(app, walk, session, public))
    for path in wanted:
        status, text = client.get(path, cookies | {"lang": lang})
        if status >= 500:
            broken.add(path)
        yield path, text


def exported(walk: Walk, folder: Path) -> Iterator[tuple[str, str]]:
    """The ledger as outsiders mirror it."""
    write(walk.centre, folder)
    yield "mingbiao ledger export", (folder / "openings.jsonl").read_text()


def letters(session: Session, after: int) -> Iterator[tuple[str, str]]:
    """(reader, everything a message says) of messages made since."""
    for row in session.scalars(select(Message).where(Message.created > after)):
        yield row.reader, json.dumps([row.subject_zh, row.subject_en, row.body_zh, row.body_en, row.link], ensure_ascii=False)


