"""The agent, or a buyer without one, says how many experts of which specialty the committee needs."""
import secrets

from pydantic import Field
from sqlalchemy import select

from experts import shape
from experts.asks import session_booked
from experts.desk import law_on, live_seats, still_running
from experts.library import bidders_known
from experts.procedure import BRIEF
from experts.records import Draw, DrawKey
from kernel.canonical import canon, sha256
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Stale, Text
from kernel.machine import Facts
from trading.desk import hold, keep_apart
from trading.relations import relations
from trading.sealing.records import Ceremony


class Wanted(Cmd):
    """category: a specialty code of 发改法规〔2018〕316号, whole or cut to one or two levels."""

    category: str = Field(pattern=r"^[ABC]([0-9]{2}){1,3}$")
    seats: int = Field(ge=1, le=25)


class Brief(Cmd):
    """members: size of the whole committee, the buyer's representatives included. hours: expected length."""

    project: str = Field(max_length=32)
    quota: tuple[Wanted, ...] = Field(min_length=1, max_length=10)
    members: int = Field(ge=1, le=25)
    representatives: int = Field(default=0, ge=0, le=8)
    hours: int = Field(default=4, ge=1, le=240)


@command("experts.brief", opens="announced", signed=True)
def brief(work: Work, cmd: Brief) -> Draw:
    """Where an earlier draw fell short, this asks for the seats it left empty. Stale while a draw runs or once one is filled."""
    project = hold(work, cmd.project)
    held = relations(work.session, work.actor, project, work.moment)
    if project.agent:
        held.discard("buyer")
    wanted = tuple((one.category, one.seats) for one in cmd.quota)
    start = session_booked(work.session, project.id)
    ceremony = work.session.scalar(select(Ceremony).where(Ceremony.project == project.id, Ceremony.stage == "ready"))
    step = work.step(BRIEF, "briefed", held, Facts(
        now=work.moment, kind=project.kind, quota=wanted, session_start=start, key=ceremony and ceremony.key,
        members=cmd.members, experts=max(0, cmd.members - cmd.representatives),
        **shape.size(project, work.moment), **shape.window(work.session, project, start, work.moment), **bidders_known(work.session, project),
    ))
    still_running(project)
    keep_apart(held, step.role)
    keep_apart(held, "draw_operator")
    last = work.session.scalar(select(Draw).where(Draw.project == project.id).order_by(Draw.number.desc()).limit(1))
    if last is not None and last.stage != "short":
        raise Stale
    kept = sum(seat.kind == "expert" for seat in live_seats(work.session, project.id))
    if kept + sum(seats for _, seats in wanted) + cmd.representatives != cmd.members:
        raise Malformed("members", Text("各专业席位与代表人数之和应等于委员会人数", "Seats and representatives must add up to the members"))
    assert ceremony is not None and start is not None
    draw: Draw = work.keep(Draw(
        project=project.id, number=last.number + 1 if last else 1, quota=[list(pair) for pair in wanted], members=cmd.members,
        representatives=cmd.representatives, max_per_org=law_on(project, work.moment, "committee.max_per_org").value,
        evaluation_at=start, hours=cmd.hours, parties=sorted(["centre", step.role, "regulator"]), ceremony=ceremony.id,
        briefed_by=work.actor.id, snapshot_at=work.moment, stage="briefed",
    ))
    work.session.flush()
    work.session.add(DrawKey(draw=draw.id, key=secrets.token_bytes(32)))
    work.enter(project.id, draw=draw.id, quota=sha256(canon(draw.quota)).hex(), warn=[reason.rule for reason in work.warnings])
    return draw
