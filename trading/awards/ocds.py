"""Everything public about tenders as an OCDS 1.1 release package with the bids and lots extensions.

The viewer is the public: each field asks the matrix of secrecy with role `public`, so the package holds what the
pages hold and nothing sooner. Procurement shows bidders by number from the result notice on, the winner by name;
works show everything from the opening on. Amounts are Decimal in the currency's main unit; `text` writes them out.
"""
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.values import iso
from law.masks import bidder_name, bidder_numbers
from law.secrecy import form
from law.stages import at_or_after
from trading.awards.records import Award, Contract, Disqualification
from trading.bids.records import Bid
from trading.notices.records import Notice
from trading.opening.envelopes import seen_as
from trading.opening.records import Opened, Opening
from trading.projects.records import Lot, Project
from trading.projects.stage import stage_at
from trading.subjects.records import Subject

if TYPE_CHECKING:
    from kernel.centre import Centre

EXTENSIONS = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_bid_extension/v1.1.5/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/extension.json",
)
CATEGORIES = {"construction": "works", "goods": "goods"}
CRITERIA = {"comprehensive": "ratedCriteria", "benchmark": "ratedCriteria", "lowest_price": "priceOnly"}
NOTICES = {"tender": "tenderNotice", "clarification": "clarifications", "candidates": "evaluationReports", "result": "awardNotice", "contract": "contractNotice"}


def release_package(centre: "Centre", session: Session, now: int) -> dict[str, Any]:
    """All published tenders, the oldest notice first."""
    assert centre.row is not None
    projects = session.scalars(select(Project).where(Project.published_at.is_not(None)).order_by(Project.published_at, Project.code))
    return {
        "uri": f"{centre.settings.origin_url}/open-data/ocds.json", "version": "1.1", "extensions": list(EXTENSIONS),
        "publishedDate": iso(now), "publisher": {"name": centre.row.name, "uri": centre.settings.origin_url},
        "releases": [Release(centre, session, project, now).whole() for project in projects],
    }


