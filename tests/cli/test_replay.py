"""Replays: the record decides what the acts must reach; sums are exact before anything is played."""
import json
import random
from pathlib import Path

import pytest

from cli.cast.district import organisations, parts
from cli.main import main
from cli.replay import shunyi, tsuchiura
from kernel.codes import is_credit_code

HEAD = "year,pid,date,projecttitle,projectdetails,postelec,reserveprice,minprice,bidder_id,bidder,bid,bidresult,bidresult_details,winner\n"
ROWS = """2020,1,20200601,road,repair,0,1000000,800000,7,aoki,900000,2,,1
2020,1,20200601,road,repair,0,1000000,800000,8,baba,950000,1,,0
2020,1,20200601,road,repair,0,1000000,800000,9,chiba,700000,4,below minimum,0
2020,2,20200602,bridge,paint,0,2000000,,7,aoki,1500000,1,,0
2020,2,20200602,bridge,paint,0,2000000,,7,aoki,1500000,3,,1
2020,2,20200602,bridge,paint,0,2000000,,8,baba,,4,no paper,0
2020,3,20200603,school,roof,0,500000,,9,chiba,490000,1,,0
"""


def replay(folder: Path, rows: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict]:  # type: ignore[type-arg]
    file, out = folder / "bids.csv", folder / "out.json"
    file.write_text(HEAD + rows)
    monkeypatch.setenv("MINGBIAO_HOME", str(folder / "home"))
    code = main(["replay", "tsuchiura", str(file), "--json", str(out)])
    return code, json.loads(out.read_text()) if out.exists() else {}


@pytest.mark.slow
def test_every_recorded_winner_wins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Auction 1: the lowest admissible (one is under the minimum). 2: a tie within one firm's two bids, decided by the record.
    3: no recorded winner, so it ends failed though a bid is admissible."""
    code, result = replay(tmp_path, ROWS, monkeypatch)
    del result["seconds"]
    assert (code, result) == (0, {"auctions": 3, "awarded": 2, "agree": 2, "disagree": 0, "ties": 1, "bids": 7})


@pytest.mark.slow
def test_a_record_that_contradicts_the_rule_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ROWS.replace("900000,2,,1", "900000,1,,0").replace("950000,1,,0", "950000,2,,1")
    code, result = replay(tmp_path, wrong, monkeypatch)
    assert code == 1 and (result["agree"], result["disagree"]) == (1, 1)


def test_a_file_without_the_columns_is_refused_and_founds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bids.csv"
    file.write_text("year,bid\n2020,1\n")
    monkeypatch.setenv("MINGBIAO_HOME", str(tmp_path / "home"))
    assert main(["replay", "tsuchiura", str(file)]) == 2
    assert "columns missing" in capsys.readouterr().err and not (tmp_path / "home").exists()


def test_an_id_that_stands_twice_is_two_bidders(tmp_path: Path) -> None:
    file = tmp_path / "bids.csv"
    file.write_text(HEAD + ROWS)
    second = tsuchiura.read(file)[1]
    assert [line.firm for line in second.lines] == ["7/1", "7/2", "8/1"]
    assert [line.out for line in second.lines] == [False, False, True]


def test_half_a_year_sums_to_the_fen() -> None:
    made = shunyi.tenders(random.Random(1))
    awarded = [t for t in made if t.outcome == "awarded"]
    assert (len(made), len(awarded)) == (445, 362)
    assert sum(t.budget for t in made) == 782_900_000_000
    assert sum(t.budget for t in awarded) == 495_460_000_000 and sum(t.price for t in awarded) == 482_045_000_000
    assert all(0 < t.price <= t.budget for t in awarded)
    assert all(t.budget <= shunyi.SMALL for t in awarded if t.field == "procurement")


def test_made_up_organisations_have_codes_of_their_own_that_pass_the_check() -> None:
    made = organisations(shunyi.BUYERS, shunyi.AGENTS, shunyi.SUPPLIERS)
    codes = [one.code for one in made]
    assert len(set(codes)) == len(made) == 1872 and all(is_credit_code(code) for code in codes)


@pytest.mark.parametrize(("total", "count", "least", "most"), [(1000, 7, 10, None), (999_999, 3, 1, 400_000), (70, 7, 10, None)])
def test_parts_sum_and_keep_their_limits(total: int, count: int, least: int, most: int | None) -> None:
    found = parts(total, count, least, random.Random(3), most)
    assert sum(found) == total and min(found) >= least and (most is None or max(found) <= most)


def test_parts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be reached"):
        parts(69, 7, 10, random.Random(3))
