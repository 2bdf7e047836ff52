"""The agent checks one member's face and paper at the area's terminal (87号令 第四十五条(一))."""
from pydantic import Field
from sqlalchemy import select

from evaluation.desk import act, hold
from evaluation.records import Member
from kernel.command import Cmd, Work, command
from kernel.errors import NotYours


class VerifyMember(Cmd):
    """authorisation: SHA-256 (hex) of a representative's letter, empty for an expert."""

    project: str = Field(max_length=32)
    seat: str = Field(pattern=r"^[A-Z]$")
    face: bool
    paper: bool
    authorisation: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


@command("evaluation.verify_member", opens="never")
def verify_member(work: Work, cmd: VerifyMember) -> Member:
    """A watched read as well: the entry says that this seat's identity was looked at. The seat unlocks."""
    project, room = hold(work, cmd.project)
    member = work.session.scalar(select(Member).where(
        Member.session == room.id, Member.seat == cmd.seat, Member.recused.is_(None)).with_for_update())
    if member is None:
        raise NotYours
    act(work, project, room, face=cmd.face, paper=cmd.paper, kind=member.kind, authorisation=cmd.authorisation)
    member.verified, member.authorisation = work.moment, cmd.authorisation
    work.enter(project.id, seat=member.seat)
    return member
