"""After a refusal its sender is told; after the signed record the deposits are joined to their bids."""
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import Text
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.bids.join_deposits import JoinDeposits, join_deposits
from trading.bids.records import Attempt
from trading.subjects.records import Membership


@reaction("trading.bids.note_refused")
def tell_sender(centre: Centre, entry: Entry) -> None:
    """Only the sender's own people, and without the tender's title: before the opening a subject line says nothing."""
    with centre.database.writing() as session:
        attempt = session.scalar(select(Attempt).where(Attempt.project == entry.on, Attempt.moment == entry.moment))
        if attempt is None:
            return
        for person in session.scalars(select(Membership.person).where(Membership.org == attempt.org, Membership.until.is_(None))):
            send(session, f"refused/{attempt.id}", person, entry.moment, Text("一次递交未被接受", "A submission was not accepted"),
                 Text("请登录查看原因。记录已保存。", "Log in to see why. The attempt is on record."), on=entry.on)
        session.commit()


@reaction("trading.opening.sign_record")
def join(centre: Centre, entry: Entry) -> None:
    join_deposits(centre, SYSTEM, JoinDeposits(project=entry.on))
