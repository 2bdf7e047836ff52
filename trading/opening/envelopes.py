"""Which sealed files may be opened now, and who may know a price (protocols §1.6).

One envelope: everything at the opening. Two: at the opening all but the prices; the prices when the committee has called
for them, of the bids that still stand and of no other. Until those are read out a price is what it is before any opening.
"""
from dataclasses import dataclass

from sqlalchemy.orm import Session

from law.secrecy import form
from law.stages import at_or_after, place
from trading.opening.records import Opening
from trading.opening.state import Listed, called, ceremony_of, closings, listed, occasion, turn
from trading.projects.records import Project
from trading.sealing.rules.partials import Occasion

OF_PRICES = ("price_part", "partials", "decryption_state")  # kinds of information that follow the prices, not the stage


@dataclass(frozen=True)
class Asked:
    """What custodians are asked for now. envelope: 1 or 2 · files: digest → file."""

    envelope: int
    occasion: Occasion
    files: dict[bytes, Listed]


def asked(session: Session, project: Project) -> Asked | None:
    """None where nothing may be opened."""
    number, lists, call = turn(session, project), closings(session, project.id), called(session, project)
    if not number or not lists:
        return None
    files, (ceremony, _) = listed(session, project.id, lists), ceremony_of(session, project.id)
    if call is not None:
        wanted = {bytes.fromhex(digest) for digest in call.digests}
        return Asked(2, occasion(session, ceremony, call.entry), {digest: file for digest, file in files.items() if digest in wanted})
    first = {digest: file for digest, file in files.items() if project.envelopes == 1 or file.part != "price"}
    return Asked(1, occasion(session, ceremony, lists[0].entry), first)


def prices_shut(project: Project, opening: Opening | None) -> bool:
    """Two envelopes, and the second has not been read out."""
    return project.envelopes == 2 and (opening is None or opening.prices_read is None)


def seen_as(information: str, roles: set[str], project: Project, opening: Opening | None, stage: str, at: str = "outside") -> str:
    """The form in which the matrix gives this information. After the read-out prices stand as in an opened tender, all at one
    moment; of two envelopes whatever tells of them stands as in an opening until then, also where the tender has ended."""
    if information in OF_PRICES and prices_shut(project, opening) and at_or_after(place(stage, project.stopped_at), "opening"):
        return form(information, roles, project.field, "opening", at=at)
    read = stage == "opening" and opening is not None and opening.read_out is not None
    return form(information, roles, project.field, "opened" if read else stage, project.stopped_at, at=at)

