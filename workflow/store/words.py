"""Names, requests and what people wrote into logs, at rest: the one door to the columns that hold them (decision 46).

The kind of such a column seals what is written and opens what is read, wherever that is done: rows, statements, logs,
`verify`. Everything else sees the plain words; the hashes of the chain are over these. A value says itself whether it is
sealed and with which key, so that sealed and plain ones stand beside each other while a store goes from one to the other.
"""

import json
import re
import threading
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet, ref

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Dialect,
    Table,
    Text,
    TypeDecorator,
    cast,
    type_coerce,
)
from sqlalchemy.sql import operators

from workflow.store.dialect import text_kind
from workflow.store.dialect_read import Unread, note_unread
from workflow.store.sealed import Secrets
from workflow.store.shaped import OBJECT, TEXTS, Shaped

WORDS = "words at rest"
"""The purpose of what is sealed here."""
MARK = "sealed-"
"""Before what is sealed, with the number of its key: `sealed-2:…`."""
_SAID = re.compile(rf"{MARK}(\d{{1,5}}):")


class UnreadText(str):
    """What is shown of a text that opens with no key. `verify` names it; a case with it does not open."""


UNREAD = UnreadText("（无法读取）")


# -- with which keys ----------------------------------------------------------------------------------


class _Here(threading.local):
    """Of this thread: the keys of the store that it is writing to, and those that opened the last value."""

    writing: Secrets | None = None
    opened: Callable[[], Secrets | None] = staticmethod(lambda: None)


_HERE = _Here()
_KNOWN: WeakSet[Secrets] = WeakSet()
"""The keys of every office of this process: one, but for a copy or a temporary store."""
_KNOWN_LOCK = threading.Lock()


def read_with(keys: Secrets) -> None:
    """Let this process read what these keys sealed, as long as somebody has them."""
    with _KNOWN_LOCK:
        _KNOWN.add(keys)


@contextmanager
def written_with(keys: Secrets | None) -> Iterator[None]:
    """Within it whatever is written by this thread is sealed as these keys say; None: it stays plain."""
    before, _HERE.writing = _HERE.writing, keys
    try:
        yield
    finally:
        _HERE.writing = before


def is_sealed(kept: Any) -> bool:
    return isinstance(kept, str) and kept.startswith(MARK) and _SAID.match(kept) is not None


def key_number(kept: str) -> int:
    """Of the key that sealed it. Raises ValueError for what is not sealed."""
    said = _SAID.match(kept)
    if said is None:
        raise ValueError
    return int(said[1])


def seal_words(keys: Secrets, place: str, said: str) -> str:
    """Seal with the key in force. place: table and column, in no other of which it opens."""
    key = keys.now
    sealed = key.seal(WORDS, said.encode(errors="surrogatepass"), place)
    return f"{MARK}{key.number}:{b2a_base64(sealed, newline=False).decode()}"


def open_words(keys: Secrets, place: str, kept: str) -> str:
    """What was sealed. Raises InvalidTag if it was tampered with or moved, or its key is not at hand; ValueError."""
    said = _SAID.match(kept)
    if said is None:
        raise ValueError
    key = keys.numbered(int(said[1]))
    if key is None:
        raise _closed()[0]
    sealed = a2b_base64(kept[said.end() :], strict_mode=True)
    return key.open(WORDS, sealed, place).decode(errors="surrogatepass")


def _closed() -> tuple[type[Exception], ...]:
    from cryptography.exceptions import InvalidTag  # loaded with the first thing that is sealed

    return InvalidTag, ValueError


def _opened(place: str, kept: str) -> str | None:
    """The same by whichever keys are known; None where none opens it."""
    for keys in _in_turn():
        try:
            said = open_words(keys, place, kept)
        except _closed():
            continue
        if keys is not _HERE.opened():
            _HERE.opened = ref(keys)
        return said
    note_unread()
    return None


def _in_turn() -> Iterator[Secrets]:
    """The keys that are known, first those that opened what was read before."""
    last = _HERE.opened()
    if last is not None:
        yield last
    with _KNOWN_LOCK:
        others = [keys for keys in _KNOWN if keys is not last]
    yield from others


def _shut(place: str, said: str) -> str:
    """As it is to lie in the store. What somebody typed and looks as if it were sealed is sealed in any case."""
    keys = _HERE.writing
    if keys is None or not (keys.seals_words or said.startswith(MARK)):
        return said
    return seal_words(keys, place, said)


