"""Two reviewers are drawn for a file: nobody chooses who looks at it, and everybody can repeat the draw later.

The order is HMAC(leaf of the submitting act, person) over those on duty; the leaf exists only after the submission.
"""
import hashlib
import hmac

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import Reason, Refused, Stale, Text
from kernel.identity.reads import holders
from kernel.ledger.entries import Entry
from trading.desk import hold, move
from trading.green.records import Advice
from trading.projects.records import ProjectAssignment
from trading.subjects.records import Membership


class Assign(Cmd):
    project: str = Field(max_length=32)


def order(leaf: str, persons: list[str]) -> list[str]:
    """Persons in the order drawn. leaf: hex hash of the submitting act's leaf."""
    key = bytes.fromhex(leaf)
    return sorted(persons, key=lambda person: hmac.new(key, person.encode(), hashlib.sha256).digest())


@command("trading.projects.assign", opens="inviting")
def assign(work: Work, cmd: Assign) -> list[ProjectAssignment]:
    """Effects: one assignment for each slot, of two persons, neither of whom drafted, submitted or advised on the file.

    Refused("other_than_first"): too few reviewers on duty; a timer tries again.
    """
    project = hold(work, cmd.project)
    move(work, project)
    if work.session.scalar(select(ProjectAssignment.id).where(ProjectAssignment.project == project.id, ProjectAssignment.round == project.round).limit(1)):
        raise Stale
    leaf, submitter = work.session.execute(select(Entry.o, Entry.actor).where(
        Entry.tag == "trading.projects.submit", Entry.on == project.id).order_by(Entry.number.desc()).limit(1)).one()
    barred = {project.created_by, submitter} | set(work.session.scalars(select(Membership.person).where(
        Membership.org.in_([o for o in (project.buyer, project.agent) if o]), Membership.until.is_(None))))
    barred |= set(work.session.scalars(select(Advice.person).where(Advice.project == project.id))) | {project.adviser}
    drawn: list[str] = []
    for role in ("reviewer1", "reviewer2"):
        able = [p.id for p in holders(work.session, role, work.moment, project.field) if p.id not in barred and p.id not in drawn]
        if not able:
            raise Refused(Reason("other_than_first", Text("在岗审核员不足两名", "fewer than two reviewers on duty")))
        drawn.append(order(leaf, able)[0])
    rows = [work.keep(ProjectAssignment(project=project.id, round=project.round, slot=slot, person=person, at=work.moment))
            for slot, person in enumerate(drawn, 1)]
    work.enter(project.id, round=project.round)
    return rows
