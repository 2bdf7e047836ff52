"""Files by digest, in a folder and where the store is elsewhere: in blocks, broken off, and in pieces that read as one."""
import io
import os
from pathlib import Path

import pytest

from kernel.blobs import Blobs
from kernel.settings import Settings

LARGE = 6 << 20  # bytes that no store takes in one part


@pytest.fixture(params=["", "memory:///"], ids=["folder", "elsewhere"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs(Settings(home=tmp_path, blob_url=request.param), durable=True)


def test_blocks_become_one_file_however_many_they_are(blobs: Blobs) -> None:
    intake = blobs.intake()
    blocks = [bytes([n % 251]) * 3 for n in range(1500)]
    intake.add(blocks)
    intake.add([b"", b"end"])
    assert blobs.get(intake.done()) == b"".join(blocks) + b"end"


def test_a_system_that_takes_less_than_it_is_given_is_given_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "writev", lambda file, blocks: os.write(file, b"".join(blocks)[:5]))
    intake = Blobs(Settings(home=tmp_path)).intake()
    intake.add([b"one", b"two", b"three"])
    assert Blobs(Settings(home=tmp_path)).get(intake.done()) == b"onetwothree"


def test_what_breaks_off_is_no_file_and_what_came_before_stays(blobs: Blobs) -> None:
    kept = blobs.keep(b"kept")
    broken = blobs.intake()
    broken.add([b"x" * LARGE])
    broken.undo()
    assert blobs.get(kept) == b"kept"
    with pytest.raises(FileNotFoundError):
        blobs.get(broken.key)


def test_pieces_read_as_one_and_go_together(blobs: Blobs) -> None:
    one, two = blobs.keep(b"first "), blobs.keep(io.BytesIO(b"second"))
    both = f"{one} {two}"
    assert blobs.get(both) == b"first second"
    blobs.delete(both)
    for key in (one, two):
        with pytest.raises(FileNotFoundError):
            blobs.get(key)
