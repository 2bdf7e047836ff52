"""Acts need a founded centre; in the folder above, `centre` is a finished ceremony of the pure rules."""
from pathlib import Path

import pytest

from tests.world import found_test_centre


@pytest.fixture
def centre(tmp_path: Path, database_url: str):  # type: ignore[no-untyped-def]
    made = found_test_centre(tmp_path / "home", database_url)
    yield made
    made.close()
