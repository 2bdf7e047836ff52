"""A committee from gathering to the sealed report, and what each step refuses."""
from decimal import Decimal as D

import pytest
from sqlalchemy import select

from evaluation.area.close_recording import CloseRecording
from evaluation.area.records import Recording
from evaluation.elect_chair import ElectChair, elect_chair
from evaluation.open import Open
from evaluation.open import open as gather
from evaluation.recommend import recommend
from evaluation.records import Session
from evaluation.start import Start, start
from kernel.errors import NotYours, Refused, Stale
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.tree import EMPTY
from tests.worlds import evaluation as world
from tests.worlds.kept import kept
from trading import asks
from trading.projects.records import Project

SCORES = {"T1": ("40", "45", "30"), "C1": ("20", "15", "10")}


def refused(rule: str, act, *args) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args)
    assert caught.value.reason.rule == rule
    return caught.value


@kept
def finished(centre, method="comprehensive", scores=SCORES, **more):
    hall = world.ready(centre, method, **more)
    for letter in world.LETTERS:
        if scores:
            world.fill_sheet(hall, letter, scores)
        world.give_in(hall, letter)
    world.settle(centre)
    return hall


def test_from_gathering_to_the_sealed_report(centre):
    hall = finished(centre)
    # price: 90/90 × 30 = 30.00; 90/95 × 30 = 28.42; 90/97 × 30 = 27.84
    assert [t.total for t in hall.totals()] == [D("90.00"), D("88.42"), D("67.84")]
    assert hall.tender.stage == "evaluating" and hall.room.stage == "summing"
    world.signed(world.recommended(hall))
    assert hall.room.stage == "sealed"
    with centre.reading() as session:
        ranked = asks.candidates(session, hall.project)
        assert [(r.rank, r.bid, r.amount, r.score) for r in ranked] == [
            (n, t.bid, t.amount, t.total) for n, t in enumerate(hall.totals(), 1)]
        assert asks.session_sealed(session, hall.project) and asks.report_digest(session, hall.project) == hall.room.sealed_digest
        assert [o.sections["price"] for o in asks.own_results(session, hall.project)] == [D("30.00"), D("28.42"), D("27.84")]
        tape = session.scalars(select(Recording).where(Recording.place == "evaluation")).one()
        assert tape.closed and tape.devices == 0 and tape.root == EMPTY.hex()
    assert centre.blobs.get(hall.room.sealed_blob).startswith(b"%PDF")


def test_nothing_of_the_committee_stands_in_entries_or_messages(centre):
    hall = world.signed(world.recommended(finished(centre)))
    with centre.reading() as session:
        payloads = "".join(session.scalars(select(Entry.payload)))
        letters = "".join(m.subject_zh + m.body_zh for m in session.scalars(select(Message)))
        for letter, member in hall.people.items():
            assert member.id not in payloads and f"评委甄{letter}" not in payloads + letters
    assert "90.00" not in payloads and "示例供应商" not in payloads


def test_the_report_names_no_member(centre):
    from evaluation.desk import members
    from evaluation.report import data

    hall = world.recommended(finished(centre))

    class Here:
        moment = centre.now()

    here = Here()
    with centre.reading() as session:
        here.session = session
        text = str(data(here, session.get_one(Project, hall.project), hall.room, members(session, hall.room)))
    assert "评委甄" not in text and "示例供应商0" in text


@pytest.mark.parametrize("missing", ["seat", "recording", "network", "record"])
def test_opening_needs_all(centre, missing):
    hall = world.inside(world.prepared(centre), world.LETTERS[:4] if missing == "seat" else world.LETTERS)
    if missing == "recording":
        with centre.database.writing() as session:
            session.scalars(select(Recording).where(Recording.place == "evaluation")).one().closed = 1
            session.commit()
    if missing == "record":
        with centre.database.writing() as session:
            from trading.opening.records import Opening
            session.scalars(select(Opening).where(Opening.project == hall.project)).one().signed = None
            session.commit()
    rule = {"seat": "seats_filled", "recording": "recording_on", "network": "network_cut", "record": "record_signed"}[missing]
    refused(rule, gather, centre, hall.agent, Open(project=hall.project, network_cut=missing != "network"))
    assert hall.room.stage == "booked"


def test_only_in_the_area(centre):
    hall = world.inside(world.prepared(centre))
    with pytest.raises(NotYours):
        gather(centre, hall.tender.agent, Open(project=hall.project, network_cut=True))
    world.gathered(hall)
    assert hall.tender.stage == "evaluating"


