"""A tender as one viewer may see it: what is secret for him is absent, not empty."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel.canonical import parse
from kernel.command import Actor
from kernel.errors import NotYours
from kernel.ledger.entries import Entry
from kernel.machine import Move
from law.roles import ROLES
from law.secrecy import form
from law.stages import ENDS
from trading.procedures import procedure
from trading.projects.clauses import clause, deciding_day, period_clauses
from trading.projects.dossier import current_papers, dossier
from trading.projects.moves import ENDED
from trading.projects.owed import owed_of
from trading.projects.records import Document, Lot, OwedPaper, Project, ProjectReview
from trading.projects.rules.ribbon import Segment, ribbon
from trading.projects.stage import stage_at
from trading.relations import relations
from trading.subjects.records import Subject

if TYPE_CHECKING:
    from kernel.centre import Centre

# who sees an unpublished file: the regulator's cell is a watched read, the registrar's one of the two drawn reviewers
INSIDE = frozenset({"agent", "buyer", "reviewer1", "reviewer2"})
PAPER_ACTS = ("trading.projects.set_document", "trading.notices.clarify")
Sees = Callable[[str], bool]


@dataclass(frozen=True)
class PaperView:
    id: str
    kind: str
    title: str
    version: int
    digest: str
    size: int
    media: str
    at: int


@dataclass(frozen=True)
class ReviewView:
    """A look of the centre: of which round, first or second, what it found."""

    round: int
    slot: int
    result: str
    reasons: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class OwedView:
    """A paper that may follow the file. state: owed | supplied | settled; late: its day is over and it is not settled."""

    id: str
    item: str
    title: str
    until: int
    state: str
    remark: str
    size: int
    digest: str
    late: bool


@dataclass(frozen=True)
class ProjectView:
    """None where the viewer may not see a field at this stage. roles: what he is to this tender."""

    id: str
    code: str
    field: str
    procedure: str
    kind: str
    method: str
    evaluation: str
    title: str
    title_en: str
    region: str
    buyer: str
    agent: str
    stage: str
    stopped_at: str | None
    stop_cause: str
    suspended: str
    green: str
    lots: tuple[tuple[int, str], ...]
    roles: frozenset[str]
    ribbon: tuple[Segment, ...]
    published_at: int | None
    document_until: int | None
    deadline: int | None
    evaluation_at: int | None
    deposit: int
    validity_days: int
    mode: str
    decrypt_minutes: int
    lock_minutes: int
    rescue: bool
    envelopes: int
    budget: int | None
    ceiling: int | None
    plan: str | None
    details: dict[str, str] | None
    document_digest: str | None
    papers: tuple[PaperView, ...] | None
    scheme: dict[str, object] | None
    reviews: tuple[ReviewView, ...] | None
    owed: tuple[OwedView, ...] | None
    moves: tuple[Move, ...]


def known(roles: set[str]) -> set[str]:
    """The roles the matrix of secrecy knows."""
    return roles & ROLES.keys()


def shown_stage(project: Project, roles: set[str], now: int) -> str:
    """The stage as the viewer may know it: between the decision and its notice nobody else sees that a winner is fixed."""
    stage = stage_at(project, now)
    if stage != "awarded" or form("award_decision", known(roles), project.field, stage) != "none":
        return stage
    if project.procedure == "replay.lowest":
        return "reported"
    return "publicity" if project.field == "works" else "confirming"


def sight(project: Project, roles: set[str], now: int) -> Sees:
    """May this viewer see a kind of information of the tender now?"""
    held, stage = known(roles), stage_at(project, now)
    return lambda information: form(information, held, project.field, stage, project.stopped_at) != "none"


def within(project: Project, roles: set[str], now: int) -> bool:
    """Does the viewer work on the file? A reviewer does from its submission on, not while it is sent back for repair."""
    return bool(roles & INSIDE) and sight(project, roles, now)("tender_draft")


def visible(project: Project, roles: set[str], now: int) -> bool:
    """Published tenders are everybody's; others belong to those inside, and their plan to registrar and regulator."""
    return project.published_at is not None or within(project, roles, now) or bool(roles & {"registrar", "regulator"})


