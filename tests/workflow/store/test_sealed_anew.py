"""Every kind of thing that is sealed is sealed anew, to the place where whoever reads it looks for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Table,
    Text,
    TypeDecorator,
    select,
)
from sqlalchemy import String as Words

from workflow.service import begun, drafts, kept_forms, second_factor
from workflow.service.applicants import addresses, entry, requests
from workflow.service.cases import calls, origin
from workflow.service.directory import arriving
from workflow.store import files, keyed
from workflow.store.key import AES, SM, Key
from workflow.store.keyed import SEALED, TABLES, Sealed
from workflow.store.models import Moment
from workflow.store.sealed import CONTENT, Secrets
from workflow.store.sealed_anew import addresses_anew, cases_anew, rows_anew
from workflow.store.store import Store

FIRST = Key(0, bytes(range(32)))
Place = Callable[[Any], str]


def salt(row: Any) -> str:
    return "salt of the case"


def of_case(row: Any) -> str:
    return f"salt {salt(row)}"


def file(row: Any) -> str:
    return files._bound(SimpleNamespace(case_id=1, id=row.file_id))


PLACES: dict[str, Place] = {
    "applicant.sealed": of_case,
    "applicant_opinion.sealed": of_case,
    "case_message.sealed": of_case,
    "case_note.sealed": of_case,
    "letter.sealed": of_case,
    "file.sealed": files._bound,
    "file_content.sealed": lambda row: f"{file(row)} content",
    "file_text.sealed": lambda row: f"{file(row)} text",
    "parcel.sealed": lambda row: f"parcel {row.id}",
    "registration_draft.sealed": lambda row: f"draft {row.id}",
    "registration_draft_file.sealed": drafts._bound,
    "registration_draft_file.content": lambda row: f"{drafts._bound(row)} content",
    "begun_application.sealed": lambda row: f"begun {row.id}",
    "begun_file.sealed": begun._bound,
    "begun_file.content": lambda row: f"{begun._bound(row)} content",
    "kept_form.sealed": lambda row: kept_forms._of(row.id),
    "applicant_form.sealed": lambda row: kept_forms._of(row.id),
    "contact.sealed": lambda row: f"contact {row.user_id}",
    "hook.sealed": lambda row: f"hook {row.id}",
    "applicant_account.sealed": lambda row: addresses.seal_of(row.id),
    "account_address.sealed": lambda row: addresses.seal_of(row.account_id),
    "account_case.sealed": lambda row: requests._seal(row.account_id, row.case_id),
    "account_code.sealed": lambda row: entry._seal(row.mark),
    "account_message.sealed": lambda row: f"account message {row.message_id}",
    "api_call.answer": lambda row: calls._place(row.key),
    "staff_totp.sealed": lambda row: second_factor._seal(SimpleNamespace(id=row.user_id)),
    "directory_login.sealed": lambda row: arriving._of(row.mark),
    "ledger_import.told": lambda row: "ledger",
    "ledger_import.content": lambda row: "ledger",
    "taken_over.told": lambda row: origin.place_of(row.case_id),
}
"""To what it belongs, as the use cases have it that seal it."""


class Rows:
    """Rows of whatever tables, with what they need of others."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.number = connection, 0
        self.made: dict[str, Any] = {}

    def a(self, table: Table) -> Any:
        """The row of a table, made when it is first asked for."""
        if table.name not in self.made:
            self.connection.execute(table.insert().values(self._values(table)))
            self.made[table.name] = self.connection.execute(select(table)).one()
        return self.made[table.name]

    def _values(self, table: Table) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column in table.columns:
            key = next(iter(column.foreign_keys), None)
            if column.name == "code_salt":
                values[column.name] = salt(None)
            elif column.nullable or (
                column.primary_key and isinstance(column.type, Integer) and not key
            ):
                values |= {column.name: 1} if column.primary_key else {}
            elif key is not None:
                values[column.name] = getattr(self.a(key.column.table), key.column.name)
            else:
                values[column.name] = self._value(column.type)
        return values

    def _value(self, kind: Any) -> Any:
        self.number += 1
        if isinstance(kind, Moment):
            return datetime(2024, 5, 6, tzinfo=UTC)
        if isinstance(kind, TypeDecorator):
            kind = kind.impl
        for of, value in (
            (LargeBinary, b""), (JSON, []), (Boolean, False), (Integer, self.number), (Date, date(2024, 5, 6)),
            (Words, f"w{self.number}"), (Text, f"w{self.number}"),
        ):  # fmt: skip
            if isinstance(kind, of):
                return value
        raise AssertionError(kind)


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Iterator[Store]:
    import shutil

    shutil.copy(migrated, tmp_path / "store.db")
    made = Store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


