"""What a custodian's program checks before it answers (protocols §1.6). Pure: the server's word is taken for nothing.

A task is JSON. An "opened leaf" in it is {payload, salt, proof}: the ledger's leaf follows from the first two, the
.tlog-proof leads from the leaf to a checkpoint that the pinned log key and enough pinned witnesses signed.
"""
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.canonical import sha256
from kernel.ledger import opened
from kernel.ledger.note import Checkpoint, Signed, Verifier
from kernel.ledger.proof import BadProof
from kernel.tree import check_consistency, leaf_hash, root
from trading.sealing.rules.ceremony import Terms
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import Prefix, check_distinct, check_point, parse_prefix, proof_holds
from trading.sealing.rules.partials import Occasion
from trading.sealing.rules.transcript import Transcript, check_signatures, read_transcript

GATES = {
    "task": ("任务内容无法读取", "the task cannot be read"),
    "transcript": ("仪式记录或其签名有误", "the transcript or its signatures are wrong"),
    "seed": ("本机种子不属于该仪式", "this machine's seed takes no part in the ceremony"),
    "terms": ("仪式参数与先前所见不同", "the ceremony's terms are not those seen before"),
    "enrolled": ("有保管人未在账本登记", "a custodian is not enrolled in the ledger"),
    "close_leaf": ("没有可验证的截止记录", "no close leaf that can be verified"),
    "notice": ("截止记录与公告的时间不符", "the close leaf's times are not those of the notice"),
    "clock": ("本机时钟未到开标时间", "this machine's clock has not reached the opening"),
    "leaf": ("投标记录不在可验证的检查点中", "a bid's leaf stands in no checkpoint that can be verified"),
    "order": ("投标记录晚于截止记录", "a bid's leaf does not precede the close leaf"),
    "late": ("见证时间晚于截止加宽限", "witnessed later than deadline plus grace"),
    "consistency": ("两个检查点不一致", "two checkpoints contradict each other"),
    "history": ("账本与本机先前所见不是同一历史", "the ledger is not the one seen before: cut back, or forked"),
    "list": ("文件与截止清单不符", "the files are not those of the closing list"),
    "call": ("没有可验证的报价开启记录", "no call for the prices that can be verified"),
    "context": ("文件头指向其他项目或公钥", "a header names another tender or key"),
    "point": ("会话公钥不在素数阶子群", "a point outside the prime-order subgroup"),
    "proof": ("文件证明无效", "a file's proof fails"),
    "distinct": ("同一会话公钥出现两次", "a point stands twice"),
    "repeated": ("该会话公钥曾在别处解密", "the point was answered elsewhere before"),
    "refused": ("中心未接受", "the centre did not accept the answer"),
    "other": ("其他原因", "another reason"),
}
PUTS = ("trading.bids.submit", "trading.bids.replace")
CALL = "evaluation.open_price"


class Gate(Exception):
    """A check that failed; `code` is one of GATES."""

    def __init__(self, code: str) -> None:
        super().__init__(GATES[code][1])
        self.code = code


@dataclass(frozen=True)
class Pins:
    """What the custodian trusts, given to it outside the server: the log's key and the witnesses' keys."""

    log: Verifier
    witnesses: tuple[Verifier, ...]


@dataclass(frozen=True)
class Cleared:
    """A task that passed: what `partials.answer_all` needs, and the checkpoint under which it passed."""

    occasion: Occasion
    transcript: Transcript
    envelopes: dict[bytes, Prefix]
    head: Checkpoint


def opened_leaf(pins: Pins, given: Mapping[str, Any], quorum: int) -> tuple[dict[str, Any], bytes, int, Signed]:
    """(payload, leaf, index, checkpoint) of an opened leaf. BadProof or ValueError where it does not hold."""
    return opened.opened_leaf(given, pins.log, pins.witnesses, quorum)


def enrolled(pins: Pins, task: Mapping[str, Any]) -> None:
    """Every identity of a ceremony stands in a leaf of enrolment: else the server could be all the other custodians."""
    try:
        keys = set()
        for given in task["enrolments"]:
            payload, *_ = opened_leaf(pins, given, 0)
            if payload["tag"] == "trading.sealing.enrol_custodian" and "step" not in payload:
                keys.add(payload["body"]["key"])
        if not set(task["custodians"]) <= keys:
            raise Gate("enrolled")
    except (KeyError, TypeError, ValueError):
        raise Gate("enrolled") from None


