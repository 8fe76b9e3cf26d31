"""One key: what it seals and hashes, and how both say which key it was.

aes: AES-256-GCM and HMAC-SHA-256; sm: SM4-GCM (GB/T 32907) and HMAC-SM3 (GB/T 32905). A key has one of the two for
ever, so that what it made is read again whatever the setting says today.
"""

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workflow.case.number import code_given, number_given

AES, SM = "aes", "sm"
CIPHERS = (AES, SM)
DIGITS = 64
"""Of a keyed hash as it is kept, with what says its key: never more than one without it has."""
TERMS_KEPT = 20_000
NAME = "applicant name"
"""What the hash of a name is for."""
KEYED = "§"
"""What is a hash in the index begins with it, and no term of a text does."""
LASTING = (
    "submission",
    "begun",
    "draft code",
    "parcel",
    "toured",
    "viewing",
    "identity",
    "code",
    "forms",
    "passkey handle",
    "stamp of a session",
)
"""Purposes whose hashes stay what they are for ever: marks by which a form, a draft or a link is known again. Nobody is
recognised by them who has not the store as well. They follow from the first key, and later keys carry them."""
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
HEAD = b"gongkai\x00"
"""Before what is sealed stands which key sealed it, unless it was the first one with AES."""
_NONCE, _TAG = 12, 16
_CIPHER_BYTES = {AES: b"a", SM: b"s"}
HEADER = len(HEAD) + 3
"""Bytes before the nonce of what a later key sealed."""


def hashed(cipher: str, key: bytes, content: bytes) -> bytes:
    """The keyed hash of that kind, 32 bytes."""
    if cipher == AES:
        return hmac.digest(key, content, "sha256")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.hmac import HMAC

    made = HMAC(key, hashes.SM3())
    made.update(content)
    return made.finalize()


@dataclass(frozen=True, slots=True)
class CodeKey:
    """From which the query codes of the cases of one key follow; the next keys carry it."""

    cipher: str
    key: bytes

    def code(self, said: str) -> str:
        return in_letters(hashed(self.cipher, self.key, said.encode()))


