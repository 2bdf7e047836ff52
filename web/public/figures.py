"""Statistics over finished tenders, drawn by the server, and the same figures as CSV."""
import csv
import io
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import NotYours, Text
from kernel.ledger import reads as ledger
from law.registry import in_force
from trading.awards.statistics import OTHER, Figures, Statistics, statistics
from web.public import words
from web.viewer import page, viewer_of

Rows = Sequence[tuple[str, Figures]]
TABLES = ("month", "field", "method", "outcome")
NAMES = {"field": words.FIELDS, "method": words.METHODS, "outcome": words.OUTCOMES}


def rows_of(found: Statistics, table: str) -> Rows:
    return {"month": found.by_month, "field": found.by_field, "method": found.by_method, "outcome": found.by_outcome}[table]


def label(table: str, key: str) -> Text:
    if key == OTHER:
        return words.OTHER
    return NAMES[table].get(key, Text(key, key)) if table in NAMES else Text(key, key)


def millions(fen: int) -> Decimal:
    """Millions of yuan, two places."""
    return (Decimal(fen) / 100_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)


def finding(rows: Rows) -> Text:
    """The months' result in one sentence."""
    if len(rows) < 2:
        return Text("满 5 项的月份合并发布，目前只有一批。", "Months are published in batches of five tenders or more; there is one so far.")
    best, least = max(rows, key=lambda r: r[1].awarded), min(rows, key=lambda r: r[1].awarded)
    return Text(f"{best[0]} 最高，{least[0]} 最低。", f"Highest in {best[0]}, lowest in {least[0]}.")


def legal_limits(viewer: Any) -> list[dict[str, Any]]:
    """Periods of works beside each other, as the law sets them today."""
    today = viewer.centre.today(viewer.now)
    found = []
    for name, zh, en, at_least in (("works.preparation_days", "公告到开标", "Notice to opening", True), ("works.publicity_days", "候选人公示", "Publicity of candidates", True),
                                   ("works.contract_days", "中标通知到合同", "Award letter to contract", False), ("works.report_days", "定标到书面报告", "Award to written report", False)):
        rule = in_force(name, today)
        words_ = Text(f"{'不少于' if at_least else '不超过'} {rule.value} 日", f"{'at least' if at_least else 'at most'} {rule.value} days")
        found.append({"label": Text(zh, en), "value": rule.value, "text": words_})
    return found


@get("/statistics", sync_to_thread=True)
def figures(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        found = statistics(session, viewer.now)
        head = ledger.head(viewer.centre, session)
    months = [{"label": key, "value": millions(row.awarded)} for key, row in found.by_month]
    counts = [{"label": key, "value": row.projects} for key, row in found.by_month]
    rates = [{"label": key, "value": row.rate} for key, row in found.by_month if row.rate is not None]
    tables = [(table, [(label(table, key), row) for key, row in rows_of(found, table)]) for table in TABLES[1:]]
    return page(viewer, "public/statistics.html", found=found, months=months, counts=counts, rates=rates, finding=finding(found.by_month), tables=tables,
                limits=legal_limits(viewer), subjects=[(words.SUBJECTS[kind], count) for kind, count in found.subjects], head=head, millions=millions)


@get("/statistics/{name:str}", sync_to_thread=True)
def sheet(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """One table as CSV with a byte-order mark, money in yuan."""
    table = name.removesuffix(".csv")
    if table not in TABLES or not name.endswith(".csv"):
        raise NotYours
    centre = request.app.state.centre
    with centre.reading() as session:
        found = statistics(session, centre.clock.now(session))
    out = io.StringIO()
    sheet_of = csv.writer(out)
    sheet_of.writerow([table, "projects", "budget_yuan", "tendered_yuan", "awarded_yuan", "saved_percent"])
    for key, row in rows_of(found, table):
        sheet_of.writerow([key, row.projects, *(f"{fen // 100}.{fen % 100:02d}" for fen in (row.budget, row.tendered, row.awarded)), row.rate if row.rate is not None else ""])
    return Response(("\ufeff" + out.getvalue()).encode(), media_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="{table}-{found.until}.csv"'})


HANDLERS = [figures, sheet]
