"""The recording of an opening or an evaluation begins.

devices counts the recorders that report their segments. With none the entry says devices 0: it then proves when the
recording was due to run, and claims nothing about a picture.
"""
from typing import Literal

from pydantic import Field

from evaluation.area.desk import act, tender
from evaluation.area.presence import recording
from evaluation.area.records import Recording
from kernel.canonical import canon, sha256
from kernel.command import Cmd, Work, command
from kernel.errors import Stale


class StartRecording(Cmd):
    """clock_off: the recorders' largest difference from the centre's clock in ms · faulty: recorders that failed their self-test."""

    project: str = Field(max_length=32)
    place: Literal["opening", "evaluation"]
    devices: int = Field(default=0, ge=0, le=64)
    faulty: int = Field(default=0, ge=0, le=64)
    clock_off: int = Field(default=0, ge=-86_400_000, le=86_400_000)


@command("evaluation.area.start_recording", opens="never")
def start_recording(work: Work, cmd: StartRecording) -> Recording:
    """Guards: devices_whole, clock_agrees. Stale when it runs or ran already."""
    project = tender(work, cmd.project)
    if recording(work.session, project.id, cmd.place) is not None:
        raise Stale
    act(work, project, while_suspended=True, faulty=cmd.faulty, clock_off=cmd.clock_off)
    first = sha256(canon({"v": 1, "project": project.id, "place": cmd.place, "started": work.moment, "devices": cmd.devices})).hex()
    row: Recording = work.keep(Recording(project=project.id, place=cmd.place, devices=cmd.devices, started=work.moment, first=first, segments=[]))
    work.enter(project.id, place=cmd.place, devices=cmd.devices, first=first)
    return row
