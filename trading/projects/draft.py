"""A tender is entered, by its buyer or by the agency it will mandate."""
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, NotYours, Text
from kernel.identity.reads import roles
from kernel.machine import Facts
from kernel.values import day_of, new_id, short_code
from trading.desk import keep_apart
from trading.projects.moves import beginning
from trading.projects.records import Lot, Project
from trading.subjects.records import Subject

MONEY = 10**16
LETTERS = {"works": "E", "procurement": "C"}  # E engineering, C caigou (procurement)
Details = dict[Annotated[str, Field(pattern=r"^[a-z_]{2,32}$")], Annotated[str, Field(max_length=4000)]]


class Recorded(Cmd):
    """What a replay takes from the record it repeats: moments in ms, money in the smallest unit, windows in minutes."""

    deadline: int = Field(ge=0)
    ceiling: int | None = Field(default=None, ge=0, le=MONEY)
    floor_price: int | None = Field(default=None, ge=0, le=MONEY)
    decrypt_minutes: int = Field(default=30, ge=0, le=60)
    confirm_minutes: int = Field(default=10, ge=0, le=60)
    quorum: int = Field(default=1, ge=0, le=4)


class Draft(Cmd):
    """buyer: only where an agency drafts. recorded: only in a replay."""

    procedure: str = Field(pattern=r"^(works\.open|procurement\.open|replay\.lowest)$")
    field: str = Field(pattern=r"^(works|procurement)$")
    kind: str = Field(pattern=r"^(construction|goods|services|supervision|design)$")
    title: str = Field(min_length=2, max_length=200)
    title_en: str = Field(default="", max_length=300)
    budget: int = Field(ge=0, le=MONEY)
    plan: str = Field(default="", max_length=120)
    region: str = Field(default="", pattern=r"^(\d{6})?$")
    buyer: str | None = Field(default=None, max_length=32)
    details: Details = Field(default_factory=dict, max_length=40)
    recorded: Recorded | None = None


@command("trading.projects.draft", opens="inviting")
def draft(work: Work, cmd: Draft) -> Project:
    """Guards: admitted_buyer, plan_present. Effects: the project with one lot; a drafting agency is its agent."""
    replay = cmd.procedure == "replay.lowest"
    if (cmd.recorded is not None) != replay:
        raise Malformed("recorded", Text("仅历史项目重演时填写", "Only for a replay of a recorded tender"))
    if not replay and cmd.procedure != f"{cmd.field}.open":
        raise Malformed("procedure", Text("交易程序与领域不符", "The procedure is not one of this field"))
    mine, buyer = parties(work, cmd.buyer)
    held = {"agent"} if mine.id != buyer.id else {"buyer"}
    facts = Facts(buyer_admitted=bool(buyer.is_buyer) and buyer.stage == "admitted", plan=cmd.plan)
    step = work.step(beginning(cmd.procedure), "none", held, facts)
    keep_apart(roles(work.session, work.actor, work.moment, cmd.field) | held, step.role)
    project: Project = work.keep(Project(
        id=new_id(), code=f"{LETTERS[cmd.field]}{day_of(work.moment).year}{short_code()}", field=cmd.field, procedure=cmd.procedure,
        kind=cmd.kind, evaluation="lowest_price" if replay else "comprehensive", title=cmd.title, title_en=cmd.title_en, buyer=buyer.id,
        agent=mine.id if "agent" in held else None, region=cmd.region, budget=cmd.budget, plan=cmd.plan, created_by=work.actor.id,
        created=work.moment, details=dict(cmd.details), **(cmd.recorded.model_dump() if cmd.recorded else {}),
    ))
    work.session.flush()
    work.keep(Lot(project=project.id, number=1, title=cmd.title, budget=cmd.budget))
    work.enter(project.id, field=cmd.field, procedure=cmd.procedure)
    return project


def parties(work: Work, buyer: str | None) -> tuple[Subject, Subject]:
    """(the actor's organisation, the buyer). NotYours: neither a buyer nor an admitted agency."""
    mine = work.session.get(Subject, work.actor.org) if work.actor.org else None
    if mine is None:
        raise NotYours
    if mine.is_buyer and buyer in (None, mine.id):
        return mine, mine
    if not mine.is_agent or mine.stage != "admitted":
        raise NotYours
    named = work.session.scalar(select(Subject).where(Subject.id == buyer))
    if named is None or named.id == mine.id:
        raise Malformed("buyer", Text("请选择招标人（采购人）", "Name the buyer"))
    return mine, named
