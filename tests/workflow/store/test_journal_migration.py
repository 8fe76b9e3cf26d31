"""Migration 0045: what an older version wrote is taken over into the journal once, its audit sealed as it is."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from tests.stores import differences
from tests.tampering import tampering
from tests.workflow.store.test_hastening_migration import AGENCY
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.installation import migrate_office
from workflow.service.records import Told, broken_records
from workflow.store.dialect_kept import append_only_missing
from workflow.store.migrate import _config
from workflow.store.sealed import Secrets
from workflow.store.store import Store

LONG = pytest.mark.long(reason="brings an older store here each; every run has one")

pytestmark = pytest.mark.tampering(reason="some of these stores are spoilt on purpose")
USER = (
    'INSERT INTO "user" (id, name, display_name, must_change_password, active, failed_logins, session_stamp)'
    " VALUES (1, 'lifang', '李芳', FALSE, TRUE, 0, '')"
)
SETTING = (
    "INSERT INTO agency_setting (id, agency_id, name, value, holds_from, reason, actor)"
    " VALUES (1, 2, 'court', '\"法院\"', '2024-01-01', '', 'system')"
)
AUDIT = (
    "INSERT INTO audit (id, recorded_at, actor, agency_id, action, about, details, hash)"
    " VALUES (:id, '2024-05-06 02:00:00', 'system', 2, 'user_created', :about, '{}', :hash)"
)
AT = datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
KEPT = (
    "journal", "audit", "agency_setting", "calendar_day", "national_day", "picture", "published_year",
    "year_entry", "file_view",
)  # fmt: skip
NOW = datetime(2024, 5, 8, 10, tzinfo=SHANGHAI)


def plain(before: str, number: int, about: str) -> str:
    """The hash of a line as older versions made it."""
    said = [before, number, AT.timestamp(), "system", 2, "user_created", about, {}]
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def chain(connection: Connection, *about: str) -> None:
    before = ""
    for number, one in enumerate(about, 1):
        before = plain(before, number, one)
        connection.execute(text(AUDIT), {"id": number, "about": one, "hash": before})


@pytest.fixture(scope="module")
def of_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of before with people, a setting and two lines of the audit."""
    path = tmp_path_factory.mktemp("before") / "store.db"
    store = Store(f"sqlite:///{path}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0043")
        for statement in (AGENCY, USER, SETTING):
            connection.execute(text(statement))
        chain(connection, "lifang", "chen")
    store.close()
    return path


@pytest.fixture
def office(of_before: Path, tmp_path: Path) -> Iterator[Office]:
    """Over a copy of it."""
    shutil.copy(of_before, tmp_path / "store.db")
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    yield Office(store, Secrets(b"a secret of a test"), now=lambda: NOW)
    store.close()


def found(office: Office) -> list[Told]:
    return list(broken_records(office, codes=True))


def say(office: Office, *statements: str) -> None:
    with tampering(office.store) as connection:
        for one in statements:
            connection.execute(text(one))


def lines(office: Office) -> list[tuple[int, str]]:
    query = "SELECT strand, of_table FROM journal WHERE of_table <> 'journal' ORDER BY strand, seq"
    with office.store.read() as unit:
        return [(strand, table) for strand, table in unit.connection.execute(text(query))]


def test_a_store_of_before_is_taken_over_once(office: Office) -> None:
    migrate_office(office)
    assert lines(office) == [(0, "agency"), (0, "agency"), (0, "user"), (2, "agency_setting")]
    assert found(office) == []
    migrate_office(office)
    assert len(lines(office)) == 4
    with office.store.read() as unit:
        told = unit.connection.execute(
            text("SELECT id, action, details FROM audit WHERE id > 2")
        ).all()
    ((number, action, details),) = told
    assert (number, action) == (3, "journal_begun")
    said = details if isinstance(details, dict) else json.loads(details)
    assert said == {"rows": 4, "lines": 2}


def test_it_is_provable_afterwards_and_what_was_changed_since_is_found(office: Office) -> None:
    migrate_office(office)
    say(
        office,
        "UPDATE \"user\" SET display_name = 'x'",
        "UPDATE audit SET about = 'x' WHERE id = 1",
    )
    assert found(office) == [
        ("审计", "第 1 条", "审计记录与校验值不符"),
        ("全系统", "人员 1 号", "与留痕簿不符，被改动过"),
    ]


@LONG
def test_the_audit_of_before_cannot_be_computed_anew(office: Office) -> None:
    migrate_office(office)
    with tampering(office.store) as connection:
        connection.execute(text("DELETE FROM audit WHERE id < 3"))
        chain(connection, "somebody", "else")
    assert found(office) == [
        ("审计", "第 2 条", "升级以前的审计记录与封存时不符"),
        ("审计", "第 3 条", "审计记录与校验值不符"),
    ]
    say(office, "DELETE FROM audit WHERE id > 1")
    assert ("审计", "第 2 条", "升级以前的审计记录与封存时不符") in found(office)


@LONG
def test_what_was_wrong_before_stays_wrong(office: Office) -> None:
    say(office, "UPDATE audit SET about = 'x' WHERE id = 1")
    migrate_office(office)
    assert found(office) == [("审计", "第 1 条", "审计记录与校验值不符")]


@LONG
def test_a_store_whose_journal_was_taken_away_is_not_taken_over_again(office: Office) -> None:
    migrate_office(office)
    say(office, "DELETE FROM journal", "DELETE FROM journal_head", "DELETE FROM stamp WHERE name = 'journal'",
        "UPDATE \"user\" SET display_name = 'x'")  # fmt: skip
    migrate_office(office)
    assert [told[1:] for told in found(office)] == [
        ("留痕簿", "全部缺失，或者还没有建立：升级之后请先运行 gongkai migrate")
    ]


@LONG
def test_a_new_store_has_nothing_to_take_over_and_no_line_of_the_audit(tmp_path: Path) -> None:
    office = Office(Store(f"sqlite:///{tmp_path / 'new.db'}"), Secrets(b"a secret of a test"))
    migrate_office(office)
    assert lines(office) == [] and found(office) == []
    with office.store.write() as unit:
        office.add_agency(unit, code="x", name="某镇", level="township")
    migrate_office(office)
    assert lines(office) == [(0, "agency")] and found(office) == []
    with office.store.read() as unit:
        assert unit.connection.execute(text("SELECT count(*) FROM audit")).scalar() == 0
    office.store.close()


@LONG
def test_the_shape_is_that_of_the_models_and_goes_back(office: Office) -> None:
    with office.store.engine.begin() as connection:
        command.upgrade(_config(connection), "0045")
        assert append_only_missing(connection, KEPT) == []
        command.upgrade(_config(connection), "head")
        assert differences(connection) == []
        command.downgrade(_config(connection), "0043")
        assert "journal" not in inspect(connection).get_table_names()
        assert connection.execute(text("DELETE FROM agency_setting")).rowcount == 1
        assert connection.execute(text("SELECT count(*) FROM audit")).scalar() == 2
        command.upgrade(_config(connection), "0045")


@LONG
@pytest.mark.parametrize("table", ["audit", "agency_setting"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 10", "DELETE FROM {}"])
def test_the_database_refuses(office: Office, table: str, statement: str) -> None:
    migrate_office(office)
    with pytest.raises(DBAPIError), office.store.engine.begin() as connection:
        connection.execute(text(statement.format(table)))
