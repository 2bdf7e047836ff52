"""Who somebody is to one tender: relations, not global roles (secrecy.md §2).

The result holds every relation and the centre-wide roles; a table of moves picks the one that acts.
"""
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.database import FOUND
from kernel.identity import reads as identity
from law.stages import at_or_after
from trading.asks import committee_roles
from trading.awards.records import Award, Candidate
from trading.bids.records import Bid
from trading.notices.records import Take
from trading.opening.records import Opening
from trading.projects.records import Project, ProjectAssignment
from trading.projects.stage import stage_at
from trading.subjects.records import Subject
from trading.subjects.stage import may_act

REVIEWERS = {1: "reviewer1", 2: "reviewer2"}
CLOSED_TO_REPRESENTATIVE = ("convening", "evaluating", "reported", "publicity", "confirming", "awarded")


def relations(session: Session, actor: Actor, project: Project, now: int) -> set[str]:
    """Every role of the actor towards this tender at a moment; a reading session finds them out once."""
    found = session.info.get(FOUND)
    if found is None:
        return _relations(session, actor, project, now)
    key = ("relations", actor, project.id, now)
    if key not in found:
        found[key] = frozenset(_relations(session, actor, project, now))
    return set(found[key])


def _relations(session: Session, actor: Actor, project: Project, now: int) -> set[str]:
    held = identity.roles(session, actor, now, project.field)
    held -= {"reviewer1", "reviewer2"}
    if actor.kind != "person":
        return held
    drawn = session.scalars(select(ProjectAssignment.slot).where(
        ProjectAssignment.project == project.id, ProjectAssignment.round == project.round, ProjectAssignment.person == actor.id))
    held |= {REVIEWERS[slot] for slot in drawn}
    committee = committee_roles(session, project.id, actor.id, now)
    held |= committee
    if session.scalar(select(Opening.id).where(Opening.project == project.id, Opening.host == actor.id)):
        held.add("host")
    if actor.org:
        held |= _organisation(session, actor.org, project, now)
        if "buyer_rep" in committee and stage_at(project, now) in CLOSED_TO_REPRESENTATIVE:
            held.discard("buyer")
    return held


def _organisation(session: Session, org: str, project: Project, now: int) -> set[str]:
    subject, stage = session.get(Subject, org), stage_at(project, now)
    if subject is None or not may_act(subject, now):
        return set()
    held = set()
    if org == project.buyer:
        held.add("buyer")
    if org == project.agent:
        held.add("agent")
    if subject.is_supplier and not held:
        held.add("supplier")
        if session.scalar(select(Take.id).where(Take.project == project.id, Take.org == org)):
            held.add("taker")
        if session.scalar(select(Bid.id).where(Bid.project == project.id, Bid.org == org, Bid.state == "live")):
            held.add("bidder")
            held |= _after_award(session, org, project, stage)
    return held


def _after_award(session: Session, org: str, project: Project, stage: str) -> set[str]:
    held = set()
    if at_or_after(stage, "publicity") and session.scalar(
        select(Candidate.id).join(Bid, Bid.id == Candidate.bid).where(Candidate.project == project.id, Bid.org == org)
    ):
        held.add("candidate")
    if at_or_after(stage, "announced"):
        won = session.scalar(select(Award.id).where(Award.project == project.id, Award.org == org))
        held.add("winner" if won else "loser")
    return held
