"""The witness's answers by C2SP tlog-witness, and that nothing makes it sign two histories."""
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kernel.canonical import parse
from kernel.ledger import note
from kernel.ledger.witness import Request, Witness, found
from kernel.tree import EMPTY

NOW = 1_800_000_123_456


@pytest.fixture
def home(tmp_path: Path, honest_log) -> Path:
    found(tmp_path / "witness", honest_log.witness)
    return tmp_path / "witness"


@pytest.fixture
def witness(home: Path, honest_log) -> Witness:
    return Witness(home, [honest_log.signer.verifier], lambda: NOW)


def ask(log, old: int, new: int) -> bytes:
    return Request(old, tuple(log.consistency(old, new)), log.checkpoint(new)).encode()


def test_request_bytes(honest_log) -> None:
    proof = honest_log.consistency(300, 513)
    expected = "old 300\n" + "".join(f"{note.line(h)}\n" for h in proof) + "\n" + honest_log.checkpoint(513).decode()
    assert ask(honest_log, 300, 513) == expected.encode()
    assert Request.parse(expected.encode()) == Request(300, tuple(proof), honest_log.checkpoint(513))
    assert Request(0, (), b"x\n").encode() == b"old 0\n\nx\n"


def test_follows_a_growing_log(witness: Witness, honest_log) -> None:
    old = 0
    for new in (1, 200, 256, 300, 513, 700):
        status, lines = witness.add_checkpoint(ask(honest_log, old, new))
        assert status == 200
        signed = note.open_checkpoint(
            note.add(honest_log.checkpoint(new), lines, [witness.verifier]), honest_log.signer.verifier, [witness.verifier]
        )
        assert signed.cosigned == {witness.verifier: 1_800_000_123}
        assert witness.seen(honest_log.signer.name) == (new, honest_log.roots[new])
        old = new


def test_same_checkpoint_is_signed_again(witness: Witness, honest_log) -> None:
    assert witness.add_checkpoint(ask(honest_log, 0, 300))[0] == 200
    assert witness.add_checkpoint(ask(honest_log, 300, 300))[0] == 200


def test_wrong_old_size_is_answered_with_the_right_one(witness: Witness, honest_log) -> None:
    assert witness.add_checkpoint(ask(honest_log, 200, 300)) == (409, b"0\n")
    assert witness.add_checkpoint(ask(honest_log, 0, 300))[0] == 200
    assert witness.add_checkpoint(ask(honest_log, 0, 700)) == (409, b"300\n")
    assert witness.add_checkpoint(ask(honest_log, 300, 700))[0] == 200


def test_never_goes_back(witness: Witness, honest_log) -> None:
    assert witness.add_checkpoint(ask(honest_log, 0, 300))[0] == 200
    assert witness.add_checkpoint(ask(honest_log, 200, 200)) == (409, b"300\n")
    assert witness.add_checkpoint(Request(300, (), honest_log.checkpoint(200)).encode())[0] == 400
    assert witness.seen(honest_log.signer.name)[0] == 300


def test_forks_are_refused(witness: Witness, honest_log, rewritten_log) -> None:
    """The rewritten log is signed by the same key; only the tree differs."""
    name = honest_log.signer.name
    assert witness.add_checkpoint(ask(honest_log, 0, 300))[0] == 200
    assert witness.add_checkpoint(ask(rewritten_log, 300, 300)) == (409, b"300\n")
    assert witness.add_checkpoint(ask(rewritten_log, 300, 513))[0] == 422
    smuggled = Request(300, tuple(honest_log.consistency(300, 513)), rewritten_log.checkpoint(513))
    assert witness.add_checkpoint(smuggled.encode())[0] == 422
    assert witness.seen(name) == (300, honest_log.roots[300])
    assert witness.add_checkpoint(ask(honest_log, 300, 513))[0] == 200


def test_proof_must_be_empty_from_nothing_and_to_itself(witness: Witness, honest_log) -> None:
    proof = tuple(honest_log.consistency(300, 513))
    assert witness.add_checkpoint(Request(0, proof, honest_log.checkpoint(300)).encode())[0] == 422
    assert witness.add_checkpoint(Request(0, (), honest_log.checkpoint(300)).encode())[0] == 200
    assert witness.add_checkpoint(Request(300, proof, honest_log.checkpoint(300)).encode())[0] == 422
    assert witness.add_checkpoint(Request(300, proof[1:], honest_log.checkpoint(513)).encode())[0] == 422


def test_empty_log_has_the_empty_root(witness: Witness, honest_log) -> None:
    def head(root: bytes) -> bytes:
        return note.sign(note.Checkpoint(honest_log.signer.name, 0, root).text(), honest_log.signer)

    assert witness.add_checkpoint(Request(0, (), head(EMPTY)).encode())[0] == 200
    assert witness.add_checkpoint(Request(0, (), head(bytes(32))).encode()) == (409, b"0\n")


