"""The agent names who will host the opening: a person of the centre's desk, of neither side."""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Actor, Cmd, Work, command
from kernel.errors import Malformed
from kernel.identity.records import Person
from law.separation import conflicts
from trading.desk import hold, move
from trading.opening.records import Opening
from trading.opening.state import opening_of
from trading.relations import relations
from trading.subjects.records import Membership


class NameHost(Cmd):
    project: str = Field(max_length=32)
    person: str = Field(max_length=32)


@command("trading.opening.name_host", opens="works.opened procurement.announced")
def name_host(work: Work, cmd: NameHost) -> Opening:
    """separation_kept looks at the person named, not only at the one who names. Naming again replaces the host.

    Whoever acts for any supplier is refused, bidder or not: a refusal that told them apart would tell who bids.
    """
    project = hold(work, cmd.project)
    person = work.session.get(Person, cmd.person)
    if person is None or person.status != "active":
        raise Malformed("person")
    org = work.session.scalar(select(Membership.org).where(Membership.person == person.id, Membership.until.is_(None)))
    held = relations(work.session, Actor("person", person.id, org), project, work.moment) - {"public", "host", "taker", "bidder"}
    clash = [pair for role in sorted(held) for pair in conflicts({(role, "tender")}, ("host", "tender"))]
    side = next((role for role in ("buyer", "agent", "supplier") if role in held), "")
    pair = f"{side} × host" if side else str(clash[0]) if clash else None
    move(work, project, pair=pair)
    opening = opening_of(work.session, project.id)
    if opening is None:
        opening = work.keep(Opening(project=project.id, host=person.id))
    opening.host = person.id
    work.enter(project.id)
    return opening
