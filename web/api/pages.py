"""The mailbox of programs (docs/formats/programs.md): custodians, banks. Every request is signed; what does not verify is 404."""
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Response

from experts.commit import Commit, commit
from experts.contribution import LIMIT as CONTRIBUTION_LIMIT
from experts.contribution_reads import waiting
from experts.post_partials import PostPartials, post_partials
from experts.reveal import Reveal, reveal
from experts.silence import papers
from kernel.centre import Centre
from kernel.command import Actor
from kernel.errors import Malformed, NotYours, Refusal, Refused
from kernel.identity import programs
from kernel.rehearsal import clock_answer
from trading.awards.confirm_refund import ConfirmRefund, confirm_refund
from trading.awards.order_reads import orders
from trading.bids.report_deposit import ReportDeposit, report_deposit
from trading.opening import silence
from trading.sealing import mailbox
from web.refusals import view
from web.supplier.answers import an_id, fields_of

LARGEST = 33_000_000  # bytes of one act: a custodian's partials for a long closing list
RULE = "mingbiao-rule"


def refused(error: Refusal) -> Response[dict[str, str]]:
    """404, 409 or 422 with the guard's name in a header and its sentence in both languages."""
    seen = view(error, "zh")
    body = {"error": seen["code"], "zh": seen["title"].zh, "en": seen["title"].en}
    return Response(body, status_code=error.status, headers={RULE: seen["code"]} if isinstance(error, Refused) else {})


async def answered(request: Request[Any, Any, Any], work: Callable[[Centre, Actor, bytes], Any], status: int = 200) -> Response[Any]:
    """Admits the program by its signature over method, path, body and nonce, then does what it asks."""
    centre: Centre = request.app.state.centre
    body = await request.body()
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    headers = {name.lower(): value for name, value in request.headers.items()}

    def run() -> Response[Any]:
        try:
            actor = programs.admit(centre, request.method, path, body, headers)
            return Response(work(centre, actor, body), status_code=status)
        except Refusal as error:
            return refused(error)

    return await sync_to_thread(run)


def custodian(actor: Actor) -> Actor:
    if actor.channel != "custodian":
        raise NotYours
    return actor


@post("/api/programs/nonces", status_code=200)
async def nonces(request: Request[Any, Any, Any]) -> Response[Any]:
    centre: Centre = request.app.state.centre
    try:
        program = fields_of(await request.body()).get("program")
        if not isinstance(program, str) or not 0 < len(program) <= 64:
            raise Malformed("program")
    except Malformed as error:
        return refused(error)
    return Response({"nonce": await sync_to_thread(programs.nonce_for, centre, program)})


