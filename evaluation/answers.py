"""What evaluation answers to the rooms on its left. Queries only; nothing here leaves a trace."""
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

import evaluation.schemes  # noqa: F401  binds its own answer to trading
from evaluation.area.issue_badge import EARLY, LATE
from evaluation.area.presence import recording
from evaluation.area.records import Alarm, Badge, DoorEvent
from evaluation.records import Member, Recommendation, Rejection, Session, Total
from experts import asks as of_experts
from experts import reads as experts
from kernel.command import Actor
from kernel.facts import answers
from kernel.identity import asks as of_identity
from kernel.identity.reads import roles
from kernel.values import HOUR, MINUTE
from law.grounds import label
from trading import asks
from trading.asks import OwnResult, PriceCall, Ranked
from trading.projects.records import Project
from trading.subjects.records import Membership


def session_of(session: Database, project: str) -> Session | None:
    return session.scalar(select(Session).where(Session.project == project))


@answers(asks.committee_roles)
def committee_roles(session: Database, project: str, person: str, now: int) -> set[str]:
    """The experts' answer, without a seat once its member has recused himself, and with the chair."""
    held = set(experts.committee_roles(session, project, person, now))
    row = session.execute(
        select(Member.id, Member.recused, Session.chair).join(Session, Session.id == Member.session)
        .where(Session.project == project, Member.person == person)).one_or_none()
    if row is None:
        return held
    if row.recused is not None:
        return held - {"expert_seated", "buyer_rep"}
    return held | ({"chair"} if row.chair == row.id else set())


@answers(asks.session_gathered)
def session_gathered(session: Database, project: str) -> bool:
    room = session_of(session, project)
    return room is not None and room.stage != "booked"


@answers(asks.session_sealed)
def session_sealed(session: Database, project: str) -> bool:
    room = session_of(session, project)
    return room is not None and room.stage == "sealed"


@answers(asks.report_digest)
def report_digest(session: Database, project: str) -> str:
    room = session_of(session, project)
    return room.sealed_digest if room is not None else ""


@answers(asks.price_call)
def price_call(session: Database, project: str) -> PriceCall | None:
    room = session_of(session, project)
    return PriceCall(room.price_entry, tuple(room.price_files), room.price_called) if room is not None and room.price_called is not None else None


@answers(asks.candidates)
def candidates(session: Database, project: str) -> tuple[Ranked, ...]:
    room = session_of(session, project)
    if room is None or room.stage != "sealed":
        return ()
    query = select(Recommendation, Total).join(Total, Total.bid == Recommendation.bid).where(
        Recommendation.session == room.id).order_by(Recommendation.lot, Recommendation.rank)
    return tuple(Ranked(r.lot, r.rank, r.bid, t.amount, _score(t.total), t.tie) for r, t in session.execute(query))


@answers(asks.own_results)
def own_results(session: Database, project: str) -> tuple[OwnResult, ...]:
    room = session_of(session, project)
    if room is None or room.stage != "sealed":
        return ()
    lines = [
        OwnResult(t.bid, _score(t.total), t.rank, sections={
            name: score for name, score in (("technical", _score(t.technical)), ("commercial", _score(t.commercial)), ("price", _score(t.price)))
            if score is not None})
        for t in session.scalars(select(Total).where(Total.session == room.id).order_by(Total.lot, Total.rank, Total.bid))
    ]
    gone = session.scalars(select(Rejection).where(Rejection.session == room.id).order_by(Rejection.bid))
    return (*lines, *(OwnResult(r.bid, None, None, rejected=f"{label(r.ground)[0]}（{r.article}）：{r.reason}") for r in gone))


def _score(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


@answers(asks.all_rejected)
def all_rejected(session: Database, project: str) -> bool:
    room = session_of(session, project)
    return room is not None and room.stage == "sealed" and room.outcome == "rejected_all"


@answers(asks.expert_names)
def expert_names(session: Database, project: str) -> tuple[str, ...]:
    return experts.expert_names(session, project)


@answers(asks.recording_on)
def recording_on(session: Database, project: str, place: str) -> bool:
    found = recording(session, project, place)
    return found is not None and found.closed is None


@answers(of_experts.session_booked)
def session_booked(session: Database, project: str) -> int | None:
    return session.scalar(select(Session.starts).where(Session.project == project))


@answers(of_experts.door_minutes)
def door_minutes(session: Database, project: str, person: str) -> int | None:
    """Whole minutes between each entry and the exit after it; None before the first exit or while the member is inside."""
    events = session.execute(
        select(DoorEvent.kind, DoorEvent.at).join(Badge, Badge.id == DoorEvent.badge)
        .where(Badge.project == project, Badge.person == person, DoorEvent.kind != "refused").order_by(DoorEvent.at)).all()
    spent, since = 0, None
    for kind, at in events:
        if kind == "in":
            since = at
        elif since is not None:
            spent, since = spent + at - since, None
    return None if since is not None or not events else spent // MINUTE


@answers(of_experts.fee_forfeited)
def fee_forfeited(session: Database, project: str, person: str) -> bool:
    """True where a settled alarm of this member's badge was found to be what 87号令 第六十二条 forbids."""
    return session.scalar(select(Alarm.id).join(Badge, Badge.id == Alarm.badge).where(
        Badge.project == project, Badge.person == person, Alarm.finding == "discipline_broken")) is not None


@answers(of_identity.area_window)
def area_window(session: Database, person: str, now: int) -> bool:
    """A badge whose window runs; the guard of the area; or staff of the agency that organises a session about now."""
    badge = select(Badge.id).where(Badge.person == person, Badge.state != "ended", Badge.since <= now, Badge.until >= now)
    if session.scalar(badge) or "area_guard" in roles(session, Actor("person", person), now):
        return True
    organises = select(Session.starts, Session.hours).join(Project, Project.id == Session.project).join(
        Membership, Membership.org == Project.agent).where(
        Membership.person == person, Membership.until.is_(None), Session.stage != "sealed")
    return any(starts - EARLY <= now <= starts + hours * HOUR + LATE for starts, hours in session.execute(organises))
