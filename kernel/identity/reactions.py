"""After acts on identity: the persons concerned are told, and fresh posts begin with a fresh session."""

from kernel.canonical import parse
from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import Refused, Text
from kernel.identity import sessions
from kernel.identity.invite import Invite, invite
from kernel.identity.reads import holders
from kernel.identity.records import Person
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from kernel.values import show_time


def tell(centre: Centre, entry: Entry, reader: str, subject: Text, body: Text, also_sms: bool = False) -> None:
    """One message to one person about an entry; by SMS too where an account may be in wrong hands."""
    with centre.database.writing() as session:
        send(session, f"{entry.tag}/{entry.key}", reader, entry.moment, subject, body)
        person = session.get(Person, reader)
        if also_sms and person and person.phone:
            send(session, f"{entry.tag}/{entry.key}", reader, entry.moment, subject, body, channel="sms", address=person.phone)
        session.commit()


def _second(entry: Entry) -> bool:
    return "step" not in parse(entry.payload.encode())


@reaction("kernel.identity.log_in")
def new_device(centre: Centre, entry: Entry) -> None:
    if parse(entry.payload.encode())["body"]["new"] and not centre.rehearsal:
        when = show_time(entry.moment)
        tell(
            centre,
            entry,
            entry.on,
            Text("新设备登录提醒", "Log-in from a new device"),
            Text(
                f"您的账户于 {when} 在新设备上登录。若非本人操作，请立即联系窗口。",
                f"Your account was used on a new device at {when}. If it was not you, see the desk at once.",
            ),
        )


@reaction("kernel.identity.enrol_passkey", "kernel.identity.enrol_secret", "kernel.identity.revoke_key")
def keys_changed(centre: Centre, entry: Entry) -> None:
    when = show_time(entry.moment)
    tell(
        centre,
        entry,
        entry.on,
        Text("登录方式有变动", "Your ways to log in have changed"),
        Text(
            f"您账户的密钥或验证器于 {when} 有变动。若非本人操作，请立即联系窗口。",
            f"A key or authenticator of your account changed at {when}. If it was not you, see the desk at once.",
        ),
    )


@reaction("kernel.identity.recover")
def recovery(centre: Centre, entry: Entry) -> None:
    if _second(entry):
        body = Text(
            "您的密钥已全部作废，启用链接已发往登记邮箱；24 小时内不能办理签名事项。若非本人申请，请立即联系窗口。",
            "All your keys are void and a link went to your registered address; nothing can be signed for 24 hours. "
            "If you did not ask for this, see the desk at once.",
        )
    else:
        body = Text(
            "有人以您的验证码申请找回密钥，等待窗口核实。若非本人申请，请立即联系窗口。",
            "Somebody asked with your code to replace your keys; the desk will check. If it was not you, see the desk at once.",
        )
        with centre.reading() as session:
            desk = [person.id for person in holders(session, "registrar", entry.moment)]
        for registrar in desk:
            tell(
                centre,
                entry,
                registrar,
                Text("有一件密钥找回待核实", "A recovery waits to be checked"),
                Text("请登录办理。", "Please log in."),
            )
    tell(centre, entry, entry.on, Text("密钥找回", "Recovery of your keys"), body, also_sms=True)


@reaction("kernel.identity.grant_role")
def role_granted(centre: Centre, entry: Entry) -> None:
    if not _second(entry):
        return
    with centre.database.writing() as session:
        sessions.end_all(session, entry.on)
        session.commit()
        auditors = [person.id for person in holders(session, "auditor", entry.moment)]
    body = Text("请登录查看。", "Log in to see it.")
    tell(centre, entry, entry.on, Text("您有新的岗位", "You have a new post"), body)
    for auditor in auditors:
        tell(centre, entry, auditor, Text("有一项岗位授权", "A post was granted"), body)
    if not centre.rehearsal:
        try:
            invite(centre, SYSTEM, Invite(person=entry.on))
        except Refused:  # the person has keys already
            return
