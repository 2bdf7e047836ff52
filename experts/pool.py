"""The pool: everybody eligible, under meaningless numbers, fixed before any randomness exists. Irreversible."""
from pydantic import Field
from sqlalchemy import insert

from experts.desk import hold_draw, key_of, law_on, move, org_tag, quota, salt
from experts.library import codes, eligible
from experts.records import Draw, Expert, PoolMember
from experts.rules.categories import cats
from kernel import draw as tdraw
from kernel.command import Cmd, Work, command


class Pool(Cmd):
    draw: str = Field(max_length=32)


@command("experts.pool", opens="announced")
def pool(work: Work, cmd: Pool) -> Draw:
    """The excluded stand in the pool too (the rules name them), but only the others count against the seats."""
    draw, project = hold_draw(work, cmd.draw)
    key = key_of(work.session, draw)
    assert key is not None, "a draw without its key cannot take a pool"
    people = eligible(work.session, draw)
    gone = codes(work.session, project, people, work.moment)
    factor = law_on(project, work.moment, "draw.pool_factor").value
    move(work, draw, project, pool_factor=factor, eligible=counts(draw, people, gone))
    members = [entry(draw, one, key) for one in people]
    draw.pool_root, draw.pool_size = tdraw.pool_root(members), len(members)
    rows = [{"draw": draw.id, "pid": m.pid, "cats": list(m.cats), "org": m.org, "w": m.w} for m in members]
    work.session.execute(insert(PoolMember), rows)
    draw.pool_entry = work.enter(project.id, draw=draw.id, pool=draw.pool_root).key
    return draw


def counts(draw: Draw, people: list[Expert], gone: dict[str, str]) -> dict[str, int]:
    """category → how many may be called."""
    categories = [category for category, _ in quota(draw)]
    served = [cats(one.specialties, categories, draw.wider) for one in people if one.id not in gone]
    return {category: sum(category in own for own in served) for category in categories}


def entry(draw: Draw, one: Expert, key: bytes) -> tdraw.Entry:
    own = cats(one.specialties, [category for category, _ in quota(draw)], draw.wider)
    return tdraw.Entry(tdraw.pid(salt(key, one.id), one.id), own, org_tag(key, one.employer_code, one.employer))
