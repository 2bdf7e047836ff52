"""What trading must know of experts, rooms and evaluation, which stand to its right. Answers only read."""
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from kernel.facts import ask


@dataclass(frozen=True)
class Ranked:
    """One candidate as the committee recommends it. amount in the smallest unit; score None under price methods."""

    lot: str
    rank: int
    bid: str
    amount: int
    score: Decimal | None
    tie: str = ""


@dataclass(frozen=True)
class OwnResult:
    """What one bidder may be told of itself: total and rank, or why it was rejected; sections: name → mean score."""

    bid: str
    total: Decimal | None
    rank: int | None
    rejected: str = ""
    sections: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedScheme:
    """A scoring scheme as evaluation reads it. faults: name of the false guard → the figure that fills its sentence."""

    scheme: dict[str, Any]
    digest: str
    faults: dict[str, str]


@dataclass(frozen=True)
class PriceCall:
    """The committee is done with the first of two envelopes. entry: key of its entry · digests: the price files to open, hex."""

    entry: str
    digests: tuple[str, ...]
    at: int


@ask
def check_scheme(scheme: dict[str, Any], field: str, kind: str, on: date, conditions: tuple[str, ...]) -> CheckedScheme:
    """May this scheme be used in a tender of this field and kind? conditions: titles of the qualification conditions.

    Malformed where it cannot be read or speaks of another field or subject.
    """


@ask
def room_held(session: Session, project: str, start: int) -> bool:
    """Is an opening room held for this tender at the moment `start`?"""


@ask
def opening_place(session: Session, project: str) -> str:
    """The name of the opening room, for notices and screens; empty when none is held."""


@ask
def recording_on(session: Session, project: str, place: str) -> bool:
    """Does a recording run for this tender? place: opening or evaluation."""


@ask
def committee_roles(session: Session, project: str, person: str, now: int) -> set[str]:
    """Roles of a person in the tender's committee: expert_called, expert_seated, buyer_rep, chair."""


@ask
def session_gathered(session: Session, project: str) -> bool:
    """Has the evaluation session gathered?"""


@ask
def session_sealed(session: Session, project: str) -> bool:
    """Is the evaluation session sealed with its report?"""


@ask
def report_digest(session: Session, project: str) -> str:
    """Digest (hex) of the sealed report, empty before."""


@ask
def price_call(session: Session, project: str) -> PriceCall | None:
    """What the committee of a tender with two envelopes called for; None before it has."""


@ask
def candidates(session: Session, project: str) -> tuple[Ranked, ...]:
    """The committee's recommendation, in order, once the session is sealed."""


@ask
def own_results(session: Session, project: str) -> tuple[OwnResult, ...]:
    """Totals, ranks and reasons of every bid, once the session is sealed."""


@ask
def all_rejected(session: Session, project: str) -> bool:
    """Did the committee reject every bid (or find competition lacking)?"""


@ask
def expert_names(session: Session, project: str) -> tuple[str, ...]:
    """Names of the seated experts (never the buyer's representative), for the result notice of procurement."""
