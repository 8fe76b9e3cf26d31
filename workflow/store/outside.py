"""Contents of files that lie outside of the database (docs/decisions/0058).

Each is sealed with a key of its own, made for it by chance. That key lies in the row of the file, sealed with the keys of
the installation and bound to case and file: without its row nobody opens what lies outside, and keys of the
installation change without a file being written anew.

What lies outside is written before the row and deleted after it is gone, so that there is no row without its content,
whatever fails when. What is left of a transaction that came to nothing is of no row: `workflow.service.storing` finds it.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import NamedTuple

from config.errors import Damaged, StorageAway
from workflow.store.key import AES, SM, Key
from workflow.store.storages import AWAY, MARK, UNREAD, NotThere, Storage

_SEALS = {b"a": AES, b"s": SM}
_CONTENT = "file content"
_log = logging.getLogger(__name__)


class Laid(NamedTuple):
    """A content that lies outside. storage: the mark of its place; key: its name there; opens: what opens it."""

    storage: str
    key: str
    opens: bytes


_ahead: ContextVar[dict[str, list[Laid]] | None] = ContextVar("ahead", default=None)
"""What this thread laid before its transaction, by the hash of the content."""


class Lost(Damaged):
    """The place answers, and the content is not there, or is not what was put there."""

    def __init__(self) -> None:
        Exception.__init__(
            self,
            "这份文件的内容缺失或者已经损坏，读不出来。其他文件不受影响。"
            "请告诉运行人员：先运行 gongkai verify 查看哪里不符，再从备份中恢复",
        )


class Contents:
    """The places of an installation: where new contents go, and where others may lie. With none, as of a temporary
    store, they lie in the database."""

    def __init__(
        self, now: Storage | None = None, before: Sequence[Storage] = (), cipher: str = AES
    ) -> None:
        """now: None for the database; before: other places in which some lie still."""
        self.now, self.before, self.cipher = now, tuple(before), cipher
        self._marks: dict[str, tuple[str, str]] = {}

    @property
    def places(self) -> tuple[Storage, ...]:
        return (*((self.now,) if self.now else ()), *self.before)

    # -- which place is which -------------------------------------------------------------------------

    def mark_of(self, place: Storage) -> str | None:
        """By what the rows name the place; None where it has none yet. Raises StorageAway."""
        known = self._marks.get(place.address)
        if known is None:
            try:
                mark, _, owner = place.get(MARK).decode("ascii", "replace").strip().partition(" ")
            except NotThere:
                return None
            known = self._marks[place.address] = mark, owner
        return known[0]

    def begin(self, place: Storage, *, used: bool, owner: str) -> str:
        """The mark of a place for new contents, made where it has none. used: a store knows the one that would be made:
        then it was there, and what is there now is not that place. owner: what tells this installation from another,
        "" where that is not known: two do not share a place. Raises StorageAway."""
        mark = self.mark_of(place)
        if mark is not None:
            _, other = self._marks[place.address]
            if owner and other and owner != other:
                raise StorageAway(
                    f"{place.address} 里是另一个系统的文件：请换一个文件夹或者前缀", AWAY
                )
            return mark
        if used:
            raise StorageAway(
                f"{place.address} 里没有标记 {MARK}：可能没有挂载，或者不是原来的那一个。请放回原处，再重试",
                AWAY,
            )
        mark = self.new_mark(place)
        place.put(MARK, f"{mark} {owner}".strip().encode())
        self._marks[place.address] = mark, owner
        return mark

    @staticmethod
    def new_mark(place: Storage) -> str:
        """The same for all processes that begin a place at the same time."""
        return sha256(place.address.encode()).hexdigest()[:16]

    def place(self, mark: str) -> Storage:
        """The place of that mark. Raises StorageAway where it is none of these."""
        away: StorageAway | None = None
        for one in self.places:
            try:
                if self.mark_of(one) == mark:
                    return one
            except StorageAway as error:
                away = error
        if away is not None:
            raise StorageAway(away.why, UNREAD) from away
        raise StorageAway(
            f"有文件存放在标记为 {mark} 的地方，现在设置的地方都不是它：请设置 file_storage 或者 file_storage_before",
            UNREAD,
        )

    # -- contents -------------------------------------------------------------------------------------

    def lay(self, content: bytes, mark: str) -> Laid:
        """Seal a content and put it into the place for new ones, of that mark. Raises StorageAway."""
        assert self.now is not None
        secret, name = secrets.token_bytes(32), secrets.token_hex(16)
        self.now.put(name, Key(1, secret, self.cipher).seal(_CONTENT, content, name))
        kind = next(said for said, cipher in _SEALS.items() if cipher == self.cipher)
        return Laid(mark, name, kind + secret)

    def read(self, laid: Laid) -> bytes:
        """The plain content. Raises Lost, StorageAway."""
        from cryptography.exceptions import InvalidTag

        try:
            sealed = self.place(laid.storage).get(laid.key)
            kind = _SEALS[laid.opens[:1]]
            return Key(1, laid.opens[1:], kind).open(_CONTENT, sealed, laid.key)
        except (NotThere, InvalidTag, KeyError) as error:
            raise Lost from error

    def delete(self, storage: str, key: str) -> bool:
        """Let a content be gone; whether it is. What could not be reached is told in the log."""
        try:
            self.place(storage).delete(key)
        except StorageAway as error:
            _log.warning("content not deleted: %s", error.why)
            return False
        return True

    # -- before a transaction -------------------------------------------------------------------------

    @contextmanager
    def ahead(
        self, contents: Iterable[bytes], mark: str | None, *, read_again: bool = False
    ) -> Iterator[None]:
        """Lay contents before the transaction that keeps them, so that it holds nothing while a place is slow; what it
        did not keep is deleted. mark: of the place for new ones; None: they lie in the database. read_again: and hold
        what lies there then to what was laid. Raises StorageAway, Lost."""
        if mark is None or self.now is None:
            yield
            return
        laid: dict[str, list[Laid]] = {}
        token = _ahead.set(laid)
        try:
            for content in contents:
                one = self.lay(content, mark)
                laid.setdefault(sha256(content).hexdigest(), []).append(one)
                if read_again and self.read(one) != content:
                    raise Lost
            yield
        finally:
            _ahead.reset(token)
            for one in (one for some in laid.values() for one in some):
                self.delete(one.storage, one.key)

    def taken(self, content: bytes) -> Laid | None:
        """What was laid ahead for this content, once."""
        some = (_ahead.get() or {}).get(sha256(content).hexdigest())
        return some.pop() if some else None


class Hand:
    """What one transaction put outside and what it lets go."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.laid: list[Laid] = []
        self.gone: list[tuple[str, str]] = []

    def kept(self) -> None:
        """The transaction is confirmed: what it let go is deleted. What cannot be reached now stays noted in the store."""
        for storage, key in self.gone:
            self.contents.delete(storage, key)

    def undone(self) -> None:
        """It came to nothing: what it laid is deleted."""
        for one in self.laid:
            self.contents.delete(one.storage, one.key)
