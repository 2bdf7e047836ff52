"""What a viewer may see of report, candidates, award, letters, contracts and refunds: masked before it leaves here.

A field that is None is sealed for this viewer at this stage; an empty tuple is open and empty.
"""
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import NotYours
from kernel.identity.reads import roles as centre_roles
from law.secrecy import form, form_of_others
from trading.asks import OwnResult, own_results
from trading.awards.records import Acceptance, Award, Candidate, Contract, Letter, Refund, RegulatorReport, Report, Skip
from trading.awards.refunds import owed_by, past_opening
from trading.bids.records import Bid, Deposit
from trading.projects.records import Lot, Project
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.subjects.records import Subject


@dataclass(frozen=True)
class CandidateLine:
    lot: str
    rank: int
    name: str
    amount: int
    score: Decimal | None
    tie: str


@dataclass(frozen=True)
class AwardLine:
    """skipped: grounds on which earlier candidates were passed over · deemed: the buyer stayed silent."""

    lot: str
    winner: str
    org: str
    amount: int
    rank: int
    skipped: tuple[str, ...]
    deemed: bool
    at: int


@dataclass(frozen=True)
class LetterLine:
    id: str
    kind: str
    to: str
    digest: str
    at: int


@dataclass(frozen=True)
class ContractLine:
    """bond, digest, blob and the sides that have signed (buyer, winner) only for those who see the contract whole."""

    lot: str
    amount: int
    signed_at: int | None
    bond: int | None
    digest: str
    blob: str
    sides: tuple[str, ...] = ()


@dataclass(frozen=True)
class RefundLine:
    id: str
    org: str
    amount: int
    interest: int
    cause: str
    stage: str
    due_at: int
    paid_at: int | None


@dataclass(frozen=True)
class AwardView:
    stage: str
    report_digest: str | None
    report_sent: int | None
    report_received: int | None
    candidates: tuple[CandidateLine, ...] | None
    awards: tuple[AwardLine, ...] | None
    letters: tuple[LetterLine, ...] | None
    contracts: tuple[ContractLine, ...] | None
    refunds: tuple[RefundLine, ...] | None
    own: tuple[OwnResult, ...] | None
    accepted_at: int | None


def view(session: Session, actor: Actor, project_id: str, now: int) -> AwardView:
    """The award page of a tender. NotYours where there is no such published tender."""
    project = session.get(Project, project_id)
    if project is None or project.published_at is None:
        raise NotYours
    held = relations(session, actor, project, now)
    stage = stage_at(project, now)

    def sees(information: str) -> str:
        return form(information, held, project.field, stage, project.stopped_at)

    report = session.scalar(select(Report).where(Report.project == project.id)) if sees("report") == "full" else None
    accepted = session.scalar(select(Acceptance.at).where(Acceptance.project == project.id)) if sees("contract") != "none" else None
    return AwardView(
        stage=stage, report_digest=report.digest if report else None, report_sent=report.sent if report else None,
        report_received=report.received if report else None,
        candidates=candidates(session, project) if sees("candidates") == "full" else None,
        awards=awards(session, project, sees("award_decision") == "full") if sees("award_decision") in ("masked", "full") else None,
        letters=letters(session, actor, project, sees("award_letter"), sees("own_score")),
        contracts=contracts(session, actor, project, sees("contract")),
        refunds=refunds(session, actor, project, sees("refunds"), now),
        own=own(session, actor, project) if own_open(held, project, stage) else None, accepted_at=accepted,
    )


def names(session: Session, bids: list[str]) -> dict[str, tuple[str, str]]:
    """bid → (organisation's id, its name)."""
    query = select(Bid.id, Subject.id, Subject.name).join(Subject, Subject.id == Bid.org).where(Bid.id.in_(bids))
    return {bid: (org, name) for bid, org, name in session.execute(query)}


def candidates(session: Session, project: Project) -> tuple[CandidateLine, ...]:
    rows = list(session.scalars(select(Candidate).where(Candidate.project == project.id).order_by(Candidate.lot, Candidate.rank)))
    known = names(session, [row.bid for row in rows])
    return tuple(CandidateLine(row.lot, row.rank, known[row.bid][1], row.amount, row.score, row.tie) for row in rows)  # type: ignore[arg-type]


