"""A whole installation from one store to another: all of it, or nothing that could be taken for it.

From PostgreSQL to SQLite and back: these tests run where the stores lie on PostgreSQL.
"""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text, update

from config.settings import load
from gongkai import main
from tests import samples
from tests.stores import POSTGRES, on_sqlite
from tests.tampering import tampering
from tests.workflow.service.sampling import KEYS, migrated_store
from tests.workflow.service.town import Town
from workflow.dates import SHANGHAI
from workflow.people import Staff
from workflow.service import Office
from workflow.service.applicants.addresses import Address
from workflow.service.applicants.entry import Entry
from workflow.service.applicants.requests import OwnRequests
from workflow.service.cases.verify import verify
from workflow.service.copying import CannotCopy, NotTheSame, copy_installation
from workflow.service.files import Files
from workflow.service.installation import open_office
from workflow.store import copying
from workflow.store.dialect_kept import APPEND_ONLY, released
from workflow.store.key_folder import KEY_FILE, WrongKey
from workflow.store.message_models import ContactRow, MessageRow
from workflow.store.migrate import migrate
from workflow.store.models import AgencyRow, Base, CaseRow, EventRow, SettingRow
from workflow.store.standing import NotReady
from workflow.store.store import Store
from workflow.store.unit import Unit

MOMENT = datetime(2026, 3, 4, 9, 30, tzinfo=SHANGHAI)


pytestmark = pytest.mark.skipif(not POSTGRES, reason="between two databases (make test-postgres)")
HALF = pytest.mark.tampering(reason="half a copy does not follow from its log")


class Cut(Exception):
    """The line went dead."""


class House:
    """A filled store with its key, and an empty place for another one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir()
        self.source = f"sqlite:///{self.data / 'gongkai.db'}"
        self.target = on_sqlite(folder / "new" / "gongkai.db")
        self.key = self.data / KEY_FILE
        self.key.write_bytes(bytes(range(32)))
        self.told: list[tuple[str, int, int]] = []
        self.said: list[str] = []
        self.cut_after = 10**9

    def tell(self, table: str, number: int, total: int) -> None:
        self.told.append((table, number, total))
        self.cut_after -= 1
        if self.cut_after < 0:
            raise Cut

    def copy(self, source: str | None = None, target: str | None = None) -> Any:
        return copy_installation(
            source or self.source, target or self.target, self.data, self.tell, self.said.append
        )

    def cut(self, after: int) -> None:
        self.cut_after = after
        with pytest.raises(Cut):
            self.copy()
        self.cut_after = 10**9

    def rows(self, url: str) -> dict[str, list[Any]]:
        store = Store(url)
        try:
            with store.engine.connect() as connection:
                return {
                    table.name: [
                        tuple(row)
                        for row in connection.execute(select(table).order_by(*table.primary_key))
                    ]
                    for table in Base.metadata.sorted_tables
                    if table.name != "verified_case"  # a copy is verified, and notes it
                }
        finally:
            store.close()

    def write(self, change: Callable[[Unit], object]) -> None:
        """What somebody writes at the source."""
        store = Store(self.source)
        with Office(store, KEYS).store.write() as unit:
            change(unit)
        store.close()

    def change(self, *statements: Any) -> None:
        store = Store(self.source)
        with tampering(store) as connection:
            for statement in statements:
                connection.execute(statement)
        store.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of two bodies, with something in most tables."""
    path = tmp_path_factory.mktemp("filled") / "gongkai.db"
    migrated_store(path).close()
    town = Town(path.parent, "2026-03-02", f"sqlite:///{path}", keys=KEYS)
    for agency, day in (
        ("panlong", "2025-05-06"),
        ("panlong", "2026-03-02"),
        ("jiangna", "2026-03-03"),
    ):
        town.is_(day)
        filed = [town.file(agency) for _ in range(8)]
        if agency == "panlong":
            town.act("lifang", filed[0].number, "assign", day, note="请农业中心办理")
    entry, own = Entry(town.office), OwnRequests(town.office)
    token = entry.begin(entry.open(Address("email", "own@applicant.example")), "code", "Firefox")
    holder = entry.in_session(token)
    assert holder is not None
    own.link(holder, filed[0].number, filed[0].query_code, "10.0.0.1")
    files = Files(town.office, most_megabytes=1, most_files=3)
    files.upload_as_applicant(
        filed[0].number, filed[0].query_code, "id_proof", "证.pdf", samples.pdf("甲")
    )
    files.open(town.staff("sunli"), filed[0].number, 1)
    with town.office.store.write() as unit:
        # A later body comes above an earlier one, and a message goes into a digest that is made after it.
        above = unit.add_agency(code="above", name="文山州人民政府", level="city")
        first = unit.agencies()[0]
        first.parent_id = above.id
        unit.session.add_all(
            MessageRow(
                key=f"k{number}", kind=kind, channel="mail", moment="m", text="文" * 30,
                day=MOMENT.date(), created_at=MOMENT, not_before=MOMENT, agency_id=first.id,
            )
            for number, kind in ((1, "reminder"), (2, "digest"))
        )  # fmt: skip
        unit.session.flush()
        last = unit.session.scalar(select(func.max(MessageRow.id))) or 0
        into = update(MessageRow).where(MessageRow.key == "k1").values(digest_id=last)
        unit.session.execute(into)
        unit.session.add(ContactRow(user_id=1, muted=["a"], channels=None))
        # Nothing is said, and it is said that it is nothing: in JSON these are two things.
        unit.set_setting(above, "fee_policy", None, MOMENT.date(), "空")
        unit.set_stamp("key", KEYS.check_value())
    town.office.store.close()
    return path


