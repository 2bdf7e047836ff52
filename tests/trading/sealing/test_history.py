"""A custodian's program follows one log: growth is proved, a log cut back or forked is none of it, and a restart forgets nothing."""
from pathlib import Path

import pytest

from kernel.ledger.note import Checkpoint
from kernel.ledger.tiles import append
from trading.sealing.gates import Gate
from trading.sealing.history import History

SIZES = (1, 255, 256, 300, 513, 66_000)  # up to three levels of tiles
NAME = "centre.example/2026"


class Log:
    """Tiles of a log that grows to the sizes given; from `fork` on its leaves are others."""

    def __init__(self, *sizes: int, fork: int = 1 << 62) -> None:
        self.files: dict[str, bytes] = {}
        self.heads: dict[int, Checkpoint] = {}
        size = 0
        for new in sizes:
            leaves = [n.to_bytes(4, "big") + (b"!" if n >= fork else b"") for n in range(size, new)]
            _, root = append(self, size, leaves)
            self.heads[new], size = Checkpoint(NAME, new, root), new

    def get(self, path: str) -> bytes | None:
        return self.files.get(path)

    def put(self, path: str, data: bytes) -> None:
        self.files[path] = data


TRUE = Log(*SIZES)


def judged(file: Path, log: Log, *heads: Checkpoint) -> str:
    """Each head by a program started anew."""
    try:
        for head in heads:
            History(file, log.get).follow(head)
    except Gate as gate:
        return gate.code
    return ""


@pytest.mark.parametrize("old", SIZES)
def test_what_grows_is_followed_and_what_came_before_is_part_of_it(tmp_path: Path, old: int) -> None:
    for n, new in enumerate(SIZES):
        file = tmp_path / str(n)
        assert judged(file, TRUE, TRUE.heads[old], TRUE.heads[new], TRUE.heads[old]) == ""
        assert file.read_text().splitlines()[-1] == f"{NAME} {max(old, new)} {TRUE.heads[max(old, new)].root.hex()}"


@pytest.mark.parametrize("at", [0, 254, 299, 512])
def test_a_fork_is_refused_and_not_remembered(tmp_path: Path, at: int) -> None:
    """The other log shares the first `at` leaves; what was seen of the true one has more of them."""
    other = Log(*(size for size in SIZES if size >= at), fork=at)
    for n, seen in enumerate(size for size in SIZES if size > at):
        for new in other.heads:
            file = tmp_path / f"{n}-{new}"
            assert judged(file, TRUE, TRUE.heads[seen]) == ""
            assert (judged(file, other, other.heads[new]), file.read_text().count("\n")) == ("history", 1)


def test_a_log_cut_back_cannot_show_what_was_seen(tmp_path: Path) -> None:
    """A true beginning is still a beginning; but its log has to have the rest."""
    short = Log(1, 255, 256, 300)
    assert judged(tmp_path / "heads", TRUE, TRUE.heads[513]) == ""
    assert short.heads[300] == TRUE.heads[300]
    assert judged(tmp_path / "heads", short, short.heads[300]) == "history"
    assert judged(tmp_path / "heads", TRUE, TRUE.heads[300]) == ""


def test_tiles_that_lie_prove_nothing(tmp_path: Path) -> None:
    lies = Log(*SIZES)
    lies.files = {path: bytes(reversed(data)) for path, data in lies.files.items()}
    assert judged(tmp_path / "heads", lies, TRUE.heads[300], TRUE.heads[513]) == "history"
    lies.files = {path: data * 300 for path, data in TRUE.files.items()}
    assert judged(tmp_path / "heads", lies, TRUE.heads[513]) == "history"


def test_each_log_has_its_own_memory(tmp_path: Path) -> None:
    next_year = Checkpoint("centre.example/2027", 1, bytes(32))
    assert judged(tmp_path / "heads", TRUE, TRUE.heads[513], next_year, TRUE.heads[66_000]) == ""
    assert judged(tmp_path / "heads", TRUE, Checkpoint(NAME, 66_000, bytes(32))) == "history"


def test_a_line_that_a_power_cut_left_unfinished_is_dropped(tmp_path: Path) -> None:
    file = tmp_path / "heads"
    assert judged(file, TRUE, TRUE.heads[256]) == ""
    whole = file.read_text()
    file.write_text(whole + f"{NAME} 300 ab")
    assert judged(file, TRUE, TRUE.heads[300]) == "" and file.read_text().startswith(whole) and file.stat().st_mode & 0o777 == 0o600
