"""Opening the installation's store, or a temporary one."""

import logging
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from config.channels import in_force
from config.errors import BadSetting, Unavailable, WrongClock
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
    clear_away,
    files_of_store,
    too_old,
)
from workflow.store.indexing import make_anew
from workflow.store.key import AES, CIPHERS
from workflow.store.key_folder import KEY_FILE, VARIABLE, KeyFolder, WrongKey, make_folder
from workflow.store.keyed import check_name, checks, hangs_on
from workflow.store.migrate import WHOLE, is_ahead, migrate, newest, revision
from workflow.store.retried import retried, told_apart
from workflow.store.sealed import Secrets
from workflow.store.sealing import has_old_chains, seal_some, unsealed_cases
from workflow.store.standing import NEW, NotReady, State, hold_to, state_of
from workflow.store.store import Store
from workflow.store.trouble import in_words, trouble_of

SEALED_AT_ONCE = 1000
"""Cases of an older store that are sealed in one transaction."""
IDENTITIES = "identities"
"""The stamp of a store whose numbers of identity are in their normal form (migration 0014)."""
FILLING = "filling"
"""The stamp of a store that is being filled with a demonstration."""
SEARCH = "search"
"""The stamp of a store of which every case can be found; its value is the way in which texts are cut into terms."""
TERMS = "2"
SEARCH_KEY = "search key"
"""The stamp that says with the key of which number the whole index was made last; none: with the first."""


_log = logging.getLogger(__name__)
ANY = tuple(State)
READY = (State.READY, State.AHEAD)
TO_FILL, TO_MIGRATE = (*NEW, *READY), (State.OLDER, *READY)


def open_office(
    settings: Settings,
    clock: Callable[[], datetime] = dates.now,
    *,
    weak: bool = False,
    wanted: Collection[State] = ANY,
    begun: bool = False,
) -> Office:
    """The office over the store in force; its folder and key are made on first use. Whatever it writes asks the
    watch over the machine's clock first. weak: also with a weak secret of the environment, which is to be replaced.
    wanted: what may lie there; nothing is written where something else does. begun: also a store without a body yet.
    Raises NotReady where something else lies there, or what no command works with; WrongKey where the store has cases, or
    a key was used with it, and this is not that key; BadSetting where the address is none; Unavailable.
    """
    contents = contents_of(settings)
    store = _store_at(settings.database_url)
    try:
        found = hold_to(store.engine, wanted)
        with told_apart():
            if found in NEW:
                make_folder(settings.data_dir)
                keys = Secrets.of(KeyFolder(settings.data_dir, settings["cipher"], weak=weak))
            else:
                keys = keys_of(store, settings.data_dir, settings["cipher"], weak=weak)
                if State.OLDER not in wanted:
                    hold_to_whole(store, begun=begun)
            keys.seals_words = settings["seal_texts"]
    except DatabaseError as error:
        store.close()
        raise BadSetting(in_words(trouble_of(error))) from error
    except BaseException:
        store.close()
        raise
    if keys.place is not None and (differs := keys.place.differs()):
        _log.warning(differs)
    store.contents = contents
    watch = Watch(store, clock)
    store.ask_before_writing(watch.ask)
    return Office(store, keys, now=watch.now, channels=in_force(settings))


def hold_to_whole(store: Store, *, begun: bool = False) -> None:
    """Raises NotReady where `migrate` was cut off between its steps. begun: not where the store has no body yet."""
    with store.read() as unit:
        if unit.stamp(FILLING) is not None:
            raise NotReady(
                "库中的演示数据上次没有生成完，没有启动：请再运行一次 gongkai demo --fill，它会清除之后从头生成"
            )
        if unit.stamp(WHOLE) != newest() and not is_ahead(store.engine):
            if begun and not unit.agencies():
                return
            raise NotReady(
                "数据库上次升级时中断了，还没有升级完，没有启动：请再运行一次 gongkai migrate，从中断处接着升级"
            )


def is_half_migrated(office: Office) -> bool:
    """True where a store has this version's shape, and not yet all that belongs to it."""
    if state_of(office.store.engine) is not State.READY:
        return False
    with office.store.read() as unit:
        return unit.stamp(WHOLE) != newest()


def is_there(settings: Settings) -> bool:
    """True where a store lies at the address in force. Raises as `open_office`."""
    store = _store_at(settings.database_url)
    try:
        return hold_to(store.engine, ANY) not in NEW
    finally:
        store.close()


