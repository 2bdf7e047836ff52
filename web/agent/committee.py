"""Forms of the committee: the brief of a draw, the parties' contributions, the buyer's representative, the session."""
from typing import Any

from evaluation.open import Open
from evaluation.open import open as open_session
from evaluation.prepare import Prepare, prepare
from experts.appraise import Appraise, appraise
from experts.brief import Brief, brief
from experts.commit import Commit, commit
from experts.name_representative import NameRepresentative, name_representative
from experts.reveal import Reveal, reveal
from kernel.errors import Malformed, Text
from trading.subjects import reads as subjects
from web.agent.shaping import PAPERS, PROJECT, digest_of
from web.forms import ActForm, Field, Options, forms
from web.viewer import Viewer

ROWS = (1, 2, 3, 4)
CODE = Text("发改法规〔2018〕316号 的专业代码，如 A0801", "Specialty code of the national list, such as A0801")


def colleagues(viewer: Viewer) -> Options:
    """The buyer's own people."""
    with viewer.centre.reading() as session:
        own = subjects.own(session, viewer.actor, viewer.now)
    return tuple((one.person, one.name, one.name) for one in own.members) if own else ()


def quota(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Rows of category and seats become the quota; an empty row is none."""
    wanted = []
    for n in ROWS:
        category, seats = values.pop(f"category{n}", None), values.pop(f"seats{n}", None)
        if (category is None) != (seats is None):
            name = f"seats{n}" if seats is None else f"category{n}"
            raise Malformed(name, Text("专业代码和席位须同时填写", "A code and its seats go together"))
        if category is not None:
            wanted.append({"category": str(category).upper(), "seats": seats})
    return values | {"quota": tuple(wanted)}


def sealed(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    stored = values.pop("file")
    return {name: value for name, value in values.items() if name != "project"} | {"blob": stored["blob"]}


def revealed(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {"draw": values["draw"], "value": str(values["value"]).strip().lower()}


def authorised(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {"draw": values["draw"], "person": values["person"], "authorisation": digest_of(values, "authorisation")}


def marked(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {"seat": values["seat"], "facts": values.get("facts", ""), "marks": {name: values[name] for name, _, _ in MARKS}}


MARKS = (("diligence", "尽职", "Diligence"), ("fairness", "公正", "Fairness"), ("quality", "质量", "Quality"), ("discipline", "纪律", "Discipline"))
DRAW = Field("draw", kind="hidden")

forms(
    ActForm("experts.brief", brief, Brief, "提出抽取需求", "Brief a draw", (
        PROJECT,
        *(field for n in ROWS for field in (
            Field(f"category{n}", f"专业 {n}", f"Specialty {n}", hint=CODE if n == 1 else None, optional=n > 1),
            Field(f"seats{n}", f"席位 {n}", f"Seats {n}", "number", optional=n > 1, unit="人"))),
        Field("members", "委员会人数", "Members of the committee", "number", Text("五人以上单数，含代表", "Five or more, an odd number, representatives included"), unit="人"),
        Field("representatives", "其中招标人（采购人）代表", "Of these the buyer's representatives", "number", Text("不超过三分之一", "At most one third"), unit="人"),
        Field("hours", "预计时长", "Expected length", "number", unit="小时"),
    ), shape=quota, consequence=Text("提出后锁定抽取池，各方先承诺再公开随机数，顺序由随机数决定。", "The pool is fixed; each party commits before any reveals; the numbers decide the order.")),
    ActForm("experts.commit", commit, Commit, "提交随机数承诺", "Commit a contribution", (
        PROJECT, DRAW, Field("commit", "承诺（SHA-256）", "Commitment (SHA-256)"),
        Field("file", "密封的随机数", "Sealed contribution", "file", Text("由本方程序生成，封至本项目公钥", "Made by your own program, sealed to the tender's key"), accept=".tbid"),
    ), shape=sealed),
    ActForm("experts.reveal", reveal, Reveal, "公开随机数", "Reveal the contribution", (
        PROJECT, DRAW, Field("value", "随机数", "Contribution", hint=Text("64 位十六进制，与承诺相符", "64 hexadecimal digits that match the commitment"))), shape=revealed),
    ActForm("experts.name_representative", name_representative, NameRepresentative, "委派代表", "Name the representative", (
        PROJECT, DRAW, Field("person", "代表", "Representative", "select", options=colleagues),
        Field("authorisation", "授权函", "Letter of authorisation", "file", accept=PAPERS)), shape=authorised),
    ActForm("experts.appraise", appraise, Appraise, "提交评价", "Appraise", (
        Field("seat", kind="hidden"), *(Field(name, zh, en, "number", unit="0–5") for name, zh, en in MARKS),
        Field("facts", "事实", "Facts", "area", Text("低于 5 分须写明", "Needed below five points"), optional=True)), shape=marked),
    ActForm("evaluation.prepare", prepare, Prepare, "预约评审", "Prepare the session", (
        PROJECT, Field("hours", "所需时长", "Hours needed", "number", Text("按任务合理确定", "A reasonable time for the task"), unit="小时"))),
    ActForm("evaluation.open", open_session, Open, "评审开始", "Open the session", (
        PROJECT, Field("network_cut", "已查看，评标席位无法连接外部网络", "I have looked: no outside network reaches the seats", "tick"))),
)
