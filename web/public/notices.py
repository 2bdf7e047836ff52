"""Notices: the list, one notice fit for print, the feed."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.errors import Text
from kernel.ledger import reads as ledger
from kernel.values import iso, yuan
from trading.notices import reads
from trading.procedures import procedure
from trading.projects import reads as projects
from web.public import asked, words
from web.public.tenders import ACTS
from web.refusals import cited
from web.viewer import page, viewer_of


def said(value: object) -> Any:
    """One field of a notice: text as entered, Text where the centre wrote it, or (columns, rows) of a table."""
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return Text(str(value["zh"]), str(value["en"]))
    if isinstance(value, list | tuple):
        rows = [row if isinstance(row, dict) else {"name": row} for row in value]
        columns = list(dict.fromkeys(key for row in rows for key in row))
        return [words.COLUMNS.get(c, Text(c, c)) for c in columns], [[cell(c, row.get(c, "")) for c in columns] for row in rows], [c in ("amount", "score") for c in columns]
    return str(value)


def cell(column: str, value: object) -> str:
    return yuan(value) if column == "amount" and isinstance(value, int) else str(value)


@get("/notices", sync_to_thread=True)
def latest(request: Request[Any, Any, Any]) -> Response[str]:
    viewer, query = viewer_of(request), request.query_params
    chosen = {"kind": asked.one_of(query, "kind", words.NOTICES), "field": asked.one_of(query, "field", words.FIELDS)}
    with viewer.centre.reading() as session:
        rows, following = reads.latest(session, chosen["kind"], chosen["field"], asked.text(query, "cursor"))

    def to(**changed: str) -> str:
        return asked.link("/notices", **(chosen | changed))

    return page(viewer, "public/notices.html", rows=rows, following=following, chosen=chosen, to=to, words=words, cursor=bool(query.get("cursor")))


@get("/notices/{id:str}", sync_to_thread=True)
def notice(request: Request[Any, Any, Any], id: str) -> Response[str]:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        seen = reads.view(session, id[:32])
        project = projects.view(session, viewer.actor, seen.project, viewer.now)
        place = ledger.places(session, [seen.entry]).get(seen.entry)
    move = procedure(project.procedure).index.get(f"trading.notices.{ACTS.get(seen.kind, '')}")
    fields = [(Text(zh, en), said(value)) for _, zh, en, value in seen.fields]
    return page(viewer, "public/notice.html", seen=seen, project=project, place=place, fields=fields, words=words,
                cites=cited(move.under[:2], viewer.lang) if move else [], address=f"{viewer.centre.settings.origin_url}/notices/{seen.id}")


@get("/feed", sync_to_thread=True, media_type="application/feed+json")
def feed(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """JSON Feed 1.1 of the latest notices; `_ocds` points at the open data of all tenders."""
    centre = request.app.state.centre
    origin = centre.settings.origin_url
    with centre.reading() as session:
        rows, _ = reads.latest(session, size=50)
    return {
        "version": "https://jsonfeed.org/version/1.1", "title": f"{centre.row.name} 公告 · {centre.row.name_en} notices", "home_page_url": f"{origin}/notices",
        "feed_url": f"{origin}/feed", "language": "zh-CN", "_ocds": {"about": "OCDS 1.1 release package", "url": f"{origin}/ocds.json"},
        "items": [{"id": row.id, "url": f"{origin}/notices/{row.id}", "title": row.title, "content_text": row.title, "date_published": iso(row.published_at),
                   "tags": [words.NOTICES[row.kind].zh, row.code], "_digest": row.digest} for row in rows],
    }


HANDLERS = [latest, notice, feed]
