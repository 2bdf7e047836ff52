"""A member signs the pledge of discipline; only then the list of bidders is shown to the seat."""
from pydantic import Field

from evaluation.area.presence import phone_stored
from evaluation.desk import act, hold, own
from evaluation.records import Member
from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from kernel.errors import Text

TEXT = Text(
    "本人承诺：独立、客观、公正评审；不私下接触投标人；不泄露评审情况；不记录、复制、带走评审资料；发现违法行为立即报告。",
    "I shall evaluate independently, objectively and fairly; meet no bidder in private; disclose nothing of the evaluation; "
    "record, copy and carry away nothing; and report any illegal act at once.",
)
DIGEST = sha256(TEXT.zh.encode()).hex()


class Pledge(Cmd):
    project: str = Field(max_length=32)


@command("evaluation.pledge", opens="never", signed=True)
def pledge(work: Work, cmd: Pledge) -> Member:
    """Guards: member_verified, phone_in_locker."""
    project, room = hold(work, cmd.project)
    member = own(work, room)
    act(work, project, room, member=member, phone_stored=phone_stored(work.session, project.id, member.person))
    member.pledged = work.moment
    work.enter(project.id, seat=member.seat, text=DIGEST)
    return member
