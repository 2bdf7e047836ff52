"""The .tlog-proof file: an entry's place in the log, checked with the log's key alone and without a network.

Source: C2SP tlog-proof. Pure.
"""
from collections.abc import Iterable
from dataclasses import dataclass

from kernel.ledger.note import BadNote, Signed, Verifier, line, number, open_checkpoint, unline
from kernel.tree import check_inclusion, leaf_hash

MAGIC = "c2sp.org/tlog-proof@v1"
LONGEST_PATH = 63


class BadProof(ValueError):
    """A proof that cannot be read, or that does not lead from the entry to a root signed by the log."""


@dataclass(frozen=True)
class Proof:
    """index of the entry, audit path from the leaf upwards, the checkpoint's bytes as published.

    extra is context for an application and is authenticated by nothing.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        extra = [] if self.extra is None else [f"extra {line(self.extra)}"]
        lines = [MAGIC, *extra, f"index {self.index}", *map(line, self.path)]
        return "".join(f"{text}\n" for text in lines).encode() + b"\n" + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> "Proof":
        head, gap, checkpoint = data.partition(b"\n\n")
        try:
            first, *lines = head.decode().split("\n")
            if first != MAGIC or not gap:
                raise BadProof("not a tlog-proof")
            extra = unline(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
            if not lines or not lines[0].startswith("index ") or len(lines) > LONGEST_PATH + 1:
                raise BadProof("no index, or a path too long")
            return cls(number(lines[0][6:]), tuple(unline(text, 32) for text in lines[1:]), checkpoint, extra)
        except (UnicodeDecodeError, BadNote) as error:
            raise BadProof(str(error)) from error


def check(proof: Proof, entry: bytes, log: Verifier, witnesses: Iterable[Verifier] = (), quorum: int = 0) -> Signed:
    """The signed checkpoint in which `entry` stands at `proof.index`, cosigned by at least quorum of the witnesses.

    BadProof otherwise.
    """
    try:
        signed = open_checkpoint(proof.checkpoint, log, witnesses)
    except BadNote as error:
        raise BadProof(str(error)) from error
    head = signed.checkpoint
    if not check_inclusion(leaf_hash(entry), proof.index, head.size, proof.path, head.root):
        raise BadProof("the path does not lead from the entry to the root")
    if len(signed.cosigned) < quorum:
        raise BadProof("too few witnesses")
    return signed
