"""Forms that stop, resume or end a tender, and those that close its file."""
from typing import Any

from kernel.errors import Text
from kernel.values import day_of
from law.grounds import LABELS
from law.registry import in_force
from trading.projects.archive import Archive, archive
from trading.projects.fail import Fail, fail
from trading.projects.resume import Resume, resume
from trading.projects.suspend import Suspend, suspend
from trading.projects.terminate import Terminate, terminate
from trading.projects.withdraw import Withdraw, withdraw
from web.agent.shaping import PAPERS, PROJECT, TYPED, digest_of, typed
from web.forms import ActForm, Field, Options, forms
from web.viewer import Viewer


def grounds(*names: str) -> Any:
    """Options: the listed grounds of these clauses in force today."""
    def options(viewer: Viewer) -> Options:
        codes = dict.fromkeys(code for name in names for code in in_force(name, day_of(viewer.now)).value)
        return tuple((code, *LABELS[code]) for code in codes)
    return options


def failing(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return typed(viewer, values) | {"evidence": digest_of(values, "evidence")}


forms(
    ActForm("trading.projects.withdraw", withdraw, Withdraw, "撤回项目", "Withdraw the tender", (PROJECT, TYPED), danger=True, shape=typed,
            consequence=Text("撤回后项目终止，已形成的记录不公开。", "The tender ends; what was recorded stays closed.")),
    ActForm("trading.projects.suspend", suspend, Suspend, "暂停", "Suspend", (
        PROJECT, Field("cause", "事由", "Cause", "select", options=grounds("grounds.suspension")),
        Field("order_number", "决定文号", "Number of the order", hint=Text("监督部门暂停时填写", "Needed from a regulator"), optional=True),
        Field("until", "暂停至", "Until", "time", Text("决定写明期限时填写", "Where the order names an end"), optional=True), TYPED,
    ), danger=True, shape=typed, consequence=Text("暂停期间各项期限停止计算，恢复后顺延。", "All periods stand still and move on when the tender is resumed.")),
    ActForm("trading.projects.resume", resume, Resume, "恢复", "Resume", (PROJECT, Field("finding", "暂停事由已消除的说明", "Why the cause is gone", "area")),
            consequence=Text("截止和评标时间顺延暂停的时长。", "Deadline and evaluation move by the time held.")),
    ActForm("trading.projects.terminate", terminate, Terminate, "终止项目", "Terminate the tender", (
        PROJECT, Field("cause", "事由", "Cause", "select", options=grounds("grounds.termination.works", "grounds.termination.procurement")), TYPED,
    ), danger=True, shape=typed, consequence=Text("需另一位有权人员确认。终止后不可恢复，保证金退还。", "A second authorised person must confirm. It cannot be undone; deposits go back.")),
    ActForm("trading.projects.fail", fail, Fail, "流标（废标）", "Declare failed", (
        PROJECT, Field("condition", "情形", "Condition", "select", options=grounds("grounds.failure.works", "grounds.failure.procurement")),
        Field("evidence", "证明材料", "Evidence", "file", optional=True, accept=PAPERS), TYPED,
    ), danger=True, shape=failing, consequence=Text("流标后不可恢复，已公开的内容保持公开。", "It cannot be undone; what was opened stays open.")),
    ActForm("trading.projects.archive", archive, Archive, "归档", "Archive", (PROJECT,),
            consequence=Text("归档前核对真实性、完整性、可用性、安全性四项。", "Authenticity, integrity, usability and safety are checked first.")),
)