@pytest.fixture
def house(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    made = House(tmp_path)
    shutil.copy(filled, made.data / "gongkai.db")
    return made


def test_everything_is_copied_and_compared(house):
    done = house.copy()
    before, after = house.rows(house.source), house.rows(house.target)
    assert before == after
    assert done.rows == sum(len(rows) for rows in before.values())
    assert (done.cases, done.years) == (24, 3) and not done.went_on
    assert {name for name, number, total in house.told if number == total} >= set(before)
    assert {name for name, rows in before.items() if rows} >= {
        "agency", "user", "role", "case", "applicant", "event", "number", "watched_day", "message",
        "applicant_account", "account_address", "account_session", "account_case", "contact", "file", "file_content", "file_view", "agency_setting", "stamp",
    }  # fmt: skip


def test_the_copy_is_an_installation_with_its_key(house):
    assert house.copy().key == house.folder / "new" / KEY_FILE
    assert (house.folder / "new" / KEY_FILE).stat().st_mode & 0o077 == 0
    settings = load({"GONGKAI_DATA_DIR": str(house.folder / "new"),
                     "GONGKAI_DATABASE_URL": house.target})  # fmt: skip
    office = open_office(settings)
    assert verify(office) == []
    with office.store.read() as unit:
        sample = unit.any_sealed()
        assert sample is not None and office.keys.opens(*sample)
    office.store.close()


def test_the_next_row_gets_a_number_beyond_those_that_came(house):
    house.copy()
    store = Store(house.target)
    with Office(store, KEYS).store.write() as unit:
        last = max(row.id for row in unit.agencies())
        assert unit.add_agency(code="new", name="新机关", level="township").id > last
    assert verify(Office(store, KEYS)) == []
    files = Files(Office(store, KEYS), most_megabytes=1, most_files=3)
    assert files.open(staff_of(store, "sunli"), "2026-0001", 1).content == samples.pdf("甲")
    store.close()


def test_what_is_nothing_and_what_says_nothing_stay_apart(house):
    house.copy()
    store = Store(house.target)
    with store.engine.connect() as connection:
        for table, column in (("agency", "former_names"), ("contact", "channels")):
            assert connection.scalar(text(f"SELECT count(*) FROM {table} WHERE {column} IS NULL"))
        said = connection.scalar(
            text("SELECT CAST(value AS TEXT) FROM agency_setting WHERE reason = '空'")
        )
        assert said == "null"
    store.close()


def test_there_and_back_is_the_same_again(house):
    before = house.rows(house.source)
    house.copy()
    back = f"sqlite:///{house.folder / 'back' / 'gongkai.db'}"
    house.copy(house.target, back)
    assert house.rows(back) == before


def staff_of(store: Store, name: str) -> Staff:
    found = Office(store, KEYS).staff(name)
    assert found is not None
    return found


# -- cut off ----------------------------------------------------------------------------------------


@HALF
@pytest.mark.parametrize("after", [1, 19, 30])
def test_a_copy_that_was_cut_off_goes_on(house, after, monkeypatch):
    monkeypatch.setattr(copying, "BATCH", 5)
    house.cut(after)
    there = house.told[-1]
    house.told.clear()
    assert house.copy().went_on
    assert "接着上次中断的地方复制" in house.said
    assert house.rows(house.source) == house.rows(house.target)
    if after > 1:  # nothing that was there is copied again
        first = next(number for name, number, _ in house.told if name == there[0])
        assert first >= there[1]


@HALF
def test_a_copy_of_which_the_source_went_on_begins_anew(house, monkeypatch):
    monkeypatch.setattr(copying, "BATCH", 5)
    house.cut(24)
    renamed = update(AgencyRow).where(AgencyRow.code == "above").values(name="别名")
    house.write(lambda unit: unit.session.execute(renamed))
    house.told.clear()
    house.copy()
    assert house.told[0][:2] == ("agency", 0)
    assert house.rows(house.source) == house.rows(house.target)


@HALF
def test_half_a_copy_is_opened_by_nobody_and_copied_by_nobody(house, monkeypatch):
    monkeypatch.setattr(copying, "BATCH", 5)
    house.cut(24)
    settings = load({"GONGKAI_DATA_DIR": str(house.folder / "new"),
                     "GONGKAI_DATABASE_URL": house.target})  # fmt: skip
    with pytest.raises(WrongKey, match="没有复制完"):
        open_office(settings)
    with pytest.raises(CannotCopy, match="没有复制完"):
        house.copy(house.target, on_sqlite(house.folder / "third" / "gongkai.db"))


def test_what_is_written_meanwhile_is_not_half_in_the_copy(house, monkeypatch):
    monkeypatch.setattr(copying, "BATCH", 5)
    before, tell = house.rows(house.source), house.tell

    def meanwhile(unit):
        unit.session.get_one(AgencyRow, 1).name = "改了名"
        chosen = {"name": "fee_policy", "value": "off", "holds_from": MOMENT.date(), "reason": ""}
        unit.session.add(SettingRow(agency_id=1, actor="system", **chosen))

    def writing(table, number, total):
        if (table, number) == ("case", 0):
            house.write(meanwhile)
        tell(table, number, total)

    house.tell = writing
    house.copy()
    assert house.rows(house.target) == before


# -- what is not copied, and what is no copy -----------------------------------------------------------


def test_nothing_goes_into_a_store_that_holds_something(house):
    house.copy()
    before = house.rows(house.target)
    with pytest.raises(CannotCopy, match="目标库里已有数据"):
        house.copy()
    assert house.rows(house.target) == before


def test_a_store_that_is_migrated_and_empty_is_empty(house):
    (house.folder / "new").mkdir()
    store = Store(house.target)
    migrate(store.engine)
    with store.write() as unit:
        unit.set_stamp("key", "of another installation")
    store.close()
    house.copy()
    assert house.rows(house.source) == house.rows(house.target)


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [("", "same", "同一个"), ("sqlite://", "", "没有写明数据库文件"), ("nonsense", "", "无法识别"), ("", "oracle9://x/y", "无法识别")],
)  # fmt: skip
def test_addresses_that_cannot_be(house, source, target, told):
    wanted = house.source if target == "same" else target
    with pytest.raises(CannotCopy, match=told):
        house.copy(source or None, wanted or None)


