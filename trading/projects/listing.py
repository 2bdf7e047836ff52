"""Lists of tenders: the public one, and the own list of a buyer or agency with what is to be done next.

The public list is cut by pages of a cursor and never counts: a total over rows a viewer may not see would tell of them.
"""
import base64
import binascii
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.errors import Malformed, NotYours, Text
from law.stages import ENDS
from trading.projects.dossier import dossier, ready_ceremony
from trading.projects.reads import shown_stage
from trading.projects.records import Mandate, Project, ProjectReview
from trading.projects.rules.document import PARTS
from trading.subjects.records import Subject

PHASES = ("open", "opening", "evaluating", "announced", "stopped")
SIZE = 20


@dataclass(frozen=True)
class Filter:
    """phase: one of PHASES. text is looked for in title and code. since, until: of publication, ms, the second exclusive."""

    field: str = ""
    kind: str = ""
    phase: str = ""
    region: str = ""
    text: str = ""
    since: int | None = None
    until: int | None = None


EVERYTHING = Filter()


@dataclass(frozen=True)
class Row:
    id: str
    code: str
    field: str
    kind: str
    title: str
    title_en: str
    region: str
    buyer: str
    stage: str
    suspended: bool
    published_at: int
    deadline: int | None


@dataclass(frozen=True)
class Page:
    """next: cursor of the following page, empty on the last."""

    rows: tuple[Row, ...]
    next: str


def public_list(session: Session, now: int, filter: Filter = EVERYTHING, cursor: str = "", size: int = SIZE) -> Page:
    """Published tenders, newest first."""
    query = select(Project, Subject.name).join(Subject, Subject.id == Project.buyer).where(Project.published_at.is_not(None), *conditions(filter, now))
    if cursor:
        at, last = read_cursor(cursor)
        query = query.where(or_(Project.published_at < at, and_(Project.published_at == at, Project.id < last)))
    found = session.execute(query.order_by(Project.published_at.desc(), Project.id.desc()).limit(size + 1)).all()
    rows = tuple(row_of(p, buyer, now) for p, buyer in found[:size])
    return Page(rows, write_cursor(rows[-1].published_at, rows[-1].id) if len(found) > size else "")


def openings(session: Session, since: int, until: int, now: int, size: int = 200) -> tuple[Row, ...]:
    """Published tenders whose opening falls into since … until (ms, the second exclusive), the earliest first."""
    query = select(Project, Subject.name).join(Subject, Subject.id == Project.buyer).where(
        Project.published_at.is_not(None), Project.deadline >= since, Project.deadline < until)
    found = session.execute(query.order_by(Project.deadline, Project.id).limit(size)).all()
    return tuple(row_of(p, buyer, now) for p, buyer in found)


def row_of(p: Project, buyer: str, now: int) -> Row:
    return Row(p.id, p.code, p.field, p.kind, p.title, p.title_en, p.region, buyer, shown_stage(p, {"public"}, now), bool(p.suspended),
               p.published_at or 0, p.deadline)


def conditions(filter: Filter, now: int) -> list[ColumnElement[bool]]:
    held: list[ColumnElement[bool]] = []
    for column, wanted in ((Project.field, filter.field), (Project.kind, filter.kind)):
        if wanted:
            held.append(column == wanted)
    if filter.region:
        held.append(Project.region.startswith(filter.region, autoescape=True))
    if filter.text.strip():
        text = filter.text.strip()
        held.append(or_(Project.title.contains(text, autoescape=True), Project.title_en.icontains(text, autoescape=True),
                        Project.code == text.upper()))
    if filter.since is not None:
        held.append(Project.published_at >= filter.since)
    if filter.until is not None:
        held.append(Project.published_at < filter.until)
    return held + ([phase(filter.phase, now)] if filter.phase else [])


def phase(name: str, now: int) -> ColumnElement[bool]:
    """`awarded` counts as evaluating: before the notice nobody outside knows that a winner is fixed."""
    inviting = Project.stage == "inviting"
    late = and_(inviting, Project.suspended == "", Project.deadline <= now)
    if name == "open":
        return and_(inviting, or_(Project.suspended != "", Project.deadline > now))
    if name == "opening":
        return or_(late, Project.stage.in_(["closed", "opening", "opened"]))
    if name == "evaluating":
        return Project.stage.in_(["qualifying", "convening", "evaluating", "reported", "publicity", "confirming", "awarded"])
    if name == "announced":
        return Project.stage.in_(["announced", "contracted", "performing", "archived"])
    if name == "stopped":
        return Project.stage.in_(ENDS)
    raise Malformed("phase", Text("未知阶段", "Unknown phase"))


