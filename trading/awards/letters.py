"""The texts and files of letters: one to each winner, one to each other bidder with its own result only."""
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import documents
from kernel.command import Work
from kernel.daytable.reads import calendar
from kernel.values import capitals, day_of, yuan
from law.citations import parse
from law.periods import period_end
from trading.asks import OwnResult
from trading.awards.records import Award, Letter
from trading.awards.steps import clause_of, ground_clause
from trading.bids.records import Bid
from trading.opening.records import Judgement, Opened
from trading.projects.records import Lot, Project
from trading.subjects.records import Subject


def award_letter(work: Work, project: Project, award: Award, at: int) -> Letter:
    """The signed letter of award for one lot. at: the moment it carries (ms)."""
    winner, lot = work.session.get_one(Subject, award.org), work.session.get_one(Lot, award.lot)
    clause = clause_of(project, "contract_days")
    until = period_end(day_of(at), clause.value, clause.unit, calendar(work.session))
    data = common(work.session, project, lot, at) | {
        "winner": winner.name, "winner_code": winner.code, "amount": yuan(award.amount), "capitals": capitals(award.amount),
        "rank": str(award.rank), "contract_by": until.isoformat(), "articles": articles(project),
    }
    return keep_letter(work, project, award.org, "award", "award_letter", data, at)


def result_letter(work: Work, project: Project, bid: Bid, award: Award, own: OwnResult | None, at: int) -> Letter:
    return keep_letter(work, project, bid.org, "result", "result_letter", result_data(work.session, project, bid, award, own, at), at)


def result_data(session: Session, project: Project, bid: Bid, award: Award, own: OwnResult | None, at: int) -> dict[str, object]:
    """What one unsuccessful bidder is told: its own total and rank, or its own reason; of others only the winner's name and price."""
    org, lot = session.get_one(Subject, bid.org), session.get_one(Lot, bid.lot)
    data = common(session, project, lot, at) | {
        "to": org.name, "winner": session.get_one(Subject, award.org).name, "amount": yuan(award.amount), "remedy": remedy(project),
    }
    price = session.scalar(select(Opened.amount).where(Opened.bid == bid.id, Opened.part == "price"))
    if price is not None:
        data["price"] = yuan(price)
    why = own.rejected if own and own.rejected else refused_because(session, bid)
    if why:
        data["rejected"] = why
    elif own:
        data |= {"total": shown(own.total)} if own.total is not None else {}
        data |= {"rank": str(own.rank)} if own.rank is not None else {}
        data |= {"sections": [{"name": name, "score": shown(mean)} for name, mean in own.sections.items()]} if own.sections else {}
    return data


def refused_because(session: Session, bid: Bid) -> str:
    """Why the bid did not pass the qualification review; empty where it did or where there was none."""
    judged = session.scalar(select(Judgement).where(Judgement.bid == bid.id, Judgement.passed == 0))
    return f"{judged.reason}（{judged.clause}）" if judged else ""


def common(session: Session, project: Project, lot: Lot, at: int) -> dict[str, object]:
    buyer = session.get_one(Subject, project.buyer)
    agent = session.get(Subject, project.agent) if project.agent else None
    data: dict[str, object] = {"moment": at, "code": project.code, "project": project.title, "lot": f"第 {lot.number} 标段（包） {lot.title}", "buyer": buyer.name}
    return data | ({"agent": agent.name} if agent else {})


def keep_letter(work: Work, project: Project, org: str, kind: str, template: str, data: dict[str, object], at: int) -> Letter:
    signed = documents.sign(work.centre, documents.pdf(work.centre, template, data), at)
    blob = work.centre.blobs.put(signed)
    row: Letter = work.keep(Letter(project=project.id, org=org, kind=kind, blob=blob.key, digest=blob.digest, at=at))
    return row


def articles(project: Project) -> str:
    source = "招标投标法 第四十五条、第四十六条" if project.field == "works" else "政府采购法 第四十三条、第四十六条; 87号令 第六十九条、第七十一条"
    return "；".join(str(citation) for citation in parse(source))


def remedy(project: Project) -> str:
    if project.field == "works":
        days = ground_clause(project, "complaints.works.days").value
        return f"认为招标投标活动不符合规定的，可自知道或者应当知道之日起 {days} 日内向行政监督部门投诉。 Within {days} days of knowing you may complain to the regulator."
    days = ground_clause(project, "challenges.procurement.working_days").value
    return f"认为结果使自身权益受到损害的，可自结果公告期限届满之日起 {days} 个工作日内通过本平台提出质疑。 Within {days} working days of the end of the result notice you may challenge it here."


def shown(score: Decimal) -> str:
    return f"{score:f}"
