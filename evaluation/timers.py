"""What falls due: the opening's recording at the deadline, alarms for members who are away, the dossier after the result."""
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from evaluation.area.raise_alarm import RaiseAlarm, raise_alarm
from evaluation.area.records import Badge, Recording
from evaluation.area.rules import ABSENT_AFTER
from evaluation.area.start_recording import StartRecording, start_recording
from evaluation.dossier.publish import Publish, publish
from evaluation.dossier.records import Dossier
from evaluation.records import Session
from experts.records import Draw
from kernel.command import SYSTEM
from kernel.timers import Due, timer
from kernel.values import DAY, MINUTE
from trading.projects.records import Project

if TYPE_CHECKING:
    from kernel.centre import Centre


@timer
def opening_recordings(session: Database, now: int) -> list[Due]:
    """The opening is recorded from the moment at which bids close; a replay has no hall to record."""
    recorded = select(Recording.project).where(Recording.place == "opening")
    query = select(Project.id, Project.deadline).where(
        Project.stage.in_(("inviting", "closed")), Project.deadline.is_not(None), Project.procedure != "replay.lowest", Project.id.not_in(recorded))
    return [Due(f"recording/opening/{id}", deadline, partial(_record, project=id)) for id, deadline in session.execute(query) if deadline is not None]


def _record(centre: "Centre", project: str) -> object:
    return start_recording(centre, SYSTEM, StartRecording(project=project, place="opening"))


@timer
def absences(session: Database, now: int) -> list[Due]:
    """A member's badge that is out while the session works: after ten minutes, or when a leave has run over."""
    query = select(Badge).join(Session, Session.project == Badge.project).where(
        Badge.kind == "member", Badge.state == "out", Session.stage.not_in(("booked", "sealed")))
    due = []
    for badge in session.scalars(query):
        rule, moment = ("leave_overrun", badge.leave_until) if badge.leave_until else ("absent", (badge.moved or now) + ABSENT_AFTER)
        due.append(Due(f"alarm/{badge.id}/{moment}", moment, _alarm(badge, rule, moment)))
    return due


def _alarm(badge: Badge, rule: str, moment: int) -> Callable[["Centre"], object]:
    minutes = max(0, moment - (badge.moved or moment)) // MINUTE
    cmd = RaiseAlarm(project=badge.project, rule=rule, cause=f"{badge.id}/{moment}", badge=badge.id, figures={"minutes": minutes})
    return lambda centre: raise_alarm(centre, SYSTEM, cmd)


@timer
def dossiers(session: Database, now: int) -> list[Due]:
    """What is public of a tender is put together when the result is announced and the draw's identities are released,
    or a day after the announcement without them."""
    released = set(session.scalars(select(Draw.project).where(Draw.release_entry != "")))
    query = select(Project.id, Project.announced_at).where(
        Project.announced_at.is_not(None), Project.procedure != "replay.lowest", Project.id.not_in(select(Dossier.project)))
    return [
        Due(f"dossier/{id}", at if id in released else at + DAY, partial(_publish, project=id))
        for id, at in session.execute(query) if at is not None]


def _publish(centre: "Centre", project: str) -> object:
    return publish(centre, SYSTEM, Publish(project=project))
