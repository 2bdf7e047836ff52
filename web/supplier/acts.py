"""Forms of a bidder's small acts; the sealed bid itself goes its own way (web/supplier/bids.py)."""
from typing import Any

from kernel.errors import Text
from trading.bids.lodge_guarantee import LodgeGuarantee, lodge_guarantee
from trading.bids.open_account import OpenAccount, open_account
from trading.bids.revoke import Revoke, revoke
from trading.notices.take_document import TakeDocument, take_document
from web.forms import ActForm, Field, forms
from web.viewer import LABELS, Viewer

PROJECT, LOT = Field("project", kind="hidden"), Field("lot", kind="hidden")


def letter(viewer: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """The scanned letter as the act takes it: where it lies and its digest."""
    kept = values.pop("letter")
    return values | {"blob": kept["blob"], "digest": kept["digest"]}


forms(
    ActForm("trading.notices.take_document", take_document, TakeDocument, "登记领取", "Register as taker", (PROJECT,),
            consequence=Text("登记后，澄清和延期会通知您。不登记也可以下载和投标；开标前无人能看到谁登记过。",
                             "You will be told of every clarification. You may download and bid without it; nobody sees who registered before the opening.")),
    ActForm("trading.bids.open_account", open_account, OpenAccount, "开立保证金子账号", "Open a deposit account", (PROJECT, LOT),
            consequence=Text("子账号随机生成，只用于本标段；开标前任何人看不到谁交纳。",
                             "The account number is random and serves this lot only; before the opening nobody sees who paid.")),
    ActForm("trading.bids.lodge_guarantee", lodge_guarantee, LodgeGuarantee, "提交保函", "Lodge a guarantee",
            (PROJECT, LOT, Field("issuer", "出具机构", "Issuer"), Field("number", "保函编号", "Number of the letter"),
             Field("amount", "担保金额", "Amount", "money"), Field("valid_until", "有效期至", "Valid until", "time"),
             Field("letter", "保函扫描件", "Scan of the letter", "file", accept=".pdf,.jpg,.png,.ofd")), shape=letter),
    ActForm("trading.bids.revoke", revoke, Revoke, "撤销投标", "Revoke the bid",
            (PROJECT, Field("bid", kind="hidden"), Field("cause", "撤销原因", "Reason", "area")), danger=True,
            consequence=Text("截止后撤销，保证金可能不予退还。", "After the deadline your deposit may be kept.")),
)
LABELS |= {"trading.bids.submit": Text("递交投标", "Bid submitted"), "trading.bids.replace": Text("替换投标", "Bid replaced")}
HANDLERS: list[Any] = []
