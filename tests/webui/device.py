"""A device that makes passkeys and answers with them, in software."""

import hashlib
import html
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

from tests.webui.visitor import Visitor

UP, UV, ATTESTED = 1, 4, 0x40
"""User present, user verified, a new credential comes along."""


@dataclass
class Device:
    """An authenticator in software: what it can be told to do wrong, its fields say."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    host: str = "localhost"
    origin: str = "http://localhost"
    flags: int = UP | UV
    uses: int = 0

    def _data(self, more: bytes = b"", flags: int = 0) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([self.flags | flags]) + self.uses.to_bytes(4, "big") + more

    def _said(self, kind: str, challenge: str) -> bytes:
        said = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        id_ = bytes_to_base64url(self.credential)
        told = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": told})

    def make(self, challenge: str) -> str:
        point = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        more = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential
        data = self._data(more + encode_cbor(cose), ATTESTED)
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=self._said("create", challenge), attestationObject=made)

    def sign(self, challenge: str) -> str:
        data, said = self._data(), self._said("get", challenge)
        signed = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signed)


def options(visitor: Visitor) -> dict[str, Any]:
    """What the page tells the browser about passkeys."""
    found = re.search(r'data-options="([^"]+)"', visitor.html)
    assert found is not None
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told
