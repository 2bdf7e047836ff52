"""A tender without a committee: recorded disqualifications, then the lowest admissible price."""
import json

import pytest
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.draw import NO_SALT, Entry, commit, order, pid
from kernel.errors import Malformed, NotYours, Refused, Stale
from kernel.ledger.entries import Entry as Leaf
from tests.worlds.awards import Tender, tender
from trading.awards.disqualify import Disqualify, disqualify
from trading.awards.fix_winner import Choice, FixWinner, fix_winner
from trading.awards.rank_by_price import RankByPrice, rank_by_price
from trading.opening.records import Opened


def replay(centre: Centre, *prices: int | None, **columns: object) -> Tender:
    return tender(centre, "replay.lowest", "opened", prices, **columns)


def ranked(made: Tender, **cmd: str) -> list[tuple[int, int, str]]:
    rows = rank_by_price(made.centre, SYSTEM, RankByPrice(project=made.project, **cmd))
    return [(row.rank, made.bids.index(row.bid), row.tie) for row in rows]


def out(made: Tender, n: int, reason: str = "formal defect") -> None:
    disqualify(made.centre, made.host, Disqualify(project=made.project, bid=made.bids[n], reason=reason))


def test_the_lowest_admissible_price_wins_with_two_bidders(centre: Centre) -> None:
    made = replay(centre, 300, 200)
    assert ranked(made) == [(1, 1, ""), (2, 0, "")]
    award = fix_winner(centre, made.buyer, FixWinner(project=made.project, choices=(Choice(bid=made.bids[1], amount=200),)))[0]
    assert (made.stage, award.org) == ("awarded", made.suppliers[1].org)


def test_the_disqualified_and_those_below_the_floor_are_passed_over(centre: Centre) -> None:
    made = replay(centre, 300, 200, 100, 400, floor_price=150)
    out(made, 1)
    assert ranked(made) == [(1, 0, ""), (2, 3, "")]


def test_a_bid_without_price_must_be_disqualified_first(centre: Centre) -> None:
    made = replay(centre, 300, None)
    with pytest.raises(Refused) as refused:
        ranked(made)
    assert refused.value.reason.rule == "all_bids_judged" and made.stage == "opened"
    out(made, 1)
    assert ranked(made) == [(1, 0, "")]


def test_a_file_that_could_not_be_opened_counts_as_judged(centre: Centre) -> None:
    made = replay(centre, 300, 200)
    with centre.reading() as session:
        part = session.scalar(select(Opened.id).where(Opened.bid == made.bids[1]))
    made.set(Opened, part, state="rubbish")
    assert ranked(made) == [(1, 0, "")]


def test_nobody_admissible_leaves_no_candidates(centre: Centre) -> None:
    made = replay(centre, 300)
    out(made, 0)
    assert ranked(made) == [] and made.stage == "reported"


def test_only_the_host_disqualifies_once_and_with_a_reason(centre: Centre) -> None:
    made = replay(centre, 300, 200)
    with pytest.raises(Refused) as refused:
        out(made, 0, " ")
    assert refused.value.reason.rule == "reason_given"
    with pytest.raises(NotYours):
        disqualify(centre, made.agent, Disqualify(project=made.project, bid=made.bids[0], reason="x"))
    out(made, 0)
    with pytest.raises(Stale):
        out(made, 0)


@pytest.mark.parametrize("winner", [0, 2])
def test_a_recorded_lottery_decides_a_tie(centre: Centre, winner: int) -> None:
    made = replay(centre, 100, 200, 100)
    other = 2 - winner
    assert ranked(made, tie_winner=made.bids[winner]) == [(1, winner, "recorded"), (2, other, "recorded"), (3, 1, "")]


def test_a_recorded_winner_must_be_among_the_lowest(centre: Centre) -> None:
    made = replay(centre, 100, 200, 100)
    with pytest.raises(Malformed):
        ranked(made, tie_winner=made.bids[1])
    assert made.stage == "opened"


def test_without_a_record_a_tie_is_drawn_and_anybody_can_repeat_it(centre: Centre) -> None:
    made = replay(centre, 100, 100, 100)
    rows = ranked(made)
    assert {tie for _, _, tie in rows} == {"drawn"}
    with centre.reading() as session:
        body = json.loads(session.scalar(select(Leaf.payload).where(Leaf.tag == "trading.awards.rank_by_price")))["body"]
    parts = body["draws"][made.lot]
    again = order(bytes.fromhex(parts["seed"]), [Entry(p, ("tie",), p[:16]) for p in (pid(NO_SALT, bid) for bid in made.bids)])
    assert [entry.pid for entry in again] == [pid(NO_SALT, made.bids[n]) for _, n, _ in rows]
    assert {p: commit(p, bytes.fromhex(share)) for p, share in parts["contribs"].items()} == parts["commits"]


def test_a_tie_below_the_first_place_decides_nothing(centre: Centre) -> None:
    made = replay(centre, 100, 200, 200)
    rows = ranked(made)
    assert rows[0] == (1, 0, "") and {tie for _, _, tie in rows} == {""}


def test_these_acts_do_not_exist_in_the_law_s_procedures(centre: Centre) -> None:
    made = tender(centre, "procurement.open", "opened")
    with pytest.raises(NotYours):
        rank_by_price(centre, SYSTEM, RankByPrice(project=made.project))
