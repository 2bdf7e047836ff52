"""Checking: a receipt's number, a digest, a proof with its entry. Nothing that is sent here is kept."""
import json
import re
from dataclasses import dataclass
from typing import Any

from litestar import Request, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.response import Response

from kernel.canonical import parse
from kernel.centre import Centre
from kernel.errors import Text
from kernel.ledger import leaf as leaves
from kernel.ledger import reads, tiles
from kernel.ledger.note import BadNote, Signed, Verifier, open_checkpoint
from kernel.ledger.proof import Proof
from kernel.tree import check_inclusion, leaf_hash
from trading.notices import reads as notices
from trading.projects import reads as projects
from web.public import asked
from web.viewer import Viewer, page, viewer_of

LARGEST = 200_000  # bytes of a proof or receipt


@dataclass(frozen=True)
class Step:
    """One thing that was checked. good: None where it could not be told."""

    name: Text
    good: bool | None
    text: Text


def look_up(viewer: Viewer, number: str) -> dict[str, Any]:
    """What stands behind a receipt's number or a digest."""
    compact = re.sub(r"[\s-]", "", number).lower()
    with viewer.centre.reading() as session:
        if re.fullmatch(r"[0-9a-f]{64}", compact):
            return {"paper": projects.paper_of_digest(session, compact), "notice": notices.of_digest(session, compact)}
        return {"index": reads.by_receipt(session, number)}


@get("/verify", sync_to_thread=True)
def verify(request: Request[Any, Any, Any]) -> Response[str]:
    viewer = viewer_of(request)
    number = asked.text(request.query_params, "number")
    return page(viewer, "public/verify.html", wanted=number, found=look_up(viewer, number) if number else None, steps=None, place=None)


async def sent(request: Request[Any, Any, Any], name: str, form: Any) -> bytes:
    value = form.get(name)
    if isinstance(value, UploadFile):
        return (await value.read(LARGEST + 1))[: LARGEST + 1]
    return value.replace("\r\n", "\n").encode()[: LARGEST + 1] if isinstance(value, str) else b""


@post("/verify", status_code=200)
async def check(request: Request[Any, Any, Any]) -> Response[str]:
    form = await request.form()
    proof = await sent(request, "proof", form) or await sent(request, "proof_text", form)
    entry = await sent(request, "entry", form) or (await sent(request, "entry_text", form)).strip()
    return await sync_to_thread(answer, request, proof, entry)


def answer(request: Request[Any, Any, Any], proof: bytes, entry: bytes) -> Response[str]:
    viewer = viewer_of(request)
    steps, place = judge(viewer.centre, proof, entry)
    return page(viewer, "public/verify.html", wanted="", found=None, steps=steps, place=place)


def judge(centre: Centre, proof: bytes, entry: bytes) -> tuple[list[Step], int | None]:
    """Every step by itself, so that the reader sees which one fails; the index when all hold."""
    readable = Text("能否读取", "Readable")
    if not proof or len(proof) > LARGEST:
        return [Step(readable, False, Text("没有收到证明，或文件太大。", "No proof arrived, or the file is too large."))], None
    try:
        given, entry = unpack(proof, entry)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [Step(readable, False, Text("这不是 .tlog-proof 证明或回执文件。", "This is no .tlog-proof and no receipt file."))], None
    steps = [Step(readable, True, Text(f"账本第 {given.index:,} 号的证明。", f"A proof for ledger no. {given.index:,}."))]
    with centre.reading() as session:
        head = reads.head(centre, session)
    known = [Verifier.parse(w.vkey) for w in head.witnesses] if head else []
    signature = Text("日志签名", "The log's signature")
    try:
        signed = open_checkpoint(given.checkpoint, centre.ledger_key.verifier, known)
    except BadNote:
        return [*steps, Step(signature, False, Text("检查点不是本账本签署的，或签名不符。", "The checkpoint was not signed by this log, or its signature is wrong."))], None
    steps.append(Step(signature, True, Text(f"检查点由 {centre.origin} 签署，含 {signed.checkpoint.size:,} 条。", f"Signed by {centre.origin} over {signed.checkpoint.size:,} entries.")))
    cosigned = len(signed.cosigned)
    steps.append(Step(Text("见证", "Witnesses"), True if cosigned else None, Text(f"{cosigned} 家见证方共同签署。", f"Cosigned by {cosigned} witnesses.")))
    held = check_inclusion(leaf_hash(entry), given.index, signed.checkpoint.size, given.path, signed.checkpoint.root)
    steps.append(Step(Text("在账本中", "In the ledger"), held, Text("由条目可以推出检查点的树根。", "The entry leads to the root of the checkpoint.") if held
                      else Text("条目推不出检查点的树根：内容与证明不符。", "The entry does not lead to the root: content and proof do not fit.")))
    steps.append(Step(Text("与当前账本一致", "Same history"), *same_history(centre, head, signed)))
    return steps, given.index if all(step.good is not False for step in steps) else None


def unpack(proof: bytes, entry: bytes) -> tuple[Proof, bytes]:
    """A receipt brings its own entry: the leaf is made again from payload and salt."""
    if not proof.lstrip().startswith(b"{"):
        if not entry:
            raise ValueError("entry")
        return Proof.parse(proof), entry
    receipt = json.loads(proof)
    return Proof.parse(receipt["proof"].encode()), leaves.leaf(bytes.fromhex(receipt["salt"]), parse(receipt["payload"].encode()))


def same_history(centre: Centre, head: reads.Head | None, signed: Signed) -> tuple[bool | None, Text]:
    then = signed.checkpoint
    if head is None or then.size > head.size:
        return None, Text("检查点比本页所知的更新，请稍后再试。", "The checkpoint is newer than this page knows; try again shortly.")
    if tiles.Span(centre.tiles, head.size).root(then.size) == then.root:
        return True, Text("它是当前账本的开头部分，历史没有改写。", "It is a beginning of today's ledger: nothing was rewritten.")
    return False, Text("与本账本的历史不同，请把文件交给监管部门。", "It differs from this ledger's history: hand the file to the regulator.")


HANDLERS = [verify, check]
