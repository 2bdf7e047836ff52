"""A party commits to its contribution to the coefficient's draw, before any price is known (works; tdraw/v1)."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.opening.records import Coefficient
from trading.opening.state import choices, opening_of
from trading.procedures import procedure
from trading.relations import relations


class CommitCoefficient(Cmd):
    """commit: kernel.draw.commit(party, 32 random bytes); party is the role that acts: host, regulator, agent or buyer."""

    project: str = Field(max_length=32)
    commit: str = Field(pattern=r"^[0-9a-f]{64}$")


@command("trading.opening.commit_coefficient", opens="works.opened", signed=True)
def commit_coefficient(work: Work, cmd: CommitCoefficient) -> Coefficient:
    project = hold(work, cmd.project)
    texts, opening = choices(work.session, project.id), opening_of(work.session, project.id)
    row = coefficient_of(work, project.id)
    party = party_of(work, project.procedure, relations(work.session, work.actor, project, work.moment))
    move(
        work, project, choices=texts, drawn=opening.read_out if opening else None, posted=row is not None and party in row.commits,
    )
    if row is None:
        row = work.keep(Coefficient(project=project.id, choices=list(texts), commits={}, reveals={}))
    row.commits = row.commits | {work.role: cmd.commit}
    work.enter(project.id, party=work.role, commit=cmd.commit)
    return row


def coefficient_of(work: Work, project: str) -> Coefficient | None:
    return work.session.scalar(select(Coefficient).where(Coefficient.project == project))


def party_of(work: Work, name: str, held: set[str]) -> str:
    """The role in which this person will act: the same choice that the table makes."""
    return next((role for role in procedure(name).index[work.tag].by if role in held), "")


