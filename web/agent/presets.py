"""What a form on a tender's page already holds, and the choices that depend on the tender."""
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from kernel.values import DAY, HOUR, day_of, local, yuan
from trading.awards import reads as awards
from trading.notices import reads as notices
from trading.notices.wording import TITLES
from trading.opening import reads as opening
from trading.opening.judge_qualification import STATUTORY
from web.agent.scoring import filled
from web.agent.shaping import lines
from web.agent.stopping import grounds
from web.agent.workspace import Workspace
from web.forms import FORMS, ActForm, Options
from web.viewer import Viewer

# the act → its field of grounds, and the clause that lists them in each field of the law
GROUNDS = {
    "trading.projects.terminate": ("cause", {"works": "grounds.termination.works", "procurement": "grounds.termination.procurement"}),
    "trading.projects.fail": ("condition", {"works": "grounds.failure.works", "procurement": "grounds.failure.procurement"}),
    "trading.awards.skip_rank": ("ground", {"works": "grounds.skip", "procurement": "grounds.skip.procurement"}),
}


def wall(ms: int | None) -> str:
    """An instant as a time field holds it."""
    return f"{local(ms):%Y-%m-%dT%H:%M}" if ms else ""


def preset(session: Session, space: Workspace, tag: str, now: int) -> dict[str, Any]:
    seen, file = space.seen, space.file
    values: dict[str, Any] = {"project": seen.id}
    if tag == "trading.projects.choose_method":
        return values | {"method": seen.method, "evaluation": seen.evaluation, "approval": (seen.details or {}).get("approval", "")}
    if tag == "trading.projects.split" and file:
        return values | {"lots": "\n".join(f"{lot.title} | {yuan(lot.budget)}" for lot in file.lots)}
    if tag == "trading.projects.set_document" and file:
        terms = {"deposit": yuan(seen.deposit), "validity_days": seen.validity_days, "decrypt_minutes": seen.decrypt_minutes, "confirm_minutes": file.confirm_minutes,
                 "mode": seen.mode, "lock_minutes": seen.lock_minutes or "", "rescue": "yes" if seen.rescue else "no", "envelopes": str(seen.envelopes)}
        return values | dict(seen.details or {}) | terms
    if tag == "trading.projects.set_scoring":
        return values | filled(seen.scheme, seen.details)
    if tag == "trading.projects.set_ceiling":
        return values | {"ceiling": yuan(seen.ceiling) if seen.ceiling is not None else ""}
    if tag == "trading.projects.set_calendar" and file:
        booked = {bar.kind: bar.start for _, bar in space.bookings}
        return values | {"publish_on": file.publish_on or day_of(now).isoformat(), "document_until": wall(seen.document_until),
                         "deadline": wall(seen.deadline or booked.get("opening")), "evaluation": wall(seen.evaluation_at or booked.get("evaluation"))}
    if tag == "trading.projects.confirm_document" and file:
        return values | {"digest": file.digest}
    if tag == "trading.sealing.begin_ceremony":
        return values | {"k": "2"}
    if tag == "rooms.book":
        start = wall(seen.deadline)
        return values | {"opening_at": start, "opening_hours": "1", "opening_seats": "20", "evaluation_at": wall(seen.evaluation_at), "evaluation_hours": "4",
                         "evaluation_seats": "9"}
    if tag == "trading.notices.publish_candidates":
        values["until"] = notices.publicity_until(session, seen.id, now).isoformat()
    return values | later(space, tag, now)


def later(space: Workspace, tag: str, now: int) -> dict[str, Any]:
    seen = space.seen
    said = {code: (seen.details or {}).get(code, "") for code in ("contact", "objection_ways", "main_items", "manager", "qualification_met", "refunds")}
    if tag in ("trading.notices.publish_result", "trading.notices.publish_candidates", "trading.notices.publish_failure", "trading.notices.publish_termination"):
        return said
    if tag == "trading.notices.clarify":
        return {"touches": ["document"], "affects": "yes"}
    if tag == "trading.notices.record_media_time":
        return {"moment": wall(now)}
    if tag == "trading.notices.extend" and seen.deadline:
        return {"deadline": wall(seen.deadline + DAY)}
    if tag == "experts.brief":
        return {"members": "5", "representatives": "1", "hours": "4"}
    if tag == "evaluation.prepare":
        length = next((bar.end - bar.start for _, bar in space.bookings if bar.kind == "evaluation"), 4 * HOUR)
        return {"hours": str(max(1, length // HOUR))}
    if tag == "trading.awards.sign_contract" and space.award and space.award.awards:
        return {"amount": yuan(space.award.awards[0].amount), "bond": "0"}
    return {}


def tailored(session: Session, viewer: Viewer, space: Workspace, tag: str) -> ActForm:
    """The form with the choices of this tender in place."""
    found = choices(session, viewer, space, tag)
    form = FORMS[tag]
    return replace(form, fields=tuple(replace(item, options=found[item.name]) if item.name in found else item for item in form.fields))


def choices(session: Session, viewer: Viewer, space: Workspace, tag: str) -> dict[str, Options]:
    seen = space.seen
    if tag in GROUNDS:
        name, listed = GROUNDS[tag]
        return {name: grounds(listed[seen.field])(viewer)} | ({"lot": lots(space)} if tag == "trading.awards.skip_rank" else {})
    if tag == "trading.awards.fix_winner":
        return {"choice": tuple(
            (f"{one.bid}:{one.amount}", f"第 {one.number} 标段（包） 第 {one.rank} 名 {one.name} {yuan(one.amount)} 元",
             f"Lot {one.number}, rank {one.rank}: {one.name}, {yuan(one.amount)} yuan") for one in awards.choices(session, viewer.actor, seen.id, viewer.now))}
    if tag == "trading.awards.sign_contract":
        return {"lot": lots(space)}
    if tag == "trading.notices.correct":
        return {"notice": tuple((n.id, f"{TITLES[n.kind][0]} 第 {n.version} 次", f"{TITLES[n.kind][1]} no. {n.version}")
                                for n in space.notices if n.kind not in ("correction", "extension"))}
    if tag == "trading.opening.judge_qualification":
        hall = opening.hall(viewer.centre, session, viewer.actor, seen.id, viewer.now)
        judged = opening.qualifications(session, viewer.actor, seen.id, viewer.now) or {}
        criteria = (*lines((seen.details or {}).get("qualification", "")), *STATUTORY)
        return {"bid": tuple((line.bid, line.name, line.name) for line in hall.lines or () if line.bid and line.bid not in judged),
                "clause": (("", "无", "None"), *((one, one, one) for one in criteria))}
    return {}


def lots(space: Workspace) -> Options:
    if space.file:
        return tuple((lot.id, f"第 {lot.number} 标段（包） {lot.title}", f"Lot {lot.number}: {lot.title}") for lot in space.file.lots)
    return tuple((line.lot, line.winner, line.winner) for line in (space.award.awards if space.award else None) or ())
