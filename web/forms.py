"""Where a form becomes an act. One table of forms, one route for all: /do/<tag>.

A form lists its fields in the two languages; `build` turns what was posted into the act's command. Money is typed in
yuan, times on the centre's wall clock. A file is kept first; the command carries its key.
"""
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar.datastructures import UploadFile
from pydantic import BaseModel, ValidationError

from kernel.errors import Malformed, Text
from kernel.values import SHANGHAI
from web import kept
from web.viewer import LABELS, Viewer

Options = tuple[tuple[str, str, str], ...]
FORMS: dict[str, "ActForm"] = {}


@dataclass(frozen=True)
class Field:
    """kind: text area money time date number select choice many tick file hidden password."""

    name: str
    zh: str = ""
    en: str = ""
    kind: str = "text"
    hint: Text | None = None
    options: Options | Callable[[Viewer], Options] = ()
    optional: bool = False
    unit: str = ""
    accept: str = ""

    @property
    def label(self) -> Text:
        return Text(self.zh, self.en)

    def choices(self, viewer: Viewer) -> list[tuple[str, Text]]:
        rows = self.options(viewer) if callable(self.options) else self.options
        return [(value, Text(zh, en)) for value, zh, en in rows]


@dataclass(frozen=True)
class ActForm:
    """tag: the act's · cmd: its command · build: extra shaping of the values before the command is made."""

    tag: str
    act: Callable[..., Any]
    cmd: type[BaseModel]
    zh: str
    en: str
    fields: tuple[Field, ...] = ()
    danger: bool = False
    consequence: Text | None = None
    after: Callable[[Viewer, Any, dict[str, Any]], str] | None = None
    shape: Callable[[Viewer, dict[str, Any]], dict[str, Any]] | None = None
    anonymous: bool = False

    @property
    def label(self) -> Text:
        return Text(self.zh, self.en)


def forms(*several: ActForm) -> None:
    """Registers forms; a second form of the same act is our mistake."""
    for form in several:
        assert form.tag not in FORMS, f"two forms for {form.tag}"
        assert getattr(form.act, "tag", form.tag) == form.tag, form.tag
        FORMS[form.tag] = form
        LABELS[form.tag] = form.label


