"""A paper that was to follow is handed in."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from trading.desk import hold, move
from trading.projects.records import OwedPaper
from trading.subjects.media import media_of


class SupplyPaper(Cmd):
    """blob: where the stored file lies · digest, size: of its bytes."""

    project: str = Field(max_length=32)
    paper: str = Field(max_length=32)
    blob: str = Field(pattern=r"^[a-z2-7]{16}$")
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1, le=2**33)


@command("trading.projects.supply_paper", opens="never")
def supply_paper(work: Work, cmd: SupplyPaper) -> OwedPaper:
    """Guards: paper_owed, file_readable. Until it is looked at, another file takes its place; late is better than never."""
    project = hold(work, cmd.project)
    paper = work.session.get(OwedPaper, cmd.paper, with_for_update=True)
    if paper is None or (paper.project, paper.round) != (project.id, project.round):
        raise NotYours
    small = cmd.size <= work.centre.settings.paper_limit
    media = media_of(work.centre.blobs.get(cmd.blob)) if small else ""
    move(work, project, state=paper.state, media=media)
    paper.blob, paper.digest, paper.size, paper.media = cmd.blob, cmd.digest, cmd.size, media
    paper.state, paper.supplied, paper.remark = "supplied", work.moment, ""
    work.enter(project.id, paper=paper.id, digest=cmd.digest)
    return paper