def new_office(settings: Settings, *, wanted: Collection[State]) -> Office:
    """The office over the store in force, which is brought to its shape; where there was none one is made, and where
    that fails before it has a shape nothing is left of it. Raises as `open_office`."""
    folder, place = settings.data_dir, KeyFolder(settings.data_dir)
    made = [] if folder.exists() else [folder]
    had_key, there = place.there(), files_of_store(settings.database_url)
    office = None
    try:
        office = open_office(settings, wanted=wanted, begun=True)
        migrate_office(office)
        return office
    except Exception:
        if office is not None:
            office.store.close()
        if not there and _nothing_in(settings):
            for file in files_of_store(settings.database_url):
                file.unlink()
            if not had_key:
                place.path.unlink(missing_ok=True)
            for one in made:
                with suppress(OSError):  # not there, or something else lies in it
                    one.rmdir()
        raise


def _nothing_in(settings: Settings) -> bool:
    """True where no store has come to be there."""
    store = _store_at(settings.database_url)
    try:
        return state_of(store.engine) in NEW
    except (NotReady, Unavailable):
        return False
    finally:
        store.close()


def _store_at(url: str) -> Store:
    """Raises BadSetting for an address that is none, or whose SQLite is too old."""
    try:
        if too_old(url):
            least = ".".join(map(str, LEAST_SQLITE))
            raise BadSetting(
                f"这个 Python 所用的 SQLite 是 {sqlite3.sqlite_version}，须不低于 {least}：请换一个用新版 SQLite 编译的 "
                "Python，或者把数据放在 PostgreSQL 里（database_url）"
            )
        return Store(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        driver = getattr(error, "name", None) == "psycopg"
        said = NO_DRIVER if driver else f"database_url 的地址无法识别，例如 {EXAMPLES}"
        raise BadSetting(said) from error


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
    store as well they follow that one's. Raises NotReady."""
    office = open_office(settings, wanted=READY)
    if _left_alone(office):
        return office
    with closed_where_it_fails(office):
        try:
            follow(office)
        except WrongClock:
            pass  # the watch has said it
        else:
            Watch(office.store).tell()
    return office


def _left_alone(office: Office) -> bool:
    """A later version keeps the due days and words of the store; this one works beside it."""
    if not is_ahead(office.store.engine):
        return False
    _log.warning(
        "本库已由更新的版本升级：这个版本可以继续运行，但不再重新计算期限。请尽快换用新的版本"
    )
    return True


@contextmanager
def closed_where_it_fails(office: Office) -> Iterator[None]:
    """A store that was opened in vain leaves nothing beside its file."""
    try:
        yield
    except BaseException:
        office.store.close()
        raise


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
    A store that a later version brought further, and with which this one may go on working, stays as it is."""
    with closed_where_it_fails(office):
        revisions = migrate(office.store.engine)
        if _left_alone(office):
            return revisions
        with office.store.unasked():
            _complete(office)
            seal_chains(office)
            complete_counts(office)
            complete_search(office, anew=search)
            follow(office)
            _note_whole(office)
        with told_apart():
            office.store.gather_statistics()
    return revisions


@retried
def _note_whole(office: Office) -> None:
    with office.store.read() as unit:
        if unit.stamp(WHOLE) == newest():
            return
    with office.store.write() as unit:
        unit.set_stamp(WHOLE, newest())


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


@contextmanager
def filling(office: Office) -> Iterator[None]:
    """While a new store is filled in many steps it says so: cut off, it does for nothing but to be filled anew."""
    _say_filling(office, None, "begun")
    yield
    _say_filling(office, "begun", None)


@retried
def _say_filling(office: Office, before: str | None, after: str | None) -> None:
    with office.store.write() as unit:
        assert unit.stamp(FILLING) == before
        if after is None:
            unit.drop_stamp(FILLING)
        else:
            unit.set_stamp(FILLING, after)


def undo_filling(settings: Settings) -> bool:
    """Take away a store whose filling was cut off; False where there is none. Raises as `open_office`."""
    store = _store_at(settings.database_url)
    try:
        if hold_to(store.engine, TO_FILL) is not State.READY:
            return False
        with store.read() as unit:
            if unit.stamp(FILLING) is None:
                return False
        clear_away(store.engine)
    finally:
        store.close()
    return True


def entries_in_store(settings: Settings) -> list[Entry]:
    """What was loaded of the nation's days, from whatever store is in force (notices.py asks for it)."""
    store = _store_at(settings.database_url)
    try:
        if hold_to(store.engine, ANY) in NEW or not inspect(store.engine).has_table("national_day"):
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
        store = _store_at(url) if url else Store(f"sqlite:///{Path(folder) / 'store.db'}")
        if url:
            hold_to(store.engine, (*NEW, State.READY))
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
