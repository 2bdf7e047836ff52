"""The sentences of the guards: what a page says when a condition is not met, in both languages.

guards.csv holds name, zh, en; `{field}` and the like are filled by whoever refuses.
"""
import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType


@cache
def texts() -> Mapping[str, tuple[str, str]]:
    """All guards by name. ValueError: a name stands twice or a sentence is missing."""
    found: dict[str, tuple[str, str]] = {}
    with (Path(__file__).parent / "guards.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["name"] in found or not row["zh"] or not row["en"]:
                raise ValueError(f"guards.csv: {row['name']}")
            found[row["name"]] = (row["zh"], row["en"])
    return MappingProxyType(found)


def text(name: str) -> tuple[str, str]:
    """(Chinese, English) of a guard. KeyError: no such guard."""
    return texts()[name]
