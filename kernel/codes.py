"""Codes of companies and persons: whether they can be right, and the forms in which they may be shown.

Pure. A passed check says that the digits fit each other, not that the company or the person exists.
Sources: GB 32100-2015 (统一社会信用代码), GB 11714-1997 (its inner organisation code), GB 11643-1999 (公民身份号码).
"""
import re
import unicodedata
from datetime import date

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z: they are misread
CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
ID_CHECKS = "10X98765432"
TWO_LETTER_SURNAMES = frozenset(
    (
        "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯",
        "宇文", "长孙", "端木", "轩辕", "南宫", "独孤", "钟离", "闻人", "申屠", "太史", "淳于", "单于",
        "呼延", "澹台", "百里", "东郭", "西门", "闾丘", "鲜于", "拓跋", "完颜", "赫连",
    )
)


def tidy(text: str) -> str:
    """What people paste: full-width letters become plain, spaces and hyphens go. Case stays: a lower-case code is an error."""
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text))


def credit_check(first17: str) -> str:
    """The 18th character of a unified social credit code. ValueError on letters outside its alphabet."""
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(first17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    if len(code) != 18 or any(c not in CREDIT_ALPHABET for c in code):
        return False
    return code[2:8].isdigit() and credit_check(code[:17]) == code[17]


def organisation_code_fits(credit_code: str) -> bool:
    """Letters 9–17 by the older standard. False is a hint, never a refusal: some 92/93 and old codes differ."""
    inner = credit_code[8:17]
    if len(inner) != 9 or any(c not in ORGANISATION_ALPHABET for c in inner):
        return False
    total = sum(ORGANISATION_ALPHABET.index(c) * w for c, w in zip(inner[:8], ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11] == inner[8]


def is_resident_id(code: str) -> bool:
    """18 characters, a day that exists in the calendar, and the check digit. An old 15-digit number is refused."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", code):
        return False
    try:
        date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return False
    total = sum(int(c) * w for c, w in zip(code[:17], ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11] == code[17]


def mask_id(code: str) -> str:
    """First six, last four. Anything that is not 18 characters long shows nothing, its length included."""
    return f"{code[:6]}********{code[-4:]}" if len(code) == 18 else "********"


def mask_phone(number: str) -> str:
    """138****5678; a number of another kind keeps its last four, a short one nothing."""
    digits = re.sub(r"\D", "", number.removeprefix("+86"))
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-4:]}" if len(digits) >= 7 else "****"


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳修远 → 欧阳**. A name in Latin letters shows nothing: an initial or pinyin points at its owner."""
    name = "".join(name.split())
    if len(name) < 2 or not all("一" <= c <= "鿿" or "㐀" <= c <= "䶿" for c in name):
        return "**"
    surname = 2 if len(name) > 2 and name[:2] in TWO_LETTER_SURNAMES else 1
    return name[:surname] + "*" * (len(name) - surname)


def mask_account(account: str) -> str:
    digits = re.sub(r"\D", "", account)
    return f"****{digits[-4:]}" if len(digits) >= 8 else "****"


def bank_without_branch(name: str) -> str:
    """The bank's own name. The branch names the payer's town, so a name that has no recognisable bank in it shows nothing."""
    if match := re.match(r"[一-鿿]*?银行", name):
        return match[0]
    if re.search(r"信用(?:合作)?(?:联)?社", name):
        return "农村信用社"
    if match := re.match(r"[A-Za-z][A-Za-z .&']*?\bBank\b(?: of [A-Z][a-z]+)?", name):
        return match[0]
    return ""
