import csv
import re
from pathlib import Path

import pytest

import law.guards
from law.guards import text, texts

ROWS = list(csv.DictReader((Path(law.guards.__file__).parent / "guards.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["name"])
def test_every_guard_speaks_both_languages_with_the_same_blanks(row):
    zh, en = text(row["name"])
    assert (zh, en) == (row["zh"], row["en"])
    assert re.search("[\u4e00-\u9fff]", zh) and not re.search("[\u4e00-\u9fff]", en)
    assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en))
    assert re.fullmatch("[a-z0-9_]+", row["name"])


def test_the_list_is_complete_and_closed():
    assert len(texts()) == len(ROWS) == 431
    assert text("three_bidders") == ("投标人不足三家，不得开标", "Fewer than three bidders; no opening")
    assert {"notyours", "stale", "malformed", "not_suspended", "separation_kept", "before_closing", "root_equal"} <= set(texts())
    with pytest.raises(KeyError):
        text("four_bidders")
