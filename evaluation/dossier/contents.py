"""What of a tender may be read by anybody once its result is announced, as files.

Works: prices with their sealed files, partial decryptions and keys, so that every opening can be repeated; candidates with figures. Procurement:
the winner and the amount (87号令 第六十九条); losers' names and everybody's scores stay where they are. Members never
stand here; experts only as pseudonyms of their draw, in procurement with the identities the release opened.
"""
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from evaluation.records import Member, Recommendation, Session, Sheet, TieDraw, Total
from experts.records import Draw
from experts.transcript import transcript
from kernel.asks import organisation_name
from kernel.canonical import canon, plain
from kernel.centre import Centre
from trading.awards.records import Award
from trading.bids.records import Closing
from trading.opening.proofs import price_proofs
from trading.opening.records import Coefficient
from trading.projects.records import Project, Scoring


def files(centre: Centre, session: Database, project: Project) -> dict[str, bytes]:
    """name → bytes. JSON files are canonical. ValueError while an entry of a draw stands in no tree yet."""
    found = {"tender.json": canon(plain(tender(centre, session, project))), "closing.json": canon(closing(session, project))}
    scheme = session.scalar(select(Scoring).where(Scoring.project == project.id))
    if scheme is not None:
        found["scheme.json"] = canon({"digest": scheme.digest, "scheme": scheme.scheme})
    found["result.json"] = canon(plain(result(session, project)))
    coefficient = session.scalar(select(Coefficient).where(Coefficient.project == project.id, Coefficient.value != ""))
    if coefficient is not None:
        found["coefficient.json"] = canon({
            "draw": project.id, "choices": coefficient.choices, "commits": coefficient.commits, "contribs": coefficient.reveals,
            "seed": coefficient.seed, "value": coefficient.value})
    drawn = session.scalars(select(Draw.id).where(Draw.project == project.id, Draw.seed != "").order_by(Draw.id))
    for number, draw in enumerate(drawn, 1):
        found[f"draw-{number}.json"] = canon(plain(transcript(session, draw, identities=project.field == "procurement")))
    if project.field == "works":
        found |= price_proofs(centre, session, project.id)
    return found


def tender(centre: Centre, session: Database, project: Project) -> dict[str, Any]:
    return {
        "v": 1, "origin": centre.origin, "id": project.id, "code": project.code, "title": project.title, "field": project.field,
        "evaluation": project.evaluation, "buyer": organisation_name(session, project.buyer), "ceiling": project.ceiling,
        "published": project.published_at, "deadline": project.deadline, "opened": project.opened_at, "announced": project.announced_at,
    }


def closing(session: Database, project: Project) -> list[dict[str, Any]]:
    rows = session.scalars(select(Closing).where(Closing.project == project.id).order_by(Closing.lot))
    return [{"lot": c.lot, "root": c.root, "count": c.count, "digests": c.digests} for c in rows]


def result(session: Database, project: Project) -> dict[str, Any]:
    """Awards of both fields; candidates of works with amount and total; draws of ties among them."""
    awards = session.scalars(select(Award).where(Award.project == project.id).order_by(Award.lot))
    found: dict[str, Any] = {"awards": [
        {"lot": a.lot, "bid": a.bid, "winner": organisation_name(session, a.org), "amount": a.amount, "rank": a.rank} for a in awards]}
    room = session.scalar(select(Session).where(Session.project == project.id))
    if room is None:
        return found
    found["report"] = room.sealed_digest
    if project.field != "works":
        return found
    chosen = session.execute(select(Recommendation, Total).join(Total, Total.bid == Recommendation.bid).where(
        Recommendation.session == room.id).order_by(Recommendation.lot, Recommendation.rank))
    found["candidates"] = [
        {"lot": r.lot, "rank": r.rank, "bid": r.bid, "amount": t.amount, "evaluated": t.evaluated, "total": t.total, "tie": t.tie} for r, t in chosen]
    inside = {c["bid"] for c in found["candidates"]}
    sheets = select(Sheet.digest).join(Member, Member.id == Sheet.member).where(
        Sheet.session == room.id, Sheet.state == "handed_in", Member.recused.is_(None))
    digests = sorted(session.scalars(sheets))
    found["ties"] = [
        {"draw": f"{room.id}/{d.lot}/{d.rank}", "commit": room.tie_commit, "contribs": d.contributions, "sheets": digests, "seed": d.seed, "order": d.order}
        for d in session.scalars(select(TieDraw).where(TieDraw.session == room.id).order_by(TieDraw.lot, TieDraw.rank)) if inside & set(d.order)]
    return found
