"""verify/ledger.py accepts an honest export and names the file where a changed one goes wrong."""
import shutil
from pathlib import Path

from kernel.canonical import canon
from kernel.ledger.note import LOG, Signer
from verify.ledger import BACKWARDS, BAD_ROOT, FEW_WITNESSES, FORKED, OTHER_KEY, Problem, check


def test_accepts_honest_export(honest_export: Path) -> None:
    assert check(honest_export) == []


def test_names_the_file_of_each_mutation(mutated: tuple[Path, str]) -> None:
    folder, where = mutated
    assert where in [problem.where for problem in check(folder)]


def test_wants_the_key_the_reader_trusts(honest_export: Path) -> None:
    own = (honest_export / "vkeys").read_text().splitlines()[0]
    other = Signer("centre.example/rehearsal/2027", LOG, bytes(32)).verifier.vkey()
    assert check(honest_export, log_key=own) == []
    assert check(honest_export, log_key=other) == [Problem("vkeys", OTHER_KEY)]


def test_wants_the_quorum_asked_for(honest_export: Path) -> None:
    assert check(honest_export, quorum=1) == []
    assert check(honest_export, quorum=2) == [Problem("checkpoint", FEW_WITNESSES.fill(found=1, needed=2))]


def test_replay_contradicts_a_rewritten_log_that_brings_its_own_consistency(
    honest_export: Path, rewritten_log, tmp_path: Path
) -> None:
    """Entries of the rewritten log under the honest checkpoints."""
    folder = tmp_path / "mixed"
    shutil.copytree(honest_export, folder)
    (folder / "tile/entries/000").write_bytes(rewritten_log.store["tile/entries/000"])
    found = check(folder)
    assert Problem("checkpoint", BAD_ROOT) in found
    assert Problem("checkpoint.old", FORKED) in found


def test_times_may_run_back_by_a_minute_only(tmp_path: Path, log_of_times) -> None:
    assert check(log_of_times([0, 60_000, 0, 60_000])) == []
    assert check(log_of_times([0, 60_001, 0, 60_001])) == [Problem("openings.jsonl", BACKWARDS.fill(index=2))]


def test_second_opening_of_one_index_is_a_problem(honest_export: Path, tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    shutil.copytree(honest_export, folder)
    lines = (folder / "openings.jsonl").read_bytes()
    (folder / "openings.jsonl").write_bytes(lines + lines.splitlines(keepends=True)[0])
    assert [problem.where for problem in check(folder)] == ["openings.jsonl"]


def test_opening_must_be_canonical(honest_export: Path, tmp_path: Path) -> None:
    folder = tmp_path / "spaced"
    shutil.copytree(honest_export, folder)
    lines = (folder / "openings.jsonl").read_bytes()
    assert lines.startswith(canon({"index": 0})[:-1])
    (folder / "openings.jsonl").write_bytes(lines.replace(b'"index":0', b'"index": 0', 1))
    assert [problem.where for problem in check(folder)] == ["openings.jsonl"]
