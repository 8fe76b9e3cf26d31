"""What hangs on a key: nothing that is sealed is left out of the tables by which it is sealed anew."""

from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from workflow.store import keyed
from workflow.store.key import AES, SM, Key
from workflow.store.keyed import LOOKED_FOR, NOT_SEALED, SEALED, TABLES, check_name, hanging
from workflow.store.sealed import PERSONAL, Secrets
from workflow.store.sealed_anew import is_latest, is_made_by
from workflow.store.store import Store

SECRET = bytes(range(32))


def test_every_column_of_bytes_is_sealed_or_named_as_none() -> None:
    found = {
        f"{name}.{column.name}"
        for name, table in TABLES.items()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    known = [one.name for one in SEALED]
    assert found == {*known, *NOT_SEALED}
    assert len(known) == len(set(known)) and not set(known) & set(NOT_SEALED)


def test_the_places_of_what_is_sealed_are_columns_of_its_row() -> None:
    for one in SEALED:
        told = {column.name: 7 for column in one.of.columns} | {"salt": "s", "case_id": 7}
        assert one.place.format(**told)


def test_hashes_that_are_looked_for_are_columns_of_their_tables() -> None:
    for name in LOOKED_FOR:
        table, _, column = name.partition(".")
        assert TABLES[table].c[column].type.length == 64


def test_stamps_of_keys_are_told_by_their_numbers(migrated: Path, tmp_path: Path) -> None:
    assert (check_name(0), check_name(1), check_name(12)) == ("key", "key 1", "key 12")
    store = Store(f"sqlite:///{migrated}")
    with store.write() as unit:
        for number, value in ((0, "a"), (1, "1:b"), (12, "12:c")):
            unit.set_stamp(check_name(number), value)
        unit.set_stamp("keyhole", "x")
        assert keyed.checks(unit) == {0: "a", 1: "1:b", 12: "12:c"}
    store.close()


@pytest.mark.parametrize(
    ("key", "latest"),
    [(Key(0, SECRET), [0]), (Key(0, SECRET, SM), [1]), (Key(1, SECRET), [2]), (Key(1, SECRET, SM), [3])],
)  # fmt: skip
def test_what_a_key_made_is_told_by_its_beginning(key: Key, latest: list[int]) -> None:
    each = [Key(0, SECRET), Key(0, SECRET, SM), Key(1, SECRET, AES), Key(1, SECRET, SM)]
    sealed = [one.seal(PERSONAL, b"x", "x") for one in each]
    hashes = [one.digest("x", "x") for one in each]
    assert [n for n, one in enumerate(sealed) if is_latest(one, key)] == latest
    assert [n for n, one in enumerate(hashes) if is_made_by(one, key)] == latest


def test_chains_are_counted_by_the_key_that_proves_them(
    migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever column is as long as a hash with its number is one to which something is held for ever."""
    store = Store(f"sqlite:///{migrated}")
    table = Table("kept_chain", MetaData(), Column("seal", String(keyed.CHAIN_DIGITS)))
    with store.engine.begin() as connection:
        table.create(connection)
        first, second = Key(0, SECRET), Key(1, SECRET, SM)
        for one in (first, first, Key(0, SECRET, SM), second, Key(11, SECRET), None):
            said = one.digest("x", "x") if one else ""
            connection.execute(table.insert().values(seal=said))
    monkeypatch.setattr(keyed, "TABLES", {**TABLES, "kept_chain": table})
    assert keyed.stays("kept_chain.seal") and not keyed.stays("case.query_hash")
    with store.read() as unit:
        counted = [hanging(unit, number).get("kept_chain.seal") for number in (0, 1, 11, 2)]
        assert counted == [3, 1, 1, None]
        assert keyed.hangs_on(unit, 11) and not keyed.hangs_on(unit, 2)
    store.close()


def test_every_process_knows_the_keys_of_another_that_it_started() -> None:
    import pickle

    keys = Secrets([Key(0, SECRET).next(SM), Key(0, SECRET)])
    there = pickle.loads(pickle.dumps(keys))
    assert there.numbers == [1, 0] and there.open(keys.seal({"a": 1}, "x"), "x") == {"a": 1}
