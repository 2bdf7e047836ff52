"""Partials arrive: with the k-th good batch everything is decrypted, with locks once the last is in. A host is told of his
office, of a custodian's refusal, and with the bidders of the second opening."""
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import Text
from kernel.ledger.entries import Entry
from kernel.messages import send
from kernel.reactions import reaction
from trading.bids.records import Bid
from trading.opening import decrypt
from trading.opening.records import GateReport
from trading.opening.reveal_coefficient import RevealCoefficient, reveal_coefficient
from trading.opening.silence import opened
from trading.opening.state import batches, ceremony_of, opening_of, turn
from trading.projects.records import Project
from trading.sealing.gates import GATES
from trading.subjects.records import Membership


@reaction("trading.opening.post_partials", "trading.opening.post_lock", "trading.opening.rescue", "trading.bids.resupply")
def open_when_enough(centre: Centre, entry: Entry) -> None:
    with centre.reading() as session:
        (ceremony, _), now = ceremony_of(session, entry.on), turn(session, session.get_one(Project, entry.on))
        if not now or (len(batches(session, entry.on, now)) < ceremony.k and not decrypt.rescued(session, entry.on)):
            return
    decrypt.run(centre, entry.on)


@reaction("trading.opening.break_silence")
def speak_for_the_silent(centre: Centre, entry: Entry) -> None:
    with centre.reading() as session:
        values = opened(centre, session, entry.on)
    for party, value in sorted(values.items()):
        reveal_coefficient(centre, SYSTEM, RevealCoefficient(project=entry.on, contribution=value, party=party))


@reaction("trading.opening.name_host")
def tell_host(centre: Centre, entry: Entry) -> None:
    with centre.database.writing() as session:
        opening = opening_of(session, entry.on)
        if opening is not None:
            send(session, f"host/{entry.key}", opening.host, entry.moment, Text("您被指定主持开标", "You are named to host an opening"),
                 Text("请登录查看时间和地点。", "Log in for time and place."), on=entry.on)
            session.commit()


@reaction("evaluation.open_price")
def tell_of_the_second_opening(centre: Centre, entry: Entry) -> None:
    """The host, and everybody whose bid is in the closing list, rejected or not: the second opening is as public as the first."""
    with centre.database.writing() as session:
        opening = opening_of(session, entry.on)
        orgs = select(Bid.org).where(Bid.project == entry.on, Bid.state == "live")
        people = set(session.scalars(select(Membership.person).where(Membership.org.in_(orgs), Membership.until.is_(None))))
        for person in sorted(people | ({opening.host} if opening else set())):
            send(session, f"prices/{entry.key}", person, entry.moment, Text("报价信封开始开启", "The prices are being opened"),
                 Text("技术评审已结束，报价信封在开标大厅公开开启。", "The technical review is over; the prices are opened in public in the opening hall."), on=entry.on)
        session.commit()


@reaction("trading.opening.report_gate")
def tell_host_of_gate(centre: Centre, entry: Entry) -> None:
    with centre.database.writing() as session:
        opening = opening_of(session, entry.on)
        report = session.scalar(select(GateReport).where(GateReport.project == entry.on, GateReport.at == entry.moment))
        if opening is not None and report is not None:
            zh, en = GATES[report.gate]
            send(session, f"gate/{entry.key}", opening.host, entry.moment, Text("保管端拒绝解密", "A custodian refuses to decrypt"),
                 Text(f"保管人 {report.number}：{zh}。", f"Custodian {report.number}: {en}."), on=entry.on)
            session.commit()