def write_cursor(at: int, last: str) -> str:
    """After which row a page goes on: its moment and its id."""
    return base64.urlsafe_b64encode(f"{at}.{last}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[int, str]:
    """Malformed: not one of ours."""
    try:
        at, _, last = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(".")
        if not (0 <= int(at) < 1 << 63 and last.isascii() and last.isalnum()):
            raise ValueError(cursor)
        return int(at), last
    except (ValueError, binascii.Error) as error:
        raise Malformed("cursor", Text("页码无效", "Not a page of this list")) from error


@dataclass(frozen=True)
class Task:
    """The next thing to do. tag: its act, empty while somebody else is on. missing: what still stands in its way."""

    tag: str
    zh: str
    en: str
    missing: tuple[Text, ...] = ()


@dataclass(frozen=True)
class WorkRow:
    id: str
    code: str
    title: str
    stage: str
    role: str
    suspended: str
    deadline: int | None
    changed: int
    task: Task


def work_list(session: Session, actor: Actor, now: int, size: int = 100) -> tuple[WorkRow, ...]:
    """The organisation's own tenders that still run, newest first, each with its next act. NotYours without organisation."""
    if actor.org is None:
        raise NotYours
    offered = select(Mandate.project).where(Mandate.agent == actor.org, Mandate.state == "open")
    query = select(Project).where(or_(Project.buyer == actor.org, Project.agent == actor.org, and_(Project.id.in_(offered), Project.stage == "draft")),
                                  Project.stage.not_in([*ENDS, "archived"]))
    rows = []
    for project in session.scalars(query.order_by(Project.created.desc(), Project.id.desc()).limit(size)):
        role = "buyer" if project.buyer == actor.org else "agent"
        stage = shown_stage(project, {role}, now)
        rows.append(WorkRow(project.id, project.code, project.title, stage, role, project.suspended, project.deadline,
                            project.published_at or project.submitted_at or project.created, next_task(session, project, role, stage, actor.org)))
    return tuple(rows)


def next_task(session: Session, project: Project, role: str, stage: str, org: str) -> Task:
    if role == "agent" and project.agent != org:
        return Task("trading.projects.accept_mandate", "接受委托", "Accept the mandate")
    if stage == "draft":
        return drafting_task(session, project, role)
    if stage == "review":
        agreed = session.scalars(select(ProjectReview.slot).where(
            ProjectReview.project == project.id, ProjectReview.round == project.round, ProjectReview.result == "agreed")).all()
        if len(agreed) == 2:
            return Task("trading.notices.publish", "发布公告", "Publish the notice")
        return Task("", "等待交易中心审核", "Waiting for the centre's review")
    return LATER.get((stage, project.field), LATER.get((stage, ""), Task("", "无待办", "Nothing to do now")))


def drafting_task(session: Session, project: Project, role: str) -> Task:
    file = dossier(session, project)
    if file.missing and project.procedure != "replay.lowest":
        acts = {"tender_document": "trading.projects.set_document", "scoring": "trading.projects.set_scoring", "calendar": "trading.projects.set_calendar"}
        return Task(acts[file.missing[0]], "补齐招标文件", "Complete the document", tuple(PARTS[part] for part in file.missing))
    missing = []
    if ready_ceremony(session, project.id) is None:
        missing.append(Text("密钥仪式", "key ceremony"))
    if file.confirmed_digest != file.digest and project.procedure != "replay.lowest":
        if role == "buyer":
            return Task("trading.projects.confirm_document", "确认招标文件", "Confirm the document", tuple(missing))
        missing.append(Text("招标人确认", "the buyer's confirmation"))
    return Task("trading.projects.submit", "提交审核", "Submit for review", tuple(missing))


LATER = {
    ("inviting", ""): Task("", "等待投标截止", "Open for bids"),
    ("closed", ""): Task("trading.opening.start", "主持开标", "Host the opening"),
    ("opening", ""): Task("trading.opening.read_out", "开标进行中", "The opening is under way"),
    ("opened", "works"): Task("trading.opening.convene", "组建评标委员会", "Convene the committee"),
    ("opened", "procurement"): Task("trading.opening.qualify", "资格审查", "Review qualification"),
    ("qualifying", ""): Task("trading.opening.judge_qualification", "资格审查", "Review qualification"),
    ("convening", ""): Task("experts.brief", "抽取评审专家", "Draw the experts"),
    ("evaluating", ""): Task("trading.awards.send_report", "评标结束后送交报告", "Send the report when it is sealed"),
    ("reported", "works"): Task("trading.notices.publish_candidates", "公示中标候选人", "Publish the candidates"),
    ("reported", "procurement"): Task("trading.awards.receive_report", "签收评标报告", "Receive the report"),
    ("publicity", ""): Task("trading.awards.fix_winner", "公示期满后定标", "Fix the winner after publicity"),
    ("confirming", ""): Task("trading.awards.fix_winner", "确定中标人", "Fix the winner"),
    ("awarded", ""): Task("trading.notices.publish_result", "发布结果公告", "Publish the result"),
    ("announced", ""): Task("trading.awards.sign_contract", "签订合同", "Sign the contract"),
    ("contracted", ""): Task("trading.notices.publish_contract", "公开合同", "Publish the contract"),
}
