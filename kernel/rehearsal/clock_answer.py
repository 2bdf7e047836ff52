"""The stepped clock of a rehearsal for programs outside the database: a signed answer to a nonce.

Only a log whose origin says `rehearsal` is believed; a real centre's programs ask their own machine.
"""
from typing import TYPE_CHECKING

from kernel.errors import Reason, Refused
from kernel.ledger.note import BadNote, Verifier, number, open_note, sign

if TYPE_CHECKING:
    from kernel.centre import Centre

HEAD = "mingbiao/time/v1"


def answer(centre: "Centre", nonce: str) -> bytes:
    """A signed note of origin, nonce and the moment in ms. Refused("not_production") at a real origin."""
    if not centre.rehearsal:
        raise Refused(Reason("not_production"))
    return sign(f"{HEAD}\n{centre.origin}\n{nonce}\n{centre.now()}\n", centre.ledger_key)


def read(data: bytes, log: Verifier, nonce: str) -> int:
    """The moment of a good answer, ms. BadNote for anything else, and for a log that is no rehearsal's."""
    head, origin, said, moment, *rest = (*open_note(data, [log]).text.split("\n"), "", "", "")
    if not log.name.startswith("rehearsal.") or (head, origin, said) != (HEAD, log.name, nonce) or any(rest):
        raise BadNote("not this rehearsal's answer to this nonce")
    return number(moment)
