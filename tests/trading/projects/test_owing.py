"""A file of the green channel is accepted with papers to follow: who may, which, until when, and what waits for them."""
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

import trading.projects.reactions
import trading.projects.timers  # noqa: F401
from kernel.centre import Centre
from kernel.command import SYSTEM, Actor
from kernel.daytable.reads import calendar
from kernel.errors import NotYours, Refused
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import MINUTE, day_of
from law.periods import add_working_days
from tests.world import staff
from tests.worlds.projects import ALL_YES, load, organisation, people, reviewers
from tests.worlds.rooms import forward
from tests.worlds.tenders import complete
from trading.notices.publish import Publish, publish
from trading.projects import owed
from trading.projects.accept_owing import AcceptOwing, accept_owing
from trading.projects.assign import Assign, assign
from trading.projects.check_paper import CheckPaper, check_paper
from trading.projects.flag_green import FlagGreen, flag_green
from trading.projects.reads import view
from trading.projects.records import OwedPaper
from trading.projects.review_first import ReviewFirst, review_first
from trading.projects.review_second import ReviewSecond, review_second
from trading.projects.submit import Submit, submit
from trading.projects.supply_paper import SupplyPaper, supply_paper

LACKING = ALL_YES | {"plan": "no"}


class File:
    """A complete tender under review; the two who were drawn for it."""

    def __init__(self, centre: Centre, green: bool) -> None:
        self.centre, self.who = centre, people(centre)
        self.id = complete(centre, self.who).id
        if green:
            flag_green(centre, staff(centre, "room_manager"), FlagGreen(project=self.id, kind="time_critical"))
        submit(centre, self.who.agent, Submit(project=self.id))
        assign(centre, SYSTEM, Assign(project=self.id))
        self.first, self.second = reviewers(centre, self.id)

    def accept(self, who: Actor | None = None, days: int = 2, **changes: Any) -> OwedPaper:
        with self.centre.reading() as session:
            until = add_working_days(day_of(self.centre.now()), days, calendar(session))
        cmd = AcceptOwing(project=self.id, item="plan", title="项目批复原件", until=until)
        paper: OwedPaper = accept_owing(self.centre, who or self.first, cmd.model_copy(update=changes))
        return paper

    def look(self, answers: dict[str, str] = LACKING) -> None:
        review_first(self.centre, self.first, ReviewFirst(project=self.id, checklist=answers))
        review_second(self.centre, self.second, ReviewSecond(project=self.id, checklist=answers))

    def supply(self, paper: str | None, data: bytes = b"%PDF-1.7 plan %%EOF", who: Actor | None = None) -> OwedPaper:
        blob = self.centre.blobs.put(data)
        made: OwedPaper = supply_paper(self.centre, who or self.who.agent, SupplyPaper(project=self.id, paper=paper or "", blob=blob.key, digest=blob.digest, size=blob.size))
        return made

    def check(self, paper: str | None, good: bool = True, remark: str = "", who: Actor | None = None) -> OwedPaper:
        made: OwedPaper = check_paper(self.centre, who or self.second, CheckPaper(project=self.id, paper=paper or "", good=good, remark=remark))
        return made

    def publish(self) -> None:
        publish(self.centre, self.who.agent, Publish(project=self.id))


@pytest.fixture
def file(centre: Centre) -> File:
    return File(centre, green=True)


def rule(act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*given, **more)
    return refused.value.reason.rule


def test_the_notice_waits_until_the_paper_has_come_and_was_checked(file: File) -> None:
    assert rule(file.look) == "checklist_answered"
    paper = file.accept()
    file.look()
    assert rule(file.publish) == "papers_supplied"
    file.supply(paper.id)
    assert rule(file.publish) == "papers_supplied"  # it has come, and nobody has looked
    assert rule(file.check, paper.id, False) == "reason_given"
    assert file.check(paper.id, False, "缺批复文号").remark == "缺批复文号"
    assert rule(file.check, paper.id) == "paper_supplied"
    file.supply(paper.id, b"%PDF-1.7 whole plan %%EOF")
    assert file.check(paper.id).state == "settled"
    assert rule(file.supply, paper.id) == "paper_owed"
    file.publish()
    assert load(file.centre, file.id).stage == "inviting"


