"""An outage of the platform is recorded: from here on no deadline passes while it lasts."""
from pydantic import Field

from kernel.canonical import salted
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, Text
from kernel.identity.reads import roles
from kernel.machine import Facts
from trading.incidents.procedure import PROCEDURE
from trading.incidents.records import Incident


class Open(Cmd):
    """what: what failed. since: when it began, ms. probe: code of the check that failed; witnessed: who saw what."""

    what: str = Field(pattern=r"^(platform|network|storage|sign_in|upload|custodians)$")
    since: int = Field(ge=0)
    probe: str = Field(default="", pattern=r"^[a-z_]{0,40}$")
    witnessed: str = Field(default="", max_length=500)


@command("trading.incidents.open")
def open(work: Work, cmd: Open) -> Incident:
    """Guard: probe_failed_or_witnessed. Malformed where it would begin in the future."""
    work.step(PROCEDURE, "none", roles(work.session, work.actor, work.moment), Facts(probe=cmd.probe, witnessed=cmd.witnessed))
    if cmd.since > work.moment:
        raise Malformed("since", Text("故障开始时间不得晚于现在", "It cannot begin in the future"))
    row: Incident = work.keep(Incident(what=cmd.what, since=cmd.since, probe=cmd.probe, witnessed=cmd.witnessed.strip(), opened=work.moment))
    work.session.flush()
    work.enter(row.id, what=cmd.what, since=cmd.since, probe=cmd.probe or None, witnessed=salted(row.row_salt, row.witnessed) if row.witnessed else None)
    return row
