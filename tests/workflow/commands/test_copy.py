"""`gongkai copy`: where a copy cannot go is said in one line, and stays as it was."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gongkai import main
from tests.workflow.service.sampling import migrated_store
from workflow.store.sealed import KEY_FILE

pytestmark = pytest.mark.sqlite(reason="about files of SQLite")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    data = tmp_path / "data"
    data.mkdir()
    (data / KEY_FILE).write_bytes(bytes(range(32)))
    migrated_store(data / "gongkai.db").close()
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(data))
    here = f"sqlite:///{data / 'gongkai.db'}"

    def run(target: str, source: str = here) -> Any:
        return CliRunner().invoke(main, ["copy", "--from", source, "--to", target])

    return run


@pytest.mark.parametrize(
    "made", ["CREATE TABLE foo (n INTEGER)", 'CREATE TABLE "user" (n INTEGER)']
)
def test_what_belongs_to_another_program_is_no_empty_database(
    made: str, shell: Callable[..., Any], tmp_path: Path
) -> None:
    place = tmp_path / "foreign" / "other.db"
    place.parent.mkdir()
    with closing(sqlite3.connect(place)) as connection:
        connection.execute(made)
    done = shell(f"sqlite:///{place}")
    assert done.exit_code == 2 and "是别的程序的，没有改动" in done.stderr
    with closing(sqlite3.connect(place)) as connection:
        assert len(connection.execute("SELECT name FROM sqlite_master").fetchall()) == 1
    assert not (place.parent / KEY_FILE).exists()


@pytest.mark.tampering(reason="what it opens is no store")
def test_a_place_that_is_no_database_is_said_in_one_line(
    shell: Callable[..., Any], tmp_path: Path
) -> None:
    note = tmp_path / "a.txt"
    note.write_text("不是数据库" * 100, encoding="utf-8")
    for place in (note, tmp_path, note / "x.db"):
        done = shell(f"sqlite:///{place}")
        assert done.exit_code == 2 and len(done.stderr.strip().splitlines()) == 1, done.output
    done = shell(f"sqlite:///{tmp_path / 'new.db'}", f"sqlite:///{note}")
    assert done.exit_code == 2 and "不是数据库" in done.stderr
    done = shell("mysql://x/y")
    assert done.exit_code == 2 and "无法识别" in done.stderr