@dataclass(frozen=True)
class Key:
    """A secret with its number, from 0. lasting: the keys of LASTING, codes: those of the query codes of earlier keys
    by number; both are carried on from key to key, and the first one has none to carry."""

    number: int
    secret: bytes = field(repr=False)
    cipher: str = AES
    lasting: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    codes: Mapping[int, CodeKey] = field(default_factory=dict, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """For a process that this one starts to share its work: without what is loaded for sealing."""
        return Key, (self.number, self.secret, self.cipher, dict(self.lasting), dict(self.codes))

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose."""
        return hashed(self.cipher, self.secret, purpose.encode())

    # -- keyed hashes ---------------------------------------------------------------------------------

    @cached_property
    def prefix(self) -> str:
        """Before a hash that is kept: the number of its key unless it is the first, and its kind unless SHA-256."""
        number = f"{self.number}:" if self.number else ""
        return f"{number}sm3:" if self.cipher == SM else number

    def hashed(self, purpose: str, content: str) -> str:
        """A keyed hash, 64 hexadecimal digits without a word of its key."""
        return hashed(self.cipher, self.key(purpose), content.encode()).hex()

    def digest(self, purpose: str, content: str) -> str:
        """The same as it is kept, DIGITS long with what says its key."""
        return (self.prefix + self.hashed(purpose, content))[:DIGITS]

    def check_value(self) -> str:
        """Tells this key from another one, with all that it carries, and nothing of it."""
        return self.digest("check value", self._carried)[: 16 + len(self.prefix)]

    @cached_property
    def _carried(self) -> str:
        if not self.lasting:
            return ""
        lasting = {name: key.hex() for name, key in self.lasting.items()}
        codes = {str(n): [one.cipher, one.key.hex()] for n, one in self.codes.items()}
        return json.dumps([lasting, codes], sort_keys=True)

    def identity(self, proof: str) -> str:
        """A keyed hash of a proof of identity: the same person gives the same hash, and nobody without the secret can
        try numbers against it."""
        return self.digest("identity", proof)

    def name_hash(self, name: str) -> str:
        """A keyed hash of a name: the same name gives the same hash, and nobody without the secret can try names
        against it."""
        return self.digest(NAME, name)

    def query_hash(self, number: str, code: str) -> str:
        """A keyed hash of a case's number and query code, each in its one form however it was typed: with it a case is
        found in one look, and nobody without the secret can try codes against it."""
        return self.digest("query hash", f"{number_given(number)} {code_given(code)}")

    @cached_property
    def _terms(self) -> dict[str, str]:
        return {}

    @cached_property
    def _term_key(self) -> bytes:
        return self.key("terms")

    def term(self, text: str) -> str:
        """A keyed hash of a term of the index, ten hexadecimal digits: short, for there are many of them. The same
        terms come again and again, so they are remembered."""
        known = self._terms.get(text)
        if known is None:
            if len(self._terms) >= TERMS_KEPT:
                self._terms.clear()
            known = KEYED + hashed(self.cipher, self._term_key, text.encode())[:5].hex()
            self._terms[text] = known
        return known

    def number_term(self, number: str) -> str:
        """The same of a number of identity or telephone, sixteen digits."""
        return KEYED + self.hashed("number", number)[:16]

    # -- what is carried on ---------------------------------------------------------------------------

    def mark(self, purpose: str, content: str) -> str:
        """A keyed hash that no later key changes, for a purpose of LASTING."""
        return hashed(AES, self.lasting_key(purpose), content.encode()).hex()

    def lasting_key(self, purpose: str) -> bytes:
        """The key of such a purpose; KeyError for another one."""
        if purpose not in LASTING:
            raise KeyError(purpose)
        return self.lasting[purpose] if self.lasting else self.key(purpose)

    def code_key(self, number: int) -> CodeKey | None:
        """That of the query codes of a key, where it is this one or an earlier one."""
        if number == self.number:
            return CodeKey(self.cipher, self.key("query code"))
        return self.codes.get(number)

    def next(self, cipher: str) -> "Key":
        """A new key that carries on what must last."""
        own = self.code_key(self.number)
        assert own is not None
        lasting = {purpose: self.lasting_key(purpose) for purpose in LASTING}
        codes = {**self.codes, self.number: own}
        return Key(self.number + 1, secrets.token_bytes(32), cipher, lasting, codes)

    def follows(self, earlier: "Key") -> bool:
        """True if this key was made to come after the other one: it carries on what that one has."""
        own = earlier.code_key(earlier.number)
        return self.number > earlier.number and self.codes.get(earlier.number) == own and all(
            self.lasting_key(purpose) == earlier.lasting_key(purpose) for purpose in LASTING
        )  # fmt: skip

    # -- sealing --------------------------------------------------------------------------------------

    @property
    def named(self) -> bytes:
        """Number and kind of the key, as they stand before what it seals."""
        return HEAD + _CIPHER_BYTES[self.cipher] + self.number.to_bytes(2, "big")

    @cached_property
    def header(self) -> bytes:
        """The same; empty for the first one with AES, as it always was."""
        return b"" if not self.number and self.cipher == AES else self.named

    @cached_property
    def _sealers(self) -> dict[str, tuple[Callable[..., bytes], Callable[..., bytes]]]:
        return {}

    def _sealer(self, purpose: str) -> tuple[Callable[..., bytes], Callable[..., bytes]]:
        made = self._sealers.get(purpose)
        if made is None:
            made = self._sealers[purpose] = gcm(self.cipher, self.key(purpose))
        return made

    def seal(self, purpose: str, content: bytes, belongs_to: str) -> bytes:
        """Encrypt; what comes opens only with the same `belongs_to`."""
        nonce = secrets.token_bytes(_NONCE)
        seal, _ = self._sealer(purpose)
        return self.header + nonce + seal(nonce, content, self.header + belongs_to.encode())

    def open(self, purpose: str, sealed: bytes, belongs_to: str) -> bytes:
        """Decrypt what this key sealed. Raises InvalidTag if it was tampered with, moved, or is another's."""
        from cryptography.exceptions import InvalidTag

        begin = len(self.header)
        if sealed[:begin] != self.header or len(sealed) < begin + _NONCE + _TAG:
            raise InvalidTag
        nonce, rest = sealed[begin : begin + _NONCE], sealed[begin + _NONCE :]
        return self._sealer(purpose)[1](nonce, rest, self.header + belongs_to.encode())


def key_of(sealed: bytes) -> int | None:
    """The number of the key that what is sealed names; None where it names none, as the first one's with AES."""
    if len(sealed) >= HEADER and sealed.startswith(HEAD) and sealed[8:9] in _CIPHER_BYTES.values():
        return int.from_bytes(sealed[9:HEADER], "big")
    return None


def gcm(cipher: str, key: bytes) -> tuple[Callable[..., bytes], Callable[..., bytes]]:
    """Sealing and opening of that kind with 32 bytes: each of nonce, content, and to what it is bound."""
    # Loaded with the first thing that is sealed or opened: it takes a seventh of the server's memory.
    if cipher == AES:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        aead = AESGCM(key)
        return aead.encrypt, aead.decrypt
    return _sm4(key[:16])


def _sm4(key: bytes) -> tuple[Callable[..., bytes], Callable[..., bytes]]:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    def seal(nonce: bytes, content: bytes, bound: bytes) -> bytes:
        made = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        made.authenticate_additional_data(bound)
        return made.update(content) + made.finalize() + made.tag

    def open_(nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        read = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
        read.authenticate_additional_data(bound)
        return read.update(sealed[:-_TAG]) + read.finalize()

    return seal, open_


def in_letters(digest: bytes) -> str:
    """Ten characters as a query code has them."""
    number, code = int.from_bytes(digest, "big"), ""
    for _ in range(10):
        number, index = divmod(number, len(_ALPHABET))
        code += _ALPHABET[index]
    return code
