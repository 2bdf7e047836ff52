"""A server that starts with other scripts than the last says so in the ledger, before it serves them (docs/formats/scripts.md)."""
from pydantic import Field
from sqlalchemy import text

from kernel.canonical import canon, sha256
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from kernel.scripts.reads import newest
from kernel.scripts.records import Scripts


class Publish(Cmd):
    """files: path on the server → hex SHA-256 of what it answers."""

    files: dict[str, str] = Field(min_length=1)


@command("kernel.scripts.publish")
def publish(work: Work, cmd: Publish) -> Scripts:
    """Stale where the newest entry says the same."""
    if work.actor.kind != "system":
        raise NotYours
    if not work.centre.database.sqlite:
        work.session.execute(text("select pg_advisory_xact_lock(7104)"))
    digest, last = sha256(canon(cmd.files)).hex(), newest(work.session)
    if last is not None and last.digest == digest:
        raise Stale
    row: Scripts = work.keep(Scripts(files=cmd.files, digest=digest, since=work.moment, entry=""))
    row.entry = work.enter(row.id, files=cmd.files).key
    return row