@get("/api/programs/time", sync_to_thread=True)
def time_answer(request: Request[Any, Any, Any], nonce: str = "") -> Response[Any]:
    """A rehearsal's stepped clock, signed by its log; a real centre has no such answer."""
    if not 8 <= len(nonce) <= 64 or not all(letter in "0123456789abcdef" for letter in nonce):
        return refused(Malformed("nonce"))
    try:
        return Response(clock_answer.answer(request.app.state.centre, nonce), media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
    except Refused:
        return refused(NotYours())


@get("/api/programs/custodians/{identity:str}", sync_to_thread=True)
def enrolled(request: Request[Any, Any, Any], identity: str) -> Response[Any]:
    """The opened leaf of a custodian's enrolment: what the ledger shows to anybody, so it needs no signature."""
    centre: Centre = request.app.state.centre
    try:
        with centre.reading() as session:
            return Response(mailbox.enrolment(centre, session, identity), headers={"Cache-Control": "no-store"})
    except NotYours as error:
        return refused(error)


@get("/api/programs/tasks")
async def tasks(request: Request[Any, Any, Any]) -> Response[Any]:
    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        with centre.reading() as session:
            now = centre.clock.now(session)
            return mailbox.tasks(centre, session, custodian(actor), now) + waiting(session, actor, now)

    return await answered(request, work)


@get("/api/programs/openings/{project:str}")
async def opening(request: Request[Any, Any, Any], project: str) -> Response[Any]:
    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        with centre.reading() as session:
            return mailbox.opening(centre, session, custodian(actor), an_id(project))

    return await answered(request, work)


@get("/api/programs/openings/{project:str}/coefficient")
async def silent_coefficient(request: Request[Any, Any, Any], project: str) -> Response[Any]:
    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        with centre.reading() as session:
            return silence.papers(centre, session, custodian(actor), an_id(project), centre.clock.now(session))

    return await answered(request, work)


@post("/api/programs/acts/{name:str}", status_code=200, request_max_body_size=LARGEST)
async def act(request: Request[Any, Any, Any], name: str) -> Response[Any]:
    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        mailbox.post(centre, custodian(actor), name, fields_of(body))
        return {"state": "done"}

    return await answered(request, work)


@post("/api/programs/draws/{draw:str}/commit", status_code=200, request_max_body_size=LARGEST)
async def commit_draw(request: Request[Any, Any, Any], draw: str) -> Response[Any]:
    """commit: hex SHA-256 of the contribution · sealed: hex of the same contribution, sealed to the tender's key."""

    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        fields = fields_of(body)
        try:
            sealed = bytes.fromhex(str(fields.get("sealed", "")))
            if not 0 < len(sealed) <= CONTRIBUTION_LIMIT:
                raise ValueError
            cmd = Commit(draw=draw, commit=fields.get("commit"), blob=centre.blobs.put(sealed).key)  # type: ignore[arg-type]
        except ValueError:
            raise Malformed("fields") from None
        commit(centre, custodian(actor), cmd)
        return {"state": "done"}

    return await answered(request, work)


@post("/api/programs/draws/{draw:str}/reveal", status_code=200)
async def reveal_draw(request: Request[Any, Any, Any], draw: str) -> Response[Any]:
    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        try:
            cmd = Reveal(draw=draw, value=fields_of(body).get("value"))  # type: ignore[arg-type]
        except ValueError:
            raise Malformed("fields") from None
        reveal(centre, custodian(actor), cmd)
        return {"state": "done"}

    return await answered(request, work)


@get("/api/programs/draws/{draw:str}/silent")
async def silent_draw(request: Request[Any, Any, Any], draw: str) -> Response[Any]:
    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        with centre.reading() as session:
            return papers(centre, session, custodian(actor), an_id(draw), centre.clock.now(session))

    return await answered(request, work)


@post("/api/programs/draws/{draw:str}/partials", status_code=200)
async def partials_of_draw(request: Request[Any, Any, Any], draw: str) -> Response[Any]:
    """batch, signature: partials of what silent parties sealed."""

    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        fields = fields_of(body)
        try:
            cmd = PostPartials(draw=draw, batch=fields.get("batch"), signature=fields.get("signature"))  # type: ignore[arg-type]
        except ValueError:
            raise Malformed("fields") from None
        post_partials(centre, custodian(actor), cmd)
        return {"state": "done"}

    return await answered(request, work)


@post("/api/programs/deposits", status_code=200)
async def deposits(request: Request[Any, Any, Any]) -> Response[Any]:
    """A bank's program reports a payment: account, amount in the smallest unit, paid_at in ms, source."""

    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        if actor.channel != "bank":
            raise NotYours
        try:
            cmd = ReportDeposit(**fields_of(body))
        except ValueError:
            raise Malformed("fields") from None
        report_deposit(centre, actor, cmd)
        return {"state": "done"}

    return await answered(request, work)


@get("/api/programs/refunds")
async def refunds(request: Request[Any, Any, Any]) -> Response[Any]:
    """The bank's orders: number, account, amount."""

    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        with centre.reading() as session:
            return [asdict(one) for one in orders(session, actor, centre.clock.now(session))]

    return await answered(request, work)


@post("/api/programs/refunds", status_code=200)
async def paid(request: Request[Any, Any, Any]) -> Response[Any]:
    """A bank's program reports a refund as paid: order, account, amount as the order says."""

    def work(centre: Centre, actor: Actor, body: bytes) -> Any:
        try:
            cmd = ConfirmRefund(**fields_of(body))
        except (TypeError, ValueError):
            raise Malformed("fields") from None
        confirm_refund(centre, actor, cmd)
        return {"state": "done"}

    return await answered(request, work)


HANDLERS = [nonces, time_answer, enrolled, tasks, opening, silent_coefficient, act, commit_draw, reveal_draw, silent_draw, partials_of_draw, deposits, refunds, paid]
