"""The drawn procedures in docs/stages are those of the tables, and complete."""
from pathlib import Path

import pytest

from cli import stages

FOLDER = Path(__file__).resolve().parents[2] / stages.FOLDER


@pytest.mark.parametrize("name", stages.TITLES)
def test_a_committed_page_is_what_the_table_says(name: str) -> None:
    assert (FOLDER / f"{name}.md").read_text(encoding="utf-8") == stages.diagram(name), "run `mingbiao stages`"


def test_the_folder_holds_no_other_page() -> None:
    assert {page.stem for page in FOLDER.glob("*.md")} == set(stages.TITLES)


@pytest.mark.parametrize("name", stages.TITLES)
def test_every_change_of_stage_is_drawn(name: str) -> None:
    drawn = stages.diagram(name).split("```")[1]
    for move in stages.table(name).moves:
        if stages.changes(move):
            assert f"--> {move.target} : {stages.label(move)}\n" in drawn


def test_the_command_writes_the_pages_again(tmp_path: Path) -> None:
    from cli.main import main

    assert main(["stages", str(tmp_path)]) == 0
    assert {page.name: page.read_text() for page in tmp_path.iterdir()} == {page.name: page.read_text() for page in FOLDER.glob("*.md")}
