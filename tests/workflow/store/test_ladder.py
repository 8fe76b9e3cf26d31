"""From every earlier shape to today's and back, with rows in every table."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection, MetaData, Table, inspect

from tests.stores import differences
from tests.tampering import journal_anew
from tests.workflow.service.sampling import sample_office
from tests.workflow.store.old_stores import reflected, tables_of
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office
from workflow.store.audit import _COLUMNS, _named, _plain, _said
from workflow.store.dialect_index import is_of_index
from workflow.store.migrate import _config, go_back, migrate, newest, steps
from workflow.store.raw import raw, reads
from workflow.store.store import Store

REVISIONS = [one.revision for one in steps().steps]
AT = datetime(2026, 6, 15, 9, tzinfo=SHANGHAI)
PLACES = [f"{code}-{year}" for code in ("panlong", "yszrzy") for year in (2024, 2025, 2026)]
LAST_PLAIN = "0044"
"""Up to this shape the lines of the audit were chained without a key."""
NOBODYS = ("0045", "0047", "0048")
"""Shapes that came with 0049 in one upgrade: no program ever worked with one, so no journal was ever told of it. What 0049
does to the rows is looked at all the same."""


def some(*always: str) -> list[Any]:
    long = pytest.mark.long(reason="every run climbs from some of the shapes")
    return [
        pytest.param(one, marks=[] if one in always else long)
        for one in REVISIONS
        if one != newest()
    ]


# -- rows of any kind -----------------------------------------------------------------------------------


def any_value(column: sa.Column[Any]) -> Any:
    kind = column.type
    if column.foreign_keys or isinstance(kind, sa.Integer):
        return 1
    if isinstance(kind, sa.JSON):
        return {"a": ["b"]}
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.DateTime):
        return datetime(2024, 5, 6, 2)
    if isinstance(kind, sa.Date):
        return date(2024, 5, 6)
    if isinstance(kind, sa.LargeBinary):
        return b"\0x"
    assert isinstance(kind, sa.String), (column, kind)
    # Of a number in another form 0039 lets the hash be made anew.
    return "2024-0001" if column.name == "number" else "x"


Rows = dict[str, list[dict[str, Any]]]
"""What lies in every table, as the driver gives it."""


def fill(connection: Connection) -> None:
    """A row with something in every column of every table."""
    for table in reflected(connection).sorted_tables:
        if table.name not in ("alembic_version", "stamp"):
            refers = {one.parent.name for one in table.foreign_keys if not one.column.primary_key}
            texts = {
                c.name: "x"
                for c in table.c
                if c.name in refers or (c.foreign_keys and isinstance(c.type, sa.String))
            }
            values = {c.name: texts.get(c.name) or any_value(c) for c in table.c}
            values |= dict.fromkeys(_to_itself(table))  # nobody is above or before itself
            connection.execute(table.insert().values(values))


def _to_itself(table: Table) -> list[str]:
    return [one.parent.name for one in table.foreign_keys if one.column.table is table]


def rows(connection: Connection) -> Rows:
    names = [one for one in inspect(connection).get_table_names() if not is_of_index(one)]
    quote = connection.dialect.identifier_preparer.quote
    found = {}
    for name in names:
        if name not in ("alembic_version", "stamp") and not name.startswith("sqlite_"):
            told = connection.exec_driver_sql(f"SELECT * FROM {quote(name)}").mappings()
            found[name] = sorted(
                map(dict, told), key=lambda row: repr([row[one] for one in sorted(row)])
            )
    return found


@pytest.mark.tampering(reason="its rows say nothing and follow from no log")
@pytest.mark.parametrize("revision", some("0001", "0011", "0037"))
def test_rows_of_every_table_climb_and_come_back_as_they_were(
    revision: str, tmp_path: Path
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), revision)
        fill(connection)
        before = rows(connection)
    assert all(before.values())
    assert migrate(store.engine) == (revision, newest())
    with store.engine.connect() as connection:
        assert differences(connection) == []
        climbed = rows(connection)
    for name, (row,) in before.items():
        # Sessions that ended and two counts of a user are in no later shape.
        kept = [one for one in row if one in climbed.get(name, [{}])[0]]
        assert kept or name in GONE_FOR_GOOD
        assert only(climbed.get(name, [row]), kept) == only([row], kept), name
    go_back(store.engine, revision)
    with store.engine.connect() as connection:
        came_back = rows(connection)
    assert came_back.keys() == before.keys()
    for name, (row,) in before.items():
        kept = [one for one in row if one not in GONE_FOR_GOOD.get(name, ())]
        assert only(came_back[name], kept) == (only([row], kept) if kept else []), name
    assert migrate(store.engine) == (revision, newest())
    store.close()


GONE_FOR_GOOD = {
    "ended_session": {"mark", "ended_at"},
    "user": {"failed_logins", "locked_until"},
}
"""What a later shape has taken away on the way up: sessions and counts that end by themselves within the hour (0047)."""


def only(found: list[dict[str, Any]], columns: list[str]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in columns} for row in found]


# -- the demonstration ------------------------------------------------------------------------------------


@cache
def born() -> dict[tuple[str, str], str]:
    """With which migration each column of each table came."""
    found: dict[tuple[str, str], str] = {}
    listed = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        for revision in REVISIONS:
            command.upgrade(_config(connection), revision)
            for table, column in connection.exec_driver_sql(listed):
                if not is_of_index(table):
                    found.setdefault((table, column), revision)
    engine.dispose()
    return found


@contextmanager
def sample(path: Path) -> Iterator[Office]:
    office = sample_office(path, AT)
    yield office
    office.store.close()


def as_older_versions_chained(office: Office) -> None:
    """Chain the audit without a key, as versions did that knew no other way."""
    with office.store.engine.begin() as connection:
        table = Table("audit", MetaData(), autoload_with=connection)
        before = ""
        read = [reads(column, connection.dialect) for column in _COLUMNS]
        found = connection.execute(sa.select(*map(raw, _COLUMNS)).order_by(_COLUMNS[0])).all()
        for row in found:
            told = [one(value) for one, value in zip(read, row, strict=True)]
            before = _plain(_said(before, **_named(told)))
            connection.execute(table.update().where(table.c.id == row[0]).values(hash=before))


def everything(office: Office) -> Rows:
    with office.store.engine.connect() as connection:
        return rows(connection)


@pytest.mark.parametrize("revision", some("0020", "0043"))
def test_the_demonstration_climbs_from_every_shape(revision: str, tmp_path: Path) -> None:
    with sample(tmp_path / "store.db") as office:
        before, counted = everything(office), tables_of(office, PLACES)
        go_back(office.store.engine, revision)
        if revision <= LAST_PLAIN and REVISIONS.index(revision) >= REVISIONS.index("0025"):
            as_older_versions_chained(office)
        assert migrate_office(office) == (revision, newest())
        if revision in NOBODYS:
            journal_anew(office)
        assert [(one.number, one.message) for one in verify(office, full=True)] == []
        assert tables_of(office, PLACES) == counted
        after = everything(office)
    after["audit"] = [row for row in after["audit"] if row["action"] != "journal_begun"]
    assert after.keys() == before.keys()
    changed = {
        (name, column)
        for name, found in before.items()
        for column in (found[0] if found else ())
        if [row[column] for row in found] != [row.get(column) for row in after[name]]
    }
    untold = {place for place in changed if not may_change(place, revision)}
    assert untold == set()


MADE_ANEW = {
    "journal", "journal_head", "verified_case",
}  # fmt: skip
"""What `migrate_office` and `verify` make themselves."""


def may_change(place: tuple[str, str], revision: str) -> bool:
    """Whether a table of steps.toml says that it is lost, or it is made anew."""
    name, column = place
    if name in MADE_ANEW or (name == "audit" and column == "hash"):
        return True
    lost = {step.revision: step.lost for step in steps().after(revision)}
    of_table = min(born()[place] for place in born() if place[0] == name)
    for came in (of_table, born()[name, column]):
        if came in lost:
            return bool(lost[came])
    return any(lost.get(one) for one in CHANGES_ROWS.get(name, ()))


CHANGES_ROWS = {
    "role": ("0049",),
    "agency_setting": ("0003",),
    "calendar_day": ("0003",),
    "token": ("0002",),
}
"""Migrations that take rows away of tables which are older, where they go back."""


def test_every_migration_that_takes_words_away_says_so() -> None:
    """Going back over the silent ones takes away only what is made anew, or what ends by itself within hours."""
    silent = {step.revision for step in steps().steps if not step.lost}
    assert silent & set(born().values()) == {
        "0001", "0007", "0012", "0013", "0018", "0019", "0022", "0031", "0051",
    }  # fmt: skip
