"""Forms of the green channel: early help and joint support."""
from typing import Any

from kernel.errors import Text
from trading.green import reads
from trading.green.advise import Advise, advise
from trading.green.ask_adviser import AskAdviser, ask_adviser
from trading.green.call_desks import CallDesks, call_desks
from trading.green.keep_promise import KeepPromise, keep_promise
from trading.green.name_adviser import NameAdviser, name_adviser
from trading.green.promise import Promise, promise
from trading.green.rules import DESKS
from web.forms import ActForm, Field, Options, forms
from web.viewer import Viewer

PROJECT = Field("project", kind="hidden")
SILENT = Text("招标人、代理机构可见；不得写评委、投标人", "Buyer and agency see it; name no expert and no bidder")


def registrars(viewer: Viewer) -> Options:
    with viewer.centre.reading() as session:
        return tuple((id, name, name) for id, name in reads.advisers(session, viewer.actor, viewer.now))


def back(viewer: Viewer, result: Any, values: dict[str, Any]) -> str:
    return f"/desk/projects/{values['project']}"


forms(
    ActForm("trading.green.name_adviser", name_adviser, NameAdviser, "指定提前介入人员", "Name an adviser", (
        PROJECT, Field("person", "登记受理员", "Registrar", "select", options=registrars)),
        consequence=Text("提交审核前，招标人和代理机构可向其咨询；其不参加本项目审核。", "Until the file is submitted buyer and agency may ask; whoever advises never reviews it.")),
    ActForm("trading.green.ask_adviser", ask_adviser, AskAdviser, "提问", "Ask", (
        PROJECT, Field("question", "向中心提前介入人员提问", "Ask the centre's adviser", "area", Text("下一个工作日内答复", "Answered by the end of the next working day"))), after=back),
    ActForm("trading.green.advise", advise, Advise, "答复", "Answer", (
        PROJECT, Field("question", kind="hidden"), Field("answer", "答复", "Answer", "area", Text("说明规则要求，不代拟文件", "Say what the rules ask for; write no part of the document")))),
    ActForm("trading.green.call_desks", call_desks, CallDesks, "召集联合保障", "Call desks together", (
        PROJECT, Field("desks", "部门", "Desks", "many", options=tuple((code, desk.name.zh, desk.name.en) for code, desk in DESKS.items())),
        Field("wish", "请其保障的事项", "What is asked of them", "area", SILENT)),
        consequence=Text("各部门须在下一个工作日内确认事项和时限。", "Each says by the end of the next working day what it will do, and by when.")),
    ActForm("trading.green.promise", promise, Promise, "确认", "Promise", (
        PROJECT, Field("desk", kind="hidden"), Field("promise", "保障事项", "What you will do", hint=SILENT), Field("until", "办结时间", "By when", "time")),
        consequence=Text("确认后不能更改；逾期未办结会报警。", "It cannot be changed, and there is an alarm where it is not done by then.")),
    ActForm("trading.green.keep_promise", keep_promise, KeepPromise, "已办结", "Done", (PROJECT, Field("desk", kind="hidden"))),
)
