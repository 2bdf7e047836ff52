"""What an evaluation pays. The province sets the standard (87号令 第四十五条(九)); the figures here are the house's own default."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Standard:
    """base covers the first `base_minutes`; after that each begun hour adds `hour`. Money in the smallest unit."""

    base: int
    base_minutes: int
    hour: int


HOUSE = Standard(base=50_000, base_minutes=240, hour=10_000)


def amount(minutes: int, standard: Standard = HOUSE) -> int:
    """ValueError for a negative time."""
    if minutes < 0:
        raise ValueError("a stay cannot be negative")
    return standard.base + -(-max(0, minutes - standard.base_minutes) // 60) * standard.hour
