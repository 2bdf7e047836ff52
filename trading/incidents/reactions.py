"""An outage is over: every deadline inside it moves, each by its own act. Regulators hear of its beginning and its end."""
from kernel.centre import Centre
from kernel.errors import Text
from kernel.identity.reads import holders
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.incidents.extending import move_all
from trading.projects.reactions import voice_only

SAID = {
    "trading.incidents.open": (Text("登记了一次平台故障", "An outage was recorded"), Text("故障期间截止时间自动顺延，请登录查看。", "Deadlines move while it lasts. Log in to see.")),
    "trading.incidents.close": (Text("平台故障已恢复", "An outage is over"), Text("受影响的截止时间已按规则顺延，请登录查看。", "Deadlines inside it have moved by rule. Log in to see.")),
}
TO_CONFIRM = Text("故障恢复待第二人确认", "A recovery waits for a second person"), Text("请核对检测结果后登记同一恢复时间。", "Check, then record the same time of recovery.")


@reaction("trading.incidents.close")
def move_deadlines(centre: Centre, entry: Entry) -> None:
    if not voice_only(entry):
        move_all(centre, entry.on)


@reaction(*SAID)
def tell_staff(centre: Centre, entry: Entry) -> None:
    subject, body = TO_CONFIRM if voice_only(entry) else SAID[entry.tag]
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        for person in {person.id for role in ("regulator", "technician") for person in holders(session, role, now)} - {entry.actor}:
            send(session, f"incident/{entry.key}", person, entry.moment, subject, body, on=entry.on, link="/status")
        session.commit()
