"""Changes to what was announced, and the notices that follow it."""
from datetime import timedelta

import pytest
from sqlalchemy import select

import trading.notices.reactions  # noqa: F401  registers the news
from kernel.command import SYSTEM
from kernel.errors import NotYours, Refused, Stale
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.rehearsal.step import Step, step
from kernel.ticker import settle
from kernel.values import DAY, day_of, instant, new_id
from tests.worlds.projects import deadline_after, load, organisation, people, published_replay, recorded
from tests.worlds.tenders import published, put, sunday
from trading.awards.records import Award, Candidate, Contract
from trading.bids.records import Bid
from trading.notices.clarify import Clarify, clarify
from trading.notices.correct import Correct, correct
from trading.notices.extend import Extend, extend
from trading.notices.publish_candidates import PublishCandidates, publish_candidates
from trading.notices.publish_contract import PublishContract, publish_contract
from trading.notices.publish_result import PublishResult, publish_result
from trading.notices.reads import latest, of_project, own_take
from trading.notices.record_media_time import RecordMediaTime, record_media_time
from trading.notices.records import Notice, Take
from trading.notices.take_document import TakeDocument, take_document
from trading.projects.records import Lot


def refused(call, *args) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.reason.rule


def warned(centre) -> list[str] | None:  # type: ignore[no-untyped-def]
    from kernel.canonical import parse

    with centre.reading() as session:
        return parse(session.scalars(select(Entry).order_by(Entry.number.desc())).first().payload.encode())["body"].get("warn")


