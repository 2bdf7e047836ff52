"""Imports every room of the house, so that acts, reactions, timers and answers are registered; checks the house.

`check_house` is called where a process starts: an unbound question or a flaw in a table stops it.
"""
import importlib
from pathlib import Path

from kernel.facts import unbound

NOT_ACTS = {"records", "moves", "reads", "__init__"}


def modules() -> list[str]:
    """Every module of the rooms, in the order of the layers: acts, reactions, timers and answers register on import."""
    root = Path(__file__).resolve().parents[1]
    found = []
    for top in ("kernel", "trading", "experts", "rooms", "evaluation"):
        for file in sorted((root / top).rglob("*.py")):
            if file.stem not in NOT_ACTS and "rules" not in file.relative_to(root).parts:
                found.append(".".join(file.relative_to(root).with_suffix("").parts))
    return found


for name in modules():
    importlib.import_module(name)


def check_house() -> None:
    """Raises SystemExit with what is wrong: questions without answers, tables with dead ends."""
    from trading.procedures import flaws
    from trading.subjects.procedure import PROCEDURE as SUBJECT

    wrong = [f"unanswered: {name}" for name in unbound()] + flaws() + SUBJECT.flaws()
    if wrong:
        raise SystemExit("\n".join(wrong))
