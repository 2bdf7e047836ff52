"""Pages as a person meets them: which forms there are, what stands in their fields, which links. No browser, no scripts."""
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXTS = ("text", "hidden", "email", "number", "date", "datetime-local", "password", "search", "tel", "url")


@dataclass
class Field:
    """kind: as HTML names it · value: what stands there · options: what may be chosen · chosen: which of them are · most: upper limit."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    most: str = ""

    def labelled(self, words: str) -> str:
        """The option whose label holds these words. LookupError where there is none."""
        found = next((value for value, label in self.labels.items() if words in label), None)
        if found is None:
            raise LookupError(f"{self.name}: nothing reads {words}")
        return found


@dataclass
class Form:
    action: str
    method: str = "get"
    multipart: bool = False
    fields: dict[str, Field] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def holds(self, known: dict[str, str]) -> bool:
        """Do these values stand in the form already?"""
        return all(name in self.fields and value in (self.fields[name].value, *self.fields[name].chosen) for name, value in known.items())

    def filled(self, typed: dict[str, object]) -> list[tuple[str, str]]:
        """What the browser would send. LookupError: a field that is not there, or a choice that is not offered."""
        typed = dict(typed)
        sent: list[tuple[str, str]] = []
        for name, one in self.fields.items():
            given = typed.pop(name, None)
            if one.kind in ("file", "submit") and given is None:
                continue
            several = bool(one.options) or one.kind == "list"
            values = [str(v) for v in given] if isinstance(given, list) else [str(given)] if given is not None else one.chosen if several else [one.value]
            wrong = [value for value in values if one.options and value not in one.options]
            if wrong:
                raise LookupError(f"{name}: {wrong[0]!r} is not among {one.options}")
            sent += [(name, value) for value in values]
        if typed:
            raise LookupError(f"no field {', '.join(typed)} in {self.action}")
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._list: Field | None = None
        self._before = 0  # how many were chosen before this list began; the same name may stand several times
        self._area: Field | None = None
        self._option: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            marks = {name: value for name, value in given.items() if name.startswith("data-")}
            self._form = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("enctype", "").startswith("multipart"), marks=marks)
            self.forms.append(self._form)
        elif self._form is not None:
            self._inside(self._form, tag, given)

    def _inside(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "option" and self._list is not None:
            value = given.get("value", "")
            self._list.options.append(value)
            self._option = value
            if len(self._list.chosen) == self._before:
                self._list.chosen.append(value)
            elif "selected" in given:
                self._list.chosen[-1] = value
        if not name or "disabled" in given:
            return
        if tag == "input":
            self._input(form, name, given.get("type", "text").lower(), given)
        elif tag == "select":
            self._list = form.fields.setdefault(name, Field(name, "select"))
            self._before = len(self._list.chosen)
        elif tag == "textarea":
            self._area = form.fields.setdefault(name, Field(name, "textarea"))
        elif tag == "button":
            one = form.fields.setdefault(name, Field(name, "submit"))
            one.options.append(given.get("value", ""))

    def _input(self, form: Form, name: str, kind: str, given: dict[str, str]) -> None:
        if kind in ("radio", "checkbox"):
            one = form.fields.setdefault(name, Field(name, kind))
            one.options.append(given.get("value", "on"))
            if "checked" in given:
                one.chosen.append(given.get("value", "on"))
        elif kind == "file":
            form.fields.setdefault(name, Field(name, "file"))
        elif kind in TEXTS:
            known = form.fields.get(name)
            if known is None:
                form.fields[name] = Field(name, kind, given.get("value", ""), chosen=[given.get("value", "")], most=given.get("max", ""))
            else:  # the same name several times: a list in the order of the page
                known.chosen.append(given.get("value", ""))
                known.kind = "list"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "option":
            self._option = None
        elif tag == "select":
            self._list = None
        elif tag == "textarea" and self._area is not None:
            self._area.value, self._area = self._area.value.removeprefix("\n"), None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        elif self._list is not None and self._option is not None:
            self._list.labels[self._option] = self._list.labels.get(self._option, "") + data


@dataclass(frozen=True)
class Page:
    path: str
    status: int
    text: str

    def forms(self) -> list[Form]:
        reader = _Reader()
        reader.feed(self.text)
        return reader.forms

    def form(self, action: str, known: dict[str, str] | None = None) -> Form | None:
        """The first form of this act or address that holds the known values: /do/<tag>, or the tender's own page of the act."""
        tail = action.rpartition(".")[2] if not action.startswith("/") else ""
        for form in self.forms():
            here = form.action == (action if action.startswith("/") else f"/do/{action}") or (tail and re.fullmatch(rf"/desk/projects/\w+/{tail}", form.action))
            if here and form.method == "post" and form.holds(known or {}):
                return form
        return None

    def find(self, pattern: str) -> str:
        """The first group of a pattern in the page's source, entities resolved; "" where it is not."""
        found = re.search(pattern, self.text, re.DOTALL)
        return html.unescape(found.group(1)) if found else ""

    def said(self) -> str:
        """The words of the page's main part without its markup."""
        main = re.search(r"<main\b.*?</main>", self.text, re.DOTALL)
        bare = re.sub(r"<(script|style|nav)\b.*?</\1>|<[^>]+>", " ", main.group() if main else self.text, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(bare)).strip()


def called(outbox: str) -> Iterator[tuple[str, str]]:
    """(address, link) of each call to an expert in the rehearsal's outbox."""
    for letter in re.findall(r"<li>.*?</li>", outbox, re.DOTALL):
        link, address = re.search(r'href="(/call/[0-9a-f]{32})"', letter), re.search(r"(?:站内|邮件|短信) ([^<\s]+)", letter)
        if link and address:
            yield address.group(1), link.group(1)