def test_the_chair_is_an_expert_with_a_majority(centre):
    hall = world.declared(world.gathered(world.inside(world.prepared(centre))))
    refused("representative_not_chair", elect_chair, centre, hall.people["A"], ElectChair(project=hall.project, seat="E"))
    for letter in "AC":
        elect_chair(centre, hall.people[letter], ElectChair(project=hall.project, seat="B"))
    assert hall.room.stage == "gathered" and not hall.room.chair
    elect_chair(centre, hall.people["D"], ElectChair(project=hall.project, seat="B"))
    assert hall.room.stage == "sworn" and hall.room.chair
    refused("document_shown", start, centre, hall.people["B"], Start(project=hall.project, scheme="00" * 32))
    with pytest.raises(NotYours):
        start(centre, hall.people["A"], Start(project=hall.project, scheme="00" * 32))


def test_two_qualified_bidders_are_too_few_in_procurement(centre):
    hall = world.declared(world.gathered(world.inside(world.prepared(centre, prices=(90_000_000, 95_000_000)))))
    refused("three_qualified_or_works", world.reviewing, hall)


def test_a_recommendation_follows_totals_and_majority(centre):
    hall = finished(centre)
    right = world.proposal(hall)
    refused("majority_reached", recommend, centre, hall.chair, right)
    lots = (right.lots[0].model_copy(update={"bids": tuple(reversed(right.lots[0].bids))}),)
    wrong = right.model_copy(update={"lots": lots})
    hall.agreed("evaluation.recommend", wrong)
    refused("ranked_by_totals", recommend, centre, hall.chair, wrong)
    hall.agreed("evaluation.recommend", right, "AC")
    assert recommend(centre, hall.chair, right).stage == "signing"


def test_lowest_price(centre):
    hall = finished(centre, "lowest_price", scores=None)
    assert [(t.rank, t.amount, t.total) for t in hall.totals()] == [(1, 90_000_000, None), (2, 95_000_000, None), (3, 97_000_000, None)]


def test_benchmark(centre):
    hall = finished(centre, "benchmark", scores={"T1": ("30", "30", "30")})
    # mean 94,000,000 × 0.97 = 91,180,000: −1.2941 % × 0.5 → 59.35; +4.1895 % → 55.81; +6.3830 % → 53.62
    assert [t.total for t in hall.totals()] == [D("89.35"), D("85.81"), D("83.62")]


def test_a_tie_is_drawn_by_the_system(centre):
    from evaluation.records import TieDraw
    from evaluation.rules.tie import tie_faults

    hall = finished(centre, scores={"T1": ("40", "40", "30"), "C1": ("20", "20", "10")}, prices=(90_000_000, 90_000_000, 97_000_000))
    first, second, _ = hall.totals()
    assert (first.tie, second.tie, first.rank, second.rank) == ("drawn", "drawn", 1, 2)
    with centre.reading() as session:
        from evaluation.records import Sheet
        draw = session.scalars(select(TieDraw)).one()
        sheets = [s for s in session.scalars(select(Sheet.digest)) if s]
        name = f"{hall.room.id}/{draw.lot}/{draw.rank}"
        args = name, [first.bid, second.bid], hall.room.tie_commit, draw.contributions, sheets
        assert tie_faults(*args, draw.order) == ()
        assert tie_faults(*args, draw.order[::-1]) == ("order",)
        assert "commit" in tie_faults(name, args[1], "00" * 32, draw.contributions, sheets, draw.order)


def test_closing_twice_is_stale(centre):
    from evaluation.area.close_recording import close_recording
    from kernel.command import SYSTEM

    hall = finished(centre)
    cmd = CloseRecording(project=hall.project, place="evaluation")
    refused("session_over", close_recording, centre, SYSTEM, cmd)
    world.signed(world.recommended(hall))
    with pytest.raises(Stale):
        close_recording(centre, SYSTEM, cmd)
    with centre.reading() as session:
        assert session.scalar(select(Session.stage)) == "sealed"


@pytest.mark.parametrize(("state", "stops"), [("rubbish", ""), ("failed", "envelopes_sealed_to_seats")])
def test_what_a_bidder_sealed_as_rubbish_holds_nobody_up(centre, state, stops):
    from trading.opening.records import Opened

    hall = world.inside(world.prepared(centre))
    hall.tender.put(Opened(project=hall.project, bid=hall.tender.bids[1], part="technical", state=state, at=centre.now()))
    if stops:
        refused(stops, world.gathered, hall)
    else:
        assert world.gathered(hall).room.stage == "gathered"