def terms(task: Mapping[str, Any]) -> Terms:
    try:
        return Terms(task["ceremony"], task["project"], task["k"], tuple(bytes.fromhex(key) for key in task["custodians"]))
    except (KeyError, TypeError, ValueError, Fault):
        raise Gate("task") from None


def checked_transcript(raw: str, signatures: Iterable[str]) -> Transcript:
    try:
        transcript = read_transcript(raw.encode())
        wrong = check_signatures(transcript, tuple(bytes.fromhex(s) for s in signatures))
    except (Fault, ValueError, AttributeError):
        raise Gate("transcript") from None
    if wrong:
        raise Gate("transcript")
    return transcript


def clear(task: Mapping[str, Any], pins: Pins, now: int, answered: Callable[[bytes], str | None]) -> Cleared:
    """All gates of an opening, or of the second envelopes of one. now: the custodian's own clock, ms. answered(point): the tender it was answered for, or None."""
    try:
        project, files = task["project"], task["files"]
        transcript = checked_transcript(task["transcript"], task["signatures"])
        if transcript.terms.tender != project:
            raise Gate("transcript")
        close, data, index, head = _close(task, pins)
        body = close["body"]
        told, first = _notice(task, pins, body)
        if now < body["deadline"]:
            raise Gate("clock")
        named = _leaves(task, pins, project, body, first, index, head)
        whole = _files(files, project, transcript, named)
        _lists(body, whole, named)
        staged = told["envelopes"] == 2
        envelopes = {digest: prefix for digest, prefix in whole.items() if not staged or named[digest.hex()][1] != "price"}
        if "call" in task:
            prices = {digest: prefix for digest, prefix in whole.items() if digest not in envelopes}
            data, envelopes = _called(task, pins, body, index, head, now, prices)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Gate("task") from None
    for prefix in envelopes.values():
        before = answered(prefix.point)
        if before is not None and before != f"{project} {leaf_hash(data).hex()}":
            raise Gate("repeated")
    return Cleared(Occasion(transcript.terms.ceremony, project, leaf_hash(data)), transcript, envelopes, head.checkpoint)


def _close(task: Mapping[str, Any], pins: Pins) -> tuple[dict[str, Any], bytes, int, Signed]:
    try:
        payload, data, index, head = opened_leaf(pins, task["close"], 0)
    except (BadProof, KeyError, TypeError, ValueError):
        raise Gate("close_leaf") from None
    if payload["tag"] != "trading.bids.close" or payload["on"] != task["project"]:
        raise Gate("close_leaf")
    return payload, data, index, head


def _called(
    task: Mapping[str, Any], pins: Pins, body: Mapping[str, Any], close: int, head: Signed, now: int, prices: Mapping[bytes, Prefix],
) -> tuple[bytes, dict[bytes, Prefix]]:
    """The leaf by which a committee called for the second envelopes, after the close and under the same checkpoint, and exactly the
    files it names. Where the notice knows one envelope there are none to name."""
    try:
        payload, data, index, signed = opened_leaf(pins, task["call"], body["quorum"])
        wanted = {bytes.fromhex(digest) for digest in payload["body"]["digests"]}
    except (BadProof, KeyError, TypeError, ValueError):
        raise Gate("call") from None
    if payload["tag"] != CALL or payload["on"] != task["project"] or signed.checkpoint != head.checkpoint or index <= close:
        raise Gate("call")
    if now < payload["t"]:
        raise Gate("clock")
    if not wanted or not wanted <= set(prices):
        raise Gate("list")
    return data, {digest: prefix for digest, prefix in prices.items() if digest in wanted}


def _notice(task: Mapping[str, Any], pins: Pins, body: Mapping[str, Any]) -> tuple[Mapping[str, Any], int]:
    """What the notice said, and its index. A deadline never moves earlier than that; grace and quorum never move at all."""
    try:
        payload, _, index, _ = opened_leaf(pins, task["notice"], 0)
        told = payload["body"]
        if payload["tag"] != "trading.notices.publish" or payload["on"] != task["project"]:
            raise Gate("notice")
        if body["deadline"] < told["deadline"] or (body["grace"], body["quorum"]) != (told["grace"], told["quorum"]):
            raise Gate("notice")
    except (KeyError, TypeError, ValueError):
        raise Gate("notice") from None
    return dict(told), index


