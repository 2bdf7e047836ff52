"""A member who has read the list of bidders declares that nothing ties him to any of them."""
from pydantic import Field

from evaluation.bids import contenders, list_digest
from evaluation.desk import act, hold, own
from evaluation.records import Member
from kernel.command import Cmd, Work, command


class DeclareNoInterest(Cmd):
    """bidders: digest of the list that stood on the screen (evaluation.reads.bidder_list)."""

    project: str = Field(max_length=32)
    bidders: str = Field(max_length=64)


@command("evaluation.declare_no_interest", opens="never", signed=True)
def declare_no_interest(work: Work, cmd: DeclareNoInterest) -> Member:
    """Guards: pledged, bidder_list_shown."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    act(work, project, room, member=member, list_read=cmd.bidders, list_digest=list_digest(contenders(work.session, project)))
    member.declared = work.moment
    work.enter(project.id, seat=member.seat)
    return member
