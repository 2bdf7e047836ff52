"""One draw from brief to release: leaf order, the walk, the transcript, both verifiers."""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from cli import draw as cli_draw
from experts import reads
from experts.call import Call as CallNext
from experts.call import call
from experts.desk import order_of, outcomes_of, quota, walk_of
from experts.find_conflict import FindConflict, find_conflict
from experts.name_representative import NameRepresentative, name_representative
from experts.records import Draw, Relation, Seat
from experts.transcript import transcript
from kernel import draw as tdraw
from kernel.command import SYSTEM
from kernel.errors import NotYours, Refused, Stale
from kernel.ledger.entries import Entry
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.worlds.experts import World, world
from trading.projects.records import Project

ROOT = Path(__file__).parents[2]
LETTER = "0" * 64


@pytest.fixture
def tender(centre):
    return world(centre)


def name_rep(tender: World, draw: str) -> Seat:
    seat = name_representative(tender.centre, tender.buyer, NameRepresentative(draw=draw, person=tender.representative.id, authorisation=LETTER))
    settle(tender.centre)
    return seat


def test_a_whole_draw_with_a_decline_a_silence_and_a_conflict(tender, tmp_path):
    centre = tender.centre
    draw = tender.seeded()
    assert draw.stage == "calling"
    declined = tender.answer(draw.id, accepts=False)
    silent = tender.open_call(draw.id)
    tender.wait(16 * MINUTE)
    settle(centre)  # both other channels, then the end of the window, then the next call
    related = tender.open_call(draw.id)
    assert related.pid not in (declined.pid, silent.pid)
    with centre.reading() as session:
        bidder = session.scalar(select(Relation.id))
        assert bidder is None
    tender.add(Relation(expert=related.expert, kind="employed", org_code="", org_name="示例建筑公司1", declared=1))
    find_conflict(centre, SYSTEM, FindConflict(draw=draw.id, pid=related.pid))
    settle(centre)
    tender.answer_all(draw.id)
    assert tender.row(draw.id).stage == "calling"  # the representative is missing
    name_rep(tender, draw.id)
    assert tender.row(draw.id).stage == "filled"

    with centre.reading() as session:
        row = session.get_one(Draw, draw.id)
        outcomes = [(o.pid, o.reply) for o in outcomes_of(session, row)]
        walk = tdraw.walk(order_of(session, row), quota(row), row.max_per_org, outcomes)
        live = [s for s in reads.seats(session, tender.project) if s.kind == "expert"]
        assert sorted((s.category, s.pid) for s in live) == sorted(walk.seats) and walk.next is None and not walk.short
        assert [reply for _, reply in outcomes[:3]] == ["declined", "unreachable", "conflict"]
        assert sorted(s.letter for s in reads.seats(session, tender.project)) == list("ABCDE")
        found = transcript(session, draw.id)
    assert tdraw.verify(found) == [] and found["opened_ids"] == {}
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(found), "utf-8")
    done = subprocess.run([sys.executable, "-I", str(ROOT / "verify/draw.py"), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

    tender.change(Project, tender.project, stage="awarded", awarded_at=1)
    settle(centre)
    assert tender.row(draw.id).stage == "released"
    with centre.reading() as session:
        found = transcript(session, draw.id)
        assert set(found["opened_ids"]) == {pid for _, pid in found["seats"]}
        assert transcript(session, draw.id, identities=False)["opened_ids"] == {}
    assert tdraw.verify(found) == []
    file.write_text(json.dumps(found), "utf-8")
    done = subprocess.run([sys.executable, "-I", str(ROOT / "verify/draw.py"), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    found["outcomes"].reverse()
    assert tdraw.verify(found)


def test_export_prints_what_verify_accepts(tender, capsys, tmp_path, monkeypatch):
    draw = tender.seeded(representatives=0, econ=2)
    tender.answer_all(draw.id)
    monkeypatch.setenv("MINGBIAO_DATABASE_URL", tender.centre.settings.database_url)
    args = argparse.Namespace(id=draw.id, home=tender.centre.home, identities=True)
    monkeypatch.setenv("MINGBIAO_HOME", str(tender.centre.home))
    assert cli_draw.export(args) == 0
    file = tmp_path / "x.json"
    file.write_text(capsys.readouterr().out, "utf-8")
    assert cli_draw.verify(argparse.Namespace(file=file)) == 0
    assert cli_draw.export(argparse.Namespace(id="nothing", home=tender.centre.home, identities=False)) == 1


def test_leaves_stand_in_their_order(tender):
    draw = tender.seeded(representatives=0, econ=2)
    tender.answer_all(draw.id)
    settle(tender.centre)
    with tender.centre.reading() as session:
        tags = [e.tag.removeprefix("experts.") for e in session.scalars(
            select(Entry).where(Entry.on == tender.project, Entry.tag.startswith("experts.")).order_by(Entry.position))]
    assert tags == ["brief", "pool", "fix_rules", *["commit"] * 3, *["reveal"] * 3, *["call", "reply"] * 5, "fill"]


def test_only_the_next_is_called_and_only_once(tender):
    draw = tender.seeded()
    with tender.centre.reading() as session:
        order = order_of(session, tender.row(draw.id))
    waiting = tender.open_call(draw.id)
    for pid in (waiting.pid, order[-1].pid):  # again the one whose call is open; somebody further down
        with pytest.raises(Refused) as refused:
            call(tender.centre, SYSTEM, CallNext(draw=draw.id, pid=pid))
        assert refused.value.reason.rule == "strictly_next"
    with pytest.raises(NotYours):
        call(tender.centre, tender.agent, CallNext(draw=draw.id, pid=waiting.pid))


def test_the_quota_closes(tender):
    draw = tender.seeded()
    tender.answer_all(draw.id)
    with tender.centre.reading() as session:
        row = tender.row(draw.id)
        called = {o.pid for o in outcomes_of(session, row)}
        spare = next(e.pid for e in order_of(session, row) if e.pid not in called)
        assert walk_of(session, row).next is None
    with pytest.raises(Refused) as refused:
        call(tender.centre, SYSTEM, CallNext(draw=draw.id, pid=spare))
    assert refused.value.reason.rule == "quota_open"


def test_nobody_draws_while_suspended_or_after_the_end(tender):
    tender.change(Project, tender.project, suspended="complaint")
    with pytest.raises(Refused) as refused:
        tender.brief()
    assert refused.value.reason.rule == "not_suspended"
    tender.change(Project, tender.project, suspended="", stage="terminated", stopped_at="convening")
    with pytest.raises(Stale):
        tender.brief()


def test_a_second_draw_is_never_made_beside_the_first(tender):
    tender.brief()
    with pytest.raises(Stale):
        tender.brief()
