"""The deadline has come and every bid in time stands in the ledger: the list of each lot is closed for good."""
from pydantic import Field
from sqlalchemy import func, select

from kernel.command import Cmd, Work, command
from kernel.ledger.entries import Entry
from trading.bids.records import Bid, Closing, Envelope, Upload
from trading.bids.rules import closing_root
from trading.desk import hold, move
from trading.incidents.state import holding
from trading.projects.records import Lot, Project

PUTS = ("trading.bids.submit", "trading.bids.replace")


class Close(Cmd):
    project: str = Field(max_length=32)


@command("trading.bids.close", opens="works.opened procurement.announced")
def close(work: Work, cmd: Close) -> list[Closing]:
    """One closing list a lot: root over the sorted live digests, and how many bids. The entry names deadline, grace and
    quorum, which is what a custodian's program holds the bids' checkpoints against.

    The counts are a secret of those who must know them until the opening record stands, so the entry opens with it;
    custodians get its opening with their task.
    """
    project = hold(work, cmd.project)
    session = work.session
    move(work, project, stage_moved_by_clock=True, waiting=waiting(work, project), outage=holding(session, project, work.moment))
    live: dict[str, dict[str, list[str]]] = {}
    rows = session.execute(select(Bid.lot, Bid.id, Envelope.digest).join(Envelope, Envelope.bid == Bid.id).where(Bid.project == project.id, Bid.state == "live"))
    for lot, bid, digest in rows:
        live.setdefault(lot, {}).setdefault(bid, []).append(digest)
    made = []
    for lot in session.scalars(select(Lot.id).where(Lot.project == project.id).order_by(Lot.number)):
        bids = live.get(lot, {})
        digests = sorted(d for of_bid in bids.values() for d in of_bid)
        made.append(work.keep(Closing(project=project.id, lot=lot, root=closing_root(digests), count=len(bids), digests=digests, moment=work.moment)))
    entry = work.enter(
        project.id, roots={c.lot: c.root for c in made}, counts={c.lot: c.count for c in made},
        deadline=project.deadline, grace=project.grace_seconds, quorum=project.quorum,
    )
    for closing in made:
        closing.entry = entry.key
    return made


def waiting(work: Work, project: Project) -> bool:
    """Is a bid in time not sequenced yet, or a whole file in time still on its way from upload to submission?"""
    unplaced = select(func.count()).select_from(Entry).where(Entry.on == project.id, Entry.tag.in_(PUTS), Entry.position.is_(None))
    if work.session.scalar(unplaced):
        return True
    pending = select(func.count()).select_from(Upload).where(
        Upload.project == project.id, Upload.state.in_(["open", "whole"]), Upload.moment.is_not(None), Upload.moment < project.deadline)
    return bool(work.session.scalar(pending))
