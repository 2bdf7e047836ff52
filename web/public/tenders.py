"""Tenders for everybody: the list with its filters in the address, one tender, its papers."""
import re
from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Response, Stream

from evaluation.dossier.reads import archive
from kernel.daytable.reads import calendar
from kernel.errors import Malformed, Text
from kernel.ledger import reads as ledger
from kernel.values import DAY, instant
from law.grounds import LABELS
from law.periods import bidder_may_until, day_of
from trading.awards import reads as awards
from trading.incidents.reads import of_tender
from trading.notices import reads as notices
from trading.opening import reads as opening
from trading.procedures import procedure
from trading.projects import reads
from trading.projects.clauses import clause
from trading.projects.listing import PHASES, Filter, public_list
from web.look.words import short_time
from web.public import asked, words
from web.refusals import cited
from web.viewer import Viewer, page, viewer_of

ACTS = {  # kind of notice → the act that publishes it
    "tender": "publish", "clarification": "clarify", "extension": "extend", "correction": "correct", "candidates": "publish_candidates",
    "result": "publish_result", "failure": "publish_failure", "termination": "publish_termination", "contract": "publish_contract",
}


@get("/tenders", sync_to_thread=True)
def tenders(request: Request[Any, Any, Any]) -> Response[str]:
    viewer, query = viewer_of(request), request.query_params
    since, until = asked.moments(query)
    chosen = {
        "field": asked.one_of(query, "field", words.FIELDS), "kind": asked.one_of(query, "kind", words.KINDS),
        "phase": asked.one_of(query, "phase", PHASES), "q": asked.text(query, "q"),
        "region": re.sub(r"\D", "", asked.text(query, "region"))[:6], "since": query.get("since", "") if since is not None else "",
        "until": query.get("until", "") if until is not None else "",
    }
    wanted = Filter(chosen["field"], chosen["kind"], chosen["phase"], chosen["region"], chosen["q"], since, until)
    with viewer.centre.reading() as session:
        found = public_list(session, viewer.now, wanted, asked.text(query, "cursor"))

    def to(**changed: str) -> str:
        return asked.link("/tenders", **(chosen | changed))

    return page(viewer, "public/tenders.html", found=found, chosen=chosen, to=to, words=words, cursor=bool(query.get("cursor")),
                any_filter=any(chosen.values()))


def ribbon_rows(seen: reads.ProjectView) -> list[dict[str, Any]]:
    """The ribbon as its macro takes it; under a stage its date, else the limit of the law."""
    rows = []
    for segment in seen.ribbon:
        note: Any = None
        if segment.state == "now" and seen.stage == "inviting" and seen.deadline is not None:
            note = Text(f"截止 {short_time(seen.deadline)}", f"until {short_time(seen.deadline)}")
        elif segment.at is not None:
            note = Text(*(2 * (f"{day_of(segment.at):%m-%d}",)))
        elif segment.limit is not None:
            note = segment.limit
        rows.append({"name": segment.name, "state": segment.state, "note": note})
    return rows


def changes(session: Any, seen: reads.ProjectView, lang: str) -> list[dict[str, Any]]:
    """Notices of the tender, the newest first, each with its place in the ledger and the article it is published under."""
    rows = notices.of_project(session, seen.id)
    places = ledger.places(session, [row.entry for row in rows])
    table = procedure(seen.procedure).index
    found = []
    for row in reversed(rows):
        move = table.get(f"trading.notices.{ACTS.get(row.kind, '')}")
        found.append({"notice": row, "place": places.get(row.entry), "cites": cited(move.under[:1], lang) if move else []})
    return found


