"""`mingbiao replay tsuchiura FILE`: every auction of one city's record, through register, enter, seal, open, award.

The rule set is `replay.lowest`: no minimum number of bidders, lowest admissible price; disqualifications are those of
the record. Amounts are whole yen. Ties are decided by the recorded lottery, or by a recorded draw of ours where the
record names no winner among them. An auction without a recorded winner ends failed by the recorded decision.
"""
import argparse
import csv
import hashlib
import json
import os
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cli.progress import Progress
from cli.replay.ending import in_empty_home
from kernel.centre import Centre
from kernel.command import SYSTEM, Actor
from kernel.ticker import settle
from kernel.values import DAY, MINUTE

COLUMNS = {"year", "pid", "date", "projecttitle", "reserveprice", "bidder_id", "bid", "bidresult", "winner"}
WON, LOTTERY, OUT = "2", "3", "4"


@dataclass
class Line:
    """One recorded bid. amount None: the form came without a price. firm: one organisation, also where an id stands twice."""

    firm: str
    name: str
    amount: int | None
    out: bool
    why: str
    won: bool
    id: str = ""


@dataclass
class Auction:
    key: tuple[str, str, str, str]
    details: str
    reserve: int
    floor: int | None
    lines: list[Line] = field(default_factory=list)
    project: str = ""
    lot: str = ""

    @property
    def winner(self) -> Line | None:
        return next((line for line in self.lines if line.won), None)

    def evidence(self) -> str:
        return hashlib.sha256(json.dumps([self.key, [[x.firm, x.amount, x.out, x.why] for x in self.lines]], ensure_ascii=False).encode()).hexdigest()


def add_parser(kinds: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = kinds.add_parser("tsuchiura", help="public-works auctions of one city, recorded bid by bid")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", type=Path)
    parser.set_defaults(run=run)


def yen(text: str) -> int | None:
    try:
        amount = Decimal(text.strip()) if text and text.strip() else None
    except InvalidOperation:
        return None
    return None if amount is None or not amount.is_finite() or amount < 0 else int(amount)


def read(path: Path) -> list[Auction]:
    """The auctions in the order of the file. ValueError where columns are missing."""
    auctions: dict[tuple[str, str, str, str], Auction] = {}
    seen: dict[tuple[Any, str], int] = defaultdict(int)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = COLUMNS - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"缺少列 · columns missing: {', '.join(sorted(missing))}")
        for row in rows:
            key = (row["year"], row["pid"], row["date"], row["projecttitle"])
            if key not in auctions:
                auctions[key] = Auction(key, row.get("projectdetails") or "", yen(row["reserveprice"]) or 0, yen(row.get("minprice") or "") or None)
            seen[key, row["bidder_id"]] += 1
            count = seen[key, row["bidder_id"]]
            amount = yen(row["bid"])
            won = row["winner"].strip() in ("1", "1.0") or row["bidresult"].strip() in (WON, LOTTERY)
            out = amount is None or (row["bidresult"].strip() == OUT and not won)
            auctions[key].lines.append(Line(
                f"{row['bidder_id']}/{count}", (row.get("bidder") or row["bidder_id"]).strip(), amount, out,
                ((row.get("bidresult_details") or "").strip() or ("no price" if amount is None else "disqualified"))[:40], won and not out))
    return list(auctions.values())


def run(args: argparse.Namespace) -> int:
    try:
        auctions = read(args.file)
    except (OSError, ValueError, KeyError) as error:
        print(f"文件无法读取 · the file cannot be read: {error}", file=sys.stderr)
        return 2
    return in_empty_home(lambda centre, progress: play(centre, auctions, progress), args.json, lambda result: not result["disagree"])


def play(centre: Centre, auctions: list[Auction], progress: Progress) -> dict[str, Any]:
    from cli.cast.house import Applicant, credit_code, enter_all, open_house

    house = open_house(centre, "土浦市公共工程入札（重演）", "Public works of one city, replayed", "tsuchiura.example", "JPY", 0, witnessed=False)
    firms = {line.firm: line.name for auction in auctions for line in auction.lines}
    applicants = [Applicant("土浦市（重演）", ("buyer",), "契约甲", "buyer@tsuchiura.example", credit_code(0, "11110113"))]
    applicants += [Applicant(f"{name} {firm}"[:120], ("supplier",), "营业甲", f"firm{n}@tsuchiura.example", credit_code(n)) for n, (firm, name) in enumerate(firms.items(), 1)]
    actors = enter_all(house, applicants)
    buyer, suppliers = actors[0], dict(zip(firms, actors[1:], strict=True))
    codes = dict(zip(firms, (a.code for a in applicants[1:]), strict=True))
    progress.say("登记完成 · registered", len(applicants), len(applicants), always=True)
    deadline = centre.now() + 2 * DAY
    enter_tenders(house, buyer, auctions, deadline, progress)
    bids = seal_bids(house, auctions, suppliers, codes, progress)
    if centre.now() >= deadline:
        raise SystemExit("重演过慢，截止时间已过 · the replay was too slow for its own deadline")
    house.until(deadline + MINUTE)
    open_tenders(house, buyer, auctions, progress)
    result = award(house, buyer, auctions, suppliers, progress)
    settle(centre)
    return {"auctions": len(auctions), **result, "bids": bids}