def test_what_the_notice_does_not_need_may_come_after_it_and_not_after_its_day(file: File) -> None:
    paper = file.accept(item="parties", title="委托协议原件")
    file.look(ALL_YES | {"parties": "no"})
    forward(file.centre, paper.until)
    assert rule(file.publish) == "papers_supplied"
    file.supply(paper.id)
    file.check(paper.id)
    assert rule(file.publish) == "periods_still_long_enough"  # the days that were lost, and nothing else


def test_a_paper_that_is_not_needed_before_the_notice_does_not_hold_it_up(file: File) -> None:
    paper = file.accept(item="parties", title="委托协议原件")
    file.look(ALL_YES | {"parties": "no"})
    file.publish()
    file.supply(paper.id)
    assert file.check(paper.id, who=file.first).state == "settled"


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, ""), ({"item": "scoring"}, "papers_may_follow"), ({"days": 6}, "follows_soon"), ({"days": 5}, ""), ({"days": 0}, ""),
])
def test_which_papers_may_follow_and_until_when(file: File, changes: dict[str, Any], expected: str) -> None:
    if expected:
        assert rule(file.accept, **changes) == expected
    else:
        file.accept(**changes)
        assert rule(file.accept, **changes) == "papers_may_follow"  # noted already


def test_a_day_that_is_over_is_no_date(file: File) -> None:
    assert rule(file.accept, until=day_of(file.centre.now()) - timedelta(days=1)) == "follows_soon"


def test_only_a_file_of_the_green_channel_and_only_by_its_first_reviewer(centre: Centre) -> None:
    file = File(centre, green=False)
    assert rule(file.accept) == "green_channel"
    for other in (file.second, file.who.agent, staff(centre, "reviewer1")):
        with pytest.raises(NotYours):
            file.accept(other)


def test_who_hands_in_and_who_checks(file: File) -> None:
    paper = file.accept()
    for other in (file.first, organisation(file.centre, "另一代理", agent=True)):
        with pytest.raises(NotYours):
            file.supply(paper.id, who=other)
    with pytest.raises(NotYours):
        file.supply("nowhere")
    assert rule(file.supply, paper.id, b"no file at all") == "file_readable"
    file.supply(paper.id, who=file.who.buyer)
    for other in (file.who.agent, staff(file.centre, "reviewer1")):
        with pytest.raises(NotYours):
            file.check(paper.id, who=other)


def test_desks_and_views_show_it_to_those_concerned_alone(file: File) -> None:
    paper, overseer = file.accept(), staff(file.centre, "regulator")
    with file.centre.reading() as session:
        now = file.centre.clock.now(session)
        assert [one.title for one in owed.to_supply(session, file.who.agent)] == ["项目批复原件"] and not owed.to_check(session, file.first)
        for who in (file.first, file.who.agent, file.who.buyer):
            seen = view(session, who, file.id, now).owed
            assert seen is not None and [(one.title, one.state) for one in seen] == [("项目批复原件", "owed")]
        assert view(session, overseer, file.id, now).owed is None
    file.supply(paper.id)
    with file.centre.reading() as session:
        assert not owed.to_supply(session, file.who.agent) and len(owed.to_check(session, file.first)) == len(owed.to_check(session, file.second)) == 1


def test_an_alarm_when_the_day_has_passed_and_none_when_it_came(file: File) -> None:
    paper, overseer = file.accept(), staff(file.centre, "regulator", scope="procurement")
    settle(file.centre)
    assert not missed(file)
    forward(file.centre, paper.until + MINUTE)
    settle(file.centre)
    assert {file.first.id, file.second.id, file.who.agent.id, file.who.buyer.id, overseer.id} <= missed(file)


def missed(file: File) -> set[str]:
    with file.centre.reading() as session:
        return set(session.scalars(select(Message.reader).where(Message.subject_zh == "容缺材料逾期未补")))
