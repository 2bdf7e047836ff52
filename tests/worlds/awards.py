"""A tender as it stands when the evaluation is over: organisations, bids with opened prices, deposits.

What the rooms to the right of trading would answer is given by the test through `answer`.
"""
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

import trading.awards.reactions
import trading.awards.timers
import trading.sealing.records  # noqa: F401  every table that others refer to
from kernel import facts
from kernel.centre import Centre
from kernel.command import SYSTEM, Actor
from kernel.identity.records import Person
from kernel.rehearsal.step import Step, step
from kernel.values import DAY, new_id
from trading.asks import OwnResult, Ranked
from trading.awards.records import Award, Candidate
from trading.awards.sign_contract import SignContract
from trading.bids.records import Bid, Closing, Deposit
from trading.notices.records import Notice
from trading.opening.records import Opened, Opening
from trading.projects.records import Lot, Project
from trading.subjects.records import Membership, Subject

PRICES = (90_000_000, 95_000_050, 97_000_000, 88_000_000)
DEPOSIT = 1_000_000


@dataclass
class Tender:
    centre: Centre
    project: str
    lot: str
    buyer: Actor
    buyer2: Actor
    agent: Actor
    host: Actor
    suppliers: list[Actor]
    bids: list[str]
    deposits: list[str] = field(default_factory=list)

    def row(self, kind: Any, id: str) -> Any:
        with self.centre.reading() as session:
            return session.get_one(kind, id)

    @property
    def stage(self) -> str:
        return str(self.row(Project, self.project).stage)

    def put(self, *rows: Any) -> None:
        with self.centre.database.writing() as session:
            session.add_all(rows)
            session.commit()

    def set(self, kind: Any = Project, id: str = "", **values: Any) -> None:
        with self.centre.database.writing() as session:
            row = session.get_one(kind, id or self.project)
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def forward(self, ms: int) -> None:
        step(self.centre, SYSTEM, Step(forward=ms))


def organisation(session: Any, now: int, name: str, code: str, **kinds: int) -> tuple[Subject, list[Actor]]:
    subject = Subject(id=new_id(), code=code, name=name, stage="admitted", entered_by="test", entered_at=now, admitted_at=now, address="示例路 1 号", **kinds)
    session.add(subject)
    session.flush()
    people = []
    for n in (1, 2):
        person = Person(id=new_id(), login=f"{code.lower()}-{n}", name=f"{name}经办{n}", created=now)
        session.add(person)
        session.flush()
        session.add(Membership(org=subject.id, person=person.id, manager=int(n == 1), since=now))
        people.append(Actor("person", person.id, subject.id))
    return subject, people


