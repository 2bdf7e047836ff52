"""`mingbiao stages`: draws each procedure as the table says it, for docs/stages.

A diagram holds the moves that change a stage. One that starts from many stages would cross every other line: it is drawn
from the first of them and told in a sentence below. The table names every act with who may take it and under which article.
"""
import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

from evaluation.procedure import SESSION
from experts.procedure import DRAW
from kernel.machine import Move, Procedure
from law.roles import name as role_name
from law.stages import NAMES as STAGES
from rooms.procedure import BOOKING
from trading.awards.procedure import REFUND
from trading.procedures import procedure
from trading.sealing.procedure import CEREMONY
from trading.subjects.procedure import PROCEDURE as SUBJECT

FOLDER = Path("docs/stages")
MANY = 3  # a move with more sources is told below the diagram
VOICES = "需多人表态的行为，最后一人表态后阶段才改变。An act of several voices changes the stage with the last of them."
HEAD = "<!-- Written by `mingbiao stages`; the tables of moves are its source. -->"
TITLES = {
    "works.open": ("工程建设公开招标", "Open tender, works"),
    "procurement.open": ("政府采购公开招标", "Open tender, government procurement"),
    "replay.lowest": ("重演：最低可接受价", "Replay: lowest admissible price"),
    "subject": ("市场主体", "A subject of the market"),
    "ceremony": ("密钥仪式", "The key ceremony"),
    "draw": ("专家抽取", "The draw of experts"),
    "booking": ("场地预约", "A booking of a room"),
    "session": ("评审场次", "A session of the committee"),
    "refund": ("保证金退还", "A refund of a deposit"),
}
# stages of the side tables, which law/stages.py orders without naming them
SIDE = {
    "subject": {"entered": ("已登记", "Entered"), "first_review": ("初审", "First review"), "second_review": ("复审", "Second review"),
                "admitted": ("已入库", "Admitted"), "locked": ("锁定", "Locked"), "barred": ("禁止参加", "Barred")},
    "ceremony": {"none": ("未发起", "Not begun"), "r0": ("提交承诺", "Commitments"), "r1": ("分发份额", "Shares"), "r2": ("确认记录", "Confirmation"),
                 "ready": ("就绪", "Ready"), "broken": ("中止", "Broken")},
    "draw": {"briefed": ("已提需求", "Briefed"), "pooled": ("已定池", "Pool fixed"), "committed": ("已承诺", "Committed"), "seeded": ("已出次序", "Order drawn"),
             "calling": ("通知中", "Calling"), "filled": ("已组成", "Filled"), "short": ("名额不足", "Short"), "released": ("已公开", "Released")},
    "booking": {"asked": ("已申请", "Asked"), "held": ("已锁定", "Held"), "used": ("使用中", "In use"), "released": ("已释放", "Released")},
    "session": {"booked": ("已预约", "Booked"), "gathered": ("到齐", "Gathered"), "sworn": ("已推选组长", "Chair elected"), "reviewing": ("评审", "Reviewing"),
                "scoring": ("评分", "Scoring"), "summing": ("汇总", "Summing"), "signing": ("签署", "Signing"), "sealed": ("已封存", "Sealed")},
    "refund": {"noted": ("未登记", "Not noted"), "due": ("应退", "Due"), "prepared": ("已经办", "Prepared"), "approved": ("已复核", "Approved"),
               "paid": ("已退", "Paid"), "disputed": ("不予退还", "Kept")},
}


def table(name: str) -> Procedure:
    """The procedure behind a diagram. KeyError: no such diagram."""
    side = {"subject": SUBJECT, "ceremony": CEREMONY, "draw": DRAW, "booking": BOOKING, "session": SESSION, "refund": REFUND}
    return side[name] if name in side else procedure(name)


def diagram(name: str) -> str:
    """The Markdown page of one procedure. KeyError: no such diagram."""
    shown, words = table(name), SIDE.get(name, STAGES)
    zh, en = TITLES[name]
    wide = [move for move in shown.moves if changes(move) and len(move.source) > MANY]
    lines = [HEAD, f"# {zh} · {en}", "", f"`{name}`", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'  state "{words[stage][0]} {words[stage][1]}" as {stage}' for stage in shown.stages]
    if all(move.source for move in shown.moves):
        lines.append(f"  [*] --> {shown.start}")
    for move in shown.moves:
        if changes(move):
            drawn = move.source[:1] if move in wide else move.source or ("[*]",)
            lines += [f"  {source} --> {move.target} : {label(move)}" for source in drawn if source != move.target]
    lines += [f"  {stage} --> [*]" for stage in shown.ends] + ["```", ""]
    lines += [f"- **{move.zh}** {move.en}: {among(move.source, words)} → {words[move.target][0]}" for move in wide if move.target] + [""] * bool(wide)
    lines += [VOICES, "", "| 行为 act | 标识 tag | 谁 who | 阶段 stage | 依据 under |", "|---|---|---|---|---|"]
    return "\n".join(lines + [row(move, words) for move in shown.moves]) + "\n"


def label(move: Move) -> str:
    """The act's name as a line of a diagram may bear it: colon and semicolon end a label there."""
    return f"{move.zh} {move.en}".replace(":", ",").replace(";", ",")


def changes(move: Move) -> bool:
    return move.target is not None and set(move.source) != {move.target}


def row(move: Move, words: Mapping[str, tuple[str, str]]) -> str:
    stage = (among(move.source, words) or "—") + (f" → {words[move.target][0]}" if move.target else "")
    who = "、".join(dict.fromkeys(role_name(role)[0] for role in move.by))
    return f"| {move.zh} {move.en} | `{move.tag}` | {who} | {stage} | {'；'.join(map(str, move.under))} |"


def among(source: Iterable[str], words: Mapping[str, tuple[str, str]]) -> str:
    return "、".join(words[stage][0] for stage in source)


def add_parsers(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = sub.add_parser("stages", help="绘制流程图 draw the procedures")
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes one page a procedure; 0."""
    args.folder.mkdir(parents=True, exist_ok=True)
    for name in TITLES:
        (args.folder / f"{name}.md").write_text(diagram(name), encoding="utf-8")
    print(f"{len(TITLES)} · {args.folder}")
    return 0