def view(session: Session, actor: Actor, id: str, now: int) -> ProjectView:
    """One tender. NotYours where the viewer may not know that it exists."""
    project = session.get(Project, id)
    if project is None:
        raise NotYours
    roles = relations(session, actor, project, now)
    if not visible(project, roles, now):
        raise NotYours
    sees, inside = sight(project, roles, now), within(project, roles, now)
    open_file = inside if project.published_at is None else sees("tender_document") or inside
    names = {org.id: org.name for org in session.scalars(select(Subject).where(Subject.id.in_([o for o in (project.buyer, project.agent) if o])))}
    file = dossier(session, project) if open_file else None
    lots = file.lots if file else session.scalars(select(Lot).where(Lot.project == project.id).order_by(Lot.number))
    return ProjectView(
        project.id, project.code, project.field, project.procedure, project.kind, project.method, project.evaluation, project.title,
        project.title_en, project.region, names[project.buyer], names.get(project.agent or "", ""), shown_stage(project, roles, now),
        project.stopped_at, project.stop_cause, project.suspended, project.green, tuple((lot.number, lot.title) for lot in lots),
        frozenset(roles), stages(project, roles, now), project.published_at, project.document_until, project.deadline, project.evaluation_at,
        project.deposit, project.validity_days, project.mode, project.decrypt_minutes, project.lock_minutes, bool(project.rescue), project.envelopes,
        budget=project.budget if sees("budget") and (project.published_at is not None or inside) else None,
        ceiling=project.ceiling if sees("ceiling_price") else None,
        plan=project.plan if form("plan_entry", known(roles), project.field, stage_at(project, now), project.stopped_at) == "full" else None,
        details=dict(project.details) if file else None,
        document_digest=project.document_digest or None if file else None,
        papers=tuple(paper_view(paper) for paper in file.papers) if file else None,
        scheme=dict(file.scheme.scheme) if file and file.scheme else None,
        reviews=reviews(session, project) if inside and sees("review_remarks") else None,
        owed=tuple(owed_view(one, now) for one in owed_of(session, project)) if inside and sees("review_remarks") else None,
        moves=offered(project, roles, now),
    )


def by_code(session: Session, actor: Actor, code: str, now: int) -> ProjectView:
    """One tender by the code people write, or by its id. NotYours as in `view`."""
    wanted = code.upper() if len(code) < 16 else code
    id = session.scalar(select(Project.id).where(or_(Project.code == wanted, Project.id == code))) if code.isascii() and code.isalnum() else None
    if id is None:
        raise NotYours
    return view(session, actor, id, now)


def offered(project: Project, roles: set[str], now: int) -> tuple[Move, ...]:
    """The acts a page may offer, at the stage as the viewer knows it."""
    stage = shown_stage(project, roles, now)
    table = ENDED if stage in ENDS else None
    return (*procedure(project.procedure).open_moves(stage, roles), *(table.open_moves(stage, roles) if table else ()))


def paper_entries(session: Session, project: str) -> dict[str, int]:
    """id of a paper → index of the leaf that committed to it, for those that have their place."""
    acts = select(Entry.position, Entry.payload).where(Entry.on == project, Entry.tag.in_(PAPER_ACTS), Entry.position.is_not(None))
    found: dict[str, int] = {}
    for position, payload in session.execute(acts.order_by(Entry.position)):
        found |= {row[1]: position for row in parse(payload.encode())["rows"] if row[0] == Document.__tablename__ and row[1] not in found}
    return found


