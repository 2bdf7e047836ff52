"""From the entry of a tender to a file fit for review: each guard, met and not met, with one fact changed."""
import copy
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from kernel.errors import Malformed, NotYours, Refused, Stale
from kernel.ledger.entries import Entry
from kernel.values import day_of
from tests.worlds.projects import load, organisation, people, reviewed, with_key
from tests.worlds.rooms import rooms_for
from tests.worlds.tenders import BUDGET, SCHEMES, complete, confirmed, document, entered, mandated, published, put, sunday, times
from trading.notices.records import Notice
from trading.projects.accept_mandate import AcceptMandate, accept_mandate
from trading.projects.choose_method import ChooseMethod, choose_method
from trading.projects.confirm_document import ConfirmDocument, confirm_document
from trading.projects.draft import Draft, draft
from trading.projects.mandate import GiveMandate, mandate
from trading.projects.records import Lot, Scoring
from trading.projects.set_calendar import SetCalendar, set_calendar
from trading.projects.set_ceiling import SetCeiling, set_ceiling
from trading.projects.set_document import SetDocument, set_document
from trading.projects.set_scoring import SetScoring, set_scoring
from trading.projects.split import Part, Split, split
from trading.projects.submit import Submit, submit


def refused(call, *args) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.reason.rule


def test_a_buyer_enters_a_tender_with_one_lot_and_a_code(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = entered(centre, who)
    assert project.code.startswith(f"C{day_of(centre.now()).year}") and len(project.code) == 11 and project.agent is None
    with centre.reading() as session:
        assert [(lot.number, lot.budget) for lot in session.scalars(select(Lot).where(Lot.project == project.id))] == [(1, BUDGET)]


def test_an_agency_enters_it_for_a_named_buyer_and_is_its_agent(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    cmd = {"procedure": "works.open", "field": "works", "kind": "construction", "title": "示例", "budget": 1, "plan": "x"}
    project = draft(centre, who.agent, Draft(buyer=who.buyer.org, **cmd))
    assert (project.buyer, project.agent) == (who.buyer.org, who.agent.org)
    with pytest.raises(Malformed):
        draft(centre, who.agent, Draft(**cmd))
    with pytest.raises(NotYours):
        draft(centre, who.supplier, Draft(**cmd))


def test_the_entry_wants_an_admitted_buyer_and_a_plan(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    cmd = Draft(procedure="works.open", field="works", kind="construction", title="示例", budget=1, plan="x")
    assert draft(centre, who.buyer, cmd).stage == "draft"
    assert refused(draft, centre, organisation(centre, "未入库单位", buyer=True, stage="second_review"), cmd) == "admitted_buyer"
    assert refused(draft, centre, who.buyer, cmd.model_copy(update={"plan": " "})) == "plan_present"
    with pytest.raises(Malformed):
        draft(centre, who.buyer, cmd.model_copy(update={"field": "procurement"}))


def test_a_mandate_is_given_and_accepted_once(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = entered(centre, who)
    cmd = GiveMandate(project=project.id, agent=who.agent.org, contract="k" * 16, digest="c" * 64)
    assert refused(mandate, centre, who.buyer, cmd.model_copy(update={"agent": who.supplier.org})) == "agent_unrelated"
    assert refused(mandate, centre, who.buyer, cmd.model_copy(update={"contract": ""})) == "contract_attached"
    with pytest.raises(NotYours):
        accept_mandate(centre, who.agent, AcceptMandate(project=project.id))
    mandate(centre, who.buyer, cmd)
    accept_mandate(centre, who.agent, AcceptMandate(project=project.id))
    assert load(centre, project.id).agent == who.agent.org
    assert refused(accept_mandate, centre, who.agent, AcceptMandate(project=project.id)) == "mandate_open"


def test_lots_add_up_and_a_split_that_evades_warns(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = mandated(centre, who)
    half = Split(project=project.id, lots=(Part(title="一", budget=BUDGET // 4), Part(title="二", budget=BUDGET * 3 // 4)))
    with pytest.raises(Malformed):
        split(centre, who.agent, half.model_copy(update={"lots": half.lots[:1]}))
    assert len(split(centre, who.agent, half)) == 2
    assert warned(centre) is None
    put(centre, project.id, method="invited")
    split(centre, who.agent, half)
    assert warned(centre) == ["lots_not_to_evade"]
    split(centre, who.agent, half.model_copy(update={"reason": "专业不同"}))
    assert warned(centre) is None


def warned(centre) -> list[str] | None:  # type: ignore[no-untyped-def]
    from kernel.canonical import parse

    with centre.reading() as session:
        return parse(session.scalars(select(Entry).order_by(Entry.number.desc())).first().payload.encode())["body"].get("warn")


def test_the_method_is_known_allowed_and_approved(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = mandated(centre, who)
    cmd = ChooseMethod(project=project.id, method="open", evaluation="lowest_price")
    assert choose_method(centre, who.agent, cmd).evaluation == "lowest_price"
    assert refused(choose_method, centre, who.agent, cmd.model_copy(update={"method": "lottery"})) == "method_known"
    assert refused(choose_method, centre, who.agent, cmd.model_copy(update={"evaluation": "benchmark"})) == "method_allowed"
    invited = cmd.model_copy(update={"method": "invited"})
    assert refused(choose_method, centre, who.agent, invited) == "approval_if_not_open"
    assert choose_method(centre, who.agent, invited.model_copy(update={"approval": "示例〔2026〕3 号"})).method == "invited"


@pytest.mark.parametrize(("change", "rule"), [
    ({"floor": 1}, "no_floor_price"), ({"deposit": BUDGET // 50 + 1}, "deposit_within_cap"),
    ({"fair_competition": " "}, "fair_competition_reviewed"), ({"presence_required": True}, "no_forced_presence"),
    ({"envelopes": 2}, "price_announced_at_opening"),
])
def test_the_document_keeps_to_the_law(centre, change, rule) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = mandated(centre, who)
    good = document(centre, project.id)
    assert [paper.version for paper in set_document(centre, who.agent, good)] == [1]
    assert refused(set_document, centre, who.agent, SetDocument(**(good.model_dump() | change))) == rule
    assert [paper.version for paper in set_document(centre, who.agent, good)] == [2]
    with pytest.raises(Malformed):
        set_document(centre, who.agent, SetDocument(**(good.model_dump() | {"decrypt_minutes": 61})))
    locked = good.model_dump() | {"mode": "M2", "lock_minutes": 20}
    for wrong in ({"lock_minutes": 9}, {"lock_minutes": 31}, {"mode": "M1"}):
        with pytest.raises(Malformed):
            set_document(centre, who.agent, SetDocument(**(locked | wrong)))
    set_document(centre, who.agent, SetDocument(**locked))


def test_an_amount_nobody_checked_only_warns(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = draft(centre, who.buyer, Draft(procedure="works.open", field="works", kind="construction", title="示例", budget=10**10, plan="x"))
    set_document(centre, who.buyer, document(centre, project.id, deposit=80_000_000))
    assert warned(centre) is None
    set_document(centre, who.buyer, document(centre, project.id, deposit=80_000_001))
    assert warned(centre) == ["deposit_within_cap"]


def changed(**scheme: object) -> dict[str, object]:
    return copy.deepcopy(SCHEMES["procurement"]) | scheme


def items(*weights: str) -> list[dict[str, str]]:
    return [item | {"weight": weight, "high": str(int(float(weight) * 100))} for item, weight in zip(SCHEMES["procurement"]["items"], weights, strict=True)]


@pytest.mark.parametrize(("scheme", "rule"), [
    (changed(items=items("0.60", "0.21", "0.20")), "weights_sum_to_one"),
    (changed(items=items("0.71", "0.20", "0.09")), "price_weight_floor"),
    ({k: v for k, v in changed().items() if k != "places"}, "decimals_stated"),
    (changed(benchmark={"above": "1", "below": "0.5"}), "no_average_benchmark"),
])
def test_the_scheme_answers_its_questions(centre, scheme, rule) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = mandated(centre, who)
    good = set_scoring(centre, who.agent, SetScoring(project=project.id, scheme=SCHEMES["procurement"]))
    assert refused(set_scoring, centre, who.agent, SetScoring(project=project.id, scheme=scheme)) == rule
    with centre.reading() as session:
        assert session.scalars(select(Scoring).where(Scoring.project == project.id)).one().digest == good.digest


def test_qualification_is_not_scored_and_a_formula_must_compute(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = mandated(centre, who)
    cmd = SetScoring(project=project.id, scheme=SCHEMES["procurement"], conditions=("同类业绩",))
    assert refused(set_scoring, centre, who.agent, cmd) == "no_qualification_scored"
    works = mandated(centre, who, "works")
    formula = SCHEMES["works"] | {"benchmark": {"above": "1", "below": "0.5"}}
    assert set_scoring(centre, who.agent, SetScoring(project=works.id, scheme=formula)).scheme["benchmark"]
    drawn = SCHEMES["works"] | {"benchmark": {"above": "1", "below": "0.5", "drawn": "k"}}
    assert refused(set_scoring, centre, who.agent, SetScoring(project=works.id, scheme=drawn)) == "formula_compiles"
    with pytest.raises(Malformed):
        set_scoring(centre, who.agent, SetScoring(project=works.id, scheme=SCHEMES["procurement"]))
    with pytest.raises(ValidationError):
        SetScoring(project=works.id, scheme={"places": 0.5})


def test_the_ceiling_stays_within_the_budget_and_is_the_buyers(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = mandated(centre, who)
    assert set_ceiling(centre, who.buyer, SetCeiling(project=project.id, ceiling=BUDGET)).ceiling == BUDGET
    assert refused(set_ceiling, centre, who.buyer, SetCeiling(project=project.id, ceiling=BUDGET + 1)) == "ceiling_within_budget"
    with pytest.raises(NotYours):
        set_ceiling(centre, who.agent, SetCeiling(project=project.id, ceiling=1))
    with centre.reading() as session:
        payload = session.scalars(select(Entry.payload).where(Entry.tag == "trading.projects.set_ceiling")).one()
    assert str(BUDGET) not in payload


def test_the_calendar_keeps_every_period(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = mandated(centre, who)
    good = times(centre, project.id)
    assert refused(set_calendar, centre, who.agent, good) == "room_held"
    rooms_for(centre, who.agent, project.id, good.deadline)
    assert set_calendar(centre, who.agent, good).deadline == good.deadline

    def with_(**change: object) -> SetCalendar:
        return SetCalendar(**(good.model_dump() | change))

    early = times(centre, project.id, 13)
    assert refused(set_calendar, centre, who.agent, early) == "preparation_period_long_enough"
    assert refused(set_calendar, centre, who.agent, with_(document_until=centre.now() + 86_400_000)) == "sale_period_long_enough"
    assert refused(set_calendar, centre, who.agent, with_(opening=good.opening + 1)) == "deadline_is_opening"
    off = sunday(centre, 30)
    assert refused(set_calendar, centre, who.agent, with_(deadline=off, opening=off, evaluation=None)) == "deadline_on_working_day"
    with pytest.raises(Malformed):
        set_calendar(centre, who.agent, with_(publish_on=good.publish_on - timedelta(days=1)))
    with pytest.raises(Malformed):
        set_calendar(centre, who.agent, with_(document_until=good.deadline + 1))


def test_a_file_is_submitted_complete_confirmed_and_with_its_key(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    bare = mandated(centre, who)
    with_key(centre, bare.id)
    assert refused(submit, centre, who.agent, Submit(project=bare.id)) == "document_complete"
    assert refused(confirm_document, centre, who.buyer, ConfirmDocument(project=bare.id, digest="0" * 64)) == "document_complete"
    project = complete(centre, who)
    with pytest.raises(Stale):
        confirm_document(centre, who.buyer, ConfirmDocument(project=project.id, digest="0" * 64))
    set_document(centre, who.agent, document(centre, project.id, deposit=1))
    assert refused(submit, centre, who.agent, Submit(project=project.id)) == "buyer_confirmed"
    confirmed(centre, who, project.id)
    assert submit(centre, who.agent, Submit(project=project.id)).stage == "review"
    with pytest.raises(Stale):
        set_document(centre, who.agent, document(centre, project.id))


def test_without_a_ceremony_nothing_is_submitted(centre) -> None:  # type: ignore[no-untyped-def]
    from trading.sealing.records import Ceremony

    who = people(centre)
    project = complete(centre, who)
    with centre.database.writing() as session:
        session.scalars(select(Ceremony).where(Ceremony.project == project.id)).one().stage = "broken"
        session.commit()
    assert refused(submit, centre, who.agent, Submit(project=project.id)) == "key_ready"
    with_key(centre, project.id)
    assert submit(centre, who.agent, Submit(project=project.id)).round == 1


@pytest.mark.parametrize("field", ["works", "procurement"])
def test_both_fields_reach_their_notice(centre, field) -> None:  # type: ignore[no-untyped-def]
    _, project = published(centre, field)
    assert project.stage == "inviting"
    with centre.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.project == project.id)).one()
    assert (notice.ends_at is not None) == (field == "procurement")
    assert notice.fields["requirements"] == "具备相应资质" and "开标" in str(notice.fields["opening"])


def test_a_notice_that_lacks_fields_or_comes_too_late_is_refused(centre) -> None:  # type: ignore[no-untyped-def]
    from kernel.command import SYSTEM
    from kernel.rehearsal.step import Step, step
    from trading.notices.publish import Publish, publish

    who = people(centre)
    project = complete(centre, who)
    reviewed(centre, project.id, who.agent)
    details = load(centre, project.id).details
    put(centre, project.id, details={k: v for k, v in details.items() if k != "contact"})
    assert refused(publish, centre, who.agent, Publish(project=project.id)) == "fields_complete"
    put(centre, project.id, details=details)
    step(centre, SYSTEM, Step(forward=8 * 86_400_000))
    assert refused(publish, centre, who.agent, Publish(project=project.id)) == "periods_still_long_enough"
