"""The custodian's page: nothing of the centre's is in it, and a real centre offers no keys to trust."""
import json
from pathlib import Path
from typing import Any

from kernel.ledger.proof import Proof, check
from tests.world import found_test_centre, staff
from tests.worlds.readers import reader, readers
from tests.worlds.sealed import drafted
from trading.sealing.gates import GATES, Pins, opened_leaf


def gates_on(page: str) -> Any:
    return json.JSONDecoder().raw_decode(page.split('data-gates="')[1])[0]


def test_the_page_is_for_anybody_and_offers_keys_in_a_rehearsal_only(centre: Any, tmp_path: Path) -> None:
    real = found_test_centre(tmp_path / "real", rehearsal=False)
    for one in (centre, real):
        with readers(one) as client:
            seen = reader(client, one).text("/custodian")
            assert (one.ledger_key.verifier.vkey() in seen) is one.rehearsal
            assert "演练：已填入" in seen if one.rehearsal else "演练：已填入" not in seen
            assert gates_on(seen) == {code: zh for code, (zh, _) in GATES.items()}
            assert gates_on(reader(client, one).text("/custodian", "en")) == {code: en for code, (_, en) in GATES.items()}
    real.close()


def test_those_whose_office_may_keep_a_key_find_it_in_their_menu(centre: Any) -> None:
    with readers(centre) as client:
        found = {role: 'href="/custodian"' in reader(client, centre, staff(centre, role)).text("/inbox") for role in ("regulator", "registrar", "cashier")}
    assert found == {"regulator": True, "registrar": True, "cashier": False}


def test_an_enrolment_is_shown_with_its_proof_once_it_stands_in_the_ledger(centre: Any, tmp_path: Path) -> None:
    world = drafted(centre, tmp_path)
    keeper = world.keepers[1]
    pins = Pins(centre.ledger_key.verifier, ())
    with readers(centre) as client:
        given = client.get(f"/api/programs/custodians/{keeper.program.identity.hex()}").json()
        payload, data, *_ = opened_leaf(pins, given, 0)
        assert payload["on"] == keeper.id and payload["body"]["key"] == keeper.program.identity.hex() and "name" not in payload["body"]
        assert check(Proof.parse(given["proof"].encode()), data, pins.log).checkpoint.origin == centre.origin
        for unknown in ("ab" * 32, "x", keeper.id):
            assert client.get(f"/api/programs/custodians/{unknown}").status_code == 404
