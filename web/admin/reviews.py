"""/reviews: files that wait for their two looks, the most urgent first; the one at hand beside them."""
from dataclasses import dataclass
from typing import Any

from litestar import Request, get
from litestar.response import Response

from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Text
from kernel.values import HOUR, MINUTE
from trading.procedures import procedure
from trading.projects import owed
from trading.projects import queue as project_queue
from trading.projects import reads as projects
from trading.projects.rules.reviewing import CHECKLIST, GREEN
from trading.subjects import review_reads
from trading.subjects.procedure import PROCEDURE as SUBJECT
from trading.subjects.rules import ITEMS
from web.account.subject import said
from web.account.subject_acts import PAPERS
from web.admin.review_acts import ANSWERS
from web.forms import FORMS, Shown
from web.refusals import cited
from web.supplier.answers import an_id
from web.viewer import Viewer, page, viewer_of

LEVELS = {"red": "bad", "amber": "warn", "green": "ok"}
STAGES = {"first_review": Text("初审", "first look"), "second_review": Text("复审", "second look")}


@dataclass(frozen=True)
class Row:
    """One file in the queue. mine: drawn for the reader; only then it opens for a decision."""

    id: str
    level: str
    name: str
    kind: Text
    due: int
    mine: bool
    green: bool = False


def rows(viewer: Viewer, session: Any) -> list[Row]:
    """Subjects and tenders in one queue: the green channel first, then by the time that is left."""
    found = []
    for s in review_reads.review_queue(session, viewer.actor, viewer.now, calendar(session)):
        kinds, stage = Text(said(s.kinds, "zh"), said(s.kinds, "en")), STAGES[s.stage]
        found.append(Row(s.subject, LEVELS[s.light], s.name, Text(f"单位{stage.zh}：{kinds.zh}", f"Organisation, {stage.en}: {kinds.en}"), s.due, s.mine))
    for p in project_queue.review_queue(session, viewer.actor, viewer.now):
        stage = Text("初审", "first look") if p.slot == 1 else Text("复审", "second look")
        level = LEVELS[review_reads.light(p.due, viewer.now)]
        found.append(Row(p.project, level, p.title, Text(f"项目{stage.zh}：{p.code}", f"Tender, {stage.en}: {p.code}"), p.due, True, bool(p.green)))
    listed = {row.id for row in found}
    for f in owed.to_check(session, viewer.actor):
        if f.project not in listed:
            listed.add(f.project)
            found.append(Row(f.project, LEVELS[review_reads.light(f.until, viewer.now)], f.name,
                             Text(f"容缺材料待核对：{f.code}", f"A paper came: {f.code}"), f.until, True, True))
    return sorted(found, key=lambda row: (not row.green, row.due, row.id))


def left(due: int, now: int) -> Text:
    """Time to the end of the review period in hours and minutes; over it, how much."""
    rest = abs(due - now)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    zh = f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"
    en = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return Text(f"超 {zh}", f"{en} over") if now >= due else Text(f"剩 {zh}", f"{en} left")


def queue(viewer: Viewer, all_rows: list[Row], chosen: str, current: str) -> list[dict[str, Any]]:
    picked = [row for row in all_rows if chosen in ("", row.level) or (chosen == "mine" and row.mine)]
    return [{"level": row.level, "name": row.name, "kind": row.kind, "left": left(row.due, viewer.now), "holder": Text("由您审核", "yours") if row.mine else Text("已分派", "drawn"),
             "href": f"/reviews/{row.id}" + (f"?show={chosen}" if chosen else ""), "current": row.id == current} for row in picked]


def differences(file: review_reads.ReviewFile) -> list[dict[str, Any]]:
    """What the file says now and what it would say. A first registration has nothing before it."""
    now = {"code": file.code, "name": file.name, "kinds": said(file.kinds, "zh"), "legal_person": file.legal_person, "address": file.address,
           "region": file.region, "contact": file.contact, "phone": file.phone}
    if file.email is not None:
        now["email"] = file.email
    labels = dict(ITEMS) | {"region": Text("行政区划", "Region"), "contact": Text("联系人", "Contact"), "phone": Text("电话", "Telephone"), "email": Text("邮箱", "E-mail"),
                            "name_en": Text("英文名称", "English name")}
    found = []
    for name in dict.fromkeys([*now, *file.waiting]):
        wanted = file.waiting.get(name, now.get(name, ""))
        shown = said(tuple(wanted), "zh") if isinstance(wanted, list) else str(wanted)
        found.append({"label": labels.get(name, Text(name, name)), "old": now.get(name) if file.waiting else None, "new": shown})
    return found


