"""The rules of a draw, with who is recused and why, as codes: fixed after the pool, before any contribution. Irreversible."""
from pydantic import Field

from experts.desk import hold_draw, key_of, move, rules_of, salt
from experts.library import bidders_known, codes, eligible
from experts.records import Draw
from kernel import draw as tdraw
from kernel.command import Cmd, Work, command
from kernel.errors import Stale


class FixRules(Cmd):
    draw: str = Field(max_length=32)


@command("experts.fix_rules", opens="announced")
def fix_rules(work: Work, cmd: FixRules) -> Draw:
    draw, project = hold_draw(work, cmd.draw)
    if draw.rules_hash:
        raise Stale
    move(work, draw, project, **bidders_known(work.session, project))
    key = key_of(work.session, draw)
    assert key is not None, "a draw without its key cannot fix its rules"
    gone = codes(work.session, project, eligible(work.session, draw), work.moment)
    draw.excluded = sorted([tdraw.pid(salt(key, expert), expert), code] for expert, code in gone.items())
    draw.rules_hash = tdraw.rules_hash(rules_of(draw))
    draw.rules_entry = work.enter(project.id, draw=draw.id, rules=draw.rules_hash, parties=sorted(draw.parties)).key
    return draw
