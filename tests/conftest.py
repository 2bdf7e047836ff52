"""A founded rehearsal centre for tests, on SQLite; DB=postgresql runs it on a private PostgreSQL server."""
import gc
import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import PrivateServer, databases

os.environ.setdefault("MINGBIAO_ARGON_TIME", "1")
os.environ.setdefault("MINGBIAO_ARGON_MEMORY_KIB", "8")

logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for every request of every test client

settings.register_profile("house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of ours
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivateServer]:
    """In a folder of its own: another test run takes away the rights of pytest's folders, and with them the server's."""
    folder = Path(tempfile.mkdtemp(prefix="mingbiao-pg-"))
    server = PrivateServer.start(folder)
    if server is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed: the database half of the suite cannot run")
        pytest.skip("PostgreSQL is not installed: install the package `postgresql` to run this half of the suite")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--gib", action="store_true", help="also what handles files of 1 GiB: minutes, and 5 GiB of disk under TMPDIR")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The PostgreSQL half of the suite runs what touches the database and nothing twice: DATABASE_ONLY leaves the rest out."""
    wanted = [item for item in items if (config.getoption("--gib") or not item.get_closest_marker("gib")) and not spared(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(wanted)])
    items[:] = sorted(wanted, key=lambda item: item.get_closest_marker("slow") is None)  # the long ones first: none is left for a lonely worker at the end


def spared(item: pytest.Item) -> bool:
    """Is it a second reading, on PostgreSQL, of what SQLite showed?"""
    if os.environ.get("DB") != "postgresql":
        return False
    touching = {"centre", "database_url", "postgres"} & set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("sqlite") is not None or (bool(os.environ.get("DATABASE_ONLY")) and not touching)


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(params=databases())
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """"" for SQLite, or the address of a database of the test's own, which `found_test_centre` makes."""
    if request.param == "sqlite":
        yield ""
        return
    server, name = request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex[:12]}"
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def centre(tmp_path: Path, database_url: str):  # type: ignore[no-untyped-def]
    from tests.world import found_test_centre

    made = found_test_centre(tmp_path / "home", database_url)
    yield made
    made.close()
