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
from workflow.store.migrate import _config
from workflow.store.store import Store

pytestmark = [
    pytest.mark.sqlite(reason="counts what is done to files"),
    pytest.mark.tampering(reason="leaves what a process left that was killed"),
]
INIT = "init --agency panlong --name 盘龙乡 --level township"
LEDGER = "编号,申请人,收到日期,申请内容,渠道\n2024-0001,张三,2024-03-01,养护合同,当面\n2024-0002,李四,2024-03-04,验收单,信函\n"
BEFORE = "0049"
"""The shape of the store that is brought to this version."""


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


def count(data: Path, table: str, place: str = "gongkai.db") -> int:
    with closing(sqlite3.connect(data / place)) as connection:
        return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


@dataclass(frozen=True)
class Cut:
    """A command. before: what is there; rows: of which tables how many are there in the end; says: what the second run says,
    one of these; refused: what it says where the first one had written all, with exit code 1."""

    command: str
    before: Callable[[Path], None]
    rows: dict[str, int]
    says: tuple[str, ...]
    refused: str = "\0"
    place: str = "gongkai.db"


CUTS = {
    "init": Cut(INIT, nothing, {"agency": 1, "user": 1}, ("已建立", "上次建库时中断了，现在接着建"), "已经初始化"),
    "migrate": Cut("migrate", filled_of_before, {"agency": 3, "case": 133}, ("已从 0049 升级到", "现在接着升级", "已是最新")),
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
    command = cut.command.format(data=data, report=REPORT)
    code, steps, said = killed.run(data, command, at, how)
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
    again, _, said = killed.run(data, command, 0)
    if again in (1, 2):
        assert cut.refused in said, said
    else:
        assert again == 0 and any(word in said for word in cut.says), said
    found = {table: count(data, table, cut.place) for table in cut.rows}
    assert found == cut.rows, said
    if cut.place == "gongkai.db":
        checked = called(data, "verify")
        assert checked.exit_code == 0, checked.output
    left = [one.name for one in data.rglob("*") if one.name.startswith(".secret")]
    assert len(left) <= 1
    shutil.rmtree(place)
    return True


@pytest.mark.parametrize(("name", "at"), [("import-ledger", 3)])
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
    assert tried > 3, "a command that has hardly a step is not heard"
    print(f"{name}, {how}: {tried} steps")
