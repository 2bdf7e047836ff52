"""News of a tender reaches all who took its document at one moment, each alone: nobody learns of another."""
from sqlalchemy import select

from kernel.centre import Centre
from kernel.errors import Text
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.bids.records import Bid
from trading.notices.records import Take
from trading.projects.reactions import members, voice_only

# no title stands in a subject: a mailbox is no secret place, and who gets the message is one (招标投标法 第二十二条)
NEWS: dict[str, tuple[Text, Text]] = {
    "trading.notices.clarify": (
        Text("您关注的项目有澄清", "A tender you follow was clarified"),
        Text("请登录查看。若已按旧版文件递交，投标仍然有效，可在截止前替换。",
             "Log in to read it. A bid made on the older version stays valid and may be replaced until the deadline.")),
    "trading.notices.extend": (Text("您关注的项目顺延", "A tender you follow was extended"), Text("请登录查看新的时间。", "Log in to see the new times.")),
    "trading.notices.correct": (Text("您关注的项目有更正", "A notice you follow was corrected"), Text("请登录查看。", "Log in to read it.")),
    "trading.projects.suspend": (Text("您关注的项目暂停", "A tender you follow was suspended"), Text("请登录查看。", "Log in to read it.")),
    "trading.projects.resume": (Text("您关注的项目恢复", "A tender you follow goes on"), Text("请登录查看新的时间。", "Log in to see the new times.")),
    "trading.projects.fail": (Text("您关注的项目流标", "A tender you follow failed"), Text("请登录查看。", "Log in to read it.")),
    "trading.projects.terminate": (Text("您关注的项目终止", "A tender you follow was terminated"), Text("请登录查看退还安排。", "Log in to read about refunds.")),
    "trading.notices.publish_candidates": (Text("候选人已公示", "Candidates are published"), Text("请登录查看。", "Log in to read it.")),
    "trading.notices.publish_result": (Text("结果已公告", "The result is announced"), Text("请登录查看。", "Log in to read it.")),
}


@reaction(*NEWS)
def tell_followers(centre: Centre, entry: Entry) -> None:
    """Persons of every organisation that took the document or has a bid in; one transaction, one moment."""
    if voice_only(entry):
        return
    subject, body = NEWS[entry.tag]
    with centre.database.writing() as session:
        orgs = set(session.scalars(select(Take.org).where(Take.project == entry.on)))
        orgs |= set(session.scalars(select(Bid.org).where(Bid.project == entry.on, Bid.state == "live")))
        for person in members(session, orgs):
            send(session, f"news/{entry.key}", person, entry.moment, subject, body, on=entry.on, link=f"/tenders/{entry.on}")
        session.commit()
