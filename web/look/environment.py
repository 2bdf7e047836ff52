"""The one Jinja environment of all pages: strict, escaping, with the words and pictures of the house.

A render brings its own frame: lang, theme, size, now_ms, centre_name, rehearsal, who, nav, path (docs/look.md).
"""
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import segno
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from kernel.values import capitals, show_time, wan, yuan
from web.look import charts, words

WEB = Path(__file__).resolve().parents[1]
FOLDERS = {"look": WEB / "look" / "static", "vendor": WEB / "static" / "vendor"}


@lru_cache(maxsize=256)
def _version(file: Path, changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


def _file(path: str) -> Path:
    folder, _, name = path.partition("/")
    return FOLDERS[folder] / name


def has_asset(path: str) -> bool:
    """Whether a static file is there: third-party files are, once the front-end build ran."""
    return _file(path).is_file()


def asset(path: str) -> str:
    """URL of `look/…` or `vendor/…` with the first digits of its content's digest, so that it may be cached for ever."""
    file = _file(path)
    if not file.is_file():
        return f"/static/{path}"
    return f"/static/{path}?v={_version(file, file.stat().st_mtime_ns)}"


def icon(name: str, classes: str = "") -> Markup:
    """An icon from the sprite, hidden from screen readers: the word always stands beside it. Without the sprite, nothing."""
    if not has_asset("vendor/icons.svg"):
        return Markup("")
    return Markup('<svg class="i {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        classes, asset("vendor/icons.svg"), name)


@lru_cache(maxsize=512)
def qr(data: str, label: str = "") -> Markup:
    """A QR code as inline SVG on white with the four quiet modules of ISO/IEC 18004, in every theme."""
    code = segno.make(data, error="m", micro=False)
    return Markup(code.svg_inline(
        border=4, dark="#16211F", light="#FFFFFF", omitsize=True, svgclass="qr", lineclass=None, title=label or None))


def environment(extra_dirs: Sequence[Path] = (), reload: bool = False) -> Environment:
    """Templates: `look/…`; `<audience>/…` from web/<audience>/templates/…; then the extra folders."""
    audiences = {folder.parent.name: FileSystemLoader(folder) for folder in sorted(WEB.glob("*/templates")) if folder.parent.name != "look"}
    built = Environment(
        loader=ChoiceLoader([FileSystemLoader(WEB / "look" / "templates"), PrefixLoader(audiences), FileSystemLoader(list(extra_dirs))]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=reload)
    said = {
        "yuan": yuan, "wan": wan, "capitals": capitals, "show_time": show_time, "short_time": words.short_time, "clock": words.clock,
        "day": words.day, "say_time": words.say_time, "say_day": words.say_day, "number": words.number, "groups": words.groups,
        "file_size": words.file_size, "whole": words.whole,
    }
    built.filters.update(said, t=words.t, url=lambda text: quote(str(text), safe=""))
    built.globals.update(
        said, t=words.t, icon=icon, qr=qr, asset=asset, has_asset=has_asset, left=words.left, share=words.share,
        bar_chart_shapes=charts.bars, grouped_chart_shapes=charts.grouped, line_chart_shapes=charts.line)
    return built
