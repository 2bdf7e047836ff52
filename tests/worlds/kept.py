"""Worlds built once in a process and laid out anew for each test: database, files, objects, and the moment at which they stood.

`@kept` stands over a builder whose first argument is a founded centre. The first call builds; what stands then is copied aside.
Later calls with the same arguments lay the copy under the new test's centre. Builders follow each other: what stands on a
world laid out here is kept too. A centre in which something else was done is built upon as ever: a copy would wipe it out.
"""
import functools
import random
import shutil
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary, WeakSet

import psycopg
from sqlalchemy import Dialect, event, func, select, update

from kernel.centre import Centre
from kernel.clock import SteppedClock, system_ms
from kernel.identity.records import Person
from kernel.ledger.entries import Entry
from tests.postgres import clone

P = ParamSpec("P")
W = TypeVar("W")
Held = tuple[int, int]
STANDS: WeakKeyDictionary[Centre, tuple[str, Held]] = WeakKeyDictionary()  # the name of the world that was laid out last, and what it held
LATER: WeakSet[Centre] = WeakSet()  # those whose database on the server is not there yet: most tests want a world there, not what was founded
_kept: dict[str, "Copy"] = {}


@dataclass
class Copy:
    """What a builder left behind. database: PostgreSQL's name of it, "" on SQLite, whose file lies in the home."""

    folder: Path
    database: str
    made: Any
    centre: Centre
    places: tuple[Path, ...]
    at: int


def kept(build: Callable[Concatenate[Centre, P], W]) -> Callable[Concatenate[Centre, P], W]:
    @functools.wraps(build)
    def laid_out(centre: Centre, *args: P.args, **more: P.kwargs) -> W:
        on = untouched(centre)
        if on is None:
            return build(centre, *args, **more)
        places = tuple(one for one in (*args, *more.values()) if isinstance(one, Path))
        told = [one for one in args if not isinstance(one, Path)], {key: one for key, one in sorted(more.items()) if not isinstance(one, Path)}
        key = repr((on, build.__module__, build.__qualname__, told, centre.database.sqlite))
        if key not in _kept:
            _kept[key] = put_aside(centre, build(centre, *args, **more), places)
        made = lay_out(_kept[key], centre, places)
        stands(centre, key, held(centre))
        return made

    return laid_out


def comes_later(centre: Centre, connects: Dialect, template: str) -> None:
    """The centre's database is copied from the template when somebody first asks for it, unless a world was laid out there before."""
    LATER.add(centre)
    copying = Lock()

    @event.listens_for(connects, "do_connect")
    def copy(*_: Any) -> None:
        with copying:
            if centre in LATER:
                LATER.discard(centre)
                clone(server(centre), name(centre), template)


def stands(centre: Centre, name: str, then: Held) -> None:
    STANDS[centre] = (name, then)


def untouched(centre: Centre) -> str | None:
    """The world on which nothing has been done since; None where something has, by an act or a new person."""
    if centre not in STANDS or not centre.rehearsal:
        return None
    name, then = STANDS[centre]
    return name if centre in LATER or held(centre) == then else None


def held(centre: Centre) -> Held:
    with centre.reading() as session:
        return session.scalar(select(func.count()).select_from(Entry)) or 0, session.scalar(select(func.count()).select_from(Person)) or 0


def put_aside(centre: Centre, made: Any, places: tuple[Path, ...]) -> Copy:
    centre.database.dispose()
    folder, database = Path(tempfile.mkdtemp(prefix="mingbiao-kept-")), ""
    shutil.copytree(centre.home, folder / "home")
    for number, place in enumerate(places):
        shutil.copytree(place, folder / str(number), ignore=lambda _, names: {centre.home.name} & set(names))
    if not centre.database.sqlite:
        database = f"kept_{folder.name[-8:].lower().replace('-', '_')}"
        clone(server(centre), database, name(centre))
    return Copy(folder, database, moved(made, {}, centre, centre), centre, places, centre.now())


def lay_out(copy: Copy, centre: Centre, places: tuple[Path, ...]) -> Any:
    """The world as it stood, at the moment at which it stood."""
    centre.database.dispose()
    shutil.rmtree(centre.home)
    shutil.copytree(copy.folder / "home", centre.home)
    for number, place in enumerate(places):
        shutil.copytree(copy.folder / str(number), place, dirs_exist_ok=True)
    if copy.database and centre in LATER:
        LATER.discard(centre)
        clone(server(centre), name(centre), copy.database)
    elif copy.database:
        with psycopg.connect(server(centre), autocommit=True) as connection:
            connection.execute(f'drop database "{name(centre)}" with (force)')  # type: ignore[arg-type]
        clone(server(centre), name(centre), copy.database)
    with centre.database.writing() as session:
        session.execute(update(SteppedClock).values(offset_ms=copy.at - system_ms()))
        session.commit()
    paths = {copy.centre.home: centre.home, **dict(zip(copy.places, places, strict=True))}
    return moved(copy.made, paths, copy.centre, centre)


def name(centre: Centre) -> str:
    return centre.settings.database_url.rpartition("/")[2]


def server(centre: Centre) -> str:
    return centre.settings.database_url.rpartition("/")[0] + "/postgres"


def moved(value: Any, paths: dict[Path, Path], before: Centre, after: Centre) -> Any:
    """The same objects about another centre. Rows, actors and other values are shared; what holds a program says how it moves."""
    def go(one: Any) -> Any:
        return moved(one, paths, before, after)

    if value is before:
        return after
    if isinstance(value, Path):
        return next((new / value.relative_to(old) for old, new in paths.items() if value.is_relative_to(old)), value)
    if isinstance(value, random.Random):
        return deepcopy(value)
    if isinstance(value, list | tuple | set):
        return type(value)(go(one) for one in value)
    if isinstance(value, dict):
        return {go(key): go(one) for key, one in value.items()}
    if (is_dataclass(value) or type(value).__module__.startswith("tests.")) and not isinstance(value, type) and hasattr(value, "__dict__"):
        made = object.__new__(type(value))
        for key, one in vars(value).items():
            object.__setattr__(made, key, go(one))
        if hasattr(made, "moved_to"):
            made.moved_to(after)
        return made
    return value
