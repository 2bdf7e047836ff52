"""Specialty codes of experts: a letter and up to three pairs of digits (发改法规〔2018〕316号).

A seat's category is such a code, whole or cut: A08 asks for anybody in A08…, A080101 for this one specialty.
"""
import re
from collections.abc import Iterable, Mapping

FORM = re.compile(r"[ABC](?:\d{2}){1,3}")
WHOLE = re.compile(r"[A-C](?:\d{2}){3}")
LETTER = {"goods": "B", "services": "C"}


def is_category(code: str) -> bool:
    return bool(FORM.fullmatch(code))


def is_specialty(code: str) -> bool:
    return bool(WHOLE.fullmatch(code))


def serves(specialties: Iterable[str], category: str, wider: Iterable[str] = ()) -> bool:
    """Does one of the specialties lie within the category or within one that serves as well?"""
    return any(code.startswith(prefix) for code in specialties for prefix in (category, *wider))


def cats(specialties: Iterable[str], quota: Iterable[str], wider: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The categories of a draw that an expert serves. Nothing else of his specialties enters the pool: it would point at him."""
    own = tuple(specialties)
    return tuple(category for category in quota if serves(own, category, wider.get(category, ())))


def fit_lot(categories: Iterable[str], kind: str) -> bool:
    """At least one category is of the tender's own branch (A works and everything not named, B goods, C services), all are well formed."""
    codes = tuple(categories)
    return all(is_category(code) for code in codes) and any(code[0] == LETTER.get(kind, "A") for code in codes)
