"""A supplier's tenders and the workspace of one bid: tasks, deposit, price form, files, sealing, withdrawal."""
import hmac
import secrets
from typing import Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect, Response
from pydantic import ValidationError

from kernel.errors import Malformed, NotYours, Refused, Text
from kernel.identity.signing import Signature, nonce_for
from kernel.scripts import reads as scripts
from trading.bids import reads
from trading.bids.note_refused import attempt
from trading.bids.receipt import NUMBER, receipts
from trading.bids.replace import Replace
from trading.bids.rules import supplier_commitment
from trading.bids.submit import Submit
from trading.bids.withdraw import Withdraw, withdraw
from trading.procedures import procedure
from trading.projects import reads as projects
from trading.sealing import reads as sealing
from trading.subjects import reads as subjects
from web.acts import check_csrf, posted, signature_of
from web.forms import FORMS, ActForm, Field, Shown, forms
from web.public import words as tender_words
from web.public.tenders import ribbon_rows
from web.refusals import cited, view
from web.supplier.acts import PROJECT
from web.supplier.answers import an_id, answered, fields_of
from web.viewer import Viewer, page, see_other, signed_in, viewer_of

# rows of the price form by kind of tender; the total is their sum. One row alone is the total itself.
PRICE_ROWS: dict[str, tuple[Text, ...]] = {
    "construction": (Text("分部分项工程费", "Works by bill items"), Text("措施项目费", "Site measures"), Text("其他项目费", "Other items"),
                     Text("规费", "Statutory charges"), Text("增值税", "VAT")),
    "goods": (Text("货物价款", "Goods"), Text("伴随服务", "Services with the goods"), Text("税费", "Taxes")),
}
ONE_ROW = (Text("投标总价", "Total price"),)
PARTS = {"price": Text("报价部分", "Price"), "commercial": Text("商务部分", "Commercial part"), "technical": Text("技术部分", "Technical part")}
STATES = {"live": Text("已递交", "Handed in"), "replaced": Text("已被替代", "Replaced"), "withdrawn": Text("已撤回", "Withdrawn"),
          "revoked": Text("已撤销", "Revoked"), "": Text("准备中", "In preparation")}


