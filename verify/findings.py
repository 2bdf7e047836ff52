"""One line of what a check found."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kernel.errors import Text


@dataclass(frozen=True)
class Finding:
    """check: which one · good: did it hold · words: what was found."""

    check: str
    good: bool
    words: Text


Files = Mapping[str, bytes]


def guarded(name: str, one: Callable[[Files], list[Finding]], files: Files) -> list[Finding]:
    """Foreign input: what cannot be read is a finding, never an exception."""
    try:
        return one(files)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as why:
        return [Finding(name.removesuffix(".json"), False, Text(f"{name} 无法读取：{why}", f"{name} cannot be read: {why}"))]
