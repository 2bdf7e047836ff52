"""What trading answers to the kernel."""
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import asks
from kernel.facts import answers
from trading.bids.records import Bid
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.subjects.records import Membership, Subject

TAKEN_BACK = ("replaced", "withdrawn")


@answers(asks.stage_of)
def stage_of(session: Session, on: str, now: int) -> tuple[str, str, str | None] | None:
    project = session.get(Project, on)
    return None if project is None else (project.field, stage_at(project, now), project.stopped_at)


@answers(asks.withheld)
def withheld(session: Session, on: str) -> frozenset[str]:
    return frozenset(session.scalars(select(Bid.entry).where(Bid.project == on, Bid.state.in_(TAKEN_BACK))))


@answers(asks.organisation_of)
def organisation_of(session: Session, person: str) -> str | None:
    return session.scalar(select(Membership.org).where(Membership.person == person, Membership.until.is_(None)))


@answers(asks.organisation_name)
def organisation_name(session: Session, org: str) -> str:
    subject = session.get(Subject, org)
    return subject.name if subject else ""
