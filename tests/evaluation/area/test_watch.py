"""Who sees what of the area: masked boards, and the regulator's fifteen minutes behind an entry."""
import pytest
from sqlalchemy import select

from evaluation.area.reads import board, regulator_board
from evaluation.area.watch import Watch, watch
from evaluation.reads import own_seat
from kernel.errors import NotYours
from kernel.ledger.entries import Entry
from kernel.values import MINUTE
from tests.evaluation.test_session import refused
from tests.world import staff
from tests.worlds import evaluation as world


@pytest.fixture
def hall(centre):
    return world.gathered(world.inside(world.prepared(centre)))


def test_a_watch_is_an_entry_that_opens_the_page_for_fifteen_minutes(hall):
    centre, regulator = hall.centre, staff(hall.centre, "regulator", scope="procurement")
    refused("file_number_given", watch, centre, regulator, Watch(project=hall.project, reason="例行监督"))
    other = staff(centre, "regulator", scope="works")
    refused("own_field", watch, centre, other, Watch(project=hall.project, file_number="财〔2026〕9号", reason="例行监督"))
    with centre.reading() as session, pytest.raises(NotYours):
        regulator_board(session, regulator, hall.project, centre.now())
    watch(centre, regulator, Watch(project=hall.project, file_number="财〔2026〕9号", reason="例行监督"))
    with centre.reading() as session:
        seen = regulator_board(session, regulator, hall.project, centre.now())
        assert [row.name for row in seen.seats] == [f"评委甄{x}" for x in world.LETTERS] and seen.board.inside == 5
        entry = session.scalars(select(Entry).where(Entry.tag == "evaluation.area.watch")).one()
        assert "财" not in entry.payload and "例行" not in entry.payload
        with pytest.raises(NotYours):
            regulator_board(session, staff(centre, "regulator", scope="procurement"), hall.project, centre.now())
    hall.tender.forward(15 * MINUTE)
    with centre.reading() as session, pytest.raises(NotYours):
        regulator_board(session, regulator, hall.project, centre.now())


def test_watching_can_only_watch():
    from evaluation.procedure import SESSION

    assert {m.tag for m in SESSION.moves if "regulator" in m.by} == {"evaluation.halt", "evaluation.resume"}


def test_boards_are_masked(hall):
    with hall.centre.reading() as session:
        now = hall.centre.now()
        guard, agent = board(session, hall.guard, hall.project, now), board(session, hall.tender.agent, hall.project, now)
        assert len(guard.badges) == 5 and {b.holder for b in guard.badges} == {None} and guard.doors is not None
        assert agent.badges is None and agent.doors is None and agent.inside == 5 and agent.alarms is None
        for text in (str(guard), str(agent)):
            assert "评委甄" not in text and not any(p.id in text for p in hall.people.values())
        for other in (hall.tender.buyer, hall.tender.suppliers[0], hall.people["A"]):
            with pytest.raises(NotYours):
                board(session, other, hall.project, now)


def test_bidders_are_listed_after_the_pledge_only(hall):
    with hall.centre.reading() as session:
        assert own_seat(session, hall.people["A"], hall.project, hall.centre.now()).bidders is None
        with pytest.raises(NotYours):
            own_seat(session, world.Actor("person", hall.people["A"].id), hall.project, hall.centre.now())
    world.declared(hall)
    with hall.centre.reading() as session:
        seat = own_seat(session, hall.people["A"], hall.project, hall.centre.now())
    assert len(seat.bidders) == 3 and seat.declared and "evaluation.elect_chair" in {m.tag for m in seat.next}