def awards(session: Session, project: Project, whole: bool) -> tuple[AwardLine, ...]:
    """Whether the winner was deemed stands in the decision, not in the public result."""
    gone: dict[str, list[str]] = {}
    for lot, ground in session.execute(select(Skip.lot, Skip.ground).where(Skip.project == project.id).order_by(Skip.rank)):
        gone.setdefault(lot, []).append(ground)
    query = select(Award, Subject.name).join(Subject, Subject.id == Award.org).where(Award.project == project.id).order_by(Award.lot)
    return tuple(
        AwardLine(row.lot, name, row.org, row.amount, row.rank, tuple(gone.get(row.lot, ())), bool(whole and row.deemed), row.at)
        for row, name in session.execute(query)
    )


def letters(session: Session, actor: Actor, project: Project, award: str, own_score: str) -> tuple[LetterLine, ...] | None:
    """Letters of award to those who see them; a notice of result only to the one it was written for."""
    if award == "none" and own_score == "none":
        return None
    query = select(Letter, Subject.name).join(Subject, Subject.id == Letter.org).where(Letter.project == project.id).order_by(Letter.kind, Letter.id)
    return tuple(
        LetterLine(row.id, row.kind, name, row.digest, row.at) for row, name in session.execute(query)
        if (row.kind == "award" and (award == "full" or (award == "own" and row.org == actor.org)))
        or (row.kind == "result" and own_score == "own" and row.org == actor.org)
    )


def letter(session: Session, actor: Actor, id: str, now: int) -> Letter:
    """One letter for download. NotYours unless the list of this viewer holds it."""
    found = session.get(Letter, id)
    if found is None:
        raise NotYours
    shown = view(session, actor, found.project, now).letters or ()
    if id not in {line.id for line in shown}:
        raise NotYours
    return found


def contracts(session: Session, actor: Actor, project: Project, sees: str) -> tuple[ContractLine, ...] | None:
    """A winner sees the contract of its own lots whole and those of others as the public does. Before both have signed, each
    side knows only of its own signature."""
    mine = set(session.scalars(select(Award.lot).where(Award.project == project.id, Award.org == actor.org))) if actor.org else set()
    if sees == "none":
        own = "buyer" if actor.org and actor.org == project.buyer else "winner"
        rows = session.scalars(select(Contract).where(Contract.project == project.id).order_by(Contract.lot))
        lines = [ContractLine(row.lot, row.amount, None, None, "", "", (own,)) for row in rows
                 if (row.buyer_signed if own == "buyer" else row.lot in mine and row.winner_signed)]
        return tuple(lines) or None
    staff = actor.org is None or actor.org in (project.buyer, project.agent)
    lines = []
    for row in session.scalars(select(Contract).where(Contract.project == project.id).order_by(Contract.lot)):
        whole = sees == "full" and (staff or row.lot in mine)
        signed = max(row.buyer_signed, row.winner_signed) if row.buyer_signed and row.winner_signed else None
        lines.append(ContractLine(row.lot, row.amount, signed, row.bond if whole else None, row.digest if whole else "", row.blob if whole else "",
                                  tuple(side for side, at in (("buyer", row.buyer_signed), ("winner", row.winner_signed)) if whole and at is not None)))
    return tuple(lines)


def refunds(session: Session, actor: Actor, project: Project, sees: str, now: int) -> tuple[RefundLine, ...] | None:
    if sees not in ("own", "full"):
        return None
    query = (
        select(Refund, Subject.name, Subject.id).join(Deposit, Deposit.id == Refund.deposit).join(Subject, Subject.id == Deposit.org)
        .where(Refund.project == project.id).order_by(Refund.id)
    )
    return tuple(
        RefundLine(row.id, name, row.amount, row.interest, row.cause, row.stage, owed_by(session, row, project, now), row.paid_at)
        for row, name, org in session.execute(query) if sees == "full" or org == actor.org
    )


def own_open(held: set[str], project: Project, stage: str) -> bool:
    return form("totals", held, project.field, stage, project.stopped_at) == "own" and form_of_others("totals", held, project.field, stage, project.stopped_at) != "full"


