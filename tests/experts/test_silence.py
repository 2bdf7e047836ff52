"""Contributions: bound to party and draw, opened by custodians when a party falls silent, and never before."""
import random

import pytest

from experts.commit import Commit, commit
from experts.contribution import contribute
from experts.contribution_reads import waiting
from experts.post_partials import PostPartials, post_partials
from experts.reveal import Reveal, reveal
from experts.silence import papers, silent
from kernel.command import SYSTEM, Actor
from kernel.errors import Malformed, NotYours, Refused, Stale
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.world import staff
from tests.worlds.experts import world
from trading.sealing.custodian import Custodian, found
from trading.sealing.gates import Gate, Pins
from trading.sealing.rules.partials import answer_all, build_batch, sign_batch
from trading.sealing.rules.transcript import share_of

dice = random.Random(5).randbytes


@pytest.fixture
def tender(centre):
    return world(centre)


@pytest.fixture
def committed(tender):
    draw = tender.brief()
    settle(tender.centre)
    for party in tender.parties():
        tender.commit(draw.id, party)
    return draw.id


def refused(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.reason.rule


def partials(tender, draw, number, sign_as=None):
    with tender.centre.reading() as session:
        asked = silent(session, tender.centre.blobs, tender.row(draw))
    share = share_of(tender.transcript, tender.identities[number])
    raw = build_batch(answer_all(share, asked.occasion, asked.envelopes, tender.transcript.public_key, dice))
    signature = sign_batch(raw, tender.identities[number if sign_as is None else sign_as]).hex()
    actor = Actor("program", tender.custodians[number], channel="custodian")
    return post_partials(tender.centre, actor, PostPartials(draw=draw, batch=raw.decode(), signature=signature))


def test_a_silent_party_is_opened_by_two_of_three_custodians(tender, committed):
    tender.reveal(committed, "agent")
    tender.reveal(committed, "centre")
    assert refused(partials, tender, committed, 0) == "waiting_time_over"
    tender.wait(10 * MINUTE)
    with pytest.raises(Malformed):
        partials(tender, committed, 0, sign_as=1)
    partials(tender, committed, 0)
    settle(tender.centre)
    assert tender.row(committed).stage == "committed"  # one custodian opens nothing
    assert refused(partials, tender, committed, 0) == "first_word"
    partials(tender, committed, 2)
    settle(tender.centre)
    draw = tender.row(committed)
    assert draw.seed and draw.stage == "calling"


def keeper(tender, number, folder):
    """The program of one custodian, pinned to the log. It asks nothing of a mailbox here."""
    home = folder / f"keeper{number}"
    found(home, tender.papers[number])
    return Custodian(home, None, Pins(tender.centre.ledger_key.verifier, ()), tender.centre.now, dice)


def asked_for(tender, draw, number):
    actor = Actor("program", tender.custodians[number], channel="custodian")
    with tender.centre.reading() as session:
        now = tender.centre.clock.now(session)
        tasks = [task for task in waiting(session, actor, now) if task["kind"] == "draw_silent"]
        return papers(tender.centre, session, actor, draw, now) if tasks else None


def test_a_custodians_program_looks_at_everything_before_it_breaks_a_silence(tender, committed, tmp_path):
    tender.reveal(committed, "agent")
    tender.reveal(committed, "centre")
    settle(tender.centre)
    assert asked_for(tender, committed, 1) is None
    early = tender.centre.now()
    tender.wait(10 * MINUTE)
    given, program = asked_for(tender, committed, 1), keeper(tender, 1, tmp_path)
    assert [file["party"] for file in given["files"]] == ["regulator"]

    def gate(papers):
        with pytest.raises(Gate) as caught:
            program.break_silence(papers)
        return caught.value.code

    assert gate(given | {"rules": given["rules"] | {"salt": "00" * 32}}) == "leaf"
    assert gate(given | {"commits": given["commits"][1:]}) == "list"
    assert gate(given | {"draw": "another"}) == "context"
    assert gate(given | {"signatures": ["00" * 64] * 3}) == "transcript"
    other = contribute(committed, "regulator", tender.key, dice).sealed.hex()
    assert gate(given | {"files": [{"party": "regulator", "sealed": other}]}) == "list"
    program._now = lambda: early
    assert gate(given) == "clock"
    program._now = tender.centre.now
    answer = program.break_silence(given)
    post_partials(tender.centre, Actor("program", tender.custodians[1], channel="custodian"), PostPartials(draw=committed, **answer))
    assert asked_for(tender, committed, 1) is None


def test_the_system_does_not_speak_before_ten_minutes_are_over(tender, committed):
    said = Reveal(draw=committed, value=tender.made["regulator"].value, party="regulator")
    assert refused(reveal, tender.centre, SYSTEM, said) == "waiting_time_over"
    tender.wait(10 * MINUTE)
    reveal(tender.centre, SYSTEM, said)


def test_a_contribution_is_what_was_committed(tender, committed):
    other = Reveal(draw=committed, value=tender.made["centre"].value)
    assert refused(reveal, tender.centre, tender.agent, other) == "matches_commitment"
    tender.reveal(committed, "agent")
    assert refused(tender.reveal, committed, "agent") == "first_word"


def test_nobody_reveals_before_all_have_committed(tender):
    draw = tender.brief().id
    settle(tender.centre)
    tender.commit(draw, "agent")
    assert refused(tender.commit, draw, "agent") == "first_word"
    with pytest.raises(Stale):
        tender.reveal(draw, "agent")


def test_nobody_commits_before_the_rules_stand(tender):
    draw = tender.brief().id
    with pytest.raises(Stale):
        tender.commit(draw, "agent")


def test_the_sealed_file_belongs_to_this_party_and_draw(tender):
    draw = tender.brief().id
    settle(tender.centre)
    for wrong in (contribute(draw, "regulator", tender.key, dice), contribute("another", "agent", tender.key, dice)):
        with pytest.raises(Malformed):
            commit(tender.centre, tender.agent, Commit(draw=draw, commit=wrong.commit, blob=tender.centre.blobs.put(wrong.sealed).key))
    rubbish = tender.centre.blobs.put(b"not an envelope").key
    for blob in (rubbish, "nothing"):
        with pytest.raises(Malformed):
            commit(tender.centre, tender.agent, Commit(draw=draw, commit="0" * 64, blob=blob))
    tender.commit(draw, "agent")


def test_only_the_named_parties_speak(tender):
    draw = tender.brief().id
    settle(tender.centre)
    made = contribute(draw, "buyer", tender.key, dice)
    said = Commit(draw=draw, commit=made.commit, blob=tender.centre.blobs.put(made.sealed).key)
    assert refused(commit, tender.centre, tender.buyer, said) == "party_named"  # the agency speaks for this side
    other = Actor("program", tender.custodians[1], channel="custodian")
    assert refused(commit, tender.centre, other, said) == "party_named"  # a custodian, but not the centre's
    with pytest.raises(NotYours):
        commit(tender.centre, staff(tender.centre, "registrar"), said)
    with pytest.raises(NotYours):
        commit(tender.centre, staff(tender.centre, "regulator", scope="procurement"), said)
