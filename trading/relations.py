"""Who somebody is to one tender: relations, not global roles (secrecy.md §2).

The result holds every relation and the centre-wide roles; a table of moves picks the one that acts.
"""
from sqlalchemy import bindparam, literal, select, union_all
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
TOWARDS = union_all(  # every row that ties a person or an organisation to one tender, in one question
    select(literal("reviewer").label("kind"), ProjectAssignment.slot.label("slot")).where(
        ProjectAssignment.project == bindparam("project"), ProjectAssignment.round == bindparam("round"), ProjectAssignment.person == bindparam("person")),
    select(literal("host"), literal(0)).where(Opening.project == bindparam("project"), Opening.host == bindparam("person")),
    select(literal("taker"), literal(0)).where(Take.project == bindparam("project"), Take.org == bindparam("org")),
    select(literal("bidder"), literal(0)).where(Bid.project == bindparam("project"), Bid.org == bindparam("org"), Bid.state == "live"),
    select(literal("candidate"), literal(0)).join_from(Candidate, Bid, Bid.id == Candidate.bid).where(
        Candidate.project == bindparam("project"), Bid.org == bindparam("org")),
    select(literal("winner"), literal(0)).where(Award.project == bindparam("project"), Award.org == bindparam("org")),
)
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
    rows = session.execute(TOWARDS, {"project": project.id, "round": project.round, "person": actor.id, "org": actor.org or ""})
    ties = {(kind, slot) for kind, slot in rows}
    held |= {REVIEWERS[slot] for kind, slot in ties if kind == "reviewer"}
    committee = committee_roles(session, project.id, actor.id, now)
    held |= committee
    if ("host", 0) in ties:
        held.add("host")
    if actor.org:
        held |= _organisation(session, actor.org, project, now, {kind for kind, _ in ties})
        if "buyer_rep" in committee and stage_at(project, now) in CLOSED_TO_REPRESENTATIVE:
            held.discard("buyer")
    return held


def _organisation(session: Session, org: str, project: Project, now: int, ties: set[str]) -> set[str]:
    subject, stage = session.get(Subject, org), stage_at(project, now)
    if subject is None or not may_act(subject, now):
        return set()
    held = set()
    if org == project.buyer:
        held.add("buyer")
    if org == project.agent:
        held.add("agent")
    if subject.is_supplier and not held:
        held |= {"supplier"} | ties & {"taker", "bidder"}
        if "bidder" in held:
            held |= _after_award(stage, ties)
    return held


def _after_award(stage: str, ties: set[str]) -> set[str]:
    held = set()
    if at_or_after(stage, "publicity"):
        held |= ties & {"candidate"}
    if at_or_after(stage, "announced"):
        held.add("winner" if "winner" in ties else "loser")
    return held
