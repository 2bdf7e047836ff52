"""The screen of the drawing room: the draw of experts as it happens, by codes and never by names."""
from typing import Any

from litestar import Request, get
from litestar.response import Response

from experts import wall_reads
from kernel.errors import Text
from trading.projects import reads as projects
from web.viewer import page, viewer_of

PARTIES = {"centre": Text("交易中心", "Centre"), "agent": Text("招标代理", "Agency"), "buyer": Text("招标人", "Buyer"), "regulator": Text("监管部门", "Regulator")}
HEADLINES = {
    "briefed": Text("等待锁定抽取池", "The pool is being fixed"), "pooled": Text("抽取池已锁定，等待各方随机数", "Pool fixed: contributions are awaited"),
    "committed": Text("各方已承诺，等待公开", "All have committed: the values are awaited"), "seeded": Text("顺序已排定", "The order is fixed"),
    "calling": Text("顺序已排定，正在依次呼叫", "The order is fixed, experts are being called"), "filled": Text("席位已满", "All seats are taken"),
    "short": Text("合格专家不足", "Too few experts"), "released": Text("名单已依法公开", "The names are open by law"),
}
DONE = {
    "experts.pool": Text("名册锁定", "Pool fixed"), "experts.fix_rules": Text("规则入账", "Rules in the ledger"), "experts.commit": Text("各方封存随机数", "Contributions committed"),
    "experts.reveal": Text("合成种子，排出顺序", "Seed made, order fixed"),
}
OUTCOMES = {
    "calling": ("run", "phone-calling", Text("呼叫中", "calling")), "accepted": ("ok", "circle-check", Text("已应约", "accepted")),
    "declined": ("off", "circle-minus", Text("婉拒", "declined")), "unreachable": ("off", "phone-off", Text("未接通", "not reached")),
    "conflict": ("off", "circle-minus", Text("回避", "conflict")), "": ("wait", "circle-dashed", Text("候补", "in reserve")),
}


@get("/draws/{draw:str}/wall", sync_to_thread=True)
def wall(request: Request[Any, Any, Any], draw: str) -> Response[str]:
    """To whom the draw itself is open; the screen shows what its log-in may know."""
    viewer = viewer_of(request)
    with viewer.centre.reading() as session:
        seen = wall_reads.screen(session, viewer.actor, draw[:40], viewer.now)
        tender = projects.view(session, viewer.actor, seen.draw.project, viewer.now)
    return page(viewer, "hall/draw_wall.html", seen=seen, draw=seen.draw, tender=tender, parties=PARTIES, headlines=HEADLINES, deeds=DONE, outcomes=OUTCOMES,
                address=f"{viewer.centre.settings.origin_url}/tenders/{tender.code}")


HANDLERS = [wall]
