"""A custodian's partial decryptions of the contributions that their parties have not shown."""
from pydantic import Field
from sqlalchemy import select

from experts.desk import contributions_of, hold_draw, move
from experts.records import DrawPartial
from experts.silence import silent
from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from kernel.errors import Malformed, NotYours, Text
from trading.relations import relations
from trading.sealing.draw_gates import SILENCE
from trading.sealing.records import Ceremony, Custodian
from trading.sealing.rules.faults import Fault
from trading.sealing.rules.partials import false_partials, read_batch, signed_batch


class PostPartials(Cmd):
    """batch: canonical batch of the custodian · signature: its identity's, hex."""

    draw: str = Field(max_length=32)
    batch: str = Field(max_length=20_000)
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


@command("experts.post_partials", opens="announced")
def post_partials(work: Work, cmd: PostPartials) -> DrawPartial:
    """Malformed("batch") where a proof, the signature or the occasion is wrong."""
    draw, project = hold_draw(work, cmd.draw)
    ceremony = work.session.get_one(Ceremony, draw.ceremony)
    custodian = work.session.get(Custodian, work.actor.id)
    if custodian is None or custodian.id not in ceremony.custodians:
        raise NotYours
    number = ceremony.custodians.index(custodian.id) + 1
    posted = work.session.scalar(select(DrawPartial.id).where(DrawPartial.draw == draw.id, DrawPartial.number == number))
    move(work, draw, project, relations(work.session, work.actor, project, work.moment), spoken=posted is not None,
         committed=set(contributions_of(work.session, draw)), until=(draw.committed_at or 0) + SILENCE)
    wrong = Malformed("batch", Text("部分解密或签名不正确", "The partial decryptions or their signature are wrong"))
    raw, asked = cmd.batch.encode(), silent(work.session, work.centre.blobs, draw)
    try:
        batch = read_batch(raw)
        good = (
            batch.index == number and batch.occasion == asked.occasion and bool(batch.partials)
            and signed_batch(raw, bytes.fromhex(custodian.identity), bytes.fromhex(cmd.signature))
            and not false_partials(asked.transcript, batch, asked.envelopes)
        )
    except Fault as problem:
        raise wrong from problem
    if not good:
        raise wrong
    row: DrawPartial = work.keep(DrawPartial(draw=draw.id, number=number, batch=cmd.batch, at=work.moment))
    work.enter(project.id, draw=draw.id, number=number, batch=sha256(raw).hex())
    return row
