"""Seats, committee roles and draws, as others may see them."""
from dataclasses import dataclass

from sqlalchemy import bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from experts.desk import contributions_of, order_of, outcomes_of, quota
from experts.records import Call, Draw, Expert, Seat
from kernel.command import Actor
from kernel.errors import NotYours
from kernel.identity.records import Person
from law.masks import pid_prefix
from law.secrecy import form_of_others
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations

FEW = 5  # a count of exclusions below this is not shown to the conveners


@dataclass(frozen=True)
class SeatView:
    """For the rooms of the committee itself, not for pages. kind: expert | buyer_rep · expert: library id, empty for a representative.

    letter is empty until the draw is filled; id and draw name the seat for the acts of this room.
    """

    letter: str
    kind: str
    person: str
    expert: str
    pid: str
    category: str
    id: str = ""
    draw: str = ""


def seats(session: Session, project: str) -> tuple[SeatView, ...]:
    """The live seats of a tender's committee by letter (those without one last, by pid). Unmasked: never for a page."""
    rows = session.scalars(select(Seat).where(Seat.project == project, Seat.out.is_(None)))
    ordered = sorted(rows, key=lambda seat: (seat.letter == "", seat.letter, seat.pid))
    return tuple(SeatView(s.letter, s.kind, s.person, s.expert, s.pid, s.category, s.id, s.draw) for s in ordered)


TOWARDS = union_all(  # a live seat's kind, or an open call
    select(Seat.kind.label("kind")).where(Seat.project == bindparam("project"), Seat.person == bindparam("person"), Seat.out.is_(None)),
    select(literal("called")).select_from(Call).join(Draw, Draw.id == Call.draw).join(Expert, Expert.id == Call.expert).where(
        Draw.project == bindparam("project"), Expert.person == bindparam("person"), Call.outcome == "", Call.until > bindparam("now")),
)


def committee_roles(session: Session, project: str, person: str, now: int) -> set[str]:
    """expert_called while the person's call is open, expert_seated or buyer_rep with a live seat. The chair is evaluation's to add."""
    found = session.scalars(TOWARDS, {"project": project, "person": person, "now": now})
    return {{"expert": "expert_seated", "called": "expert_called"}.get(kind, "buyer_rep") for kind in found}


def committee_members(session: Session) -> set[str]:
    """Persons who sit in any committee now. Only the door of a rehearsal asks: there everybody may play anybody."""
    return set(session.scalars(select(Seat.person).where(Seat.out.is_(None))))


def committee_filled(session: Session, project: str) -> bool:
    """Does the whole committee stand, with letters?"""
    last = session.scalar(select(Draw.stage).where(Draw.project == project).order_by(Draw.number.desc()).limit(1))
    return last in ("filled", "released")


def expert_names(session: Session, project: str) -> tuple[str, ...]:
    """Names of the seated experts for the result notice of procurement (87号令 第六十九条), never the representative's.

    Unmasked: only the act that publishes the result asks, at the moment of publication.
    """
    query = select(Person.name).join(Seat, Seat.person == Person.id).where(
        Seat.project == project, Seat.kind == "expert", Seat.out.is_(None), Seat.letter != "")
    return tuple(sorted(session.scalars(query)))


@dataclass(frozen=True)
class DrawView:
    """A draw as one viewer may see it; None: sealed for him. pids are cut to ten digits.

    enough: whether the pool met its minimum · pool: its size, for those who may know it · exclusions: (pid, code) ·
    order: calling order · calls: (pid, outcome), "" while open · names: letter → name, once they may be known.
    """

    id: str
    project: str
    number: int
    stage: str
    quota: tuple[tuple[str, int], ...] | None
    members: int | None
    evaluation_at: int | None
    hours: int | None
    enough: bool | None
    pool: int | None
    exclusions: tuple[tuple[str, str], ...] | None
    order: tuple[str, ...] | None
    parties: tuple[tuple[str, str, str], ...] | None
    seed: str | None
    calls: tuple[tuple[str, str], ...] | None
    seats: tuple[tuple[str, str], ...] | None
    names: dict[str, str] | None
    roots: tuple[str, str] | None


def draws(session: Session, actor: Actor, project: str, now: int) -> tuple[DrawView, ...]:
    """All draws of a tender that the viewer may know of, in their order."""
    views = (_view(session, actor, draw, now) for draw in session.scalars(select(Draw).where(Draw.project == project).order_by(Draw.number)))
    return tuple(view for view in views if view is not None)


def draw_view(session: Session, actor: Actor, draw_id: str, now: int) -> DrawView:
    """NotYours where there is no such draw or none for this viewer."""
    draw = session.get(Draw, draw_id)
    view = _view(session, actor, draw, now) if draw else None
    if view is None:
        raise NotYours
    return view