@get("/supplier/bids", sync_to_thread=True)
def bids(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = signed_in(request)
    with viewer.centre.reading() as session:
        rows = reads.mine(session, viewer.actor, viewer.now)
    return page(viewer, "supplier/bids.html", rows=rows, states=STATES, words=tender_words)


def terms(viewer: Viewer, session: Any, space: reads.Workspace, code: str, live: reads.OwnBid | None) -> dict[str, Any]:
    """What the bidder's machine seals with: all of it is public or the bidder's own."""
    ceremony = sealing.view(session, viewer.actor, space.project, viewer.now)
    assert viewer.centre.row is not None
    return {
        "tender": space.project, "lot": space.lots[0][0], "key": space.key, "code": code, "parts": list(space.parts), "currency": viewer.centre.row.currency,
        "version": live.version + 1 if live else 1, "prev": live.id if live else "", "previous": live.digests if live else {},
        "transcript": ceremony.transcript if ceremony else "", "signatures": list(ceremony.signatures) if ceremony else [],
        "origin": viewer.centre.origin, "csrf": viewer.csrf, "mode": space.mode, "envelopes": space.envelopes, "signed": not viewer.centre.rehearsal,
    }


@get("/supplier/bids/{project:str}", sync_to_thread=True)
def bid(request: Request[Any, Any, Any], project: str) -> Response[str]:
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        space = reads.workspace(session, viewer.actor, an_id(project), viewer.now)
        seen = projects.view(session, viewer.actor, project, viewer.now)
        own = subjects.own(session, viewer.actor, viewer.now)
        lines = receipts(viewer.centre, session, viewer.actor, project)
        live = next((one for one in space.bids if one.state == "live"), None)
        given = terms(viewer, session, space, own.code if own else "", live)
        keepers = sealing.view(session, viewer.actor, project, viewer.now)
        told = scripts.index(session)
    offered = {move.tag for move in seen.moves}
    salt = secrets.token_bytes(32)
    forms = {tag: Shown(FORMS[tag], {"project": space.project, "lot": space.lots[0][0]} | ({"bid": live.id} if live else {}), next=f"/supplier/bids/{project}")
             for tag in OFFERED if tag in offered and tag in FORMS}
    return page(
        viewer, "supplier/bid.html", space=space, seen=seen, live=live, lines=lines, terms=given, keepers=keepers, forms=forms, ribbon=ribbon_rows(seen),
        price_rows=PRICE_ROWS.get(seen.kind, ONE_ROW), parts=PARTS, states=STATES, attempts=[(words(guard), at) for guard, at in space.attempts],
        tasks=tasks(space, live), scripts=told, offline={"salt": salt.hex(), "supplier": supplier_commitment(salt, given["code"])},
        sealable="trading.bids.replace" in offered if live else "trading.bids.submit" in offered)


OFFERED = ("trading.notices.take_document", "trading.bids.open_account", "trading.bids.lodge_guarantee", "trading.bids.revoke",
           "trading.opening.post_lock", "trading.opening.rescue")


def words(guard: str) -> Text:
    from law.guards import texts

    zh, en = texts().get(guard, (guard, guard))
    return Text(zh.split("：")[0] if "{" in zh else zh, en.split(":")[0] if "{" in en else en)


def tasks(space: reads.Workspace, live: reads.OwnBid | None) -> list[dict[str, Any]]:
    """The task list: what the centre knows as done, and what waits on this machine."""
    found: list[dict[str, Any]] = []
    marks = {"done": "ok", "now": "run", "later": "wait", "missed": "off"}
    labels = {"now": Text("可以办理", "Open"), "later": Text("尚不能开始", "Cannot start yet"), "missed": Text("未办理", "Not done")}
    anchors = {"take_document": "#document", "deposit": "#deposit", "submit": "#seal", "unlock": "#unlock"}
    for task in space.tasks:
        if task.code == "submit" and task.state == "now":
            for part in space.parts:
                found.append({"name": PARTS[part], "state": "run", "label": Text("待填写", "To fill in"), "href": f"#{part}",
                              "note": Text("在本机填写，封装前不离开您的电脑", "Stays on your computer until it is sealed")})
        row = {"name": task.name, "state": marks[task.state], "current": task.code == "submit" and task.state == "now"}
        if task.state in labels:
            row["label"] = labels[task.state]
        if task.state == "now":
            href = anchors.get(task.code) or f"/openings/{space.code}"
            row["href"] = href
        found.append(row)
    found.append({"name": Text("领取回执", "Take the receipt"), "state": "ok" if live else "wait",
                  "note": Text("递交并入账后生成", "Comes once the bid is recorded"), **({"href": f"/supplier/receipts/{live.id}"} if live else {})})
    return found


@post("/supplier/nonces", status_code=200, sync_to_thread=True)
def nonce(request: Request[Any, Any, Any]) -> Response[Any]:
    """A challenge for one signature with the own key file."""
    return answered(request, lambda caller: {"nonce": nonce_for(caller.centre, caller.actor.id)})


@post("/supplier/bids/{project:str}/submit", status_code=200)
async def submit(request: Request[Any, Any, Any], project: str) -> Response[Any]:
    """The sealed parts are here: the act. JSON in, the receipt's address out; a refusal worth knowing is noted."""
    body = await request.body()

    def work(viewer: Viewer) -> dict[str, str]:
        fields = fields_of(body)
        sig, kind = fields.pop("sig", None), Replace if fields.get("prev") else Submit
        try:
            cmd = kind(project=an_id(project), **{name: value for name, value in fields.items() if name != "project" and value != ""})
            signature = Signature(**{name: str(value) for name, value in sig.items()}) if isinstance(sig, dict) else None
        except (ValidationError, TypeError):
            raise Malformed("body", Text("递交内容不完整，请刷新本页后重新封装", "The submission is incomplete: reload this page and seal again")) from None
        made = attempt(viewer.centre, viewer.actor, cmd, signature)
        return {"receipt": f"/supplier/receipts/{made.id}?done={'trading.bids.replace' if cmd.version > 1 else 'trading.bids.submit'}"}

    return await sync_to_thread(answered, request, work)


def own_live(viewer: Viewer, project: str) -> tuple[reads.Workspace, reads.OwnBid, str]:
    """The live bid and what must be typed to withdraw it: the end of its receipt's number."""
    with viewer.centre.reading() as session:
        space = reads.workspace(session, viewer.actor, an_id(project), viewer.now)
        lines = {line.bid: line.number for line in receipts(viewer.centre, session, viewer.actor, project)}
    live = next((one for one in space.bids if one.state == "live"), None)
    if live is None:
        raise NotYours
    return space, live, lines[live.id][NUMBER - 4:].upper()


def confirmed(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Takes the typed confirmation out. Malformed("typed") where it is not the end of the receipt's number."""
    expected = own_live(viewer, values["project"])[2]
    if not hmac.compare_digest(values.pop("typed").upper().encode(), expected.encode()):
        raise Malformed("typed", Text("输入的编号末四位不符", "These are not the last four letters"))
    return values


forms(ActForm("trading.bids.withdraw", withdraw, Withdraw, "撤回投标", "Withdraw the bid", (
    PROJECT, Field("bid", kind="hidden"), Field("typed", "回执编号末四位", "Last four letters of the receipt")), danger=True, shape=confirmed))


def confirm_page(viewer: Viewer, project: str, refusal: Refused | None = None, wrong: bool = False) -> Response[str]:
    space, live, expected = own_live(viewer, project)
    under = cited(procedure("works.open").index["trading.bids.withdraw"].under, viewer.lang)
    return page(viewer, "supplier/withdraw.html", 409 if refusal else 422 if wrong else 200, space=space, live=live, expected=expected, under=under,
                wrong=wrong, refusal=view(refusal, viewer.lang) if refusal else None)


@get("/supplier/bids/{project:str}/withdraw", sync_to_thread=True)
def ask_withdraw(request: Request[Any, Any, Any], project: str) -> Response[str]:
    return confirm_page(viewer_of(request), project)


@post("/supplier/bids/{project:str}/withdraw", status_code=200)
async def do_withdraw(request: Request[Any, Any, Any], project: str) -> Response[str] | Redirect:
    values = await posted(request)

    def work() -> Response[str] | Redirect:
        viewer = signed_in(request)
        check_csrf(viewer, values)
        _, live, expected = own_live(viewer, project)
        if not hmac.compare_digest(str(values.get("typed", "")).strip().upper().encode(), expected.encode()):
            return confirm_page(viewer, project, wrong=True)
        try:
            withdraw(viewer.centre, viewer.actor, Withdraw(project=project, bid=live.id), sig=signature_of(values))
        except Refused as refusal:
            return confirm_page(viewer, project, refusal)
        return see_other(f"/supplier/bids/{project}?done=trading.bids.withdraw")

    return await sync_to_thread(work)


HANDLERS = [bids, bid, nonce, submit, ask_withdraw, do_withdraw]
