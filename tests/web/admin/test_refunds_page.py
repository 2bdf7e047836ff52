"""The cashier's list: one prepares, another approves, and the page shows what the bank has paid."""
import pytest
from sqlalchemy import select

from kernel.centre import Centre
from kernel.command import Actor
from kernel.ticker import settle
from tests.web.pages import reader
from tests.world import staff
from tests.worlds.awards import DEPOSIT, Tender, announced
from trading.awards.confirm_refund import ConfirmRefund, confirm_refund
from trading.awards.records import Refund
from trading.awards.send_letter import SendLetter, send_letter
from trading.bids.records import Deposit

BANK = Actor("program", "bank-1", channel="bank")


@pytest.fixture
def made(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Tender:
    tender = announced(centre, monkeypatch)
    send_letter(centre, tender.agent, SendLetter(project=tender.project))
    settle(centre)
    return tender


def first(made: Tender) -> Refund:
    with made.centre.reading() as session:
        return session.scalars(select(Refund).where(Refund.project == made.project).order_by(Refund.due_at, Refund.id)).all()[0]


@pytest.mark.parametrize(("lang", "words"), [("zh", "有 3 笔退款等您办理"), ("en", "3 refunds wait for you")])
def test_the_list_is_the_cashiers(centre: Centre, made: Tender, lang: str, words: str) -> None:
    with reader(centre, lang) as page:
        assert page.get("/refunds").status_code == 404
        assert page.sign_in(centre, made.buyer.id).get("/refunds").status_code == 404
        shown = page.sign_in(centre, staff(centre, "cashier").id).get("/refunds")
        assert shown.status_code == 200 and words in shown.text
        assert "/refunds" in page.get("/desk").text


def test_one_prepares_another_approves_the_bank_pays(centre: Centre, made: Tender) -> None:
    one, other, refund = staff(centre, "cashier"), staff(centre, "cashier"), first(made)
    with centre.reading() as session:
        source = session.get_one(Deposit, refund.deposit).source
    with reader(centre) as page:
        page.sign_in(centre, one.id)
        prepare = {"refund": refund.id, "account": source, "interest": "0.50", "_next": "/refunds"}
        assert page.send("/do/trading.awards.prepare_refund", "/refunds", **(prepare | {"account": "622000"})).status_code == 409
        assert page.send("/do/trading.awards.prepare_refund", "/refunds", **(prepare | {"interest": "free"})).status_code == 422
        assert page.send("/do/trading.awards.prepare_refund", "/refunds", **prepare).status_code == 303
        assert "须由另一人复核" in page.get("/refunds").text
        assert page.send("/do/trading.awards.approve_refund", "/refunds", refund=refund.id, _next="/refunds").status_code == 409
        page.sign_in(centre, other.id)
        assert page.send("/do/trading.awards.approve_refund", "/refunds", refund=refund.id, _next="/refunds").status_code == 303
        assert "银行办理中" in page.get("/refunds").text
        confirm_refund(centre, BANK, ConfirmRefund(order=first_order(centre, refund.id), account=source, amount=DEPOSIT + 50))
        assert "已付" in page.get("/refunds").text


def first_order(centre: Centre, refund: str) -> str:
    with centre.reading() as session:
        return str(session.get_one(Refund, refund).order)