def paper_of_digest(session: Session, digest: str) -> tuple[str, PaperView] | None:
    """(code of the tender, paper) of a published tender with these bytes; None where there is none."""
    row = session.execute(select(Document, Project.code).join(Project, Project.id == Document.project).where(
        Document.digest == digest, Project.published_at.is_not(None)).order_by(Document.at)).first()
    return (row[1], paper_view(row[0])) if row else None


def paper_view(paper: Document) -> PaperView:
    return PaperView(paper.id, paper.kind, paper.title, paper.version, paper.digest, paper.size, paper.media, paper.at)


def owed_view(paper: OwedPaper, now: int) -> OwedView:
    return OwedView(paper.id, paper.item, paper.title, paper.until, paper.state, paper.remark, paper.size, paper.digest,
                    paper.state != "settled" and now >= paper.until)


def owed_paper(centre: "Centre", session: Session, actor: Actor, id: str, now: int) -> tuple[str, int, Iterator[bytes]]:
    """Media type, size and bytes of a paper that followed, for those who work on the file. NotYours else, and before it is handed in."""
    row = session.get(OwedPaper, id)
    project = session.get(Project, row.project) if row else None
    if row is None or project is None or not row.blob:
        raise NotYours
    roles = relations(session, actor, project, now)
    if not within(project, roles, now) or not sight(project, roles, now)("review_remarks"):
        raise NotYours
    return row.media, row.size, centre.blobs.stream(row.blob)


def reviews(session: Session, project: Project) -> tuple[ReviewView, ...]:
    rows = session.scalars(select(ProjectReview).where(ProjectReview.project == project.id).order_by(ProjectReview.round, ProjectReview.at))
    return tuple(ReviewView(row.round, row.slot, row.result, tuple(row.reasons), row.at) for row in rows)


def stages(project: Project, roles: set[str], now: int) -> tuple[Segment, ...]:
    """The ribbon for one viewer: dates of what was reached, planned ones of what is public, limits from the clauses."""
    stage, on = shown_stage(project, roles, now), deciding_day(project, now)
    times: dict[str, int | None] = {
        "draft": project.created, "review": project.submitted_at, "inviting": project.published_at, "opening": project.opened_at or project.deadline,
        "evaluating": project.reported_at or project.evaluation_at, "awarded": project.announced_at, "contract": project.contracted_at,
    }
    replay = project.procedure == "replay.lowest"
    limits = {} if replay else {"inviting": period_clauses(project, on)["preparation"]} | {
        "publicity": clause("works.publicity_days" if project.field == "works" else "procurement.confirm_working_days", on),
        "contract": clause(f"{project.field}.contract_days", on)}
    if not roles & INSIDE:
        times |= {"draft": None, "review": None}
    if project.ended_at is not None:
        times = {key: moment for key, moment in times.items() if moment is not None and moment <= project.ended_at}
    return ribbon(project.field, stage, project.stopped_at if stage in ENDS else None, bool(project.suspended), times, limits, replay)


def papers(session: Session, actor: Actor, id: str, now: int) -> tuple[PaperView, ...]:
    """The papers of the tender document with their digests: free to all once published. NotYours before, from outside."""
    project = session.get(Project, id)
    if project is None or not may_read_papers(session, actor, project, now):
        raise NotYours
    return tuple(paper_view(paper) for paper in current_papers(session, id))


def paper(centre: "Centre", session: Session, actor: Actor, id: str, now: int) -> tuple[PaperView, str, Iterator[bytes]]:
    """One paper, the code of its tender and its bytes, by the paper's id."""
    row = session.get(Document, id)
    project = session.get(Project, row.project) if row else None
    if row is None or project is None or not may_read_papers(session, actor, project, now):
        raise NotYours
    return paper_view(row), project.code, centre.blobs.stream(row.blob)


def may_read_papers(session: Session, actor: Actor, project: Project, now: int) -> bool:
    """电子招标投标办法 第十六、二十条: no log-in, no registration. A tender withdrawn before its notice was never published."""
    return project.published_at is not None or within(project, relations(session, actor, project, now), now)

