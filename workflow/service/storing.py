"""Where contents of files lie: the places by the settings, bringing contents from one to another, and what is left over
(docs/decisions/0058)."""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from config.errors import BadSetting, Damaged, StorageAway
from config.settings import Settings
from config.storages import DATABASE, place_of
from workflow.service.office import Office
from workflow.store import contents as queries
from workflow.store.contents import Held
from workflow.store.key_folder import too_open
from workflow.store.outside import Contents
from workflow.store.raw import SPOILT
from workflow.store.retried import retried
from workflow.store.s3 import Bucket, Server
from workflow.store.storages import AWAY, Folder, Storage
from workflow.store.transaction import OWNER

LEFT_AFTER = timedelta(days=1)
"""What lies in a place so long without a row is of no transaction that goes on."""
_OURS = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{8}\.part)?|try-[0-9a-f]{28}")
"""Names that the program gives; whatever else lies there is somebody else's."""
AT_ONCE = 500
Told = Callable[[int, int], None]
"""Progress: how many contents were looked at, and how many there are."""


def contents_of(settings: Settings) -> Contents:
    """The places that the settings name. Raises BadSetting for a folder that others can read."""
    now, before = (_place(settings, name) for name in ("file_storage", "file_storage_before"))
    return Contents(now, [before] if before else [], settings["cipher"])


def _place(settings: Settings, name: str) -> Storage | None:
    found = place_of(settings[name])
    if found is None:
        return None
    if isinstance(found, Path):
        if found.is_dir() and too_open(found):
            raise BadSetting(
                f"{name} 的文件夹 {found} 别的用户也能看到：请运行 chmod 700 '{found}'"
            )
        return Folder(found)
    key = settings["s3_access_key"], settings["s3_secret_key"]
    return Bucket(
        found,
        Server(
            settings["s3_endpoint"].rstrip("/"), settings["s3_region"], key, settings["s3_ca"],
            settings["s3_path_style"],
        ),
    )  # fmt: skip


# -- what lies where ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Where:
    """A place with how many contents lie there, and how many bytes they have when opened. address: None for a place that is
    none of the settings'; in_force: new ones go there."""

    address: str | None
    mark: str | None
    in_force: bool
    files: int
    size: int


def where(office: Office) -> list[Where]:
    """Every place in which something lies, and that for new contents, the database first. Raises StorageAway."""
    contents = office.store.contents
    with office.store.read() as unit:
        found = queries.lying(unit)
    rows = [Where(DATABASE, None, contents.now is None, *found.pop(None, (0, 0)))]
    for place in contents.places:
        mark = contents.mark_of(place)
        rows.append(Where(place.address, mark, place is contents.now, *(found.pop(mark, (0, 0)) if mark else (0, 0))))  # fmt: skip
    return [*rows, *(Where(None, mark, False, *found[mark]) for mark in sorted(filter(None, found)))]  # fmt: skip


# -- from one place to another ------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """What was brought over. spoilt: files that do not open or are not what their row says; they stay where they are."""

    files: int
    size: int
    spoilt: tuple[int, ...]


def hold_all(copy: Office, contents: Contents, told: Told = lambda *_: None) -> Moved:
    """Let a copy of a store, as a backup takes one, hold all contents itself; where they lie they stay. contents: the places
    of the store that was copied. Restored, it needs none of these; `move` brings contents out again. Raises StorageAway,
    and may be called again then."""
    copy.store.contents = Contents(None, contents.places)
    done = _move(copy, told, copied=True)
    _forget_places(copy)
    return done


@retried
def _forget_places(copy: Office) -> None:
    with copy.store.write() as unit:
        queries.forget_places(unit)


def move(office: Office, told: Told = lambda *_: None) -> Moved:
    """Bring all contents to where new ones go, one by one, while files are sent and read; it may be cut off and called again.
    A content is deleted where it lay when it was read again from the new place and is what it was. Raises StorageAway."""
    return _move(office, told, copied=False)


def _move(office: Office, told: Told, *, copied: bool) -> Moved:
    with office.store.read() as unit:
        mark = unit.begin_storage()
        number = sum(files for one, (files, _) in queries.lying(unit).items() if one != mark)
    done = size = seen = after = 0
    spoilt: list[int] = []
    while True:
        with office.store.read() as unit:
            some = queries.elsewhere(unit, mark, after, AT_ONCE)
        if not some:
            return Moved(done, size, tuple(spoilt))
        for one in some:
            after, seen = one, seen + 1
            moved = _moved(office, one, mark, copied)
            if moved is None:
                spoilt.append(one)
            elif moved >= 0:
                done, size = done + 1, size + moved
            told(seen, number)


