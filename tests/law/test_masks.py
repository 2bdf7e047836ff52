import pytest

from law.masks import (
    asker_tag,
    bidder_name,
    bidder_numbers,
    dark_tags,
    file_name,
    pid_prefix,
    seat_letters,
    session_code,
    to_minute,
)

KEY, OTHER = bytes(range(32)), bytes(32)
BIDDERS = [f"bidder{n}" for n in range(30)]


def test_numbers_are_complete_stable_and_blind_to_order():
    numbers = bidder_numbers(KEY, "t1", BIDDERS)
    assert sorted(numbers.values()) == list(range(1, 31))
    assert numbers == bidder_numbers(KEY, "t1", reversed(BIDDERS))
    assert [numbers[b] for b in BIDDERS] != list(range(1, 31))
    assert numbers != bidder_numbers(KEY, "t2", BIDDERS) and numbers != bidder_numbers(OTHER, "t1", BIDDERS)
    assert bidder_name(3) == ("投标人 3", "Bidder 3")


def test_dark_tags_differ_by_bidder_lot_and_part():
    many = [f"b{n}" for n in range(3000)]  # enough for collisions of 16 bits
    tags = dark_tags(KEY, "lot1", "technical", many)
    assert len(set(tags.values())) == 3000 and all(len(t) == 4 for t in tags.values())
    assert dark_tags(KEY, "lot1", "technical", BIDDERS) != dark_tags(KEY, "lot2", "technical", BIDDERS)
    assert dark_tags(KEY, "lot1", "technical", BIDDERS) != dark_tags(KEY, "lot1", "price", BIDDERS)


def test_seats_follow_the_drawn_order():
    assert seat_letters(["zhao", "li", "wang"]) == {"zhao": "A", "li": "B", "wang": "C"}


def test_short_codes():
    assert pid_prefix("0123456789abcdef" * 4) == "0123456789"
    assert len(session_code(KEY, "2026-10-08", "r1")) == 4
    assert session_code(KEY, "2026-10-08", "r1") != session_code(KEY, "2026-10-09", "r1")
    assert asker_tag(KEY, "q1") != asker_tag(KEY, "q2")
    assert file_name("technical", "2") == "technical-2.bin"
    assert to_minute(1_790_000_059_999) % 60_000 == 0 and 1_790_000_059_999 - to_minute(1_790_000_059_999) < 60_000


@pytest.mark.parametrize("ask", [
    lambda: bidder_numbers(KEY, "t", ["a", "a"]), lambda: seat_letters(["a", "a"]), lambda: seat_letters([str(n) for n in range(27)]),
    lambda: pid_prefix("123"), lambda: file_name("甲公司", "1"), lambda: file_name("a/b", "1"), lambda: session_code(b"short", "d", "r"),
    lambda: dark_tags(KEY, "l", "p", [str(n) for n in range(4097)])])
def test_refused(ask):
    with pytest.raises(ValueError):
        ask()
