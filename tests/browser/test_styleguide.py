"""The styleguide in Chromium: every theme, size, language and on paper; pictures are kept in pytest's temporary folder."""
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.look import environment as look
from web.look import styleguide

pytestmark = pytest.mark.browser
VARIANTS = {"light": ("zh", "light", ""), "dark": ("zh", "dark", ""), "large": ("zh", "light", "large"), "en": ("en", "light", ""),
            "en-large": ("en", "dark", "large")}
WORK = ('{% extends "look/work.html" %}{% import "look/macros/stage.html" as s with context %}{% block title %}示例{% endblock %}'
        '{% block heading %}<h1>示例</h1>{% endblock %}{% block ribbon %}{{ s.ribbon(stages.full) }}{% endblock %}'
        '{% block main %}<p>正文</p>{% endblock %}{% block aside %}{{ s.countdown(now_ms + 5000, seconds=true) }}{% endblock %}')
WALL = ('{% extends "look/wall.html" %}{% import "look/macros/walls.html" as w with context %}{% block title %}示例{% endblock %}'
        '{% block place %}监管大屏{% endblock %}{% block wall %}<h1 class="vh">监管大屏</h1><div class="rooms-wall"><div class="tile-grid">'
        '{% for n in range(15) %}{{ w.tile("评 " ~ n, "综合评分", "bad" if n == 13 else "normal", "音视频中断", 5, 5, "05:07", 60) }}{% endfor %}'
        '</div><aside class="alarms">{{ w.alarm("评 14 音视频中断", now_ms, "已 2 分 17 秒。", kind="bad") }}</aside></div>{% endblock %}')


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Requests are no news here."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("look")
    (folder / "static").mkdir()
    for name, source in look.FOLDERS.items():
        if source.is_dir():
            (folder / "static" / name).symlink_to(source, target_is_directory=True)
    env = look.environment()
    for name, (lang, theme, size) in VARIANTS.items():
        (folder / f"{name}.html").write_text(styleguide.render(lang, theme, size))
        frame = {**styleguide.frame(lang, theme, size), "nav": styleguide.rail(), "stages": styleguide.stages()}
        (folder / f"work-{name}.html").write_text(env.from_string(WORK).render(**frame))
        (folder / f"wall-{name}.html").write_text(env.from_string(WALL).render(**frame))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


