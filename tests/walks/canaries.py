"""What the walk has planted: words that occur nowhere else, the kind of information each of them is, and whose it is.

A word may be known through several kinds (a bidder's name is also a payer's); the first is the one a finding is charged
to. `shown`: the forms of each kind in which the word itself appears, not a count or a mask of it.
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from cli.cast.tender import Play
from evaluation.area.records import Badge
from evaluation.records import Total
from experts.reads import seats
from experts.records import Draw
from kernel.identity.records import Person
from kernel.values import capitals, local, wan, yuan
from law.secrecy import FORMS
from tests.walks import people
from tests.walks.people import BIDDERS
from tests.walks.walk import MONEY, Walk
from trading.bids.records import Envelope
from trading.opening.records import Coefficient

WHOLE = frozenset({"own", "full"})
CUT = frozenset({"masked", "own", "full"})
PARTIES = ("bidder_identities", "document_taker_names", "deposit_payers", "opening_attendance", "totals", "refunds", "report", "opening_record")
OTHERS = {"withdrawn": ("bid_versions", "deposit_payers", "document_taker_names", "refunds"), "taker": ("document_taker_names",),
          "payer": ("deposit_payers", "refunds"), "late": ("late_attempts", "deposit_payers", "document_taker_names", "refunds")}
RANKED = ("winner", "loser", "third")


@dataclass(frozen=True)
class Canary:
    """word: as it would stand in a page · tender: id, "" for what belongs to none · owners: persons and organisations whose
    own it is · familiar: the owner knows it without any tender (a name), so it is never news to him."""

    word: str
    kinds: Mapping[str, frozenset[str]]
    tender: str = ""
    owners: frozenset[str] = frozenset()
    familiar: bool = False
    note: str = ""

    @property
    def kind(self) -> str:
        return next(iter(self.kinds))


def kinds(*whole: str, cut: Iterable[str] = ()) -> dict[str, frozenset[str]]:
    return dict.fromkeys(whole, WHOLE) | dict.fromkeys(cut, CUT)


def money(fen: int) -> tuple[str, ...]:
    """One amount in every way it is written: fen, yuan, with separators, in 万元, in capitals."""
    whole, rest = divmod(fen, 100)
    return (str(fen), f"{whole}.{rest:02d}", yuan(fen), f"{whole:,}", wan(fen), capitals(fen))


def moment(ms: int) -> tuple[str, ...]:
    """One instant to the minute, as pages and files write it."""
    at = local(ms)
    return (str(ms), f"{at:%Y-%m-%d %H:%M}", f"{at:%m-%d %H:%M}", f"{at:%Y-%m-%dT%H:%M}", f"{at.month} 月 {at.day} 日 {at:%H:%M}")


@dataclass
class Planted:
    """All canaries so far. `grow` adds what the walk has made since: seats, badges, digests."""

    walk: Walk
    found: dict[tuple[str, str], Canary] = field(default_factory=dict)

    def add(self, words: Iterable[str], of: Mapping[str, frozenset[str]], tender: str = "", owners: Iterable[str] = (), familiar: bool = False, note: str = "") -> None:
        for word in words:
            if word:
                self.found.setdefault((word, tender), Canary(word, of, tender, frozenset(owners), familiar, note))

    def grow(self) -> None:
        for play in self.walk.plays:
            if play.project:
                self._file(play)
                self._organisations(play)
                self._bids(play)
                self._committee(play)
                self._evaluation(play)
        self._library()

    def _file(self, play: Play) -> None:
        sums, walk = MONEY[play.field], self.walk
        self.add([play.title, play.title_en], kinds("tender_draft", "plan_entry", "published_notice"), play.project)
        self.add(money(sums["budget"]), kinds("budget"), play.project)
        self.add(money(sums["ceiling"]), kinds("ceiling_price"), play.project)
        self.add([walk.said(play, "补正")], kinds("review_remarks"), play.project)

    def _organisations(self, play: Play) -> None:
        for key in people.SUPPLIERS:
            company = self.walk.companies[f"{play.field}.{key}"]
            of = kinds(*OTHERS.get(key, PARTIES), *self._chosen(key), cut=self._won(key))
            self.add([company.name, company.code, company.person], of, play.project, [company.actor.id, company.actor.org or ""], True, key)
        for (tender, key), source in self.walk.sources.items():
            if tender == play.field:
                self.add([source], kinds("deposit_payers", "refunds"), play.project, [self.walk.actor(key, play).org or "", people.BANK.id], True, key)

    @staticmethod
    def _chosen(key: str) -> tuple[str, ...]:
        return (*(("candidates",) if key in RANKED else ()), *(("result",) if key == "winner" else ()))

    @staticmethod
    def _won(key: str) -> tuple[str, ...]:
        return ("award_decision", "contract") if key == "winner" else ()

    def _bids(self, play: Play) -> None:
        walk = self.walk
        for key, amount in MONEY[play.field].items():
            if key in people.SUPPLIERS:
                own = [walk.actor(key, play).org or ""]
                of = {"price_part": CUT} | kinds("totals", "opening_record", "report", *self._chosen(key), cut=self._won(key))
                self.add(money(amount), {"price_part": frozenset({"own"})} if key in ("withdrawn", "late") else of, play.project, own, key in ("withdrawn", "late"), key)
                self.add([walk.said(play, f"{part}{people.NAMES[key]}") for part in ("commercial",)], kinds("commercial_part"), play.project, own, note=key)
                self.add([walk.said(play, f"{part}{people.NAMES[key]}") for part in ("technical",)], kinds("technical_part"), play.project, own, note=key)
                if (play.field, key) in walk.times:
                    self.add(moment(walk.times[play.field, key]), kinds("bid_times", "opening_record"), play.project, own, True, key)
        self.add([walk.said(play, "开标异议")], kinds("opening_objection", cut=("opening_objection",)), play.project, [walk.actor("third", play).org or ""], True)
        with walk.centre.reading() as session:
            for bid, digest in session.execute(select(Envelope.bid, Envelope.digest)):
                key = next((key for (tender, key), id in walk.bids.items() if id == bid and tender == play.field), "")
                if key:
                    listed = {"opening_record": WHOLE, "partials": WHOLE, "receipt_leaf": CUT} if key in BIDDERS else {"bid_versions": WHOLE}
                    self.add([digest], {"ciphertext": CUT} | listed, play.project, [walk.actor(key, play).org or ""], True, key)
            for row in session.scalars(select(Coefficient).where(Coefficient.project == play.project)):
                self.add(row.reveals.values() if isinstance(row.reveals, dict) else (), kinds("coefficient"), play.project)

    def _committee(self, play: Play) -> None:
        walk = self.walk
        with walk.centre.reading() as session:
            names = dict(session.execute(select(Person.name, Person.id)).all())
            for seat in seats(session, play.project):
                name = session.get_one(Person, seat.person).name
                what = ("buyer_rep_name",) if seat.kind == "buyer_rep" else ("expert_names_seated", "report")
                self.found.pop((name, "both"), None)  # no longer one of the library
                self.add([name], kinds(*what), "both" if seat.kind == "buyer_rep" else play.project, [seat.person], True, seat.letter)
            for badge in session.scalars(select(Badge).where(Badge.project == play.project)):
                self.add([badge.code], kinds(cut=("badges", "door_events", "phone_locker", "alarms")), play.project, [badge.person or ""], True)
            for draw in session.scalars(select(Draw).where(Draw.project == play.project)):
                self.add([draw.seed or ""], kinds("draw_contributions"), play.project)
        if play.field in walk.declined:
            name = walk.declined[play.field]
            self.found.pop((name, "both"), None)
            self.add([name], kinds("expert_names_called", "pool_members"), play.project, [names[name]], True)

    def _evaluation(self, play: Play) -> None:
        walk, member = self.walk, {letter: actor.id for letter, actor in play.members.items()}
        third, rejected = [walk.actor("third", play).org or ""], [walk.actor("rejected", play).org or ""]
        self.add([walk.said(play, "评委提问"), walk.said(play, "投标人答复")], kinds("committee_questions", "report"), play.project, third)
        self.add([walk.said(play, "否决理由")], kinds("veto_reasons", "report"), play.project, rejected)
        dissenter = [member[max(member)]] if member else []
        self.add([walk.said(play, "不同意见")], {"minority_opinion": CUT, "report": WHOLE}, play.project, dissenter, True)
        self.add([walk.said(play, "查看理由")], kinds("watched_reads"), play.project, [walk.house.people["jiandu1"].id], True)
        for (tender, letter, _), words in walk.scores.items():
            if tender == play.field:
                self.add([words], {"individual_scores": CUT, "report": CUT}, play.project, [member[letter]])
        with walk.centre.reading() as session:
            for total in session.scalars(select(Total).where(Total.bid.in_([b.bid for b in play.bidders if b.bid]))):
                key = BIDDERS[[b.bid for b in play.bidders].index(total.bid)]
                if total.total is not None and total.rank:
                    self.add([str(total.total)], {"totals": WHOLE, "own_score": WHOLE, "candidates": WHOLE, "report": WHOLE}, play.project, [walk.actor(key, play).org or ""], note=key)

    def _library(self) -> None:
        with self.walk.centre.reading() as session:
            ids = dict(session.execute(select(Person.name, Person.id)).all())
        for one in self.walk.experts.values():
            own = [ids[one.name]]
            if not any(word == one.name for word, _ in self.found):
                self.add([one.name], kinds("pool_members"), "both", own, True)
            self.add([one.id_number], kinds("id_numbers"), "both", own, True)
            self.add([one.phone], kinds("phones"), "both", own, True)
            self.add([one.email, one.employer, one.code], kinds("pool_members", "expert_record"), "both", own, True)


assert set(FORMS) >= CUT
