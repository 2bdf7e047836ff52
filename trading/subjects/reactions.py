"""After acts on organisations: reviewers are drawn, and those concerned are told."""

from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import Text
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.subjects.assign import SUBMITTING, Assign, assign
from trading.subjects.records import Assignment, Membership, Subject

HOME = "/subject"
TOLD: dict[str, tuple[Text, Text]] = {
    "trading.subjects.enter": (
        Text("单位已登记", "Your organisation is entered"),
        Text("请上传材料并提交审核。此邮件用于确认联系邮箱。", "Add the papers and submit them. This mail confirms your contact address."),
    ),
    "trading.subjects.return_for_repair": (
        Text("材料需补正", "Your papers need repair"),
        Text(
            "审核意见已一次性列出，请登录查看并补正后再次提交。",
            "Everything to repair is listed at once. Log in, repair it and submit again.",
        ),
    ),
    "trading.subjects.review_second": (
        Text("审核通过", "Your organisation is admitted"),
        Text("单位信息已生效，可办理交易事项。", "Your data are in force; you can trade here."),
    ),
    "trading.subjects.lock": (
        Text("单位账户已锁定", "Your organisation is locked"),
        Text("原因请登录查看或联系窗口。", "Log in or ask the desk for the reason."),
    ),
    "trading.subjects.unlock": (Text("单位账户已解锁", "Your organisation is unlocked"), Text("可继续办理。", "You can go on.")),
    "trading.subjects.bar": (
        Text("已被列入禁止参加名单", "Your organisation is barred"),
        Text("决定文号和期限请登录查看。", "Log in to see the decision and the period."),
    ),
    "trading.subjects.unbar": (Text("禁止参加期已结束", "The bar has ended"), Text("可继续办理。", "You can go on.")),
    "trading.subjects.certify_key": (
        Text("已登记签名密钥", "A signing key was certified"),
        Text(
            "本单位有一把签名密钥已登记。若非本单位操作，请立即注销并联系窗口。",
            "A signing key was certified for your organisation. If nobody of yours did it, revoke it and call the desk.",
        ),
    ),
    "trading.subjects.revoke_key": (
        Text("签名密钥已注销", "A signing key was revoked"),
        Text("此前已签署的文件仍然有效。", "What it signed before stays valid."),
    ),
    "trading.subjects.appoint_person": (
        Text("经办人有变动", "Persons of your organisation changed"),
        Text("本单位新增一名经办人。", "A person was appointed."),
    ),
    "trading.subjects.dismiss_person": (
        Text("经办人有变动", "Persons of your organisation changed"),
        Text("本单位减少一名经办人。", "A person was dismissed."),
    ),
}


@reaction(*TOLD)
def tell_members(centre: Centre, entry: Entry) -> None:
    """Every person of the organisation, one message each."""
    subject, body = TOLD[entry.tag]
    with centre.database.writing() as session:
        members = session.scalars(
            select(Membership.person).where(Membership.org == entry.on, Membership.until.is_(None)).order_by(Membership.person)
        )
        for person in members.all():
            send(session, f"subjects/{entry.key}", person, entry.moment, subject, body, on=entry.on, link=HOME)
        session.commit()


@reaction(*SUBMITTING)
def draw_first(centre: Centre, entry: Entry) -> None:
    assign(centre, SYSTEM, Assign(subject=entry.on, slot=1))


@reaction("trading.subjects.review_first")
def draw_second(centre: Centre, entry: Entry) -> None:
    assign(centre, SYSTEM, Assign(subject=entry.on, slot=2))


@reaction("trading.subjects.assign")
def tell_reviewer(centre: Centre, entry: Entry) -> None:
    with centre.database.writing() as session:
        drawn = session.scalar(
            select(Assignment.person)
            .join(Subject, Subject.id == Assignment.subject)
            .where(Assignment.subject == entry.on, Assignment.at == entry.moment, Assignment.done.is_(None))
        )
        if drawn:
            send(
                session,
                f"subjects/{entry.key}",
                drawn,
                entry.moment,
                Text("有一件主体材料待审核", "An organisation's file waits for you"),
                Text("请在期限内登录办理。", "Log in and deal with it in time."),
                on=entry.on,
                link="/reviews",
            )
        session.commit()
