"""A passkey in software: P-256, as a browser with a built-in authenticator would answer."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from kernel.identity.signing import Signature, act_hash

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Authenticator:
    """verified: whether it asks for finger or PIN. count: its signature counter."""

    host: str = "localhost"
    origin: str = "http://localhost:8000"
    verified: bool = True
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def credential(self) -> str:
        return bytes_to_base64url(self.id)

    def create(self, options: str) -> str:
        """The answer to navigator.credentials.create."""
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        data = self._data(ATTESTED) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", base64url_to_bytes(json.loads(options)["challenge"]))
        return self._answer({"attestationObject": bytes_to_base64url(statement), "clientDataJSON": bytes_to_base64url(client)})

    def get(self, options: str) -> str:
        """The answer to navigator.credentials.get."""
        data, client, signature = self._assertion(base64url_to_bytes(json.loads(options)["challenge"]))
        return self._answer(
            {
                "authenticatorData": bytes_to_base64url(data),
                "clientDataJSON": bytes_to_base64url(client),
                "signature": bytes_to_base64url(signature),
            }
        )

    def sign_act(self, origin: str, tag: str, cmd: object, nonce: str) -> Signature:
        data, client, signature = self._assertion(act_hash(origin, tag, cmd, nonce))
        return Signature("passkey", self.credential, signature.hex(), nonce, data.hex(), client.hex())

    def _assertion(self, challenge: bytes) -> tuple[bytes, bytes, bytes]:
        self.count += 1
        data, client = self._data(0), self._client("webauthn.get", challenge)
        return data, client, self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))

    def _data(self, more: int) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verified else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: bytes) -> bytes:
        return json.dumps({"type": kind, "challenge": bytes_to_base64url(challenge), "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps(
            {"id": self.credential, "rawId": self.credential, "type": "public-key", "clientExtensionResults": {}, "response": response}
        )
