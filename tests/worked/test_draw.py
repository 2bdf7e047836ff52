"""One whole draw (tests/worked/draw.json): both verifiers accept it and refuse it after any single change."""
import argparse
import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import draw as cli_draw
from kernel import draw

ROOT = Path(__file__).parents[2]
VECTOR = json.loads((Path(__file__).parent / "draw.json").read_text())


def stand_alone(transcript: Any, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "transcript.json"
    file.write_text(json.dumps(transcript), "utf-8")
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "verify/draw.py"), str(file)], capture_output=True, text=True, cwd=folder, check=False
    )


def test_the_figures_of_the_vector():
    pool = [draw.Entry(e["pid"], tuple(e["cats"]), e["org"], e["w"]) for e in VECTOR["pool"]]
    assert draw.pool_root(reversed(pool)).startswith("e8f51901")
    order = draw.order(bytes.fromhex(VECTOR["seed"]), pool, [pid for pid, _ in VECTOR["rules"]["excluded"]])
    assert [pool.index(entry) for entry in order] == [7, 5, 1, 2, 4, 6, 11, 3, 9, 8, 10]


def test_the_vector_is_accepted_by_both(tmp_path):
    assert draw.verify(VECTOR) == []
    done = stand_alone(VECTOR, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "the draw is good" in done.stdout
    assert "EXP-0011" in done.stdout


def weight(t):
    t["pool"][3]["w"] = 2


def removed_exclusion(t):
    t["rules"]["excluded"] = []


def contribution(t):
    t["contribs"]["centre"] = "00" * 32


def outcomes_reversed(t):
    t["outcomes"].reverse()


def seats_reversed(t):
    t["seats"].reverse()


def pool_after_rules(t):
    t["ledger"]["pool"], t["ledger"]["rules"] = t["ledger"]["rules"], t["ledger"]["pool"]


def pool_member_removed(t):
    del t["pool"][4]


def wrong_opened_id(t):
    t["opened_ids"][t["seats"][0][1]][1] = "EXP-0006"


def commit_before_rules(t):
    t["ledger"]["commits"]["agent"] = 9


def seed_before_last_commit(t):
    t["ledger"]["seed"] = 13


def opened_before_the_commits(t):
    t["ledger"]["opened"] = 14


def opened_without_release(t):
    del t["ledger"]["opened"]


def outcome_entered_before_the_seed(t):
    t["ledger"] |= {"seed": 16, "outcomes": [15, 17, 18, 19]}


def outcome_not_entered(t):
    t["ledger"] |= {"outcomes": [15, 17, 18]}


def one_without_seat_opened(t):
    t["opened_ids"][t["outcomes"][1][0]] = next(iter(t["opened_ids"].values()))


def stopped_early(t):
    t["outcomes"].pop()
    t["seats"].pop()
    t["opened_ids"] = {}


def one_skipped(t):
    del t["outcomes"][1]


def unknown_reply(t):
    t["outcomes"][1][1] = "busy"


def reply_turned_to_acceptance(t):
    t["outcomes"][1][1] = "accepted"


def beacon_slipped_in(t):
    t["beacon"] = "aa"


def party_dropped(t):
    for table in (t["contribs"], t["commits"], t["ledger"]["commits"]):
        del table["regulator"]


def member_doubled(t):
    t["pool"].append(t["pool"][0])


def replaced_one_without_seat(t):
    t["outcomes"].append([t["outcomes"][1][0], "out"])


EIGHT = [
    weight,
    removed_exclusion,
    contribution,
    outcomes_reversed,
    seats_reversed,
    pool_after_rules,
    pool_member_removed,
    wrong_opened_id,
]
MORE = [
    commit_before_rules,
    seed_before_last_commit,
    opened_before_the_commits,
    opened_without_release,
    outcome_entered_before_the_seed,
    outcome_not_entered,
    one_without_seat_opened,
    stopped_early,
    one_skipped,
    unknown_reply,
    reply_turned_to_acceptance,
    beacon_slipped_in,
    party_dropped,
    member_doubled,
    replaced_one_without_seat,
]


@pytest.mark.parametrize("change", EIGHT + MORE, ids=lambda change: change.__name__)
def test_a_change_is_refused_by_both(change: Callable[[dict[str, Any]], None], tmp_path):
    changed = copy.deepcopy(VECTOR)
    change(changed)
    assert draw.verify(changed)
    assert len(draw.verify(changed, "en")) == len(draw.verify(changed))
    done = stand_alone(changed, tmp_path)
    assert done.returncode == 1
    assert "✗" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    "fields", [{"ledger": {"seed": 15, "opened": 30}}, {"ledger": {"seed": 15, "outcomes": [16, 17, 18, 19]}}, {"opened_ids": {}}], ids=str
)
def test_optional_parts_may_come_and_go(fields, tmp_path):
    changed = copy.deepcopy(VECTOR)
    changed["ledger"] |= fields.get("ledger", {})
    changed["opened_ids"] = fields.get("opened_ids", changed["opened_ids"])
    assert draw.verify(changed) == []
    assert stand_alone(changed, tmp_path).returncode == 0


@pytest.mark.parametrize("name", sorted(VECTOR))
@pytest.mark.parametrize("junk", [None, 1, "x", [], {}, [[]], {"a": 1}, [None], [["a"]], 1.5, True], ids=str)
def test_no_foreign_part_makes_the_checker_fall_over(name, junk):
    assert draw.verify(VECTOR | {name: junk}) or (name, junk) == ("opened_ids", {})


def test_a_transcript_that_is_no_object_is_refused(tmp_path):
    assert draw.verify([]) == ["记录不是一个对象"]
    assert stand_alone([], tmp_path).returncode == 1
    assert stand_alone({}, tmp_path).returncode == 1


@pytest.fixture
def command():
    parser = argparse.ArgumentParser()
    cli_draw.add_parsers(parser.add_subparsers(required=True))

    def run(file: Path) -> int:
        args = parser.parse_args(["draw", "verify", str(file)])
        return args.run(args)

    return run


def test_the_command_accepts_refuses_and_cannot_read(command, tmp_path, capsys):
    good, bad, torn = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "torn.json"
    changed = copy.deepcopy(VECTOR)
    seats_reversed(changed)
    good.write_text(json.dumps(VECTOR))
    bad.write_text(json.dumps(changed))
    torn.write_text(json.dumps(VECTOR)[:-1])
    assert command(good) == 0
    assert "T-2026-001/1" in capsys.readouterr().out
    assert command(bad) == 1
    assert "The seats do not follow from the outcomes" in capsys.readouterr().out
    assert command(torn) == 2
    assert command(tmp_path / "absent.json") == 2


def test_a_name_that_stands_twice_is_unreadable(command, tmp_path):
    file = tmp_path / "twice.json"
    file.write_text(json.dumps(VECTOR)[:-1] + ', "seats": []}')
    assert command(file) == 2