def _view(session: Session, actor: Actor, draw: Draw, now: int) -> DrawView | None:
    project = session.get_one(Project, draw.project)
    held, stage = relations(session, actor, project, now), stage_at(project, now)

    def of(information: str) -> str:
        return form_of_others(information, held, project.field, stage, project.stopped_at)

    brief, size, excluded, order, given = of("draw_brief"), of("pool_size"), of("exclusions"), of("draw_order"), of("draw_contributions")
    if brief != "full" and order == given == "none":
        return None  # rooms and the called learn their hours elsewhere, without the tender
    pooled = draw.pool_root != ""
    return DrawView(
        draw.id, draw.project, draw.number, draw.stage,
        quota(draw) if brief != "none" else None, draw.members if brief == "full" else None,
        draw.evaluation_at if brief == "full" else None, draw.hours if brief == "full" else None,
        pooled if size != "none" else None, draw.pool_size if size in ("count", "full") and pooled else None,
        _exclusions(draw, excluded), _order(session, draw) if order != "none" and draw.seed else None,
        _parties(session, draw) if given == "full" else None, draw.seed if given == "full" and draw.seed else None,
        _calls(session, draw) if order != "none" else None, _seats(session, draw) if order != "none" else None,
        _names(session, draw, held, project, stage), (draw.pool_root, draw.rules_hash) if order != "none" and draw.rules_hash else None,
    )


def _exclusions(draw: Draw, granted: str) -> tuple[tuple[str, str], ...] | None:
    """The conveners see pid and code, and nothing at all while there are fewer than five: a short list points at people."""
    if granted == "none" or not draw.rules_hash or (granted == "masked" and len(draw.excluded) < FEW):
        return None
    return tuple((pid_prefix(pid), code) for pid, code in draw.excluded)


def _order(session: Session, draw: Draw) -> tuple[str, ...]:
    return tuple(pid_prefix(entry.pid) for entry in order_of(session, draw))


def _parties(session: Session, draw: Draw) -> tuple[tuple[str, str, str], ...]:
    """(party, commitment, contribution), empty where not given yet."""
    given = contributions_of(session, draw)
    return tuple((party, given[party].commit, given[party].value) if party in given else (party, "", "") for party in draw.parties)


def _calls(session: Session, draw: Draw) -> tuple[tuple[str, str], ...]:
    rows = session.scalars(select(Call).where(Call.draw == draw.id).order_by(Call.n))
    lost = {o.pid for o in outcomes_of(session, draw) if o.reply == "out"}
    return tuple((pid_prefix(row.pid), "out" if row.pid in lost else row.outcome) for row in rows)


def _seats(session: Session, draw: Draw) -> tuple[tuple[str, str], ...]:
    """(category, pid) of the seated experts; the letter stays apart, so that nobody joins calling order and seat."""
    rows = session.scalars(select(Seat).where(Seat.draw == draw.id, Seat.out.is_(None), Seat.kind == "expert").order_by(Seat.pid))
    return tuple((seat.category, pid_prefix(seat.pid)) for seat in rows)


def _names(session: Session, draw: Draw, held: set[str], project: Project, stage: str) -> dict[str, str] | None:
    """Only for those to whom the names are open without a watched read: never the regulator's outside look before the release."""
    looking = held - {"regulator"} if draw.released_at is None else held
    if form_of_others("expert_names_seated", looking, project.field, stage, project.stopped_at) != "full":
        return None
    query = select(Seat.letter, Person.name).join(Person, Person.id == Seat.person).where(
        Seat.project == project.id, Seat.kind == "expert", Seat.out.is_(None), Seat.letter != "")
    return dict(session.execute(query.order_by(Seat.letter)).all())


@dataclass(frozen=True)
class Engagement:
    """What an expert knows of a call or a seat: when, how long, which specialty. Not for whom."""

    call: str
    at: int
    hours: int
    category: str
    until: int
    outcome: str


@dataclass(frozen=True)
class OwnView:
    """An expert's own record. id_number is cut even for himself."""

    expert: str
    name: str
    employer: str
    title: str
    specialties: tuple[str, ...]
    stage: str
    id_number: str
    open_calls: tuple[Engagement, ...]
    accepted: tuple[Engagement, ...]


def own_view(session: Session, person: str, now: int) -> OwnView:
    """NotYours for somebody who is not in the library."""
    expert = session.scalar(select(Expert).where(Expert.person == person))
    if expert is None:
        raise NotYours
    query = select(Call, Draw).join(Draw, Draw.id == Call.draw).where(Call.expert == expert.id).order_by(Call.at)
    known = [(call, Engagement(call.id, draw.evaluation_at, draw.hours, call.category, call.until, call.outcome)) for call, draw in session.execute(query)]
    return OwnView(
        expert.id, session.get_one(Person, person).name, expert.employer, expert.title, tuple(expert.specialties), expert.stage, expert.id_shown,
        tuple(one for call, one in known if not call.outcome and call.until > now), tuple(one for call, one in known if call.outcome == "accepted"),
    )
