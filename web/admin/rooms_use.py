"""How the house was used in a month, room by room, and the same as a spreadsheet."""
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter
from litestar import Request, get
from litestar.response import Response

from kernel.errors import NotYours, Text
from kernel.values import day_of
from rooms.use import RoomUse, use
from web.admin.rooms import GROUPS
from web.public import asked
from web.viewer import Viewer, page, viewer_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    ("sessions", Text("场次", "Sessions"), False), ("open", Text("开放", "Open"), True), ("used", Text("使用", "Used"), True), ("blocked", Text("停用", "Blocked"), True),
    ("idle", Text("空闲", "Idle"), True), ("late_sessions", Text("延时场次", "Extended services"), False), ("late", Text("延时", "Outside hours"), True),
    ("overruns", Text("超时场次", "Overruns"), False), ("over", Text("超时", "Over"), True),
)  # name, what it is called, in minutes


@dataclass(frozen=True)
class Total:
    """All rooms of one kind."""

    name: Text
    rooms: tuple[RoomUse, ...]

    def sum(self, column: str) -> int:
        return sum(getattr(room, column) for room in self.rooms)

    @property
    def share(self) -> int | None:
        """Percent of the open time that was used; None where nothing was open."""
        return round(100 * (self.sum("used") - self.sum("late")) / self.sum("open")) if self.sum("open") else None


def month_of(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def tables(viewer: Viewer, first: date, last: date) -> list[Total]:
    if viewer.session is None:
        raise NotYours
    with viewer.centre.reading() as session:
        found = use(session, viewer.actor, first, last, viewer.now)
    return [Total(name, tuple(room for room in found if room.kind == kind)) for kind, name, _ in GROUPS]


@get("/rooms/use", sync_to_thread=True)
def shown(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    first, last = month_of(asked.day(request.query_params, "day") or day_of(viewer.now))
    return page(viewer, "admin/use.html", totals=tables(viewer, first, last), columns=COLUMNS, first=first, last=last,
                earlier=first - timedelta(days=1), later=last + timedelta(days=1), link=asked.link)


@get("/rooms/use.xlsx", sync_to_thread=True)
def sheet(request: Request[Any, Any, Any]) -> Response[bytes]:
    viewer = viewer_of(request)
    first, last = month_of(asked.day(request.query_params, "day") or day_of(viewer.now))
    return Response(written(tables(viewer, first, last), first, last), media_type=XLSX,
                    headers={"Content-Disposition": f'attachment; filename="rooms-{first:%Y-%m}.xlsx"', "Cache-Control": "no-store"})


def written(totals: list[Total], first: date, last: date) -> bytes:
    """Both languages in the head; hours as numbers with two decimals, sums as formulas with their value. The same figures give the
    same bytes: the file is dated by its period."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(last.year, last.month, last.day)})
    bold, hours, summed = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "0.00"}), book.add_format({"bold": True, "num_format": "0.00"})
    for total in totals:
        table = book.add_worksheet(total.name.zh)
        table.write(0, 0, f"{first} – {last}", bold)
        table.write_row(1, 0, ["场地 Room", "席位 Seats", *(f"{words.zh} {words.en}{'（小时 h）' if minutes else ''}" for _, words, minutes in COLUMNS)], bold)
        for n, room in enumerate(total.rooms, 2):
            table.write_row(n, 0, [f"{room.name.zh} {room.name.en}", room.seats])
            for at, (column, _, minutes) in enumerate(COLUMNS, 2):
                value = getattr(room, column)
                table.write_number(n, at, value / 60 if minutes else value, hours if minutes else None)
        end = len(total.rooms) + 2
        table.write(end, 0, "合计 Total", bold)
        for at, (column, _, minutes) in enumerate(COLUMNS, 2):
            letter, value = chr(ord("A") + at), total.sum(column)
            table.write_formula(end, at, f"=SUM({letter}3:{letter}{end})", summed if minutes else bold, value / 60 if minutes else value)
        table.set_column(0, 0, 28)
        table.set_column(1, len(COLUMNS) + 1, 12)
        table.freeze_panes(2, 1)
    book.close()
    return out.getvalue()


HANDLERS = [shown, sheet]
