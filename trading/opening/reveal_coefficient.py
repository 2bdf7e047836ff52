"""After the read-out every party that committed shows its contribution; one that differs from its commitment is refused."""
from pydantic import Field

from kernel import draw
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.desk import hold, move
from trading.opening.commit_coefficient import coefficient_of, party_of
from trading.opening.records import Coefficient
from trading.opening.silence import silent_from
from trading.opening.state import choices, opening_of
from trading.relations import relations


class RevealCoefficient(Cmd):
    """contribution: the 32 random bytes in hex. party: only from the system, which speaks for one whose custodians opened its file."""

    project: str = Field(max_length=32)
    contribution: str = Field(pattern=r"^[0-9a-f]{64}$")
    party: str = Field(default="", max_length=12)


@command("trading.opening.reveal_coefficient", opens="works.opened", signed=True)
def reveal_coefficient(work: Work, cmd: RevealCoefficient) -> Coefficient:
    project = hold(work, cmd.project)
    row, opening = coefficient_of(work, project.id), opening_of(work.session, project.id)
    if row is None:
        raise NotYours
    system = work.actor.kind == "system"
    party = cmd.party if system else party_of(work, project.procedure, relations(work.session, work.actor, project, work.moment))
    fits = party in row.commits and draw.commit(party, bytes.fromhex(cmd.contribution)) == row.commits[party]
    move(
        work, project, choices=choices(work.session, project.id), read_out=opening.read_out if opening else None,
        posted=party in row.reveals, fits=fits, until=silent_from(opening) if system else 0,
    )
    row.reveals = row.reveals | {party: cmd.contribution}
    work.enter(project.id, party=party, contribution=cmd.contribution)
    return row
