"""What falls due on tenders: reviews not done in time (T49), draws that could not be made, orders that run out (T32)."""
from types import SimpleNamespace

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.daytable.reads import calendar
from kernel.errors import Text
from kernel.identity.reads import holders
from kernel.messages import send
from kernel.timers import Due, timer
from law.stages import ENDS
from trading.incidents.state import outages_since
from trading.notices.records import Notice
from trading.projects.assign import Assign, assign
from trading.projects.clauses import clause, deciding_day
from trading.projects.queue import review_due
from trading.projects.reactions import members
from trading.projects.records import OwedPaper, Project, ProjectAssignment, Suspension
from trading.projects.resume import Resume, resume
from trading.projects.rules.timetable import CLAUSES, Falling, falling


def due(session: Session, project: Project, now: int) -> tuple[Falling, ...]:
    """All moments of a published tender, past and to come. Empty before the notice and in a replay."""
    if project.published_at is None or project.procedure == "replay.lowest":
        return ()
    on = deciding_day(project, now)
    clauses = {name: clause(of, on) for name, of in CLAUSES[project.field].items()}
    clauses |= {"T08": clause("opening.check_hours", on), "T44": clause("works.validity_warning_days", on)}
    media = session.scalar(select(Notice.media_at).where(Notice.project == project.id, Notice.kind == "tender").limit(1))
    publicity = session.scalar(select(Notice.published_at).where(Notice.project == project.id, Notice.kind == "candidates").limit(1))
    times = SimpleNamespace(
        issued_at=media or project.published_at, deadline=project.deadline, received_at=project.received_at, publicity_at=publicity,
        awarded_at=project.awarded_at, announced_at=project.announced_at, validity_days=project.validity_days,
        outages=outages_since(session, project, media or project.published_at, now))
    return falling(times, clauses, calendar(session))


@timer
def reviews(session: Session, now: int) -> list[Due]:
    """The alarm when both reviews are not done in their time; and the draw, should it be open."""
    waiting = list(session.scalars(select(Project).where(Project.stage == "review")))
    days = calendar(session) if waiting else {}
    rows = session.scalars(select(ProjectAssignment).where(ProjectAssignment.project.in_([p.id for p in waiting]))) if waiting else ()
    drawn = {(row.project, row.round) for row in rows}
    found = []
    for project in waiting:
        submitted = project.submitted_at or project.created
        found.append(_alarm(project.id, project.round, review_due(project, days)))
        if (project.id, project.round) not in drawn:
            found.append(_draw(project.id, project.round, submitted))
    return found


@timer
def orders(session: Session, now: int) -> list[Due]:
    """A suspension ordered for a fixed time ends by itself (政府采购法 第五十七条)."""
    rows = session.execute(select(Suspension.id, Suspension.project, Suspension.until).where(Suspension.ended.is_(None), Suspension.until.is_not(None)))
    return [_resume(row, project, until) for row, project, until in rows if until is not None]


def _alarm(project: str, round: int, moment: int) -> Due:
    def run(centre: Centre) -> None:
        with centre.database.writing() as session:
            now = centre.clock.now(session)
            row = session.get_one(Project, project)
            if row.stage == "review" and row.round == round and not _both(session, row):
                for role, scope in (("registrar", ""), ("regulator", row.field)):
                    for person in holders(session, role, now, scope):
                        send(session, f"T49/{project}/{round}", person.id, now, Text("项目审核超时", "A review is overdue"),
                             Text("一件项目未在时限内审结，请登录督办。", "A tender was not reviewed in time. Log in to see to it."),
                             on=project, link="/reviews")
            session.commit()

    return Due(f"T49/project/{project}/{round}", moment, run)


@timer
def papers_to_follow(session: Session, now: int) -> list[Due]:
    """A paper of the green channel that did not come by its day."""
    rows = session.execute(select(OwedPaper, Project).join(Project, Project.id == OwedPaper.project).where(
        OwedPaper.round == Project.round, OwedPaper.state != "settled", Project.stage.not_in((*ENDS, "archived"))))
    return [_missed(paper.id, paper.until) for paper, _ in rows]


def _missed(paper: str, moment: int) -> Due:
    """The regulator hears of it, the two who looked at the file, and who owes it."""
    def run(centre: Centre) -> None:
        with centre.database.writing() as session:
            row, now = session.get_one(OwedPaper, paper), centre.clock.now(session)
            project = session.get_one(Project, row.project)
            drawn = session.scalars(select(ProjectAssignment.person).where(ProjectAssignment.project == project.id, ProjectAssignment.round == project.round))
            overseers = [person.id for person in holders(session, "regulator", now, project.field)]
            owing = set(members(session, [org for org in (project.buyer, project.agent) if org]))
            for person in sorted({*drawn, *overseers} | owing):
                link = f"/desk/projects/{project.id}" if person in owing else f"/reviews/{project.id}" if person not in overseers else f"/tenders/{project.code}"
                send(session, f"owed/{paper}/{moment}", person, now, Text("容缺材料逾期未补", "A paper that was to follow did not come"),
                     Text("绿色通道容缺受理的材料已过补交期限，请登录办理。", "A paper that was to follow a file of the green channel is overdue. Log in to see to it."),
                     on=project.id, link=link)
            session.commit()

    return Due(f"owed/{paper}/{moment}", moment, run)


def _both(session: Session, project: Project) -> bool:
    left = session.scalar(select(ProjectAssignment.id).where(
        ProjectAssignment.project == project.id, ProjectAssignment.round == project.round, ProjectAssignment.done.is_(None)).limit(1))
    drawn = session.scalar(select(ProjectAssignment.id).where(ProjectAssignment.project == project.id, ProjectAssignment.round == project.round).limit(1))
    return left is None and drawn is not None


def _draw(project: str, round: int, moment: int) -> Due:
    return Due(f"assign/project/{project}/{round}", moment, lambda centre: assign(centre, SYSTEM, Assign(project=project)))


def _resume(row: str, project: str, until: int) -> Due:
    return Due(f"resume/{row}", until, lambda centre: resume(centre, SYSTEM, Resume(project=project, finding="暂停期限届满")))