def headline(seen: reads.ProjectView, rows: list[dict[str, Any]], won: Any) -> tuple[str, Text, Text] | None:
    """The one note above a tender: what is unusual now, else nothing. kind, conclusion, detail."""
    if seen.stage in ("failed", "terminated"):
        cause = Text(*LABELS[seen.stop_cause]) if seen.stop_cause in LABELS else Text("见公告", "see the notice")
        return "warn", Text(f"本项目已{words.stage(seen.stage).zh}。", f"This tender has {'failed' if seen.stage == 'failed' else 'been terminated'}."), \
            Text(f"原因：{cause.zh}", f"Reason: {cause.en}")
    if seen.suspended:
        cause = Text(*LABELS[seen.suspended]) if seen.suspended in LABELS else Text("", "")
        return "warn", Text("活动已暂停，各项期限停止计算。", "This tender is on hold; its periods stand still."), cause
    if won:
        names = "、".join(dict.fromkeys(line.winner for line in won))
        return "ok", Text(f"中标人：{names}。", f"Awarded to {names}."), Text("", "")
    moved = next((row["notice"] for row in rows if row["notice"].kind in ("extension", "clarification")), None)
    if seen.stage == "inviting" and moved is not None:
        kind = words.NOTICES[moved.kind]
        return "info", Text(f"最近变更：{kind.zh}，以新的文件和时间为准。", f"Last change: {kind.en.lower()}. The new document and times hold."), Text("", "")
    return None


def may_object_until(session: Any, seen: reads.ProjectView) -> tuple[int, Any] | None:
    """Until when anybody concerned may object to the tender document of works, and the clause that says so."""
    if seen.field != "works" or seen.deadline is None or seen.published_at is None or seen.procedure == "replay.lowest":
        return None
    rule = clause("works.document_objection_days", day_of(seen.published_at))
    last = bidder_may_until(day_of(seen.deadline), rule.value, rule.unit, calendar(session))
    return instant(last) + DAY, rule


@get("/tenders/{code:str}", sync_to_thread=True)
def tender(request: Request[Any, Any, Any], code: str) -> Response[str] | Redirect:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        seen = reads.by_code(session, viewer.actor, code, viewer.now)
        if seen.code != code and seen.published_at is not None:
            return Redirect(f"/tenders/{seen.code}", status_code=303)
        rows = changes(session, seen, viewer.lang)
        result = awards.view(session, viewer.actor, seen.id, viewer.now) if seen.published_at is not None else None
        hall = opening.hall(viewer.centre, session, viewer.actor, seen.id, viewer.now) if seen.published_at is not None else None
        data = {"paper_places": reads.paper_entries(session, seen.id) if seen.papers else {}, "objection": may_object_until(session, seen),
                "head": ledger.head(viewer.centre, session), "outages": of_tender(session, seen.id, viewer.now), "dossier": archive(session, seen.id) if seen.published_at is not None else None}
    note = headline(seen, rows, result.awards if result else None)
    return page(
        viewer, "public/tender.html", seen=seen, ribbon=ribbon_rows(seen), rows=rows, result=result, hall=hall, note=note, words=words,
        supplier="supplier" in seen.roles, inside=bool(seen.roles & {"buyer", "agent"}), sealed=sealed_bids(viewer, seen), cited=cited, **data)


def sealed_bids(viewer: Viewer, seen: reads.ProjectView) -> Text:
    """When the number of bidders opens to the public: works at the opening, procurement with the result."""
    if seen.field == "procurement":
        return Text("结果公告时公开", "Opens with the result")
    return Text("截止前保密", "Sealed until the deadline")


@get("/files/{id:str}", sync_to_thread=True)
def file(request: Request[Any, Any, Any], id: str) -> Stream:
    """A paper of a published tender, free to all; its name says the tender and the version and nothing else."""
    viewer = viewer_of(request)
    if not re.fullmatch(r"[a-z2-7]{16}", id):
        raise Malformed("id", Text("文件编号无效", "Not the number of a file"))
    with viewer.centre.reading() as session:
        paper, code, parts = reads.paper(viewer.centre, session, viewer.actor, id, viewer.now)
    ending = words.MEDIA.get(paper.media, ("", "bin"))[1]
    return Stream(parts, media_type=paper.media, headers={
        "Content-Disposition": f'attachment; filename="{code}-v{paper.version}-{id[:4]}.{ending}"', "Content-Length": str(paper.size),
        "X-Content-SHA256": paper.digest, "Cache-Control": "no-cache"})


HANDLERS = [tenders, tender, file]
