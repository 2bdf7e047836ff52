"""What the kernel must know of the rooms above it. Answered in trading/answers.py."""
from sqlalchemy.orm import Session

from kernel.facts import ask


@ask
def stage_of(session: Session, on: str, now: int) -> tuple[str, str, str | None] | None:
    """(field, stage at the moment, stopped_at) of the tender with this id; None for anything else."""


@ask
def withheld(session: Session, on: str) -> frozenset[str]:
    """Keys of entries of the tender `on` that stay closed whatever its stage: those of bids taken back."""


@ask
def organisation_of(session: Session, person: str) -> str | None:
    """The organisation for which a person acts, when it is one that may act now."""


@ask
def organisation_name(session: Session, org: str) -> str:
    """The registered name of an organisation."""