def subject_data(viewer: Viewer, session: Any, id: str) -> dict[str, Any]:
    """The file as its drawn reviewer sees it, or in full for a while after a watched read."""
    try:
        file, mine = review_reads.review_file(session, viewer.actor, id, viewer.now), True
    except NotYours:
        file, mine = review_reads.in_full(session, viewer.actor, id, viewer.now), False
    tag = f"trading.subjects.review_{'first' if file.stage == 'first_review' else 'second'}"
    values = {"subject": file.id, "round": file.round}
    return {"what": "subject", "file": file, "mine": mine, "rows": differences(file), "papers": PAPERS, "items": ITEMS, "agree": Shown(FORMS[tag], values, next="/reviews"),
            "under": cited(SUBJECT.index["trading.subjects.return_for_repair"].under, viewer.lang)}


def project_data(viewer: Viewer, session: Any, id: str) -> dict[str, Any]:
    seen = projects.view(session, viewer.actor, id, viewer.now)
    mine = next((row for row in project_queue.review_queue(session, viewer.actor, viewer.now) if row.project == id), None)
    checks = {one.id: Shown(FORMS["trading.projects.check_paper"], {"project": id, "paper": one.id}, next=f"/reviews/{id}")
              for one in seen.owed or () if one.state == "supplied"}
    if mine is None and not checks:
        raise NotYours
    if mine is None:
        return {"what": "owed", "seen": seen, "mine": True, "checks": checks}
    may_follow = seen.green and mine.slot == 1
    follow = Shown(FORMS["trading.projects.accept_owing"], {"project": id}, next=f"/reviews/{id}") if may_follow else None
    tag = f"trading.projects.review_{'first' if mine.slot == 1 else 'second'}"
    return {"what": "project", "seen": seen, "mine": True, "checklist": CHECKLIST, "answers": ANSWERS, "green": GREEN, "tag": tag, "checks": checks, "follow": follow,
            "under": cited(procedure(seen.procedure).index["trading.projects.return_for_repair"].under, viewer.lang)}


def shown(request: Request[Any, Any, Any], id: str) -> Response[str]:
    viewer = viewer_of(request)
    chosen = request.query_params.get("show", "")
    chosen = chosen if chosen in ("bad", "warn", "mine") else ""
    with viewer.centre.reading() as session:
        all_rows = rows(viewer, session)
        data: dict[str, Any] = {"what": ""}
        if id:
            data = opened(viewer, session, id, {row.id for row in all_rows})
    counts = {key: sum(row.level == key for row in all_rows) for key in ("bad", "warn")} | {"mine": sum(row.mine for row in all_rows)}
    current = next((row for row in all_rows if row.id == id), None)
    return page(viewer, "admin/reviews.html", queue=queue(viewer, all_rows, chosen, id), total=len(all_rows), counts=counts, chosen=chosen, id=id,
                current=current, time_left=left(current.due, viewer.now) if current else None, **data)


def opened(viewer: Viewer, session: Any, id: str, waiting: set[str]) -> dict[str, Any]:
    """A file drawn for the reader; for an overseer the way to a watched read. NotYours for everybody else."""
    try:
        return subject_data(viewer, session, id)
    except NotYours:
        try:
            return project_data(viewer, session, id)
        except NotYours:
            if id not in waiting or not viewer.roles & {"registrar", "regulator"}:
                raise
    return {"what": "closed", "form": Shown(FORMS["trading.subjects.read_personal"], {"subject": id}, next=f"/reviews/{id}")}


@get("/reviews", sync_to_thread=True)
def reviews(request: Request[Any, Any, Any]) -> Response[str]:
    return shown(request, "")


@get("/reviews/{id:str}", sync_to_thread=True)
def review(request: Request[Any, Any, Any], id: str) -> Response[str]:
    return shown(request, an_id(id))


HANDLERS = [reviews, review]
