"""Reads an amount written in Chinese capital figures, e.g. 壹拾万零伍佰元整 → 10050000 fen.

Strict in what changes the amount (order of units, 壹佰伍 without its 零, which people read as 105 or as 150), lenient in what
does not: a spare 零, 圆 for 元, 正 for 整, traditional forms, the prefix 人民币. 大写 wins over 小写: a guess here would set a price.
"""
import re

DIGITS = {"零": 0, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
UNITS = {"仟": 1000, "佰": 100, "拾": 10}
VARIANTS = str.maketrans("圆圓萬億貳弍參叄陸〇正", "元元万亿贰贰叁叁陆零整")
AMOUNT = re.compile(r"(?:([^元角分整]+)元)?(?:零*([壹贰叁肆伍陆柒捌玖零])角)?(?:零*([壹贰叁肆伍陆柒捌玖零])分)?整?")


def parse_capitals(text: str) -> int:
    """Fen. ValueError on anything that is not one amount in capital figures."""
    plain = re.sub(r"\s", "", text).translate(VARIANTS)
    plain = re.sub(r"^人民币[:：]?", "", plain)
    match = AMOUNT.fullmatch(plain)
    if not match or not any(match.groups()):
        raise ValueError(f"not an amount in capital figures: {text!r}")
    yuan, jiao, fen = match.groups()
    return (_whole(yuan) if yuan else 0) * 100 + DIGITS[jiao or "零"] * 10 + DIGITS[fen or "零"]


def _whole(text: str) -> int:
    high, has, rest = text.rpartition("亿")
    if has:
        if "亿" in high:
            raise ValueError("亿 stands twice")
        return _ten_thousands(high) * 10**8 + _ten_thousands(rest, empty=True)
    return _ten_thousands(text)


def _ten_thousands(text: str, empty: bool = False) -> int:
    high, has, rest = text.partition("万")
    if has:
        return _section(high) * 10**4 + _section(rest, empty=True)
    return _section(text, empty)


def _section(text: str, empty: bool = False) -> int:
    """Under ten thousand. Units descend; each has its digit, except that 拾 at the very front means 壹拾."""
    total, digit, last = 0, None, 10_000
    for place, letter in enumerate(text):
        if letter == "零":
            if digit is not None:
                raise ValueError("a digit without its unit")
        elif letter in DIGITS:
            if digit is not None or last == 1:
                raise ValueError("two digits side by side")
            digit = DIGITS[letter]
        elif letter in UNITS:
            unit = UNITS[letter]
            if unit >= last or (digit is None and (unit != 10 or place != 0)):
                raise ValueError(f"{letter} stands in the wrong place")
            total, digit, last = total + (1 if digit is None else digit) * unit, None, unit
        else:
            raise ValueError(f"{letter} is no capital figure")
    if digit is not None and text[-2:-1] not in ("拾", "零") and (len(text) > 1 or empty):
        raise ValueError("a single figure after a larger unit needs its 零")
    if not total and digit is None and not empty and text.strip("零") == text:
        raise ValueError("an amount without a figure")
    return total + (digit or 0)
