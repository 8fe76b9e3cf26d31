"""A command that is cut off at any of its steps: run once more it finishes, or undoes and begins anew, and says so."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.workflow.commands import killed
from tests.workflow.commands.test_start import called
from tests.workflow.store.later import later_version
from tests.workflow.store.old_stores import old_store
from workflow.store.key_folder import KEY_FILE
from workflow.store.migrate import _config, go_back, steps
from workflow.store.store import Store

pytestmark = [
    pytest.mark.sqlite(reason="counts what is done to files"),
    pytest.mark.tampering(reason="leaves what a process left that was killed"),
]
INIT = "init --agency panlong --name 盘龙乡 --level township"
LEDGER = "编号,申请人,收到日期,申请内容,渠道\n2024-0001,张三,2024-03-01,养护合同,当面\n2024-0002,李四,2024-03-04,验收单,信函\n"
BEFORE = "0049"
"""The shape of the store that is brought to this version."""
FIRST = "0011"


def nothing(data: Path) -> None:
    pass


def begun(data: Path) -> None:
    """An installation, and a ledger to be taken in."""
    assert killed.run(data, INIT, 0)[0] == 0
    (data.parent / "ledger.csv").write_text(LEDGER, encoding="utf-8")


def filled_of_before(data: Path) -> None:
    """A filled store in the shape of an earlier version."""
    from alembic import command

    assert killed.run(data, "demo --fill", 0)[0] == 0
    store = Store(f"sqlite:///{data / 'gongkai.db'}")
    with store.engine.begin() as connection:
        command.downgrade(_config(connection), BEFORE)
        connection.exec_driver_sql("DELETE FROM stamp WHERE name IN ('whole', 'search')")
    store.close()


def of_the_first_release(data: Path) -> None:
    """The store that 0.1.0 left, with the key that opens it."""
    data.mkdir(mode=0o700)
    (data / KEY_FILE).write_bytes(bytes(range(32)))
    (data / KEY_FILE).chmod(0o600)
    old_store(FIRST, data / "gongkai.db").engine.dispose()


def of_the_last_shape(data: Path, begin: str = "demo --fill") -> None:
    """A store that lacks the last migration alone: calendars and tables of the law are today's."""
    assert killed.run(data, begin, 0)[0] == 0
    store = Store(f"sqlite:///{data / 'gongkai.db'}")
    go_back(store.engine, steps().steps[-2].revision)
    store.close()


def without_cases(data: Path) -> None:
    of_the_last_shape(data, INIT)


def of_the_next_version(data: Path) -> None:
    """A filled store that the next version upgraded, whose migrations lie beside it."""
    assert killed.run(data, "demo --fill", 0)[0] == 0
    later_version(data.parent / "next")
    assert killed.run(data, "upgrade --without-backup", 0, **next_to(data))[0] == 0


def next_to(data: Path) -> dict[str, str]:
    return {killed.MIGRATIONS: str(data.parent / "next")}


def count(data: Path, table: str, place: str = "gongkai.db") -> int:
    with closing(sqlite3.connect(data / place)) as connection:
        return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


@dataclass(frozen=True)
class Cut:
    """A command. before: what is there; rows: of which tables how many are there in the end; says: what the second run says,
    one of these; refused: what it says where the first one had written all, with exit code 1; later: it is the next version's;
    then: what is done before the store is verified."""

    command: str
    before: Callable[[Path], None]
    rows: dict[str, int]
    says: tuple[str, ...]
    refused: str = "\0"
    place: str = "gongkai.db"
    later: bool = False
    then: str = ""


