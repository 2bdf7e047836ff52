"""The file goes to review: from here on it changes only when it comes back."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.projects.dossier import dossier, ready_ceremony
from trading.projects.records import Project


class Submit(Cmd):
    project: str = Field(max_length=32)


@command("trading.projects.submit", opens="inviting", signed=True)
def submit(work: Work, cmd: Submit) -> Project:
    """Guards: document_complete, key_ready, buyer_confirmed. Effects: stage review, a new round, the file's digest fixed."""
    project = hold(work, cmd.project)
    file, ceremony = dossier(work.session, project), ready_ceremony(work.session, project.id)
    move(work, project, missing=file.missing, digest=file.digest, confirmed_digest=file.confirmed_digest,
         ceremony_stage=ceremony.stage if ceremony else "")
    project.round += 1
    project.submitted_at = work.moment
    project.document_digest = file.digest
    work.enter(project.id, digest=file.digest, round=project.round)
    return project
