"""What a custodian's program checks before it opens a silent party's contribution to a draw (protocols §2).

In place of a close leaf, all in one checkpoint: in a draw of experts the leaf of the rules, which names the parties, and
after it one leaf of commitment for each of them; in the draw of a coefficient the commitments, and after them the leaf of
the read-out. Then ten minutes by this machine's own clock since the last. A sealed file is small and comes whole, so that its
digest is computed here. GATES and `Gate` are those of an opening.
"""
import io
from collections.abc import Callable, Mapping
from typing import Any

from kernel.ledger.note import Checkpoint
from kernel.ledger.proof import BadProof
from kernel.tree import leaf_hash
from kernel.values import MINUTE
from trading.sealing.gates import Cleared, Gate, Pins, checked_transcript, opened_leaf
from trading.sealing.rules.envelope import Checked, check_structure
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import Prefix, check_context, check_distinct
from trading.sealing.rules.partials import Occasion
from trading.sealing.rules.transcript import Transcript

SILENCE = 10 * MINUTE
NOBODY = "0" * 64
RULES, COMMIT = "experts.fix_rules", "experts.commit"
READ_OUT, COMMIT_COEFFICIENT = "trading.opening.read_out", "trading.opening.commit_coefficient"


def clear(papers: Mapping[str, Any], pins: Pins, now: int, answered: Callable[[bytes], str | None]) -> Cleared:
    """All gates of one draw. now: the custodian's own clock, ms. answered(point): the occasion it was answered for, or None.

    A draw of experts has `rules` among its papers, that of a coefficient `read_out`, and there the draw is the tender.
    """
    try:
        draw = str(papers["draw"])
        transcript = checked_transcript(papers["transcript"], papers["signatures"])
        tender = transcript.terms.tender
        if "read_out" in papers and draw != tender:
            raise Gate("context")
        sealed, last, spoken, head = _coefficient(papers, pins, tender) if "read_out" in papers else _experts(papers, pins, draw, tender)
        if now < spoken + SILENCE:
            raise Gate("clock")
        envelopes = _files(papers, draw, transcript, sealed)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Gate("task") from None
    for prefix in envelopes.values():
        if answered(prefix.point) not in (None, f"{draw} {last.hex()}"):
            raise Gate("repeated")
    return Cleared(Occasion(transcript.terms.ceremony, draw, last), transcript, envelopes, head)


# party → digest of its sealed file, hash of the leaf that ends the waiting, when it was made, the checkpoint over all of it
Said = tuple[dict[str, str], bytes, int, Checkpoint]


def _experts(papers: Mapping[str, Any], pins: Pins, draw: str, tender: str) -> Said:
    head, ((rules, _, first), *leaves) = _leaves([papers["rules"], *papers["commits"]], pins, tender)
    for payload, tag in ((rules, RULES), *((payload, COMMIT) for payload, *_ in leaves)):
        if payload["tag"] != tag or payload["body"]["draw"] != draw:
            raise Gate("context")
    named = {payload["body"]["party"]: payload["body"]["sealed"] for payload, *_ in leaves}
    if sorted(named) != sorted(rules["body"]["parties"]) or len(named) != len(leaves):
        raise Gate("list")
    if any(index <= first for *_, index in leaves):
        raise Gate("order")
    _, data, _ = max(leaves, key=lambda one: one[2])
    return named, leaf_hash(data), max(int(payload["t"]) for payload, *_ in leaves), head


def _coefficient(papers: Mapping[str, Any], pins: Pins, tender: str) -> Said:
    head, ((read_out, data, last), *leaves) = _leaves([papers["read_out"], *papers["commits"]], pins, tender)
    if read_out["tag"] != READ_OUT or any(payload["tag"] != COMMIT_COEFFICIENT for payload, *_ in leaves):
        raise Gate("context")
    named = {payload["body"]["party"]: payload["body"]["sealed"] for payload, *_ in leaves}
    if len(named) != len(leaves):
        raise Gate("list")
    if any(index >= last for *_, index in leaves):
        raise Gate("order")
    return named, leaf_hash(data), int(read_out["t"]), head


def _leaves(given: list[Mapping[str, Any]], pins: Pins, tender: str) -> tuple[Checkpoint, list[tuple[dict[str, Any], bytes, int]]]:
    """The checkpoint, and (payload, leaf, index) of leaves of one tender, all in it; one witness at least where this machine pins any."""
    try:
        opened = [opened_leaf(pins, one, min(1, len(pins.witnesses))) for one in given]
    except (BadProof, ValueError):
        raise Gate("leaf") from None
    if len({signed.checkpoint for *_, signed in opened}) > 1:
        raise Gate("consistency")
    if any(payload["on"] != tender for payload, *_ in opened):
        raise Gate("context")
    return opened[0][3].checkpoint, [(payload, data, index) for payload, data, index, _ in opened]


def contribution(data: bytes, draw: str, party: str, key: str) -> Checked:
    """A sealed contribution of this party to this draw. Raises Fault for anything else. key: hex u(Y) of the tender."""
    checked = check_structure(io.BytesIO(data))
    check_context(checked.prefix.header, tender=draw, lot=party, part="draw", supplier=NOBODY, version=1, key=key)
    return checked


def _files(papers: Mapping[str, Any], draw: str, transcript: Transcript, sealed: Mapping[str, str]) -> dict[bytes, Prefix]:
    envelopes: dict[bytes, Prefix] = {}
    for file in papers["files"]:
        try:
            checked = contribution(bytes.fromhex(file["sealed"]), draw, file["party"], transcript.public_key.hex())
            if checked.digest.hex() != sealed.get(file["party"]):
                raise Gate("list")
        except Fault as fault:
            raise Gate({"wrong_context": "context", "point_bad": "point"}.get(fault.code, "proof")) from None
        envelopes[checked.digest] = checked.prefix
    try:
        check_distinct(prefix.point for prefix in envelopes.values())
    except Fault:
        raise Gate("distinct") from None
    return envelopes
