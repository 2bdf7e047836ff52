"""A week of the house, room by room beside the day board: the same bars, seen with the same eyes."""
from datetime import timedelta
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import Text
from kernel.values import day_of
from rooms import reads as rooms
from web.admin.rooms import GROUPS, bars_of, cut, kinds_of, named, span
from web.public import asked
from web.viewer import page, viewer_of

DAYS = (("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri"), ("周六", "Sat"), ("周日", "Sun"))


@get("/rooms/week", sync_to_thread=True)
def week(request: Request[Any, Any, Any]) -> Response[str]:
    """Saturday and Sunday only where something is on."""
    viewer = viewer_of(request)
    today = day_of(viewer.now)
    day = asked.day(request.query_params, "day") or today
    first = day - timedelta(days=day.weekday())
    with viewer.centre.reading() as session:
        boards = [(first + timedelta(days=n), rooms.board(session, viewer.actor, first + timedelta(days=n), viewer.now)) for n in range(7)]
    boards = [(date, lines) for date, lines in boards if date.weekday() < 5 or any(line.bars or line.open for line in lines)]
    days: list[dict[str, Any]] = []
    drawn: dict[str, dict[int, list[dict[str, Any]]]] = {}
    known: dict[str, rooms.Line] = {}
    for n, (date, lines) in enumerate(boards):
        opens, closes = span(lines, date)
        zh, en = DAYS[date.weekday()]
        days.append({"label": Text(f"{zh} {date.month} 月 {date.day} 日", f"{en} {date.day}/{date.month}"), "opens": opens, "closes": closes,
                     "href": asked.link("/rooms", day=date), "today": date == today})
        for line in lines:
            known.setdefault(line.room, line)
            drawn.setdefault(line.room, {})[n] = cut(bars_of(line, viewer), opens, closes)
    groups: list[dict[str, Any]] = []
    for code, name, short in GROUPS:
        of = sorted((line for line in known.values() if line.kind == code), key=lambda line: line.number)
        if of:
            rows = [named(line, short) | {"days": [drawn[line.room].get(n, []) for n in range(len(days))]} for line in of]
            groups.append({"name": name, "rooms": rows} | ({"note": Text("场次只显示编号", "Sessions by their code only")} if code == "evaluation" else {}))
    bars = [bar for by_day in drawn.values() for day_bars in by_day.values() for bar in day_bars]
    return page(viewer, "admin/week.html", groups=groups, days=days, first=first, earlier=first - timedelta(days=7), later=first + timedelta(days=7),
                staff="room_manager" in viewer.roles, since=days[0]["opens"], until=days[-1]["opens"], link=asked.link, **kinds_of(bars))


HANDLERS = [week]
