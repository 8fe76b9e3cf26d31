"""The kinds of columns whose words may be sealed: what each writes and reads, and with which keys."""

import gc
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from workflow.store.dialect_read import Unread, times_unread
from workflow.store.key import SM, Key
from workflow.store.sealed import Secrets
from workflow.store.words import (
    UNREAD,
    UnreadText,
    WordsList,
    WordsObject,
    WordsText,
    is_sealed,
    key_number,
    open_words,
    read_with,
    seal_words,
    written_with,
)

HERE: Dialect = sqlite.dialect()
THERE: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
TEXT, LIST, OBJECT = (
    WordsText("case.request", 200),
    WordsList("case.items"),
    WordsObject("event.fields"),
)
WORDS: list[tuple[Any, Any]] = [
    (TEXT, "水库移民 𠮷\ud800"), (TEXT, ""), (TEXT, None), (LIST, ["一", "二"]), (LIST, []), (LIST, None),
    (OBJECT, {"note": "话", "items": [{"b": 1, "a": None}]}), (OBJECT, {}), (OBJECT, None),
]  # fmt: skip


def ring(*, seals: bool, first: bytes = b"a", cipher: str = "aes") -> Secrets:
    return Secrets([Key(0, first * 32, cipher)], seals_words=seals)


def kept(kind: Any, value: Any, keys: Secrets | None) -> Any:
    with written_with(keys):
        return kind.process_bind_param(value, HERE)


def read(kind: Any, value: Any) -> Any:
    """What is read of it as it lies in the database."""
    raw = value if kind is TEXT or value is None else json.dumps(value)
    return kind.result_processor(HERE, None)(raw)


@pytest.mark.parametrize("cipher", ["aes", SM])
@pytest.mark.parametrize(("kind", "value"), WORDS)
def test_what_was_sealed_is_read_as_it_was(kind: Any, value: Any, cipher: str) -> None:
    keys = ring(seals=True, cipher=cipher)
    read_with(keys)
    lies = kept(kind, value, keys)
    assert read(kind, lies) == value
    if value:
        each = lies if isinstance(lies, list) else [lies]
        assert all(is_sealed(one) and key_number(one) == 0 for one in each)
        assert lies != kept(kind, value, keys)


@pytest.mark.parametrize(("kind", "value"), WORDS)
@pytest.mark.parametrize("keys", [None, ring(seals=False)], ids=["no keys", "not set"])
def test_what_is_not_to_be_sealed_lies_as_it_is(
    kind: Any, value: Any, keys: Secrets | None
) -> None:
    assert kept(kind, value, keys) == value == read(kind, value)


@pytest.mark.parametrize("typed", ["sealed-0:x", "sealed-", "sealed-9:AAAA"])
def test_what_looks_as_if_it_were_sealed_is_sealed(typed: str) -> None:
    keys = ring(seals=False)
    read_with(keys)
    for kind, value in ((TEXT, typed), (LIST, ["一", typed])):
        lies = kept(kind, value, keys)
        assert lies != value and read(kind, lies) == value
    assert kept(LIST, ["一", typed], keys)[0] == "一"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lies: lies[:-4],
        lambda lies: lies[:-1],
        lambda lies: lies.replace("sealed-0", "sealed-3"),
        lambda lies: "sealed-0:",
        lambda lies: seal_words(ring(seals=True), "applicant.name", "水库"),
        lambda lies: seal_words(ring(seals=True, first=b"z"), "case.request", "水库"),
    ],
)  # fmt: skip
def test_what_opens_with_no_key_is_nothing_and_noted(spoil: Any) -> None:
    keys = ring(seals=True)
    read_with(keys)
    lies = spoil(kept(TEXT, "水库", keys))
    before = times_unread()
    assert read(TEXT, lies) is UNREAD and isinstance(UNREAD, UnreadText)
    assert isinstance(read(LIST, ["一", lies]), Unread) and isinstance(read(OBJECT, lies), Unread)
    assert times_unread() == before + 3


def test_a_value_of_no_words_is_nothing_of_a_list_or_an_object() -> None:
    assert read(TEXT, 7) == 7
    for kind in (LIST, OBJECT):
        assert isinstance(read(kind, 7), Unread)


def test_words_open_in_their_own_column_alone() -> None:
    keys = ring(seals=True)
    lies = seal_words(keys, "case.request", "水库")
    assert open_words(keys, "case.request", lies) == "水库"
    with pytest.raises(InvalidTag):
        open_words(keys, "applicant.name", lies)
    with pytest.raises(InvalidTag):
        open_words(Secrets([Key(1, b"b" * 32)]), "case.request", lies)
    for none in ("水库", "sealed-:AAAA", "sealed-123456:AAAA"):
        assert not is_sealed(none)
        with pytest.raises(ValueError):
            key_number(none)
        with pytest.raises(ValueError):
            open_words(keys, "case.request", none)


def test_each_of_several_offices_is_read_with_its_keys() -> None:
    one, other = ring(seals=True, first=b"1"), ring(seals=True, first=b"2")
    read_with(one)
    read_with(other)
    mine, theirs = kept(TEXT, "甲", one), kept(TEXT, "乙", other)
    assert [read(TEXT, lies) for lies in (mine, theirs, mine, theirs, mine)] == list("甲乙甲乙甲")
    del one
    gc.collect()
    assert read(TEXT, mine) is UNREAD and read(TEXT, theirs) == "乙"


def test_writing_ends_with_its_transaction() -> None:
    outer, inner = ring(seals=True), ring(seals=False)
    with written_with(outer):
        with pytest.raises(KeyError), written_with(inner):
            assert TEXT.process_bind_param("水库", HERE) == "水库"
            raise KeyError
        assert is_sealed(TEXT.process_bind_param("水库", HERE))
    assert TEXT.process_bind_param("水库", HERE) == "水库"


def test_a_ring_for_another_process_seals_as_this_one() -> None:
    import pickle

    for seals in (True, False):
        again = pickle.loads(pickle.dumps(ring(seals=seals)))
        assert again.seals_words is seals and again.numbers == [0]
        assert [one.seals_words for one in again.each()] == [seals]


def test_only_where_lengths_are_minded_a_column_is_wider_than_what_is_typed() -> None:
    assert str(TEXT.compile(dialect=HERE)) == "VARCHAR(200)"
    assert str(TEXT.compile(dialect=THERE)) == "TEXT"
    assert str(WordsText("case.request").compile(dialect=HERE)) == "TEXT"
