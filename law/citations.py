"""The documents of the rule book, and the reader of a `source` column.

`cite("实施条例", "第五十四条")` gives one Citation under the full title; `tendering("第二十四条")` and its
neighbours are the same for the documents named most. `parse` reads what tables write:
"招标投标法 第二十四、三十四条; 实施条例 第十六条 [seen]" → three citations; `certainty` reads its marks.
"""
import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from law.citation import Citation, Clause

# weakest last; a source with several marks is as sure as its weakest
CERTAINTIES = ("seen", "house", "seen2", "memH", "memM", "memL")


@dataclass(frozen=True)
class Document:
    """short: the name tables use · number: order number or year of the text · since: day in force · field: the one field of trade
    that it binds, "" for a document that binds all."""

    short: str
    title: str
    number: str
    english: str
    since: date
    field: str = ""


@cache
def documents() -> dict[str, Document]:
    """All documents by short name; two short names may mean one document."""
    with (Path(__file__).parent / "documents.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["short"]: Document(row["short"], row["title"], row["number"], row["english"], date.fromisoformat(row["since"]), row["field"])
            for row in csv.DictReader(lines)
        }


def cite(short: str, article: str = "") -> Citation:
    """One citation by the document's short name. KeyError: the document is not in documents.csv."""
    document = documents()[short]
    return Citation(document.title, article, document.number)


@cache
def _bound() -> dict[str, str]:
    return {document.title: document.field for document in documents().values() if document.field}


def of_field(under: tuple[Citation, ...], field: str) -> tuple[Citation, ...]:
    """Of the citations of a rule that stands in several fields those that bind this one; all where none would remain."""
    kept = tuple(citation for citation in under if _bound().get(citation.document, field) == field)
    return kept if field and kept else under


def gloss(citation: Citation) -> str:
    """The English name of a cited document with its article, for English pages. KeyError: unknown title."""
    english = next((d.english for d in documents().values() if d.title == citation.document), None)
    if english is None:
        raise KeyError(citation.document)
    return f"{english} {citation.article}".strip()


Cited = Callable[..., Citation]
tendering: Cited = partial(cite, "招标投标法")
tendering_regulations: Cited = partial(cite, "实施条例")
procurement_law: Cited = partial(cite, "政府采购法")
procurement_regulations: Cited = partial(cite, "政府采购法实施条例")
order_87: Cited = partial(cite, "87号令")
order_94: Cited = partial(cite, "94号令")
order_74: Cited = partial(cite, "74号令")
order_101: Cited = partial(cite, "101号令")
electronic_tendering: Cited = partial(cite, "电子招标投标办法")
experts_198: Cited = partial(cite, "198号")
land_39: Cited = partial(cite, "39号令")
fair_competition: Cited = partial(cite, "公平竞争审查规则")
order_10: Cited = partial(cite, "Order 10")
order_12: Cited = partial(cite, "Order 12")
order_26: Cited = partial(cite, "Order 26")
low_prices: Cited = partial(cite, "财库〔2026〕2号")
electronic_signature: Cited = partial(cite, "电子签名法")
personal_information: Cited = partial(cite, "个人信息保护法")
cybersecurity: Cited = partial(cite, "网络安全法")
protocols: Cited = partial(cite, "protocols")
house: Cited = partial(cite, "house")
local: Cited = partial(cite, "local")

DIGITS = "零一二三四五六七八九"
_NUMERAL = f"[{DIGITS}十百]+"


def numeral(text: str) -> int:
    """Article numeral to integer: 二十二 → 22, 一百零三 → 103. ValueError: not a numeral under 1000."""
    total, digit = 0, 0
    for letter in text:
        if letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        elif letter in DIGITS:
            digit = DIGITS.index(letter)
        else:
            raise ValueError(text)
    return total + digit


def in_words(number: int) -> str:
    """Integer to article numeral, 1 … 999: 22 → 二十二, 103 → 一百零三, 110 → 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        text += ("一" if hundreds and tens == 1 else "" if tens == 1 else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


@cache
def _tokens() -> re.Pattern[str]:
    names = sorted((d for d in documents() if d not in {"S7", "S8", "local", "46号"}), key=len, reverse=True)
    return re.compile(
        rf"(?P<doc>{'|'.join(map(re.escape, names))}|(?<![A-Za-z])(?:S7|S8|local)(?![A-Za-z])|(?<!\d)46号)"
        rf"|第(?P<numbers>{_NUMERAL}(?:[、至](?:第)?{_NUMERAL}(?:条(?=[、至]))?)*)(?P<unit>条|章)"
        r"(?P<item>(?:\([一二三四五六七八九十]+\)|–(?=\())*)(?:\s*¶(?P<paragraph>\d))?(?P<point> \d[\d.]*)?"
        r"|§(?P<section>[\d.]*\d)"
    )


def parse(text: str) -> tuple[Citation, ...]:
    """Every article the text names, in order, each once; a document without article counts as itself.

    Lists (第二十二、五十四条) and ranges (第十五至十七条) become one citation an article, so that a search for
    an article finds its rules. ¶4 becomes 第四款. Words beside them are commentary. A text that names no
    document gives ().
    """
    found: list[Citation] = []
    open_document = ""
    named = False

    def close() -> None:
        if open_document and not named:
            found.append(cite(open_document))

    for token in _tokens().finditer(text):
        if token["doc"]:
            close()
            open_document, named = token["doc"], False
        elif open_document and token["section"]:
            found.append(cite(open_document, "§" + token["section"]))
            named = True
        elif open_document and token["numbers"]:
            found += [cite(open_document, article) for article in _articles(token)]
            named = True
    close()
    return tuple(dict.fromkeys(found))


def _articles(token: re.Match[str]) -> list[str]:
    unit = token["unit"]
    paragraph = f"第{in_words(int(token['paragraph']))}款" if token["paragraph"] else ""
    tail = paragraph + (token["item"] or "") + (token["point"] or "")
    numbers: list[int] = []
    for part in re.split("、", token["numbers"].replace("第", "").replace("条", "")):
        first, _, last = part.partition("至")
        numbers += range(numeral(first), numeral(last or first) + 1)
    articles = [f"第{in_words(number)}{unit}" for number in numbers]
    articles[-1] += tail
    return articles


def certainty(text: str) -> str:
    """The weakest mark a source carries: [seen], (memH), [memH, article M]. Without a mark a named law counts
    as seen, a local rule as memL and anything else as house."""
    marks: list[str] = re.findall(r"(?<![A-Za-z])(seen2|seen|memH|memM|memL|house)(?![A-Za-z.])", text)
    if re.search(r"article M\b", text):
        marks.append("memM")
    if marks:
        return CERTAINTIES[max(map(CERTAINTIES.index, marks))]
    cited = parse(text)
    if any(c.document == cite("local").document for c in cited):
        return "memL"
    own = {cite("house").document, cite("protocols").document}
    return "seen" if any(c.document not in own for c in cited) else "house"


def clause(
    name: str, value: Any, unit: str, rule_id: str, source: str, zh: str, en: str, *,
    since: str = "", until: str = "",
) -> Clause:
    """One row of the rule book. since: ISO day, else the day the newest cited document came into force.

    ValueError: the source names no document.
    """
    under = parse(source)
    if not under:
        raise ValueError(f"{name}: no citation in {source!r}")
    starts = {document.title: document.since for document in documents().values()}
    begin = date.fromisoformat(since) if since else max(starts[c.document] for c in under)
    return Clause(
        name, value, unit, under, begin, date.fromisoformat(until) if until else None,
        certainty(source), zh, en, rule_id,
    )
