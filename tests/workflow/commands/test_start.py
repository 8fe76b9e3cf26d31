"""Every command over a store that it cannot work with: one sentence in Chinese, exit code 2, and nothing written."""

import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongkai import main
from tests.notifications.receivers import closed_port
from tests.workflow.service.sampling import quick_hashes
from workflow.store.key_folder import KEY_FILE
from workflow.store.standing_file import revisions

pytestmark = [
    pytest.mark.sqlite(reason="about files of SQLite; servers: test_start_server.py"),
    pytest.mark.tampering(reason="what it opens is no store"),
]
INIT = "init --agency panlong --name 盘龙乡 --level township --json"
NEEDS = (
    "serve --port {port}", "serve --port {port} --workers 2", "worker", "worker --once", "verify", "head", "clock", "doctor",
    "tally --agency panlong --year 2024", "report --agency panlong --year 2024 --format json -o {out}",
    "user list", "user create --name a --agency panlong --role clerk", "token list", "token create --user a",
    "key status", "key rotate", "key reseal", "key seal-texts", "agency list", "agency add --code b --name 乙 --level township",
    "calendar list", "calendar load {notice}", "config --agency panlong",
    "config set --agency panlong --name pages --value 1 --from 2026-01-01 --reason x",
    "import-ledger {ledger} --agency panlong", "export-ledger --agency panlong --year 2024 -o {out}.csv",
    "letter --agency panlong --case 1 --list", "bundle --agency panlong --case 1 -o {out}",
    "sum --agency panlong --year 2024", "copy --from {url} --to {copy}",
)  # fmt: skip
"""Commands that need a store of this version."""
MAKES = (
    "demo --fill", "demo --from-report {report} --keep", "simulate --cases 2", INIT, "migrate",
    "replay {docket} --into {url}", "copy --from {other} --to {url}",
)  # fmt: skip
"""Commands that begin a new one, or bring one to this version."""
READS_DAYS = ("deadline {docket}", "replay {docket}")
"""Commands that only want the nation's days from it, and do without a store."""

State = Callable[[Path], None]


def missing(data: Path) -> None:
    shutil.rmtree(data)


def empty(data: Path) -> None:
    (data / "gongkai.db").write_bytes(b"")


def a_text(data: Path) -> None:
    (data / "gongkai.db").write_text("盘龙乡台账\n" * 100, encoding="utf-8")


def a_folder(data: Path) -> None:
    (data / "gongkai.db").unlink()
    (data / "gongkai.db").mkdir()


def of_another_program(data: Path) -> None:
    (data / "gongkai.db").unlink()
    with closing(sqlite3.connect(data / "gongkai.db")) as connection:
        connection.execute("CREATE TABLE user (id INTEGER)")


def of_another_alembic(data: Path) -> None:
    of_another_program(data)
    with closing(sqlite3.connect(data / "gongkai.db")) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf')")


