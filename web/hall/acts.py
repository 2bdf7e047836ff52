"""What is done in the hall: by the host, by bidders, by whoever contributes to the coefficient."""
from typing import Any

from kernel.errors import Text
from trading.opening.answer import Answer, answer
from trading.opening.attribute_failure import AttributeFailure, attribute_failure
from trading.opening.commit_coefficient import CommitCoefficient, commit_coefficient
from trading.opening.confirm import Confirm, confirm
from trading.opening.draw_coefficient import DrawCoefficient, draw_coefficient
from trading.opening.object import Object
from trading.opening.object import object as raise_objection
from trading.opening.read_out import ReadOut, read_out
from trading.opening.read_out_prices import ReadOutPrices, read_out_prices
from trading.opening.return_unopened import ReturnUnopened, return_unopened
from trading.opening.reveal_coefficient import RevealCoefficient, reveal_coefficient
from trading.opening.sign_in import SignIn, sign_in
from trading.opening.sign_price_record import SignPriceRecord, sign_price_record
from trading.opening.sign_record import SignRecord, sign_record
from trading.opening.start import Start, start
from web.forms import ActForm, Field, forms
from web.viewer import Viewer

PROJECT = Field("project", kind="hidden")
CAUSES = (("bidder", "投标人原因：视为撤销", "The bidder's fault: counts as revoked"), ("other", "其他原因：视为撤回", "Another cause: counts as withdrawn"))


def with_evidence(_: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """The digest of the uploaded proof is what the act takes."""
    return values | {"evidence": values["evidence"]["digest"]}


def with_sealed(_: Viewer, values: dict[str, Any]) -> dict[str, Any]:
    """Where the sealed contribution lies."""
    kept = values.pop("sealed")
    return values | {"blob": kept["blob"]}


forms(
    ActForm("trading.opening.sign_in", sign_in, SignIn, "签到", "Sign in", (PROJECT,)),
    ActForm("trading.opening.start", start, Start, "开始开标", "Start the opening", (PROJECT,),
            consequence=Text("开始后保管人的程序可以解密，解密时限开始计算。", "From here the custodians' programs may decrypt, and the decryption window runs.")),
    ActForm("trading.opening.read_out", read_out, ReadOut, "公布并唱标", "Read out", (PROJECT,),
            consequence=Text("开启的内容同时公布，不能撤回。", "Everything that was opened is shown at one moment. This cannot be taken back.")),
    ActForm("trading.opening.read_out_prices", read_out_prices, ReadOutPrices, "公布报价", "Read out the prices", (PROJECT,),
            consequence=Text("全部报价同时公布，不能撤回；随后系统汇总得分。", "All prices are shown at one moment. This cannot be taken back; the totals are computed next.")),
    ActForm("trading.opening.sign_price_record", sign_price_record, SignPriceRecord, "签署报价开启记录", "Sign the record of the prices", (PROJECT,),
            consequence=Text("签署后不再受理当场异议，记录不再改变。", "With the signature nobody objects on the spot any more, and the record does not change.")),
    ActForm("trading.opening.draw_coefficient", draw_coefficient, DrawCoefficient, "抽取系数", "Draw the coefficient", (PROJECT,),
            consequence=Text("系数由各方已公开的随机数算出，只抽一次。", "The coefficient follows from the contributions shown. It is drawn once.")),
    ActForm("trading.opening.sign_record", sign_record, SignRecord, "签署开标记录", "Sign the record", (PROJECT,),
            consequence=Text("签署后开标结束，记录不再改变。", "With the signature the opening is over and the record does not change any more.")),
    ActForm("trading.opening.return_unopened", return_unopened, ReturnUnopened, "不开标，退回", "Return unopened", (PROJECT,), danger=True,
            consequence=Text("投标人不足三家时不得开标，投标文件原样退回，项目流标。", "With fewer than three bidders nothing is opened, bids go back as they are, and the tender has failed.")),
    ActForm("trading.opening.attribute_failure", attribute_failure, AttributeFailure, "认定解密失败责任", "Attribute the failure", (
        PROJECT, Field("bid", kind="hidden"), Field("cause", "责任", "Whose fault", "choice", options=CAUSES),
        Field("evidence", "证明文件", "Proof", "file", hint=Text("日志或现场记录；账本只记其摘要", "Logs or protocol; the ledger holds its digest only")),
        Field("note", "说明", "What happened", "area")), danger=True, shape=with_evidence),
    ActForm("trading.opening.object", raise_objection, Object, "当场提出异议", "Object on the spot", (
        PROJECT, Field("text", "异议内容", "Your objection", "area", hint=Text("主持人当场答复，问答写入开标记录", "The host answers on the spot; both stand in the record")))),
    ActForm("trading.opening.answer", answer, Answer, "当场答复", "Answer on the spot", (
        PROJECT, Field("objection", kind="hidden"), Field("text", "答复", "Answer", "area"))),
    ActForm("trading.opening.confirm", confirm, Confirm, "确认开标记录", "Confirm the read-out", (PROJECT,),
            consequence=Text("确认唱标内容与您的投标一致。超时未确认视为认可。", "You confirm that what was read out is your bid. Silence counts as consent once the time is over.")),
    ActForm("trading.opening.commit_coefficient", commit_coefficient, CommitCoefficient, "提交随机数承诺", "Commit a contribution", (
        PROJECT, Field("commit", "承诺", "Commitment", hint=Text(
            "唱标前提交。64 位十六进制；随机数在您的电脑上生成，请保存到唱标之后。",
            "Before the read-out. 64 hex digits; the contribution is made on your computer: keep it until after the read-out.")),
        Field("sealed", "密封文件", "Sealed file", "file", Text(
            "同一随机数封给保管人；您未公开时由保管人打开", "The same contribution sealed to the custodians, who open it should you fall silent"))), shape=with_sealed),
    ActForm("trading.opening.reveal_coefficient", reveal_coefficient, RevealCoefficient, "公开随机数", "Reveal the contribution", (
        PROJECT, Field("contribution", "随机数", "Contribution", hint=Text("提交承诺时保存的 64 位十六进制", "The 64 hex digits you kept when you committed")))),
)

HANDLERS: list[Any] = []
