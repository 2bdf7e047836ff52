"""The open data: valid by the standard's schema, and no sooner or more than the pages show."""
import argparse
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli import ocds as command
from kernel.centre import Centre
from kernel.values import DAY
from tests.worlds.awards import PRICES, Tender, tender
from trading.awards.ocds import release_package, text
from trading.awards.records import Award, Contract, Disqualification
from trading.notices.records import Notice
from trading.projects.records import Project

SCHEMA = Path(__file__).parents[2] / "worked" / "ocds" / "release-package.schema.json"


@cache
def validator() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_text()), format_checker=jsonschema.FormatChecker())


def released(centre: Centre) -> list[dict[str, Any]]:
    with centre.reading() as session:
        written = text(release_package(centre, session, centre.now()))
    package = json.loads(written)
    assert [f"{list(e.path)}: {e.message}" for e in validator().iter_errors(package)] == []
    return package["releases"]  # type: ignore[no-any-return]


def award(made: Tender) -> None:
    made.put(Award(project=made.project, lot=made.lot, bid=made.bids[0], org=made.suppliers[0].org, amount=PRICES[0], rank=1, at=made.centre.now()))
    made.set(announced_at=made.centre.now())


def test_the_schema_is_able_to_refuse() -> None:
    assert list(validator().iter_errors({"uri": "x", "releases": [{"ocid": 1}]}))


def test_a_draft_is_absent_and_a_running_tender_tells_nothing_of_bidders(centre: Centre) -> None:
    made = tender(centre, "procurement.open", "inviting", deadline=centre.now() + DAY)
    draft = tender(centre, "procurement.open", "draft", tag="D", published_at=None)
    releases = released(centre)
    assert [r["tender"]["id"] for r in releases] == [made.row(Project, made.project).code]
    assert draft.project not in json.dumps(releases) and "bids" not in releases[0] and "numberOfTenderers" not in releases[0]["tender"]
    assert {role for party in releases[0]["parties"] for role in party["roles"]} == {"buyer", "procuringEntity", "procuringAgent"}


@pytest.mark.parametrize("stage", ["opened", "evaluating", "confirming", "awarded"])
def test_procurement_shows_no_bidder_before_the_result(centre: Centre, stage: str) -> None:
    made = tender(centre, "procurement.open", stage)
    award(made)
    made.set(announced_at=None)
    written = json.dumps(released(centre), ensure_ascii=False)
    assert "供应商" not in written and "投标人" not in written and str(PRICES[1] // 100) not in written and '"awards"' not in written


def test_procurement_names_the_winner_and_numbers_the_others(centre: Centre) -> None:
    made = tender(centre, "procurement.open", "announced")
    award(made)
    release = released(centre)[0]
    names = [party["name"] for party in release["parties"] if "tenderer" in party["roles"]]
    assert "示例供应商0" in names and len([n for n in names if n.startswith("投标人")]) == 3
    written = json.dumps(release, ensure_ascii=False)
    assert not any(f"示例供应商{n}" in written or f"S{n}0000" in written for n in (1, 2, 3))
    prices = {bid["tenderers"][0]["name"]: bid["value"]["amount"] for bid in release["bids"]["details"]}
    assert prices["示例供应商0"] == 900000 and sorted(prices.values()) == [880000, 900000, 950000.5, 970000]
    assert release["awards"][0]["suppliers"][0]["name"] == "示例供应商0" and release["tender"]["numberOfTenderers"] == 4
    assert release["awards"][0]["relatedBid"] in {bid["id"] for bid in release["bids"]["details"]}
    assert not any(bid in written for bid in made.bids)


def test_numbers_are_stable_in_a_tender_and_differ_between_tenders(centre: Centre) -> None:
    orders = set()
    for n in range(6):
        made = tender(centre, "procurement.open", "announced", tag=f"T{n}")
        award(made)
    first, second = released(centre), released(centre)
    assert first == second
    for release in first:
        orders.add(tuple(bid["value"]["amount"] for bid in release["bids"]["details"]))
    assert len(orders) > 1


def test_works_are_open_in_full_from_the_opening(centre: Centre) -> None:
    made = tender(centre, "works.open", "opening")
    assert "bids" not in released(centre)[0]
    made.set(stage="opened")
    release = released(centre)[0]
    assert {bid["tenderers"][0]["name"] for bid in release["bids"]["details"]} == {f"示例供应商{n}" for n in range(4)}
    assert "awards" not in release and "planning" not in release  # the estimate of works is not public
    assert all("status" not in bid for bid in release["bids"]["details"])


def test_a_tender_that_failed_opens_no_more_than_it_had(centre: Centre) -> None:
    made = tender(centre, "works.open", "closed")
    made.set(stage="failed", stopped_at="closed", ended_at=centre.now())
    release = released(centre)[0]
    assert release["tender"]["status"] == "unsuccessful" and "bids" not in release and "供应商" not in json.dumps(release, ensure_ascii=False)


def test_contract_notice_and_disqualification_are_published(centre: Centre) -> None:
    made = tender(centre, "works.open", "contracted", ceiling=98_000_000)
    award(made)
    now = centre.now()
    made.put(
        Contract(project=made.project, lot=made.lot, amount=PRICES[0], digest="00" * 32, blob="x" * 16, buyer_signed=now, winner_signed=now),
        Notice(project=made.project, kind="result", title="结果", fields={}, digest="00" * 32, published_at=now),
    )
    auction = tender(centre, "replay.lowest", "announced", tag="R")
    auction.put(Disqualification(project=auction.project, bid=auction.bids[1], reason="late", at=now))
    works, replay = sorted(released(centre), key=lambda r: r["tender"]["procurementMethodDetails"], reverse=True)
    assert works["contracts"][0]["awardID"] == works["awards"][0]["id"] and works["tag"] == ["tender", "award", "contract"]
    assert works["tender"]["value"] == {"amount": 980000, "currency": "CNY"} and works["tender"]["documents"][0]["documentType"] == "awardNotice"
    assert sorted(bid["status"] for bid in replay["bids"]["details"]) == ["disqualified", "valid", "valid", "valid"]


def test_the_command_writes_what_the_library_makes(centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre, "procurement.open", "announced")
    award(made)
    monkeypatch.setenv("MINGBIAO_HOME", str(centre.home))
    monkeypatch.setenv("MINGBIAO_DATABASE_URL", centre.settings.database_url)
    parser = argparse.ArgumentParser()
    command.add_parsers(parser.add_subparsers())
    args = parser.parse_args(["ocds", "export", str(tmp_path / "o.json")])
    assert args.run(args) == 0
    assert json.loads((tmp_path / "o.json").read_text())["releases"] == released(centre)


def test_the_command_needs_a_founded_centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGBIAO_HOME", str(tmp_path / "empty"))
    args = argparse.Namespace(file=tmp_path / "o.json")
    assert command.export(args) == 2 and not args.file.exists()