def test_there_is_a_place_for_every_kind() -> None:
    assert set(PLACES) == {one.name for one in SEALED}


def content_of(one: Sealed) -> bytes:
    return b'{"address": "a@b.cn"}' if one.purpose != CONTENT else b"content"


def sealed_in(connection: Connection, one: Sealed) -> Any:
    return connection.execute(select(one.sealed)).scalar()


@pytest.mark.tampering(reason="rows of every table, of which none goes with another")
@pytest.mark.parametrize("cipher", [AES, SM])
def test_every_kind_opens_with_the_new_key_alone_where_it_is_looked_for(
    store: Store, cipher: str
) -> None:
    old = Secrets([FIRST])
    with store.engine.begin() as connection:
        rows = Rows(connection)
        for one in SEALED:
            row = rows.a(one.of)
            sealed = old.sealed(one.purpose, content_of(one), PLACES[one.name](row))
            connection.execute(one.of.update().values({one.column: sealed}))
    new = FIRST.next(cipher)
    keys = Secrets([new, FIRST])
    with store.read() as unit:
        before = keyed.hanging(unit, 0)
        assert {one.name for one in SEALED} <= set(before)
        assert keyed.hanging(unit, 1) == {}
    for one in SEALED:
        if one.table != "applicant":
            with store.write() as unit:
                done = rows_anew(one, unit, keys, ())
                assert (done.rows, done.spoilt) == (1, 0), one.name
                assert done.last is not None
                assert rows_anew(one, unit, keys, done.last).last is None
                assert rows_anew(one, unit, keys, ()).last is None
    with store.write() as unit:
        done = cases_anew(unit, keys, ())
        assert (done.last, done.rows, done.spoilt) == ((1,), 1, 0)
        assert cases_anew(unit, keys, (1,)).last is None
        assert addresses_anew(unit, keys, ()).rows == 1
        assert addresses_anew(unit, keys, ()).rows == 0
    alone = Secrets([new])
    with store.engine.begin() as connection:
        for one in SEALED:
            sealed, row = sealed_in(connection, one), rows.made[one.table]
            assert alone.opened(one.purpose, sealed, PLACES[one.name](row)) == content_of(one), (
                one.name
            )
            with pytest.raises(InvalidTag):
                alone.opened(one.purpose, sealed, PLACES[one.name](row) + " else")
        hashed = connection.execute(select(TABLES["account_address"].c.hash)).scalar()
        kind = rows.made["account_address"].kind
        assert hashed == alone.digest(keyed.ADDRESS, f"{kind} a@b.cn")
    with store.read() as unit:
        assert not {one.name for one in SEALED} & set(keyed.hanging(unit, 0))
        assert {one.name for one in SEALED} <= set(keyed.hanging(unit, 1))


@pytest.mark.tampering(reason="a case without its log")
def test_what_an_older_version_bound_to_the_id_of_its_case_gets_the_salt(store: Store) -> None:
    old, new = Secrets([FIRST]), FIRST.next(AES)
    one = next(one for one in SEALED if one.name == "case_note.sealed")
    with store.engine.begin() as connection:
        row = Rows(connection).a(one.of)
        sealed = old.sealed(one.purpose, b"text", f"case {row.case_id}")
        connection.execute(one.of.update().values(sealed=sealed))
    with store.write() as unit:
        assert rows_anew(one, unit, Secrets([new, FIRST]), ()).rows == 1
    with store.engine.begin() as connection:
        assert (
            Secrets([new]).opened(one.purpose, sealed_in(connection, one), of_case(row)) == b"text"
        )


@pytest.mark.tampering(reason="a case without its log")
def test_what_opens_nowhere_is_counted_and_stays(store: Store) -> None:
    one = next(one for one in SEALED if one.name == "case_note.sealed")
    with store.engine.begin() as connection:
        Rows(connection).a(one.of)
        connection.execute(one.of.update().values(sealed=b"x" * 60))
    with store.write() as unit:
        done = rows_anew(one, unit, Secrets([FIRST.next(AES), FIRST]), ())
        assert (done.rows, done.spoilt) == (0, 1)
    with store.engine.begin() as connection:
        assert sealed_in(connection, one) == b"x" * 60
