"""A house of 27 rooms, an agency, a buyer and tenders to book for."""
from datetime import date

from sqlalchemy import select

import rooms.reactions  # noqa: F401  registers what holds and frees rooms
from kernel.centre import Centre
from kernel.command import SYSTEM, Actor
from kernel.daytable.reads import calendar
from kernel.identity.records import Person
from kernel.rehearsal.step import Step, step
from kernel.values import DAY, HOUR, day_of, instant, new_id
from law.periods import roll_forward
from rooms.book import Book, Slot, book
from rooms.catalogue import furnish_all
from rooms.hold import Hold, hold
from rooms.records import Booking, Room
from tests.world import login, staff
from tests.worlds.kept import kept
from trading.projects.records import Project
from trading.subjects.records import Membership, Subject


@kept
def house_of(centre: Centre) -> "House":
    return House(centre)


class House:
    """The house with its people. `day` is a working day two weeks ahead."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        furnish_all(centre, login(centre, "registrar1"))
        self.manager = staff(centre, "room_manager")
        self.guard = staff(centre, "area_guard")
        self.agent = organisation(centre, "示例代理公司", is_agent=1)
        self.buyer = organisation(centre, "示例采购单位", is_buyer=1)
        self.day = self.working_day(14)

    def working_day(self, ahead: int) -> date:
        with self.centre.reading() as session:
            return roll_forward(day_of(self.centre.clock.now(session) + ahead * DAY), calendar(session))

    def at(self, hour: int, minute: int = 0) -> int:
        return instant(self.day, hour, minute)

    def room(self, kind: str, number: int = 1) -> Room:
        with self.centre.reading() as session:
            return session.scalars(select(Room).where(Room.kind == kind, Room.number == number)).one()

    def project(self, published: bool = False, title: str = "示例道路工程", stage: str = "draft", **columns: object) -> Project:
        with self.centre.database.writing() as session:
            now = self.centre.clock.now(session)
            row = Project(id=new_id(), code=f"A{new_id()[:8]}", field="works", procedure="works.open", kind="construction", title=title,
                          buyer=self.buyer.org, agent=self.agent.org, budget=10**9, created_by=self.agent.id, created=now, stage=stage,
                          published_at=now if published else None, **columns)
            session.add(row)
            session.commit()
            return row

    def slots(self, hour: int = 9, room: str = "", evaluation: str = "", **columns: object) -> tuple[Slot, Slot]:
        """An opening of an hour and an evaluation of three hours after it."""
        return (Slot(kind="opening", start=self.at(hour), end=self.at(hour + 1), seats=20, room=room, **columns),
                Slot(kind="evaluation", start=self.at(hour + 2), end=self.at(hour + 5), seats=7, room=evaluation, **columns))

    def chain(self, project: Project, **where: object) -> Book:
        return Book(project=project.id, slots=self.slots(**where))

    def booking(self, id: str) -> Booking:
        with self.centre.reading() as session:
            return session.get_one(Booking, id)


def organisation(centre: Centre, name: str, **kinds: int) -> Actor:
    """A person of a newly admitted organisation, put in the tables directly."""
    with centre.database.writing() as session:
        now = centre.clock.now(session)
        person = Person(id=new_id(), login=f"member-{new_id()[:6]}", name="示例成员", created=now)
        org = Subject(id=new_id(), code=new_id().upper()[:16], name=name, stage="admitted", entered_by=person.id, entered_at=now, admitted_at=now, **kinds)
        session.add_all((person, org))
        session.flush()
        session.add(Membership(id=new_id(), org=org.id, person=person.id, since=now))
        session.commit()
        return Actor("person", person.id, org.id)


def rooms_for(centre: Centre, agent: Actor, project: str, start: int) -> tuple[Booking, ...]:
    """Holds an opening room at `start` and an evaluation room an hour later for a tender, in a house furnished if need be.
    start lies between 06:00 and 19:00 of any day within ninety days."""
    furnish_all(centre, login(centre, "registrar1"))
    slots = (Slot(kind="opening", start=start, end=start + HOUR, seats=20, reason="延时服务"),
             Slot(kind="evaluation", start=start + HOUR, end=start + 5 * HOUR, seats=7, reason="延时服务"))
    made: tuple[Booking, ...] = book(centre, agent, Book(project=project, slots=slots))
    return tuple(hold(centre, SYSTEM, Hold(booking=one.id)) for one in made)


def forward(centre: Centre, moment: int) -> None:
    """The rehearsal's clock jumps to a moment."""
    step(centre, SYSTEM, Step(forward=moment - centre.now()))
