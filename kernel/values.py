"""Values every room stands upon: ids, money, instants. Pure, apart from the randomness of new ids."""
import base64
import secrets
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991
DAY = 86_400_000
HOUR = 3_600_000
MINUTE = 60_000


def new_id() -> str:
    """80 random bits as 16 lower-case base32 letters: the only ids shown anywhere."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def short_code(length: int = 6) -> str:
    """Random upper-case base32 of `length` letters, for project and session codes."""
    return base64.b32encode(secrets.token_bytes(length)).decode()[:length]


def day_of(ms: int) -> date:
    """The legal day (Asia/Shanghai) of an instant in ms since 1970 UTC."""
    return datetime.fromtimestamp(ms / 1000, SHANGHAI).date()


def instant(day: date, hour: int = 0, minute: int = 0) -> int:
    """ms since 1970 UTC of a wall-clock time in Asia/Shanghai."""
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).timestamp()) * 1000


def local(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, SHANGHAI)


def iso(ms: int) -> str:
    """RFC 3339 in UTC, seconds."""
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat().replace("+00:00", "Z")


def show_time(ms: int, seconds: bool = False) -> str:
    return local(ms).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def yuan(fen: int) -> str:
    """41836216.50 style with separators: 41,836,216.50."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def wan(fen: int) -> str:
    """万元 with two decimals, rounded half up."""
    return f"{(Decimal(fen) / 1_000_000).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


DIGITS = "零壹贰叁肆伍陆柒捌玖"


def capitals(fen: int) -> str:
    """Money in Chinese capital figures, e.g. 1050 fen → 壹拾元伍角整. Accepts 0 … 10^16 fen."""
    if fen < 0 or fen >= 10**18:
        raise ValueError("amount out of range")
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    text = _section(whole) + "元" if whole else ""
    if not jiao and not rest:
        return (text or "零元") + "整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif text:
        text += "零"
    return text + (DIGITS[rest] + "分" if rest else "整")


def _section(number: int) -> str:
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            gap = "零" if low and low < unit // 10 else ""
            return _section(high) + name + gap + (_section(low) if low else "")
    text, gap = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text
