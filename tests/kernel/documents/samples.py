"""Data for every template, with hostile text where users write."""
from typing import Any

MOMENT = 1_796_263_800_000
HOSTILE = '示例公司 #read("/etc/passwd") $x$ *b* \\ <a> "q" @ref [x] //'
EVERY: dict[str, Any] = {"moment": MOMENT, "code": "E2026AB3DEF", "project": "示例区人民医院门诊楼改造工程（施工）"}
ORGS: dict[str, Any] = {"buyer": "示例区人民医院", "agent": "示例招标代理有限公司"}
DATA: dict[str, dict[str, Any]] = {
    "opening_record": EVERY | ORGS | {
        "method": "综合评估法 Comprehensive", "deadline": "2026-12-03 09:30", "opened": "2026-12-03 09:30", "place": "开标室 3",
        "host": "主持人甲", "ceiling": "48,000,000.00 元", "bid_count": "4", "root": "ab" * 32, "coefficient": "0.03（现场抽取 drawn on the spot）",
        "lines": [
            {"n": 1, "name": "示例建设集团有限公司", "price": "41,836,216.50", "capitals": "肆仟壹佰捌拾叁万陆仟贰佰壹拾陆元伍角整", "digest": "cd" * 32, "note": "工期 420 日"},
            {"n": 2, "name": HOSTILE, "price": "42,000,000.00", "digest": "ef" * 32, "note": "工期 400 日"},
            {"n": 3, "name": "某某市政工程有限公司", "note": "未能解密，视为撤回"},
        ],
        "custodians": [{"name": "中心", "at": "2026-12-03 09:31:02"}, {"name": "监督部门", "at": "2026-12-03 09:31:40"}],
        "attendance": [{"name": "示例建设集团有限公司", "at": "2026-12-03 09:12", "confirmed": "2026-12-03 09:48"}],
        "objections": [{"who": "某某市政工程有限公司", "text": "对解密结果提出异议。", "answer": "经核对系统日志，原因在投标人一方，已记录。"}],
    },
    "award_letter": EVERY | ORGS | {
        "winner": "示例建设集团有限公司", "winner_code": "91110000MA00ABCD12", "lot": "第 1 标段", "amount": "41,836,216.50",
        "capitals": "肆仟壹佰捌拾叁万陆仟贰佰壹拾陆元伍角整", "rank": "1", "contract_by": "2027-01-15", "terms": "工期 420 日；质量标准：合格。",
        "articles": "招标投标法 第四十五条、第四十六条",
    },
    "result_letter": EVERY | ORGS | {
        "to": HOSTILE, "winner": "示例建设集团有限公司", "amount": "41,836,216.50", "price": "42,000,000.00", "total": "86.42", "rank": "2", "lot": "第 1 标段",
        "sections": [{"name": "技术", "score": "35.20"}, {"name": "商务", "score": "18.00"}, {"name": "价格", "score": "33.22"}],
        "remedy": "对结果有异议的，可自结果公告期限届满之日起 7 个工作日内通过本平台提出质疑。",
    },
    "evaluation_report": EVERY | ORGS | {
        "method": "综合评分法 Comprehensive scoring", "session": "7F3A", "from_to": "2026-12-03 13:30 – 17:05", "scheme": "12" * 32,
        "members": [{"letter": letter, "kind": "评审专家 Expert" if letter != "E" else "采购人代表 Buyer's representative", "office": "组长 Chair" if letter == "B" else ""} for letter in "ABCDE"],
        "bids": [{"n": n, "name": f"示例服务第{n}有限公司", "price": f"{900 - n},000.00", "total": f"{80 + n}.25", "rank": 9 - n} for n in range(1, 9)],
        "rejected": [{"name": "示例服务第九有限公司", "reason": "未按要求签字盖章", "article": "87号令 第六十三条"}],
        "tables": [{"title": "技术分（按席位）", "title_en": "Technical, by seat", "head": ["投标人", "A", "B", "C"], "rows": [["示例服务第1有限公司", "30.0", "31.5", "29.0"]]}],
        "candidates": [{"rank": 1, "name": "示例服务第8有限公司", "amount": "892,000.00", "score": "88.25"}],
        "findings": ["对 2 家投标人的报价作了算术复核，无修正。"], "dissents": [{"letter": "C", "text": "认为第 3 项评分过宽。"}],
        "signatures": [{"letter": letter, "stand": "同意 agrees", "at": "2026-12-03 17:02"} for letter in "ABCDE"],
    },
    "receipt": EVERY | {
        "receipt": "mfzxkzlsmvqwc43b", "digest": "ab" * 32, "position": "第 218,403 号", "witnesses": "1 / 1", "entry": "cd" * 32,
        "facts": [{"zh": "收到时刻", "en": "Received", "value": "2026-12-03 09:12:04"}, {"zh": "版本", "en": "Version", "value": "1"}],
    },
    "notice": EVERY | {
        "title": "中标结果公告", "title_en": "Notice of result", "published": "2026-12-15 10:00", "media": "中国政府采购网地方分网", "ends": "2026-12-16",
        "facts": [{"zh": "中标人名称、地址、中标金额", "en": "Winner: name, address, amount", "value": "示例建设集团有限公司\n示例区示例路 1 号\n41,836,216.50 元"}, {"zh": "评审专家名单", "en": "Names of the experts", "value": HOSTILE}],
    },
}
