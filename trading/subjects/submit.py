"""The organisation submits its file for the check of completeness."""

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.tree import leaf_hash, root
from trading.subjects.desk import hold, move
from trading.subjects.records import Paper, Subject


class Submit(Cmd):
    subject: str = Field(max_length=32)


@command("trading.subjects.submit")
def submit(work: Work, cmd: Submit) -> Subject:
    """Guard: papers_complete. Starts the one working day of both reviews (T49)."""
    subject = hold(work, cmd.subject)
    papers = list(work.session.scalars(select(Paper).where(Paper.subject == subject.id)))
    move(work, subject, paper_kinds={paper.kind for paper in papers})
    subject.round, subject.submitted_at = subject.round + 1, work.moment
    leaves = [leaf_hash(bytes.fromhex(digest)) for digest in sorted(paper.digest for paper in papers)]
    work.enter(subject.id, papers=root(leaves), round=subject.round)
    return subject
