"""Keys and sealing: personal data at rest (AES-GCM) and codes that need not be stored.

One secret per installation, in a file that only its owner can read, or from the environment.
"""

import hashlib
import hmac
import json
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import BadSetting

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


TERMS_KEPT = 20_000
KEYED = "§"
"""What is a hash in the index begins with it, and no term of a text does."""
KEY_FILE = "secret.key"
FEWEST_BYTES = 16


class WrongKey(BadSetting):
    """The key is missing, spoilt, or not the one with which the store was made; says what to do."""


def _cipher(key: bytes) -> "AESGCM":
    # Loaded with the first thing that is sealed or opened: it takes a seventh of the server's memory.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


class Secrets:
    """Keys derived from the installation's secret, one per purpose."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __reduce__(self) -> tuple[type["Secrets"], tuple[bytes]]:
        """For a process that this one starts to share its work, and nobody else."""
        return Secrets, (self._secret,)

    @staticmethod
    def there(folder: Path) -> bool:
        """True if a secret is given, in GONGKAI_SECRET or in the folder."""
        return bool(os.environ.get("GONGKAI_SECRET")) or (folder / KEY_FILE).exists()

    @classmethod
    def of_folder(cls, folder: Path) -> "Secrets":
        """The secret in GONGKAI_SECRET, or in `secret.key` of the folder, made on first use.

        Raises WrongKey for a file that was cut off.
        """
        given = os.environ.get("GONGKAI_SECRET")
        if given:
            return cls(given.encode())
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / KEY_FILE
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            secret = path.read_bytes()
            if len(secret) < FEWEST_BYTES:
                raise WrongKey(
                    f"密钥文件 {path} 不完整，没有启动：请用与备份一起保存的密钥文件替换"
                ) from None
            return cls(secret)
        secret = secrets.token_bytes(32)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
        return cls(secret)

    @classmethod
    def throwaway(cls) -> "Secrets":
        """For a temporary store."""
        return cls(secrets.token_bytes(32))

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose."""
        return hmac.digest(self._secret, purpose.encode(), "sha256")

    def check_value(self) -> str:
        """Tells this secret from another one, and nothing of it."""
        return self.digest("check value", "")[:16]

    @cached_property
    def _aead(self) -> "AESGCM":
        return _cipher(self.key("personal data"))

    def opens(self, sealed: bytes, salt: str, case_id: int) -> bool:
        """True if what is private of an applicant was sealed with this secret."""
        from cryptography.exceptions import InvalidTag

        try:
            self.open_private(sealed, salt, case_id)
        except InvalidTag:
            return False
        return True

    def seal_bytes(self, content: bytes, belongs_to: str) -> bytes:
        """Encrypt the content of a file; the result opens only with the same `belongs_to`."""
        nonce = secrets.token_bytes(12)
        aead = _cipher(self.key("file content"))
        return nonce + aead.encrypt(nonce, content, belongs_to.encode())

    def open_bytes(self, sealed: bytes, belongs_to: str) -> bytes:
        """Decrypt what `seal_bytes` made. Raises InvalidTag if it was tampered with or moved."""
        aead = _cipher(self.key("file content"))
        return aead.decrypt(sealed[:12], sealed[12:], belongs_to.encode())

    def seal(self, data: dict[str, Any], belongs_to: str) -> bytes:
        """Encrypt; the result opens only with the same `belongs_to`."""
        nonce = secrets.token_bytes(12)
        text = json.dumps(data, ensure_ascii=False).encode()
        return nonce + self._aead.encrypt(nonce, text, belongs_to.encode())

    def open(self, sealed: bytes | None, belongs_to: str) -> dict[str, Any]:
        """Decrypt what `seal` made. Raises InvalidTag if it was tampered with."""
        if sealed is None:
            return {}
        text = self._aead.decrypt(sealed[:12], sealed[12:], belongs_to.encode())
        found: dict[str, Any] = json.loads(text)
        return found

    def seal_private(self, data: dict[str, Any], salt: str) -> bytes:
        """Encrypt what is private of the applicants of a case; it opens only with the salt of its case,
        which is known before the case has an id."""
        return self.seal(data, f"salt {salt}")

    def open_private(self, sealed: bytes | None, salt: str, case_id: int) -> dict[str, Any]:
        """Decrypt what is private of an applicant. What an older version sealed belongs to the case's id
        (docs/decisions/0016). Raises InvalidTag."""
        from cryptography.exceptions import InvalidTag

        try:
            return self.open(sealed, f"salt {salt}")
        except InvalidTag:
            return self.open(sealed, f"case {case_id}")

    def digest(self, purpose: str, content: str) -> str:
        """A keyed hash for one purpose, 64 hexadecimal digits."""
        return hmac.digest(self.key(purpose), content.encode(), "sha256").hex()

    def identity(self, proof: str) -> str:
        """A keyed hash of a proof of identity: the same person gives the same hash, and nobody without
        the secret can try numbers against it."""
        return self.digest("identity", proof)

    @cached_property
    def _terms(self) -> dict[str, str]:
        return {}

    @cached_property
    def _term_key(self) -> bytes:
        return self.key("terms")

    def term(self, text: str) -> str:
        """A keyed hash of a term of the index, ten hexadecimal digits: short, for there are many of them. The
        same terms come again and again, so they are remembered."""
        known = self._terms.get(text)
        if known is None:
            if len(self._terms) >= TERMS_KEPT:
                self._terms.clear()
            known = KEYED + hmac.digest(self._term_key, text.encode(), "sha256")[:5].hex()
            self._terms[text] = known
        return known

    def query_code(self, salt: str) -> str:
        """The applicant's query code: ten characters that follow from the secret and the case's salt,
        so that it is nowhere stored and can be told again."""
        digest = hmac.digest(self.key("query code"), salt.encode(), "sha256")
        number = int.from_bytes(digest, "big")
        code = ""
        for _ in range(10):
            number, index = divmod(number, len(_ALPHABET))
            code += _ALPHABET[index]
        return code

    def query_hash(self, number: str, code: str) -> str:
        """A keyed hash of a case's number and query code: with it a case is found in one look, and nobody
        without the secret can try codes against it."""
        return self.digest("query hash", f"{number} {code}")


def new_salt() -> str:
    """Of a new case: its query code follows from it, and what is private of it opens with it."""
    return secrets.token_hex(16)


def token_hash(token: str) -> str:
    """What is kept of a bearer token."""
    return hashlib.sha256(token.encode()).hexdigest()