def awarded(centre, project: str, supplier, stage: str) -> None:  # type: ignore[no-untyped-def]
    """A ranked and winning bid, put in the tables: the acts of awards are tested where they stand."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        lot = session.scalars(select(Lot.id).where(Lot.project == project)).one()
        row = Bid(id=new_id(), project=project, lot=lot, org=supplier.org, supplier="0" * 64, supplier_salt=b"0" * 32, version=1, moment=now)
        session.add(row)
        session.flush()
        session.add(Candidate(id=new_id(), project=project, lot=lot, rank=1, bid=row.id, amount=700))
        session.add(Award(id=new_id(), project=project, lot=lot, bid=row.id, org=supplier.org, amount=700, rank=1, at=now))
        session.commit()
    put(centre, project, stage=stage, received_at=centre.now(), awarded_at=centre.now())


def test_a_supplier_takes_the_document_and_only_itself_knows(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    take_document(centre, who.supplier, TakeDocument(project=project.id))
    again = take_document(centre, who.supplier, TakeDocument(project=project.id))
    other = organisation(centre, "另一供应商", supplier=True)
    with centre.reading() as session:
        assert session.scalars(select(Take)).one().id == again.id
        assert own_take(session, who.supplier, project.id) is not None
        assert own_take(session, other, project.id) is None and own_take(session, who.agent, project.id) is None
    with pytest.raises(NotYours):
        take_document(centre, who.agent, TakeDocument(project=project.id))
    with pytest.raises(NotYours):
        take_document(centre, who.supplier, TakeDocument(project=recorded(centre, who.buyer).id))
    step(centre, SYSTEM, Step(forward=project.deadline - centre.now()))
    assert refused(take_document, centre, other, TakeDocument(project=project.id)) == "before_closing"


def test_the_mediums_moment_starts_the_notice_period(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    before = first(centre, project.id)
    step(centre, SYSTEM, Step(forward=2 * DAY))
    cmd = RecordMediaTime(project=project.id, medium="ccgp_province", moment=centre.now() - 1, proof="https://example.gov.cn/1")
    for change in ({"proof": " "}, {"medium": "newspaper"}, {"moment": centre.now() + DAY}, {"moment": before.published_at - 60_000}):
        assert refused(record_media_time, centre, who.agent, cmd.model_copy(update=change)) == "proof_of_publication"
    record_media_time(centre, who.agent, cmd)
    after = first(centre, project.id)
    assert after.media == "ccgp_province" and after.ends_at > before.ends_at
    with pytest.raises(Stale):
        record_media_time(centre, who.agent, cmd)


def first(centre, project: str) -> Notice:  # type: ignore[no-untyped-def]
    with centre.reading() as session:
        return session.scalars(select(Notice).where(Notice.project == project, Notice.kind == "tender")).one()


def test_a_clarification_keeps_its_distance_and_names_nobody(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    cmd = Clarify(project=project.id, text="第三章评分细则第 2 项更正如下。")
    for change, rule in (
        ({"touches": ("qualification",)}, "subject_and_qualification_unchanged"), ({"text": "应示例供应商来函，现澄清。"}, "source_not_named"),
        ({"text": "答复提问人：是。"}, "source_not_named"), ({"medium": "elsewhere"}, "same_media"),
    ):
        assert refused(clarify, centre, who.agent, cmd.model_copy(update=change)) == rule
    old = project.document_digest
    clarify(centre, who.agent, cmd)
    assert load(centre, project.id).deadline == project.deadline
    step(centre, SYSTEM, Step(forward=8 * DAY))
    assert refused(clarify, centre, who.agent, cmd) == "fifteen_days_or_extended"
    assert clarify(centre, who.agent, cmd.model_copy(update={"affects": False})).version == 2
    later = deadline_after(centre, 25)
    clarify(centre, who.agent, cmd.model_copy(update={"deadline": later}))
    after = load(centre, project.id)
    assert after.deadline == later and after.document_digest != old


def test_a_refusal_never_tells_who_took_the_document(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    stranger = organisation(centre, "从未领取的供应商", supplier=True)
    take_document(centre, who.supplier, TakeDocument(project=project.id))
    assert stranger.org
    for name in ("示例供应商", "从未领取的供应商"):
        assert refused(clarify, centre, who.agent, Clarify(project=project.id, text=f"关于{name}")) == "source_not_named"


def test_a_deadline_only_moves_later(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    later = deadline_after(centre, 40)
    cmd = Extend(project=project.id, deadline=later, reason="文件补充")
    assert refused(extend, centre, who.agent, cmd.model_copy(update={"deadline": project.deadline})) == "later_than_before"
    assert refused(extend, centre, who.agent, cmd.model_copy(update={"reason": " "})) == "reason_given"
    assert refused(extend, centre, who.agent, cmd.model_copy(update={"deadline": sunday(centre, 40)})) == "deadline_on_working_day"
    extend(centre, who.agent, cmd)
    after = load(centre, project.id)
    assert after.deadline == later and after.evaluation_at == project.evaluation_at + later - project.deadline
    step(centre, SYSTEM, Step(forward=later - centre.now()))
    assert refused(extend, centre, who.agent, cmd.model_copy(update={"deadline": deadline_after(centre, 30)})) == "before_closing"


def test_news_reaches_takers_alone_and_says_nothing_of_the_tender(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    stranger = organisation(centre, "另一供应商", supplier=True)
    take_document(centre, who.supplier, TakeDocument(project=project.id))
    extend(centre, who.agent, Extend(project=project.id, deadline=deadline_after(centre, 40), reason="文件补充"))
    settle(centre)
    settle(centre)
    with centre.reading() as session:
        news = session.scalars(select(Message).where(Message.subject_en == "A tender you follow was extended")).all()
    assert [m.reader for m in news] == [who.supplier.id] and stranger.id
    assert project.title not in news[0].subject_zh + news[0].body_zh


def test_a_correction_names_the_old_notice_and_changes_no_result(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    notice = first(centre, project.id)
    cmd = Correct(project=project.id, notice=notice.id, change="联系电话更正", fields={"contact": "示例联系人 010-11111111"})
    made = correct(centre, who.agent, cmd)
    assert made.corrects == "tender" and notice.title in made.fields["original"]
    assert refused(correct, centre, who.agent, cmd.model_copy(update={"medium": "elsewhere"})) == "same_media"
    awarded(centre, project.id, who.supplier, "announced")
    with centre.database.writing() as session:
        result = Notice(id=new_id(), project=project.id, kind="result", title="x", fields={"winner": [], "contact": ""}, digest="0" * 64, published_at=1)
        session.add(result)
        session.commit()
    changed = cmd.model_copy(update={"notice": result.id, "fields": {"winner": "另一家"}})
    assert refused(correct, centre, who.agent, changed) == "result_not_changed_by_correction"
    assert correct(centre, who.agent, changed.model_copy(update={"fields": {"contact": "x"}})).corrects == "result"


def test_candidates_are_shown_for_three_days(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre, "works")
    awarded(centre, project.id, who.supplier, "reported")
    today = day_of(centre.now())
    cmd = PublishCandidates(project=project.id, until=today + timedelta(days=14))
    assert refused(publish_candidates, centre, who.agent, cmd.model_copy(update={"until": today + timedelta(days=2)})) == "publicity_three_days"
    details = load(centre, project.id).details
    put(centre, project.id, details=details | {"sme_advantage": "yes"})
    assert refused(publish_candidates, centre, who.agent, cmd) == "smes_attached"
    notice = publish_candidates(centre, who.agent, cmd.model_copy(update={"sme_statement": "5" * 64}))
    assert notice.fields["candidates"] == [{"lot": 1, "rank": 1, "name": "示例供应商", "amount": 700}]
    assert notice.ends_at == instant(today + timedelta(days=15)) and load(centre, project.id).stage == "publicity"
    assert warned(centre) == ["fields_complete"]  # Order 10 第六条 is not checked: it warns of the manager and the rest


def test_late_publicity_warns_and_still_goes_out(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre, "works")
    awarded(centre, project.id, who.supplier, "reported")
    step(centre, SYSTEM, Step(forward=12 * DAY))
    publish_candidates(centre, who.agent, PublishCandidates(project=project.id, until=day_of(centre.now()) + timedelta(days=14)))
    assert "within_three_days" in (warned(centre) or [])


def test_a_procurement_result_names_the_experts_and_carries_the_document(centre, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from kernel import facts

    who, project = published(centre)
    awarded(centre, project.id, who.supplier, "awarded")
    cmd = PublishResult(project=project.id, fields={"main_items": "示例服务，一项，700"})
    monkeypatch.setitem(facts._bound, "trading.asks.expert_names", lambda session, project: ())
    assert refused(publish_result, centre, who.agent, cmd) in ("fields_complete", "expert_names_present_if_procurement")
    monkeypatch.setitem(facts._bound, "trading.asks.expert_names", lambda session, project: ("评委甲", "评委乙"))
    assert refused(publish_result, centre, who.agent, cmd.model_copy(update={"fields": {}})) == "fields_complete"
    step(centre, SYSTEM, Step(forward=12 * DAY))
    notice = publish_result(centre, who.agent, cmd)
    assert notice.fields["experts"] == ["评委甲", "评委乙"] and notice.fields["winner"][0]["amount"] == 700
    assert notice.fields["document"] and load(centre, project.id).stage == "announced"
    assert warned(centre) == ["within_two_working_days"]


def test_a_replays_result_needs_only_its_winner(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    project = published_replay(centre, who.buyer)
    put(centre, project.id, stage="awarded")
    assert refused(publish_result, centre, who.buyer, PublishResult(project=project.id)) == "fields_complete"
    awarded(centre, project.id, who.supplier, "awarded")
    assert publish_result(centre, who.buyer, PublishResult(project=project.id)).fields["winner"][0]["name"] == "示例供应商"


def test_a_contract_is_published_without_secrets(centre) -> None:  # type: ignore[no-untyped-def]
    who, project = published(centre)
    awarded(centre, project.id, who.supplier, "contracted")
    with centre.database.writing() as session:
        lot = session.scalars(select(Lot.id).where(Lot.project == project.id)).one()
        session.add(Contract(id=new_id(), project=project.id, lot=lot, amount=700, digest="d" * 64, blob=""))
        session.commit()
    cmd = PublishContract(project=project.id, text="甲方、乙方……", cut=True)
    assert refused(publish_contract, centre, who.buyer, cmd.model_copy(update={"cut": False})) == "secrets_cut"
    assert refused(publish_contract, centre, who.buyer, cmd.model_copy(update={"text": "电话 13800000000"})) == "secrets_cut"
    assert publish_contract(centre, who.buyer, cmd).kind == "contract"


def test_notices_are_read_by_anybody_page_by_page(centre) -> None:  # type: ignore[no-untyped-def]
    who = people(centre)
    made = [published_replay(centre, who.buyer).id for _ in range(3)]
    with centre.reading() as session:
        rows, cursor = latest(session, "tender", size=2)
        more, end = latest(session, "tender", cursor=cursor, size=2)
        assert {r.project for r in (*rows, *more)} == set(made) and (len(rows), len(more), end) == (2, 1, "")
        assert [n.kind for n in of_project(session, made[0])] == ["tender"]
        assert of_project(session, made[0])[0].fields[0][:3] == ("project", "项目名称、内容、范围、规模、资金来源", "Project: name, content, scope, size, funds")
