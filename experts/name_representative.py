"""The buyer sends somebody to sit in the committee: no expert, never the chair in procurement, at most one third."""
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from experts.desk import hold_draw, key_of, live_seats, move, salt
from experts.fill import LETTERS
from experts.library import STAFF, codes
from experts.records import Expert, Seat
from experts.rules.exclusions import BIDDER, RELATION
from kernel import draw as tdraw
from kernel.command import Actor, Cmd, Work, command
from kernel.errors import NotYours, Stale
from kernel.identity.reads import person as known
from kernel.identity.reads import roles
from trading.bids.records import Bid
from trading.opening.records import Attendance
from trading.projects.records import Project
from trading.subjects.records import Membership


class NameRepresentative(Cmd):
    """authorisation: SHA-256 of the buyer's letter, hex; empty when none is attached."""

    draw: str = Field(max_length=32)
    person: str = Field(max_length=32)
    authorisation: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


@command("experts.name_representative", opens="never", signed=True)
def name_representative(work: Work, cmd: NameRepresentative) -> Seat:
    """Where the committee was filled already, the newcomer takes over the letter of the representative who left."""
    draw, project = hold_draw(work, cmd.draw)
    someone, key = known(work.session, cmd.person), key_of(work.session, draw)
    if someone is None or key is None:
        raise NotYours
    seats = live_seats(work.session, project.id)
    named = 1 + sum(seat.kind == "buyer_rep" for seat in seats)
    move(work, draw, project, authorisation=cmd.authorisation, named=named, related=related(work.session, project, someone.id, work.moment))
    if any(seat.person == someone.id for seat in seats):
        raise Stale
    free = next(letter for letter in LETTERS if letter not in {seat.letter for seat in seats})
    row: Seat = work.keep(Seat(
        letter=free if draw.stage == "filled" else "",
        project=project.id, draw=draw.id, kind="buyer_rep", person=someone.id, expert="", pid=tdraw.pid(salt(key, someone.id), someone.id),
        authorisation=cmd.authorisation, accepted=work.moment))
    work.enter(project.id, draw=draw.id, seat=row.pid)
    return row


def related(session: Session, project: Project, someone: str, now: int) -> bool:
    """Staff of the centre or an authority, somebody present at the opening (87号令 第四十条), people of a bidder or of the agency."""
    if roles(session, Actor("person", someone), now) & set(STAFF):
        return True
    if session.scalar(select(Attendance.id).where(Attendance.project == project.id, Attendance.person == someone)):
        return True
    org = session.scalar(select(Membership.org).where(Membership.person == someone, Membership.until.is_(None)))
    bidding = session.scalar(select(Bid.id).where(Bid.project == project.id, Bid.org == org, Bid.state == "live")) if org else None
    if bidding or (org and org == project.agent):
        return True
    expert = session.scalar(select(Expert).where(Expert.person == someone))
    return expert is not None and codes(session, project, [expert], now, seated_count=False).get(expert.id) in (BIDDER, RELATION)
