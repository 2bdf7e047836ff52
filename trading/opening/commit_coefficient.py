"""A party commits to its contribution to the coefficient's draw, before any price is known (works; tdraw/v1)."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Text
from trading.desk import hold, move
from trading.opening.records import Coefficient
from trading.opening.state import ceremony_of, choices, opening_of
from trading.procedures import procedure
from trading.relations import relations
from trading.sealing.draw_gates import contribution
from trading.sealing.rules.faults import Fault


class CommitCoefficient(Cmd):
    """commit: kernel.draw.commit(party, 32 random bytes); party is the role that acts: host, regulator, agent or buyer.
    blob: key of the same bytes sealed to the tender's key as a file of part draw, lot = party, tender = the project."""

    project: str = Field(max_length=32)
    commit: str = Field(pattern=r"^[0-9a-f]{64}$")
    blob: str = Field(max_length=32)


@command("trading.opening.commit_coefficient", opens="works.opened", signed=True)
def commit_coefficient(work: Work, cmd: CommitCoefficient) -> Coefficient:
    project = hold(work, cmd.project)
    texts, opening = choices(work.session, project.id), opening_of(work.session, project.id)
    row = coefficient_of(work, project.id)
    party = party_of(work, project.procedure, relations(work.session, work.actor, project, work.moment))
    move(
        work, project, choices=texts, drawn=opening.read_out if opening else None, posted=row is not None and party in row.commits,
    )
    digest = _sealed(work, project.id, cmd.blob)
    if row is None:
        row = work.keep(Coefficient(project=project.id, choices=list(texts), commits={}, sealed={}, reveals={}))
    row.commits, row.sealed = row.commits | {work.role: cmd.commit}, row.sealed | {work.role: cmd.blob}
    work.enter(project.id, party=work.role, commit=cmd.commit, sealed=digest)
    return row


def _sealed(work: Work, project: str, blob: str) -> str:
    """Digest of the sealed contribution. Malformed("sealed") for a file of another party, draw or key."""
    ceremony, _ = ceremony_of(work.session, project)
    try:
        return contribution(work.centre.blobs.get(blob), project, work.role, ceremony.key).digest.hex()
    except (Fault, FileNotFoundError):
        raise Malformed("sealed", Text("密封文件不属于本次抽取", "The sealed file does not belong to this draw")) from None


def coefficient_of(work: Work, project: str) -> Coefficient | None:
    return work.session.scalar(select(Coefficient).where(Coefficient.project == project))


def party_of(work: Work, name: str, held: set[str]) -> str:
    """The role in which this person will act: the same choice that the table makes."""
    return next((role for role in procedure(name).index[work.tag].by if role in held), "")


