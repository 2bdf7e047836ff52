from datetime import date

import pytest

from law.citation import Citation
from law.citations import certainty, cite, clause, documents, gloss, in_words, numeral, of_field, parse, tendering

LAW = "中华人民共和国招标投标法"
RULES = "中华人民共和国招标投标法实施条例"


def articles(text):
    return [(c.document, c.article) for c in parse(text)]


def test_lists_become_one_citation_an_article():
    assert articles("招标投标法 第二十四、三十四条; 实施条例 第十六条 [seen]") == [
        (LAW, "第二十四条"), (LAW, "第三十四条"), (RULES, "第十六条")]


@pytest.mark.parametrize(("text", "expected"), [
    ("实施条例 第十五至十七条", ["第十五条", "第十六条", "第十七条"]),
    ("实施条例 第二十二条、第五十四条", ["第二十二条", "第五十四条"]),
    ("招标投标法 第三十七条 ¶3", ["第三十七条第三款"]),
    ("87号令 第六十二条(三)(四), 第五十五条 (each scores alone)", ["第六十二条(三)(四)", "第五十五条"]),
    ("protocols §1.3 r0", ["§1.3"]),
    ("标准施工招标文件 第二章 2.2 (source not named)", ["第二章 2.2"]),
    ("101号令", [""]),
    ("house (completeness only)", [""]),
    ("same", []),
])
def test_forms_of_articles(text, expected):
    assert [c.article for c in parse(text)] == expected


def test_longest_name_of_a_document_wins():
    (procurement,), (tender,) = parse("政府采购法实施条例 第九条"), parse("实施条例 第九条")
    assert procurement.document == "中华人民共和国政府采购法实施条例"
    assert tender.document == RULES


def test_a_citation_inside_words_counts():
    assert articles("house (no power to approve: 公平竞争审查规则 第十条(一))")[-1] == ("招标投标领域公平竞争审查规则", "第十条(一)")


@pytest.mark.parametrize(("text", "mark"), [
    ("实施条例 第十六条 [seen]", "seen"), ("实施条例 第十六条", "seen"), ("house four eyes", "house"),
    ("protocols §2", "house"), ("local", "memL"), ("local (seen)", "seen"), ("财库〔2026〕2号 [seen2]", "seen2"),
    ("198号 第十四条 [memH, article M]", "memM"), ("拍卖法 第五十四条 (≥ 5 years, seen); house 15", "house"),
    ("Order 12 第二十七条 (memH); 招标投标法 第四十二条", "memH"),
])
def test_certainty_is_the_weakest_mark(text, mark):
    assert certainty(text) == mark


@pytest.mark.parametrize(("number", "words"), [
    (2, "二"), (10, "十"), (17, "十七"), (20, "二十"), (85, "八十五"), (100, "一百"), (103, "一百零三"), (110, "一百一十"), (203, "二百零三")])
def test_numerals_both_ways(number, words):
    assert numeral(words) == number
    assert in_words(number) == words


def test_helper_constructors_and_gloss():
    assert tendering("第二十四条") == Citation(LAW, "第二十四条", "2017修正")
    assert gloss(tendering("第二十四条")) == "Tendering and Bidding Law 第二十四条"
    with pytest.raises(KeyError):
        gloss(Citation("不存在的办法"))
    with pytest.raises(KeyError):
        cite("999号令")


@pytest.mark.parametrize("short", sorted(documents()))
def test_every_document_is_whole_and_readable(short):
    document = documents()[short]
    assert document.title and document.number and document.english.isascii()
    assert parse(f"{short} 第三条") == (Citation(document.title, "第三条", document.number),)


def test_a_row_of_both_fields_cites_what_binds_each():
    under = parse("招标投标法 第三十八条; 87号令 第四十五条; Order 12 第五条")
    assert [c.article for c in of_field(under, "works")] == ["第三十八条", "第五条"]
    assert [c.article for c in of_field(under, "procurement")] == ["第三十八条", "第四十五条"]
    assert of_field(under, "") == under and of_field(under[1:2], "works") == under[1:2]
    assert {document.field for document in documents().values()} <= {"", "works", "procurement", "land"}


def test_a_clause_needs_a_source_and_takes_its_day():
    made = clause("x.days", 5, "calendar_day", "X-1", "87号令 第十六条", "甲", "a")
    assert made.since == date(2017, 10, 1) and made.may_refuse
    assert not clause("x.days", 5, "calendar_day", "X-1", "198号 (memH)", "甲", "a").may_refuse
    with pytest.raises(ValueError, match="x.days"):
        clause("x.days", 5, "calendar_day", "X-1", "somewhere", "甲", "a")