@retried
def _moved(office: Office, file_id: int, mark: str | None, copied: bool) -> int | None:
    """Its size; -1 where it is gone or there already; None where it is spoilt."""
    store, keys = office.store, office.keys
    with store.read() as unit:
        found = queries.one(unit, file_id)
    if found is None or found.storage == mark:
        return -1
    content = _sound(office, found)
    if content is None:
        return None
    with store.laid_ahead([content], read_again=True), store.write() as unit:
        again = queries.one(unit, file_id, lock=True)
        if again is None or (again.storage, again.key) != (found.storage, found.key):
            return -1
        queries.bring(unit, keys, again, content, copied=copied)
    return len(content)


def _sound(office: Office, one: Held) -> bytes | None:
    from cryptography.exceptions import InvalidTag

    try:
        content = one.opened(office.store.contents, office.keys)
    except (InvalidTag, Damaged, *SPOILT):
        return None
    return content if (len(content), sha256(content).hexdigest()) == (one.size, one.sha256) else None  # fmt: skip


# -- what is left over --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Swept:
    """What lies in the places and is of no row. found: how many, size: their bytes; noted: how many of files that went
    were deleted now that could not be before."""

    found: int
    size: int
    noted: int


def delete_noted(office: Office) -> int:
    """Delete what rows let go and the place had not deleted; how many."""
    with office.store.read() as unit:
        left = queries.left(unit, AT_ONCE)
    gone = [number for number, storage, key in left if office.store.contents.delete(storage, key)]
    if gone:
        _forget_noted(office, gone)
    return len(gone)


@retried
def _forget_noted(office: Office, gone: list[int]) -> None:
    with office.store.write() as unit:
        queries.forget_left(unit, gone)


def sweep(office: Office, *, delete: bool, now: datetime | None = None) -> Swept:
    """Find what has lain for a day in the places of the settings and is of no row: left of transactions that came to nothing
    when the program was killed. Nobody can open it any more. delete: let it be gone. Raises StorageAway."""
    contents, noted = office.store.contents, delete_noted(office)
    with office.store.read() as unit:
        owner = unit.stamp(OWNER) or ""
    before = (now or datetime.now(UTC)) - LEFT_AFTER
    found = size = 0
    for place in contents.places:
        if contents.mark_of(place) is None:
            continue
        mark = contents.begin(place, used=True, owner=owner)
        # What is listed first and is of no row afterwards was of none in between, but for what was laid just now.
        old = [one for one in place.each() if one.at < before and _OURS.fullmatch(one.name)]
        for start in range(0, len(old), AT_ONCE):
            some = {one.name: one for one in old[start : start + AT_ONCE]}
            with office.store.read() as unit:
                known = queries.known(unit, mark, list(some))
            for name in some.keys() - known:
                found, size = found + 1, size + some[name].size
                if delete:
                    place.delete(name)
    return Swept(found, size, noted)


# -- for the look at the installation -----------------------------------------------------------------


def looked_at(office: Office) -> Iterator[tuple[bool, str]]:
    """Whether the places can be written, read and cleared, and where contents lie: good or not, and what was found, in
    Chinese. Nothing where contents lie in the database alone."""
    contents = office.store.contents
    with office.store.read() as unit:
        found, left = queries.lying(unit), queries.number_left(unit)
    if not contents.places and found.keys() <= {None}:
        return
    if contents.now is not None:
        try:
            with office.store.read() as unit:
                unit.begin_storage()
            _tried(contents.now)
        except StorageAway as error:
            yield False, f"文件内容存放的地方不能用：{error.why}。上传会被拒绝，那里的文件读不出来"
        else:
            yield True, f"文件内容存放在 {contents.now.address}，能写、能读、能删"
    try:
        for one in where(office):
            if one.address is None:
                yield False, f"有 {one.files} 份文件存放在标记为 {one.mark} 的地方，设置里没有它：请设置 file_storage_before"  # fmt: skip
            elif one.files and not one.in_force:
                yield (
                    False,
                    f"还有 {one.files} 份文件存放在 {one.address}：请运行 gongkai files move",
                )
    except StorageAway as error:
        yield False, f"以前存放文件的地方不能用：{error.why}"
    if left:
        yield (
            False,
            f"有 {left} 份已经删除的文件，存放的地方还没有删：请运行 gongkai files sweep --delete",
        )


def _tried(place: Storage) -> None:
    """Raises StorageAway."""
    name, content = f"try-{secrets.token_hex(14)}", secrets.token_bytes(1000)
    place.put(name, content)
    try:
        if place.get(name) != content:
            raise StorageAway(f"{place.address}：读出来的与写进去的不同", AWAY)
    finally:
        place.delete(name)
