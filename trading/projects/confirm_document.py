"""The buyer confirms the document, by the digest of everything in the file."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import Stale
from trading.desk import hold, move
from trading.projects.dossier import dossier
from trading.projects.records import Confirmation


class ConfirmDocument(Cmd):
    """digest: what the buyer read; the file may have changed meanwhile."""

    project: str = Field(max_length=32)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


@command("trading.projects.confirm_document", opens="inviting", signed=True)
def confirm_document(work: Work, cmd: ConfirmDocument) -> Confirmation:
    """Guard: document_complete. Stale where the file is no longer what was read."""
    project = hold(work, cmd.project)
    file = dossier(work.session, project)
    move(work, project, missing=file.missing)
    if file.digest != cmd.digest:
        raise Stale
    row: Confirmation = work.keep(Confirmation(project=project.id, digest=file.digest, person=work.actor.id, at=work.moment))
    work.enter(project.id, digest=file.digest)
    return row