def _leaves(
    task: Mapping[str, Any], pins: Pins, project: str, body: Mapping[str, Any], notice: int, close: int, head: Signed,
) -> dict[str, tuple[dict[str, Any], str]]:
    """digest → (body of its leaf, part), for every bid leaf that precedes the close and was witnessed in time.

    All of them follow the notice: one made up at the opening, with other terms, is no notice of theirs.
    """
    known: dict[int, bytes] = {head.checkpoint.size: head.checkpoint.root}
    named: dict[str, tuple[dict[str, Any], str]] = {}
    for given in task["leaves"]:
        try:
            payload, _, index, early = opened_leaf(pins, given, body["quorum"])
        except (BadProof, ValueError):
            raise Gate("leaf") from None
        if payload["tag"] not in PUTS or payload["on"] != project:
            raise Gate("leaf")
        if index >= close:
            raise Gate("order")
        if index <= notice:
            raise Gate("notice")
        _in_time(early, body)
        _continues(early.checkpoint, head.checkpoint, known, task["consistency"])
        for part, digest in payload["body"]["parts"].items():
            named[digest] = (payload["body"], part)
    return named


def _in_time(early: Signed, body: Mapping[str, Any]) -> None:
    """The quorum-th witness signed by deadline + grace. A tender that agreed on no witness is judged by the order of leaves alone."""
    times = sorted(early.cosigned.values())[: body["quorum"]]
    if any(time * 1000 > body["deadline"] + body["grace"] * 1000 for time in times):
        raise Gate("late")


def _continues(early: Checkpoint, head: Checkpoint, known: dict[int, bytes], proofs: Mapping[str, list[str]]) -> None:
    """The early checkpoint is a prefix of the one with the close leaf, or that one of it: one log, not two."""
    if early.size in known:
        if known[early.size] != early.root:
            raise Gate("consistency")
        return
    old, new = sorted((early, head), key=lambda c: c.size)
    path = [bytes.fromhex(step) for step in proofs.get(str(early.size), [])]
    if not check_consistency(old.size, new.size, old.root, new.root, path):
        raise Gate("consistency")
    known[early.size] = early.root


def _files(
    files: Iterable[Mapping[str, str]], project: str, transcript: Transcript, named: Mapping[str, tuple[dict[str, Any], str]],
) -> dict[bytes, Prefix]:
    envelopes: dict[bytes, Prefix] = {}
    for file in files:
        raw = bytes.fromhex(file["head"])
        if file["digest"] not in named:
            raise Gate("list")
        body, part = named[file["digest"]]
        if not hmac.compare_digest(body["heads"][part], sha256(raw).hex()):
            raise Gate("list")
        try:
            prefix = parse_prefix(raw)
            header = prefix.header
            if header.tender != project or header.key != transcript.public_key.hex() or header.part != part or header.lot != body["lot"]:
                raise Gate("context")
            check_point(prefix)
        except Fault as fault:
            raise Gate("point" if fault.code == "point_bad" else "proof") from None
        if not proof_holds(prefix):
            raise Gate("proof")
        envelopes[bytes.fromhex(file["digest"])] = prefix
    try:
        check_distinct(prefix.point for prefix in envelopes.values())
    except Fault:
        raise Gate("distinct") from None
    return envelopes


def _lists(body: Mapping[str, Any], envelopes: Mapping[bytes, Prefix], named: Mapping[str, tuple[dict[str, Any], str]]) -> None:
    """The files are exactly those of the closing roots, lot by lot."""
    by_lot: dict[str, list[bytes]] = {lot: [] for lot in body["roots"]}
    for digest in envelopes:
        by_lot.setdefault(named[digest.hex()][0]["lot"], []).append(digest)
    for lot, digests in by_lot.items():
        if root([leaf_hash(digest) for digest in sorted(digests)]).hex() != body["roots"].get(lot):
            raise Gate("list")


def digest_of_terms(given: Terms) -> str:
    """What the program remembers of a ceremony from its first word on."""
    keys = b"".join(given.custodians)
    return hashlib.sha256(f"{given.ceremony} {given.tender} {given.k} ".encode() + keys).hexdigest()
