"""/subject: an organisation enters, adds its papers, submits, reads both reviews, certifies keys, appoints people."""
from typing import Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Response, Stream

from kernel.errors import NotYours, Refused, Text
from kernel.identity.reads import person
from trading.subjects import reads
from trading.subjects.papers import receive
from trading.subjects.review_reads import paper as readable
from trading.subjects.rules import ITEMS, REQUIRED_PAPERS
from web.account.subject_acts import KINDS, PAPERS
from web.acts import check_csrf, posted
from web.forms import FORMS, Shown
from web.public import asked
from web.refusals import view
from web.supplier.answers import an_id
from web.viewer import LABELS, Viewer, page, see_other, signed_in, viewer_of

LABELS["trading.subjects.add_paper"] = Text("上传材料", "Paper added")
STEPS = (("entered", Text("填写与材料", "Data and papers")), ("first_review", Text("初审", "First review")),
         ("second_review", Text("复审", "Second review")), ("admitted", Text("已登记", "Registered")))
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "application/ofd": "ofd"}


def known(request: Request[Any, Any, Any]) -> Viewer | Redirect:
    viewer = viewer_of(request)
    return viewer if viewer.session else see_other(asked.link("/sign-in", next=viewer.path))


def said(kinds: tuple[str, ...], lang: str) -> str:
    words = {key: Text(zh, en) for key, zh, en in KINDS}
    return ("、" if lang == "zh" else ", ").join(words[kind](lang) for kind in kinds)


def shown_with(form: Shown, **values: str) -> Shown:
    """The same form with further hidden values."""
    return Shown(form.form, form.values | values, next=form.next)


def ribbon(stage: str) -> list[dict[str, Any]]:
    names = [key for key, _ in STEPS]
    at = names.index(stage) if stage in names else len(names)
    return [{"name": text, "state": "done" if n < at or stage == "admitted" else "now" if n == at else "next"} for n, (_, text) in enumerate(STEPS)]


def shown(viewer: Viewer, status: int = 200, refusal: Any = None) -> Response[str]:
    with viewer.centre.reading() as session:
        own = reads.own(session, viewer.actor, viewer.now)
        offered = reads.offered(session, viewer.actor, own.id, viewer.now) if own else ()
        free = own is None and viewer.roles <= {"public"}
        someone = person(session, viewer.actor.id)
    if own is None:
        form = Shown(FORMS["trading.subjects.enter"], {"email": someone.email if someone else ""}, next="/subject")
        return page(viewer, "account/enter.html", status=status, form=form, free=free)
    values = {"subject": own.id, "name": own.name, "name_en": own.name_en, "kinds": list(own.kinds), "address": own.address, "region": own.region,
              "contact": own.contact, "phone": own.phone, "email": own.email, "legal_person": own.legal_person}
    forms = {tag: Shown(FORMS[tag], values | {k: v for k, v in own.waiting.items() if isinstance(v, str | list)} if tag.endswith(("correct", "change"))
                        else {"subject": own.id}, next="/subject") for tag in offered if tag in FORMS}
    return page(
        viewer, "account/subject.html", status=status, own=own, offered=offered, forms=forms, ribbon=ribbon(own.stage), required=REQUIRED_PAPERS, papers=PAPERS,
        items=ITEMS, kinds_said=said(own.kinds, viewer.lang), shown_with=shown_with, refusal=refusal, me=viewer.actor.id, origin=viewer.centre.origin)


@get("/subject", sync_to_thread=True)
def subject(request: Request[Any, Any, Any]) -> Response[str] | Redirect:
    viewer = known(request)
    return viewer if isinstance(viewer, Redirect) else shown(viewer)


@post("/subject/papers", status_code=200)
async def add_paper(request: Request[Any, Any, Any]) -> Response[str] | Redirect:
    """A paper goes to the file's organisation only; what the act refuses is not kept."""
    values = await posted(request)

    def work() -> Response[str] | Redirect:
        viewer = known(request)
        if isinstance(viewer, Redirect):
            return viewer
        check_csrf(viewer, values)
        upload, kind = values.get("paper"), str(values.get("kind", ""))
        if not viewer.actor.org or kind not in PAPERS:
            raise NotYours
        if not isinstance(upload, UploadFile) or not upload.filename:
            return see_other("/subject#papers")
        upload.file.seek(0)
        try:
            receive(viewer.centre, viewer.actor, viewer.actor.org, kind, upload.file)
        except Refused as refusal:
            return shown(viewer, 409, view(refusal, viewer.lang))
        return see_other("/subject?done=trading.subjects.add_paper")

    return await sync_to_thread(work)


@get("/subject/papers/{id:str}", sync_to_thread=True)
def paper(request: Request[Any, Any, Any], id: str) -> Stream:
    """One scan, for its organisation, the drawn reviewer, or a watched read."""
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        row = readable(session, viewer.actor, an_id(id), viewer.now)
    return Stream(viewer.centre.blobs.stream(row.blob), media_type=row.media, headers={
        "Content-Disposition": f'inline; filename="{row.kind}-{row.id[:4]}.{ENDINGS.get(row.media, "bin")}"', "Content-Length": str(row.size),
        "Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox"})


HANDLERS = [subject, add_paper, paper]