def test_unknown_origin_and_unknown_key(witness: Witness, honest_log) -> None:
    text = note.Checkpoint("elsewhere.example/2027", 300, honest_log.roots[300]).text()
    other = note.Signer("elsewhere.example/2027", note.LOG, bytes(32))
    assert witness.add_checkpoint(Request(0, (), note.sign(text, other)).encode())[0] == 404
    same_name = note.Signer(honest_log.signer.name, note.LOG, bytes(32))
    text = note.Checkpoint(same_name.name, 300, honest_log.roots[300]).text()
    assert witness.add_checkpoint(Request(0, (), note.sign(text, same_name)).encode())[0] == 403
    forged = honest_log.checkpoint(300).replace(b"\n300\n", b"\n301\n")
    assert witness.add_checkpoint(Request(0, (), forged).encode())[0] == 403
    assert witness.add_checkpoint(Request(0, (), note.sign(text, same_name, honest_log.signer)).encode())[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda body: b"",
        lambda body: body.replace(b"old 0", b"old 00"),
        lambda body: body.replace(b"old 0", b"old -1"),
        lambda body: body.replace(b"old 0", b"new 0"),
        lambda body: body.replace(b"old 0\n", b"old 0\nAAAA\n"),
        lambda body: body.replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n" + (b"A" * 43 + b"=\n") * 63),
        lambda body: body.replace(b"old 0\n\n", b"old 0\n"),
        lambda body: body[:-1],
        lambda body: body.replace(b"old 0\n", b"\xff\n"),
        lambda body: body + b"a" * 300_000,
    ],
)
def test_malformed_requests(witness: Witness, honest_log, change) -> None:
    body = ask(honest_log, 0, 300)
    assert change(body) != body
    assert witness.add_checkpoint(change(body))[0] == 400
    assert witness.add_checkpoint(body)[0] == 200


def test_a_signed_text_that_is_no_checkpoint_is_malformed(witness: Witness, honest_log) -> None:
    text = f"{honest_log.signer.name}\n300\nrubbish\n"
    assert witness.add_checkpoint(Request(0, (), note.sign(text, honest_log.signer)).encode())[0] == 400


def test_remembers_over_a_restart_and_keeps_several_logs(home: Path, honest_log, grow) -> None:
    second = note.Signer("中心.example/2028", note.LOG, bytes(32))
    other = grow([b"x"] * 10, [10], signer=second)
    keys = [honest_log.signer.verifier, second.verifier]
    assert Witness(home, keys, lambda: NOW).add_checkpoint(ask(honest_log, 0, 300))[0] == 200
    assert Witness(home, keys, lambda: NOW).add_checkpoint(ask(other, 0, 10))[0] == 200
    again = Witness(home, keys, lambda: NOW)
    assert again.seen(honest_log.signer.name) == (300, honest_log.roots[300])
    assert again.seen(second.name) == (10, other.roots[10])


def test_lost_state_is_not_an_empty_state(home: Path, honest_log) -> None:
    (home / "state").unlink()
    with pytest.raises(FileNotFoundError):
        Witness(home, [honest_log.signer.verifier], lambda: NOW)


def test_founding_twice_changes_nothing(home: Path, honest_log) -> None:
    before = {file.name: file.read_bytes() for file in home.iterdir()}
    with pytest.raises(FileExistsError):
        found(home, note.Signer("another.example", note.WITNESS, bytes(32)))
    assert {file.name: file.read_bytes() for file in home.iterdir()} == before
    assert (home / "key").stat().st_mode & 0o777 == 0o600


def test_no_signature_leaves_when_the_disk_refuses(home: Path, honest_log, monkeypatch: pytest.MonkeyPatch) -> None:
    witness = Witness(home, [honest_log.signer.verifier], lambda: NOW)
    assert witness.add_checkpoint(ask(honest_log, 0, 300))[0] == 200
    before = (home / "state").read_bytes()
    for broken in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, broken, full_disk)
            with pytest.raises(OSError, match="disk"):
                witness.add_checkpoint(ask(honest_log, 300, 513))
        assert (home / "state").read_bytes() == before
    assert witness.add_checkpoint(ask(honest_log, 300, 700))[0] == 200


def full_disk(*_: object) -> None:
    raise OSError("disk full")


def test_of_two_rivals_at_once_one_is_signed(home: Path, honest_log, rewritten_log) -> None:
    """Two programs on one home, two branches, each asked from the same old size."""
    keys = [honest_log.signer.verifier]
    Witness(home, keys, lambda: NOW).add_checkpoint(ask(honest_log, 0, 1))
    rivals = [(Witness(home, keys, lambda: NOW), ask(log, 1, 300)) for log in (honest_log, rewritten_log) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda pair: pair[0].add_checkpoint(pair[1]), rivals))
    signed = {i // 8 for i, (status, _) in enumerate(answers) if status == 200}
    assert len(signed) == 1
    assert {status for status, _ in answers} == {200, 409}


WALKER = """
import sys
from pathlib import Path
from kernel.ledger import note
from kernel.ledger.witness import Request, Witness
from kernel.tree import consistency, leaf_hash, root
log = note.Signer("centre.example/rehearsal/2027", note.LOG, bytes(range(32)))
witness = Witness(Path(sys.argv[1]), [log.verifier], lambda: 0)
leaves = [leaf_hash(b"%d" % i) for i in range(20000)]
old, _ = witness.seen(log.name)
for new in range(old + 1, 20000):
    proof = consistency(old, new, lambda lo, hi: root(leaves[lo:hi])) if old else []
    head = note.sign(note.Checkpoint(log.name, new, root(leaves[:new])).text(), log)
    status, _ = witness.add_checkpoint(Request(old, tuple(proof), head).encode())
    print(status, new, root(leaves[:new]).hex(), flush=True)
    old = new
"""


def test_killed_at_any_moment_it_stands_where_it_said(home: Path) -> None:
    """SIGKILL in the middle of work, three times over: the state is readable and no older than the last answer."""
    for lines in (20, 7, 33):
        child = subprocess.Popen([sys.executable, "-c", WALKER, str(home)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
        assert child.stdout is not None
        answers = [child.stdout.readline().split() for _ in range(lines)]
        child.send_signal(signal.SIGKILL)
        answers += [words for words in map(str.split, child.stdout.readlines()) if len(words) == 3 and len(words[2]) == 64]
        child.wait()
        child.stdout.close()
        assert {status for status, _, _ in answers} == {"200"}
        (_, size, root), = parse((home / "state").read_bytes())
        last = int(answers[-1][1])
        assert size in (last, last + 1)
        assert size > last or root == answers[-1][2]
