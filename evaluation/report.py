"""The report as data and as paper. Members stand in it by letter only; names of bidders, figures, reasons are whole."""
from typing import Any

from sqlalchemy import select

from evaluation.bids import contenders, frozen_scheme
from evaluation.records import Flag, Member, Question, Recommendation, Rejection, ReportSignature, Session, Sheet, TieDraw, Total
from evaluation.rules.outcome import BENCHMARK, COMPREHENSIVE, LOWEST_PRICE
from evaluation.sheets import by_bid, current, marks, scored_items
from kernel.asks import organisation_name
from kernel.command import Work
from kernel.documents import pdf
from kernel.values import show_time, yuan
from law.grounds import label
from trading.projects.records import Project

METHODS = {
    ("procurement", COMPREHENSIVE): "综合评分法 Comprehensive scoring", ("procurement", LOWEST_PRICE): "最低评标价法 Lowest evaluated price",
    ("works", LOWEST_PRICE): "经评审的最低投标价法 Lowest reviewed price", ("works", BENCHMARK): "综合评估法（评标基准价） Comprehensive, with a benchmark price",
    ("works", COMPREHENSIVE): "综合评估法 Comprehensive assessment",
}
KINDS = {"expert": "评审专家 Expert", "buyer_rep": "招标人（采购人）代表 Buyer's representative"}
STANDS = {"signed": "同意并签署 Signed", "dissent": "书面不同意见 Dissent", "refused": "拒签且未书面说明，视为同意 Refused without reasons: counts as agreement"}


def write(work: Work, project: Project, room: Session, sitting: list[Member], finding: str = "") -> None:
    """Sets the report that members read and sign: its paper in the blobs, its digest in the session."""
    work.session.flush()
    blob = work.centre.blobs.put(pdf(work.centre, "evaluation_report", data(work, project, room, sitting, finding)))
    room.report_blob, room.report_digest = blob.key, blob.digest


def data(work: Work, project: Project, room: Session, sitting: list[Member], finding: str = "") -> dict[str, Any]:
    """What the template takes. With signatures present (at the sealing) they stand in it as well."""
    session = work.session
    bids = contenders(session, project)
    names = {c.bid: c.name for c in bids}
    numbers = {c.bid: n for n, c in enumerate(bids, 1)}
    totals = {t.bid: t for t in session.scalars(select(Total).where(Total.session == room.id, Total.rank > 0))}
    letters = {m.id: m.seat for m in session.scalars(select(Member).where(Member.session == room.id))}
    _, digest = frozen_scheme(session, project)
    chosen = session.scalars(select(Recommendation).where(Recommendation.session == room.id).order_by(Recommendation.lot, Recommendation.rank))
    signed = list(session.scalars(select(ReportSignature).where(ReportSignature.session == room.id)))
    signed.sort(key=lambda s: letters[s.member])
    return {
        "moment": work.moment, "code": project.code, "project": project.title, "buyer": organisation_name(session, project.buyer),
        "agent": organisation_name(session, project.agent) if project.agent else "", "session": room.code, "scheme": digest,
        "method": METHODS[project.field, project.evaluation],
        "from_to": f"{show_time(room.opened_at or work.moment)} — {show_time(work.moment)}",
        "members": [{"letter": m.seat, "kind": KINDS[m.kind], "office": "组长 Chair" if m.id == room.chair else ""} for m in sitting],
        "bids": [{"n": str(numbers[b]), "name": names[b], **_figures(totals.get(b))} for b in numbers],
        "rejected": [
            {"name": names[r.bid], "reason": f"{label(r.ground)[0]}：{r.reason}", "article": r.article}
            for r in session.scalars(select(Rejection).where(Rejection.session == room.id).order_by(Rejection.at))],
        "candidates": [
            {"rank": str(c.rank), "name": names[c.bid], "amount": yuan(totals[c.bid].amount), "score": _text(totals[c.bid].total)} for c in chosen],
        "tables": _tables(work, project, room, sitting, names),
        "findings": [*([finding] if finding else []), *_findings(work, room, names, letters)],
        "dissents": [{"letter": letters[s.member], "text": s.reason} for s in signed if s.kind == "dissent"],
        "signatures": [{"letter": letters[s.member], "stand": STANDS[s.kind], "at": show_time(s.at)} for s in signed],
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _figures(total: Total | None) -> dict[str, str]:
    if total is None:
        return {"price": "", "total": "", "rank": ""}
    whole, _, rest = total.evaluated.partition(".")
    price = yuan(int(whole)) + (rest.rstrip("0") if rest.strip("0") else "")
    return {"price": price, "total": _text(total.total), "rank": str(total.rank)}


def _tables(work: Work, project: Project, room: Session, sitting: list[Member], names: dict[str, str]) -> list[dict[str, Any]]:
    """One table a bid: items down, seats across. Absent where price alone decides or nothing was scored."""
    scheme, _ = frozen_scheme(work.session, project)
    items = scored_items(project, scheme)
    sheets = {m.seat: current(work.session, m) for m in sitting}
    given = {seat: by_bid(marks(work.session, sheet)) for seat, sheet in sheets.items() if isinstance(sheet, Sheet)}
    if not items or not given:
        return []
    return [
        {"title": f"分项评分 · {names[bid]}", "title_en": "Scores by item and seat", "head": ["评审因素", *given],
         "rows": [[f"{item.zh}（{item.low}–{item.high}）", *(_text(by.get(bid, {}).get(item.code)) for by in given.values())] for item in items]}
        for bid in names if any(bid in by for by in given.values())
    ]


def _findings(work: Work, room: Session, names: dict[str, str], letters: dict[str, str]) -> list[str]:
    found = []
    if room.price_called is not None:
        found.append(f"技术评分全部提交后，于 {show_time(room.price_called)} 要求开启报价信封，共 {len(room.price_files)} 份")
    for q in work.session.scalars(select(Question).where(Question.session == room.id).order_by(Question.asked)):
        outcome = {"": "", "kept": "；经认定报价合理", "unproved": "；经认定不能证明报价合理"}[q.decided]
        found.append(f"{names.get(q.bid, '')}：{q.question} 答复：{q.answer or '未在规定时间内答复'}{outcome}{'，' + q.opinion if q.opinion else ''}")
    sheets = {s.id: letters[s.member] for s in work.session.scalars(select(Sheet).where(Sheet.session == room.id))}
    for f in work.session.scalars(select(Flag).where(Flag.session == room.id, Flag.note != "")):
        found.append(f"席位 {sheets[f.sheet]} 对 {names.get(f.bid, '')} {f.item} 评分 {f.score}（其他成员均值 {f.others}）说明：{f.note}")
    for d in work.session.scalars(select(TieDraw).where(TieDraw.session == room.id)):
        found.append(f"并列第 {d.rank} 名随机抽取次序：{'、'.join(names.get(b, '') for b in d.order)}（种子 {d.seed}）")
    for m in work.session.scalars(select(Member).where(Member.session == room.id, Member.recused.is_not(None))):
        found.append(f"席位 {m.seat} 成员退出：{label(m.cause)[0]}，时间 {show_time(m.recused or 0)}")
    return found
