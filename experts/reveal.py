"""A party shows its contribution; with the last one the seed exists and with it the one order of calling. Irreversible."""
from pydantic import Field
from sqlalchemy import select, update

from experts.commit import party_of
from experts.desk import contributions_of, hold_draw, move, rules_of
from experts.records import Contribution, Draw, PoolMember
from kernel import draw as tdraw
from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from trading.relations import relations
from trading.sealing.draw_gates import SILENCE


class Reveal(Cmd):
    """party is needed only from the system, which speaks for a silent one after its custodians opened the sealed file."""

    draw: str = Field(max_length=32)
    value: str = Field(pattern=r"^[0-9a-f]{64}$")
    party: str = Field(default="", max_length=12)


@command("experts.reveal", opens="announced", signed=True)
def reveal(work: Work, cmd: Reveal) -> Draw:
    """The stage moves with the last party."""
    draw, project = hold_draw(work, cmd.draw)
    held = relations(work.session, work.actor, project, work.moment)
    system = work.actor.kind == "system"
    party = cmd.party if system else party_of(work.session, work.actor, project, held, draw)
    given = contributions_of(work.session, draw)
    own = given.get(party)
    move(
        work, draw, project, held, party=party, committed=set(given), spoken=bool(own and own.value),
        until=(draw.committed_at or 0) + (SILENCE if system else 0),
        commit_given=tdraw.commit(party, bytes.fromhex(cmd.value)), commit_kept=own.commit if own else "",
    )
    assert own is not None
    own.value, own.revealed = cmd.value, work.moment
    if any(not one.value for one in given.values()):
        draw.stage = "committed"
        work.enter(project.id, draw=draw.id, party=party, r=cmd.value)
        return draw
    order = sow(work, draw, given)
    draw.seed_entry = work.enter(project.id, draw=draw.id, party=party, r=cmd.value, order=order).key
    return draw


def sow(work: Work, draw: Draw, given: dict[str, Contribution]) -> str:
    """Writes seed and places; returns the hash over the pids in the order of calling."""
    shown = {party: bytes.fromhex(one.value) for party, one in given.items()}
    seed = tdraw.seed(draw.id, draw.pool_root, draw.rules_hash, shown)
    draw.seed = seed.hex()
    members = work.session.scalars(select(PoolMember).where(PoolMember.draw == draw.id))
    pool = [tdraw.Entry(m.pid, tuple(m.cats), m.org, m.w) for m in members]
    order = tdraw.order(seed, pool, rules_of(draw).recused)
    places = [{"draw": draw.id, "pid": entry.pid, "place": place} for place, entry in enumerate(order, 1)]
    work.session.execute(update(PoolMember), places)
    return sha256(b"".join(bytes.fromhex(entry.pid) for entry in order)).hex()
