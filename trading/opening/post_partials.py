"""A custodian's program answers for every file whose turn has come. Every proof is checked here, once."""
from pydantic import Field

from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.opening.envelopes import Asked, asked
from trading.opening.records import Batch
from trading.opening.state import batches, ceremony_of
from trading.sealing.rules.partials import Batch as Partials
from trading.sealing.rules.partials import false_partials, read_batch, signed_batch


class PostPartials(Cmd):
    """batch: canonical JSON as trading.sealing.rules.partials.build_batch writes it · signature: hex, by the identity key."""

    project: str = Field(max_length=32)
    batch: str = Field(max_length=32_000_000)
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


@command("trading.opening.post_partials", opens="works.opened", signed=True)
def post_partials(work: Work, cmd: PostPartials) -> Batch:
    project = hold(work, cmd.project)
    session, raw = work.session, cmd.batch.encode()
    ceremony, transcript = ceremony_of(session, project.id)
    number = ceremony.custodians.index(work.actor.id) + 1 if work.actor.id in ceremony.custodians else 0
    gate, wrong, posted, now = "", (), False, asked(session, project)
    if number and now:
        given = read_batch(raw)
        posted = any(batch.number == number for batch in batches(session, project.id, now.envelope))
        gate = _gate(given, number, now)
        if not gate and not posted:
            fronts = {digest: file.prefix for digest, file in now.files.items()}
            wrong = false_partials(transcript, given, fronts)
            if not signed_batch(raw, transcript.terms.custodians[number - 1], bytes.fromhex(cmd.signature)):
                wrong = tuple(fronts)
    move(work, project, asked=now, number=number, posted=posted, gate=gate, false=wrong)
    digest, envelope = sha256(raw).hex(), now.envelope if now else 1
    row: Batch = work.keep(Batch(
        project=project.id, number=number, envelope=envelope, batch=cmd.batch, signature=cmd.signature, digest=digest, at=work.moment))
    work.enter(project.id, batch=digest, number=number)
    return row


def _gate(given: Partials, number: int, now: Asked) -> str:
    if given.index != number:
        return "index"
    if given.occasion != now.occasion:
        return "occasion"
    return "" if {p.digest for p in given.partials} == set(now.files) else "list"


