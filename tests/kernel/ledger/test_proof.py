"""tlog-proof files of a real log; the form is that of C2SP tlog-proof's example."""
import pytest

from kernel.ledger import note
from kernel.ledger.proof import BadProof, Proof, check

OLD, SIZE = 300, 700


def test_form_of_the_file(honest_log) -> None:
    data = honest_log.proof(299, OLD, honest_log.witness)
    head, _, checkpoint = data.partition(b"\n\n")
    lines = head.decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 299"]
    assert [len(note.unline(text)) for text in lines[2:]] == [32] * 5
    assert checkpoint == honest_log.checkpoint(OLD, honest_log.witness)


@pytest.mark.parametrize("size", [1, 200, 256, OLD, 513, SIZE])
def test_every_entry_proves_itself_and_no_other(honest_log, size: int) -> None:
    for index in {0, size // 2, size - 1}:
        proof = Proof.parse(honest_log.proof(index, size, honest_log.witness))
        signed = check(proof, honest_log.entries[index], honest_log.signer.verifier, [honest_log.witness.verifier], quorum=1)
        assert (signed.checkpoint.size, list(signed.cosigned.values())) == (size, [1_800_000_000])
        with pytest.raises(BadProof, match="path"):
            check(proof, honest_log.entries[(index + 1) % SIZE], honest_log.signer.verifier)


def test_extra_round_trips() -> None:
    for extra in (None, b"", b"context"):
        proof = Proof(0, (), b"o\n1\n", extra)
        assert Proof.parse(proof.encode()) == proof


def test_neighbour_index_and_shorter_path_are_refused(honest_log) -> None:
    good = Proof.parse(honest_log.proof(254, SIZE))
    key, entry = honest_log.signer.verifier, honest_log.entries[254]
    assert check(good, entry, key).checkpoint.size == SIZE
    for bad in (
        Proof(255, good.path, good.checkpoint),
        Proof(SIZE, good.path, good.checkpoint),
        Proof(254, good.path[:-1], good.checkpoint),
        Proof(254, (*good.path, bytes(32)), good.checkpoint),
        Proof(254, good.path[::-1], good.checkpoint),
    ):
        with pytest.raises(BadProof, match="path"):
            check(bad, entry, key)


def test_quorum_counts_known_witnesses_only(honest_log) -> None:
    stranger = note.Signer("stranger.example/w", note.WITNESS, bytes(32))
    proof = Proof.parse(honest_log.proof(5, OLD, stranger))
    key, entry = honest_log.signer.verifier, honest_log.entries[5]
    assert check(proof, entry, key, [stranger.verifier], quorum=1)
    with pytest.raises(BadProof, match="too few"):
        check(proof, entry, key, [honest_log.witness.verifier], quorum=1)


def test_a_receipt_fails_on_a_rewritten_log(honest_log, rewritten_log) -> None:
    """The leaf that was replaced: its old path does not lead to the new root, signed as it may be."""
    old = Proof.parse(honest_log.proof(100, SIZE))
    key = honest_log.signer.verifier
    assert check(old, honest_log.entries[100], key)
    with pytest.raises(BadProof, match="path"):
        check(Proof(100, old.path, rewritten_log.checkpoint(SIZE)), honest_log.entries[100], key)


HASH = note.line(bytes(32)).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\n",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\no\n",
        b"c2sp.org/tlog-proof@v1\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 00\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex -1\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + HASH + b"\r\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + HASH[:-1] + b"\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + (HASH + b"\n") * 64 + b"\no\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n\xff\n\no\n",
    ],
)
def test_refuses_unreadable_files(data: bytes) -> None:
    with pytest.raises(BadProof):
        Proof.parse(data)


def test_a_changed_checkpoint_is_refused(honest_log) -> None:
    good = Proof.parse(honest_log.proof(0, OLD))
    with pytest.raises(BadProof, match="signature"):
        check(Proof(0, good.path, good.checkpoint.replace(b"\n300\n", b"\n301\n")), honest_log.entries[0], honest_log.signer.verifier)
