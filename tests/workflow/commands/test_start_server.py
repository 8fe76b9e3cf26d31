"""Every command over a server that does not let it in, or has another thing there: one sentence, exit code 2, nothing written."""

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import make_url

from gongkai import main
from tests.stores import DATABASES, POSTGRES
from tests.workflow.commands.test_start import INIT, NEEDS, filled_in, in_one_sentence
from tests.workflow.service.sampling import quick_hashes
from workflow.store import standing
from workflow.store.standing_file import revisions

pytestmark = pytest.mark.skipif(not POSTGRES, reason="about PostgreSQL (make test-postgres)")
NAME = "start_of_commands"
COMMANDS = (
    "serve --port {port}",
    "worker --once",
    "migrate",
    INIT,
    "verify",
    "user list",
    "demo --fill",
)
State = Callable[[], str]
"""Brings the database to a state; the address that a command is given."""


def say(statement: str) -> None:
    DATABASES.server.say(statement, NAME)


def missing() -> str:
    DATABASES.server.drop(NAME)
    return DATABASES.server.url(NAME)


def empty() -> str:
    missing()
    DATABASES.server.create(NAME)
    return DATABASES.server.url(NAME)


def of_another_program() -> str:
    url = empty()
    say("CREATE TABLE booking (id integer)")
    return url


def newer() -> str:
    say("UPDATE alembic_version SET version_num = '9001'")
    say("UPDATE stamp SET value = '9001' WHERE name = 'oldest version'")
    return DATABASES.server.url(NAME)


def older() -> str:
    say(f"UPDATE alembic_version SET version_num = '{revisions()[-2]}'")
    return DATABASES.server.url(NAME)


def another_user() -> str:
    url = make_url(DATABASES.server.url(NAME)).set(username="nobody_we_know")
    return url.render_as_string(hide_password=False)


def wrong_password() -> str:
    hba = DATABASES.server.data / "pg_hba.conf"
    hba.write_text("local start_of_commands clerk scram-sha-256\n" + hba.read_text())
    say(
        "DO $$ BEGIN CREATE ROLE clerk LOGIN PASSWORD 'right'; EXCEPTION WHEN others THEN NULL; END $$"
    )
    say("SELECT pg_reload_conf()")
    url = make_url(DATABASES.server.url(NAME)).set(username="clerk", password="wrong")
    return url.render_as_string(hide_password=False)


def nobody_there() -> str:
    return make_url(DATABASES.server.url(NAME)).set(query={"host": "/nowhere"}).render_as_string()


SENTENCES: dict[State, str] = {
    missing: "没有这个库", empty: "是空的：新安装请先运行 gongkai init", of_another_program: "是别的程序的",
    newer: "是更新的版本写的（9001）", older: "先备份，再运行 gongkai migrate", another_user: "不接受这个用户名或密码",
    wrong_password: "不接受这个用户名或密码", nobody_there: "数据库连接不上",
}  # fmt: skip
FINE = {(INIT, empty), (INIT, older), ("demo --fill", empty), ("migrate", older), ("doctor", older)}
"""What a command is for."""


def called(data: Path, command: str, url: str) -> Result:
    env = {"GONGKAI_DATA_DIR": str(data), "GONGKAI_SECRET": None, "GONGKAI_DATABASE_URL": url}
    with quick_hashes():
        return CliRunner(env=env).invoke(main, command.split())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation on the server, with the key."""
    folder = tmp_path_factory.mktemp("made") / "data"
    done = called(folder, INIT, empty())
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def made(data: Path) -> Iterator[Path]:
    """Its database is there before and after."""
    kept = f"{NAME}_kept"
    DATABASES.server.disconnect(NAME)
    DATABASES.server.create(kept, NAME)
    yield data
    DATABASES.server.drop(NAME)
    DATABASES.server.create(NAME, kept)
    DATABASES.server.drop(kept)


def content() -> list[tuple[object, ...]]:
    """How often which table was written to, and which there are."""
    known = DATABASES.server.say("SELECT 1 FROM pg_database WHERE datname = 'start_of_commands'")
    if not known:
        return []
    return DATABASES.server.say(
        "SELECT relname, pg_relation_filepath(oid), reltuples FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "UNION ALL SELECT 'revision', version_num, 0 FROM alembic_version ORDER BY 1, 2"
        if DATABASES.server.say("SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version'", NAME)
        else "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
        NAME,
    )


@pytest.mark.parametrize("state", SENTENCES, ids=lambda one: one.__name__)
def test_a_server_that_does_not_do_is_told_in_one_sentence(state: State, made: Path) -> None:
    url = state()
    files, there = sorted(made.rglob("*")), content()
    for command in COMMANDS:
        if (command, state) not in FINE:
            done = called(made, filled_in(command, made), url)
            assert SENTENCES[state] in in_one_sentence(done), command
            assert "wrong" not in done.output and "nobody_we_know" not in done.output
    assert sorted(made.rglob("*")) == files and content() == there


def test_a_server_that_is_too_old_is_told(made: Path) -> None:
    url = DATABASES.server.url(NAME)
    with patch.object(standing, "OLDEST_SERVER", 99):
        assert "太旧" in in_one_sentence(called(made, "user list", url))


@pytest.mark.long(reason="every command over every state of a server")
@pytest.mark.parametrize("state", SENTENCES, ids=lambda one: one.__name__)
def test_so_is_every_command(state: State, made: Path) -> None:
    url = state()
    for command in NEEDS:
        if not command.startswith("copy") and (command, state) not in FINE:
            assert SENTENCES[state] in in_one_sentence(
                called(made, filled_in(command, made), url)
            ), command
