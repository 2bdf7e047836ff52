"""Forms of an outage, for technicians and regulators; they stand on the page of the platform's state."""
from kernel.errors import Text
from trading.incidents.close import Close, close
from trading.incidents.open import Open
from trading.incidents.open import open as record
from trading.incidents.reads import WHAT
from web.forms import ActForm, Field, forms

forms(
    ActForm("trading.incidents.open", record, Open, "登记故障", "Record an outage", (
        Field("what", "故障范围", "What failed", "select", options=tuple((code, text.zh, text.en) for code, text in WHAT.items())),
        Field("since", "开始时间", "Since", "time"),
        Field("witnessed", "何人如何发现", "Who saw what", "area", Text("不公开；账本只记其摘要", "Not public; the ledger holds its digest only"))),
        consequence=Text("登记后本页公开，故障期间任何项目不会截止。", "This page shows it, and no tender closes while it lasts.")),
    ActForm("trading.incidents.close", close, Close, "登记恢复", "Record the recovery", (
        Field("incident", kind="hidden"), Field("until", "恢复时间", "Recovered at", "time"), Field("good", "检测已全部通过", "All checks pass again", "tick")),
        consequence=Text("须两人登记同一恢复时间。故障开始至恢复后两小时内的截止时间顺延到其后的工作时间，逐项公告。",
                         "Two persons record the same time. Deadlines from the beginning to two hours after the recovery move to the next working hour, each by its notice.")),
)
