"""What stands on the seat's screen: steps, the open cell of the sheet, the chair's proposals in words. No page, no database."""
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evaluation.rules.scheme import Item
from evaluation.seat_reads import Bidder, Proposal
from kernel.canonical import canon, plain
from kernel.errors import Text
from law.grounds import LABELS
from web.forms import FORMS, Shown

if TYPE_CHECKING:
    from web.expert.pages import Gathered

STEPS = (
    (("booked", "gathered", "sworn"), Text("签到与声明", "Gathering")), (("reviewing",), Text("初步评审", "First review")),
    (("scoring",), Text("详细评审", "Scoring")), (("summing",), Text("汇总", "Adding up")),
    (("signing",), Text("签署报告", "Signing")), (("sealed",), Text("已封存", "Sealed")),
)
ACTS = {
    "evaluation.reject": Text("否决投标", "Reject a bid"), "evaluation.reject_all": Text("否决全部投标", "Reject all bids"),
    "evaluation.ask_bidder": Text("要求澄清", "Ask a bidder"), "evaluation.decide_low_price": Text("认定低价说明", "Decide on a low price"),
    "evaluation.recommend": Text("推荐候选人", "Recommend candidates"),
}


def figure(value: Decimal) -> str:
    """A score as people write it: no trailing zeros, no exponent."""
    return f"{value.normalize():f}"


def ribbon(given: "Gathered") -> list[dict[str, Any]]:
    here = next(n for n, (stages, _) in enumerate(STEPS) if given.own.stage in stages)
    held = "hold" if given.own.halted else "now"
    return [{"name": words, "state": "done" if n < here or given.own.stage == "sealed" else held if n == here else "next"} for n, (_, words) in enumerate(STEPS)]


def tasks(given: "Gathered") -> list[dict[str, Any]]:
    """The steps before the evaluation, in their order, with who must take them."""
    own, others = given.own, given.table.colleagues
    declared = sum(c.declared for c in others)
    rows = [
        ("核验身份", "Identity checked", own.verified, Text("由代理机构在本席核对人证", "The agency checks face and paper at your seat")),
        ("签署承诺", "Sign the pledge", own.pledged, Text("通讯工具须已存入储物柜", "Your phone must be in its locker")),
        ("声明无利害关系", "Declare no interest", own.declared, Text("阅读投标人名单后声明", "After reading the list of bidders")),
        ("推选组长", "Choose the chair", any(c.chair for c in others), Text(f"已声明 {declared}，共 {len(others)}", f"{declared} of {len(others)} have declared")),
        ("组长开始评审", "The chair begins", own.stage not in ("gathered", "sworn"), Text("组长确认已阅读评审标准", "After the criteria are read")),
    ]
    now = next((n for n, row in enumerate(rows) if not row[2]), len(rows))
    return [{"name": Text(zh, en), "state": "ok" if done else "run" if n == now else "wait", "note": note, "current": n == now,
             **({"label": Text("现在", "Now")} if n == now and not done else {})} for n, (zh, en, done, note) in enumerate(rows)]


