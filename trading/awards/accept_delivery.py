"""The delivery is judged item by item by somebody who did not handle the purchase."""
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from kernel.canonical import canon, plain, sha256
from kernel.command import Cmd, Work, command
from trading.awards.records import Acceptance
from trading.desk import hold, move
from trading.projects.records import Confirmation


class Item(Cmd):
    """result: empty while the item is not judged."""

    name: str = Field(min_length=1, max_length=120)
    result: Literal["", "met", "not_met"] = ""
    note: str = Field(default="", max_length=500)


class AcceptDelivery(Cmd):
    project: str = Field(max_length=32)
    items: tuple[Item, ...] = Field(max_length=200)


@command("trading.awards.accept_delivery", signed=True)
def accept_delivery(work: Work, cmd: AcceptDelivery) -> Acceptance:
    """Guards: other_than_purchaser, acceptance_items_judged."""
    project = hold(work, cmd.project)
    purchasers = set(work.session.scalars(select(Confirmation.person).where(Confirmation.project == project.id))) | {project.created_by}
    move(work, project, person=work.actor.id, purchasers=purchasers, items=cmd.items)
    items = plain(list(cmd.items))
    digest = sha256(canon(items)).hex()
    row: Acceptance = work.keep(Acceptance(project=project.id, person=work.actor.id, items=items, digest=digest, at=work.moment))
    work.enter(project.id, acceptance=digest)
    return row
