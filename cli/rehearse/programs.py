"""The bank's program: payments in, refunds out, every request signed (docs/formats/programs.md)."""
import json
import secrets
from typing import Any

import httpx

from cli.rehearse.parties import Scene, Stopped
from kernel.canonical import sha256
from kernel.identity.programs import sign_request


class Bank:
    def __init__(self, scene: Scene, program: str, seed: bytes) -> None:
        self._scene, self._program, self._seed = scene, program, seed
        self._client = httpx.Client(base_url=scene.address, timeout=30)

    def receive(self, account: str, amount: int, source: str) -> None:
        """A payment of `amount` fen to a sub-account."""
        self._ask("POST", "/api/programs/deposits", {"account": account, "amount": amount, "paid_at": self._scene.now(), "source": source})

    def pay_refunds(self) -> int:
        """Pays every order that waits; how many."""
        orders = self._ask("GET", "/api/programs/refunds")
        for order in orders:
            self._ask("POST", "/api/programs/refunds", order)
        return len(orders)

    def _ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Any:
        body = json.dumps(fields).encode() if fields is not None else b""
        nonce = self._client.post("/api/programs/nonces", json={"program": self._program}).json()["nonce"]
        headers = sign_request(self._seed, self._program, method, path, sha256(body).hex(), nonce)
        answer = self._client.request(method, path, content=body, headers=headers | {"content-type": "application/json"})
        if answer.status_code != 200:
            raise Stopped(f"银行 · bank: {method} {path}: {answer.status_code} {answer.text[:300]}")
        self._scene.acts += method == "POST"
        return answer.json()


def source_of(number: int) -> str:
    """The account a bidder pays from."""
    return f"62{number:02d}{secrets.randbelow(10**12):012d}"