def test_a_store_of_an_older_version_is_migrated_first(house):
    house.change(text("UPDATE alembic_version SET version_num = '0011'"))
    with pytest.raises(NotReady, match="gongkai migrate"):
        house.copy()


def test_a_source_that_is_not_there_is_told(house):
    with pytest.raises(NotReady, match="没有找到"):
        house.copy(on_sqlite(house.folder / "nowhere" / "gongkai.db"))
    assert not (house.folder / "nowhere").exists()


def test_a_table_that_would_be_left_out_is_said(house):
    house.change(text("CREATE TABLE another (id INTEGER)"))
    with pytest.raises(CannotCopy, match="不认识的表：another"):
        house.copy()


def test_with_the_wrong_key_nothing_is_copied(house):
    house.key.write_bytes(bytes(32))
    with pytest.raises(WrongKey):
        house.copy()
    assert not house.told


def test_the_key_of_another_store_is_not_overwritten(house):
    (house.folder / "new").mkdir()
    (house.folder / "new" / KEY_FILE).write_bytes(bytes(40))
    with pytest.raises(CannotCopy, match="另一个库的密钥"):
        house.copy()
    assert (house.folder / "new" / KEY_FILE).read_bytes() == bytes(40)


@pytest.mark.tampering(reason="the copy is spoilt, to be found out")
@pytest.mark.parametrize(
    ("statement", "table"),
    [
        (update(EventRow).where(EventRow.id == 5).values(actor="somebody"), "event"),
        (update(CaseRow).where(CaseRow.id == 3).values(request="别的"), "case"),
        (text("DELETE FROM watched_day WHERE case_id = (SELECT max(case_id) FROM watched_day)"),
         "watched_day"),
        (update(ContactRow).values(muted=["b"]), "contact"),
    ],
)  # fmt: skip
def test_a_copy_that_is_not_the_same_is_found_out(house, monkeypatch, statement, table):
    whole = copying.copy_rows

    def spoiling(source, target, told):
        whole(source, target, told)
        with target.begin() as connection, released(connection, APPEND_ONLY):
            connection.execute(statement)

    monkeypatch.setattr("workflow.store.copying.copy_rows", spoiling)
    with pytest.raises(NotTheSame, match=f"表 {table} 的第"):
        house.copy()
    with pytest.raises(WrongKey, match="没有复制完"):
        open_office(
            load({"GONGKAI_DATA_DIR": str(house.data), "GONGKAI_DATABASE_URL": house.target})
        )


