"""The second half of the walk: from the decryption to the contract, with a question, a rejection and a dissent on the way."""
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import select

from cli.cast import closing, committee, tender
from cli.cast.tender import Play
from cli.cast.tenders import custodians_open
from cli.progress import Progress
from evaluation.answer import Answer, answer
from evaluation.area.watch import Watch, watch
from evaluation.ask_bidder import AskBidder, ask_bidder
from evaluation.dissent import Dissent, dissent
from evaluation.hand_in import HandIn, hand_in
from evaluation.reads import scoring_grid
from evaluation.recommend import OfLot, Recommend, recommend
from evaluation.records import Question, Session, Total
from evaluation.reject import Reject, reject
from evaluation.rules.scheme import Item
from evaluation.score import Given, Score, score
from evaluation.sign import Sign, sign
from evaluation.vote import Vote, vote
from experts.reads import seats
from experts.records import Call, Draw
from experts.records import Expert as Enlisted
from kernel.canonical import canon, plain
from kernel.command import Cmd
from kernel.identity.records import Person
from kernel.values import HOUR
from tests.walks.walk import Walk
from trading.asks import candidates
from trading.awards.fix_winner import Choice, FixWinner, fix_winner
from trading.awards.send_letter import SendLetter, send_letter
from trading.notices.publish_result import PublishResult, publish_result
from trading.opening.answer import Answer as Reply
from trading.opening.answer import answer as reply
from trading.opening.object import Object
from trading.opening.object import object as complain


