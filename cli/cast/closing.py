"""From the sealed report to the contract, played through the acts of production."""
from datetime import timedelta

from cli.cast.tender import Play
from kernel.command import Actor
from kernel.daytable.reads import calendar
from kernel.values import day_of, instant
from law.periods import add_calendar_days
from trading.asks import candidates
from trading.awards.fix_winner import Choice, FixWinner, fix_winner
from trading.awards.receive_report import ReceiveReport, receive_report
from trading.awards.send_letter import SendLetter, send_letter
from trading.awards.send_report import SendReport, send_report
from trading.awards.sign_contract import SignContract, sign_contract
from trading.notices.publish_candidates import PublishCandidates, publish_candidates
from trading.notices.publish_result import PublishResult, publish_result

RESULT_WORDS = {"main_items": "详见招标文件", "objection_ways": "示例联系人 010-00000000", "evaluation": "详见评标报告", "manager": "示例经理 证书 0001"}


def hand_over_report(play: Play) -> None:
    """The report goes to the buyer; in works the candidates are published for three days."""
    centre = play.centre
    send_report(centre, play.agent, SendReport(project=play.project))
    receive_report(centre, play.buyer, ReceiveReport(project=play.project))
    play.house.react()
    if play.field == "works":
        with centre.reading() as session:
            until = add_calendar_days(day_of(centre.now()), 3, calendar(session))
        publish_candidates(centre, play.agent, PublishCandidates(project=play.project, until=until, fields=RESULT_WORDS, sme_statement="5e" * 32))
        play.publicity_until = instant(until + timedelta(days=1), 9)


def award(play: Play) -> None:
    """The first candidate wins; result notice and letter go out at one moment."""
    centre = play.centre
    with centre.reading() as session:
        ranked = candidates(session, play.project)
    first = next(c for c in ranked if c.rank == 1)
    fix_winner(centre, play.buyer, FixWinner(project=play.project, choices=(Choice(bid=first.bid, amount=first.amount),)))
    play.house.react()
    publish_result(centre, play.agent, PublishResult(project=play.project, fields=RESULT_WORDS))
    send_letter(centre, play.agent, SendLetter(project=play.project))
    play.house.react()


def contract(play: Play, winner: Actor, amount: int) -> None:
    centre = play.centre
    blob = centre.blobs.put(b"%PDF-1.7\n% contract\n%%EOF\n")
    for actor in (play.buyer, winner):
        sign_contract(centre, actor, SignContract(project=play.project, lot=play.lot, blob=blob.key, digest=blob.digest, amount=amount))
