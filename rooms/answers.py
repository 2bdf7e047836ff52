"""What rooms answer to trading."""
from sqlalchemy.orm import Session

from kernel.facts import answers
from rooms.reads import held_rooms
from trading import asks


@answers(asks.room_held)
def room_held(session: Session, project: str, start: int) -> bool:
    return bool(held_rooms(session, project, "opening", start))


@answers(asks.opening_place)
def opening_place(session: Session, project: str) -> str:
    rooms = held_rooms(session, project, "opening")
    return rooms[0].name if rooms else ""
