"""A device gets its place: two technicians tie a fresh Ed25519 key to a room."""
from hashlib import sha256

from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.identity.reads import roles
from kernel.machine import Facts
from kernel.seconds import seconded
from rooms.desk import hold_rooms
from rooms.procedure import PLACES
from rooms.records import Device


class EnrolDevice(Cmd):
    """key: the device's public Ed25519 key in hex."""

    room: str = Field(max_length=32)
    kind: str = Field(pattern="^(terminal|seat|camera|screen|door|gate)$")
    label: str = Field(min_length=1, max_length=40)
    key: str = Field(pattern="^[0-9a-f]{64}$")


@command("rooms.enrol_device", opens="now")
def enrol_device(work: Work, cmd: EnrolDevice) -> Device | None:
    """Guards: device_key_fresh, second_person_confirms. None after the first voice."""
    (room,) = hold_rooms(work, cmd.room)
    known = work.session.scalar(select(Device.id).where(Device.key == cmd.key)) is not None
    work.step(PLACES, room.status, roles(work.session, work.actor, work.moment), Facts(now=work.moment, key_known=known))
    digest = sha256(bytes.fromhex(cmd.key)).hexdigest()
    if seconded(work, room.id, cmd) is None:
        work.enter("rooms", step=1, key=digest)
        return None
    device: Device = work.keep(Device(room=room.id, kind=cmd.kind, label=cmd.label, key=cmd.key, enrolled=work.moment))
    work.enter("rooms", device=device.id or "", key=digest)
    return device
