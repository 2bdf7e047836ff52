import re

import pytest
from jinja2 import UndefinedError

from web.look import environment as look
from web.look.styleguide import frame, render

ENV = look.environment()
PROOF = '{% import "look/macros/proof.html" as p with context %}'


def made(source: str, lang: str = "zh") -> str:
    return ENV.from_string(source).render(**frame(lang, "", ""))


def test_styleguide_in_both_languages_names_every_state():
    zh, en = render("zh"), render("en")
    assert '<html lang="zh-CN"' in zh and '<html lang="en"' in en
    for word in ("已完成", "进行中", "待开始", "临期", "超时", "保密", "已截止", "正在入账", "与账本不一致"):
        assert word in zh
    for word in ("Done", "In progress", "Not started", "Due soon", "Overdue", "Sealed", "Closed", "Being recorded", "Does not match the ledger"):
        assert word in en


def test_english_page_has_chinese_only_as_data():
    """Left over: article numbers, capital figures, the bidders' letters and the link back to Chinese."""
    text = re.sub(r"<[^>]+>", " ", render("en"))
    rest = re.sub(r"第[一二三四五六七八九十]+条|人民币[^\s]+|[甲乙丙]|中文|万元", " ", text)
    assert re.findall(r"[一-鿿]+", rest) == []


def test_pages_hold_no_inline_style_or_script():
    page = render()
    assert " style=" not in page and "<style" not in page
    assert re.findall(r"<script(?![^>]* src=)", page) == [] and not re.search(r"\son[a-z]+=", page)


def test_theme_and_size_stand_on_the_root():
    assert 'data-theme="dark" data-size="large"' in render("zh", "dark", "large")
    assert "data-theme" not in render().split("<head>")[0]
    assert 'media="(prefers-color-scheme: dark)" data-dark' in render()
    assert 'media="not all" data-dark' in render("zh", "light")


def test_a_frame_without_one_key_is_refused():
    values = frame("zh", "", "")
    ENV.from_string('{% extends "look/page.html" %}').render(**values)
    del values["rehearsal"]
    with pytest.raises(UndefinedError):
        ENV.from_string('{% extends "look/page.html" %}').render(**values)


def test_values_are_escaped():
    assert "&lt;img" in ENV.from_string(PROOF + "{{ p.secret(label=x) }}").render(**frame("zh", "", ""), x="<img>")


def test_asset_carries_a_digest_only_when_the_file_is_there():
    assert re.fullmatch(r"/static/look/base\.css\?v=[0-9a-f]{10}", look.asset("look/base.css"))
    assert look.asset("vendor/absent.js") == "/static/vendor/absent.js"


@pytest.fixture
def nothing_built(monkeypatch, tmp_path):
    """A server that starts before the front-end build: what was looked up is forgotten before and after."""
    known = (look.icon, look.asset, look.has_asset)
    with monkeypatch.context() as patch:
        patch.setitem(look.FOLDERS, "vendor", tmp_path)
        for one in known:
            one.cache_clear()
        yield
    for one in known:
        one.cache_clear()


def test_without_the_sprite_the_words_remain(nothing_built):
    assert look.icon("lock") == ""
    page = made(PROOF + '{{ p.secret(label=t("截止前保密", "Sealed")) }}')
    assert "截止前保密" in page and "<use" not in page


def test_pending_receipt_shows_no_number():
    issue = PROOF + '{{ p.receipt("投标回执", "STATE", "MB-2611", entry=5) }}'
    assert "MB-2611" in made(issue.replace("STATE", "valid"))
    assert "MB-2611" not in made(issue.replace("STATE", "issuing"))


def test_qr_keeps_four_quiet_modules_on_white():
    code = look.qr("MB-2611-0482-7F", "回执")
    assert 'fill="#fff' in code.lower() and "<title>回执</title>" in code
    size = int(re.search(r'viewBox="0 0 (\d+)', code)[1])
    assert (size - 8 - 17) % 4 == 0  # versions are 17 + 4n modules wide


def test_ribbon_announces_the_step_and_marks_it():
    page = made('{% import "look/macros/stage.html" as s with context %}{{ s.ribbon([{"name": "公告", "state": "done"}, {"name": "投标", "state": "now"}]) }}')
    assert "第 2 步，共 2 步：投标" in page and page.count('aria-current="step"') == 1


def test_extra_folders_are_found(tmp_path):
    (tmp_path / "own.html").write_text('{{ t("一", "one") }}')
    assert look.environment([tmp_path]).get_template("own.html").render(lang="en") == "one"