def enter_tenders(house: Any, buyer: Actor, auctions: list[Auction], deadline: int, progress: Progress) -> None:
    """Draft, key ceremony, both reviews, notice; in phases, so that custodians and reviewers work on many at once."""
    from cli.cast.tenders import ceremonies, review_tenders
    from trading.notices.publish import Publish, publish
    from trading.projects.draft import Draft, Recorded, draft
    from trading.projects.records import Lot
    from trading.projects.submit import Submit, submit

    centre = house.centre
    for n, auction in enumerate(auctions):
        title = f"{auction.key[3]} {auction.details}".strip()[:200]
        made = draft(centre, buyer, Draft(
            procedure="replay.lowest", field="works", kind="construction", title=title if len(title) > 1 else f"{title} -", budget=auction.reserve,
            details={"recorded_date": auction.key[2], "recorded_number": auction.key[1]},
            recorded=Recorded(deadline=deadline, floor_price=auction.floor, decrypt_minutes=0, confirm_minutes=0, quorum=0)))
        auction.project = made.id
        progress.say("进场登记 · entered", n + 1, len(auctions))
    projects = [auction.project for auction in auctions]
    ceremonies(house, dict.fromkeys(projects, buyer), progress)
    for project in projects:
        submit(centre, buyer, Submit(project=project))
    review_tenders(house, projects)
    for n, project in enumerate(projects):
        publish(centre, buyer, Publish(project=project))
        progress.say("公告 · published", n + 1, len(projects))
    settle(centre)
    with centre.reading() as session:
        lots = dict(session.execute(select(Lot.project, Lot.id)).all())
    for auction in auctions:
        auction.lot = lots[auction.project]


def seal_bids(house: Any, auctions: list[Auction], suppliers: dict[str, Actor], codes: dict[str, str], progress: Progress) -> int:
    from trading.bids.sealer import seal_bid
    from trading.bids.submit import PartRef, Submit, submit
    from trading.bids.uploads import store
    from trading.sealing.records import Ceremony
    from trading.sealing.rules.price import PriceForm

    centre, count, total = house.centre, 0, sum(len(a.lines) for a in auctions)
    with centre.reading() as session:
        keys = dict(session.execute(select(Ceremony.project, Ceremony.key)).all())
    for auction in auctions:
        for line in auction.lines:
            salt = os.urandom(32)
            parts = seal_bid(auction.project, auction.lot, bytes.fromhex(keys[auction.project]), codes[line.firm], PriceForm("JPY", line.amount), salt, os.urandom)
            actor = suppliers[line.firm]
            refs = tuple(PartRef(part=part, upload=store(centre, actor, auction.project, auction.lot, part, sealed.data).id, digest=sealed.digest)
                         for part, sealed in parts.items())
            line.id = submit(centre, actor, Submit(project=auction.project, lot=auction.lot, parts=refs, salt=salt.hex())).id
            count += 1
            progress.say("密封投标 · sealed", count, total)
    settle(centre)
    return count


def open_tenders(house: Any, buyer: Actor, auctions: list[Auction], progress: Progress) -> None:
    from cli.cast.tenders import custodians_open
    from trading.opening.name_host import NameHost, name_host
    from trading.opening.read_out import ReadOut, read_out
    from trading.opening.sign_record import SignRecord, sign_record
    from trading.opening.start import Start, start

    centre, host = house.centre, house.people["zhuchi1"]
    for auction in auctions:
        name_host(centre, buyer, NameHost(project=auction.project, person=host.id))
    for n, auction in enumerate(auctions):
        start(centre, host, Start(project=auction.project))
        progress.say("开标 · openings begun", n + 1, len(auctions))
    settle(centre)
    custodians_open(house, progress)
    for n, auction in enumerate(auctions):
        read_out(centre, host, ReadOut(project=auction.project))
        sign_record(centre, host, SignRecord(project=auction.project))
        progress.say("唱标与记录 · read out", n + 1, len(auctions))


def award(house: Any, buyer: Actor, auctions: list[Auction], suppliers: dict[str, Actor], progress: Progress) -> dict[str, int]:
    from trading.awards.disqualify import Disqualify, disqualify
    from trading.awards.fix_winner import Choice, FixWinner, fix_winner
    from trading.awards.rank_by_price import RankByPrice, rank_by_price
    from trading.notices.publish_result import PublishResult, publish_result
    from trading.projects.fail import Fail, fail

    centre, host = house.centre, house.people["zhuchi1"]
    counted = {"awarded": 0, "agree": 0, "disagree": 0, "ties": 0}
    for n, auction in enumerate(auctions):
        for line in auction.lines:
            if line.out:
                disqualify(centre, host, Disqualify(project=auction.project, bid=line.id, reason=line.why))
        recorded = auction.winner
        progress.say("定标 · awarded", n + 1, len(auctions))
        if recorded is None:
            fail(centre, SYSTEM, Fail(project=auction.project, condition="task_cancelled", evidence=auction.evidence()))
            continue
        prices = [line.amount for line in auction.lines if not line.out and line.amount is not None and line.amount >= (auction.floor or 0)]
        lowest = min(prices, default=None)
        tied = prices.count(lowest) > 1 if lowest is not None else False
        counted["ties"] += tied
        ranked = rank_by_price(centre, SYSTEM, RankByPrice(project=auction.project, tie_winner=recorded.id if tied and recorded.amount == lowest else ""))
        if not ranked:
            fail(centre, SYSTEM, Fail(project=auction.project, condition="task_cancelled", evidence=auction.evidence()))
            counted["disagree"] += 1
            continue
        first = ranked[0]
        fix_winner(centre, buyer, FixWinner(project=auction.project, choices=(Choice(bid=first.bid, amount=first.amount),)))
        publish_result(centre, buyer, PublishResult(project=auction.project))
        counted["awarded"] += 1
        counted["agree" if (first.bid, first.amount) == (recorded.id, recorded.amount) else "disagree"] += 1
    return counted
