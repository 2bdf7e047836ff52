"""Calendars to subscribe to (RFC 5545). No attendee, no organiser, no place beyond the centre (secrecy.md S15)."""
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.command import Actor
from kernel.identity import reads as identity
from kernel.values import DAY, iso
from law.secrecy import form
from rooms.records import STANDING, Booking
from trading.projects.records import Project
from trading.projects.stage import stage_at
from trading.relations import relations

BACK_DAYS = 30


def public_openings(session: Session, centre: str, now: int) -> str:
    """Openings of published tenders, from thirty days ago on."""
    events = []
    for booking, project in _standing(session, now):
        seen = form("calendar_feed", {"public"}, project.field, stage_at(project, now), project.stopped_at) == "masked"
        if seen and booking.kind == "opening" and project.published_at is not None:
            events.append(_event(booking, f"开标 {project.title}", centre, now))
    return calendar_text(events)


def own_bookings(session: Session, actor: Actor, centre: str, now: int) -> str:
    """Bookings of the viewer's own tenders, all of them for the room manager. An evaluation shows its code only."""
    held = identity.roles(session, actor, now)
    events = []
    for booking, project in _standing(session, now):
        mine = actor.org is not None and actor.org in (project.buyer, project.agent)
        roles = relations(session, actor, project, now) if mine else held
        if form("calendar_feed", roles, project.field, stage_at(project, now), project.stopped_at) != "own":
            continue
        named = booking.kind == "opening" and project.published_at is not None
        events.append(_event(booking, f"开标 {project.title}" if named else f"占用 session {booking.code}", centre, now))
    return calendar_text(events)


def _standing(session: Session, now: int) -> Iterable[tuple[Booking, Project]]:
    return session.execute(select(Booking, Project).join(Project, Project.id == Booking.project).where(
        Booking.stage.in_(STANDING), Booking.to_ms > now - BACK_DAYS * DAY).order_by(Booking.from_ms, Booking.id))


def _event(booking: Booking, summary: str, place: str, now: int) -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{booking.id}", f"DTSTAMP:{_stamp(now)}", f"DTSTART:{_stamp(booking.from_ms)}", f"DTEND:{_stamp(booking.to_ms)}",
            f"SUMMARY:{escaped(summary)}", f"LOCATION:{escaped(place)}", "END:VEVENT"]


def calendar_text(events: Iterable[list[str]]) -> str:
    """The whole file: lines folded at 75 octets, ended by CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mingbiao//Rooms//ZH", "CALSCALE:GREGORIAN"]
    for event in events:
        lines += event
    return "".join(folded(line) + "\r\n" for line in (*lines, "END:VCALENDAR"))


def escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\r", "").replace("\n", "\\n")


def folded(line: str) -> str:
    """RFC 5545 §3.1: no line longer than 75 octets, no character cut in two."""
    parts, part, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 75:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + width
    return "\r\n".join((*parts, part))


def _stamp(ms: int) -> str:
    return iso(ms).replace("-", "").replace(":", "")
