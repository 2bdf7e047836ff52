"""What falls due in a draw: other channels and the end of a call, the release of names, fees, a reminder to appraise."""
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from experts import calling
from experts.asks import door_minutes
from experts.claim_fee import ClaimFee, claim_fee
from experts.desk import law_on
from experts.mark_unreachable import MarkUnreachable, mark_unreachable
from experts.records import Appraisal, Call, Draw, Fee, Seat
from experts.release import Release, release
from kernel.command import SYSTEM
from kernel.daytable.reads import calendar
from kernel.errors import Text
from kernel.messages import send
from kernel.timers import Due, timer
from kernel.values import MINUTE, day_of
from law.periods import add_working_days, end_of
from law.stages import at_or_after
from trading.asks import session_sealed
from trading.projects.records import Project

if TYPE_CHECKING:
    from kernel.centre import Centre


@timer
def calls(session: Session, now: int) -> list[Due]:
    """Second channels while the window runs, then the end of the call (clauses draw.second_channel_minutes, draw.call_window_minutes)."""
    due: list[Due] = []
    for row in session.scalars(select(Call).where(Call.outcome == "")):
        project = session.get_one(Project, session.get_one(Draw, row.draw).project)
        later = law_on(project, now, "draw.second_channel_minutes").value
        for way, minutes in zip(calling.WAYS[1:], later, strict=True):
            moment = row.at + minutes * MINUTE
            due.append(Due(f"experts.ring/{row.id}/{way}", moment, partial(ring_again, call=row.id, way=way, moment=moment)))
        due.append(Due(f"experts.unreachable/{row.id}", row.until, partial(_unreachable, call=row.id)))
    return due


def ring_again(centre: "Centre", call: str, way: str, moment: int) -> None:
    with centre.database.writing() as session:
        row = session.get_one(Call, call)
        if not row.outcome:
            calling.notify(centre, session, row, way, moment)
        session.commit()


def _unreachable(centre: "Centre", call: str) -> None:
    mark_unreachable(centre, SYSTEM, MarkUnreachable(call=call))


@timer
def releases(session: Session, now: int) -> list[Due]:
    due: list[Due] = []
    for draw in session.scalars(select(Draw).where(Draw.stage.in_(("filled", "short")))):
        project = session.get_one(Project, draw.project)
        until = law_on(project, now, f"committee.secret_until.{project.field}").value
        if at_or_after(project.stopped_at or project.stage, until):
            since = project.awarded_at if until == "awarded" else project.announced_at
            due.append(Due(f"experts.release/{draw.id}", since or now, partial(_release, draw=draw.id)))
    return due


def _release(centre: "Centre", draw: str) -> None:
    release(centre, SYSTEM, Release(draw=draw))


@timer
def fees(session: Session, now: int) -> list[Due]:
    """A fee is worked out once the session is sealed and the doors have told the hours."""
    owed = select(Seat).outerjoin(Fee, Fee.seat == Seat.id).join(Draw, Draw.id == Seat.draw).where(
        Seat.kind == "expert", Seat.out.is_(None), Fee.id.is_(None), Draw.stage.in_(("filled", "short", "released")))
    return [
        Due(f"experts.fee/{seat.id}", now, partial(_fee, seat=seat.id))
        for seat in session.scalars(owed)
        if session_sealed(session, seat.project) and door_minutes(session, seat.project, seat.person) is not None
    ]


def _fee(centre: "Centre", seat: str) -> None:
    claim_fee(centre, SYSTEM, ClaimFee(seat=seat))


@timer
def appraisals(session: Session, now: int) -> list[Due]:
    """T39: whoever briefed the draw is reminded on the last day of the appraisal period."""
    due: list[Due] = []
    query = select(Draw).where(Draw.stage == "released", ~select(Appraisal.id).join(Seat, Seat.id == Appraisal.seat).where(Seat.draw == Draw.id).exists())
    for draw in session.scalars(query):
        project = session.get_one(Project, draw.project)
        if project.reported_at is not None:
            days = law_on(project, now, "experts.appraisal_working_days").value
            last = add_working_days(day_of(project.reported_at), days, calendar(session))
            due.append(Due(f"experts.appraisal/{draw.id}", end_of(last), partial(_remind, draw=draw.id)))
    return due


def _remind(centre: "Centre", draw: str) -> None:
    with centre.database.writing() as session:
        row = session.get_one(Draw, draw)
        text = Text("请完成本次评审专家的履职评价。", "Please appraise the experts of this evaluation.")
        send(session, f"appraise/{draw}", row.briefed_by, centre.clock.now(session), Text("履职评价", "Appraisal"), text, on=row.project)
        session.commit()
