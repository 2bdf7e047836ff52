"""`mingbiao ledger nightly`: says that rows and ledger agree, or names what does not."""
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.main import main
from kernel.ticker import settle
from tests.world import found_test_centre


def test_it_names_what_was_changed_and_says_so_by_its_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MINGBIAO_HOME", str(tmp_path / "nobody"))
    assert main(["ledger", "nightly"]) == 2  # nobody has founded a centre
    monkeypatch.setenv("MINGBIAO_HOME", str(tmp_path / "home"))
    centre = found_test_centre(tmp_path / "home")
    settle(centre)
    assert main(["ledger", "nightly"]) == 0
    assert "rows and ledger agree" in capsys.readouterr().out
    with centre.database.writer.begin() as connection:
        connection.execute(text("update role_grant set role = 'registrar' where role = 'auditor'"))
    assert main(["ledger", "nightly"]) == 1
    said = capsys.readouterr()
    assert "row changed role_grant" in said.err and "1 处不符" in said.out
    centre.close()
