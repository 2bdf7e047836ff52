"""The read-out form inside a `price` envelope: canon{v: 1, amount?, currency, items?}. No bidder's name stands in it.

Whatever else was sealed is "sealed rubbish": provably the bidder's own doing, because commitment and AEAD held.
"""
import re
from dataclasses import dataclass

from kernel.canonical import canon, parse
from trading.sealing.rules.faults import Fault

CURRENCY = re.compile(r"[A-Z]{3}")  # ISO 4217
SIZE_LIMIT = 1 << 20  # bytes; a form that fills a megabyte is not a form


@dataclass(frozen=True)
class PriceForm:
    """amount: integer in the smallest unit of the currency; None where the offer is a rate or the like, then in items."""

    currency: str
    amount: int | None = None
    items: tuple[tuple[str, str | int], ...] = ()


def build_price(form: PriceForm) -> bytes:
    fields: dict[str, object] = {"v": 1, "currency": form.currency}
    if form.amount is not None:
        fields["amount"] = form.amount
    if form.items:
        fields["items"] = [list(item) for item in form.items]
    data = canon(fields)
    if parse_price(data) != form:
        raise ValueError("this form would not be read back as it is")
    return data


def parse_price(data: bytes) -> PriceForm:
    if len(data) > SIZE_LIMIT:
        raise Fault("sealed_rubbish", what="size")
    try:
        fields = parse(data)
    except (ValueError, RecursionError):
        raise Fault("sealed_rubbish", what="canonical JSON") from None
    if not isinstance(fields, dict) or not {"v", "currency"} <= set(fields) <= {"v", "currency", "amount", "items"}:
        raise Fault("sealed_rubbish", what="fields")
    if fields["v"] != 1:
        raise Fault("sealed_rubbish", what="v")
    currency, amount, items = fields["currency"], fields.get("amount"), fields.get("items", [])
    if not isinstance(currency, str) or not CURRENCY.fullmatch(currency):
        raise Fault("sealed_rubbish", what="currency")
    if amount is not None and (not isinstance(amount, int) or amount < 0):
        raise Fault("sealed_rubbish", what="amount")
    if not isinstance(items, list) or not all(_is_item(item) for item in items):
        raise Fault("sealed_rubbish", what="items")
    return PriceForm(currency, amount, tuple((name, value) for name, value in items))


def _is_item(item: object) -> bool:
    return isinstance(item, list) and len(item) == 2 and isinstance(item[0], str) and item[0] != "" and isinstance(item[1], str | int)
