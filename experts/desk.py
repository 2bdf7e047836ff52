"""Where acts on a draw begin: its row and its tender held, the caller's relations known, its table asked."""
import hmac
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.procedure import DRAW
from experts.records import Contribution, Draw, DrawKey, Outcome, PoolMember, Seat
from kernel import draw as tdraw
from kernel.canonical import sha256
from kernel.command import Work
from kernel.errors import NotYours, Reason, Refused, Stale
from kernel.machine import Facts, Step
from kernel.values import day_of
from law.citation import Clause
from law.registry import in_force
from law.stages import ENDS
from trading.desk import hold, keep_apart
from trading.opening.records import Opening
from trading.projects.records import Project
from trading.relations import relations

AFTER_THE_END = ("experts.release", "experts.appraise", "experts.claim_fee")


def hold_draw(work: Work, draw_id: str) -> tuple[Draw, Project]:
    """The draw's row and its project's, locked in the same order by every act. NotYours where there is none."""
    found = work.session.get(Draw, draw_id)
    if found is None:
        raise NotYours
    project = hold(work, found.project)
    work.session.refresh(found, with_for_update=True)
    return found, project


def move(work: Work, draw: Draw, project: Project, roles: set[str] | None = None, **facts: Any) -> Step:
    """Decides the act in the draw's table and writes the new stage; acts of several persons write it themselves."""
    held = relations(work.session, work.actor, project, work.moment) if roles is None else roles
    columns = {c.key: getattr(draw, c.key) for c in Draw.__mapper__.column_attrs}
    known = columns | {"now": work.moment, "draw": draw.id, "project_stage": project.stage, "stopped_at": project.stopped_at}
    step = work.step(DRAW, draw.stage, held, Facts(**(known | facts)))
    if work.tag not in AFTER_THE_END:
        still_running(project)
    keep_apart(held, step.role)
    draw.stage = step.stage
    return step


def still_running(project: Project) -> None:
    """Nobody draws for a tender that waits or has ended."""
    if project.stage in ENDS:
        raise Stale
    if project.suspended:
        raise Refused(Reason("not_suspended"))


def law_on(project: Project, moment: int, name: str) -> Clause:
    """The clause that holds for a tender: as of its notice."""
    return in_force(name, day_of(project.published_at or moment))


def record_signed(session: Session, project: Project) -> bool:
    """Is the opening's record signed? From then on the bidders are known to those who may know them."""
    return session.scalar(select(Opening.signed).where(Opening.project == project.id)) is not None


def early_draw(project: Project) -> bool:
    """Did the document allow a draw before the opening (remote evaluation, long travel)?"""
    return project.details.get("early_draw") == "yes"


def quota(draw: Draw) -> tuple[tuple[str, int], ...]:
    return tuple((str(category), int(str(number))) for category, number in draw.quota)


def rules_of(draw: Draw) -> tdraw.DrawRules:
    excluded = tuple((pid, code) for pid, code in draw.excluded)
    return tdraw.DrawRules(draw.id, tuple(draw.parties), quota(draw), draw.max_per_org, excluded)


def salt(key: bytes, expert: str) -> bytes:
    """Of one expert in one draw; without the draw's key nobody can work it out again."""
    return hmac.digest(key, expert.encode(), "sha256")


def key_of(session: Session, draw: Draw) -> bytes | None:
    """The draw's key; None once it is erased."""
    return session.scalar(select(DrawKey.key).where(DrawKey.draw == draw.id))


def org_tag(key: bytes, employer_code: str, employer: str) -> str:
    """An employer's mark within one draw, which says nothing outside it."""
    return sha256(key + b"org" + (employer_code or "".join(employer.split())).encode()).hex()[:16]


def order_of(session: Session, draw: Draw) -> tuple[tdraw.Entry, ...]:
    """The fixed order of calling, as it was written when the seed came to be."""
    query = select(PoolMember).where(PoolMember.draw == draw.id, PoolMember.place.is_not(None)).order_by(PoolMember.place)
    return tuple(tdraw.Entry(m.pid, tuple(m.cats), m.org, m.w) for m in session.scalars(query))


def outcomes_of(session: Session, draw: Draw) -> list[Outcome]:
    return list(session.scalars(select(Outcome).where(Outcome.draw == draw.id).order_by(Outcome.n)))


def walk_of(session: Session, draw: Draw) -> tdraw.Walk:
    outcomes = [(o.pid, o.reply) for o in outcomes_of(session, draw)]
    return tdraw.walk(order_of(session, draw), quota(draw), draw.max_per_org, outcomes)


def note_outcome(work: Work, draw: Draw, pid: str, reply: str, code: str = "") -> Outcome:
    """The next outcome of the draw; the caller enters it and writes the entry's key into it."""
    number = len(outcomes_of(work.session, draw)) + 1
    row: Outcome = work.keep(Outcome(draw=draw.id, n=number, pid=pid, reply=reply, code=code, at=work.moment))
    return row


def live_seats(session: Session, project: str) -> list[Seat]:
    return list(session.scalars(select(Seat).where(Seat.project == project, Seat.out.is_(None)).order_by(Seat.pid)))


def contributions_of(session: Session, draw: Draw) -> dict[str, Contribution]:
    return {c.party: c for c in session.scalars(select(Contribution).where(Contribution.draw == draw.id))}
