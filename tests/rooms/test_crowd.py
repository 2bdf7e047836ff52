"""Two hundred clients at once for two rooms: nothing overlaps, nothing is lost, nobody sees a fault of ours."""
import json
import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

from sqlalchemy import select

from kernel.centre import Centre
from kernel.ledger.entries import Entry
from kernel.values import HOUR, MINUTE, iso
from rooms.book import Book, Slot, book
from rooms.records import STANDING, Booking
from tests.web.pages import TOKEN, reader
from tests.worlds.rooms import House
from web.agent.presets import wall

WISHES = ("hold", "hold", "move", "move", "release")


def test_two_hundred_clients_at_once_for_two_rooms(centre: Centre) -> None:
    """Forty bookings of half an hour on ten slots; each is held, moved twice, held again and given up, in any order, every request by a client
    of its own that waits until all two hundred are ready. What the table says afterwards is what the ledger says, entry by entry."""
    house, dice = House(centre), random.Random(1)
    rooms = [house.room("opening", n).id for n in (1, 2)]
    starts = [house.at(9) + n * 47 * MINUTE for n in range(10)]
    bookings = [asked(house, rooms[n % 2], starts[n // 4]) for n in range(40)]
    work = [(wish, one, dice.choice(rooms), dice.choice(starts)) for one in bookings for wish in WISHES]
    dice.shuffle(work)
    assert len(work) == 200
    with reader(centre) as page:
        found = TOKEN.search(page.sign_in(centre, house.manager.id).get(f"/rooms?day={house.day}").text)
        assert found

        def send(wish: str, booking: Booking, room: str, start: int) -> tuple[str, int]:
            more = {"kind": "opening", "start": wall(start), "hours": "0.5", "seats": "9", "room": room} if wish == "move" else {}
            ready.wait()
            data = {"_csrf_token": found[1], "booking": booking.id, "_next": "/rooms", **more}
            return wish, page.client.post(f"/do/rooms.{wish}", data=data, follow_redirects=False).status_code

        ready = Barrier(len(work))
        with ThreadPoolExecutor(len(work)) as pool:
            answers = list(pool.map(lambda one: send(*one), work))
    assert {status for _, status in answers} == {303, 409}
    assert told(centre, [b.id for b in bookings]) == [sum(answer == (wish, 303) for answer in answers) for wish in ("hold", "move", "release")]
    with centre.reading() as session:
        rows = list(session.scalars(select(Booking).where(Booking.kind == "opening", Booking.stage.in_(STANDING)).order_by(Booking.room, Booking.busy_from)))
    assert rows and all(a.room != b.room or a.busy_to <= b.busy_from for a, b in pairwise(rows))


def asked(house: House, room: str, start: int) -> Booking:
    slot = Slot(kind="opening", start=start, end=start + 30 * MINUTE, seats=9, room=room)
    later = Slot(kind="evaluation", start=house.at(20), end=house.at(20) + HOUR, seats=7, reason="延时服务")
    made: tuple[Booking, ...] = book(house.centre, house.agent, Book(project=house.project().id, slots=(slot, later)))
    return made[0]


def told(centre: Centre, ids: list[str]) -> list[int]:
    """How often the ledger says hold, move and release; fails where its last word on a booking is not the table's."""
    stages, slots, counts = dict.fromkeys(ids, "asked"), dict.fromkeys(ids, ""), {"rooms.hold": 0, "rooms.move": 0, "rooms.release": 0}
    with centre.reading() as session:
        for entry in session.scalars(select(Entry).where(Entry.tag.in_(counts)).order_by(Entry.number)):
            body = json.loads(entry.payload)["body"]
            counts[entry.tag] += 1
            stages[body["booking"]] = {"rooms.hold": "held", "rooms.release": "released"}.get(entry.tag, stages[body["booking"]])
            slots[body["booking"]] = (body.get("slots") or [slots[body["booking"]]])[0]
        for row in session.scalars(select(Booking).where(Booking.id.in_(ids))):
            assert row.stage == stages[row.id]
            assert not slots[row.id] or slots[row.id].split("/", 1)[1] == f"{iso(row.from_ms)}/{iso(row.to_ms)}"
    return list(counts.values())
