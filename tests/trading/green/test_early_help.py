"""Early help with a green draft: who is named, who may ask and answer, who sees it, what falls due, and who never reviews the file."""
from typing import Any

import pytest
from sqlalchemy import select

import trading.green.reactions
import trading.green.timers  # noqa: F401
from kernel.centre import Centre
from kernel.command import PUBLIC, SYSTEM, Actor
from kernel.errors import NotYours, Refused, Stale
from kernel.identity.records import Grant
from kernel.ledger.entries import Entry
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import MINUTE
from tests.world import login, staff
from tests.worlds.projects import organisation, people, recorded, reviewers
from tests.worlds.rooms import forward
from tests.worlds.tenders import colleague
from trading.green import reads
from trading.green.advise import Advise, advise
from trading.green.ask_adviser import AskAdviser, ask_adviser
from trading.green.name_adviser import NameAdviser, name_adviser
from trading.green.records import Advice
from trading.projects.assign import Assign, assign
from trading.projects.flag_green import FlagGreen, flag_green
from trading.projects.records import Project
from trading.projects.submit import Submit, submit

QUESTION, ANSWER = "评分项可否设最低分？", "可以，须在文件中写明。"


class Draft:
    """A draft of the green channel, its parties, and the centre's people."""

    def __init__(self, centre: Centre, green: bool = True) -> None:
        self.centre, self.who = centre, people(centre)
        self.id = recorded(centre, self.who.buyer).id
        self.manager, self.adviser, self.other = staff(centre, "room_manager"), login(centre, "registrar1"), login(centre, "registrar2")
        if green:
            flag_green(centre, self.manager, FlagGreen(project=self.id, kind="key_project"))

    def name(self, person: Actor | None = None, by: Actor | None = None) -> Project:
        made: Project = name_adviser(self.centre, by or self.manager, NameAdviser(project=self.id, person=(person or self.adviser).id))
        return made

    def ask(self, by: Actor | None = None) -> Advice:
        made: Advice = ask_adviser(self.centre, by or self.who.buyer, AskAdviser(project=self.id, question=QUESTION))
        return made

    def answer(self, question: str | None, by: Actor | None = None) -> Advice:
        made: Advice = advise(self.centre, by or self.adviser, Advise(project=self.id, question=question or "", answer=ANSWER))
        return made

    def sees(self, actor: Actor) -> reads.GreenView | None:
        with self.centre.reading() as session:
            try:
                return reads.green(session, actor, self.id, self.centre.now())
            except NotYours:
                return None

    def told(self, subject: str) -> set[str]:
        with self.centre.reading() as session:
            return set(session.scalars(select(Message.reader).where(Message.subject_zh == subject)))


@pytest.fixture
def draft(centre: Centre) -> Draft:
    return Draft(centre)


def rule(act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*given, **more)
    return refused.value.reason.rule


def test_a_question_is_asked_and_answered(draft: Draft) -> None:
    assert rule(draft.ask) == "adviser_named"
    draft.name()
    question = draft.ask()
    assert draft.answer(question.id).answer == ANSWER
    assert rule(draft.answer, question.id) == "question_open"
    seen = draft.sees(draft.who.buyer)
    assert seen and [(one.question, one.answer, one.mine) for one in seen.advice] == [(QUESTION, ANSWER, False)]
    with draft.centre.reading() as session:
        entries = session.scalars(select(Entry).where(Entry.tag.like("trading.green.%"))).all()
    assert {one.opens for one in entries} == {"never"} and len(entries) == 3
    assert not any(QUESTION in one.payload or ANSWER in one.payload for one in entries)


def test_only_for_the_green_channel(centre: Centre) -> None:
    draft = Draft(centre, green=False)
    assert rule(draft.name) == "green_channel"
    assert draft.sees(draft.who.buyer) is draft.sees(draft.manager) is None
    flag_green(centre, draft.manager, FlagGreen(project=draft.id, kind="key_project"))
    draft.name()


def test_a_registrar_without_ties_is_named_by_the_room_manager(draft: Draft) -> None:
    assert rule(draft.name, staff(draft.centre, "reviewer1")) == "adviser_is_registrar"
    tied = colleague(draft.centre, draft.who.buyer)
    with draft.centre.database.writing() as session:
        session.add(Grant(person=tied.id, role="registrar", scope="", since=draft.centre.clock.now(session)))
        session.commit()
    assert rule(draft.name, tied) == "adviser_unrelated"
    for other in (draft.other, draft.who.buyer, SYSTEM):
        with pytest.raises(NotYours):
            draft.name(by=other)


