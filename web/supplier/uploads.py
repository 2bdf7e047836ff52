"""Ciphertext comes in: begun by JSON, sent as raw pieces by PUT, finished by JSON. Two steps of a piece are in memory, never a file."""
import asyncio
from typing import Any

from litestar import Request, get, post, put
from litestar.concurrency import sync_to_thread
from litestar.response import Response

from kernel.clock import monotonic
from kernel.command import Actor
from kernel.errors import Malformed, Text
from trading.bids import uploads
from trading.sealing.rules.header import PREFIX_LIMIT
from web.supplier.answers import CSRF, Caller, an_id, answered, fields_of, said
from web.viewer import COOKIE

LONGEST = uploads.PIECE + PREFIX_LIMIT  # bytes of the first piece, at most
SLACK = 1024  # bytes above that before the line is cut
HOLDS = 1.0  # seconds for which who was let in stays so; a log-in that ended meanwhile sends ciphertext a moment longer and finishes nothing
STEP = 1 << 20  # bytes for which a thread is woken to write
MOST = 2 * STEP  # bytes of a piece that wait in memory, at most


def place(row: uploads.Upload) -> dict[str, Any]:
    """id, piece: bytes of each piece but the first, which has the front too, and the last · chunks: how many; state and digest once they are known."""
    return {"id": row.id, "piece": uploads.PIECE, "chunks": row.chunks, "state": row.state, "digest": row.digest}


@post("/supplier/uploads", status_code=201)
async def begin(request: Request[Any, Any, Any]) -> Response[Any]:
    body = await request.body()

    def work(caller: Caller) -> dict[str, Any]:
        fields = fields_of(body)
        project, lot, part, size, front = (fields.get(name) for name in ("project", "lot", "part", "size", "front"))
        if not all(isinstance(value, str) and len(value) <= 32 for value in (project, lot, part)) or type(size) is not int or type(front) is not int:
            raise Malformed("body", Text("请求内容无法读取", "The request cannot be read"))
        return place(uploads.begin(caller.centre, caller.actor, str(project), str(lot), str(part), size, front))

    return await sync_to_thread(answered, request, work, 201)


async def taken_in(request: Request[Any, Any, Any], coming: uploads.Coming) -> None:
    """The raw body, hashed as it comes and written by one thread at a time meanwhile."""
    loop = asyncio.get_running_loop()
    writing = loop.create_future()
    writing.set_result(None)
    try:
        async for block in request.stream():
            coming.take(block)
            if coming.ahead >= STEP and (coming.ahead >= MOST or writing.done()):
                await asyncio.shield(writing)
                writing = loop.run_in_executor(None, coming.write)
        await asyncio.shield(writing)
    except BaseException:  # the line broke, or the disk is full
        await asyncio.wait([writing])
        await sync_to_thread(coming.drop)
        raise


class Doors:
    """Who was let in with a piece of which upload. Pieces of a large file come by the hundred in a second: not each asks again."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, ...], tuple[float, Actor, uploads.Begun]] = {}

    async def enter(self, request: Request[Any, Any, Any], upload: str, number: int) -> tuple[Caller, uploads.Coming] | Response[Any]:
        """A place for the piece, or the answer that says why there is none."""
        key, now = (request.cookies.get(COOKIE, ""), request.headers.get(CSRF, ""), upload), monotonic()
        if (kept := self._open.get(key)) and now < kept[0] and 0 <= number < len(kept[2].places):
            caller = Caller(request, request.app.state.centre, kept[1])
            return caller, uploads.Coming(caller.centre, kept[2], number)
        found: list[tuple[Caller, uploads.Coming]] = []

        def ask(caller: Caller) -> None:
            begun = uploads.expect(caller.centre, caller.actor, an_id(upload))
            found.append((caller, uploads.Coming(caller.centre, begun, number)))
            self._open = {one: of for one, of in self._open.items() if now < of[0]} | {key: (now + HOLDS, caller.actor, begun)}

        answer = await sync_to_thread(answered, request, ask)
        return found[0] if found else answer


@put("/supplier/uploads/{upload:str}/{number:int}", request_max_body_size=LONGEST + SLACK)
async def piece(request: Request[Any, Any, Any], upload: str, number: int) -> Response[Any]:
    """Nothing is kept of a sender who may not send; then some is written while more is on its way."""
    entered = await request.app.state.doors.enter(request, upload, number)
    if isinstance(entered, Response):
        async for _ in request.stream():
            pass  # whoever is cut off in the middle does not read why
        return entered
    caller, coming = entered
    await taken_in(request, coming)
    return await sync_to_thread(said, caller, lambda: {"complete": coming.stand() is not None})


@post("/supplier/uploads/{upload:str}/finish", status_code=200, sync_to_thread=True)
def finish(request: Request[Any, Any, Any], upload: str) -> Response[Any]:
    return answered(request, lambda caller: place(uploads.finish(caller.centre, caller.actor, an_id(upload))))


@get("/supplier/uploads/{upload:str}", sync_to_thread=True)
def missing(request: Request[Any, Any, Any], upload: str) -> Response[Any]:
    """Numbers of the pieces that have not come: where a broken upload goes on."""

    def work(caller: Caller) -> dict[str, Any]:
        with caller.centre.reading() as session:
            return {"missing": uploads.missing(session, caller.actor, an_id(upload))}

    return answered(request, work)


HANDLERS = [begin, piece, finish, missing]
