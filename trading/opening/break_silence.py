"""A custodian's partial decryptions of what silent parties to the coefficient sealed. Every proof is checked here, once."""
from pydantic import Field
from sqlalchemy import select

from kernel.canonical import sha256
from kernel.command import Cmd, Work, command
from trading.desk import hold, move
from trading.opening.records import Unsealed
from trading.opening.silence import silent, silent_from
from trading.opening.state import ceremony_of, choices, opening_of
from trading.sealing.rules.partials import false_partials, read_batch, signed_batch


class BreakSilence(Cmd):
    """batch: canonical batch of the custodian · signature: its identity's, hex."""

    project: str = Field(max_length=32)
    batch: str = Field(max_length=20_000)
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


@command("trading.opening.break_silence", opens="works.opened", signed=True)
def break_silence(work: Work, cmd: BreakSilence) -> Unsealed:
    """Guards: read_out_done, waiting_time_over, custodian_named, first_word, custodian_gates_passed, dleq_good."""
    project = hold(work, cmd.project)
    session, raw, opening = work.session, cmd.batch.encode(), opening_of(work.session, cmd.project)
    ceremony, transcript = ceremony_of(session, project.id)
    number = ceremony.custodians.index(work.actor.id) + 1 if work.actor.id in ceremony.custodians else 0
    asked, wrong, gate = silent(work.centre, session, project.id), (), ""
    if asked is not None and number:
        given, fronts = read_batch(raw), {digest: prefix for digest, (_, prefix) in asked.envelopes.items()}
        gate = "index" if given.index != number else "occasion" if given.occasion != asked.occasion else ""
        gate = gate or ("" if given.partials and {p.digest for p in given.partials} <= set(fronts) else "list")
        if not gate:
            signed = signed_batch(raw, transcript.terms.custodians[number - 1], bytes.fromhex(cmd.signature))
            wrong = false_partials(transcript, given, fronts) if signed else tuple(fronts)
    posted = session.scalar(select(Unsealed.id).where(Unsealed.project == project.id, Unsealed.number == number))
    move(work, project, choices=choices(session, project.id), read_out=opening.read_out if opening else None, until=silent_from(opening),
         number=number, posted=posted, gate=gate, false=wrong)
    row: Unsealed = work.keep(Unsealed(project=project.id, number=number, batch=cmd.batch, at=work.moment))
    work.enter(project.id, number=number, batch=sha256(raw).hex())
    return row
