"""A pool that is too small is widened to neighbouring specialties, by the agent with the regulator's consent."""
from typing import Any

from pydantic import Field

from experts.desk import hold_draw, law_on, move, quota
from experts.library import codes, eligible
from experts.pool import counts
from experts.records import Draw
from experts.rules.categories import is_category
from kernel.asks import organisation_of
from kernel.canonical import canon, sha256
from kernel.command import Actor, Cmd, Work, command
from kernel.errors import Malformed, Reason, Refused, Text
from kernel.seconds import seconded
from trading.relations import relations

SIDES = ({"agent", "buyer"}, {"regulator"})


class Wider(Cmd):
    category: str = Field(max_length=7)
    also: tuple[str, ...] = Field(min_length=1, max_length=10)


class Enlarge(Cmd):
    """also: specialty codes that serve the category from now on."""

    draw: str = Field(max_length=32)
    wider: tuple[Wider, ...] = Field(min_length=1, max_length=10)


@command("experts.enlarge", opens="announced", signed=True)
def enlarge(work: Work, cmd: Enlarge) -> Draw:
    """One voice is the convener's, the other the regulator's, in either order. Refused("pool_short") while the pool is large enough."""
    draw, project = hold_draw(work, cmd.draw)
    named = {category for category, _ in quota(draw)}
    if any(one.category not in named or not all(map(is_category, one.also)) for one in cmd.wider):
        raise Malformed("wider", Text("专业代码不正确", "A specialty code is wrong"))
    people = eligible(work.session, draw)
    callable_ = counts(draw, people, codes(work.session, project, people, work.moment))
    factor = law_on(project, work.moment, "draw.pool_factor").value
    step = move(work, draw, project, relations(work.session, work.actor, project, work.moment),
                enough=all(callable_[category] >= factor * seats for category, seats in quota(draw)))
    body: dict[str, Any] = {"draw": draw.id, "wider": sha256(canon([[one.category, *one.also] for one in cmd.wider])).hex()}
    first = seconded(work, draw.id, cmd)
    if first is None:
        work.enter(project.id, step=1, **body)
        return draw
    other = relations(work.session, Actor("person", first, organisation_of(work.session, first)), project, work.moment)
    if not any(step.role in side and other & (SIDES[0] | SIDES[1]) - side for side in SIDES):
        raise Refused(Reason("regulator_agrees"))
    draw.wider = {**draw.wider, **{one.category: sorted({*draw.wider.get(one.category, ()), *one.also}) for one in cmd.wider}}
    draw.snapshot_at = work.moment
    work.enter(project.id, **body)
    return draw