def text(value: Any) -> str:
    """JSON of a package, its Decimals as plain numbers."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{text(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class Release:
    """One tender as the public sees it at a moment."""

    def __init__(self, centre: "Centre", session: Session, project: Project, now: int) -> None:
        self.centre, self.session, self.project = centre, session, project
        self.stage = stage_at(project, now)
        self.ocid = f"ocds-mingbiao-{project.code}"
        self.lots = list(session.scalars(select(Lot).where(Lot.project == project.id).order_by(Lot.number)))
        self.notices = list(session.scalars(select(Notice).where(Notice.project == project.id).order_by(Notice.published_at, Notice.id)))
        self.awards = {a.lot: a for a in session.scalars(select(Award).where(Award.project == project.id))} if self.sees("result") else {}
        contracts = session.scalars(select(Contract).where(Contract.project == project.id).order_by(Contract.lot)) if self.sees("contract") else ()
        self.contracts = [c for c in contracts if c.buyer_signed and c.winner_signed]
        self.bids = self._bids()
        orgs = {project.buyer, project.agent, *(a.org for a in self.awards.values()), *(b.org for b in self.bids)} - {None}
        self.orgs = {s.id: s for s in session.scalars(select(Subject).where(Subject.id.in_(orgs)))}
        self.numbers = bidder_numbers(centre.secret("masks"), project.id, {b.org for b in self.bids})
        winners = {a.org for a in self.awards.values()}
        whole = self.form("bidder_identities") == "full"
        self.named = {org for org in self.numbers if whole or org in winners}

    def form(self, information: str) -> str:
        return form(information, {"public"}, self.project.field, self.stage, self.project.stopped_at)

    def sees(self, information: str) -> bool:
        return self.form(information) in ("masked", "full")

    def _bids(self) -> list[Bid]:
        """The live bids, once both who bid and at what price is public, at least by number."""
        opening = self.session.scalar(select(Opening).where(Opening.project == self.project.id))
        price = seen_as("price_part", {"public"}, self.project, opening, self.stage)
        if not self.sees("bidder_identities") or price not in ("masked", "full"):
            return []
        return list(self.session.scalars(select(Bid).where(Bid.project == self.project.id, Bid.state == "live")))

    def whole(self) -> dict[str, Any]:
        project = self.project
        moments = [n.published_at for n in self.notices] + [project.published_at or 0] + [c.winner_signed or 0 for c in self.contracts]
        moments += [project.opened_at] if self.bids and project.opened_at else []
        tags = ["tender", *(["award"] if self.awards else []), *(["contract"] if self.contracts else [])]
        tags += ["tenderCancellation"] if self.stage == "terminated" else []
        release: dict[str, Any] = {
            "ocid": self.ocid, "id": f"{self.ocid}-{max(moments)}", "date": iso(max(moments)), "tag": tags, "initiationType": "tender", "language": "zh",
            "parties": list(self.parties()), "buyer": self.reference(project.buyer), "tender": self.tender(),
        }
        if self.form("budget") == "full":
            release["planning"] = {"budget": {"amount": self.value(project.budget)}}
        if self.bids:
            release["bids"] = {"statistics": self.statistics(), "details": list(self.details())}
        if self.awards:
            release["awards"] = [self.award(lot, self.awards[lot.id]) for lot in self.lots if lot.id in self.awards]
        if self.contracts:
            release["contracts"] = [self.contract(row) for row in self.contracts]
        return release

    def value(self, amount: int) -> dict[str, Any]:
        assert self.centre.row is not None
        return {"amount": Decimal(amount).scaleb(-self.centre.row.minor), "currency": self.centre.row.currency}

    def name(self, org: str) -> str:
        """The name where it is public, else the number."""
        return self.orgs[org].name if org not in self.numbers or org in self.named else " ".join(bidder_name(self.numbers[org]))

    def party_id(self, org: str) -> str:
        return f"CN-SCC-{self.orgs[org].code}" if org not in self.numbers or org in self.named else f"{self.project.code}-bidder-{self.numbers[org]}"

    def reference(self, org: str) -> dict[str, Any]:
        return {"id": self.party_id(org), "name": self.name(org)}

    def parties(self) -> Iterable[dict[str, Any]]:
        roles: dict[str, list[str]] = {self.project.buyer: ["buyer", "procuringEntity"]}
        if self.project.agent:
            roles.setdefault(self.project.agent, []).append("procuringAgent")
        for bid in self.bids:
            roles.setdefault(bid.org, []).append("tenderer")
        for award in self.awards.values():
            roles.setdefault(award.org, []).append("supplier")
        # numbers before names: the order of a mask must not tell who stands behind it
        for org in sorted(roles, key=lambda o: self.numbers.get(o, 0)):
            party: dict[str, Any] = self.reference(org) | {"roles": list(dict.fromkeys(roles[org]))}
            if org not in self.numbers or org in self.named:
                subject = self.orgs[org]
                party |= {"identifier": {"scheme": "CN-SCC", "id": subject.code, "legalName": subject.name}}
                party |= {"address": {"streetAddress": subject.address, "countryName": "CN"}} if subject.address else {}
            yield party

    def tender(self) -> dict[str, Any]:
        project = self.project
        status = {"failed": "unsuccessful", "terminated": "cancelled"}.get(self.stage) or ("complete" if at_or_after(self.stage, "announced") else "active")
        found: dict[str, Any] = {
            "id": project.code, "title": project.title, "status": status, "procuringEntity": self.reference(project.buyer),
            "procurementMethod": "open" if project.method == "open" else "selective", "procurementMethodDetails": project.procedure,
            "mainProcurementCategory": CATEGORIES.get(project.kind, "services"), "awardCriteria": CRITERIA[project.evaluation],
            "submissionMethod": ["electronicSubmission"],
            "tenderPeriod": {"startDate": iso(project.published_at or 0)} | ({"endDate": iso(project.deadline)} if project.deadline else {}),
            "lots": [self.lot(lot, status) for lot in self.lots], "documents": [self.document(n) for n in self.notices],
        }
        found |= {"description": project.title_en} if project.title_en else {}
        if project.ceiling is not None and self.form("ceiling_price") == "full":
            found["value"] = self.value(project.ceiling)
        elif self.form("budget") == "full":
            found["value"] = self.value(project.budget)
        if self.bids:
            orgs = sorted(self.numbers, key=lambda o: self.numbers[o])
            found |= {"tenderers": [self.reference(org) for org in orgs]}
            found |= {"numberOfTenderers": len(orgs)} if self.form("bid_count") in ("count", "full") else {}
        return found

    def lot(self, lot: Lot, status: str) -> dict[str, Any]:
        public_budget = {"value": self.value(lot.budget)} if self.form("budget") == "full" else {}
        return {"id": str(lot.number), "title": lot.title, "status": status} | public_budget

    def document(self, notice: Notice) -> dict[str, Any]:
        return {
            "id": notice.id, "documentType": NOTICES.get(notice.kind, "tenderNotice"), "title": notice.title, "datePublished": iso(notice.published_at),
            "url": f"{self.centre.settings.origin_url}/notices/{notice.id}", "format": "text/html", "language": "zh",
        }

    def bid_id(self, bid: Bid) -> str:
        return f"{self.project.code}-{self.lot_number(bid.lot)}-{self.numbers[bid.org]}"

    def lot_number(self, lot: str) -> str:
        return next(str(row.number) for row in self.lots if row.id == lot)

    def statistics(self) -> list[dict[str, Any]]:
        return [{"id": "bids", "measure": "bids", "value": len(self.bids)}] if self.form("bid_count") in ("count", "full") else []

    def details(self) -> Iterable[dict[str, Any]]:
        """Bids in the order of their numbers. Whether a committee rejected one is not public; a recorded disqualification is."""
        opened = {o.bid: o for o in self.session.scalars(select(Opened).where(Opened.project == self.project.id, Opened.part == "price"))}
        out = set(self.session.scalars(select(Disqualification.bid).where(Disqualification.project == self.project.id)))
        for bid in sorted(self.bids, key=lambda b: (self.lot_number(b.lot), self.numbers[b.org])):
            price = opened.get(bid.id)
            found = {
                "id": self.bid_id(bid), "submissionType": "bid", "tenderers": [self.reference(bid.org)], "relatedLots": [self.lot_number(bid.lot)],
            }
            if self.project.procedure == "replay.lowest":
                found["status"] = "disqualified" if bid.id in out else "valid"
            yield found | ({"value": self.value(price.amount)} if price and price.amount is not None else {})

    def award(self, lot: Lot, award: Award) -> dict[str, Any]:
        found = {
            "id": self.award_id(lot.id), "title": f"{self.project.title} {lot.title}", "status": "active", "value": self.value(award.amount),
            "suppliers": [self.reference(award.org)], "relatedLots": [str(lot.number)],
        }
        found |= {"date": iso(self.project.announced_at)} if self.project.announced_at else {}
        bid = next((b for b in self.bids if b.id == award.bid), None)
        return found | ({"relatedBid": self.bid_id(bid)} if bid else {})

    def award_id(self, lot: str) -> str:
        return f"{self.project.code}-award-{self.lot_number(lot)}"

    def contract(self, row: Contract) -> dict[str, Any]:
        signed = max(row.buyer_signed or 0, row.winner_signed or 0)
        return {
            "id": f"{self.project.code}-contract-{self.lot_number(row.lot)}", "awardID": self.award_id(row.lot), "status": "active",
            "value": self.value(row.amount), "dateSigned": iso(signed),
        }