CUTS = {
    "init": Cut(INIT, nothing, {"agency": 1, "user": 1}, ("已建立", "上次建库时中断了，现在接着建"), "已经初始化"),
    "migrate": Cut("migrate", filled_of_before, {"agency": 3, "case": 133}, ("已从 0049 升级到", "现在接着升级", "已是最新")),
    "upgrade": Cut(
        "upgrade --without-backup", of_the_last_shape, {"agency": 3, "case": 133}, ("已升级", "已是最新"),
    ),
    "upgrade without cases": Cut(
        "upgrade --without-backup", without_cases, {"agency": 1, "user": 1}, ("已升级", "已是最新"),
    ),
    "upgrade from 0.1.0": Cut(
        "upgrade --without-backup", of_the_first_release, {"agency": 3, "case": 82}, ("已升级", "已是最新"),
    ),
    "upgrade --rehearse": Cut(
        "upgrade --rehearse", of_the_last_shape, {"agency": 3, "case": 133}, ("试升级（库没有改动）",),
        then="upgrade --without-backup",
    ),
    "upgrade --back": Cut(
        "upgrade --back previous --yes --without-backup", of_the_next_version, {"agency": 3, "case": 133}, ("已退回",),
        "没有可以退回的", later=True,
    ),
    "copy": Cut(
        "copy --from sqlite:///{data}/gongkai.db --to sqlite:///{data}/new/copy.db", begun, {"agency": 1, "user": 1},
        ("开始复制", "接着上次中断的地方复制"), "目标库里已有数据", "new/copy.db",
    ),
    "demo --fill": Cut("demo --fill", nothing, {"agency": 3, "case": 133}, ("正在生成演示数据", "现在从头生成", "演示账号的密码")),
    "import-ledger": Cut(
        "import-ledger {data}/../ledger.csv --agency panlong", begun, {"case": 2}, ("已导入 2 件",), "已经登记",
    ),
    "demo --from-report": Cut(
        "demo --from-report {report} --keep", begun, {"agency": 2}, ("逐格一致",), "库中已有代码为",
    ),
}  # fmt: skip
REPORT = Path(__file__).parents[2] / "acceptance" / "tables" / "pingtan_czj_2019.json"
"""Of few cases."""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Path], None]], Path]:
    known: dict[Callable[[Path], None], Path] = {}

    def made(before: Callable[[Path], None]) -> Path:
        if before not in known:
            known[before] = tmp_path_factory.mktemp("before") / "place"
            known[before].mkdir()
            before(known[before] / "data")
        return known[before]

    return made


def cut_off(
    name: str, at: int, how: str, prepared: Callable[[Callable[[Path], None]], Path], tmp_path: Path
) -> bool:
    """Cut off at that step, and run once more; False where the command has not so many steps."""
    cut = CUTS[name]
    place = Path(shutil.copytree(prepared(cut.before), tmp_path / f"place-{at}-{how}"))
    data = place / "data"
    command, env = cut.command.format(data=data, report=REPORT), next_to(data) if cut.later else {}
    code, steps, said = killed.run(data, command, at, how, **env)
    if how == "kill":
        if code != -signal.SIGKILL:
            assert code == 0, said
            return False
    elif steps < at:
        assert code == 0, said
        return False
    elif code != 0:  # the room was wanted
        assert code == 2 and "Traceback" not in said and "Error" not in said, said
        assert "磁盘" in said or "没有写入" in said, said
    again, _, said = killed.run(data, command, 0, **env)
    if again in (1, 2):
        assert cut.refused in said, said
    else:
        assert again == 0 and any(word in said for word in cut.says), said
    found = {table: count(data, table, cut.place) for table in cut.rows}
    assert found == cut.rows, said
    if cut.then:
        assert killed.run(data, cut.then, 0)[0] == 0
    if cut.place == "gongkai.db":
        checked = called(data, "verify")
        assert checked.exit_code == 0, checked.output
    left = [one.name for one in data.rglob("*") if one.name.startswith(".secret")]
    assert len(left) <= 1
    assert list(data.glob(".*/*.db")) == [], "a copy of the store stays"
    shutil.rmtree(place)
    return True


@pytest.mark.parametrize(
    ("name", "at"),
    [("import-ledger", 3), ("upgrade without cases", 3), ("upgrade without cases", 4)],
)
def test_a_command_that_is_killed_is_run_once_more(
    name: str, at: int, prepared, tmp_path: Path
) -> None:
    assert cut_off(name, at, "kill", prepared, tmp_path)


STRIDES = {"copy": 9, "demo --fill": 9}
"""Of commands with many steps like each other every ninth; all of them with EVERY_STEP=1."""


@pytest.mark.long(reason="every step of every command, a process and a second run for each")
@pytest.mark.parametrize("how", ["kill", "no_room"])
@pytest.mark.parametrize("name", CUTS)
def test_at_every_step(name: str, how: str, prepared, tmp_path: Path) -> None:
    at, tried, stride = 1, 0, 1 if os.environ.get("EVERY_STEP") else STRIDES.get(name, 1)
    while cut_off(name, at, how, prepared, tmp_path):
        at, tried = at + stride, tried + 1
    assert tried > 3 or name == "upgrade --back", "a command that has hardly a step is not heard"
    print(f"{name}, {how}: {tried} steps")
