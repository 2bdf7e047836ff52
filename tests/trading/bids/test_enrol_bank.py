"""A bank's program is enrolled by two registrars, with proof that it holds its key; only it sees and pays refund orders."""
import pytest
from nacl.signing import SigningKey

from kernel.command import Actor
from kernel.errors import NotYours, Refused
from tests.world import staff
from trading.awards.order_reads import orders
from trading.bids.enrol_bank import enrol_bank, enrolment

SEED = bytes(range(32))
KEY = SigningKey(SEED).verify_key.encode().hex()


def test_two_registrars_enrol_a_bank_once(centre) -> None:  # type: ignore[no-untyped-def]
    first, second, cmd = staff(centre, "registrar"), staff(centre, "registrar"), enrolment(SEED, KEY, centre.origin, "示例银行")
    assert enrol_bank(centre, first, cmd) is None
    with pytest.raises(Refused) as again:
        enrol_bank(centre, first, cmd)
    assert again.value.reason.rule == "other_than_first"
    program = enrol_bank(centre, second, cmd)
    assert (program.kind, program.key) == ("bank", KEY)
    with pytest.raises(Refused) as twice:
        enrol_bank(centre, first, cmd)
    assert twice.value.reason.rule == "key_not_used_before"
    with centre.reading() as session:
        assert orders(session, Actor("program", program.id, channel="bank"), centre.now()) == ()
        with pytest.raises(NotYours):
            orders(session, first, centre.now())


def test_a_proof_for_another_name_and_another_office_are_refused(centre) -> None:  # type: ignore[no-untyped-def]
    cmd = enrolment(SEED, KEY, centre.origin, "示例银行")
    with pytest.raises(Refused) as other:
        enrol_bank(centre, staff(centre, "registrar"), cmd.model_copy(update={"name": "别家银行"}))
    assert other.value.reason.rule == "possession_proved"
    with pytest.raises(NotYours):
        enrol_bank(centre, staff(centre, "regulator"), cmd)
