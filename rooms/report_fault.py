"""A device is reported faulty, or whole again after its self-test."""
from pydantic import Field

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours
from kernel.identity.reads import roles
from kernel.machine import Facts
from rooms.procedure import PLACES
from rooms.records import Device


class ReportFault(Cmd):
    device: str = Field(max_length=32)
    state: str = Field(pattern="^(whole|faulty|retired)$")


@command("rooms.report_fault", opens="now")
def report_fault(work: Work, cmd: ReportFault) -> Device:
    device = work.session.get(Device, cmd.device, with_for_update=True)
    work.step(PLACES, "open", roles(work.session, work.actor, work.moment), Facts(now=work.moment))
    if device is None or device.state == "retired":
        raise NotYours
    device.state, device.tested = cmd.state, work.moment
    work.enter("rooms", device=device.id, state=cmd.state)
    return device
