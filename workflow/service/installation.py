"""Opening the installation's store, or a temporary one."""

import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from config.channels import in_force
from config.errors import BadSetting
from config.settings import Settings
from workflow.rules.national import Entry
from workflow.service.office import Office
from workflow.service.report.counting import complete_counts
from workflow.service.rules.due_changes import DueChanges
from workflow.store.cases import fill_query_hashes, normalise_identities
from workflow.store.copying import MARK
from workflow.store.dialect import EXAMPLES, NO_DRIVER, is_sqlite
from workflow.store.indexing import make_anew
from workflow.store.migrate import migrate
from workflow.store.retried import retried, told_apart
from workflow.store.sealed import KEY_FILE, Secrets, WrongKey
from workflow.store.store import Store

KEY = "key"
"""The stamp that tells the right key from another, and nothing of the key."""
IDENTITIES = "identities"
"""The stamp of a store whose numbers of identity are in their normal form (migration 0014)."""
SEARCH = "search"
"""The stamp of a store of which every case can be found; its value is the way in which texts are cut into terms."""
TERMS = "1"


def open_office(settings: Settings) -> Office:
    """The office over the store in force; its folder and key are made on first use.

    Raises WrongKey where the store has cases, or a key was used with it, and this is not that key; BadSetting
    where the address is none, or what lies there is no database.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        store = Store(settings.database_url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        driver = getattr(error, "name", None) == "psycopg"
        said = NO_DRIVER if driver else f"database_url 的地址无法识别，例如 {EXAMPLES}"
        raise BadSetting(said) from error
    try:
        with told_apart():
            keys = keys_of(store, settings.data_dir)
    except WrongKey:
        store.close()
        raise
    except DatabaseError as error:
        store.close()
        raise BadSetting("database_url 所指的数据库打不开，或者不是数据库") from error
    return Office(store, keys, channels=in_force(settings))


def keys_of(store: Store, folder: Path) -> Secrets:
    """The keys of the folder, held to what the store knows of them; a new one only for a new store.

    Raises WrongKey.
    """
    if not inspect(store.engine).has_table("stamp"):
        return Secrets.of_folder(folder)
    with store.read() as unit:
        if unit.stamp(MARK) is not None:
            raise WrongKey(
                "库中是一个没有复制完的副本，没有启动：请再运行一次同样的 gongkai copy，把它复制完"
            )
        known, sample = unit.stamp(KEY), unit.any_sealed()
    if (known or sample) and not Secrets.there(folder):
        raise WrongKey(
            f"库中已有数据，却没有找到密钥文件 {folder / KEY_FILE}。没有生成新的密钥，也没有启动："
            "请把与备份一起保存的密钥文件放回原处，再重新启动"
        )
    keys = Secrets.of_folder(folder)
    fits = keys.check_value() == known if known else sample is None or keys.opens(*sample)
    if not fits:
        raise WrongKey(
            f"密钥文件 {folder / KEY_FILE}（或者环境变量 GONGKAI_SECRET）不是本库的密钥，没有启动："
            "请换回建库时的密钥；用错密钥会使已有申请的查询码和身份信息都无法读取"
        )
    return keys


def start_office(settings: Settings) -> Office:
    """The office for a server: its due days follow the calendars and tables that are installed now."""
    office = open_office(settings)
    if inspect(office.store.engine).has_table("stamp"):
        follow(office)
    return office


def has_outbox(office: Office) -> bool:
    """True once the store is migrated to where messages are kept."""
    return inspect(office.store.engine).has_table("message")


def follow(office: Office) -> None:
    """Bring the rows of the store to the calendars and the law's tables that are installed now."""
    changes = DueChanges(office)
    changes.follow_calendars()
    changes.follow_law()


def migrate_office(office: Office, *, search: bool = False) -> tuple[str | None, str | None]:
    """Bring the store to this version's shape and its due days to the installed calendars; the
    revision before and after. What only the installation's secret can compute is filled in here.
    search: make the index by which cases are found anew, also where it is whole."""
    revisions = migrate(office.store.engine)
    _complete(office)
    complete_counts(office)
    complete_search(office, anew=search)
    follow(office)
    office.store.gather_statistics()
    return revisions


@retried
def _complete(office: Office) -> None:
    with office.store.write() as unit:
        if unit.stamp(KEY) is None:
            unit.set_stamp(KEY, office.keys.check_value())
        fill_query_hashes(unit, office.keys)
        if unit.stamp(IDENTITIES) is None:
            normalise_identities(unit, office.keys)
            unit.set_stamp(IDENTITIES, "normal")


@retried
def complete_search(office: Office, *, anew: bool = False) -> None:
    """Let every case be found, where that is not so; anew: in any case. No case moves meanwhile."""
    with office.store.write_rules() as unit:
        if anew or unit.stamp(SEARCH) != TERMS:
            make_anew(unit, office.keys)
            unit.set_stamp(SEARCH, TERMS)


@retried
def make_search_anew(office: Office) -> None:
    """The same in a copy, of which the stamps are those of its source."""
    with office.store.write_rules() as unit:
        make_anew(unit, office.keys)


def remove_store(settings: Settings) -> bool:
    """Delete the store of the settings where it is a file; False where it is a database of its own."""
    path = make_url(settings.database_url).database
    if not is_sqlite(settings.database_url) or not path:
        return False
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    return True


def entries_in_store(settings: Settings) -> list[Entry]:
    """What was loaded of the nation's days, from whatever store is in force (notices.py asks for it)."""
    url = make_url(settings.database_url)
    if is_sqlite(settings.database_url) and not Path(url.database or "").is_file():
        return []
    store = Store(settings.database_url)
    try:
        if not inspect(store.engine).has_table("national_day"):
            return []
        with store.read() as unit:
            return unit.national_entries()
    finally:
        store.close()


@contextmanager
def temporary_office(url: str | None = None, nation: Iterable[Entry] = ()) -> Iterator[Office]:
    """An office over a new, empty store that goes away afterwards, with these days of the nation; or
    over the named one, which stays and has its own."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        store = Store(url or f"sqlite:///{Path(folder) / 'store.db'}")
        migrate(store.engine)
        if nation and not url:
            _say_days(store, tuple(nation))
        try:
            yield Office(store, Secrets.throwaway())
        finally:
            store.close()


@retried
def _say_days(store: Store, nation: Collection[Entry]) -> None:
    with store.write_rules() as unit:
        unit.add_national(nation)
