"""What a server sends to browsers against what its ledger names: the same is good, one changed byte is refused."""
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from cli.main import main
from kernel.centre import Centre
from kernel.ledger.entries import Entry
from kernel.ticker import settle
from tests.worlds.served import served
from web.look import environment, scripts


@pytest.fixture
def address(centre: Centre) -> Iterator[str]:
    scripts.publish_scripts(centre)
    settle(centre)
    with served(centre) as place:
        yield place


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the page's own scripts, to be changed."""
    folder = tmp_path / "look"
    for file in environment.FOLDERS["look"].rglob("*.js"):
        target = folder / file.relative_to(environment.FOLDERS["look"])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    monkeypatch.setitem(environment.FOLDERS, "look", folder)
    return folder


def said(centre: Centre) -> int:
    with centre.reading() as session:
        return session.scalar(select(func.count()).select_from(Entry).where(Entry.tag == "kernel.scripts.publish")) or 0


def key(centre: Centre) -> str:
    return centre.ledger_key.verifier.vkey()


def test_a_server_that_serves_what_it_says_is_good(centre: Centre, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scripts", address, "--log", key(centre)]) == 0
    assert f"{len(scripts.scripts())} scripts" in capsys.readouterr().out


def test_a_script_that_differs_by_a_byte_is_named(centre: Centre, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The ledger knows the sealing worker as it was; the server sends another."""
    worker = own / "sealer.js"
    honest = worker.read_bytes()
    worker.write_bytes(honest + b"\n")
    scripts.publish_scripts(centre)
    settle(centre)
    with served(centre) as address:  # which serves the scripts of the tree: the honest worker is the one that differs now
        assert main(["scripts", address, "--log", key(centre)]) == 1
        assert capsys.readouterr().out.count("\n") == 1
        worker.write_bytes(honest)
        scripts.publish_scripts(centre)
        settle(centre)
        assert main(["scripts", address, "--log", key(centre)]) == 0


def test_another_log_or_no_server_is_refused(centre: Centre, address: str) -> None:
    stranger = replace(centre.ledger_key, seed=os.urandom(32)).verifier.vkey()
    assert main(["scripts", address, "--log", stranger]) == 2
    assert main(["scripts", address, "--log", "x"]) == 2
    assert main(["scripts", "http://127.0.0.1:9", "--log", key(centre)]) == 2


def test_the_ledger_hears_of_a_change_once(centre: Centre, own: Path) -> None:
    for _ in range(2):
        scripts.publish_scripts(centre)
    assert said(centre) == 1
    (own / "clock.js").write_bytes(b"// other\n")
    for _ in range(2):
        scripts.publish_scripts(centre)
    assert said(centre) == 2


def test_before_a_checkpoint_there_is_no_list(centre: Centre) -> None:
    with served(centre) as address:
        assert httpx.get(f"{address}/ledger/scripts").status_code == 404
