"""What the experts' room must know of evaluation, which stands to its right. Answers only read."""
from sqlalchemy.orm import Session

from kernel.facts import ask


@ask
def session_booked(session: Session, project: str) -> int | None:
    """The moment (ms) at which the tender's evaluation session is booked to begin; None where none is booked."""


@ask
def door_minutes(session: Session, project: str, person: str) -> int | None:
    """Minutes the member spent in the evaluation area, from the doors; None while they are not known."""


@ask
def fee_forfeited(session: Session, project: str, person: str) -> bool:
    """Did the member do what voids an opinion and forfeits the fee (87号令 第六十二条)?"""
