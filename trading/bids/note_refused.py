"""A refused submission is kept: near a deadline a refusal must be provable, for both sides.

The refused transaction is gone; this second, small command of the system writes what was tried.
"""
from pydantic import Field
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import SYSTEM, Actor, Cmd, Work, command
from kernel.errors import Refused
from kernel.identity.signing import Signature
from trading.bids.records import Attempt, Bid, Upload
from trading.bids.replace import Replace, replace
from trading.bids.rules import NOTED
from trading.bids.submit import Submit, submit
from trading.desk import hold, move


class NoteRefused(Cmd):
    """digest: of the first part that came, empty when none was whole."""

    project: str = Field(max_length=32)
    org: str = Field(max_length=32)
    guard: str = Field(max_length=40)
    digest: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    uploads: tuple[str, ...] = Field(default=(), max_length=3)


@command("trading.bids.note_refused", opens="never")
def note_refused(work: Work, cmd: NoteRefused) -> Attempt:
    """Guard attempt_real: a guard worth noting, and files of this organisation that lie here unused."""
    project = hold(work, cmd.project)
    rows = list(work.session.scalars(select(Upload.id).where(
        Upload.id.in_(cmd.uploads), Upload.org == cmd.org, Upload.project == cmd.project, Upload.state.in_(["open", "whole"]))))
    move(work, project, while_suspended=True, guard=cmd.guard, known=bool(rows) and len(rows) == len(set(cmd.uploads)))
    attempt: Attempt = work.keep(Attempt(project=project.id, org=cmd.org, guard=cmd.guard, digest=cmd.digest, moment=work.moment))
    work.enter(project.id, guard=cmd.guard, digest=cmd.digest or None)
    return attempt


def attempt(centre: Centre, actor: Actor, cmd: Submit, sig: Signature | None = None) -> Bid:
    """Submits or replaces; a refusal worth knowing is noted and then raised again. What the web calls."""
    act = replace if isinstance(cmd, Replace) else submit
    try:
        return act(centre, actor, cmd, sig=sig)
    except Refused as refusal:
        if refusal.reason.rule in NOTED and actor.org:
            note_refused(centre, SYSTEM, NoteRefused(
                project=cmd.project, org=actor.org, guard=refusal.reason.rule, digest=cmd.parts[0].digest,
                uploads=tuple(ref.upload for ref in cmd.parts),
            ))
        raise
