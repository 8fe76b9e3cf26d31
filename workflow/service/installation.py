"""Opening the installation's store, or a temporary one."""

import logging
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from config.channels import in_force
from config.errors import BadSetting, WrongClock
from config.settings import Settings
from workflow import dates
from workflow.rules.national import Entry
from workflow.service.office import Office
from workflow.service.records import begin_journal
from workflow.service.report.counting import complete_counts
from workflow.service.rules.due_changes import DueChanges
from workflow.service.storing import contents_of
from workflow.service.watch import Watch
from workflow.store.cases import fill_name_hashes, fill_query_hashes, normalise_identities
from workflow.store.copying import MARK
from workflow.store.dialect import (
    EXAMPLES,
    LEAST_SQLITE,
    NO_DRIVER,
    files_of_store,
    is_sqlite,
    too_old,
)
from workflow.store.indexing import make_anew
from workflow.store.key import AES, CIPHERS
from workflow.store.key_folder import KEY_FILE, VARIABLE, KeyFolder, WrongKey, make_folder
from workflow.store.keyed import check_name, checks, hangs_on
from workflow.store.migrate import is_ahead, migrate, newest, revision
from workflow.store.retried import retried, told_apart
from workflow.store.sealed import Secrets
from workflow.store.sealing import has_old_chains, seal_some, unsealed_cases
from workflow.store.store import Store

SEALED_AT_ONCE = 1000
"""Cases of an older store that are sealed in one transaction."""
IDENTITIES = "identities"
"""The stamp of a store whose numbers of identity are in their normal form (migration 0014)."""
SEARCH = "search"
"""The stamp of a store of which every case can be found; its value is the way in which texts are cut into terms."""
TERMS = "2"
SEARCH_KEY = "search key"
"""The stamp that says with the key of which number the whole index was made last; none: with the first."""


_log = logging.getLogger(__name__)


