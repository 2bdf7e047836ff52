import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.capitals import parse_capitals
from kernel.values import capitals


@given(st.one_of(st.integers(0, 10**18 - 1), st.integers(0, 10**7)))
def test_what_the_house_writes_it_reads(fen):
    assert parse_capitals(capitals(fen)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("壹拾万零伍佰元整", 10_050_000),
        ("拾万元整", 10_000_000),
        ("人民币：叁佰贰拾万零柒仟捌佰玖拾陆元整", 320_789_600),
        ("人民币壹萬貳仟圓正", 1_200_000),
        ("壹亿零叁万元整", 10_003_000_000),
        ("壹仟万亿元整", 10**15 * 100),
        ("伍角", 50),
        ("壹元零伍分", 105),
        ("壹元伍分", 105),
        ("壹仟零伍元整", 100_500),
        ("壹万零伍拾元整", 1_005_000),
        ("零元整", 0),
        (" 壹佰 元 整 ", 10_000),
    ],
)
def test_forms_in_use(text, fen):
    assert parse_capitals(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "整",
        "元整",
        "万元整",
        "壹佰",
        "壹佰伍元整",
        "壹万伍元整",
        "佰元整",
        "壹拾佰元整",
        "壹佰贰佰元整",
        "壹贰元整",
        "壹亿贰亿元整",
        "壹万贰万元整",
        "壹元伍元",
        "伍分伍角",
        "壹百元整",
        "100元整",
        "壹佰元整以下",
        "壹佰零元伍",
    ],
)
def test_what_is_not_one_amount_is_refused(text):
    with pytest.raises(ValueError):
        parse_capitals(text)
