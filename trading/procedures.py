"""The procedures by which a tender moves: each is one table, put together from the rows of the stages' folders.

works.open and procurement.open follow the law of their field. replay.lowest is a rule set of its own for replays of
recorded auctions: no minimum number of bidders, lowest admissible price, no committee.
"""
from functools import cache

from kernel.machine import Procedure, rows
from law.stages import ENDS, axis
from trading.awards.moves import MOVES as AWARDS
from trading.bids.moves import MOVES as BIDS
from trading.green.moves import MOVES as GREEN
from trading.notices.moves import MOVES as NOTICES
from trading.opening.moves import MOVES as OPENING
from trading.projects.moves import MOVES as PROJECTS

ALL = (*PROJECTS, *GREEN, *NOTICES, *BIDS, *OPENING, *AWARDS)
LEFT_OUT = ("prequalifying",)
REPLAY = ("draft", "review", "inviting", "closed", "opening", "opened", "reported", "awarded", "announced", *ENDS)
NAMES = ("works.open", "procurement.open", "replay.lowest")


@cache
def procedure(name: str) -> Procedure:
    """The table of one procedure. KeyError where there is none."""
    if name == "replay.lowest":
        return Procedure(name, REPLAY, "draft", ("announced", *ENDS), rows(ALL, REPLAY, "replay"))
    field = {"works.open": "works", "procurement.open": "procurement"}[name]
    stages = tuple(s for s in axis(field) if s not in LEFT_OUT)
    return Procedure(name, stages, "draft", ("archived", *ENDS), rows(ALL, stages, field))


def flaws() -> list[str]:
    """Everything wrong with any of the tables."""
    return [flaw for name in NAMES for flaw in procedure(name).flaws()]


