"""What follows in the area: badges for the seats, recordings that begin and end by themselves, alarms by rule."""
import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.area.close_recording import CloseRecording, close_recording
from evaluation.area.issue_badge import IssueBadge, issue_badge
from evaluation.area.presence import recording
from evaluation.area.raise_alarm import RaiseAlarm, raise_alarm
from evaluation.area.records import Alarm, Badge
from evaluation.area.start_recording import StartRecording, start_recording
from evaluation.records import Session
from experts.reads import seats
from kernel.command import SYSTEM
from kernel.ledger.entries import Entry
from kernel.reactions import reaction

if TYPE_CHECKING:
    from kernel.centre import Centre

ENDINGS = ("trading.projects.terminate", "trading.projects.fail", "trading.opening.return_unopened")


@reaction("experts.fill", "evaluation.prepare")
def badges_for_seats(centre: "Centre", entry: Entry) -> None:
    """Every lettered seat that has no badge gets one, as soon as there are both a session and a committee."""
    with centre.reading() as session:
        if session.scalar(select(Session.id).where(Session.project == entry.on, Session.stage != "sealed")) is None:
            return
        held = set(session.scalars(select(Badge.person).where(Badge.project == entry.on, Badge.state != "ended")))
        letters = [seat.letter for seat in seats(session, entry.on) if seat.letter and seat.person not in held]
    for letter in letters:
        issue_badge(centre, SYSTEM, IssueBadge(project=entry.on, seat=letter))


@reaction("evaluation.area.admit")
def record_from_the_first(centre: "Centre", entry: Entry) -> None:
    with centre.reading() as session:
        running = recording(session, entry.on, "evaluation")
    if running is None:
        start_recording(centre, SYSTEM, StartRecording(project=entry.on, place="evaluation"))


@reaction("trading.opening.sign_record", "evaluation.seal", *ENDINGS)
def end_recordings(centre: "Centre", entry: Entry) -> None:
    places = {"trading.opening.sign_record": ("opening",), "evaluation.seal": ("evaluation",)}.get(entry.tag, ("opening", "evaluation"))
    for place in places:
        with centre.reading() as session:
            row = recording(session, entry.on, place)
        if row is not None and row.closed is None:
            close_recording(centre, SYSTEM, CloseRecording(project=entry.on, place=place))  # type: ignore[arg-type]


@reaction("evaluation.area.refuse")
def ring_for_refusal(centre: "Centre", entry: Entry) -> None:
    body = json.loads(entry.payload)["body"]
    with centre.reading() as session:
        badge = session.scalar(select(Badge.id).where(Badge.code == body["badge"])) or ""
    ring(centre, entry, "entry_refused", badge, {"door": body["door"], "guard": body["guard"]})


@reaction("evaluation.area.close_recording")
def ring_for_gaps(centre: "Centre", entry: Entry) -> None:
    body = json.loads(entry.payload)["body"]
    if body["gaps"]:
        ring(centre, entry, "recording_gap", "", {"place": body["place"], "gaps": body["gaps"]})


@reaction("evaluation.halt")
def ring_for_shape(centre: "Centre", entry: Entry) -> None:
    if json.loads(entry.payload)["body"]["cause"] == "shape_broken":
        ring(centre, entry, "shape_broken", "", {"cause": "shape_broken"})


def ring(centre: "Centre", entry: Entry, rule: str, badge: str, figures: dict[str, int | str]) -> None:
    with centre.reading() as session:
        known = session.scalar(select(Alarm.id).where(Alarm.cause == entry.key))
    if known is None:
        raise_alarm(centre, SYSTEM, RaiseAlarm(project=entry.on, rule=rule, cause=entry.key, badge=badge, figures=figures))
