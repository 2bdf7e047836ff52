"""Custodians fail, and the bidder's own file keys open what is sealed: its commitment proves the key, its cipher the content.

The document says whether this way is open (电子招标投标办法 第三十一条). What was given in is opened by the same act as
everything else, and read out at the same moment.
"""
from pydantic import Field
from sqlalchemy import select

from kernel.command import Cmd, Work, command
from kernel.errors import NotYours, Stale
from trading.bids.records import Bid, Envelope
from trading.desk import hold, move
from trading.opening.envelopes import asked
from trading.opening.locks import envelope_of, secret_of
from trading.opening.records import Opened, Rescued
from trading.opening.state import front, opening_of
from trading.sealing.rules.envelope import commitment_fits


class PartKey(Cmd):
    """file_key: hex, as the bidder's key file holds it."""

    part: str = Field(pattern=r"^(price|commercial|technical)$")
    file_key: str = Field(pattern=r"^[0-9a-f]{64}$")


class Rescue(Cmd):
    project: str = Field(max_length=32)
    bid: str = Field(max_length=32)
    keys: tuple[PartKey, ...] = Field(min_length=1, max_length=3)


@command("trading.opening.rescue", opens="works.opened procurement.announced", signed=True)
def rescue(work: Work, cmd: Rescue) -> list[Rescued]:
    """Guards: turn_has_come, rescue_in_document, not_decrypted, receipt_key_fits. A host gives in what its bidder hands over in the hall."""
    project = hold(work, cmd.project)
    session, bid = work.session, work.session.get(Bid, cmd.bid)
    if bid is None or bid.project != project.id or (work.actor.org and bid.org != work.actor.org):
        raise NotYours
    fronts = {row.part: front(row) for row in session.scalars(select(Envelope).where(Envelope.bid == bid.id))}
    known = select(Opened.part).where(Opened.bid == bid.id).union(select(Rescued.part).where(Rescued.bid == bid.id))
    given = {key.part: bytes.fromhex(key.file_key) for key in cmd.keys}
    lock = secret_of(work.centre, session, bid.id, envelope_of(session, project))
    fits = len(given) == len(cmd.keys) and all(part in fronts and commitment_fits(fronts[part], key, lock) for part, key in given.items())
    now, opening = asked(session, project), opening_of(session, project.id)
    due = {file.part for file in now.files.values() if file.bid == bid.id} if now else set()
    move(work, project, asked=due >= set(given), opened=bool(given.keys() & set(session.scalars(known))), fits=fits,
         locked=not lock and any(prefix.header.lock for prefix in fronts.values()))
    if bid.state != "live" or opening is None or (now and now.envelope == 1 and opening.read_out is not None):
        raise Stale
    rows = [work.keep(Rescued(project=project.id, bid=bid.id, part=part, file_key=key, at=work.moment)) for part, key in given.items()]
    digests = session.execute(select(Envelope.part, Envelope.digest).where(Envelope.bid == bid.id, Envelope.part.in_(given)))
    work.enter(project.id, parts={part: digest for part, digest in digests})
    return rows