def opened(browser, site, name, width, height=768, script=True):
    page = browser.new_page(viewport={"width": width, "height": height}, java_script_enabled=script)
    page.troubles = []
    page.on("console", lambda message: page.troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.goto(f"{site[0]}/{name}.html")
    page.wait_for_load_state("networkidle")
    return page


WIDTH = "document.documentElement.scrollWidth"


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("name", [*VARIANTS, *(f"work-{name}" for name in VARIANTS)])
def test_page_fits_and_stays_silent(browser, site, name, width):
    page = opened(browser, site, name, width)
    page.screenshot(path=site[1] / f"{name}-{width}.png", full_page=True)
    assert page.evaluate(WIDTH) <= width
    assert page.troubles == []
    assert page.locator("h1").count() == 1
    for landmark in ("header", "main", "nav", "footer"):
        assert page.locator(landmark).count() >= 1
    assert page.locator("body > main, .work > main").count() == 1
    assert page.evaluate("[...document.querySelectorAll('nav')].every(n => n.getAttribute('aria-label'))")
    page.close()


@pytest.mark.parametrize("width", [1366, 1920, 3840])
@pytest.mark.parametrize("name", ["wall-light", "wall-dark"])
def test_wall_never_scrolls_and_never_goes_below_its_smallest_type(browser, site, name, width):
    height = width * 9 // 16
    page = opened(browser, site, name, width, height)
    page.screenshot(path=site[1] / f"{name}-{width}.png")
    assert page.evaluate(f"[{WIDTH}, document.documentElement.scrollHeight]") <= [width, height]
    bottoms = page.evaluate("[...document.querySelectorAll('.tile')].map(t => t.getBoundingClientRect().bottom)")
    assert max(bottoms) <= height
    smallest = page.evaluate("Math.min(...[...document.querySelectorAll('.wall *')].filter(e => e.childNodes.length && e.textContent.trim())"
                             ".map(e => parseFloat(getComputedStyle(e).fontSize)))")
    assert smallest * 1920 / width >= 20 - 0.01
    page.close()


def test_paper(browser, site):
    page = opened(browser, site, "dark", 794, 1123)
    page.emulate_media(media="print")
    page.pdf(path=site[1] / "print.pdf", prefer_css_page_size=True)
    page.screenshot(path=site[1] / "print.png", full_page=True)
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for gone in (".tools", ".nav", ".btn", ".toasts"):
        assert page.evaluate(f"[...document.querySelectorAll('{gone}')].every(e => e.getClientRects().length === 0)")
    assert page.locator(".print-foot").is_visible()
    page.close()


def test_tab_reaches_skip_link_then_the_display_toggles(browser, site):
    page = opened(browser, site, "light", 1366)
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert reached == ["跳到正文", "明标", "大字", "深色", "EN", "首页"]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.close()


def test_toggles_change_the_page_in_place_and_are_kept(browser, site):
    page = opened(browser, site, "light", 1366)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_text("深色", exact=True).click()
    page.get_by_text("大字", exact=True).click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21px"
    assert sorted(page.evaluate("document.cookie").split("; ")) == ["size=large", "theme=dark"]
    assert page.get_by_text("浅色", exact=True).is_visible()
    page.close()


def test_targets_are_large_enough_on_a_phone_and_on_a_desk(browser, site):
    """WCAG 2.2, 2.5.8: 24 px; buttons on a phone in large type 44 px. Links inside sentences are excepted."""
    measure = ("[...document.querySelectorAll('%s')].filter(e => e.getClientRects().length)"
               ".map(e => [e.textContent.trim(), e.getBoundingClientRect().height]).filter(([, high]) => high < %d)")
    page = opened(browser, site, "light", 1366)
    assert page.evaluate(measure % ("button, .btn, .pill, .tools a, nav.folded a, .inp, .sort", 24)) == []
    page.close()
    page = opened(browser, site, "large", 390)
    assert page.evaluate(measure % (".head-end .btn, .fold summary, .tools a", 44)) == []
    page.close()


def test_ribbon_folds_on_a_phone_and_opens(browser, site):
    page = opened(browser, site, "light", 390)
    ribbon = page.locator("#ribbon")
    assert not ribbon.locator("li").first.is_visible()
    ribbon.get_by_text("第 3 步，共 9 步：投标").click()
    assert ribbon.locator("li").count() == 9 and ribbon.locator("li").last.is_visible()
    page.close()


def test_countdown_closes_on_the_centre_clock(browser, site):
    page = opened(browser, site, "work-light", 1366)
    assert page.locator(".cd.bad").count() == 1
    page.wait_for_selector(".cd.closed", timeout=9_000)
    assert page.locator(".cd .cd-flag.closed").is_visible()
    assert page.locator(".cd [data-said]").text_content() == "已截止"
    page.close()


def test_irreversible_act_waits_for_the_typed_word(browser, site):
    page = opened(browser, site, "light", 1366)
    act = page.get_by_role("button", name="撤回投标")
    assert act.get_attribute("aria-disabled") == "true"
    page.locator("form.confirm input[name=typed]").fill("0481")
    assert act.get_attribute("aria-disabled") == "true"
    page.locator("form.confirm input[name=typed]").fill("0482")
    assert act.get_attribute("aria-disabled") == "false"
    page.close()


def test_table_sorts_by_value_not_by_text(browser, site):
    page = opened(browser, site, "light", 1366)
    table = page.locator("table.tb").first
    table.get_by_role("button", name="大小").click()
    assert table.locator("tbody th").first.text_content() == "工程量清单"
    assert table.locator("th[aria-sort=ascending]").count() == 1
    page.close()


def test_without_script_everything_can_be_read(browser, site):
    page = opened(browser, site, "light", 1366, script=False)
    assert page.get_by_text("投标截止已顺延至 12 月 3 日 09:30。").is_visible()
    assert "47" in page.locator(".cd.calm .cd-num").first.text_content()
    assert page.get_by_role("link", name="大字").get_attribute("href").startswith("/prefs?size=large")
    page.close()


def test_forced_colours_keep_words_and_borders(browser, site):
    page = browser.new_page(viewport={"width": 1366, "height": 768}, forced_colors="active")
    page.goto(f"{site[0]}/light.html")
    page.screenshot(path=site[1] / "forced.png", full_page=True)
    assert page.locator(".st.fill.bad").first.text_content().strip() == "超时"
    assert page.evaluate("getComputedStyle(document.querySelector('.seat')).borderTopWidth") == "1px"
    page.close()
