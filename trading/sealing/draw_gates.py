"""What a custodian's program checks before it opens a silent party's contribution to a draw (protocols §2).

In place of a close leaf: the leaf of the rules, which names the parties, and after it one leaf of commitment for each of
them, all in one checkpoint; and ten minutes by this machine's own clock since the last. The sealed file is small and comes
whole, so that its digest is computed here. GATES and `Gate` are those of an opening.
"""
import io
from collections.abc import Callable, Mapping
from typing import Any

from kernel.ledger.proof import BadProof
from kernel.tree import leaf_hash
from kernel.values import MINUTE
from trading.sealing.gates import Cleared, Gate, Pins, checked_transcript, opened_leaf
from trading.sealing.rules.envelope import check_structure
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.header import Prefix, check_context, check_distinct
from trading.sealing.rules.partials import Occasion
from trading.sealing.rules.transcript import Transcript

SILENCE = 10 * MINUTE
NOBODY = "0" * 64
RULES, COMMIT = "experts.fix_rules", "experts.commit"


def clear(papers: Mapping[str, Any], pins: Pins, now: int, answered: Callable[[bytes], str | None]) -> Cleared:
    """All gates of one draw. now: the custodian's own clock, ms. answered(point): the occasion it was answered for, or None."""
    try:
        draw = str(papers["draw"])
        transcript = checked_transcript(papers["transcript"], papers["signatures"])
        sealed, last, spoken = _commitments(papers, pins, draw, transcript.terms.tender)
        if now < spoken + SILENCE:
            raise Gate("clock")
        envelopes = _files(papers, draw, transcript, sealed)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Gate("task") from None
    for prefix in envelopes.values():
        if answered(prefix.point) not in (None, f"{draw} {last.hex()}"):
            raise Gate("repeated")
    return Cleared(Occasion(transcript.terms.ceremony, draw, last), transcript, envelopes)


def _commitments(papers: Mapping[str, Any], pins: Pins, draw: str, tender: str) -> tuple[dict[str, str], bytes, int]:
    """(party → digest of its sealed file, hash of the last commitment's leaf, when the last was made). One witness at least
    where this machine pins any."""
    quorum = min(1, len(pins.witnesses))
    try:
        rules, _, first, head = opened_leaf(pins, papers["rules"], quorum)
        leaves = [opened_leaf(pins, given, quorum) for given in papers["commits"]]
    except (BadProof, ValueError):
        raise Gate("leaf") from None
    if any(signed.checkpoint != head.checkpoint for *_, signed in leaves):
        raise Gate("consistency")
    for payload, tag in ((rules, RULES), *((payload, COMMIT) for payload, *_ in leaves)):
        if payload["tag"] != tag or payload["on"] != tender or payload["body"]["draw"] != draw:
            raise Gate("context")
    named = {payload["body"]["party"]: payload["body"]["sealed"] for payload, *_ in leaves}
    if sorted(named) != sorted(rules["body"]["parties"]) or len(named) != len(leaves):
        raise Gate("list")
    if any(index <= first for _, _, index, _ in leaves):
        raise Gate("order")
    _, data, _, _ = max(leaves, key=lambda one: one[2])
    return named, leaf_hash(data), max(int(payload["t"]) for payload, *_ in leaves)


def _files(papers: Mapping[str, Any], draw: str, transcript: Transcript, sealed: Mapping[str, str]) -> dict[bytes, Prefix]:
    envelopes: dict[bytes, Prefix] = {}
    for file in papers["files"]:
        try:
            checked = check_structure(io.BytesIO(bytes.fromhex(file["sealed"])))
            if checked.digest.hex() != sealed.get(file["party"]):
                raise Gate("list")
            check_context(checked.prefix.header, tender=draw, lot=file["party"], part="draw", supplier=NOBODY, version=1,
                          key=transcript.public_key.hex())
        except Fault as fault:
            raise Gate({"wrong_context": "context", "point_bad": "point"}.get(fault.code, "proof")) from None
        envelopes[checked.digest] = checked.prefix
    try:
        check_distinct(prefix.point for prefix in envelopes.values())
    except Fault:
        raise Gate("distinct") from None
    return envelopes
