"""Every bid is judged and at least three are qualified, bids of one brand counted once: the committee may be convened."""
from pydantic import Field
from sqlalchemy import select

from kernel.canonical import canon
from kernel.command import Cmd, Work, command
from kernel.tree import leaf_hash, root
from trading.bids.records import Bid
from trading.desk import hold, move
from trading.opening.qualify import only_where_listed
from trading.opening.records import Judgement, Opened
from trading.opening.state import minimum
from trading.projects.records import Project

BRAND = ("品牌", "brand")


class CloseQualification(Cmd):
    project: str = Field(max_length=32)


@command("trading.opening.close_qualification", opens="announced", signed=True)
def close_qualification(work: Work, cmd: CloseQualification) -> Project:
    """Brands stand in the read-out form's items and count for goods only (87号令 第三十一条)."""
    project = hold(work, cmd.project)
    only_where_listed(work, project, "procurement_only")
    session = work.session
    judged = {row.bid: row for row in session.scalars(select(Judgement).where(Judgement.project == project.id))}
    live = list(session.scalars(select(Bid.id).where(Bid.project == project.id, Bid.state == "live").order_by(Bid.id)))
    qualified = [bid for bid in live if bid in judged and judged[bid].passed]
    forms = dict(session.execute(select(Opened.bid, Opened.form).where(Opened.project == project.id, Opened.part == "price")).all())
    brands = {_brand(forms.get(bid, {})) or bid for bid in qualified} if project.kind == "goods" else set(qualified)
    move(
        work, project, unjudged=set(live) - set(judged), qualified=len(qualified), brands=len(brands), minimum=minimum(project, work.moment),
    )
    leaves = [leaf_hash(canon(judged[bid].commitment())) for bid in live]
    work.enter(project.id, judgements=root(leaves).hex())
    return project


def _brand(form: dict[str, object]) -> str:
    items = form.get("items")
    found = [str(item[1]).strip().casefold() for item in items if item[0] in BRAND] if isinstance(items, list) else []
    return found[0] if found else ""
