"""Ciphertext comes in: begun by JSON, sent as raw pieces by PUT, finished by JSON. A step of a piece is in memory, never a file."""
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, get, post, put
from litestar.concurrency import sync_to_thread
from litestar.response import Response

from kernel.errors import Malformed, Text
from trading.bids import uploads
from trading.sealing.rules.header import PREFIX_LIMIT
from web.supplier.answers import Caller, an_id, answered, fields_of, said

LONGEST = uploads.PIECE + PREFIX_LIMIT  # bytes of the first piece, at most
SLACK = 1024  # bytes above that before the line is cut
STEP = 1 << 17  # bytes that are written and hashed at once: so few that they are still in the processor's cache


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


async def steps(request: Request[Any, Any, Any]) -> AsyncIterator[list[bytes]]:
    """The raw body in steps of about STEP bytes, each of the blocks that the line gave."""
    blocks: list[bytes] = []
    size = 0
    async for block in request.stream():
        blocks.append(block)
        size += len(block)
        if size >= STEP:
            yield blocks
            blocks, size = [], 0
    if size:
        yield blocks


@put("/supplier/uploads/{upload:str}/{number:int}", request_max_body_size=LONGEST + SLACK)
async def piece(request: Request[Any, Any, Any], upload: str, number: int) -> Response[Any]:
    """Nothing is kept of a sender who may not send; then each step is written and hashed while the next is on its way."""
    taken: list[tuple[Caller, uploads.Coming]] = []
    answer = await sync_to_thread(answered, request, lambda caller: taken.append((caller, uploads.expect(caller.centre, caller.actor, an_id(upload), number))))
    if not taken:
        async for _ in steps(request):
            pass  # whoever is cut off in the middle does not read why
        return answer
    (caller, coming), = taken
    try:
        async for blocks in steps(request):
            await sync_to_thread(coming.add, blocks)
    except BaseException:  # the line broke
        await sync_to_thread(coming.drop)
        raise
    return await sync_to_thread(said, caller, lambda: place(coming.stand()))


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
