"""Data and a template become a PDF/A-2b.

What users wrote reaches a template only as a JSON value, never as markup, so a name like `#read("…")` prints as it
is written. The same data gives the same bytes: the moment comes with the data, not from a clock.
"""
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno
import typst

from kernel.values import show_time

if TYPE_CHECKING:
    from kernel.centre import Centre

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Template:
    """needs: keys the data must hold · takes: keys it may hold beside them."""

    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()


EVERYWHERE = ("moment", "code", "project")
# moment: ms · every other value is text as it shall be printed, or a list of objects of such texts
TEMPLATES: dict[str, Template] = {
    "opening_record": Template(
        ("buyer", "place", "deadline", "opened", "lines"),
        ("agent", "envelope", "method", "ceiling", "bid_count", "root", "custodians", "coefficient", "objections", "attendance", "host"),
    ),
    "award_letter": Template(
        ("winner", "buyer", "lot", "amount", "capitals", "contract_by"), ("agent", "rank", "terms", "winner_code", "articles"),
    ),
    "result_letter": Template(
        ("to", "buyer", "winner", "amount"), ("agent", "total", "rank", "rejected", "sections", "price", "remedy", "lot"),
    ),
    "evaluation_report": Template(
        ("buyer", "method", "members", "bids", "candidates"),
        ("agent", "session", "from_to", "rejected", "tables", "findings", "dissents", "signatures", "scheme"),
    ),
    "receipt": Template(("receipt", "facts"), ("digest", "position", "witnesses", "entry")),
    "notice": Template(("title", "facts"), ("title_en", "published", "media", "ends")),
}


def pdf(centre: "Centre", template: str, data: dict[str, Any], lang: str = "zh") -> bytes:
    """One document as PDF/A-2b. lang: the language that stands first and larger; both always stand there.

    data: see TEMPLATES, with `moment` (ms, printed in the foot), `code` and `project` in all; `verify`, the address
    in the QR, is the tender's page unless given; a receipt's holds its own number only.
    """
    world = _world(centre, template, data, lang)
    made: bytes = typst.compile(_source(template), format="pdf", pdf_standards="a-2b", timestamp=data["moment"] // 1000, **world)
    return made


def png(centre: "Centre", template: str, data: dict[str, Any], lang: str = "zh", ppi: int = 110) -> list[bytes]:
    """The same document as one picture a page, for previews."""
    pages = typst.compile(_source(template), format="png", ppi=ppi, **_world(centre, template, data, lang))
    return pages if isinstance(pages, list) else [pages]


def _source(template: str) -> str:
    return str(FOLDER / f"{template}.typ")


def _world(centre: "Centre", template: str, data: dict[str, Any], lang: str) -> dict[str, Any]:
    form = TEMPLATES[template]
    missing = [key for key in (*EVERYWHERE, *form.needs) if key not in data]
    foreign = set(data) - {*EVERYWHERE, *form.needs, *form.takes, "verify"}
    assert not missing and not foreign, f"{template}: lacks {missing}, does not know {sorted(foreign)}"
    assert centre.row is not None
    # the QR of a receipt holds its number and nothing that names the tender
    address = data.get("verify") or (data["receipt"] if template == "receipt" else f"{centre.settings.origin_url}/tenders/{data['code']}")
    moment = datetime.fromtimestamp(data["moment"] // 1000, UTC)
    full = {
        **data, "verify": address, "qr": _qr(address), "printed": show_time(data["moment"]),
        "created": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
        "centre": centre.row.name, "centre_en": centre.row.name_en, "rehearsal": centre.rehearsal, "lang": lang,
    }
    return {"root": str(FOLDER), "font_paths": _fonts(centre.settings.font_path), "sys_inputs": {"data": json.dumps(full, ensure_ascii=False)}}


@cache
def _fonts(paths: str) -> typst.Fonts:
    """Looking for fonts takes ten times as long as a page; it is done once a process."""
    return typst.Fonts(font_paths=[path for path in paths.split(":") if path])


def _qr(text: str) -> str:
    """SVG with a quiet zone of four modules."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, scale=4, xmldecl=False)
    return out.getvalue().decode()
