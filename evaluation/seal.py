"""Everybody has signed or is noted: the report is set with its signatures, sealed by the centre, and changes no more."""
from typing import Any

from pydantic import Field
from sqlalchemy import select

from evaluation.area.presence import recording
from evaluation.desk import act, hold, members
from evaluation.records import ReportSignature, Session
from evaluation.report import data
from kernel.command import Cmd, Work, command
from kernel.documents import pdf, sign


class Seal(Cmd):
    project: str = Field(max_length=32)


@command("evaluation.seal", opens="now")
def seal(work: Work, cmd: Seal) -> Session:
    """Guards: all_signed_or_noted, recording_whole (a gap warns and stands in the entry)."""
    project, room = hold(work, cmd.project)
    sitting = members(work.session, room)
    stands = set(work.session.scalars(select(ReportSignature.member).where(ReportSignature.session == room.id)))
    tape = recording(work.session, project.id, "evaluation")
    act(work, project, room, unsigned=sum(m.id not in stands for m in sitting), recording=tape is not None, gaps=tape.gaps if tape else 0)
    blob = work.centre.blobs.put(sign(work.centre, pdf(work.centre, "evaluation_report", data(work, project, room, sitting))))
    room.sealed_blob, room.sealed_digest, room.sealed_at = blob.key, blob.digest, work.moment
    warned: dict[str, Any] = {"warn": [reason.rule for reason in work.warnings]} if work.warnings else {}
    work.enter(project.id, report=blob.digest, read=room.report_digest, **warned)
    return room
