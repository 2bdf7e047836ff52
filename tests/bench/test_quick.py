"""The benchmark runs and prints its table. What it measures depends on the machine and is not judged here."""
import re
import subprocess
import sys
from pathlib import Path

from bench.measure import HEADS, Line, compare, table

ROOT = Path(__file__).parents[2]
SUBJECTS = ("seal 4 MiB, 1 thread", "open 4 MiB, 1 thread", "check without a key", "key ceremony 2-of-3", "key ceremony 3-of-5", "partial decryption 2-of-3",
            "combining 3 partials", "order of 1,000 experts", "ledger append", "year of 30 sessions", "peak week of 6", "plan of 60 sessions",
            "mending after one overrun", "act with its entry, SQLite, 1 writer",
            "act with its entry, SQLite, 8 writers", "upload of 16 MiB", "opening of 3 bids × 3 parts: processor time", "6 suppliers in the last 3 s",
            "page /tenders", "page /rules", "page /ledger")


def test_the_quick_run_prints_a_ratio_for_every_subject() -> None:
    done = subprocess.run([sys.executable, "-m", "bench", "--quick"], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    first, head, *rows = done.stdout.splitlines()
    assert "cores" in first and head.split()[:3] == ["what", "against", "ratio"]
    for subject in SUBJECTS:
        row = next((row for row in rows if row.startswith(subject)), "")
        assert re.search(r"\d\.\d\d×  ", row), subject


def test_both_sides_run_equally_often_and_take_turns() -> None:
    said: list[str] = []
    line = compare("ours", lambda: said.append("a"), "theirs", lambda: said.append("b"), 4)
    assert said[:2] == ["a", "b"] and said.count("a") == said.count("b") == 5
    assert said[2:] == ["b", "a", "a", "b", "b", "a", "a", "b"]
    assert line.ours >= 0 and line.theirs >= 0


def test_the_table_says_ratios_and_units() -> None:
    made = table([Line("slow", "quick", 3.0, 1.5, 10, "act"), Line("b", "c", 2e-5, 1e-5)]).splitlines()
    assert made[0].split("  ")[0] == HEADS[0] and "2.00×" in made[1] and "300.00 ms" in made[1] and made[1].endswith("act") and "20.00 µs" in made[2]
