"""The style sheets keep their promises: size, layers, tokens, contrast (WCAG 2.2, 1.4.3 and 1.4.11)."""
import re
from pathlib import Path

import pytest

import web.look

STATIC = Path(web.look.__file__).parent / "static"
SHEETS = sorted(STATIC.glob("*.css"))
ALL = "\n".join(sheet.read_text() for sheet in SHEETS)


def tokens(name: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})", (STATIC / name).read_text()))


LIGHT = tokens("tokens.css")
DARK = {**LIGHT, **tokens("dark.css")}


def luminance(colour: str) -> float:
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_the_two_extremes():
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0
    assert round(contrast("#777777", "#777777"), 1) == 1.0


TEXT = [("ink", "surface"), ("ink", "bg"), ("ink-2", "surface"), ("ink-2", "bg"), ("ink-3", "surface"), ("ink-3", "bg"), ("ink-3", "sunken"),
        ("brand", "surface"), ("brand", "bg"), ("brand", "brand-tint"), ("on-brand", "brand"), ("on-brand", "brand-hi"),
        ("ok", "surface"), ("ok", "bg"), ("ok", "ok-tint"), ("on-ok", "ok-fill"), ("warn", "surface"), ("warn", "bg"), ("warn", "warn-tint"),
        ("on-warn", "warn-fill"), ("bad", "surface"), ("bad", "bg"), ("bad", "bad-tint"), ("on-bad", "bad-fill"), ("info", "surface"), ("info", "bg"),
        ("info", "info-tint"), ("secret", "surface"), ("secret", "bg"), ("secret", "secret-tint"), ("tile-quiet", "tile"), ("tile-quiet", "wall"),
        ("ink", "wall"), ("ink", "cross"), ("ink-3", "cross"), ("ink-2", "info-tint"), ("ink-2", "warn-tint")]
GRAPHICS = [("line-2", "surface"), ("line-2", "bg"), ("series-1", "surface"), ("series-2", "surface"), ("series-3", "surface"), ("series-4", "surface"),
            ("series-2", "bg"), ("focus", "bg"), ("brand", "wall")]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_reaches_four_and_a_half(theme, front, back):
    assert contrast(theme[front], theme[back]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), GRAPHICS)
def test_graphics_reach_three(theme, front, back):
    assert contrast(theme[front], theme[back]) >= 3.0


@pytest.mark.parametrize(("front", "back", "light", "dark"), [
    ("line-2", "surface", 3.88, 3.82), ("ink", "surface", 16.5, 13.9), ("brand", "brand-tint", 7.0, 6.7),
    ("warn", "warn-tint", 5.7, 8.2), ("bad", "bad-tint", 5.8, 7.0), ("secret", "secret-tint", 6.5, 7.3)])
def test_contrast_figures_of_the_design(front, back, light, dark):
    assert contrast(LIGHT[front], LIGHT[back]) == pytest.approx(light, abs=0.06)
    assert contrast(DARK[front], DARK[back]) == pytest.approx(dark, abs=0.06)


def test_own_css_stays_within_45_kb():
    """What every page loads. A sheet that few pages ask for beside it stays under 3 kB."""
    own = [sheet for sheet in SHEETS if sheet.stem in ("bench", "chart", "day", "draws")]
    assert sum(sheet.stat().st_size for sheet in SHEETS if sheet not in own) <= 45_000
    assert all(sheet.stat().st_size <= 3_000 for sheet in own)


def test_layers_are_declared_once_in_order_and_every_rule_is_in_one():
    assert "@layer reset,tokens,base,layout,components,screens,print;" in (STATIC / "tokens.css").read_text()
    for sheet in SHEETS:
        depth = 0
        for line in re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL).splitlines():
            if depth == 0 and line.strip():
                assert line.startswith("@layer"), (sheet.name, line)
            depth += line.count("{") - line.count("}")
        assert depth == 0, sheet.name


def test_nothing_newer_than_the_browsers_of_the_trade():
    assert not re.search(r"color-mix|light-dark|@scope|:has\([^)]*:has", ALL)


def test_every_token_used_is_defined():
    templates = "\n".join(file.read_text() for file in (STATIC.parent / "templates").rglob("*.html"))
    used = set(re.findall(r"var\(--([a-z0-9-]+)", ALL + templates))
    assert used - set(re.findall(r"--([a-z0-9-]+):", ALL)) == set()


def test_sizes_are_in_rem():
    """Pixels are for hair lines, edges and outlines only: nothing above 6 px, but shadows and the units of a viewBox."""
    allowed = re.sub(r"\.chart text\{font-size:13px|--(shadow|slip):[^;]*;", "", ALL)
    assert [size for size in re.findall(r"(?<![\w.])(\d+(?:\.\d+)?)px", allowed) if float(size) > 6] == []
