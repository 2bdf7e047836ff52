"""The one Jinja environment of all pages: strict, escaping, with the words and pictures of the house.

A render brings its own frame: lang, theme, size, now_ms, centre_name, rehearsal, who, nav, path (docs/look.md).
"""
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import segno
from jinja2 import ChoiceLoader, Environment, FileSystemBytecodeCache, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from kernel.values import capitals, show_time, wan, yuan
from web.look import charts, words

WEB = Path(__file__).resolve().parents[1]
FOLDERS = {"look": WEB / "look" / "static", "vendor": WEB / "static" / "vendor"}


def _file(path: str) -> Path:
    folder, _, name = path.partition("/")
    return FOLDERS[folder] / name


@lru_cache(maxsize=1024)
def has_asset(path: str) -> bool:
    """Whether a static file is there: third-party files are, once the front-end build ran."""
    return _file(path).is_file()


@lru_cache(maxsize=1024)
def asset(path: str) -> str:
    """URL of `look/…` or `vendor/…` with the first digits of its content's digest, so that it may be cached for ever. A server
    reads each file once: another version comes with another start."""
    if not has_asset(path):
        return f"/static/{path}"
    return f"/static/{path}?v={hashlib.sha256(_file(path).read_bytes()).hexdigest()[:10]}"


@lru_cache(maxsize=2048)
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


def _compiled() -> FileSystemBytecodeCache | None:
    """Templates in a temporary folder of this user's own, so that they are compiled once and not at every start; None where there is no such folder."""
    try:
        return FileSystemBytecodeCache()
    except (OSError, RuntimeError):
        return None


def environment(extra_dirs: Sequence[Path] = (), reload: bool = False) -> Environment:
    """Templates: `look/…`; `<audience>/…` from web/<audience>/templates/…; then the extra folders."""
    audiences = {folder.parent.name: FileSystemLoader(folder) for folder in sorted(WEB.glob("*/templates")) if folder.parent.name != "look"}
    built = Environment(
        loader=ChoiceLoader([FileSystemLoader(WEB / "look" / "templates"), PrefixLoader(audiences), FileSystemLoader(list(extra_dirs))]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=reload,
        bytecode_cache=_compiled())
    said = {
        "yuan": yuan, "wan": wan, "capitals": capitals, "show_time": show_time, "short_time": words.short_time, "clock": words.clock,
        "day": words.day, "say_time": words.say_time, "say_day": words.say_day, "say_days": words.say_days, "number": words.number, "groups": words.groups,
        "file_size": words.file_size, "whole": words.whole,
    }
    built.filters.update(said, t=words.t, url=lambda text: quote(str(text), safe=""))
    built.globals.update(
        said, t=words.t, icon=icon, qr=qr, asset=asset, has_asset=has_asset, left=words.left, share=words.share,
        bar_chart_shapes=charts.bars, grouped_chart_shapes=charts.grouped, line_chart_shapes=charts.line)
    return built
