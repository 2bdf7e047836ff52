"""The centre's reviews have a shorter limit for a file of the green channel, and whoever lets it pass is told of."""
import pytest
from sqlalchemy import select

import trading.projects.reactions
import trading.projects.timers  # noqa: F401
from kernel.centre import Centre
from kernel.command import SYSTEM
from kernel.daytable.reads import calendar
from kernel.messages import Message
from kernel.ticker import settle
from kernel.values import HOUR, MINUTE
from law.periods import add_office_hours, next_working_hour
from tests.world import staff
from tests.worlds.projects import people, recorded, reviewers
from tests.worlds.rooms import forward
from trading.projects.assign import Assign, assign
from trading.projects.flag_green import FlagGreen, flag_green
from trading.projects.queue import review_queue
from trading.projects.records import Project
from trading.projects.submit import Submit, submit


def submitted(centre: Centre) -> str:
    """A file that comes in when the office opens."""
    who = people(centre)
    project = recorded(centre, who.buyer)
    with centre.reading() as session:
        forward(centre, next_working_hour(centre.now() + 24 * HOUR, calendar(session)) + MINUTE)
    submit(centre, who.buyer, Submit(project=project.id))
    assign(centre, SYSTEM, Assign(project=project.id))
    return project.id


def alarms(centre: Centre, project: str) -> int:
    with centre.reading() as session:
        return len(session.scalars(select(Message).where(Message.on == project, Message.subject_en == "A review is overdue")).all())


@pytest.mark.parametrize("green", [True, False])
def test_a_green_file_is_overdue_after_four_hours_of_open_office(centre: Centre, green: bool) -> None:
    id = submitted(centre)
    if green:
        flag_green(centre, staff(centre, "room_manager"), FlagGreen(project=id, kind="key_work"))
    first, _ = reviewers(centre, id)
    with centre.reading() as session:
        limit = add_office_hours(centre.now(), 4, calendar(session))
        waiting = review_queue(session, first, centre.now())[0]
        assert (waiting.due <= limit, waiting.late) == (green, False)
    settle(centre)
    assert alarms(centre, id) == 0
    forward(centre, limit + MINUTE)
    settle(centre)
    with centre.reading() as session:
        assert review_queue(session, first, centre.now())[0].late == green
    assert alarms(centre, id) == (3 if green else 0)  # two registrars, one regulator


def test_the_hours_count_from_the_flag_where_that_came_later_and_never_past_the_plain_limit(centre: Centre) -> None:
    id = submitted(centre)
    first, _ = reviewers(centre, id)

    def due() -> int:
        with centre.reading() as session:
            return review_queue(session, first, centre.now())[0].due

    plain = due()
    forward(centre, centre.now() + 5 * HOUR)
    flag_green(centre, staff(centre, "room_manager"), FlagGreen(project=id, kind="key_work"))
    with centre.reading() as session:
        flagged = session.get_one(Project, id).green_at
        assert 0 <= centre.now() - flagged < MINUTE
        assert due() == add_office_hours(flagged, 4, calendar(session)) < plain
    forward(centre, centre.now() + HOUR)
    flag_green(centre, staff(centre, "room_manager"), FlagGreen(project=id, kind="key_project"))
    with centre.reading() as session:
        assert due() == add_office_hours(flagged, 4, calendar(session))  # another kind is no new beginning
