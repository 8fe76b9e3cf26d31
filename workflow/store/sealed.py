"""Keys and sealing: personal data at rest and codes that need not be stored.

One key is in force; earlier ones open what they sealed (docs/decisions/0039). All that is made is made with the one in
force, and says which that was.
"""

import hashlib
import hmac
import json
import logging
import re
import secrets
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from workflow.store.key import KEYED, Key, in_letters, key_of
from workflow.store.key_folder import KEY_FILE, KeyFolder, WrongKey

__all__ = ["KEYED", "KEY_FILE", "Secrets", "WrongKey", "token_hash"]

PERSONAL, CONTENT = "personal data", "file content"
_KEPT = re.compile(r"(?:([1-9]\d{0,3}):)?(sm3:)?[0-9a-f]+")
_log = logging.getLogger(__name__)


class Secrets:
    """The keys of the installation: the one in force first, with every earlier one that is at hand."""

    def __init__(
        self,
        secret: bytes | Iterable[Key],
        folder: KeyFolder | None = None,
        *,
        seals_words: bool = False,
    ) -> None:
        """folder: where they lie; what changes there is noticed. seals_words: names, requests and what is written into
        logs are sealed as well (`workflow.store.words`)."""
        self.seals_words = seals_words
        self._keys = (Key(0, secret),) if isinstance(secret, bytes) else tuple(secret)
        self._folder = folder
        self._each: tuple[tuple[Key, ...], tuple[Secrets, ...]] = (), ()

    def __reduce__(self) -> tuple[Any, ...]:
        """For a process that this one starts to share its work, and nobody else."""
        made = partial(Secrets, seals_words=self.seals_words)
        return made, (self._keys, self._folder)

    @classmethod
    def of_folder(cls, folder: Path) -> "Secrets":
        """The keys of the folder or of GONGKAI_SECRET; the first one is made on first use. Raises WrongKey for one
        that is cut off, spoilt or weak."""
        return cls.of(KeyFolder(folder))

    @classmethod
    def of(cls, place: KeyFolder, *, seals_words: bool = False) -> "Secrets":
        """The keys of a place, in the same way."""
        return cls(place.keys(), place, seals_words=seals_words)

    @classmethod
    def throwaway(cls) -> "Secrets":
        """For a temporary store."""
        return cls(secrets.token_bytes(32))

    # -- which keys there are -------------------------------------------------------------------------

    @property
    def now(self) -> Key:
        """The key in force."""
        return self._current()[0]

    @property
    def place(self) -> KeyFolder | None:
        """Where they lie; None for those of a temporary store."""
        return self._folder

    @property
    def numbers(self) -> list[int]:
        """Of all keys at hand, the one in force first."""
        return [key.number for key in self._current()]

    def numbered(self, number: int) -> Key | None:
        """A key at hand. One that is not known yet is looked for once where the keys lie."""
        found = self._known(number)
        if found is None and self._folder is not None:
            self._read_again()
            found = self._known(number)
        return found

    def each(self) -> tuple["Secrets", ...]:
        """Each key as if it were in force, the one that is first, and whatever is sealed still opens: to look for what
        any of them made. A few."""
        keys = self._current()
        if self._each[0] is not keys:
            rings = [(key, *(one for one in keys if one is not key)) for key in keys]
            made = (Secrets(ring, seals_words=self.seals_words) for ring in rings)
            self._each = keys, tuple(made)
        return self._each[1]

    def _current(self) -> tuple[Key, ...]:
        if self._folder is not None and self._folder.changed():
            self._read_again()
        return self._keys

    def _known(self, number: int) -> Key | None:
        return next((key for key in self._keys if key.number == number), None)

    def _read_again(self) -> None:
        """Take what lies there now. What does not go on from what was known is no reason to stop in the middle of the
        work: it is told, and stops the next start."""
        assert self._folder is not None
        try:
            found = self._folder.read()
        except WrongKey as error:
            _log.warning("keys not read again: %s", error)
            return
        there = {key.number: key for key in found}
        spoilt = any(there.get(key.number, key) != key for key in self._keys)
        if spoilt or found[0].number < self._keys[0].number:
            _log.warning("keys not read again: those in the folder are others")
            return
        kept = [key for key in self._keys if key.number not in there]
        new = (*found, *kept)
        if new != self._keys:
            self._keys = new

    # -- of the key in force --------------------------------------------------------------------------

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose."""
        return self.now.key(purpose)

    def keys_for(self, purpose: str) -> list[bytes]:
        """The same of every key, the one in force first."""
        return [key.key(purpose) for key in self._current()]

    def check_value(self) -> str:
        """Tells the key in force from another one, and nothing of it."""
        return self.now.check_value()

    # -- sealing --------------------------------------------------------------------------------------

    def opens(self, sealed: bytes, salt: str, case_id: int) -> bool:
        """True if what is private of an applicant was sealed with one of these keys."""
        from cryptography.exceptions import InvalidTag

        try:
            self.open_private(sealed, salt, case_id)
        except InvalidTag:
            return False
        return True

    def sealed(self, purpose: str, content: bytes, belongs_to: str) -> bytes:
        """Encrypt for one of the two purposes; the result opens only with the same `belongs_to`."""
        return self.now.seal(purpose, content, belongs_to)

    def opened(self, purpose: str, sealed: bytes, belongs_to: str) -> bytes:
        """Decrypt with the key that it names. What names none is the first key's; so may be what names one by chance.
        Raises InvalidTag if it was tampered with or moved, or its key is not at hand."""
        from cryptography.exceptions import InvalidTag

        number = key_of(sealed)
        if number is not None and (key := self.numbered(number)) is not None:
            try:
                return key.open(purpose, sealed, belongs_to)
            except InvalidTag:
                pass
        first = self.numbered(0)
        if first is None or first.header:
            raise InvalidTag
        return first.open(purpose, sealed, belongs_to)

    def seal_bytes(self, content: bytes, belongs_to: str) -> bytes:
        """Encrypt the content of a file; the result opens only with the same `belongs_to`."""
        return self.sealed(CONTENT, content, belongs_to)

    def open_bytes(self, sealed: bytes, belongs_to: str) -> bytes:
        """Decrypt what `seal_bytes` made. Raises InvalidTag if it was tampered with or moved."""
        return self.opened(CONTENT, sealed, belongs_to)

    def seal(self, data: dict[str, Any], belongs_to: str) -> bytes:
        """Encrypt; the result opens only with the same `belongs_to`."""
        return self.sealed(PERSONAL, json.dumps(data, ensure_ascii=False).encode(), belongs_to)

    def open(self, sealed: bytes | None, belongs_to: str) -> dict[str, Any]:
        """Decrypt what `seal` made. Raises InvalidTag if it was tampered with."""
        if sealed is None:
            return {}
        found: dict[str, Any] = json.loads(self.opened(PERSONAL, sealed, belongs_to))
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

    # -- keyed hashes ---------------------------------------------------------------------------------

    def digest(self, purpose: str, content: str) -> str:
        """A keyed hash for one purpose, 64 characters: hexadecimal digits, behind what says its key where that is not
        the first (`2:…`, `2:sm3:…`)."""
        return self.now.digest(purpose, content)

    def proves(self, purpose: str, content: str, kept: str) -> bool:
        """True if what is kept is the keyed hash (`digest`) of this content for this purpose, by the key that it
        names. False where that key is not at hand, and for whatever else is kept there."""
        said = _KEPT.fullmatch(kept) if isinstance(kept, str) else None
        key = self.numbered(int(said[1] or 0)) if said else None
        return key is not None and hmac.compare_digest(key.digest(purpose, content), kept)

    def lasting_key(self, purpose: str) -> bytes:
        """32 bytes for a purpose of `key.LASTING`, the same whatever key is in force."""
        return self.now.lasting_key(purpose)

    def mark(self, purpose: str, content: str) -> str:
        """A keyed hash that stays the same whatever key is in force, 64 hexadecimal digits, for what must be known
        again and tells nobody anything (`key.LASTING`)."""
        return self.now.mark(purpose, content)

    def identity(self, proof: str) -> str:
        """A keyed hash of a proof of identity (`Key.identity`)."""
        return self.now.identity(proof)

    def identities(self, proof: str) -> list[str]:
        """The same by every key: one of them is kept where this person is known."""
        return [key.identity(proof) for key in self._current()]

    def name_hash(self, name: str) -> str:
        """A keyed hash of a name (`Key.name_hash`)."""
        return self.now.name_hash(name)

    def name_hashes(self, name: str) -> list[str]:
        """The same by every key: one of them is kept where somebody of that name asks."""
        return [key.name_hash(name) for key in self._current()]

    def query_hash(self, number: str, code: str) -> str:
        """A keyed hash of a case's number and query code (`Key.query_hash`)."""
        return self.now.query_hash(number, code)

    def query_hashes(self, number: str, code: str) -> list[str]:
        """The same by every key: one of them is kept with the case."""
        return [key.query_hash(number, code) for key in self._current()]

    def term(self, text: str) -> str:
        """A keyed hash of a term of the index (`Key.term`)."""
        return self._keys[0].term(text)

    def number_term(self, number: str) -> str:
        """The same of a number (`Key.number_term`)."""
        return self.now.number_term(number)

    # -- codes ----------------------------------------------------------------------------------------

    def new_salt(self) -> str:
        """Of a new case: its query code follows from it, and what is private of it opens with it. It says from the key
        of which number, where that is not the first."""
        number = self.now.number
        return f"{number}:{secrets.token_hex(13)}" if number else secrets.token_hex(16)

    def query_code(self, salt: str, turn: int = 0) -> str:
        """The applicant's query code: ten characters that follow from the case's salt and the key that it names, so
        that it is nowhere stored and can be told again. turn: how often it was renewed. Raises WrongKey where that key
        is not known, which no start lets happen."""
        said = f"{salt} {turn}" if turn else salt
        number = int(salt.partition(":")[0]) if ":" in salt else 0
        key = self.now.code_key(number)
        if key is None and (own := self.numbered(number)) is not None:
            key = own.code_key(number)
        if key is None:
            raise WrongKey(
                f"没有第 {number} 个密钥，查询码无法计算：请把与备份一起保存的密钥文件放回原处"
            )
        return key.code(said)

    def code_for(self, content: str) -> str:
        """Ten characters as a query code has them, that follow from the keys and what they are for."""
        return in_letters(bytes.fromhex(self.now.mark("code", content)))


def token_hash(token: str) -> str:
    """What is kept of a bearer token."""
    return hashlib.sha256(token.encode()).hexdigest()
