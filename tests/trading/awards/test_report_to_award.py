"""From the sealed session to the fixed winner, in both fields."""
import pytest
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.daytable.reads import calendar
from kernel.errors import Malformed, NotYours, Refused, Stale
from kernel.ledger.entries import Entry
from kernel.ledger.openings import is_open
from kernel.ticker import settle
from kernel.values import DAY, HOUR, MINUTE, day_of
from law.periods import next_working_hour
from law.registry import in_force
from tests.worlds.awards import PRICES, answer, sealed, tender
from trading.awards.begin_evaluation import BeginEvaluation, begin_evaluation
from trading.awards.deem_winner import DeemWinner, deem_winner
from trading.awards.fix_winner import Choice, FixWinner, fix_winner
from trading.awards.receive_report import ReceiveReport, receive_report
from trading.awards.records import Award, Candidate, Report
from trading.awards.rules import period_over
from trading.awards.send_report import SendReport, send_report
from trading.incidents.records import Incident
from trading.notices.records import Notice
from trading.projects.records import Project, Suspension


def rule(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.reason.rule


def confirmed(centre: Centre, patch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A procurement whose buyer has received the report."""
    made = tender(centre, "procurement.open")
    sealed(patch, made)
    send_report(centre, made.agent, SendReport(project=made.project))
    receive_report(centre, made.buyer, ReceiveReport(project=made.project))
    settle(centre)
    return made


def published(centre: Centre, patch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A works tender whose candidates are in public from this moment on."""
    made = tender(centre)
    sealed(patch, made)
    send_report(centre, made.agent, SendReport(project=made.project))
    receive_report(centre, made.buyer, ReceiveReport(project=made.project))
    made.put(Notice(project=made.project, kind="candidates", title="公示", fields={}, digest="00" * 32, published_at=centre.now()))
    made.set(stage="publicity")
    return made


def choose(made, n: int = 0, amount: int | None = None) -> FixWinner:  # type: ignore[no-untyped-def]
    return FixWinner(project=made.project, choices=(Choice(bid=made.bids[n], amount=PRICES[n] if amount is None else amount),))


def test_the_evaluation_begins_when_the_session_has_gathered(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre, stage="convening")
    answer(monkeypatch, session_gathered=False)
    with pytest.raises(Refused) as refused:
        begin_evaluation(centre, SYSTEM, BeginEvaluation(project=made.project))
    assert rule(refused) == "session_gathered"
    answer(monkeypatch, session_gathered=True)
    assert begin_evaluation(centre, SYSTEM, BeginEvaluation(project=made.project)).stage == "evaluating"
    with pytest.raises(NotYours):
        begin_evaluation(centre, made.agent, BeginEvaluation(project=made.project))


def test_only_a_sealed_report_is_sent_and_brings_its_candidates(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre)
    answer(monkeypatch, session_sealed=False)
    with pytest.raises(Refused) as refused:
        send_report(centre, made.agent, SendReport(project=made.project))
    assert rule(refused) == "session_sealed" and made.stage == "evaluating"
    sealed(monkeypatch, made)
    with pytest.raises(NotYours):
        send_report(centre, made.buyer, SendReport(project=made.project))
    assert send_report(centre, made.agent, SendReport(project=made.project)).digest == "cd" * 32
    assert made.stage == "reported"
    with centre.reading() as session:
        kept = session.execute(select(Candidate.rank, Candidate.bid, Candidate.amount).order_by(Candidate.rank)).all()
    assert [tuple(row) for row in kept] == [(n + 1, made.bids[n], PRICES[n]) for n in range(3)]


def test_a_buyer_without_an_agent_sends_the_report_itself(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre)
    made.set(agent=None)
    sealed(monkeypatch, made)
    send_report(centre, made.buyer, SendReport(project=made.project))
    assert made.stage == "reported"


def test_the_receipt_starts_the_confirmation_of_procurement_once(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = confirmed(centre, monkeypatch)
    project = made.row(Project, made.project)
    with centre.reading() as session:
        assert project.received_at == session.scalar(select(Report.received))
    assert made.stage == "confirming"
    with pytest.raises(Stale):
        receive_report(centre, made.buyer, ReceiveReport(project=made.project))


def test_works_wait_in_reported_for_the_publicity(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre)
    sealed(monkeypatch, made)
    send_report(centre, made.agent, SendReport(project=made.project))
    receive_report(centre, made.buyer, ReceiveReport(project=made.project))
    settle(centre)
    assert made.stage == "reported"


def test_a_report_nobody_opens_counts_as_received(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tender(centre, "procurement.open")
    sealed(monkeypatch, made)
    send_report(centre, made.agent, SendReport(project=made.project))
    settle(centre)
    assert made.row(Project, made.project).received_at is None
    made.forward(12 * DAY)
    settle(centre)
    assert made.row(Project, made.project).received_at is not None


def test_the_winner_is_fixed_only_after_the_publicity(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = published(centre, monkeypatch)
    made.forward(2 * DAY)
    with pytest.raises(Refused) as refused:
        fix_winner(centre, made.buyer, choose(made))
    assert rule(refused) == "publicity_over" and refused.value.reason.needed is not None
    assert "第五十四条" in "".join(map(str, refused.value.reason.under))
    made.forward(10 * DAY)
    award = fix_winner(centre, made.buyer, choose(made))[0]
    assert (made.stage, award.amount, award.rank, award.deemed) == ("awarded", PRICES[0], 1, 0)


def test_a_longer_notice_prolongs_the_publicity(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = published(centre, monkeypatch)
    with centre.reading() as session:
        notice = session.scalar(select(Notice))
    made.set(Notice, notice.id, ends_at=notice.published_at + 30 * DAY)
    made.forward(29 * DAY)
    with pytest.raises(Refused) as refused:
        fix_winner(centre, made.buyer, choose(made))
    assert rule(refused) == "publicity_over"
    made.forward(DAY)
    fix_winner(centre, made.buyer, choose(made))


@pytest.mark.parametrize(("wrong", "expected"), [({"n": 1}, "in_order_of_candidates"), ({"amount": PRICES[0] - 1}, "price_not_negotiated")])
def test_candidates_go_in_order_and_at_their_price(centre: Centre, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, int], expected: str) -> None:
    made = confirmed(centre, monkeypatch)
    with pytest.raises(Refused) as refused:
        fix_winner(centre, made.buyer, choose(made, **wrong))
    assert rule(refused) == expected and made.stage == "confirming"
    fix_winner(centre, made.buyer, choose(made))
    assert made.stage == "awarded"


def test_a_choice_must_be_a_candidate_and_cover_each_lot_once(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = confirmed(centre, monkeypatch)
    with pytest.raises(NotYours):
        fix_winner(centre, made.buyer, choose(made, 3))
    twice = FixWinner(project=made.project, choices=(Choice(bid=made.bids[0], amount=PRICES[0]), Choice(bid=made.bids[1], amount=PRICES[1])))
    with pytest.raises(Malformed):
        fix_winner(centre, made.buyer, twice)
    with pytest.raises(NotYours):
        fix_winner(centre, made.agent, choose(made))


def test_no_award_while_an_objection_is_open(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = confirmed(centre, monkeypatch)
    made.set(suspended="objection_pending")
    with pytest.raises(Refused) as refused:
        fix_winner(centre, made.buyer, choose(made))
    assert rule(refused) == "no_open_objection"
    made.set(suspended="")
    fix_winner(centre, made.buyer, choose(made))


def test_the_award_stays_closed_to_the_public_until_the_result(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = confirmed(centre, monkeypatch)
    fix_winner(centre, made.buyer, choose(made))
    with centre.reading() as session:
        entry = session.scalar(select(Entry).where(Entry.tag == "trading.awards.fix_winner"))
        assert not is_open(session, entry, centre.now())
        assert "示例" not in entry.payload and str(PRICES[0]) not in entry.payload
    made.set(stage="announced")
    with centre.reading() as session:
        assert is_open(session, entry, centre.now())


def test_a_silent_buyer_is_deemed_to_agree_but_not_early_and_not_past_an_objection(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = confirmed(centre, monkeypatch)
    with pytest.raises(Refused) as refused:
        deem_winner(centre, SYSTEM, DeemWinner(project=made.project))
    assert rule(refused) == "confirmation_time_over"
    made.forward(20 * DAY)
    made.set(suspended="objection_pending")
    settle(centre)
    assert made.stage == "confirming"
    made.set(suspended="")
    settle(centre)
    with centre.reading() as session:
        award = session.scalar(select(Award))
    assert (made.stage, award.bid, award.deemed) == ("awarded", made.bids[0], 1)
    with pytest.raises(NotYours):
        deem_winner(centre, made.buyer, DeemWinner(project=made.project))


@pytest.mark.parametrize("minutes", [(-180, -150, False), (-180, -90, True), (-180, None, True)], ids=["before", "over it", "lasting"])
def test_an_outage_at_the_end_of_a_period_moves_it(centre: Centre, monkeypatch: pytest.MonkeyPatch, minutes: tuple[int, int | None, bool]) -> None:
    """Publicity ends at midnight; an outage within two hours of that moves it to the next hour of the office, one before does not."""
    since, until, moves = minutes
    made = published(centre, monkeypatch)
    with centre.reading() as session:
        started, days = session.scalar(select(Notice.published_at).where(Notice.kind == "candidates")), calendar(session)
        end = period_over(in_force("works.publicity_days", day_of(started)), days, started)
    over = None if until is None else end + until * MINUTE
    made.put(Incident(what="platform", since=end + since * MINUTE, until=over, closed=over, probe="witness_silent", opened=end + since * MINUTE))
    made.forward(end - centre.now() + MINUTE)
    if moves:
        with pytest.raises(Refused) as refused:
            fix_winner(centre, made.buyer, choose(made))
        assert rule(refused) == "publicity_over"
        made.forward(next_working_hour(end + HOUR, days) - centre.now() + MINUTE)
    if until is not None:
        assert fix_winner(centre, made.buyer, choose(made))[0].amount == PRICES[0]
    else:
        with pytest.raises(Refused):
            fix_winner(centre, made.buyer, choose(made))


def test_a_buyer_whom_an_outage_kept_from_confirming_is_not_deemed_to_agree(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = confirmed(centre, monkeypatch)
    with centre.reading() as session:
        received, days = session.get_one(Project, made.project).received_at, calendar(session)
        end = period_over(in_force("procurement.confirm_working_days", day_of(received)), days, received)
    made.put(Incident(what="platform", since=end - HOUR, until=end - MINUTE, closed=end - MINUTE, probe="witness_silent", opened=end - HOUR))
    made.forward(end - centre.now() + MINUTE)
    settle(centre)
    assert made.stage == "confirming"
    made.forward(next_working_hour(end + 2 * HOUR, days) - centre.now())
    settle(centre)
    assert made.stage == "awarded"


def test_the_time_of_a_suspension_does_not_count(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = published(centre, monkeypatch)
    start = centre.now()
    made.put(Suspension(project=made.project, cause="objection_pending", side="agent", since=start + DAY, ended=start + 21 * DAY))
    made.forward(20 * DAY)
    with pytest.raises(Refused) as refused:
        fix_winner(centre, made.buyer, choose(made))
    assert rule(refused) == "publicity_over"
    made.forward(15 * DAY)
    fix_winner(centre, made.buyer, choose(made))
