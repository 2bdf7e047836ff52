"""A centre that is no rehearsal, and a telephone's clock that stands still, so that no code grows old in a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.centre import Centre
from kernel.clock import system_ms
from kernel.identity import reactions, totp  # noqa: F401  registers what follows an act
from tests.world import found_test_centre


@pytest.fixture(autouse=True)
def still_telephone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = system_ms()
    monkeypatch.setattr(totp, "system_ms", lambda: now)


@pytest.fixture
def real(tmp_path: Path, database_url: str) -> Iterator[Centre]:
    made = found_test_centre(tmp_path / "home", database_url, rehearsal=False)
    yield made
    made.close()
