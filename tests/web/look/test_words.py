from datetime import date

import pytest
from markupsafe import Markup

from kernel.errors import Text
from kernel.values import DAY, HOUR, MINUTE, instant
from web.look import words
from web.look.environment import environment

ENV = environment()
NOON = instant(date(2026, 12, 3), 9, 30)


def said(source: str, lang: str = "zh", **values: object) -> str:
    return ENV.from_string(source).render(lang=lang, **values)


def test_t_takes_the_language_of_the_reader():
    assert said('{{ t("登录", "Sign in") }}') == "登录"
    assert said('{{ t("登录", "Sign in") }}', "en") == "Sign in"
    assert said("{{ t(label) }}", "en", label=Text("公告", "Notice")) == "Notice"


def test_t_leaves_data_alone():
    assert said('{{ t(x) }}', "en", x="{示例} 5") == "{示例} 5"
    assert said('{{ t(x) }}', x=7) == "7"


def test_t_escapes_everything_but_markup():
    assert said('{{ t("甲 {x}", "A {x}", x=value) }}', value="<b>") == "甲 &lt;b&gt;"
    assert said('{{ t("甲 {x} <i>", "A", x=value) }}', value=Markup("<b>1</b>")) == "甲 <b>1</b> &lt;i&gt;"


def test_times_in_a_sentence_and_in_a_table():
    assert said("{{ say_time(ms) }}", ms=NOON) == "12 月 3 日 09:30"
    assert said("{{ say_time(ms) }}", "en", ms=NOON) == "3 December, 09:30"
    assert said("{{ say_day(ms, true) }}", ms=NOON) == "2026 年 12 月 3 日 · 星期四"
    assert said("{{ say_day(ms, true) }}", "en", ms=NOON) == "Thursday, 3 December 2026"
    assert said("{{ ms | show_time }} {{ ms | short_time }} {{ ms | clock }} {{ ms | day }}", ms=NOON) == \
        "2026-12-03 09:30 12-03 09:30 09:30:00 2026-12-03"


@pytest.mark.parametrize(("since", "until", "zh", "en"), [
    (date(2026, 11, 23), date(2026, 11, 27), "2026 年 11 月 23 日至 27 日", "23–27 November 2026"),
    (date(2026, 11, 30), date(2026, 12, 4), "2026 年 11 月 30 日至 12 月 4 日", "30 November – 4 December 2026"),
    (date(2026, 12, 28), date(2027, 1, 1), "2026 年 12 月 28 日至 2027 年 1 月 1 日", "28 December 2026 – 1 January 2027"),
    (date(2026, 1, 5), date(2027, 1, 1), "2026 年 1 月 5 日至 2027 年 1 月 1 日", "5 January 2026 – 1 January 2027")])
def test_what_two_days_share_is_said_once(since: date, until: date, zh: str, en: str) -> None:
    days = {"since": instant(since), "until": instant(until)}
    assert said("{{ say_days(since, until) }}", **days) == zh
    assert said("{{ say_days(since, until) }}", "en", **days) == en


@pytest.mark.parametrize(("rest", "level"), [
    (8 * DAY, "calm"), (HOUR, "calm"), (HOUR - 1, "warn"), (10 * MINUTE, "warn"), (10 * MINUTE - 1, "bad"), (1, "bad"), (0, "closed"), (-5, "closed")])
def test_levels_of_a_countdown(rest, level):
    assert words.left(NOON + rest, NOON).level == level


def test_what_is_left_in_parts():
    assert words.left(NOON + 8 * DAY + 22 * HOUR + 47 * MINUTE + 53_999, NOON) == words.Left(8, 22, 47, 53, "calm")


@pytest.mark.parametrize(("part", "whole", "text"), [(1, 3, "33.33"), (0, 5, "0.00"), (5, 5, "100.00"), (9, 5, "100.00"), (-1, 5, "0.00"), (1, 0, "0.00")])
def test_share_stays_between_nought_and_a_hundred(part, whole, text):
    assert words.share(part, whole) == text


def test_figures_of_a_sentence_hold_together():
    assert words.whole("由 11-24 顺延至 2026-12-03 09:30 <b>") == \
        '由 <span class="nw">11-24</span> 顺延至 <span class="nw">2026-12-03 09:30</span> &lt;b&gt;'
    assert words.whole(Markup("<b>11-24</b>")) == "<b>11-24</b>"


def test_digest_in_groups():
    assert words.groups("7f3a91c04be2") == "7f3a 91c0 4be2"
    assert words.groups(bytes.fromhex("7f3a91c04b"), 8) == "7f3a 91c0"


@pytest.mark.parametrize(("count", "text"), [(999, "999 B"), (14_200_000, "14.2 MB"), (386_000_000, "386.0 MB"), (8_589_934_592, "8.6 GB"), (1_049, "1.0 kB")])
def test_file_sizes(count, text):
    assert words.file_size(count) == text
