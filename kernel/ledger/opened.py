"""An opened leaf: {payload, salt, proof}. The ledger's leaf follows from the first two, the .tlog-proof leads from the leaf to a checkpoint."""
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kernel.canonical import parse
from kernel.ledger.entries import Checkpoint, Entry
from kernel.ledger.leaf import leaf
from kernel.ledger.note import Signed, Verifier
from kernel.ledger.proof import Proof, check
from kernel.ledger.sequencer import proof_of

if TYPE_CHECKING:
    from kernel.centre import Centre


def leaf_under(centre: "Centre", entry: Entry, under: Checkpoint) -> dict[str, str]:
    """A leaf with what opens it and its place under one checkpoint."""
    assert entry.salt is not None and entry.position is not None
    return {"payload": entry.payload, "salt": entry.salt.hex(), "proof": proof_of(centre, entry.position, under).decode()}


def opened_leaf(given: Mapping[str, Any], log: Verifier, witnesses: Sequence[Verifier], quorum: int) -> tuple[dict[str, Any], bytes, int, Signed]:
    """(payload, leaf, index, checkpoint). BadProof or ValueError where it does not hold under the log's key and `quorum` of the witnesses'."""
    payload = parse(given["payload"].encode())
    data = leaf(bytes.fromhex(given["salt"]), payload)
    proof = Proof.parse(given["proof"].encode())
    return payload, data, proof.index, check(proof, data, log, witnesses, quorum)
