"""What log-in must know of the evaluation area, which stands to the right of the kernel."""

from sqlalchemy.orm import Session

from kernel.facts import ask


@ask
def area_window(session: Session, person: str, now: int) -> bool:
    """Does this person hold a window of the evaluation area that runs at `now`?"""
