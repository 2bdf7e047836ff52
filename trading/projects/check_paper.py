"""A reviewer of the file looks at a paper that followed: it does, or it is owed still."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.desk import hold, move
from trading.projects.records import OwedPaper


class CheckPaper(Cmd):
    """good: it is the paper that was owed · remark: what is wrong with it, where it is not."""

    project: str = Field(max_length=32)
    paper: str = Field(max_length=32)
    good: bool
    remark: str = Field(default="", max_length=300)


@command("trading.projects.check_paper", opens="never", signed=True)
def check_paper(work: Work, cmd: CheckPaper) -> OwedPaper:
    """Guards: paper_supplied, reason_given. By either of the two who were drawn for the file; they look whether it is there, and approve nothing."""
    project = hold(work, cmd.project)
    paper = work.session.get(OwedPaper, cmd.paper, with_for_update=True)
    if paper is None or (paper.project, paper.round) != (project.id, project.round):
        raise NotYours
    move(work, project, state=paper.state, good=cmd.good, remark=cmd.remark)
    paper.state, paper.settled = ("settled", work.moment) if cmd.good else ("owed", None)
    paper.remark = "" if cmd.good else cmd.remark.strip()
    work.enter(project.id, paper=paper.id, digest=paper.digest, good=1 if cmd.good else 0)
    return paper
