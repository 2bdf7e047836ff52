"""Server keys on the disk: made once, whole or not at all."""
import os
import threading
from pathlib import Path

import pytest

from kernel.centre import write_secret


def test_whoever_asks_first_all_get_the_same_key(centre) -> None:  # type: ignore[no-untyped-def]
    for n in range(20):
        gate, found = threading.Barrier(8), set()

        def ask(name: str, gate: threading.Barrier = gate, found: set[bytes] = found) -> None:
            gate.wait()
            found.add(centre.secret(name))

        threads = [threading.Thread(target=ask, args=(f"fresh{n}",)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [len(key) for key in found] == [32]


def test_a_key_that_could_not_be_written_does_not_stand_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="space"):
            write_secret(tmp_path / "key", bytes(32))
    assert list(tmp_path.iterdir()) == []
    write_secret(tmp_path / "key", bytes(32))
    assert [file.name for file in tmp_path.iterdir()] == ["key"] and (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_secret(tmp_path / "key", bytes(32))
    assert len(list(tmp_path.iterdir())) == 1
