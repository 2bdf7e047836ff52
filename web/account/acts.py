"""Forms of a person's own keys, and the names of what is done outside the one route of forms."""
from kernel.errors import Text
from kernel.identity.revoke_key import RevokeKey, revoke_key
from web.forms import ActForm, Field, forms
from web.viewer import LABELS

REVOKE = ActForm(
    "kernel.identity.revoke_key", revoke_key, RevokeKey, "撤销此密钥", "Revoke this key", (Field("passkey", kind="hidden"),), danger=True,
    consequence=Text("撤销后不能恢复，您的全部登录会话随即结束。至少保留一把。", "It cannot be undone and ends all your sessions. Keep at least one key."),
)
forms(REVOKE)
LABELS["kernel.identity.enrol_passkey"] = Text("登记密钥", "Key enrolled")
LABELS["kernel.rehearsal.step"] = Text("时钟已前进", "The clock went forward")

HANDLERS: list[object] = []
