"""Migration 0044 and what is sealed after it: the chains of an older store are checked once, and sealed as they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from click.testing import CliRunner
from sqlalchemy import Connection, inspect, text

from tests.workflow.service.town import Town
from workflow.commands.office import migrate as migrate_command
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office, seal_chains, unsealed_chains
from workflow.service.rules.calendar import BodyDays
from workflow.store.dialect_kept import APPEND_ONLY, append_only_missing, released
from workflow.store.migrate import _config, migrate
from workflow.store.sealing import SEALED, has_old_chains, seal_some

LONG = pytest.mark.long(reason="brings an older store here each; every run has one that holds")

TAMPERING = pytest.mark.tampering(reason="a store of before is broken on purpose, to be found out")
SEALS = ("event", "seal"), ("due_change", "seal"), ("number", "seal"), ("case", "seal"), ("case", "head_seal")  # fmt: skip


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Town]:
    """A town whose store is of before: three cases, the due day of the first of which has moved twice."""
    town = Town(tmp_path, "2024-03-04")
    number = town.file().number
    town.act("lifang", number, "assign", "2024-03-05", to="lifang")
    days = BodyDays(town.office)
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "2024-03-29", "州庆")
    town.is_("2024-03-06")
    days.enter(town.staff("chen"), "panlong", "remove", "2024-03-28", "2024-03-29", "撤销")
    town.file()
    town.file("jiangna")
    with town.office.store.engine.begin() as connection:
        command.downgrade(_config(connection), "0043")
        columns = {one["name"] for one in inspect(connection).get_columns("case")}
        assert not columns & {"seal", "head_seal", "moved_seal"}
    yield town
    town.office.store.close()


def lacking(connection: Connection) -> int:
    """How many seals are not there."""
    return sum(
        connection.execute(text(f'SELECT count(*) FROM "{table}" WHERE {column} IS NULL')).scalar_one()
        for table, column in SEALS
    )  # fmt: skip


def test_chains_that_hold_are_sealed_and_both_stay_provable(old: Town) -> None:
    with old.office.store.engine.begin() as connection:
        hashes = connection.execute(text("SELECT hash FROM event ORDER BY id")).all()
    migrate_office(old.office)
    with old.office.store.engine.begin() as connection:
        assert connection.execute(text("SELECT hash FROM event ORDER BY id")).all() == hashes
        assert lacking(connection) == 0
        assert append_only_missing(connection, APPEND_ONLY) == []
    assert unsealed_chains(old.office) == 0
    assert verify(old.office) == []
    old.is_("2024-03-07")
    old.act("lifang", "2024-0002", "assign", "2024-03-07", to="lifang")
    assert old.file().number == "2024-0003"
    assert verify(old.office) == []


@LONG
def test_what_was_cut_off_goes_on_from_there(old: Town) -> None:
    office = old.office
    migrate(office.store.engine)
    with office.store.write() as unit:
        assert has_old_chains(unit, office.keys)
    for left in (True, True, True, False):
        with office.store.write_rules() as unit:
            assert seal_some(unit, office.keys, 1) is left
        with office.store.write() as unit:
            assert has_old_chains(unit, office.keys) is left
    with office.store.write_rules() as unit:
        assert not seal_some(unit, office.keys, 1)
    migrate_office(office)
    assert verify(office) == []


BROKEN = {
    "a line": "UPDATE event SET actor = 'x' WHERE case_id = 1 AND seq = 2",
    "a line that nobody knows": "UPDATE event SET event = 'x' WHERE case_id = 1 AND seq = 2",
    "what was asked for": "UPDATE \"case\" SET request = 'x' WHERE id = 1",
    "the head": 'UPDATE "case" SET length = length + 1 WHERE id = 1',
    "the last hash": "UPDATE \"case\" SET head_hash = 'x' WHERE id = 1",
    "the last line": "DELETE FROM event WHERE case_id = 1 AND seq = 2",
}


@LONG
@TAMPERING
@pytest.mark.parametrize("what", BROKEN)
def test_a_chain_that_does_not_hold_is_not_sealed_and_is_told_ever_after(
    what: str, old: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with old.office.store.engine.begin() as connection:
        connection.execute(text(BROKEN[what]))
    monkeypatch.setattr("workflow.commands.office.open_office", lambda _, wanted: old.office)
    told = CliRunner().invoke(migrate_command)
    assert told.exit_code == 0 and "有 1 件申请的日志没有加封" in told.stderr
    assert unsealed_chains(old.office) == 1
    for _ in range(2):
        found = verify(old.office)
        assert {(one.agency, one.number) for one in found} == {("panlong", "2024-0001")}
        assert any("案卷没有加封" in one.message for one in found)
    seal_chains(old.office)
    assert unsealed_chains(old.office) == 1


@TAMPERING
def test_nobody_lets_a_sealed_store_be_sealed_once_more(old: Town) -> None:
    migrate_office(old.office)
    for stamp in ("DELETE FROM stamp WHERE name = :name", "UPDATE stamp SET value = '0 x' WHERE name = :name"):  # fmt: skip
        with old.office.store.engine.begin() as connection, released(connection, APPEND_ONLY):
            connection.execute(text(stamp), {"name": SEALED})
            connection.execute(text("UPDATE event SET seal = NULL WHERE case_id = 1"))
            connection.execute(text('UPDATE "case" SET seal = NULL, head_seal = NULL WHERE id = 1'))
        migrate_office(old.office)
        assert {one.number for one in verify(old.office)} == {"2024-0001"}


@LONG
def test_a_new_store_has_nothing_to_seal(tmp_path: Path) -> None:
    office: Office = Town(tmp_path, "2024-03-04").office
    with office.store.write() as unit:
        assert not has_old_chains(unit, office.keys)
    office.store.close()
