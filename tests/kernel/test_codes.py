import pytest

from kernel import codes

HUAWEI = "914403001922038216"


def test_the_check_letter_follows_from_the_seventeen():
    assert codes.credit_check(HUAWEI[:17]) == "6"
    assert codes.CREDIT_WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@pytest.mark.parametrize("place", range(18))
def test_any_single_wrong_digit_is_found(place):
    other = "2" if HUAWEI[place] != "2" else "3"
    assert codes.is_credit_code(HUAWEI)
    assert not codes.is_credit_code(HUAWEI[:place] + other + HUAWEI[place + 1 :])


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_are_misread_never_pass(letter):
    for place in range(18):
        assert not codes.is_credit_code(HUAWEI[:place] + letter + HUAWEI[place + 1 :])


def test_tidying_takes_full_width_spaces_and_hyphens_but_not_case():
    assert codes.is_credit_code(codes.tidy(" 9144 0300-1922０３８２１６ "))
    assert codes.is_credit_code("91330100799655058B")
    assert not codes.is_credit_code(codes.tidy("91330100799655058b"))


def test_the_inner_code_is_a_hint_of_its_own():
    assert codes.organisation_code_fits(HUAWEI)
    other = HUAWEI[:15] + "31"
    changed = other + codes.credit_check(other)
    assert codes.is_credit_code(changed)
    assert not codes.organisation_code_fits(changed)


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", False),
        ("11010519491231003X", False),
        ("110105194912310", False),
        ("11010519490229002X", False),
    ],
)
def test_resident_id(code, good):
    assert codes.is_resident_id(code) is good


def with_check_digit(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first17, weights, strict=True)) % 11]


def test_a_leap_day_exists_in_leap_years_only():
    assert codes.is_resident_id(with_check_digit("11010519480229002"))
    assert not codes.is_resident_id(with_check_digit("11010519490229002"))


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (codes.mask_id, "11010519491231002X", "110105********002X"),
        (codes.mask_id, "1101051949", "********"),
        (codes.mask_phone, "13812345678", "138****5678"),
        (codes.mask_phone, "+86 138-1234-5678", "138****5678"),
        (codes.mask_phone, "010-65251234", "****1234"),
        (codes.mask_phone, "110", "****"),
        (codes.mask_name, "张三", "张*"),
        (codes.mask_name, "张三丰", "张**"),
        (codes.mask_name, "欧阳修远", "欧阳**"),
        (codes.mask_name, "欧阳", "欧*"),
        (codes.mask_name, "Zhang San", "**"),
        (codes.mask_name, "Z", "**"),
        (codes.mask_account, "6222 0200 0001 1234", "****1234"),
        (codes.mask_account, "12345", "****"),
        (codes.bank_without_branch, "中国工商银行股份有限公司北京东城支行", "中国工商银行"),
        (codes.bank_without_branch, "某县农村信用合作联社", "农村信用社"),
        (codes.bank_without_branch, "Example Bank of China, Anytown Branch", "Example Bank of China"),
        (codes.bank_without_branch, "东城支行", ""),
    ],
)
def test_masks(mask, value, shown):
    assert mask(value) == shown