def tender(centre: Centre, procedure: str = "works.open", stage: str = "evaluating", prices: tuple[int | None, ...] = PRICES, tag: str = "", budget: int = 100_000_000, **columns: Any) -> Tender:
    """One lot, one bid and one paid deposit per price. tag: keeps codes apart where a test makes several tenders."""
    kind = "works" if procedure == "works.open" else "procurement"
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        buyer, buyers = organisation(session, now, "示例采购人", f"BUY{tag}".ljust(18, "0")[:18], is_buyer=1)
        agent, agents = organisation(session, now, "示例代理", f"AGT{tag}".ljust(18, "0")[:18], is_agent=1)
        suppliers = [organisation(session, now, f"示例供应商{n}", f"S{n}{tag}".ljust(18, "0")[:18], is_supplier=1) for n in range(len(prices))]
        given = {"code": f"{kind[0].upper()}2026{new_id()[:6].upper()}", "field": kind, "kind": "construction" if kind == "works" else "services", "title": "示例项目"}
        given |= {"published_at": now - 40 * DAY, "deadline": now - 5 * DAY, "opened_at": now - 5 * DAY, "region": "110113"} | columns
        project = Project(id=new_id(), procedure=procedure, buyer=buyer.id, agent=agent.id, budget=budget, deposit=DEPOSIT, stage=stage, created_by=buyers[0].id, created=now - 50 * DAY, **given)
        session.add(project)
        session.flush()
        lot = Lot(id=new_id(), project=project.id, number=1, title="全部", budget=budget)
        session.add(lot)
        session.flush()
        host = Person(id=new_id(), login=f"host{tag}", name="主持人", created=now)
        session.add(host)
        session.flush()
        session.add(Opening(project=project.id, host=host.id, started=now - 5 * DAY))
        session.add(Closing(project=project.id, lot=lot.id, root="ab" * 32, count=len(prices), digests=[], moment=now - 5 * DAY))
        made = Tender(centre, project.id, lot.id, buyers[0], buyers[1], agents[0], Actor("person", host.id), [people[0] for _, people in suppliers], [])
        for n, ((subject, _), price) in enumerate(zip(suppliers, prices, strict=True)):
            bid = Bid(id=new_id(), project=project.id, lot=lot.id, org=subject.id, supplier="", supplier_salt=b"s" * 32, version=1, moment=now - 6 * DAY)
            session.add(bid)
            session.flush()
            session.add(Opened(project=project.id, bid=bid.id, part="price", state="opened", amount=price, at=now - 5 * DAY))
            deposit = Deposit(id=new_id(), project=project.id, lot=lot.id, org=subject.id, account=f"ACC{tag}{n}{new_id()[:6]}", amount=DEPOSIT, paid_at=now - 7 * DAY, source=f"62220000000{n}")
            session.add(deposit)
            made.bids.append(bid.id)
            made.deposits.append(deposit.id)
        session.commit()
    return made


def answer(patch: pytest.MonkeyPatch, **given: Any) -> None:
    """What the rooms on the right say from now on: answer(patch, session_sealed=True)."""
    for name, value in given.items():
        patch.setitem(facts._bound, f"trading.asks.{name}", lambda *_, value=value: value)


def sealed(patch: pytest.MonkeyPatch, made: Tender, order: tuple[int, ...] = (0, 1, 2), scores: tuple[str, ...] = ("92.50", "88.10", "80.00")) -> None:
    """The session is sealed and recommends the bids in this order; the others are told their own figures."""
    ranked = tuple(Ranked(made.lot, n, made.bids[i], PRICES[i], Decimal(scores[n - 1])) for n, i in enumerate(order, 1))
    own = tuple(OwnResult(made.bids[i], Decimal(scores[n - 1]), n, sections={"技术": Decimal("30.25")}) for n, i in enumerate(order, 1))
    own += tuple(OwnResult(bid, None, None, rejected="未按要求签字盖章") for n, bid in enumerate(made.bids) if n not in order)
    answer(patch, session_sealed=True, report_digest="cd" * 32, candidates=ranked, own_results=own)


def announced(centre: Centre, patch: pytest.MonkeyPatch, procedure: str = "procurement.open", notice: bool = True, stage: str = "announced") -> Tender:
    """The first bid has won; the result is published at this moment."""
    made = tender(centre, procedure, stage)
    sealed(patch, made)
    now = centre.now()
    made.put(*(Candidate(project=made.project, lot=made.lot, rank=n + 1, bid=made.bids[n], amount=PRICES[n]) for n in range(3)))
    made.put(Award(project=made.project, lot=made.lot, bid=made.bids[0], org=made.suppliers[0].org, amount=PRICES[0], rank=1, at=now))
    if notice:
        made.put(Notice(project=made.project, kind="result", title="结果", fields={}, digest="00" * 32, published_at=now))
    made.set(awarded_at=now, announced_at=now)
    return made


def contract(made: Tender, **change: object) -> SignContract:
    return SignContract.model_validate({"project": made.project, "lot": made.lot, "blob": "b" * 16, "digest": "ee" * 32, "amount": PRICES[0], "bond": 0} | change)
