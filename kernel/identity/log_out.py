"""A person ends the session."""

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity import sessions
from kernel.identity.records import WebSession


class LogOut(Cmd):
    """session: the key of the SessionView that ends."""

    session: str


@command("kernel.identity.log_out", opens="never")
def log_out(work: Work, cmd: LogOut) -> None:
    row = work.session.get(WebSession, cmd.session)
    if row is None or row.person != work.actor.id:
        raise NotYours
    work.role = "public"
    sessions.end(work.session, cmd.session)
    work.enter(work.actor.id)