def open_office(
    settings: Settings, clock: Callable[[], datetime] = dates.now, *, weak: bool = False
) -> Office:
    """The office over the store in force; its folder and key are made on first use. Whatever it writes asks the
    watch over the machine's clock first. weak: also with a weak secret of the environment, which is to be replaced.

    Raises WrongKey where the store has cases, or a key was used with it, and this is not that key; BadSetting
    where the address is none, or what lies there is no database.
    """
    make_folder(settings.data_dir)
    contents = contents_of(settings)
    try:
        if too_old(settings.database_url):
            least = ".".join(map(str, LEAST_SQLITE))
            raise BadSetting(
                f"这个 Python 所用的 SQLite 是 {sqlite3.sqlite_version}，须不低于 {least}：请换一个用新版 SQLite 编译的 "
                "Python，或者把数据放在 PostgreSQL 里（database_url）"
            )
        store = Store(settings.database_url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        driver = getattr(error, "name", None) == "psycopg"
        said = NO_DRIVER if driver else f"database_url 的地址无法识别，例如 {EXAMPLES}"
        raise BadSetting(said) from error
    try:
        with told_apart():
            keys = keys_of(store, settings.data_dir, settings["cipher"], weak=weak)
            keys.seals_words = settings["seal_texts"]
    except WrongKey:
        store.close()
        raise
    except DatabaseError as error:
        store.close()
        raise BadSetting("database_url 所指的数据库打不开，或者不是数据库") from error
    if keys.place is not None and (differs := keys.place.differs()):
        _log.warning(differs)
    store.contents = contents
    watch = Watch(store, clock)
    store.ask_before_writing(watch.ask)
    return Office(store, keys, now=watch.now, channels=in_force(settings))


def keys_of(store: Store, folder: Path, cipher: str = AES, *, weak: bool = False) -> Secrets:
    """The keys of the folder, held to what the store knows of them; a new one only for a new store. cipher: of a key
    that is made; weak: also a weak secret of the environment.

    Raises WrongKey.
    """
    if not inspect(store.engine).has_table("stamp"):
        return Secrets.of(KeyFolder(folder, cipher, weak=weak))
    with store.read() as unit:
        if unit.stamp(MARK) is not None:
            raise WrongKey(
                "库中是一个没有复制完的副本，没有启动：请再运行一次同样的 gongkai copy（恢复备份时是 gongkai restore），把它复制完"
            )
        known, sample = checks(unit), unit.any_sealed()
        if (known or sample) and not KeyFolder(folder).there():
            raise WrongKey(
                f"库中已有数据，却没有找到密钥文件 {folder / KEY_FILE}。没有生成新的密钥，也没有启动："
                "请把与备份一起保存的密钥文件放回原处，再重新启动"
            )
        # A secret of the environment does not say its kind: the store does.
        for given in (cipher, *(one for one in CIPHERS if one != cipher)):
            keys = Secrets.of(KeyFolder(folder, cipher, given=given, weak=weak))
            if _fits(keys, known) if known else sample is None or keys.opens(*sample):
                break
        else:
            raise WrongKey(
                f"密钥文件 {folder / KEY_FILE}（或者环境变量 {VARIABLE}）不是本库的密钥，没有启动："
                "请换回建库时的密钥；用错密钥会使已有申请的查询码和身份信息都无法读取"
            )
        for number in sorted(known):
            if keys.numbered(number) is None and hangs_on(unit, number):
                raise WrongKey(
                    f"没有找到第 {number} 个密钥（密钥文件 {folder / KEY_FILE}.{number}），库中还有数据要用它，"
                    "没有启动：请把与备份一起保存的密钥文件放回原处，再重新启动"
                )
    return keys


def _fits(keys: Secrets, known: Mapping[int, str]) -> bool:
    """True if the key in force is one that the store knows, or follows the last of these: then the store is older than
    a change of keys, or was not told of it any more. No key may be another than the store knows."""
    there = {number: key for number in keys.numbers if (key := keys.numbered(number)) is not None}
    if any(
        there[number].check_value() != check for number, check in known.items() if number in there
    ):
        return False
    first, last = keys.now, there.get(max(known))
    return first.number in known or (last is not None and first.follows(last))


def start_office(settings: Settings) -> Office:
    """The office for a server: its due days follow the calendars and tables that are installed now. With a clock that
    cannot be right they stay as they are, which the log says, and pages can be read. Where a later version works with the
    store as well they follow that one's. Raises NewerStore."""
    office = open_office(settings)
    if _left_alone(office):
        return office
    if inspect(office.store.engine).has_table("stamp"):
        try:
            follow(office)
        except WrongClock:
            pass  # the watch has said it
        else:
            Watch(office.store).tell()
    return office


def _left_alone(office: Office) -> bool:
    """A later version keeps the due days and words of the store; this one works beside it. Raises NewerStore."""
    if not is_ahead(office.store.engine):
        return False
    _log.warning(
        "本库已由更新的版本升级：这个版本可以继续运行，但不再重新计算期限。请尽快换用新的版本"
    )
    return True


def has_outbox(office: Office) -> bool:
    """True once the store is migrated to where messages are kept."""
    return inspect(office.store.engine).has_table("message")


def is_up_to_date(office: Office) -> bool:
    """Whether the store has this version's shape and its rows follow what is installed; nothing is written."""
    with told_apart():
        here = revision(office.store.engine)
    return here == newest() and DueChanges(office).follows()


def follow(office: Office) -> None:
    """Bring the rows of the store to the calendars and the law's tables that are installed now."""
    changes = DueChanges(office)
    changes.follow_calendars()
    changes.follow_law()


def migrate_office(office: Office, *, search: bool = False) -> tuple[str | None, str | None]:
    """Bring the store to this version's shape and its due days to the installed calendars; the
    revision before and after. What only the installation's secret can compute is filled in here.
    search: make the index by which cases are found anew, also where it is whole.
    A store that a later version brought further, and with which this one may go on working, stays as it is.
    Raises NewerStore."""
    revisions = migrate(office.store.engine)
    if _left_alone(office):
        return revisions
    with office.store.unasked():
        _complete(office)
        seal_chains(office)
        complete_counts(office)
        complete_search(office, anew=search)
        follow(office)
    office.store.gather_statistics()
    return revisions


@retried
def _complete(office: Office) -> None:
    with office.store.write() as unit:
        known = checks(unit)
        for number in office.keys.numbers:
            key = office.keys.numbered(number)
            if key is not None and number not in known:
                unit.set_stamp(check_name(number), key.check_value())
        fill_query_hashes(unit, office.keys)
        fill_name_hashes(unit, office.keys)
        if unit.stamp(IDENTITIES) is None:
            normalise_identities(unit, office.keys)
            unit.set_stamp(IDENTITIES, "normal")
        begin_journal(office, unit)


def seal_chains(office: Office) -> None:
    """Seal the chains of an older store, as far as they hold; cut off, it goes on from there. No case moves meanwhile."""
    if _old_chains(office):
        while _seal_some(office):
            pass


def unsealed_chains(office: Office) -> int:
    """How many cases are not sealed, because their log did not hold when those of the older store were."""
    with office.store.read() as unit:
        return unsealed_cases(unit)


@retried
def _old_chains(office: Office) -> bool:
    with office.store.write() as unit:
        return has_old_chains(unit, office.keys)


@retried
def _seal_some(office: Office) -> bool:
    with office.store.write_rules() as unit:
        return seal_some(unit, office.keys, SEALED_AT_ONCE)


@retried
def complete_search(office: Office, *, anew: bool = False) -> None:
    """Let every case be found, where that is not so; anew: in any case. No case moves meanwhile."""
    with office.store.write_rules() as unit:
        if anew or unit.stamp(SEARCH) != TERMS:
            make_anew(unit, office.keys)
            unit.set_stamp(SEARCH, TERMS)
            if number := office.keys.now.number:
                unit.set_stamp(SEARCH_KEY, str(number))


@retried
def make_search_anew(office: Office) -> None:
    """The same in a copy, of which the stamps are those of its source."""
    with office.store.write_rules() as unit:
        make_anew(unit, office.keys)


def remove_store(settings: Settings) -> bool:
    """Delete the store of the settings where it is a file; False where it is a database of its own."""
    for file in files_of_store(settings.database_url):
        file.unlink(missing_ok=True)
    return is_sqlite(settings.database_url)


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
        office = Office(store, Secrets.throwaway())
        if nation and not url:
            _say_days(store, tuple(nation))
        try:
            yield office
        finally:
            store.close()


@retried
def _say_days(store: Store, nation: Collection[Entry]) -> None:
    with store.write_rules() as unit:
        unit.add_national(nation)
