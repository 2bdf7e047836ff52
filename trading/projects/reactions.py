"""After acts on a tender: reviewers are drawn, and those concerned are told."""
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.canonical import parse
from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import Text
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.projects.assign import Assign, assign
from trading.projects.records import Mandate, Project, ProjectAssignment
from trading.subjects.records import Membership

TOLD: dict[str, tuple[Text, Text]] = {
    "trading.projects.return_for_repair": (
        Text("项目需补正", "A tender needs repair"),
        Text("审核意见已一次性列出，请登录查看并补正后再次提交。", "Everything to repair is listed at once. Log in, repair it and submit again.")),
    "trading.projects.review_second": (
        Text("项目审核完成，可发布公告", "Both reviews are done; the notice may go out"), Text("请登录发布公告。", "Log in to publish the notice.")),
    "trading.projects.accept_owing": (
        Text("容缺受理，材料待补", "Accepted with a paper to follow"),
        Text("请在登录后所示期限内补交；未补齐前不能发布公告。", "Hand it in by the date you see when you log in; the notice waits for it.")),
    "trading.projects.check_paper": (
        Text("补交材料已核对", "A paper handed in was checked"), Text("请登录查看结果。", "Log in to see the result.")),
    "trading.projects.mandate": (
        Text("收到一份委托", "You were given a mandate"), Text("请登录查看委托合同并决定是否接受。", "Log in, read the contract and decide.")),
    "trading.projects.suspend": (Text("项目已暂停", "A tender was suspended"), Text("请登录查看事由。", "Log in to see the cause.")),
    "trading.projects.resume": (Text("项目已恢复", "A tender goes on"), Text("时间已顺延，请登录查看。", "Its times have moved; log in to see them.")),
    "trading.projects.fail": (Text("项目流标", "A tender failed"), Text("请登录发布流标公告并办理退款。", "Log in to announce it and to see to refunds.")),
    "trading.projects.terminate": (Text("项目终止", "A tender is terminated"), Text("请登录查看。", "Log in to see it.")),
}


def members(session: Session, orgs: Iterable[str]) -> list[str]:
    """Persons who act for organisations now, in an order that tells nothing."""
    return list(session.scalars(select(Membership.person).where(Membership.org.in_(list(orgs)), Membership.until.is_(None)).order_by(Membership.person)))


def voice_only(entry: Entry) -> bool:
    """The first voice of an act of two persons: nothing has happened yet."""
    return "step" in parse(entry.payload.encode())


@reaction("trading.projects.submit")
def draw(centre: Centre, entry: Entry) -> None:
    assign(centre, SYSTEM, Assign(project=entry.on))


@reaction("trading.projects.assign", "trading.projects.review_first")
def tell_reviewer(centre: Centre, entry: Entry) -> None:
    """The first reviewer when drawn, the second when the first is done."""
    slot = 1 if entry.tag.endswith("assign") else 2
    with centre.database.writing() as session:
        project = session.get_one(Project, entry.on)
        drawn = session.scalar(select(ProjectAssignment.person).where(
            ProjectAssignment.project == project.id, ProjectAssignment.round == project.round, ProjectAssignment.slot == slot))
        if drawn:
            send(session, f"projects/{entry.key}", drawn, entry.moment, Text("有一件项目待审核", "A tender waits for your review"),
                 Text("请在期限内登录办理。", "Log in and deal with it in time."), on=project.id, link="/reviews")
        session.commit()


@reaction("trading.projects.supply_paper")
def tell_who_checks(centre: Centre, entry: Entry) -> None:
    """Both who were drawn for the file: either may look."""
    with centre.database.writing() as session:
        project = session.get_one(Project, entry.on)
        for person in session.scalars(select(ProjectAssignment.person).where(ProjectAssignment.project == project.id, ProjectAssignment.round == project.round)):
            send(session, f"projects/{entry.key}", person, entry.moment, Text("容缺材料已补交，待核对", "A paper that was to follow has come"),
                 Text("请登录核对。", "Log in and check it."), on=project.id, link=f"/reviews/{project.id}")
        session.commit()


@reaction(*TOLD)
def tell_parties(centre: Centre, entry: Entry) -> None:
    """Everybody of the buyer and of the agency, mandated or about to be."""
    if voice_only(entry):
        return
    subject, body = TOLD[entry.tag]
    with centre.database.writing() as session:
        project = session.get_one(Project, entry.on)
        orgs = {project.buyer, project.agent} | set(session.scalars(select(Mandate.agent).where(
            Mandate.project == project.id, Mandate.state == "open")))
        for person in members(session, [org for org in orgs if org]):
            send(session, f"projects/{entry.key}", person, entry.moment, subject, body, on=project.id, link=f"/desk/projects/{project.id}")
        session.commit()