def test_parties_ask_and_the_adviser_alone_answers(draft: Draft) -> None:
    draft.name()
    for other in (draft.manager, draft.adviser, draft.who.supplier):
        with pytest.raises(NotYours):
            draft.ask(other)
    question = draft.ask()
    for other in (draft.other, draft.manager, draft.who.buyer):
        with pytest.raises(NotYours):
            draft.answer(question.id, other)
    draft.name(draft.other)
    with pytest.raises(NotYours):
        draft.answer(question.id)
    assert draft.answer(question.id, draft.other).person == draft.other.id  # what was open went over to the new one


def test_it_ends_with_the_submission_and_who_advised_is_not_drawn(draft: Draft) -> None:
    with draft.centre.database.writing() as session:  # both reviewers' roles, so that the draw could fall on them
        for person in (draft.adviser, draft.other):
            session.add_all(Grant(person=person.id, role=role, scope="", since=draft.centre.clock.now(session)) for role in ("reviewer1", "reviewer2"))
        for grant in session.scalars(select(Grant).where(Grant.role.in_(("reviewer1", "reviewer2")), Grant.person.not_in((draft.adviser.id, draft.other.id)))):
            grant.until = draft.centre.clock.now(session)
        session.commit()
    draft.name()
    question = draft.ask()
    submit(draft.centre, draft.who.buyer, Submit(project=draft.id))
    with pytest.raises(Stale):
        draft.answer(question.id)
    with pytest.raises(Stale):
        draft.ask()
    assert rule(assign, draft.centre, SYSTEM, Assign(project=draft.id)) == "other_than_first"  # one is left, and two are needed
    third = staff(draft.centre, "reviewer2")
    assign(draft.centre, SYSTEM, Assign(project=draft.id))
    assert reviewers(draft.centre, draft.id) == (draft.other, third)


def test_each_side_sees_its_part(draft: Draft) -> None:
    draft.name()
    draft.ask()
    whole = draft.sees(draft.who.buyer)
    assert whole and whole.title == "历史项目" and len(whole.advice) == 1 and whole.adviser
    asked = draft.sees(draft.adviser)
    assert asked and asked.title is None and [one.mine for one in asked.advice] == [True]
    manages = draft.sees(draft.manager)
    assert manages and manages.title is None and manages.adviser == whole.adviser and manages.advice == ()
    outside = [draft.other, draft.who.supplier, PUBLIC, organisation(draft.centre, "另一采购人", buyer=True)]
    for role in ("regulator", "auditor", "technician", "area_guard", "reviewer1", "cashier"):
        outside.append(staff(draft.centre, role))
    assert [draft.sees(one) for one in outside] == [None] * len(outside)
    with draft.centre.reading() as session:
        now = draft.centre.now()
        assert [one.what for one in reads.awaited(session, draft.adviser, now)] == ["answer"] and not reads.awaited(session, draft.other, now)
        assert [one.id for one in reads.greens(session, draft.adviser, now)] == [draft.id] and reads.greens(session, draft.other, now) == ()


def test_messages_go_to_whom_it_concerns_and_name_no_tender(draft: Draft) -> None:
    draft.name()
    settle(draft.centre)
    assert draft.told("您被指定提前介入一个绿色通道项目") == {draft.adviser.id}
    question = draft.ask()
    settle(draft.centre)
    assert draft.told("绿色通道项目有一个问题待答复") == {draft.adviser.id}
    draft.answer(question.id)
    settle(draft.centre)
    assert draft.told("咨询已答复") == {draft.who.buyer.id}
    with draft.centre.reading() as session:
        assert not any("历史项目" in one.subject_zh + one.body_zh or QUESTION in one.body_zh for one in session.scalars(select(Message)))


@pytest.mark.parametrize("answered", [False, True])
def test_an_alarm_where_nobody_answers(draft: Draft, answered: bool) -> None:
    draft.name()
    question = draft.ask()
    if answered:
        draft.answer(question.id)
    forward(draft.centre, question.due + MINUTE)
    settle(draft.centre)
    assert draft.told("绿色通道事项逾期") == (set() if answered else {draft.adviser.id, draft.manager.id})
    seen = draft.sees(draft.who.buyer)
    assert seen and [one.late for one in seen.advice] == [not answered]
