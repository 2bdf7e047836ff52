"""The front page, the openings of a day, and help."""
from datetime import date, timedelta
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import Text
from kernel.ledger import reads as ledger
from kernel.values import DAY, HOUR, day_of, instant
from rooms import screen_reads as rooms
from trading.awards.statistics import statistics
from trading.notices import reads as notices
from trading.projects.listing import Row, openings
from web.public import asked, words
from web.viewer import page, viewer_of

AHEAD = 30  # days in which the page looks for the next opening


def opening_state(row: Row) -> tuple[str, Text]:
    """Mark and word of one opening of the day."""
    if row.stage in ("failed", "terminated"):
        return "off", words.stage(row.stage)
    if row.suspended:
        return "warn", Text("暂停", "On hold")
    if row.stage == "inviting":
        return "wait", Text("待开标", "Waiting")
    if row.stage in ("closed", "opening"):
        return "run", Text("开标中", "Under way")
    return "ok", Text("已开标", "Opened")


def room_tiles(session: Any, now: int, bars: Any) -> list[dict[str, Any]]:
    """The opening rooms at this moment; what is not public is free to the reader."""
    later: dict[str, Any] = {}
    for name, bar in bars:
        if bar.start > now:
            later.setdefault(name.zh, bar)
    found = []
    for tile in rooms.tiles(session, now):
        coming = later.get(tile.name.zh)
        short = Text(f"开 {tile.number}", f"O {tile.number}")  # the tiles are narrow
        if tile.title is not None:
            found.append({"name": short, "state": "now", "at": tile.end})
        elif coming is not None:
            soon = coming.start - now < HOUR
            found.append({"name": short, "state": "soon" if soon else "idle", "at": coming.start})
        else:
            found.append({"name": short, "state": "idle", "at": None})
    return found


@get("/", sync_to_thread=True)
def home(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    today = instant(day_of(viewer.now))
    with viewer.centre.reading() as session:
        bars = rooms.wall(session, viewer.now)
        rows = openings(session, today, today + DAY, viewer.now)
        coming = openings(session, today + DAY, today + AHEAD * DAY, viewer.now, 1) if not rows else ()
        latest, _ = notices.latest(session, size=6)
        data = {
            "tiles": room_tiles(session, viewer.now, bars), "counts": rooms.room_counts(session), "latest": latest,
            "figures": statistics(session, viewer.now), "head": ledger.head(viewer.centre, session),
        }
    places = {bar.project: name for name, bar in bars if bar.project}
    shown = [(row, *opening_state(row), places.get(row.id)) for row in rows]
    return page(viewer, "public/home.html", rows=shown, running=sum(state == "run" for _, state, _, _ in shown), coming=coming, words=words, **data)


@get("/openings", sync_to_thread=True)
def day_of_openings(request: Request[Any, Any, Any]) -> Response[str]:
    """The openings of one day, today unless another is asked for."""
    viewer = viewer_of(request)
    today = day_of(viewer.now)
    chosen: date = asked.day(request.query_params, "day") or today
    since = instant(chosen)
    with viewer.centre.reading() as session:
        rows = openings(session, since, since + DAY, viewer.now)
        later = openings(session, max(since + DAY, viewer.now), max(since + DAY, viewer.now) + AHEAD * DAY, viewer.now, 20)
        places = {bar.project: name for name, bar in rooms.wall(session, viewer.now) if bar.project} if chosen == today else {}
    shown = [(row, *opening_state(row), places.get(row.id)) for row in rows]
    return page(
        viewer, "public/openings.html", rows=shown, later=later, since=since, today=chosen == today, words=words,
        earlier_day=(chosen - timedelta(days=1)).isoformat(), later_day=(chosen + timedelta(days=1)).isoformat(), chosen=chosen.isoformat(),
    )


@get("/help", sync_to_thread=True)
def help_page(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    return page(viewer, "public/help.html", origin=viewer.centre.settings.origin_url)


HANDLERS = [home, day_of_openings, help_page]
