"""Organisations as each viewer may see them: the own file and the public page.

Everything here is masked already; None means that the viewer has no such field. Reviewers: see review_reads.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import NotYours, Text
from kernel.identity import keys
from kernel.identity.reads import person as person_of
from kernel.values import day_of
from trading.subjects.desk import kinds_of, membership, standing, waiting_change
from trading.subjects.procedure import IN_REVIEW, PROCEDURE
from trading.subjects.records import Membership, Paper, Review, Subject
from trading.subjects.rules import REQUIRED_PAPERS
from trading.subjects.stage import may_act


@dataclass(frozen=True)
class PaperView:
    id: str
    kind: str
    media: str
    size: int
    added: int
    blob: str


@dataclass(frozen=True)
class Fault:
    item: str
    words: str


@dataclass(frozen=True)
class Member:
    person: str
    name: str
    manager: bool
    since: int


@dataclass(frozen=True)
class KeyView:
    public: str
    person: str
    certified: int


@dataclass(frozen=True)
class NextStep:
    """tag: the act a button leads to; empty: only a sentence."""

    tag: str
    text: Text


@dataclass(frozen=True)
class OwnFile:
    """An organisation as its own persons see it. waiting: new values under review."""

    id: str
    code: str
    name: str
    name_en: str
    kinds: tuple[str, ...]
    stage: str
    round: int
    may_act: bool
    manages: bool
    address: str
    region: str
    contact: str
    phone: str
    email: str
    legal_person: str
    waiting: dict[str, object]
    papers: tuple[PaperView, ...]
    faults: tuple[Fault, ...]
    members: tuple[Member, ...]
    keys: tuple[KeyView, ...]
    barred_until: int | None
    bar_decision: str
    steps: tuple[NextStep, ...]


@dataclass(frozen=True)
class CompanyPage:
    """Public data of an admitted organisation (电子招标投标办法 第四十一条) and a bar while it lasts."""

    id: str
    name: str
    name_en: str
    code: str
    kinds: tuple[str, ...]
    region: str
    admitted: str
    bar_decision: str | None
    barred_until: int | None


def own(session: Session, actor: Actor, now: int) -> OwnFile | None:
    """The organisation the actor acts for; None when there is none."""
    subject = session.get(Subject, actor.org) if actor.org else None
    member = membership(session, subject.id, actor.id) if subject else None
    if subject is None or member is None:
        return None
    papers, faults = papers_of(session, subject.id), faults_of(session, subject)
    change = waiting_change(session, subject.id)
    certified = keys.of_organisation(session, subject.id)
    steps = next_steps(subject, papers, faults, any(key.person == actor.id for key in certified))
    return OwnFile(
        subject.id,
        subject.code,
        subject.name,
        subject.name_en,
        kinds_of(subject),
        subject.stage,
        subject.round,
        may_act(subject, now),
        bool(member.manager),
        subject.address,
        subject.region,
        subject.contact,
        subject.phone,
        subject.email,
        subject.legal_person,
        change.fields if change else {},
        papers,
        faults,
        _members(session, subject.id),
        tuple(KeyView(key.public.hex(), _name(session, key.person), key.certified) for key in certified),
        subject.barred_until,
        subject.bar_decision,
        steps,
    )


def next_steps(subject: Subject, papers: tuple[PaperView, ...], faults: tuple[Fault, ...], has_key: bool) -> tuple[NextStep, ...]:
    """What the organisation has to do now, in order."""
    if subject.stage in IN_REVIEW:
        return (NextStep("", Text("正在审核，一个工作日内办结", "Under review; done within one working day")),)
    if subject.stage == "entered":
        kinds = {paper.kind for paper in papers}
        missing = [
            NextStep("trading.subjects.add_paper", Text(f"上传{text.zh}", f"Add the {text.en}"))
            for kind, text in REQUIRED_PAPERS.items()
            if kind not in kinds
        ]
        repair = [NextStep("trading.subjects.correct", Text("按审核意见补正", "Repair what the reviewer named"))] if faults else []
        return (*missing, *repair, *([] if missing else [NextStep("trading.subjects.submit", Text("提交审核", "Submit for review"))]))
    if subject.stage == "admitted" and not has_key:
        return (NextStep("trading.subjects.certify_key", Text("登记签名密钥", "Certify your signing key")),)
    return ()


def company(session: Session, subject_id: str, now: int) -> CompanyPage:
    """The public page. NotYours unless the organisation was admitted: entering is nobody's business."""
    subject = session.get(Subject, subject_id)
    if subject is None or subject.admitted_at is None:
        raise NotYours
    return _page(subject, now)


def companies(session: Session, now: int, after: str = "", limit: int = 50, words: str = "") -> tuple[CompanyPage, ...]:
    """Admitted organisations by credit code, after a code; no totals. words: part of the name."""
    query = select(Subject).where(Subject.admitted_at.is_not(None), Subject.code > after).order_by(Subject.code).limit(limit)
    if words:
        query = query.where(Subject.name.contains(words, autoescape=True))
    return tuple(_page(subject, now) for subject in session.scalars(query))


def admitted(session: Session, kind: str, now: int) -> tuple[tuple[str, str], ...]:
    """(id, name) of the organisations of a kind (buyer, agent) that may act now, by name: for those who choose one."""
    found = session.scalars(select(Subject).where(getattr(Subject, f"is_{kind}") == 1, Subject.admitted_at.is_not(None)).order_by(Subject.name))
    return tuple((row.id, row.name) for row in found if may_act(row, now))


def offered(session: Session, actor: Actor, subject_id: str, now: int) -> tuple[str, ...]:
    """Tags of the acts a page may offer this person on this organisation."""
    subject = session.get(Subject, subject_id)
    return tuple(m.tag for m in PROCEDURE.open_moves(subject.stage, standing(session, actor, subject, now))) if subject else ()


def _page(subject: Subject, now: int) -> CompanyPage:
    barred = subject.stage == "barred" and subject.barred_until is not None and now < subject.barred_until
    assert subject.admitted_at is not None
    return CompanyPage(
        subject.id,
        subject.name,
        subject.name_en,
        subject.code,
        kinds_of(subject),
        subject.region,
        day_of(subject.admitted_at).isoformat(),
        subject.bar_decision if barred else None,
        subject.barred_until if barred else None,
    )


def papers_of(session: Session, subject: str) -> tuple[PaperView, ...]:
    found = session.scalars(select(Paper).where(Paper.subject == subject).order_by(Paper.added, Paper.id))
    return tuple(paper_view(paper) for paper in found)


def paper_view(row: Paper) -> PaperView:
    return PaperView(row.id, row.kind, row.media, row.size, row.added, row.blob)


def faults_of(session: Session, subject: Subject) -> tuple[Fault, ...]:
    """Faults of the last return, until the file is admitted."""
    if subject.stage not in ("entered", *IN_REVIEW):
        return ()
    review = session.scalar(select(Review).where(Review.subject == subject.id).order_by(Review.round.desc(), Review.slot.desc()).limit(1))
    lines = review.reasons if review and review.result == "returned" else []
    return tuple(Fault(*line.split(":", 1)) for line in lines)


def _members(session: Session, org: str) -> tuple[Member, ...]:
    rows = session.scalars(
        select(Membership).where(Membership.org == org, Membership.until.is_(None)).order_by(Membership.since, Membership.id)
    )
    return tuple(Member(row.person, _name(session, row.person), bool(row.manager), row.since) for row in rows)


def _name(session: Session, id: str) -> str:
    found = person_of(session, id)
    return found.name if found else ""