def stops(walk: Walk) -> Iterator[str]:
    """Goes on from a hall that has begun, and halts with the name of what has happened."""
    house, plays, centre = walk.house, walk.plays, walk.centre
    custodians_open(house, Progress(True))
    for play in plays:
        row = complain(centre, walk.actor("third", play), Object(project=play.project, text=walk.said(play, "开标异议")))
        reply(centre, play.host, Reply(project=play.project, objection=row.id, text="已核对"))
    yield "objected"
    for play in plays:
        tender.finish_opening(play)
    house.settle()
    yield "opened"
    for play in plays:
        tender.review_qualification(play)
    house.settle()
    for play in plays:
        draw_committee(walk, play)
    yield "drawn"
    house.until(plays[0].deadline + HOUR + HOUR // 2)
    for play in plays:
        committee.walk_in(play)
        committee.sit_down(play)
    house.settle()
    yield "scoring"
    for play in plays:
        ask_and_reject(walk, play)
        for letter in sorted(play.members):
            fill_sheet(walk, play, letter, letter != max(play.members))
    house.settle()
    yield "one sheet missing"
    for play in plays:
        fill_sheet(walk, play, max(play.members), True)
    house.settle()
    for play in plays:
        watch(centre, house.people["jiandu1"], Watch(project=play.project, file_number="示监 1 号", reason=walk.said(play, "查看理由")))
    yield "added up"
    for play in plays:
        sign_all(walk, play)
        committee.walk_out(play)
    house.settle()
    yield "sealed"
    for play in plays:
        closing.hand_over_report(play)
    house.settle()
    yield "report handed over"
    house.until(max(play.publicity_until for play in plays))
    for play in plays:
        decide(walk, play)
    house.settle()
    yield "awarded"
    for play in plays:
        publish_result(centre, play.agent, PublishResult(project=play.project, fields=closing.RESULT_WORDS))
        send_letter(centre, play.agent, SendLetter(project=play.project))
    house.settle()
    yield "announced"
    for play in plays:
        closing.contract(play, walk.actor("winner", play), play.bidders[0].amount or 0)
    house.settle()
    yield "contracted"


def draw_committee(walk: Walk, play: Play) -> None:
    """The first expert called declines, and so does who sits in the other committee at that hour; the others accept."""
    centre = walk.centre
    draw = committee.ask_for_committee(play)
    walk.house.settle()
    committee.contribute_all(play, draw)
    walk.house.settle()
    committee.name_member(play, draw)
    while called := calling(walk, draw):
        accepts = bool(walk.declined.get(play.field)) and called not in walk.seated
        walk.declined.setdefault(play.field, called)
        walk.seated |= {called} if accepts else set()
        committee.answer_call(play, draw, accepts)
        walk.house.settle()
    with centre.reading() as session:
        assert session.get_one(Draw, draw).stage == "filled" and len(seats(session, play.project)) == 5


def calling(walk: Walk, draw: str) -> str:
    """Name of the expert whose answer the draw waits for, "" when none."""
    query = select(Person.name).join(Enlisted, Enlisted.person == Person.id).join(Call, Call.expert == Enlisted.id)
    with walk.centre.reading() as session:
        return session.scalar(query.where(Call.draw == draw, Call.outcome == "").order_by(Call.id)) or ""


def agree(play: Play, cmd: Cmd, tag: str) -> None:
    """Three seats vote for the same words."""
    for letter in sorted(play.members)[:3]:
        vote(play.centre, play.members[letter], Vote(project=play.project, seat=letter, act=tag, proposal=canon(plain(cmd)).decode(), yes=True))


def ask_and_reject(walk: Walk, play: Play) -> None:
    """The third bidder is asked and answers; the fourth is rejected."""
    centre, chair = walk.centre, play.members[play.chair]
    asked = AskBidder(project=play.project, bid=play.bidders[2].bid, question=walk.said(play, "评委提问"), within_bid=True, without_hint=True)
    agree(play, asked, "evaluation.ask_bidder")
    ask_bidder(centre, chair, asked)
    with centre.reading() as session:
        question = session.scalars(select(Question.id).where(Question.bid == play.bidders[2].bid)).one()
    answer(centre, walk.actor("third", play), Answer(project=play.project, question=question, text=walk.said(play, "投标人答复")))
    out = Reject(project=play.project, bid=play.bidders[3].bid, ground="not_responsive" if play.field == "works" else "other_invalidity",
                 reason=walk.said(play, "否决理由"))
    agree(play, out, "evaluation.reject")
    reject(centre, chair, out)


def fill_sheet(walk: Walk, play: Play, letter: str, hand_it_in: bool) -> None:
    """Marks with a reason that only this member wrote about this bid."""
    centre, member = walk.centre, play.members[letter]

    def grid():  # type: ignore[no-untyped-def]
        with centre.reading() as session:
            return scoring_grid(session, centre.secret("masks"), member, play.project, centre.now())

    shown = grid()
    marks = tuple(mark(walk, play, letter, item, column.bid) for item in shown.items for column in shown.columns)
    if marks:
        score(centre, member, Score(project=play.project, sheet=shown.sheet, marks=marks))
        shown = grid()
    if hand_it_in:
        hand_in(centre, member, HandIn(project=play.project, sheet=shown.sheet, content=shown.content, objective_confirmed=True))


def mark(walk: Walk, play: Play, letter: str, item: Item, bid: str) -> Given:
    """Objective items alike for all; subjective ones differ in the second decimal from seat to seat and bid to bid."""
    place = [b.bid for b in play.bidders].index(bid)
    value = (item.high * (Decimal("0.94") - Decimal("0.05") * place)).quantize(Decimal("0.01"))
    if item.kind != "subjective":
        return Given(bid=bid, item=item.code, score=str(value))
    value += Decimal(sorted(play.members).index(letter) * 4 + place + 1) / 100
    walk.scores[play.field, letter, bid] = walk.said(play, f"评分{letter}{place}")
    return Given(bid=bid, item=item.code, score=str(value), reason=walk.scores[play.field, letter, bid])


def sign_all(walk: Walk, play: Play) -> None:
    """The chair's proposal is voted; all sign but the last seat, who dissents."""
    centre, chair = walk.centre, play.members[play.chair]
    with centre.reading() as session:
        room = session.scalars(select(Session).where(Session.project == play.project)).one()
        ranked = tuple(t.bid for t in session.scalars(select(Total).where(Total.session == room.id).order_by(Total.rank)) if t.rank)[:3]
    assert ranked == tuple(b.bid for b in play.bidders[:3])
    proposal = Recommend(project=play.project, lots=(OfLot(lot=play.lot, bids=ranked),))
    agree(play, proposal, "evaluation.recommend")
    recommend(centre, chair, proposal)
    with centre.reading() as session:
        digest = session.scalars(select(Session.report_digest).where(Session.project == play.project)).one()
    for letter, member in play.members.items():
        if letter == max(play.members):
            dissent(centre, member, Dissent(project=play.project, report=digest, reason=walk.said(play, "不同意见")))
        else:
            sign(centre, member, Sign(project=play.project, report=digest))
    walk.house.settle()


def decide(walk: Walk, play: Play) -> None:
    """The first candidate wins; nobody but the parties knows until the notice."""
    with walk.centre.reading() as session:
        first = next(c for c in candidates(session, play.project) if c.rank == 1)
    fix_winner(walk.centre, play.buyer, FixWinner(project=play.project, choices=(Choice(bid=first.bid, amount=first.amount),)))
