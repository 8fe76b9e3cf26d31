"""Two versions over one store: what may only be added, who may go on working, and who is stopped (decision 56)."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import event, inspect, text

from config.errors import TableError
from tests.examples import ROOT
from tests.stores import for_others
from tests.workflow.service.sampling import KEYS, migrated_store
from tests.workflow.service.town import Town
from tests.workflow.store.later import CONTRACTED, EXPANDED, later_version
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office
from workflow.store import migrate as migrating
from workflow.store import standing_file
from workflow.store.migrate import NewerStore, _config, is_ahead, newest, revision, steps
from workflow.store.protected import PROTECTED
from workflow.store.seals import BESIDE
from workflow.store.steps import FILE, read_steps
from workflow.store.store import Store

# -- what a migration does ----------------------------------------------------------------------------

NOTHING = re.compile(
    r"(SELECT|PRAGMA|SHOW|SET LOCAL|BEGIN|COMMIT|ROLLBACK|(UPDATE|INSERT INTO|DELETE FROM) (alembic_version|stamp))\b",
    re.IGNORECASE,
)
NAME = r'"?(\w+)"?'


def more_than_added(statements: Iterable[str]) -> list[str]:
    """The statements with which the version of before could not go on working."""
    new, found = set[str](), []
    for said in (" ".join(one.split()) for one in statements):
        if NOTHING.match(said):
            continue
        if made := re.match(rf"CREATE (?:VIRTUAL )?TABLE {NAME}", said, re.IGNORECASE):
            new.add(made[1])
        elif made := re.match(rf"CREATE (UNIQUE )?INDEX {NAME} ON {NAME}", said, re.IGNORECASE):
            if made[1] and made[3] not in new:
                found.append(said)
        elif made := re.match(rf"ALTER TABLE {NAME} ADD COLUMN {NAME}(.*)", said, re.IGNORECASE):
            if made[1] not in new and not _may_be_added(made[1], made[2], made[3].upper()):
                found.append(said)
        elif not any(re.search(rf'\bON "?{name}"?\b', said) for name in new):
            found.append(said)
    return found


def _may_be_added(table: str, column: str, rest: str) -> bool:
    """A column that the version of before need not fill, and of which no keyed hash of a row speaks that it writes."""
    if "UNIQUE" in rest or ("NOT NULL" in rest and "DEFAULT" not in rest):
        return False
    protected = PROTECTED.get(table)
    if protected is not None and column not in protected.without:
        return False
    return not (table == "case" and column in BESIDE)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE letter ADD COLUMN stands_for VARCHAR(64)",
        "ALTER TABLE token ADD COLUMN scopes VARCHAR(64) NOT NULL",
        "CREATE UNIQUE INDEX ix_case_query_hash ON \"case\" (query_hash)",
        "DROP INDEX ix_case_tally",
        "ALTER TABLE \"case\" DROP COLUMN colour",
        "ALTER TABLE applicant ALTER COLUMN name TYPE TEXT",
        "UPDATE role SET role='system_admin'",
        "CREATE TRIGGER keep BEFORE UPDATE ON event BEGIN SELECT 1; END",
        "DROP TABLE ended_session",
    ],
)  # fmt: skip
def test_what_the_version_of_before_could_not_live_with_is_seen(statement: str) -> None:
    assert more_than_added(["SELECT 1", statement]) == [statement]


def test_what_only_adds_is_let_pass() -> None:
    assert not more_than_added([
        "\nCREATE TABLE hue (id INTEGER NOT NULL)\n", "CREATE UNIQUE INDEX a ON hue (id)",
        'ALTER TABLE "case" ADD COLUMN colour VARCHAR(8)', "ALTER TABLE hue ADD COLUMN b INTEGER NOT NULL",
        "CREATE INDEX b ON event (role)", "CREATE TRIGGER keep BEFORE UPDATE ON hue BEGIN SELECT 1; END",
        "UPDATE alembic_version SET version_num='9998'",
    ])  # fmt: skip


def test_what_says_that_it_is_side_by_side_only_adds(tmp_path: Path) -> None:
    """Every such migration does, by what it says to the database."""
    store, said = Store(f"sqlite:///{tmp_path / 'store.db'}"), list[str]()
    event.listen(store.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    found: dict[str, list[str]] = {}
    with store.engine.begin() as connection:
        known = steps().steps
        first = next((n for n, one in enumerate(known) if one.side_by_side), None)
        if first is not None:
            command.upgrade(_config(connection), known[first - 1].revision)
            for step in known[first:]:
                said.clear()
                command.upgrade(_config(connection), step.revision)
                if step.side_by_side:
                    found[step.revision] = more_than_added(said)
    store.close()
    assert {one: told for one, told in found.items() if told} == {}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('\n["9997"]\nsays = "x"\n', "9997"),
        ('\n["0053b"]\nsays = ""\n', "0053b"),
    ],
)
def test_a_table_that_does_not_fit_the_migrations_is_named(
    change: str, named: str, tmp_path: Path
) -> None:
    made = later_version(tmp_path / "migrations")
    with (made / FILE).open("a", encoding="utf-8") as file:
        file.write(change)
    with pytest.raises(TableError, match=named):
        read_steps(made, [*(one.revision for one in steps().steps), EXPANDED])


def test_every_kind_of_slip_in_a_row_is_named(tmp_path: Path) -> None:
    for row in ('says = ""', 'says = "x"\nwork = ["none"]', 'says = "x"\nlots = 1', "lost = 'x'"):
        (tmp_path / FILE).write_text(f'[work]\nfold = 1\n["1"]\n{row}\n', encoding="utf-8")
        with pytest.raises(TableError, match="1"):
            read_steps(tmp_path, ["1"])


# -- two versions ---------------------------------------------------------------------------------------


@pytest.fixture
def town(tmp_path: Path) -> Town:
    migrated_store(tmp_path / "store.db").close()
    return Town(tmp_path, "2024-05-06", f"sqlite:///{tmp_path / 'store.db'}", keys=KEYS)


@pytest.mark.tampering(reason="the version after the next takes away what this one reads")
def test_this_version_goes_on_beside_the_next_and_is_stopped_by_the_one_after(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate_office(town.office)
    engine, first = town.office.store.engine, town.file()
    with monkeypatch.context() as next_version:
        next_version.setattr(standing_file, "FOLDER", later_version(tmp_path / "next"))
        assert migrating.migrate(engine) == (steps().steps[-2].revision, EXPANDED)
        assert migrating.came_from(engine) == steps().steps[-2].revision
        assert steps().oldest_beside(EXPANDED) == steps().oldest_beside(steps().steps[-2].revision)
    assert is_ahead(engine) and migrate_office(town.office) == (EXPANDED, EXPANDED)
    second = town.file()
    for number in (first.number, second.number):
        town.act("lifang", number, "assign", "2024-05-07", to="农业中心")
    assert verify(town.office, full=True) == []

    with monkeypatch.context() as one_after:
        one_after.setattr(
            standing_file, "FOLDER", later_version(tmp_path / "after", contracts=True)
        )
        assert migrating.migrate(engine) == (EXPANDED, CONTRACTED)
    with pytest.raises(NewerStore, match="备份"):
        migrate_office(town.office)
    assert revision(engine) == CONTRACTED
    town.office.store.close()


def test_a_store_of_whose_shape_nothing_is_known_stops_the_start(town: Town) -> None:
    engine = town.office.store.engine
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9997'"))
        connection.execute(text("DELETE FROM stamp WHERE name = 'oldest version'"))
    with pytest.raises(NewerStore):
        is_ahead(engine)
    town.office.store.close()


NEXT = """
import sys
from pathlib import Path
from sqlalchemy import String, text
from sqlalchemy.orm import mapped_column
from workflow.store import standing_file
standing_file.FOLDER = Path(sys.argv[2])
from workflow.store.models import CaseRow
CaseRow.colour = mapped_column(String(8), nullable=True)
from tests.workflow.service.sampling import KEYS
from tests.workflow.service.town import Town
from workflow.service import Office
from workflow.service.cases.intake import Intake
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office
from workflow.store.store import Store
from datetime import datetime
from workflow.dates import SHANGHAI
moment = datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
office = Office(Store(sys.argv[1]), KEYS, now=lambda: moment)
print(*migrate_office(office), flush=True)
assert sys.stdin.readline() == "file\\n"
for n in range(int(sys.argv[3])):
    filed = Intake(office).file(Town.form(None))
    with office.store.write_cases() as unit:
        row = unit.session.query(CaseRow).filter_by(number=filed.number).one()
        row.colour = "red"
    print(filed.number, flush=True)
