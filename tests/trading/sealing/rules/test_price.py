import pytest

from trading.sealing.rules.faults import Fault
from trading.sealing.rules.price import PriceForm, build_price, parse_price


@pytest.mark.parametrize(("form", "data"), [
    (PriceForm("CNY", 4183621650), b'{"amount":4183621650,"currency":"CNY","v":1}'),
    (PriceForm("CNY", None, (("下浮率", "3.50%"),)), '{"currency":"CNY","items":[["下浮率","3.50%"]],"v":1}'.encode()),
    (PriceForm("JPY", 0, (("工期", 180), ("备注", ""))), '{"amount":0,"currency":"JPY","items":[["工期",180],["备注",""]],"v":1}'.encode()),
])
def test_form_is_canonical_and_reads_back(form, data):
    assert build_price(form) == data
    assert parse_price(data) == form


@pytest.mark.parametrize(("data", "what"), [
    (b"", "canonical JSON"),
    (b"%PDF-1.7", "canonical JSON"),
    (b'{"amount": 1,"currency":"CNY","v":1}', "canonical JSON"),
    (b'{"amount":1.5,"currency":"CNY","v":1}', "canonical JSON"),
    (b'{"amount":null,"currency":"CNY","v":1}', "canonical JSON"),
    (b'{"amount":9007199254740992,"currency":"CNY","v":1}', "canonical JSON"),
    (b"[" * 100_000, "canonical JSON"),
    (b"[]", "fields"),
    (b'{"amount":1,"v":1}', "fields"),
    (b'{"amount":1,"bidder":"x","currency":"CNY","v":1}', "fields"),
    (b'{"amount":1,"currency":"CNY","v":2}', "v"),
    (b'{"amount":-1,"currency":"CNY","v":1}', "amount"),
    (b'{"amount":"1","currency":"CNY","v":1}', "amount"),
    (b'{"amount":1,"currency":"yuan","v":1}', "currency"),
    (b'{"currency":"CNY","items":[["a"]],"v":1}', "items"),
    (b'{"currency":"CNY","items":[["",1]],"v":1}', "items"),
    (b'{"currency":"CNY","items":"a","v":1}', "items"),
    (b" " * (1 << 20) + b"{}", "size"),
])
def test_anything_else_is_sealed_rubbish(data, what):
    with pytest.raises(Fault) as caught:
        parse_price(data)
    assert (caught.value.code, caught.value.reason.values) == ("sealed_rubbish", {"what": what})


@pytest.mark.parametrize("form", [PriceForm("CNY", -1), PriceForm("yuan", 1), PriceForm("CNY", 1, (("", 1),))])
def test_form_that_could_not_be_read_is_not_built(form):
    with pytest.raises((Fault, ValueError)):
        build_price(form)