def truncated(data: Path) -> None:
    content = (data / "gongkai.db").read_bytes()
    (data / "gongkai.db").write_bytes(content[: len(content) // 2])


def cut_in_the_header(data: Path) -> None:
    (data / "gongkai.db").write_bytes((data / "gongkai.db").read_bytes()[:60])


def spoilt(data: Path) -> None:
    content = (data / "gongkai.db").read_bytes()
    (data / "gongkai.db").write_bytes(content[:100] + b"\xa5" * (len(content) - 100))


def revision(data: Path, name: str) -> None:
    with closing(sqlite3.connect(data / "gongkai.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (name,))


def newer(data: Path) -> None:
    revision(data, "9001")
    with closing(sqlite3.connect(data / "gongkai.db")) as connection, connection:
        connection.execute("UPDATE stamp SET value = '9001' WHERE name = 'oldest version'")


def older(data: Path) -> None:
    revision(data, revisions()[-2])


def half_migrated(data: Path) -> None:
    with closing(sqlite3.connect(data / "gongkai.db")) as connection, connection:
        connection.execute("DELETE FROM stamp WHERE name = 'whole'")


def without_key(data: Path) -> None:
    (data / KEY_FILE).unlink()


def with_another_key(data: Path) -> None:
    (data / KEY_FILE).write_bytes(bytes(range(40, 72)))


SENTENCES: dict[State, str] = {
    missing: "没有找到数据库文件",
    empty: "是空的",
    a_text: "不是数据库",
    a_folder: "不是文件，不能作为数据库",
    of_another_program: "是别的程序的",
    of_another_alembic: "是别的程序的",
    truncated: "不完整（应有",
    cut_in_the_header: "不完整（应有",
    spoilt: "已经损坏",
    newer: "是更新的版本写的（9001）",
    older: "先备份，再运行 gongkai migrate",
    half_migrated: "再运行一次 gongkai migrate",
    without_key: "没有找到密钥文件",
    with_another_key: "不是本库的密钥",
}
BROKEN = [
    a_text,
    a_folder,
    of_another_program,
    of_another_alembic,
    truncated,
    cut_in_the_header,
    spoilt,
    newer,
]
"""With these no command works at all."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation that was begun."""
    data = tmp_path_factory.mktemp("made") / "data"
    done = called(data, INIT)
    assert done.exit_code == 0, done.output
    with closing(sqlite3.connect(data / "gongkai.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for beside in data.glob("gongkai.db-*"):
        beside.unlink()
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


MOST_SECONDS = 60
"""A command that was not refused would serve for ever."""


def called(data: Path, command: str, **env: str) -> Result:
    given = {
        "GONGKAI_DATA_DIR": str(data),
        "GONGKAI_SECRET": None,
        "GONGKAI_DATABASE_URL": None,
        **env,
    }
    before = signal.signal(signal.SIGALRM, _served_on)
    signal.alarm(MOST_SECONDS)
    try:
        with quick_hashes():
            return CliRunner(env=given).invoke(main, command.split())
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _served_on(*_: object) -> None:
    raise AssertionError("the command went on")


def filled_in(command: str, data: Path) -> str:
    """The command with files that are as it wants them; they lie beside the data."""
    beside = data.parent / "beside"
    beside.mkdir(exist_ok=True)
    for name in ("docket", "notice", "report"):
        (beside / f"{name}.json").write_text("{}", encoding="utf-8")
    (beside / "ledger.csv").write_text("编号\n", encoding="utf-8")
    shutil.copytree(data, data.parent / "other", dirs_exist_ok=True)
    return command.format(
        port=closed_port(), out=beside / "out", url=f"sqlite:///{data / 'gongkai.db'}", copy=f"sqlite:///{beside / 'copy.db'}",
        other=f"sqlite:///{data.parent / 'other' / 'gongkai.db'}",
        **{name: beside / f"{name}.json" for name in ("docket", "notice", "report")}, ledger=beside / "ledger.csv",
    )  # fmt: skip


def seen(data: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and folder there, with mode and content."""
    return {
        str(one.relative_to(data.parent)): (
            one.stat().st_mode,
            one.read_bytes() if one.is_file() else b"",
        )
        for one in sorted(data.parent.rglob("*"))
        if "beside" not in one.parts or one.name.startswith("copy")
    }


def in_one_sentence(done: Result) -> str:
    assert done.exit_code == 2, (done.output, done.exception)
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    return line


def refused(data: Path, command: str, state: State) -> None:
    given = filled_in(command, data)
    state(data)
    before = seen(data)
    assert SENTENCES[state] in in_one_sentence(called(data, given)), command
    assert seen(data) == before


LOOKED_AT = [("doctor", older), ("doctor", half_migrated)]
"""What says what is wrong with a store looks at these as well (tests/workflow/commands/test_upkeep.py)."""
WHOLE = [
    *(
        (command, state)
        for command in NEEDS
        for state in SENTENCES
        if (command, state) not in LOOKED_AT
    ),
    *((command, state) for command in (*MAKES, *READS_DAYS) for state in BROKEN),
]
"""Every command over every store that it cannot use."""
STATES = list(SENTENCES)
SAMPLE = [
    *((command, STATES[n % len(STATES)]) for n, command in enumerate(NEEDS)),
    *((command, BROKEN[n % len(BROKEN)]) for n, command in enumerate((*MAKES, *READS_DAYS))),
]
"""Every command over one of them, every one of these under some commands."""


def of_these(pairs: list[tuple[str, State]]) -> pytest.MarkDecorator:
    names = [f"{command}-{state.__name__}" for command, state in pairs]
    return pytest.mark.parametrize(("command", "state"), pairs, ids=names)


@of_these(SAMPLE)
def test_a_command_over_a_store_that_it_cannot_use_says_so_and_writes_nothing(
    command: str, state: State, data: Path
) -> None:
    refused(data, command, state)


@pytest.mark.long(reason="every command over every state: half a thousand")
@of_these([pair for pair in WHOLE if pair not in SAMPLE])
def test_so_does_every_command_over_every_store_it_cannot_use(
    command: str, state: State, data: Path
) -> None:
    refused(data, command, state)


# -- a place that takes nothing -----------------------------------------------------------------------

WRITES = [one for one in NEEDS if one.split()[0] not in ("serve", "worker", "verify", "head")]
"""Commands that bring the store to the calendars of today first. The others read, which a lock holds up for nobody."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("dialect", "standing_file"):
        monkeypatch.setattr(f"workflow.store.{module}.PATIENCE", 0.02)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("command", WRITES[:3])
def test_a_store_that_another_program_holds_is_told_by_its_lock(command: str, data: Path) -> None:
    given = filled_in(command, data)
    with closing(sqlite3.connect(data / "gongkai.db")) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        before = seen(data)
        assert "另一个程序一直占用着数据库" in in_one_sentence(called(data, given))
        after = seen(data)
    assert {name for name in before if "-shm" not in name} == {n for n in after if "-shm" not in n}
    assert before["data/gongkai.db"] == after["data/gongkai.db"]


@contextmanager
def disk(at: Path, kilobytes: int) -> Iterator[None]:
    """A disk of its own for the folder, so small."""
    at.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(at)], capture_output=True
    )
    if done.returncode:
        pytest.skip("who runs the tests may not mount a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


def fill(folder: Path) -> None:
    with suppress(OSError), (folder / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def make_read_only(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


@pytest.mark.long(reason="mounts a disk for each command")
@pytest.mark.parametrize("spoil", [fill, make_read_only])
@pytest.mark.parametrize("command", [*NEEDS, *MAKES[:5]])
def test_on_a_real_disk_that_takes_nothing_every_command_says_so(
    command: str, spoil: Callable[[Path], None], made: Path, tmp_path: Path
) -> None:
    place = tmp_path / "disk"
    with disk(place, 4 * (made / "gongkai.db").stat().st_size // 1024):
        data = Path(shutil.copytree(made, place / "data"))
        given = filled_in(command, data)
        spoil(place)
        before = seen(data)
        done = called(data, given)
        assert done.exit_code == 2, (done.output, done.exception)
        in_one_sentence(done)
        assert seen(data) == before
