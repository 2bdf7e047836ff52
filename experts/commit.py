"""A party binds itself to its contribution before any other party has shown one."""
from pydantic import Field
from sqlalchemy.orm import Session

from experts.desk import contributions_of, hold_draw, move
from experts.records import Contribution, Draw
from kernel.command import Actor, Cmd, Work, command
from kernel.errors import Malformed, Stale, Text
from trading.projects.records import Project
from trading.relations import relations
from trading.sealing.draw_gates import contribution
from trading.sealing.records import Ceremony, Custodian
from trading.sealing.rules.faults import Fault

PARTY_OF = {"agent": "agent", "buyer": "buyer", "regulator": "regulator", "custodian": "centre"}


class Commit(Cmd):
    """commit: SHA-256 of the contribution, hex · blob: key of the same contribution sealed to the tender's key."""

    draw: str = Field(max_length=32)
    commit: str = Field(pattern=r"^[0-9a-f]{64}$")
    blob: str = Field(max_length=32)


@command("experts.commit", opens="announced", signed=True)
def commit(work: Work, cmd: Commit) -> Contribution:
    """The stage moves with the last party. Malformed("blob") where the sealed file is not this party's to this draw."""
    draw, project = hold_draw(work, cmd.draw)
    held = relations(work.session, work.actor, project, work.moment)
    party, spoken = party_of(work.session, work.actor, project, held, draw), contributions_of(work.session, draw)
    move(work, draw, project, held, party=party, spoken=party in spoken)
    if not draw.rules_hash:
        raise Stale
    if {*spoken, party} != set(draw.parties):
        draw.stage = "pooled"
    else:
        draw.committed_at = work.moment
    digest = sealed_digest(work, draw, party, cmd.blob)
    row: Contribution = work.keep(Contribution(
        draw=draw.id, party=party, commit=cmd.commit, blob=cmd.blob, digest=digest, by=work.actor.id, committed=work.moment))
    row.commit_entry = work.enter(project.id, draw=draw.id, party=party, commit=cmd.commit, sealed=digest).key
    return row


def party_of(session: Session, actor: Actor, project: Project, held: set[str], draw: Draw) -> str:
    """For which party the actor speaks, "" for none. A custodian speaks only when it is the centre's own."""
    if actor.kind == "program":
        custodian = session.get(Custodian, actor.id)
        return "centre" if "custodian" in held and custodian is not None and custodian.party == "centre" else ""
    named = [PARTY_OF[role] for role in ("agent", "buyer", "regulator") if role in held]
    return next((party for party in named if party in draw.parties), "")


def sealed_digest(work: Work, draw: Draw, party: str, blob: str) -> str:
    wrong = Malformed("blob", Text("密封文件不属于本次抽取", "The sealed file does not belong to this draw"))
    ceremony = work.session.get_one(Ceremony, draw.ceremony)
    try:
        return contribution(work.centre.blobs.get(blob), draw.id, party, ceremony.key).digest.hex()
    except (Fault, FileNotFoundError) as problem:
        raise wrong from problem
