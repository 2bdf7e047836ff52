"""A licence or proof is added to the organisation's file. Its name is not asked for and not kept (S11)."""

from pydantic import Field

from kernel.blobs import Blob
from kernel.command import Cmd, Work, command
from trading.subjects.desk import hold, move
from trading.subjects.media import media_of
from trading.subjects.records import Paper


class AddPaper(Cmd):
    subject: str = Field(max_length=32)
    kind: str = Field(pattern="^(licence|authorisation|qualification|other)$")


@command("trading.subjects.add_paper")
def add_paper(work: Work, cmd: AddPaper, blob: Blob) -> Paper:
    """Guards: review_not_running, file_readable. blob: kept beforehand (trading.subjects.papers.receive)."""
    subject = hold(work, cmd.subject)
    small = blob.size <= work.centre.settings.paper_limit
    media = media_of(work.centre.blobs.get(blob.key)) if small else ""
    move(work, subject, media=media)
    paper: Paper = work.keep(
        Paper(subject=subject.id, kind=cmd.kind, blob=blob.key, digest=blob.digest, size=blob.size, media=media, added=work.moment)
    )
    work.enter(subject.id, digest=blob.digest, kind=cmd.kind)
    return paper
