"""What somebody who holds a one-time link may know: when, how long, which specialty. Never for whom, never his own name."""
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.calling import token_hash
from experts.desk import contributions_of
from experts.records import Call, Draw
from kernel.command import Actor
from kernel.errors import NotYours
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.sealing.records import Ceremony


@dataclass(frozen=True)
class CallView:
    """outcome: "" while it may be answered, else accepted, declined, unreachable, conflict, or over once the time is up."""

    at: int
    hours: int
    category: str
    asked: int
    until: int
    outcome: str


def called(session: Session, token: str, now: int) -> CallView:
    """NotYours for a token that no call has: nobody learns which calls exist."""
    found = session.execute(select(Call, Draw).join(Draw, Draw.id == Call.draw).where(Call.token_hash == token_hash(token))).one_or_none()
    if found is None:
        raise NotYours
    call, draw = found
    outcome = call.outcome or ("over" if now >= call.until else "")
    return CallView(draw.evaluation_at, draw.hours, call.category, call.at, call.until, outcome)


@dataclass(frozen=True)
class Due:
    """A draw that waits for this office's contribution. act: commit or reveal · key: of the tender, hex, to which a commitment
    is sealed · others: how many parties have spoken, of how many."""

    draw: str
    project: str
    code: str
    title: str
    number: int
    act: str
    key: str
    others: tuple[int, int]


def contributions_due(session: Session, actor: Actor, now: int) -> tuple[Due, ...]:
    """For a regulator: draws of the own field to whose seed the office has to contribute."""
    found = []
    query = select(Draw, Project).join(Project, Project.id == Draw.project).where(Draw.stage.in_(("pooled", "committed"))).order_by(Draw.snapshot_at)
    for draw, project in session.execute(query):
        if "regulator" not in draw.parties or "regulator" not in relations(session, actor, project, now) or not draw.rules_hash:
            continue
        spoken = contributions_of(session, draw)
        given = spoken.get("regulator")
        act = "commit" if given is None and draw.stage == "pooled" else "reveal" if given and not given.value and draw.stage == "committed" else ""
        if act and stage_at(project, now) not in ("failed", "terminated"):
            found.append(Due(draw.id, project.id, project.code, project.title, draw.number, act, session.get_one(Ceremony, draw.ceremony).key, (
                sum(bool(one.value) for one in spoken.values()) if act == "reveal" else len(spoken), len(draw.parties))))
    return tuple(found)
