"""Facts about the area that other acts ask: who is inside, whose phone lies in a locker."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.area.records import Badge, Recording, Slip


def inside(session: Session, project: str) -> set[str]:
    """Persons whose badge of this tender is inside now."""
    return set(session.scalars(select(Badge.person).where(Badge.project == project, Badge.state == "inside", Badge.person != "")))


def phone_stored(session: Session, project: str, person: str) -> bool:
    """Does a phone of this person lie in a locker on this tender's badge?"""
    return session.scalar(select(Slip.id).join(Badge, Badge.id == Slip.badge).where(
        Badge.project == project, Badge.person == person, Slip.returned.is_(None))) is not None


def recording(session: Session, project: str, place: str) -> Recording | None:
    return session.scalar(select(Recording).where(Recording.project == project, Recording.place == place))


def badge_slip(session: Session, badge: str) -> Slip | None:
    """The slip of a badge whose phone still lies in its locker."""
    return session.scalar(select(Slip).where(Slip.badge == badge, Slip.returned.is_(None)))
