"""An installation starts with its own key and with no other."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from config.errors import BadSetting
from config.settings import load
from gongkai import main
from workflow.case.application import ApplicationForm
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.installation import KEY, WrongKey, migrate_office, open_office
from workflow.store.models import StampRow

FORM = {
    "agency": "panlong",
    "applicant": {
        "kind": "citizen",
        "name": "张三丰",
        "id_type": "resident_id",
        "id_number": "11010519491231002X",
        "phone": "13800000000",
    },
    "items": ["2023年度农村公路养护合同"],
    "delivery": ["pickup"],
    "medium": ["paper"],
}
CHANGES = {
    "missing": lambda key: key.unlink(),
    "another": lambda key: key.write_bytes(b"x" * 32),
    "cut off": lambda key: key.write_bytes(key.read_bytes()[:7]),
    "empty": lambda key: key.write_bytes(b""),
}
each_change = pytest.mark.parametrize("change", CHANGES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data of an installation with one application."""
    settings = load({"GONGKAI_DATA_DIR": str(tmp_path / "data")})
    office = open_office(settings)
    migrate_office(office)
    Accounts(office).initialise(code="panlong", name="盘龙彝族乡人民政府", level="township")
    Intake(office).file(ApplicationForm.model_validate(FORM))
    office.store.close()
    return settings.data_dir


def opened(folder: Path) -> str:
    """The query code of the application, after a start."""
    office = open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    migrate_office(office)
    with office.store.read() as unit:
        row = unit.case_row([1], f"{date.today().year}-0001")
        assert row is not None
        code = office.keys.query_code(row.code_salt)
    office.store.close()
    return code


def forget_the_stamp(folder: Path) -> None:
    """As a store stands that was made before it knew of its key."""
    office = open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    with office.store.write() as unit:
        unit.session.execute(delete(StampRow).where(StampRow.name == KEY))
    office.store.close()


def test_the_right_key_opens_the_store_again(folder):
    assert opened(folder) == opened(folder)


@each_change
@pytest.mark.parametrize("of_before", [False, True], ids=["stamped", "of before"])
def test_without_its_key_nothing_starts_and_nothing_is_made(folder, change, of_before):
    code = opened(folder)
    if of_before:
        forget_the_stamp(folder)
    key = folder / "secret.key"
    kept = key.read_bytes()
    CHANGES[change](key)
    left = key.read_bytes() if key.exists() else None
    with pytest.raises(WrongKey, match=r"secret\.key"):
        open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    assert (key.read_bytes() if key.exists() else None) == left
    key.write_bytes(kept)
    assert opened(folder) == code


@each_change
def test_a_command_says_it_in_one_line(folder, change):
    CHANGES[change](folder / "secret.key")
    done = CliRunner(env={"GONGKAI_DATA_DIR": str(folder)}).invoke(main, ["verify"])
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1 and "没有启动" in done.stderr


def test_a_key_from_the_environment_is_held_to_the_store_too(folder, monkeypatch):
    monkeypatch.setenv("GONGKAI_SECRET", "another secret of some length")
    with pytest.raises(WrongKey, match="GONGKAI_SECRET"):
        open_office(load({"GONGKAI_DATA_DIR": str(folder)}))


def test_a_store_of_before_learns_its_key_at_the_next_start(folder):
    forget_the_stamp(folder)
    opened(folder)
    shutil.copy(folder / "secret.key", folder / "kept")
    (folder / "secret.key").write_bytes(b"y" * 32)
    with pytest.raises(WrongKey):
        open_office(load({"GONGKAI_DATA_DIR": str(folder)}))


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "postgres://x/y"])
def test_an_address_that_is_none_is_said_in_one_line(url: str, tmp_path: Path) -> None:
    settings = load({"GONGKAI_DATA_DIR": str(tmp_path), "GONGKAI_DATABASE_URL": url})
    with pytest.raises(BadSetting, match="无法识别，例如"):
        open_office(settings)


@pytest.mark.sqlite(reason="about a file of SQLite")
@pytest.mark.tampering(reason="what it opens is no store")
def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path: Path) -> None:
    note = tmp_path / "a.txt"
    note.write_text("不是数据库" * 100, encoding="utf-8")
    url = f"sqlite:///{note}"
    with pytest.raises(BadSetting, match="不是数据库"):
        open_office(load({"GONGKAI_DATA_DIR": str(tmp_path), "GONGKAI_DATABASE_URL": url}))
