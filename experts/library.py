"""The library as a draw reads it: who is eligible, and who must recuse. Reads only."""
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from experts.desk import early_draw, key_of, law_on, live_seats, record_signed, salt
from experts.records import Draw, Expert, Relation, Specialty
from experts.rules.exclusions import Candidate, Ground, Org, Tie, code_for, years_before
from kernel import draw as tdraw
from kernel.identity.records import Grant
from kernel.values import day_of
from trading.bids.records import Bid
from trading.opening.records import Attendance
from trading.projects.records import Project
from trading.subjects.records import Subject

STAFF = ("regulator", "registrar", "room_manager", "area_guard", "technician", "cashier", "archivist", "sysadmin", "auditor", "custodian")
STEP = 500


def eligible(session: Session, draw: Draw) -> list[Expert]:
    """Admitted experts with a specialty that serves the quota, in the order of their ids."""
    return [one for one in _serving(session, draw) if one.stage == "admitted"]


def _serving(session: Session, draw: Draw) -> list[Expert]:
    codes = {str(category) for category, _ in draw.quota} | {code for more in draw.wider.values() for code in more}
    prefixes = or_(*(Specialty.code.like(f"{code}%") for code in sorted(codes)))
    query = select(Expert).join(Specialty, Specialty.expert == Expert.id).where(prefixes).order_by(Expert.id)
    return list(session.scalars(query).unique())


def ground(session: Session, project: Project, now: int) -> Ground:
    """The organisations of the tender. Bidders count from the opening's record on: before it, nobody may learn them from a recusal."""
    years = law_on(project, now, f"experts.relation_years.{project.field}").value
    bidders: tuple[str, ...] = ()
    if record_signed(session, project):
        bidders = tuple(session.scalars(select(Bid.org).where(Bid.project == project.id, Bid.state == "live").distinct()))
    employers = select(Expert.employer_code, Expert.employer).where(Expert.id.in_([s.expert for s in live_seats(session, project.id) if s.expert]))
    return Ground(
        _orgs(session, [org for org in (project.buyer, project.agent) if org]), _orgs(session, bidders),
        tuple(Org(code, name) for code, name in session.execute(employers)), years_before(day_of(now), years),
    )


def _orgs(session: Session, ids: Sequence[str]) -> tuple[Org, ...]:
    return tuple(Org(code, name) for code, name in session.execute(select(Subject.code, Subject.name).where(Subject.id.in_(ids))))


def codes(session: Session, project: Project, experts: Iterable[Expert], now: int, seated_count: bool = True) -> dict[str, str]:
    """Expert id → code of the reason to recuse, for those who must. seated_count: whether a member of the same employer is one."""
    known = ground(session, project, now)
    if not seated_count:
        known = Ground(known.conveners, known.bidders, (), known.since)
    present = set(session.scalars(select(Attendance.person).where(Attendance.project == project.id)))
    found: dict[str, str] = {}
    for part in _parts(list(experts)):
        ties: dict[str, list[Tie]] = {}
        for row in session.scalars(select(Relation).where(Relation.expert.in_([e.id for e in part]))):
            ties.setdefault(row.expert, []).append(Tie(row.org_code, row.org_name, None if row.until is None else day_of(row.until)))
        posts = set(session.scalars(select(Grant.person).where(
            Grant.person.in_([e.person for e in part]), Grant.role.in_(STAFF), or_(Grant.until.is_(None), Grant.until > now))))
        for one in part:
            office = one.person in posts or one.person in present or one.stage != "admitted"
            code = code_for(Candidate(one.id, Org(one.employer_code, one.employer), tuple(ties.get(one.id, ())), office), known)
            if code:
                found[one.id] = code
    return found


def _parts(experts: list[Expert]) -> Iterator[list[Expert]]:
    for start in range(0, len(experts), STEP):
        yield experts[start : start + STEP]


def behind(session: Session, draw: Draw, pid: str) -> Expert | None:
    """The expert behind a pid of a draw; None when there is none, or when the draw's key is erased."""
    key = key_of(session, draw)
    if key is None:
        return None
    return next((one for one in _serving(session, draw) if tdraw.pid(salt(key, one.id), one.id) == pid), None)


def bidders_known(session: Session, project: Project) -> dict[str, Any]:
    """The two facts on which brief and rules both rest."""
    return {"record_signed": record_signed(session, project), "early_draw": early_draw(project)}