class Invalid(Exception):
    """What is wrong with which fields: name → sentence."""

    def __init__(self, problems: dict[str, Text]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


def read(form: ActForm, posted: dict[str, Any], viewer: Viewer) -> BaseModel:
    """The command. Raises Invalid with every problem at once; the reader keeps what was typed."""
    return made(form, collected(form, posted, viewer), viewer)


def collected(form: ActForm, posted: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    """The value of every field that was filled in; files are kept on the way."""
    values: dict[str, Any] = {}
    problems: dict[str, Text] = {}
    for item in form.fields:
        try:
            value = _value(item, posted, viewer)
        except Malformed as error:
            problems[item.name] = error.why or Text(f"请检查{item.zh}", f"Check {item.en.lower()}")
            continue
        if value is None and not item.optional and item.kind not in ("tick", "many"):
            problems[item.name] = Text(f"请填写{item.zh}", f"Enter {item.en[:1].lower()}{item.en[1:]}")
        elif value is not None:
            values[item.name] = value
    if problems:
        raise Invalid(problems)
    return values


def made(form: ActForm, values: dict[str, Any], viewer: Viewer) -> BaseModel:
    """The command of these values, which `shape` may use up."""
    if form.shape:
        values = form.shape(viewer, values)
    try:
        return form.cmd(**values)
    except ValidationError as error:
        raise Invalid({str(e["loc"][0]) if e["loc"] else "form": _say(form, e) for e in error.errors()}) from error


def _say(form: ActForm, error: Any) -> Text:
    name = str(error["loc"][0]) if error["loc"] else ""
    item = next((f for f in form.fields if f.name == name), None)
    zh, en = (item.zh, item.en) if item else (name, name)
    limit = error.get("ctx", {})
    kind = error["type"]
    if "too_long" in kind:
        return Text(f"{zh}最多 {limit.get('max_length')} 字", f"{en}: at most {limit.get('max_length')} characters")
    if "too_short" in kind:
        return Text(f"{zh}至少 {limit.get('min_length')} 字", f"{en}: at least {limit.get('min_length')} characters")
    if "pattern" in kind:
        return Text(f"{zh}格式不对", f"{en} has the wrong form")
    if kind.startswith(("greater", "less")):
        return Text(f"{zh}超出范围", f"{en} is out of range")
    return Text(f"{zh}填写有误", f"Check {en}")


def _value(item: Field, posted: dict[str, Any], viewer: Viewer) -> Any:
    raw = posted.get(item.name)
    if item.kind == "many":
        return tuple(_text(item, one) for one in (raw if isinstance(raw, list) else [raw] if raw else []))
    if item.kind == "tick":
        return bool(raw)
    if item.kind == "file":
        return _file(item.name, posted, viewer)
    if isinstance(raw, list):
        raw = raw[-1]
    text = raw.strip() if isinstance(raw, str) else raw
    if text in (None, ""):
        return None
    text = _text(item, text)
    if item.kind in ("select", "choice") and isinstance(item.options, tuple) and item.options and text not in {value for value, *_ in item.options}:
        raise Malformed(item.name, Text("请从列出的选项中选择", "Choose one of the options listed"))
    return CONVERT.get(item.kind, str)(text)


def _text(item: Field, raw: Any) -> str:
    """A typed value as it may be stored and signed: a file, a control character or half a character pair is none."""
    if not isinstance(raw, str):
        raise Malformed(item.name)
    if any((ord(sign) < 32 and sign not in "\t\n\r") or 0xD800 <= ord(sign) < 0xE000 for sign in raw):
        raise Malformed(item.name, Text("含有无法使用的字符", "It holds characters that cannot be used"))
    return raw


def _file(name: str, posted: dict[str, Any], viewer: Viewer) -> dict[str, Any] | None:
    """What was kept before the signature stands in for the upload: the signed command names that very file."""
    raw, token = posted.get(name), posted.get(f"{name}_kept")
    if token:
        return kept.opened(viewer, name, str(token))
    if not isinstance(raw, UploadFile) or not raw.filename:
        return None
    raw.file.seek(0)
    blob = viewer.centre.blobs.put_stream(raw.file, viewer.centre.settings.paper_limit)
    return {"blob": blob.key, "digest": blob.digest, "size": blob.size}


def fen(text: str) -> int:
    """Yuan as typed (separators allowed, at most two decimals) in fen. Malformed otherwise."""
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise Malformed("money", Text("金额请用数字填写", "Enter the amount in figures")) from error
    if not amount.is_finite() or not 0 <= amount < 10**13 or amount != amount.quantize(Decimal("0.01")):
        raise Malformed("money", Text("金额应为不小于零、至多两位小数的数", "The amount has at most two decimals and is not negative"))
    return int(amount * 100)


def wall_clock(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()) * 1000
    except (ValueError, OverflowError) as error:
        raise Malformed("time", Text("时间格式应为 2026-12-03 09:30", "Write the time as 2026-12-03 09:30")) from error


def whole_number(text: str) -> int:
    if not text.removeprefix("-").isdecimal() or len(text) > 15:
        raise Malformed("number", Text("请填写整数", "Enter a whole number"))
    return int(text)


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Malformed("date", Text("日期格式应为 2026-12-03", "Write the date as 2026-12-03")) from error


CONVERT: dict[str, Callable[[str], Any]] = {"money": fen, "time": wall_clock, "number": whole_number, "date": a_day}


@dataclass(frozen=True)
class Shown:
    """A form as a template draws it: the form, preset values, problems, where to go after."""

    form: ActForm
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Text] = field(default_factory=dict)
    next: str = ""

    @property
    def mark(self) -> str:
        """Tells its fields from those of the other forms on the page; a form with problems stands alone, and the summary links to bare names."""
        if self.problems:
            return ""
        about = [str(self.values.get(item.name, ""))[-6:] for item in self.form.fields if item.kind == "hidden"]
        return "-".join([self.form.tag.rpartition(".")[2], *about, ""])
