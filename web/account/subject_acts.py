"""Forms of an organisation's own file."""
from typing import Any

from kernel.errors import Text
from trading.subjects.appoint_person import AppointPerson, appoint_person
from trading.subjects.certify_key import CertifyKey, certify_key
from trading.subjects.change import Change, change
from trading.subjects.correct import Correct, correct
from trading.subjects.dismiss_person import DismissPerson, dismiss_person
from trading.subjects.enter import Enter, enter
from trading.subjects.revoke_key import RevokeKey, revoke_key
from trading.subjects.submit import Submit, submit
from web.forms import ActForm, Field, forms
from web.viewer import Viewer

KINDS = (("buyer", "招标人（采购人）", "Buyer"), ("agent", "代理机构", "Agency"), ("supplier", "投标人（供应商）", "Bidder"))
PAPERS = {"licence": Text("营业执照或登记证书", "Licence or certificate of registration"), "authorisation": Text("经办人授权书", "Authorisation of the person who acts"),
          "qualification": Text("资质证书", "Qualification"), "other": Text("其他材料", "Other")}
SUBJECT = Field("subject", kind="hidden")
DATA = (
    Field("name", "单位名称", "Name"), Field("name_en", "英文名称", "English name", optional=True),
    Field("kinds", "单位类型", "Kind of organisation", "many", options=KINDS, hint=Text("可以多选", "One or several")),
    Field("legal_person", "法定代表人", "Legal representative", optional=True), Field("address", "地址", "Address", optional=True),
    Field("region", "行政区划代码", "Region code", hint=Text("六位数字", "Six digits"), optional=True),
    Field("contact", "联系人", "Contact", optional=True), Field("phone", "联系电话", "Telephone", optional=True), Field("email", "电子邮箱", "E-mail"),
)
REVIEWED = Text("新内容经两级审核后生效，此前仍按原内容办理。", "The new values hold after both reviews; until then the old ones do.")


def given(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """An empty choice of kinds is the command's to refuse; None means unchanged there."""
    return {name: value for name, value in values.items() if value != ()}


forms(
    ActForm("trading.subjects.enter", enter, Enter, "登记单位", "Register the organisation",
            (Field("code", "统一社会信用代码", "Unified social credit code", hint=Text("18 位，按营业执照填写", "18 characters, as on the licence")), *DATA,
             Field("terms", "已阅读并同意使用条款", "I have read and accept the terms of use", "tick")), shape=given),
    ActForm("trading.subjects.correct", correct, Correct, "保存更正", "Save the corrections", (SUBJECT, *DATA), shape=given),
    ActForm("trading.subjects.change", change, Change, "提交变更", "Submit the change", (SUBJECT, *DATA), consequence=REVIEWED, shape=given),
    ActForm("trading.subjects.submit", submit, Submit, "提交审核", "Submit for review", (SUBJECT,),
            consequence=Text("提交后一个工作日内完成两级审核；审核期间不能修改。", "Both reviews are done within one working day; nothing can be changed meanwhile.")),
    ActForm("trading.subjects.certify_key", certify_key, CertifyKey, "登记此公钥", "Certify this key",
            (SUBJECT, Field("public", "公钥", "Public key"), Field("proof", "持有证明", "Proof of possession"))),
    ActForm("trading.subjects.revoke_key", revoke_key, RevokeKey, "注销密钥", "Revoke the key",
            (SUBJECT, Field("public", kind="hidden"), Field("words", "原因", "Reason")), danger=True,
            consequence=Text("注销后不能恢复；此前的签名仍然有效。", "It cannot be undone; what it signed stays valid.")),
    ActForm("trading.subjects.appoint_person", appoint_person, AppointPerson, "添加经办人", "Appoint a person",
            (SUBJECT, Field("name", "姓名", "Name"), Field("email", "电子邮箱", "E-mail", hint=Text("作为登录名，邀请发往此处", "The log-in name; the invitation goes there")),
             Field("manager", "可以管理经办人", "May appoint and dismiss", "tick"))),
    ActForm("trading.subjects.dismiss_person", dismiss_person, DismissPerson, "移除经办人", "Dismiss this person",
            (SUBJECT, Field("person", kind="hidden")), danger=True,
            consequence=Text("其登录会话和为本单位登记的密钥随即失效。", "The person's sessions and keys for this organisation end at once.")),
)
