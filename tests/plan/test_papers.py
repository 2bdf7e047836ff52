"""The papers say what is there: acts by their tags, commands with their options, decisions short and in order."""
import argparse
import importlib
import importlib.util
import re
from pathlib import Path

import pytest

import cli.rooms  # noqa: F401  registers every act
from cli.main import MODULES
from kernel.command import OPENS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TAG = re.compile(r"`((?:kernel|trading|experts|rooms|evaluation)(?:\.[a-z_]+){1,3})`")
BUILT = {name: module for name, module in MODULES.items() if importlib.util.find_spec(module) and hasattr(importlib.import_module(module), "add_parsers")}


def tags(text: str) -> set[str]:
    return set(TAG.findall(text))


def test_what_is_missing_is_missing() -> None:
    found = tags((DOCS / "missing.md").read_text(encoding="utf-8"))
    assert len(found) > 50
    assert found & set(OPENS) == {"experts.enlist"}


@pytest.mark.parametrize("page", ["README.md", *(str(p.relative_to(ROOT)) for folder in ("formats", "guides") for p in (DOCS / folder).glob("*.md"))])
def test_an_act_that_a_page_names_exists(page: str) -> None:
    named = tags((ROOT / page).read_text(encoding="utf-8"))
    assert {tag for tag in named if tag not in OPENS and tag != "kernel.ledger.roll_over"} == set()


def parser_of(name: str) -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser()
    sub = whole.add_subparsers()
    importlib.import_module(BUILT[name]).add_parsers(sub)
    return sub.choices[name]  # type: ignore[no-any-return]


def words(parser: argparse.ArgumentParser) -> set[str]:
    """Every option and every inner command, at any depth."""
    found: set[str] = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found |= {name} | words(inner)
        elif not isinstance(action, argparse._HelpAction):
            found |= set(action.option_strings)
    return found


@pytest.mark.parametrize("name", sorted(BUILT))
def test_a_command_is_described_with_all_its_options(name: str) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = next(part for part in text.split("\n## ")[1:] if name in part.split("\n")[0].split(", "))
    assert {word for word in words(parser_of(name)) if word not in section} == set()


def test_no_command_is_described_that_is_not_there() -> None:
    heads = re.findall(r"^## (.+)$", (DOCS / "commands.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for head in heads for name in head.split(", ")} == set(BUILT)


def test_decisions_are_short_numbered_and_quotable() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 40 and lines[0].startswith(f"# {page.name[:4]} "), page.name
        decision = " ".join(line[2:] for line in lines if line.startswith("> "))
        assert decision.endswith(".") and decision[:-1].count(". ") == 0, page.name
        for part in ("**Context.**", "**Consequences.**", "**Alternatives.**"):
            assert any(line.startswith(part) for line in lines), page.name


def test_every_file_that_a_decision_names_exists() -> None:
    for page in (DOCS / "decisions").glob("*.md"):
        for path in re.findall(r"`([a-z_]+/[a-z_/]+\.(?:py|csv|md))", page.read_text(encoding="utf-8")):
            assert (ROOT / path).exists(), f"{page.name}: {path}"
