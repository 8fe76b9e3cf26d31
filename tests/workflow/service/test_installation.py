"""An installation starts with its own key and with no other."""

import runpy
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

import gongkai
from config.errors import BadSetting
from config.settings import load
from gongkai import main
from workflow.case.application import ApplicationForm
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.installation import WrongKey, migrate_office, open_office
from workflow.service.keys import InstallationKeys
from workflow.store.key import AES, CIPHERS, Key
from workflow.store.key_folder import KeyFolder, written
from workflow.store.keyed import CHECK, checks
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
        unit.session.execute(delete(StampRow).where(StampRow.name == CHECK))
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


@each_change
def test_a_web_server_says_it_in_one_line(folder, change, monkeypatch):
    CHANGES[change](folder / "secret.key")
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(folder))
    with pytest.raises(SystemExit, match=r"^[^\n]*没有启动[^\n]*$") as told:
        runpy.run_path(str(Path(gongkai.__file__).with_name("wsgi.py")))
    assert told.value.__cause__ is None and told.value.__suppress_context__


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


# -- more than one key ------------------------------------------------------------------------------


@pytest.mark.sqlite(reason="asks which SQLite this Python has")
def test_a_sqlite_of_an_older_system_is_named_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load({"GONGKAI_DATA_DIR": str(tmp_path / "data")})
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr("sqlite3.sqlite_version", "3.34.1")
    with pytest.raises(BadSetting, match=r"3\.34\.1，须不低于 3\.35") as caught:
        open_office(settings)
    assert "PostgreSQL" in str(caught.value)
    assert not (tmp_path / "data").exists()
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 35, 0))
    open_office(settings).store.close()


def rotated(folder: Path, *, told: bool = True) -> None:
    """Another key in force; told: the store knows of it."""
    office = open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    if told:
        InstallationKeys(office).rotate()
    else:
        place = KeyFolder(folder)
        now = place.read()[0]
        new = now.next(AES)
        place.prepare(new)
        place.take(now, new)
    office.store.close()


def stamps(folder: Path) -> list[int]:
    office = open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    with office.store.read() as unit:
        found = sorted(checks(unit))
    office.store.close()
    return found


def test_a_store_from_before_a_change_of_keys_opens_with_the_keys_of_today(folder):
    """It was restored, or the power went before it was told."""
    code = opened(folder)
    rotated(folder, told=False)
    assert stamps(folder) == [0]
    assert opened(folder) == code
    assert stamps(folder) == [0, 1]


def test_an_earlier_key_that_something_hangs_on_must_be_there(folder):
    code = opened(folder)
    rotated(folder)
    earlier = folder / "secret.key.0"
    kept = earlier.read_bytes()
    earlier.unlink()
    with pytest.raises(WrongKey, match=r"没有找到第 0 个密钥（密钥文件 .*secret\.key\.0）"):
        open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    earlier.write_bytes(kept)
    assert opened(folder) == code


def test_a_key_in_force_that_went_is_missed_and_the_earlier_one_does_not_take_its_place(folder):
    opened(folder)
    rotated(folder)
    office = open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    InstallationKeys(office).reseal()
    office.store.close()
    kept = (folder / "secret.key").read_bytes()
    (folder / "secret.key").unlink()
    with pytest.raises(WrongKey, match=r"没有找到密钥文件"):
        open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    shutil.copy(folder / "secret.key.0", folder / "secret.key")
    with pytest.raises(WrongKey, match=r"没有找到第 1 个密钥"):
        open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    (folder / "secret.key").write_bytes(kept)
    opened(folder)


def test_a_later_key_of_another_installation_is_none_of_ours(folder):
    opened(folder)
    stranger = Key(0, bytes(range(32))).next(AES)
    (folder / "secret.key").rename(folder / "secret.key.0")
    (folder / "secret.key").write_bytes(written(stranger))
    with pytest.raises(WrongKey, match=r"不是本库的密钥"):
        open_office(load({"GONGKAI_DATA_DIR": str(folder)}))


def test_an_earlier_key_that_is_another_one_stops_the_start(folder):
    opened(folder)
    rotated(folder)
    (folder / "secret.key.0").write_bytes(bytes(range(32)))
    with pytest.raises(WrongKey, match=r"不是本库的密钥"):
        open_office(load({"GONGKAI_DATA_DIR": str(folder)}))


@pytest.mark.parametrize("set_to", CIPHERS)
def test_the_store_knows_of_which_kind_a_secret_of_the_environment_is(
    tmp_path, monkeypatch, set_to
):
    monkeypatch.setenv("GONGKAI_SECRET", "kq7WdRz0vXn3TfYbLs8c")
    for cipher in (set_to, *CIPHERS):
        settings = load({"GONGKAI_DATA_DIR": str(tmp_path / "data"), "GONGKAI_CIPHER": cipher})
        office = open_office(settings)
        migrate_office(office)
        assert office.keys.now.cipher == set_to
        office.store.close()


def test_a_second_key_in_the_folder_is_logged_at_the_start(folder, monkeypatch, caplog):
    opened(folder)
    assert not caplog.messages
    secret = "kq7WdRz0vXn3TfYbLs8c"
    (folder / "secret.key").unlink()
    forget_all(folder, secret, monkeypatch)
    (folder / "secret.key").write_bytes(bytes(range(32)))
    open_office(load({"GONGKAI_DATA_DIR": str(folder)})).store.close()
    assert "两个不同的密钥，使用的是环境变量" in caplog.messages[-1]


def forget_all(folder: Path, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin anew, with a secret of the environment."""
    for file in folder.glob("gongkai.db*"):
        file.unlink()
    monkeypatch.setenv("GONGKAI_SECRET", secret)
    office = open_office(load({"GONGKAI_DATA_DIR": str(folder)}))
    migrate_office(office)
    office.store.close()
