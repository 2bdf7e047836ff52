"""The hall, its wall and the seats of a tender with two envelopes, from the first opening to the second."""
import pytest

from kernel.messages import Message
from tests.web.hall.test_hall import Hall
from tests.worlds import staged as world
from tests.worlds.readers import forms_on, readers
from trading.opening.records import Opening, OpeningObjection

SHOWN = tuple(f"{price / 100:,.2f}" for price in world.PRICES)


def prices(html: str) -> list[int]:
    return [n for n, price in enumerate(SHOWN) if price in html]


@pytest.fixture
def staged(centre, tmp_path):  # type: ignore[no-untyped-def]
    """The first record is signed and four bids are before the committee."""
    made = world.scoring(centre, tmp_path)
    with readers(centre) as client:
        yield made, Hall(made.sealed, client)


def test_the_first_opening_shows_who_bid_and_no_price(centre, tmp_path) -> None:  # type: ignore[no-untyped-def]
    sealed = world.closed(centre, tmp_path)
    with readers(centre) as client:
        hall = Hall(sealed, client)
        tender = hall.of().text(f"/tenders/{hall.code}")
        assert "双信封" in tender and "/rules/OPEN-5" in tender
        sealed.started()
        assert "开启第一信封" in hall.of().text(hall.path)
        sealed.custodians_answer()
        page = hall.of(sealed.host).text(hall.path)
        assert "第一信封全部解密" in page and "技术评审结束后公开开启" in page and "trading.opening.read_out" in forms_on(page)
        assert hall.do(sealed.host, "read_out").status_code == 303
        for lang, words in (("zh", "第一信封已公布，报价仍密封"), ("en", "The first envelope is read out; prices stay sealed")):
            html = hall.of().text(hall.path, lang)
            assert words in html and "示例供应商1" in html and prices(html) == []
        assert "技术评审后开启" in hall.of().text(hall.path + "/wall")


def test_the_second_opening_in_the_hall(staged) -> None:  # type: ignore[no-untyped-def]
    made, hall = staged
    sealed = made.sealed
    waiting = hall.of().text(hall.path)
    assert "报价待技术评审结束后在此公开开启" in waiting and 'data-live="60"' in waiting and "技术评审" in waiting
    assert "trading.opening.read_out_prices" not in forms_on(hall.of(sealed.host).text(hall.path))
    assert hall.do(sealed.host, "read_out_prices").status_code == hall.do(sealed.host, "sign_price_record").status_code == 409
    assert hall.do(sealed.suppliers[0], "object", text="两次开标之间的异议").status_code == 409
    made.hand_in()
    told = {row.reader for row in sealed.all(Message) if row.subject_zh == "报价信封开始开启"}
    assert {sealed.host.id, *(supplier.id for supplier in sealed.suppliers)} <= told
    calling = hall.of().text(hall.path, "en")
    assert "Waiting for the custodians: 0 came, 2 are needed" in calling and 'data-live="5"' in calling and prices(calling) == []
    assert hall.path in hall.of(sealed.host).text("/desk")
    sealed.custodians_answer()
    page = hall.of(sealed.host).text(hall.path)
    assert "报价信封全部解密" in page and prices(page) == [] and "trading.opening.read_out_prices" in forms_on(page)
    assert hall.of().get(hall.path + "/prices").status_code == 404
    assert hall.do(sealed.suppliers[0], "read_out_prices").status_code == 404
    assert hall.do(sealed.host, "read_out_prices").status_code == 303
    for actor in (None, sealed.host, sealed.suppliers[3]):
        html = hall.of(actor).text(hall.path)
        assert prices(html) == [0, 1, 2] and "未开启，投标已被否决" in html and 'data-live="5"' in html
    assert "trading.opening.object" in forms_on(hall.of(sealed.suppliers[3]).text(hall.path)) and "trading.opening.object" not in forms_on(hall.of(sealed.host).text(hall.path))
    assert hall.do(sealed.suppliers[3], "object", text="否决理由未当场说明").status_code == 303
    assert hall.do(sealed.host, "sign_price_record").status_code == 409
    page = hall.of(sealed.host).text(hall.path)
    assert "trading.opening.answer" in forms_on(page) and hall.of().get(hall.path + "/prices").status_code == 404
    assert hall.do(sealed.host, "answer", objection=sealed.all(OpeningObjection)[0].id, text="评审结束后书面告知").status_code == 303
    assert hall.do(sealed.suppliers[0], "sign_price_record").status_code == 404
    assert hall.do(sealed.host, "sign_price_record").status_code == 409  # nobody has confirmed
    assert "trading.opening.confirm" not in forms_on(hall.of(sealed.suppliers[3]).text(hall.path)) and hall.do(sealed.suppliers[3], "confirm").status_code == 409
    for supplier in sealed.suppliers[:3]:
        assert "trading.opening.confirm" in forms_on(hall.of(supplier).text(hall.path))
        assert hall.do(supplier, "confirm").status_code == 303 and "trading.opening.confirm" not in forms_on(hall.of(supplier).text(hall.path))
    assert hall.do(sealed.host, "sign_price_record").status_code == 303 and hall.do(sealed.host, "sign_price_record").status_code == 409
    assert hall.do(sealed.suppliers[0], "object", text="太迟的异议").status_code == 409
    assert 'data-live="0"' in hall.of().text(hall.path) and hall.path not in hall.of(sealed.host).text("/desk")
    assert prices(hall.of().text(hall.path + "/wall")) == [0, 1, 2]
    record = hall.of().get(hall.path + "/prices")
    assert record.status_code == 200 and record.content.startswith(b"%PDF-") and "prices.pdf" in record.headers["content-disposition"]
    assert sealed.all(Opening)[0].price_digest


def test_the_seats_hear_of_the_price_when_it_is_read_out(staged) -> None:  # type: ignore[no-untyped-def]
    made, hall = staged
    member, seat = made.hall.people["A"], f"/seat/{made.hall.room.id}"
    sheet = hall.of(member).text(seat)
    assert "报价信封未开启" in sheet and prices(sheet) == []
    made.hand_in("ABCD")
    assert "全部成员提交后开启报价信封" in hall.of(member).text(seat)
    made.hand_in("E")
    assert "等待公开开启报价" in hall.of(member).text(seat)
    made.sealed.custodians_answer()
    assert prices(hall.of(member).text(seat)) == []
    made.read_prices()
    assert prices(hall.of(member).text(seat)) == [0, 1, 2]