@pytest.mark.tampering(reason="the source is broken on purpose, to be found out")
def test_a_source_that_was_tampered_with_is_said(house):
    house.change(update(EventRow).where(EventRow.id == 5).values(actor="somebody"))
    with pytest.raises(NotTheSame, match="日志第"):
        house.copy()


@pytest.mark.tampering(reason="a name that no form would take is put in")
def test_a_row_that_does_not_fit_is_named_without_its_content(house):
    old = on_sqlite(house.folder / "data" / "old.db")
    house.copy(house.source, old)
    store = Store(old)
    with store.engine.begin() as connection:
        connection.execute(update(AgencyRow).where(AgencyRow.id == 2).values(name="长" * 300))
    store.close()
    with pytest.raises(CannotCopy, match=r"表 agency 中 \(1,\)") as found:
        house.copy(old, f"sqlite:///{house.folder / 'elsewhere' / 'gongkai.db'}")
    assert "长长" not in str(found.value)


# -- the command ----------------------------------------------------------------------------------------


@pytest.fixture
def shell(house, monkeypatch):
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(house.data))

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(main, ["copy", *arguments])

    return run


def test_the_command_says_what_it_copied_and_how_to_use_it(house, shell):
    done = shell("--from", house.source, "--to", house.target)
    assert done.exit_code == 0, done.output
    assert "已复制并核对无误" in done.stdout and "GONGKAI_DATABASE_URL" in done.stdout
    assert "case：" in done.stderr and "核对各机关各年度的表三、表四" in done.stderr
    again = shell("--from", house.source, "--to", house.target)
    assert again.exit_code == 2 and "目标库里已有数据" in again.stderr


def test_the_command_prints_data(house, shell):
    done = json.loads(shell("--from", house.source, "--to", house.target, "--json").stdout)
    assert set(done) == {"rows", "cases", "years", "key", "went_on"} and done["cases"] == 24


@pytest.mark.tampering(reason="the source is broken on purpose, to be found out")
def test_the_command_exits_with_1_where_the_copy_is_none(house, shell):
    house.change(update(EventRow).where(EventRow.id == 5).values(actor="somebody"))
    done = shell("--from", house.source, "--to", house.target)
    assert done.exit_code == 1 and "不能使用" in done.stderr


def test_a_server_that_does_not_answer_is_said_in_one_line(house, shell):
    nobody = "postgresql://gongkai:geheim@127.0.0.1:9/gongkai"
    done = shell("--from", house.source, "--to", nobody)
    assert done.exit_code == 2 and "连接不上" in done.stderr and "geheim" not in done.output
