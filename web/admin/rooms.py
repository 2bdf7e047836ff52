"""The day board of the house, the screens in the hall and at the doors, and calendars to subscribe to."""
from datetime import date, timedelta
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import Text
from kernel.values import DAY, HOUR, day_of, instant
from rooms import apart_reads, feed
from rooms import reads as rooms
from rooms import screen_reads as screens
from rooms.procedure import BOOKING
from web import forms
from web.agent.presets import wall
from web.public import asked
from web.viewer import Viewer, page, signed_in, viewer_of

GROUPS = (("opening", Text("开标室", "Opening rooms"), Text("开", "O")), ("evaluation", Text("评标室", "Evaluation rooms"), Text("评", "E")))
STATES = {"asked": Text("待锁定", "Waiting for a room"), "held": Text("已锁定", "Held"), "used": Text("使用中", "In use")}
FROM, TO = 8, 18  # hours the board shows on a day without earlier or later sessions


def bars_of(line: rooms.Line, viewer: Viewer, leaving: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """The bars of one room: session, its cleaning, what runs over, what collides, what is blocked."""
    now = viewer.now
    found: list[dict[str, Any]] = [{"start": start, "end": end, "kind": "blocked", "text": reason} for start, end, reason in line.blocked]
    standing = [bar for bar in line.bars if bar.stage != "asked"]
    for bar in line.bars:
        collides = bar.booking in leaving or bar.stage == "asked" and any(other.start < bar.busy_to and bar.start < other.busy_to for other in standing)
        kind = "conflict" if collides else "green-bar" if bar.green else "book" if line.kind == "opening" else "evaluation"
        marks = [mark for mark, on in (("overnight", bar.overnight), ("late", bar.late)) if on]
        shown = {"start": bar.start, "end": bar.end, "until": bar.end, "kind": kind, "marks": marks, "text": bar.words, "of": bar.booking}
        if bar.booking:
            shown["href"] = f"/rooms/bookings/{bar.booking}"
            shown["move"] = f"{shown['href']}/move" if "rooms.move" in moves(viewer, bar) else None
        found.append(shown)
        over = bar.stage == "used" and now > bar.end
        if over:
            minutes = (now - bar.end) // 60_000
            found.append({"start": bar.end, "end": now, "kind": "overrun", "text": Text(f"超 {minutes} 分", f"+{minutes} min")})
        found.append({"start": now if over else bar.end, "end": max(bar.busy_to, now + bar.busy_to - bar.end if over else 0), "kind": "buffer", "of": bar.booking})
    return found


def span(lines: tuple[rooms.Line, ...], day: date) -> tuple[int, int]:
    """The hours shown: the usual ones, or as early and late as a session of the day needs."""
    midnight = instant(day)
    starts = [bar.start for line in lines for bar in line.bars if bar.start >= midnight]
    ends = [bar.busy_to for line in lines for bar in line.bars if bar.busy_to < midnight + DAY]
    first = min([midnight + FROM * HOUR, *starts]) // HOUR * HOUR
    last = -(-max([midnight + TO * HOUR, *ends]) // HOUR) * HOUR
    return first, last


def cut(bars: list[dict[str, Any]], opens: int, closes: int) -> list[dict[str, Any]]:
    """What of the bars lies inside the shown hours. What began before them is moved on the day on which it begins."""
    inside = [bar for bar in bars if bar["start"] < closes and bar["end"] > opens]
    return [bar | {"start": max(bar["start"], opens), "end": min(bar["end"], closes), "move": bar.get("move") if bar["start"] >= opens else None} for bar in inside]


def named(line: rooms.Line, short: Text) -> dict[str, Any]:
    """A line's head: 开 3, its seats, and where a bar is put that is let go on it."""
    return {"name": Text(f"{short.zh} {line.number}", f"{short.en} {line.number}"), "seats": line.seats, "id": line.room, "kind": line.kind}


@get("/rooms", sync_to_thread=True)
def board(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    today = day_of(viewer.now)
    day = asked.day(request.query_params, "day") or today
    kind = asked.one_of(request.query_params, "kind", ("opening", "evaluation"))
    staff = "room_manager" in viewer.roles
    with viewer.centre.reading() as session:
        lines = rooms.board(session, viewer.actor, day, viewer.now)
        waiting = rooms.asked(session, viewer.actor, viewer.now) if staff else ()
        met = apart_reads.together(session, viewer.actor, viewer.now) if staff else ()
        used = rooms.utilisation(session, viewer.actor, day, viewer.now) if staff else ()
    opens, closes = span(lines, day)
    leaving = frozenset(one.moves.booking or "" for one in met)
    groups: list[dict[str, Any]] = []
    for code, name, short in GROUPS:
        of = [line for line in lines if line.kind == code]
        if of and kind in ("", code):
            rows = [named(line, short) | {"bars": cut(bars_of(line, viewer, leaving), opens, closes)} for line in of]
            groups.append({"name": name, "rooms": rows} | ({"note": Text("场次只显示编号", "Sessions by their code only")} if code == "evaluation" else {}))
    counts = {code: sum(line.kind == code for line in lines) for code, _, _ in GROUPS}
    conflicts = [(row["name"], bar) for group in groups for row in group["rooms"] for bar in row["bars"] if bar["kind"] == "conflict"]
    bars = [bar for group in groups for row in group["rooms"] for bar in row["bars"]]
    own = [(line, bar) for line in lines for bar in line.bars if bar.booking]
    block = forms.Shown(forms.FORMS["rooms.block"], {"start": wall(opens), "end": wall(opens + HOUR)}, {}, f"/rooms?day={day}") if staff else None
    return page(viewer, "admin/rooms.html", groups=groups, counts=counts, opens=opens, closes=closes, day=day, since=instant(day), kind=kind, today=day == today,
                earlier=(day - timedelta(days=1)).isoformat(), later=(day + timedelta(days=1)).isoformat(), staff=staff, waiting=waiting, used=used,
                conflicts=conflicts, own=own, met=met, block=block, states=STATES, link=asked.link, **kinds_of(bars))


def kinds_of(bars: list[dict[str, Any]]) -> dict[str, Any]:
    """For the legend: which marks stand on the board, and whether anything on it can be moved."""
    return {"marked": {mark for bar in bars for mark in (bar["kind"], *bar.get("marks", ()))}, "movable": any(bar.get("move") for bar in bars)}


def moves(viewer: Viewer, bar: rooms.Bar) -> list[str]:
    """Acts on a booking that the viewer's roles allow at its stage."""
    roles = set(viewer.roles) | ({"agent"} if bar.own and "agent" in viewer.kinds else set())
    return [move.tag for move in BOOKING.open_moves(bar.stage or "", roles) if move.tag in forms.FORMS and move.tag != "rooms.book"]


@get("/rooms/wall", sync_to_thread=True)
def hall(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        rows, over = screens.shown_wall(session, viewer.now)
    return page(viewer, "admin/wall.html", rows=rows, over=over)


@get("/rooms/doors/{room:str}", sync_to_thread=True)
def door(request: Request[Any, Any, Any], room: str) -> Response[str]:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        screen = screens.shown_door(session, room, viewer.now)
    return page(viewer, "admin/door.html", screen=screen)


def calendar_file(text: str) -> Response[str]:
    return Response(text, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-cache"})


@get("/rooms/openings.ics", sync_to_thread=True)
def openings(request: Request[Any, Any, Any]) -> Response[str]:
    """Openings of published tenders, for anybody's calendar."""
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        return calendar_file(feed.public_openings(session, viewer.centre.row.name if viewer.centre.row else "", viewer.now))


@get("/rooms/mine.ics", sync_to_thread=True)
def own_calendar(request: Request[Any, Any, Any]) -> Response[str]:
    """The bookings of the reader's own tenders."""
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        return calendar_file(feed.own_bookings(session, viewer.actor, viewer.centre.row.name if viewer.centre.row else "", viewer.now))


HANDLERS = [board, hall, door, openings, own_calendar]