print(verify(office, full=True), flush=True)
"""


@pytest.mark.long(reason="starts a process of the next version; every run has both in one process")
def test_two_versions_write_at_the_same_time(town: Town, tmp_path: Path) -> None:
    migrate_office(town.office)
    before, many = town.file().number, 8
    url, folder = for_others(tmp_path / "store.db"), later_version(tmp_path / "next")
    program = subprocess.Popen(
        [sys.executable, "-c", NEXT, url, str(folder), str(many)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert program.stdin is not None and program.stdout is not None
    try:
        assert program.stdout.readline().split() == [newest(), EXPANDED]
        program.stdin.write("file\n")
        program.stdin.flush()
        mine = []
        for _ in range(many):
            mine.append(town.file().number)
            town.act("lifang", mine[-1], "assign", "2024-05-06", to="农业中心")
        told, _ = program.communicate(timeout=300)
    finally:
        program.kill()
        program.wait()
    *theirs, found = told.splitlines()
    assert program.returncode == 0 and found == "[]"
    assert len({before, *mine, *theirs}) == 1 + 2 * many
    assert migrate_office(town.office) == (
        EXPANDED,
        EXPANDED,
    )  # a new start of the version of before
    assert verify(town.office, full=True) == []
    with town.office.store.engine.connect() as connection:
        assert "colour" in {one["name"] for one in inspect(connection).get_columns("case")}
        coloured = connection.scalars(text('SELECT number FROM "case" WHERE colour IS NOT NULL'))
        assert sorted(coloured) == sorted(theirs)
    town.office.store.close()
