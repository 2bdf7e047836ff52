"""From the result notice to the contract and the delivery."""
import io

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.errors import NotYours, Refused, Stale
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import DAY
from tests.worlds.awards import PRICES, announced, contract
from trading import asks
from trading.awards import reads
from trading.awards.accept_delivery import AcceptDelivery, Item, accept_delivery
from trading.awards.give_up import GiveUp, give_up
from trading.awards.letters import result_data
from trading.awards.records import Award, Contract, Letter
from trading.awards.report_to_regulator import ReportToRegulator, report_to_regulator
from trading.awards.send_letter import SendLetter, send_letter
from trading.awards.sign_contract import sign_contract
from trading.awards.skip_rank import SkipRank, skip_rank
from trading.awards.tell_losers import TellLosers, tell_losers
from trading.bids.records import Bid
from trading.notices.records import Notice
from trading.projects.records import Project
from trading.subjects.records import Subject

FIELDS = {"scope": "全部", "method_and_media": "公开招标", "document": "见附件", "committee_and_report": "见附件", "result": "已公示"}


def rule(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.reason.rule


def pages(centre: Centre, letter: Letter) -> bytes:
    return centre.blobs.get(letter.blob)


def test_no_letter_before_the_notice_and_both_carry_one_moment(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch, notice=False)
    with pytest.raises(Refused) as refused:
        send_letter(centre, made.agent, SendLetter(project=made.project))
    assert rule(refused) == "result_published_same_time"
    at = centre.now()
    made.put(Notice(project=made.project, kind="result", title="结果", fields={}, digest="00" * 32, published_at=at))
    letter = send_letter(centre, made.agent, SendLetter(project=made.project))[0]
    assert (letter.at, letter.org, letter.kind) == (at, made.suppliers[0].org, "award")
    data = pages(centre, letter)
    assert data.startswith(b"%PDF") and len(PdfFileReader(io.BytesIO(data)).embedded_signatures) == 1
    with pytest.raises(Stale):
        send_letter(centre, made.agent, SendLetter(project=made.project))


def test_a_late_letter_goes_out_with_a_warning_and_its_own_moment(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch)
    made.forward(3 * DAY)
    letter = send_letter(centre, made.agent, SendLetter(project=made.project))[0]
    with centre.reading() as session:
        entry = session.scalar(select(Entry).where(Entry.tag == "trading.awards.send_letter"))
        published = session.scalar(select(Notice.published_at))
    assert '"warn":["result_published_same_time"]' in entry.payload and letter.at > published + 2 * DAY


def test_each_loser_hears_its_own_result_and_nothing_of_the_others(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch)
    with pytest.raises(Refused) as refused:
        tell_losers(centre, SYSTEM, TellLosers(project=made.project))
    assert rule(refused) == "letter_sent"
    send_letter(centre, made.agent, SendLetter(project=made.project))
    settle(centre)
    with centre.reading() as session:
        letters = list(session.scalars(select(Letter).where(Letter.kind == "result")))
        readers = list(session.scalars(select(Message.reader).where(Message.subject_zh == "招标结果通知")))
    assert {letter.org for letter in letters} == {supplier.org for supplier in made.suppliers[1:]}
    assert len(readers) == len(set(readers)) == 6  # two persons of each of three losers
    with centre.reading() as session:
        award, project = session.scalar(select(Award)), session.get_one(Project, made.project)
        own = {result.bid: result for result in asks.own_results(session, made.project)}
        told = {data["to"]: data for id in made.bids[1:] if (data := result_data(session, project, session.get_one(Bid, id), award, own.get(id), centre.now()))}
    second, fourth = told["示例供应商1"], told["示例供应商3"]
    assert (second["total"], second["rank"], second["price"]) == ("88.10", "2", "950,000.50") and "rejected" not in second
    assert fourth["rejected"] == "未按要求签字盖章" and "total" not in fourth and "rank" not in fourth
    for name, data in told.items():
        others = {f"示例供应商{n}" for n in range(1, 4)} - {name}
        assert not any(other in str(data) for other in others)
    with pytest.raises(Stale):
        tell_losers(centre, SYSTEM, TellLosers(project=made.project))


def test_a_letter_is_read_by_its_own_side_only(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch)
    send_letter(centre, made.agent, SendLetter(project=made.project))
    settle(centre)
    with centre.reading() as session:
        mine = session.scalar(select(Letter).where(Letter.kind == "result", Letter.org == made.suppliers[1].org))
        award = session.scalar(select(Letter).where(Letter.kind == "award"))
        now = centre.now()
        assert reads.letter(session, made.suppliers[1], mine.id, now).digest == mine.digest
        assert reads.letter(session, made.buyer, award.id, now).digest == award.digest
        for actor, id in ((made.suppliers[2], mine.id), (made.agent, mine.id), (made.suppliers[1], award.id)):
            with pytest.raises(NotYours):
                reads.letter(session, actor, id, now)


def test_the_contract_stands_with_the_second_signature(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch)
    sign_contract(centre, made.buyer, contract(made))
    assert made.stage == "announced" and made.row(Project, made.project).contracted_at is None
    with pytest.raises(Stale):
        sign_contract(centre, made.buyer2, contract(made))
    with pytest.raises(NotYours):
        sign_contract(centre, made.suppliers[1], contract(made))
    with pytest.raises(Refused) as refused:
        sign_contract(centre, made.suppliers[0], contract(made, digest="ff" * 32))
    assert rule(refused) == "contract_like_bid"
    sign_contract(centre, made.suppliers[0], contract(made))
    assert made.stage == "contracted" and made.row(Project, made.project).contracted_at is not None


@pytest.mark.parametrize(("wrong", "right", "expected"), [
    ({"amount": PRICES[0] + 1}, {}, "contract_like_bid"),
    ({"bond": PRICES[0] // 10 + 1}, {"bond": PRICES[0] // 10}, "bond_within_cap"),
])
def test_the_contract_keeps_to_the_award(centre: Centre, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, int], right: dict[str, int], expected: str) -> None:
    made = announced(centre, monkeypatch, "works.open")
    with pytest.raises(Refused) as refused:
        sign_contract(centre, made.buyer, contract(made, **wrong))
    assert rule(refused) == expected
    assert sign_contract(centre, made.buyer, contract(made, **right)).buyer_signed is not None


def test_a_challenge_pauses_the_signing_of_procurement(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch)
    made.set(suspended="objection_pending")
    with pytest.raises(Refused) as refused:
        sign_contract(centre, made.buyer, contract(made))
    assert rule(refused) == "no_open_objection_procurement"
    made.set(suspended="")
    sign_contract(centre, made.buyer, contract(made))


def test_the_written_report_is_whole_and_for_works(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch, "works.open")
    with pytest.raises(Refused) as refused:
        report_to_regulator(centre, made.buyer, ReportToRegulator(project=made.project, fields=FIELDS | {"scope": " "}))
    assert rule(refused) == "report_fields_complete" and refused.value.reason.found.zh == "招标范围"
    report_to_regulator(centre, made.buyer, ReportToRegulator(project=made.project, fields=FIELDS))
    with pytest.raises(Stale):
        report_to_regulator(centre, made.buyer, ReportToRegulator(project=made.project, fields=FIELDS))


def test_a_candidate_is_passed_over_by_two_on_a_listed_ground(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch, "works.open")
    give_up(centre, made.suppliers[0], GiveUp(project=made.project, lot=made.lot, reason="资金困难"))
    good = SkipRank(project=made.project, lot=made.lot, ground="gave_up", evidence="aa" * 32)
    for wrong, expected in (({"ground": "late"}, "skip_ground_listed"), ({"evidence": ""}, "evidence_attached")):
        with pytest.raises(Refused) as refused:
            skip_rank(centre, made.buyer, good.model_copy(update=wrong))
        assert rule(refused) == expected
    assert skip_rank(centre, made.buyer, good).rank == 1
    with pytest.raises(Refused) as refused:
        skip_rank(centre, made.buyer, good)
    assert rule(refused) == "other_than_first"
    after = skip_rank(centre, made.buyer2, good)
    assert (after.rank, after.bid, after.amount, after.org) == (2, made.bids[1], PRICES[1], made.suppliers[1].org)


def test_only_the_winner_gives_up_and_says_why(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch)
    with pytest.raises(NotYours):
        give_up(centre, made.suppliers[1], GiveUp(project=made.project, lot=made.lot, reason="不做了"))
    with pytest.raises(Refused) as refused:
        give_up(centre, made.suppliers[0], GiveUp(project=made.project, lot=made.lot, reason=" "))
    assert rule(refused) == "reason_given"


def test_delivery_is_accepted_by_another_person_item_by_item(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced(centre, monkeypatch, stage="contracted")
    done, open_ = Item(name="系统上线", result="met"), Item(name="培训")
    with pytest.raises(Refused) as refused:
        accept_delivery(centre, made.buyer, AcceptDelivery(project=made.project, items=(done,)))
    assert rule(refused) == "other_than_purchaser"
    with pytest.raises(Refused) as refused:
        accept_delivery(centre, made.buyer2, AcceptDelivery(project=made.project, items=(done, open_)))
    assert rule(refused) == "acceptance_items_judged"
    accept_delivery(centre, made.buyer2, AcceptDelivery(project=made.project, items=(done,)))
    assert made.stage == "performing"


def test_candidates_and_award_open_stage_by_stage(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    from kernel.command import PUBLIC

    made = announced(centre, monkeypatch, stage="awarded")

    def seen(actor):  # type: ignore[no-untyped-def]
        with centre.reading() as session:
            return reads.view(session, actor, made.project, centre.now())

    public, bidder, buyer = seen(PUBLIC), seen(made.suppliers[1]), seen(made.buyer)
    assert (public.candidates, public.awards, public.letters, public.refunds, public.own, public.report_digest) == (None,) * 6
    assert bidder.awards is None and bidder.candidates is None and bidder.own is None
    assert [line.rank for line in buyer.candidates] == [1, 2, 3] and buyer.awards[0].winner == "示例供应商0"
    made.set(stage="announced")
    public, bidder = seen(PUBLIC), seen(made.suppliers[1])
    assert (public.awards[0].winner, public.awards[0].amount) == ("示例供应商0", PRICES[0]) and public.own is None
    assert [result.bid for result in bidder.own] == [made.bids[1]]


def test_contract_is_cut_for_the_public(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    from kernel.command import PUBLIC

    made = announced(centre, monkeypatch)
    sign_contract(centre, made.buyer, contract(made))
    sign_contract(centre, made.suppliers[0], contract(made))
    with centre.reading() as session:
        now = centre.now()
        public = reads.view(session, PUBLIC, made.project, now).contracts[0]
        loser = reads.view(session, made.suppliers[1], made.project, now).contracts[0]
        winner = reads.view(session, made.suppliers[0], made.project, now).contracts[0]
        assert session.scalar(select(Subject.name).where(Subject.id == made.suppliers[0].org))
        assert session.scalar(select(Contract.id))
    assert (public.amount, public.digest, public.bond) == (PRICES[0], "", None) == (loser.amount, loser.digest, loser.bond)
    assert (winner.digest, winner.bond) == ("ee" * 32, 0)
