"""Forms of the two looks at a file: agree, or return with everything that is missing."""
from typing import Any

from kernel.errors import Text
from trading.projects import accept_owing, check_paper
from trading.projects import return_for_repair as project_return
from trading.projects import review_first as project_first
from trading.projects import review_second as project_second
from trading.projects.rules.owing import MAY_FOLLOW
from trading.projects.rules.reviewing import CHECKLIST
from trading.subjects import return_for_repair as subject_return
from trading.subjects import review_first as subject_first
from trading.subjects import review_second as subject_second
from trading.subjects.read_personal import ReadPersonal, read_personal
from trading.subjects.rules import ITEMS
from web.forms import ActForm, Field, forms
from web.viewer import Viewer

SUBJECT, PROJECT, ROUND = Field("subject", kind="hidden"), Field("project", kind="hidden"), Field("round", kind="hidden")
ANSWERS = (("yes", "是", "Yes"), ("no", "否", "No"), ("na", "不适用", "Not applicable"))
CAUSES = (("review", "审核", "Review"), ("inquiry", "询问", "Inquiry"), ("complaint", "投诉处理", "Complaint"), ("supervision", "监督检查", "Supervision"),
          ("correction", "更正", "Correction"))


def answers(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """item → what is wrong, empty where it is in order."""
    return {"subject": values["subject"], "round": values["round"], "answers": {item: values.get(f"item_{item}", "") for item in ITEMS}}


def checked(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return {"project": values["project"], "checklist": {item: values[f"check_{item}"] for item in CHECKLIST if values.get(f"check_{item}")}}


def found(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    return values | {"good": values["good"] == "yes"}


def returned(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Only what was answered with no carries a reason."""
    reasons = {item: values[f"reason_{item}"] for item in CHECKLIST if values.get(f"reason_{item}") and values.get(f"check_{item}") == "no"}
    return checked(viewer, values) | {"reasons": reasons}


def onward(viewer: Viewer, result: Any, values: dict[str, Any]) -> str:
    return "/reviews"


FAULTS = tuple(Field(f"item_{item}", text.zh, text.en, optional=True) for item, text in ITEMS.items())
CHECKS = tuple(Field(f"check_{item}", text.zh, text.en, "choice", options=ANSWERS, optional=True) for item, text in CHECKLIST.items())
REASONS = tuple(Field(f"reason_{item}", f"{text.zh}：需要补正", f"{text.en}: what to mend", optional=True) for item, text in CHECKLIST.items())
RETURN = Text("对方修改后重新提交，仍排在原来的位置。", "They repair it and submit again; they keep their place.")

forms(
    ActForm("trading.subjects.review_first", subject_first.review_first, subject_first.ReviewFirst, "同意", "Complete", (SUBJECT, ROUND), after=onward),
    ActForm("trading.subjects.review_second", subject_second.review_second, subject_second.ReviewSecond, "同意", "Complete", (SUBJECT, ROUND), after=onward),
    ActForm("trading.subjects.return_for_repair", subject_return.return_for_repair, subject_return.ReturnForRepair, "退回补正", "Return for repair",
            (SUBJECT, ROUND, *FAULTS), danger=True, consequence=RETURN, shape=answers, after=onward),
    ActForm("trading.subjects.read_personal", read_personal, ReadPersonal, "查阅完整信息", "Read in full",
            (SUBJECT, Field("file_number", "案卷编号", "File number"), Field("cause", "事由", "Cause", "select", options=CAUSES)),
            consequence=Text("本次查阅写入账本，15 分钟内有效。", "This reading is recorded and holds for 15 minutes.")),
    ActForm("trading.projects.review_first", project_first.review_first, project_first.ReviewFirst, "同意", "Complete", (PROJECT, *CHECKS), shape=checked, after=onward),
    ActForm("trading.projects.review_second", project_second.review_second, project_second.ReviewSecond, "同意", "Complete", (PROJECT, *CHECKS), shape=checked, after=onward),
    ActForm("trading.projects.accept_owing", accept_owing.accept_owing, accept_owing.AcceptOwing, "容缺受理", "Accept with a paper to follow", (
        PROJECT, Field("item", "核对事项", "Item", "select", options=tuple((item, CHECKLIST[item].zh, CHECKLIST[item].en) for item in MAY_FOLLOW)),
        Field("title", "待补材料名称", "Paper to follow"), Field("until", "补交期限", "To come by", "date")),
        consequence=Text("登记后该项可答“否”并同意；未补齐前不能发布公告。", "The item may then be answered with no; the notice waits for the paper.")),
    ActForm("trading.projects.check_paper", check_paper.check_paper, check_paper.CheckPaper, "核对", "Check", (
        PROJECT, Field("paper", kind="hidden"),
        Field("good", "核对结论", "Finding", "choice", options=(("yes", "已补齐", "It is there"), ("no", "不符，退回重补", "Not the paper owed"))),
        Field("remark", "不符之处", "What is wrong", optional=True)), shape=found),
    ActForm("trading.projects.return_for_repair", project_return.return_for_repair, project_return.ReturnForRepair, "退回补正", "Return for repair",
            (PROJECT, *CHECKS, *REASONS), danger=True, consequence=RETURN, shape=returned, after=onward),
)