# -- the columns --------------------------------------------------------------------------------------

_ASKED_OF_ALL = (operators.is_, operators.is_not)


class _OfWords(TypeDecorator[Any]):
    """A column that may be sealed."""

    cache_ok = True
    place: str
    """Table and column."""

    class comparator_factory(TypeDecorator.Comparator[Any]):  # noqa: N801
        """What may be sealed is found by keyed hashes and terms, never by what lies there."""

        def operate(self, op: Any, *other: Any, **how: Any) -> Any:
            if op not in _ASKED_OF_ALL:
                raise TypeError(f"{self.expr} may be sealed: it cannot be compared")
            return super().operate(op, *other, **how)

    def turned(self, kept: Any, turn: Callable[[str], str]) -> Any:
        """What is kept, as the database has it, with another text in place of each that may be sealed."""
        raise NotImplementedError


class WordsText(_OfWords):
    """A text. On PostgreSQL a sealed one is longer than what was typed."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str, typed: int | None = None) -> None:
        """typed: characters of what is typed at most, as forms hold it."""
        super().__init__()
        self.place = place
        self.typed = typed

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return text_kind(dialect, self.typed)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _shut(self.place, value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if not is_sealed(value):
            return value
        said = _opened(self.place, value)
        return UNREAD if said is None else said

    def turned(self, kept: Any, turn: Callable[[str], str]) -> Any:
        return turn(kept) if isinstance(kept, str) else kept


class WordsList(_OfWords, Shaped):
    """A list of texts as JSON: each is sealed by itself, so that it can be told how many there are."""

    cache_ok = True

    def __init__(self, place: str) -> None:
        Shaped.__init__(self, TEXTS)
        self.place = place

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> list[str] | None:
        return None if value is None else [_shut(self.place, one) for one in value]

    def opened(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        found = [_opened(self.place, one) if is_sealed(one) else one for one in value]
        return Unread() if None in found else found

    def turned(self, kept: Any, turn: Callable[[str], str]) -> Any:
        if not isinstance(kept, list):
            return kept
        return [turn(one) if isinstance(one, str) else one for one in kept]


class WordsObject(_OfWords, Shaped):
    """An object as JSON: sealed as a whole, and then a text."""

    cache_ok = True

    def __init__(self, place: str) -> None:
        Shaped.__init__(self, OBJECT)
        self.place = place

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> Any:
        keys = _HERE.writing
        if value is None or keys is None or not keys.seals_words:
            return value
        return seal_words(keys, self.place, _JSON(value))

    def opened(self, value: Any) -> Any:
        if not is_sealed(value):
            return value
        said = _opened(self.place, value)
        return Unread() if said is None else json.loads(said)

    def turned(self, kept: Any, turn: Callable[[str], str]) -> Any:
        """The text of an object that is not sealed is its JSON."""
        if isinstance(kept, str):
            said = turn(kept)
        elif isinstance(kept, dict) and not isinstance(kept, Unread):
            said = turn(_JSON(kept))
        else:
            return kept
        return said if is_sealed(said) else json.loads(said)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


# -- as they lie there --------------------------------------------------------------------------------

KINDS = (WordsText, WordsList, WordsObject)
_LEAD: dict[type, str] = {WordsList: '["', WordsObject: '"'}


def of_words(*tables: Table) -> Iterator[tuple[str, Column[Any]]]:
    """The columns of these tables that may be sealed, by table and column; without any of all."""
    from workflow.store.models import Base

    for table in tables or Base.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, KINDS):
                yield f"{table.name}.{column.name}", column


def kept_as(column: Column[Any]) -> Text | JSON:
    """As what the database keeps a column that may be sealed."""
    return Text() if isinstance(column.type, WordsText) else JSON()


def text_of(column: Column[Any]) -> ColumnElement[str]:
    """What lies there, as a text."""
    return cast(type_coerce(column, kept_as(column)), Text)


def words_by(column: Column[Any], number: int | None) -> ColumnElement[bool]:
    """What is sealed by the key of that number; None: by any."""
    named = MARK if number is None else f"{MARK}{number}:"
    return text_of(column).like(f"{_LEAD.get(type(column.type), '')}{named}%")