class Seat:
    """Forms and words for one member. here: address of the seat's page."""

    def __init__(self, given: "Gathered", here: str) -> None:
        self.given, self.here = given, here
        self.project = given.sitting.project
        self.offered = {move.tag for move in given.own.next}
        self.stems = {b.bid: b.stem for b in given.table.bidders}
        self.names = {b.bid: b.name for b in given.table.bidders}

    def form(self, tag: str, **values: Any) -> Shown | None:
        """A form of this session's table, None while the table does not offer the act here."""
        tag = f"evaluation.{tag}"
        if tag not in self.offered:
            return None
        return Shown(FORMS[tag], {"project": self.project, "seat": self.given.own.seat} | values, next=self.here)

    def bidder_words(self, bid: object) -> Text:
        stem, name = self.stems.get(str(bid), ""), self.names.get(str(bid), "")
        return Text(f"{stem} {name}".strip(), f"{stem} {name}".strip())

    def words(self, proposal: Proposal) -> list[tuple[Text, Text]]:
        """What a proposal says, label by label."""
        given = proposal.command
        rows: list[tuple[Text, Text]] = []
        if "bid" in given:
            rows.append((Text("投标人", "Bidder"), self.bidder_words(given["bid"])))
        if given.get("ground"):
            rows.append((Text("情形", "Ground"), Text(*LABELS.get(str(given["ground"]), (str(given["ground"]),) * 2))))
        if "justified" in given:
            rows.append((Text("认定", "Decision"), Text("理由成立", "Justified") if given["justified"] else Text("不能证明合理，投标无效", "Not justified: invalid")))
        for lot in _rows(given.get("lots")):
            for rank, bid in enumerate(lot["bids"], 1):
                rows.append((Text(f"第 {rank} 候选人", f"Candidate {rank}"), self.bidder_words(bid)))
        for name, label in (("question", Text("问题", "Question")), ("reason", Text("理由", "Reason")), ("opinion", Text("意见", "Opinion"))):
            if given.get(name) and not (name == "question" and "justified" in given):
                rows.append((label, Text(str(given[name]), str(given[name]))))
        return rows

    def text(self, proposal: Proposal) -> str:
        """The proposal's command as it must be voted on and taken: the same bytes."""
        return canon(plain(proposal.command)).decode()

    def act_of(self, proposal: Proposal) -> Text:
        return ACTS[proposal.act]

    def take(self, proposal: Proposal) -> Shown | None:
        """The chair's act itself, once a majority agrees."""
        if not (self.given.own.chair and proposal.enough and not proposal.done and proposal.act in self.offered):
            return None
        return Shown(FORMS[proposal.act], {"proposal": self.text(proposal)}, next=self.here)

    def cell(self, bidder: Bidder | None, code: str) -> dict[str, Any]:
        """The open cell: as asked for, else the first that has no score."""
        grid = self.given.grid
        assert grid is not None and grid.items and bidder is not None
        cells = [(column, item) for item in grid.items for column in grid.columns]
        empty = [(c, i) for c, i in cells if (c.bid, i.code) not in grid.cells and (not grid.open_items or i.code in grid.open_items)]
        column = next((c for c in grid.columns if c.bid == bidder.bid), grid.columns[0])
        item = next((i for i in grid.items if i.code == code), None)
        if item is None:
            column, item = empty[0] if empty else (column, next((i for i in grid.items if i.code in grid.open_items), grid.items[0]))
        at = cells.index((column, item))
        later = [pair for pair in cells[at + 1:] + cells[:at] if pair in empty]
        following = later[0] if later else cells[(at + 1) % len(cells)]
        n = grid.columns.index(column)
        return {
            "column": column, "item": item, "mark": grid.cells.get((column.bid, item.code)), "levels": levels(item), "open": not grid.open_items or item.code in grid.open_items,
            "next_url": self.url(following[0].stem, following[1].code), "left_url": self.url(grid.columns[n - 1].stem, item.code),
            "right_url": self.url(grid.columns[(n + 1) % len(grid.columns)].stem, item.code), "scores": self.scores(), "sums": self.sums(), "figure": figure,
        }

    def url(self, stem: str, item: str) -> str:
        return f"{self.here}?bid={stem}&item={item}"

    def scores(self) -> dict[str, dict[str, str | None]]:
        grid = self.given.grid
        assert grid is not None
        return {i.code: {c.stem: figure(grid.cells[c.bid, i.code].score) if (c.bid, i.code) in grid.cells else None for c in grid.columns} for i in grid.items}

    def sums(self) -> dict[str, str]:
        grid = self.given.grid
        assert grid is not None
        return {c.stem: figure(sum((grid.cells[c.bid, i.code].score for i in grid.items if (c.bid, i.code) in grid.cells), Decimal(0))) for c in grid.columns}

    def criteria(self) -> list[dict[str, Any]]:
        assert self.given.grid is not None
        return [{"key": i.code, "name": Text(i.zh, i.en or i.zh), "max": Points(i.high)} for i in self.given.grid.items]

    def suggested(self) -> list[tuple[str, str]]:
        """(lot, bid) of at most three a lot in the order of the totals."""
        found: dict[str, int] = {}
        rows = []
        lots = {b.bid: b.lot for b in self.given.table.bidders}
        for line in sorted(self.given.totals or (), key=lambda t: t.rank):
            lot = lots.get(line.bid, "")
            found[lot] = found.get(lot, 0) + 1
            if line.rank and found[lot] <= 3:
                rows.append((lot, line.bid))
        return rows

    def ties(self) -> list[tuple[str, int, list[str]]]:
        """(lot, rank, bids) still open, which the buyer's order settles where the document says so."""
        lots = {b.bid: b.lot for b in self.given.table.bidders}
        found: dict[tuple[str, int], list[str]] = {}
        for line in self.given.totals or ():
            if line.tie == "open":
                found.setdefault((lots.get(line.bid, ""), line.rank), []).append(line.bid)
        return [(lot, rank, bids) for (lot, rank), bids in found.items()]


class Points(Decimal):
    """A number of points that prints without trailing zeros and still adds up."""

    def __str__(self) -> str:
        return figure(Decimal(self))

    def __radd__(self, other: Any) -> "Points":
        return Points(Decimal(self) + other)


def levels(item: Item) -> list[dict[str, Any]]:
    return [{"key": f"{level.low}", "name": Text(level.zh, level.en or level.zh), "range": f"{figure(level.low)}–{figure(level.high)}",
             "text": Text("须写明理由", "a reason is needed") if level.reason else ""} for level in item.levels]


def _rows(value: object) -> list[dict[str, Any]]:
    return value if isinstance(value, list) else []
