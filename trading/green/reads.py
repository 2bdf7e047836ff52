"""Early help and joint support as each side may know them (law/secrecy.csv: early_help, joint_support).

Buyer and agency see all of it; the adviser what is asked of him, a desk what it was called for, both without the title of a tender
before its notice; the room manager who advises and what every desk promised, not what is asked.
"""
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Text
from kernel.identity import reads as identity
from law.secrecy import form
from law.stages import ENDS
from trading.green.records import Advice, Support
from trading.green.rules import ADVISES, DESKS
from trading.projects.queue import review_due
from trading.projects.reads import known
from trading.projects.records import Project
from trading.projects.rules.reviewing import GREEN
from trading.projects.stage import stage_at
from trading.relations import relations

OVER = (*ENDS, "archived")
MANAGES = "room_manager"


@dataclass(frozen=True)
class AdviceView:
    """late: not answered when it was due. mine: the viewer has to answer it."""

    id: str
    question: str
    asked: int
    due: int
    answer: str
    answered: int | None
    late: bool
    mine: bool


@dataclass(frozen=True)
class SupportView:
    """state: called | promised | kept · due: when it has to have promised, or to have done it, ms · late: that is past · mine: the viewer answers for the desk."""

    desk: str
    name: Text
    wish: str
    promise: str
    state: str
    due: int
    kept: int | None
    late: bool
    mine: bool


@dataclass(frozen=True)
class GreenView:
    """One tender of the green channel. title: None before the notice, for the centre. adviser: name, "" where none is named or known.
    review_by: when both reviews are to be done, while they go on, for those who may know it."""

    id: str
    code: str
    title: str | None
    kind: Text
    stage: str
    manages: bool
    adviser: str
    advice: tuple[AdviceView, ...]
    support: tuple[SupportView, ...]
    review_by: int | None


@dataclass(frozen=True)
class Awaited:
    """What somebody of the centre owes to a green tender. what: answer | promise | keep."""

    project: str
    code: str
    what: str
    text: Text
    due: int


def green(session: Session, actor: Actor, id: str, now: int) -> GreenView:
    """NotYours: no tender of the green channel, or none that the viewer has to do with."""
    project = session.get(Project, id)
    seen = _view(session, actor, project, now) if project and project.green else None
    if seen is None:
        raise NotYours
    return seen


def greens(session: Session, actor: Actor, now: int) -> tuple[GreenView, ...]:
    """Of the centre's staff: running tenders in which they have a part, what is due first before the rest. NotYours: no such post."""
    held = identity.roles(session, actor, now)
    if not held & {MANAGES, *(desk.role for desk in DESKS.values())}:
        raise NotYours
    query = select(Project).where(Project.green != "", Project.stage.not_in(OVER)).order_by(Project.created, Project.id)
    if MANAGES not in held:
        called = select(Support.project).where(Support.desk.in_([code for code, desk in DESKS.items() if desk.role in held]))
        query = query.where(or_(Project.adviser == actor.id, Project.id.in_(called)))
    found = [seen for project in session.scalars(query) if (seen := _view(session, actor, project, now)) is not None]
    return tuple(sorted(found, key=lambda one: min((what.due for what in _owed(one)), default=1 << 62)))


def awaited(session: Session, actor: Actor, now: int) -> tuple[Awaited, ...]:
    """What the actor owes, the most pressing first; nothing for others."""
    try:
        rows = greens(session, actor, now)
    except NotYours:
        return ()
    return tuple(sorted((one for seen in rows for one in _owed(seen)), key=lambda one: (one.due, one.code)))


def to_flag(session: Session, actor: Actor, code: str, now: int) -> tuple[str, str]:
    """(id, code) of a tender that may be marked still, for the room manager, who was told its code. NotYours else."""
    if MANAGES not in identity.roles(session, actor, now):
        raise NotYours
    row = session.execute(select(Project.id, Project.code).where(Project.code == code.strip().upper(), Project.stage.in_(("draft", "review")))).first()
    if row is None:
        raise NotYours
    return row[0], row[1]


def advisers(session: Session, actor: Actor, now: int) -> tuple[tuple[str, str], ...]:
    """(id, name) of those who may be named, for the room manager. NotYours: others."""
    if MANAGES not in identity.roles(session, actor, now):
        raise NotYours
    return tuple((person.id, person.name) for person in identity.holders(session, ADVISES, now))


def _view(session: Session, actor: Actor, project: Project, now: int) -> GreenView | None:
    roles, stage = relations(session, actor, project, now), stage_at(project, now)
    help_, support = (form(kind, known(roles), project.field, stage, project.stopped_at) for kind in ("early_help", "joint_support"))
    advises = help_ == "own" and project.adviser == actor.id
    mine = {code for code, desk in DESKS.items() if desk.role in roles}
    advice = tuple(_advice(one, advises, stage, now) for one in session.scalars(
        select(Advice).where(Advice.project == project.id).order_by(Advice.asked, Advice.id))) if help_ == "full" or advises else ()
    rows = [one for one in session.scalars(select(Support).where(Support.project == project.id).order_by(Support.desk))
            if support == "full" or (support == "own" and one.desk in mine)]
    party = help_ == "full"
    if not (party or advises or rows or MANAGES in roles):
        return None
    adviser = identity.person(session, project.adviser) if project.adviser and help_ != "none" and (help_ != "own" or advises) else None
    return GreenView(
        project.id, project.code, project.title if party or project.published_at is not None else None, GREEN[project.green], stage, MANAGES in roles,
        adviser.name if adviser else "", advice, tuple(_support(one, one.desk in mine, now) for one in rows),
        review_due(project, calendar(session)) if stage == "review" and (party or MANAGES in roles) else None)


def _advice(row: Advice, advises: bool, stage: str, now: int) -> AdviceView:
    open_ = row.answered is None and stage == "draft"
    return AdviceView(row.id, row.question, row.asked, row.due, row.answer, row.answered, open_ and now >= row.due, open_ and advises)


def _support(row: Support, mine: bool, now: int) -> SupportView:
    due = row.until or row.reply_by
    return SupportView(row.desk, DESKS[row.desk].name, row.wish, row.promise, row.state, due, row.kept, row.state != "kept" and now >= due, mine and row.state != "kept")


def _owed(seen: GreenView) -> list[Awaited]:
    owed = [Awaited(seen.id, seen.code, "answer", Text("答复咨询", "Answer a question"), one.due) for one in seen.advice if one.mine]
    words = {"called": ("promise", "确认保障事项", "Promise support"), "promised": ("keep", "办结保障事项", "Do what was promised")}
    for one in seen.support:
        if one.mine:
            what, zh, en = words[one.state]
            owed.append(Awaited(seen.id, seen.code, what, Text(f"{zh}：{one.name.zh}", f"{en}: {one.name.en}"), one.due))
    return owed
