"""A whole installation from one store to another, key and all, and held to what it was before."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from config.errors import in_chinese
from workflow.service.cases.verify import verify
from workflow.service.installation import hold_to_whole, keys_of, make_search_anew
from workflow.service.office import Office
from workflow.service.report.tables import Reports
from workflow.store import copying
from workflow.store.dialect import EXAMPLES, NO_DRIVER, is_sqlite
from workflow.store.kept import years_with_cases
from workflow.store.key_folder import KEY_FILE, KeyFolder
from workflow.store.migrate import migrate
from workflow.store.outside import Contents
from workflow.store.sealed import Secrets
from workflow.store.standing import NEW, State, hold_to, state_of
from workflow.store.store import Store
from workflow.store.unit import Unit

Told = copying.Told
NOT_EMPTY = "目标库里已有数据，没有改动：请换一个空库"


class CannotCopy(Exception):
    """Nothing was copied, and why, in Chinese."""


class NotTheSame(Exception):
    """The copy is not what the source is; it is not to be used. The message is in Chinese."""


@dataclass(frozen=True)
class Copied:
    """A copy that was held to its source. years: tables of a body and year that were compared.

    key: where the key of the copy lies, None where it comes from the environment.
    """

    rows: int
    cases: int
    years: int
    key: Path | None
    went_on: bool


def copy_installation(
    source: str,
    target: str,
    data_dir: Path,
    told: Told,
    say: Callable[[str], None],
    contents: Contents | None = None,
) -> Copied:
    """Copy everything from one address to the other, and compare.

    The target is empty, or holds a copy that was cut off: then it goes on. told: rows of a table; say: what
    is done next, in Chinese. contents: where files lie outside of the store; they stay there. The key is that beside a
    SQLite store, else that of data_dir; it is put beside a SQLite store that has none. Raises CannotCopy, NotTheSame,
    NotReady, WrongKey, Unavailable.
    """
    if source == target:
        raise CannotCopy("原库和目标库是同一个，没有复制")
    stores: list[Store] = []
    try:
        for url in (source, target):
            stores.append(_at(url))
            stores[-1].contents = contents or stores[-1].contents
        hold_to(stores[0].engine, (State.READY,))
        went_on = _goes_on(stores[1])
        return _copied(stores[0], stores[1], data_dir, told, say, went_on=went_on)
    finally:
        for store in stores:
            store.close()


def _at(url: str) -> Store:
    try:
        if is_sqlite(url) and not make_url(url).database:
            raise CannotCopy(f"地址 {_shown(url)} 没有写明数据库文件")
        return Store(url)
    except (ArgumentError, NoSuchModuleError) as error:
        raise CannotCopy(f"地址 {_shown(url)} 无法识别，例如 {EXAMPLES}") from error
    except ModuleNotFoundError as error:
        said = (
            NO_DRIVER
            if error.name == "psycopg"
            else f"地址 {_shown(url)} 无法识别，例如 {EXAMPLES}"
        )
        raise CannotCopy(said) from error


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return f"“{url[:20]}…”"


def _copied(
    source: Store,
    target: Store,
    data_dir: Path,
    told: Told,
    say: Callable[[str], None],
    *,
    went_on: bool,
) -> Copied:
    with source.read() as unit:
        if unit.stamp(copying.MARK) is not None:
            raise CannotCopy("原库自己是一个没有复制完的副本，不能作为来源")
        if unknown := copying.unknown_tables(unit.session.connection()):
            raise CannotCopy(f"原库里有本版本不认识的表：{'、'.join(sorted(unknown))}")
        hold_to_whole(source)
        keys = keys_of(source, _key_folder(source.url, data_dir))
        _room_for(target.url)
        migrate(target.engine)
        key = _key_along(source.url, target.url, data_dir)
        say("接着上次中断的地方复制" if went_on else "开始复制")
        try:
            copying.copy_rows(unit.session.connection(), target.engine, told)
            say("逐行核对")
            with target.read() as other:
                rows = copying.compare(unit.session.connection(), other.session.connection(), told)
        except copying.NotEmpty:
            raise CannotCopy(NOT_EMPTY) from None
        except copying.DoesNotFit as error:
            raise CannotCopy(f"{error}。已复制的部分保留，改正原库之后可以接着复制") from error
        except copying.Differs as error:
            raise NotTheSame(f"{error}。请清空目标库，重新复制") from error
        say("核对日志和密文")
        office = Office(target, keys)
        broken = verify(office, full=True)
        if broken:
            first = broken[0]
            raise NotTheSame(
                f"原库核对不符，副本与它一样：{first.agency} {first.number}：{first.message}（共 {len(broken)} 处）。"
                "请先对原库运行 gongkai verify，查明之后再清空目标库，重新复制"
            )
        with target.read() as other:
            _opens(other, keys)
            say("核对各机关各年度的表三、表四")
            years = _compared(unit, other, Office(source, keys), office)
            cases = copying.number_of_cases(other.session.connection())
    say("建立查找索引")
    make_search_anew(Office(target, keys))
    copying.finish(target.engine)
    return Copied(rows, cases, years, key, went_on)


def takes_a_copy(url: str) -> bool:
    """Whether a copy was begun at an address and goes on; False where the place is empty. Raises CannotCopy where it is
    neither, NotReady, Unavailable."""
    store = _at(url)
    try:
        return _goes_on(store)
    finally:
        store.close()


def _goes_on(target: Store) -> bool:
    there = state_of(target.engine)
    if there in NEW:
        return False
    if there is not State.READY:
        raise CannotCopy("目标库是另一个版本的，没有改动：请换一个空库")
    with target.read() as unit:
        if unit.stamp(copying.MARK) is not None:
            return True
    if copying.holds_something(target.engine):
        raise CannotCopy(NOT_EMPTY)
    return False


def _room_for(url: str) -> None:
    if (folder := _folder_of(url)) is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotCopy(f"位置 {folder} 不能使用：{in_chinese(error)}") from error


def _opens(unit: Unit, keys: Secrets) -> None:
    sample = unit.any_sealed()
    if sample is not None and not keys.opens(*sample):
        raise NotTheSame("副本中的密文用本机的密钥打不开")


def _compared(source: Unit, target: Unit, before: Office, after: Office) -> int:
    """Hold the tables of every body and year to each other; how many there are."""
    number = 0
    for one in source.agencies():
        other = target.agency(one.code)
        assert other is not None, "every row was compared"
        for year in years_with_cases(source, [one.id]).get(one.id, []):
            tables = [
                Reports(office).tables_of(unit, row, year).as_dict()
                for office, unit, row in ((before, source, one), (after, target, other))
            ]
            for name in ("table2", "table3", "table4"):
                if tables[0][name] != tables[1][name]:
                    raise NotTheSame(f"{one.name} {year} 年的表与原库不同（{name}）")
            number += 1
    return number


# -- the key ----------------------------------------------------------------------------------------


def _folder_of(url: str) -> Path | None:
    return Path(make_url(url).database or "").absolute().parent if is_sqlite(url) else None


def _key_folder(url: str, data_dir: Path) -> Path:
    """Beside a SQLite store, where there is a key; else the folder of the installation."""
    beside = _folder_of(url)
    return beside if beside is not None and (beside / KEY_FILE).exists() else data_dir


def _key_along(source: str, target: str, data_dir: Path) -> Path | None:
    """Put the keys beside a SQLite store that is to have them; where they are then, None where the one in force comes from
    the environment."""
    place, beside = KeyFolder(_key_folder(source, data_dir)), _folder_of(target)
    if place.is_given(place.read()[0]):
        return None
    if beside is None or beside.resolve() in (place.folder.resolve(), data_dir.resolve()):
        return place.path
    missing = []
    for key in place.files():
        there = beside / key.name
        if not there.exists():
            missing.append(key)
        elif there.read_bytes() != key.read_bytes():
            raise CannotCopy(f"{there} 是另一个库的密钥，没有复制：请换一个文件夹")
    for key in missing:
        KeyFolder(beside).lay(beside / key.name, key.read_bytes())
    return beside / KEY_FILE
