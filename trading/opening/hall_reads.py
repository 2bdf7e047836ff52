"""What the hall says to one person beyond the common view: his own attendance, the bids still closed, who contributes to the draw."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.ledger.entries import Entry
from kernel.ledger.reads import places
from trading.bids.records import Bid
from trading.opening.envelopes import seen_as
from trading.opening.locks import locked
from trading.opening.records import Attendance, Coefficient
from trading.opening.state import awaited, choices, opening_of, parts_of, turn, undecided
from trading.procedures import procedure
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.subjects.records import Subject

CONTRIBUTE = "trading.opening.commit_coefficient"


@dataclass(frozen=True)
class Own:
    """signed_in, confirmed: the caller's own moments · bids: he has a live bid here · party: for whom he contributes to the
    draw of the coefficient, "" for nobody · parties: (party, has shown its contribution), None where the viewer is none of them
    · bidders: before the read-out, who bids: (bid, name, decrypted or decided), the last None for those who may only know the
    names · present: organisations that signed in · locked: of a tender with bidders' locks, the bids whose secret is still
    missing, as far as the viewer knows their state; None where there are no locks · due: the parts whose turn it is · read: something
    of his bid is among what was read out last. None: not for this viewer now."""

    roles: frozenset[str]
    signed_in: int | None
    confirmed: int | None
    bids: bool
    party: str
    parties: tuple[tuple[str, bool], ...] | None
    bidders: tuple[tuple[str, str, bool | None], ...] | None
    present: tuple[str, ...] | None
    locked: frozenset[str] | None
    due: tuple[str, ...]
    read: bool


def own(session: Session, actor: Actor, id: str, now: int) -> Own:
    """For a tender that the hall shows to this viewer; the caller has asked the hall first."""
    project = session.get_one(Project, id)
    held, stage, opening = relations(session, actor, project, now), stage_at(project, now), opening_of(session, id)

    def of(information: str) -> str:
        return seen_as(information, held, project, opening, stage)

    mine = session.scalar(select(Attendance).where(Attendance.project == id, Attendance.person == actor.id))
    live = set(session.scalars(select(Bid.id).where(Bid.project == id, Bid.org == actor.org, Bid.state == "live"))) if actor.org else set()
    known = None if of("decryption_state") == "full" else live
    move = procedure(project.procedure).index.get(CONTRIBUTE)
    party = next((role for role in move.by if role in held), "") if move and choices(session, id) else ""
    named = of("opening_attendance") == "full"
    return Own(
        frozenset(held), mine.at if mine else None, (mine.prices_confirmed if opening and opening.prices_read else mine.confirmed) if mine else None, bool(live), party, _parties(session, id) if party else None,
        _bidders(session, project, of("decryption_state") == "full") if turn(session, project) and of("bidder_identities") == "full" else None,
        tuple(session.scalars(select(Subject.name).where(Subject.id.in_(
            select(Attendance.org).where(Attendance.project == id))).order_by(Subject.code))) if named else None,
        _locked(session, project, known) if turn(session, project) else None, parts_of(project, turn(session, project)), bool(live & set(awaited(session, project))))


def _locked(session: Session, project: Project, known: set[str] | None) -> frozenset[str] | None:
    """known: the bids whose state the viewer may know, None for all."""
    waiting = frozenset(locked(session, project))
    return None if project.mode != "M2" else waiting if known is None else waiting & known


def _parties(session: Session, project: str) -> tuple[tuple[str, bool], ...]:
    row = session.scalar(select(Coefficient).where(Coefficient.project == project))
    return tuple((party, party in row.reveals) for party in sorted(row.commits)) if row else ()


def _bidders(session: Session, project: Project, states: bool) -> tuple[tuple[str, str, bool | None], ...]:
    """By credit code, which is no order of arrival or price. The id of a bid is for those alone who know its state."""
    query = select(Bid.id, Subject.name).join(Subject, Subject.id == Bid.org).where(Bid.id.in_(awaited(session, project))).order_by(Subject.code)
    waiting = set(undecided(session, project.id))
    return tuple((id if states else "", name, id not in waiting if states else None) for id, name in session.execute(query))


def record_place(session: Session, project: str) -> int | None:
    """Number in the ledger of the signed record, None before it stands there."""
    key = session.scalar(select(Entry.key).where(Entry.tag == "trading.opening.sign_record", Entry.on == project).limit(1))
    return places(session, [key]).get(key) if key else None