def own(session: Session, actor: Actor, project: Project) -> tuple[OwnResult, ...]:
    mine = set(session.scalars(select(Bid.id).where(Bid.project == project.id, Bid.org == actor.org, Bid.state == "live")))
    return tuple(result for result in own_results(session, project.id) if result.bid in mine)


@dataclass(frozen=True)
class Choice:
    """A candidate for the buyer's decision. first: the first of its lot that was not passed over."""

    bid: str
    lot: str
    number: int
    rank: int
    name: str
    amount: int
    score: Decimal | None
    first: bool


def choices(session: Session, actor: Actor, project_id: str, now: int) -> tuple[Choice, ...]:
    """The candidates by lot and rank, for the buyer who fixes the winner. NotYours for others."""
    project = session.get(Project, project_id)
    if project is None or "buyer" not in relations(session, actor, project, now):
        raise NotYours
    gone = {(lot, rank) for lot, rank in session.execute(select(Skip.lot, Skip.rank).where(Skip.project == project.id))}
    numbers = dict(session.execute(select(Lot.id, Lot.number).where(Lot.project == project.id)).all())
    rows = list(session.scalars(select(Candidate).where(Candidate.project == project.id).order_by(Candidate.lot, Candidate.rank)))
    known, seen, found = names(session, [row.bid for row in rows]), set(), []
    for row in rows:
        first = row.lot not in seen and (row.lot, row.rank) not in gone
        seen |= {row.lot} if first else set()
        found.append(Choice(row.bid, row.lot, numbers[row.lot], row.rank, known[row.bid][1], row.amount, row.score, first))  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda one: (one.number, one.rank)))


def reported_to_regulator(session: Session, actor: Actor, project_id: str, now: int) -> bool:
    """Has the buyer made its written report (招标投标法 第四十七条)? NotYours for whoever is neither buyer nor agent."""
    project = session.get(Project, project_id)
    if project is None or not relations(session, actor, project, now) & {"buyer", "agent"}:
        raise NotYours
    return session.scalar(select(RegulatorReport.id).where(RegulatorReport.project == project_id)) is not None


@dataclass(frozen=True)
class QueuedRefund:
    """step: what the viewer may do with it now: prepare, approve or nothing."""

    line: RefundLine
    project: str
    code: str
    account: str
    step: str


def refund_queue(session: Session, actor: Actor, now: int) -> tuple[QueuedRefund, ...]:
    """A cashier's list, the most pressing first. It holds no tender before its opening, for payers are secret till then."""
    if "cashier" not in centre_roles(session, actor, now):
        raise NotYours
    query = (
        select(Refund, Deposit, Project, Subject.name).join(Deposit, Deposit.id == Refund.deposit).join(Project, Project.id == Refund.project)
        .join(Subject, Subject.id == Deposit.org).where(Refund.stage.in_(("due", "prepared"))).order_by(Refund.due_at, Refund.id)
    )
    found = []
    for row, deposit, project, name in session.execute(query):
        if past_opening(project, now):
            step = "prepare" if row.stage == "due" else "approve" if row.prepared_by != actor.id else ""
            line = RefundLine(row.id, name, row.amount, row.interest, row.cause, row.stage, owed_by(session, row, project, now), row.paid_at)
            found.append(QueuedRefund(line, project.id, project.code, deposit.source, step))
    return tuple(found)


def refund_log(session: Session, actor: Actor, now: int, size: int = 50) -> tuple[QueuedRefund, ...]:
    """Refunds on order at the bank and those it has paid, the newest orders first. NotYours for all but cashiers."""
    if "cashier" not in centre_roles(session, actor, now):
        raise NotYours
    query = (
        select(Refund, Deposit, Project, Subject.name).join(Deposit, Deposit.id == Refund.deposit).join(Project, Project.id == Refund.project)
        .join(Subject, Subject.id == Deposit.org).where(Refund.stage.in_(("approved", "paid"))).order_by(Refund.paid_at.desc(), Refund.due_at.desc(), Refund.id)
    )
    found = []
    for row, deposit, project, name in session.execute(query.limit(size)):
        if past_opening(project, now):
            line = RefundLine(row.id, name, row.amount, row.interest, row.cause, row.stage, owed_by(session, row, project, now), row.paid_at)
            found.append(QueuedRefund(line, project.id, project.code, deposit.source, ""))
    return tuple(found)
