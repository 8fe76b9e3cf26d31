"""Contents as `verify` and who moves or keeps them elsewhere read them: files with what is sealed of them, pictures."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import delete, func, or_, select, update

from workflow.store.files import bound_to, note_left, opened
from workflow.store.models import Base
from workflow.store.outside import Contents
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

_tables = Base.metadata.tables
_AGENCY, _CASE, _FILE, _CONTENT, _LEFT, _PICTURE = (
    _tables[name].c for name in ("agency", "case", "file", "file_content", "file_left", "picture")
)
AT_ONCE = 20
"""Contents that are in memory together."""


class HeldFile(NamedTuple):
    """A file with its content, and whose it is; sealed None where there is no content, storage and key where it lies
    outside. taken_back: by its applicant, or gone with the file of its case (no salt is left of it)."""

    agency: str
    number: str
    id: int
    case_id: int
    size: int
    sha256: str
    taken_back: bool
    sealed: bytes | None
    storage: str | None
    key: str | None

    def opened(self, contents: Contents, keys: Secrets) -> bytes:
        """The plain content. Raises InvalidTag; Lost and StorageAway where it lies outside."""
        return opened(contents, keys, bound_to(self.case_id, self.id), self.sealed or b"", self.storage, self.key)  # fmt: skip


def held_files(unit: Unit) -> Iterator[HeldFile]:
    """Every file, in order."""
    query = (
        select(
            _AGENCY.code, _CASE.number, _FILE.id, _FILE.case_id, _FILE.size, _FILE.sha256,
            or_(_FILE.taken_back_at.is_not(None), _CASE.code_salt == ""), _CONTENT.sealed, _CONTENT.storage, _CONTENT.key,
        )
        .select_from(_tables["file"])
        .join(_tables["case"], _CASE.id == _FILE.case_id)
        .join(_tables["agency"], _AGENCY.id == _CASE.agency_id)
        .join(_tables["file_content"], _CONTENT.file_id == _FILE.id, isouter=True)
        .order_by(_FILE.id)
    )  # fmt: skip
    for row in unit.connection.execute(query.execution_options(yield_per=AT_ONCE)):
        yield HeldFile(*row)


def without_file(unit: Unit) -> list[int]:
    """The ids of contents that are of no file."""
    known = select(_FILE.id)
    query = select(_CONTENT.file_id).where(_CONTENT.file_id.not_in(known))
    return list(unit.connection.scalars(query.order_by(_CONTENT.file_id)))


def not_whole(unit: Unit) -> int:
    """How many files have no content here, or less than they are long: sealed it is longer. Those that went are none."""
    query = (
        select(func.count(_FILE.id))
        .select_from(_tables["file"])
        .join(_tables["case"], _CASE.id == _FILE.case_id)
        .join(_tables["file_content"], _CONTENT.file_id == _FILE.id, isouter=True)
        .where(_FILE.taken_back_at.is_(None), _CASE.code_salt != "")
        .where(func.coalesce(func.length(_CONTENT.sealed), 0) <= _FILE.size)
    )
    return unit.connection.scalar(query) or 0


def held_pictures(unit: Unit) -> Iterator[tuple[str, int, str, bytes]]:
    """Every picture: code of its body, id, the hash by which it is named, content."""
    query = (
        select(_AGENCY.code, _PICTURE.id, _PICTURE.digest, _PICTURE.content)
        .select_from(_tables["picture"])
        .join(_tables["agency"], _AGENCY.id == _PICTURE.agency_id)
        .order_by(_PICTURE.id)
    )
    found: Any = unit.connection.execute(query.execution_options(yield_per=AT_ONCE))
    for row in found:
        yield tuple(row)


# -- where they lie -----------------------------------------------------------------------------------


class Held(NamedTuple):
    """The content of a file as its row has it."""

    id: int
    case_id: int
    size: int
    sha256: str
    sealed: bytes
    storage: str | None
    key: str | None

    def opened(self, contents: Contents, keys: Secrets) -> bytes:
        """The plain content. Raises InvalidTag; Lost and StorageAway where it lies outside."""
        return opened(contents, keys, bound_to(self.case_id, self.id), self.sealed, self.storage, self.key)  # fmt: skip


def one(unit: Unit, file_id: int, *, lock: bool = False) -> Held | None:
    """The content of a file; lock: for who changes where it lies."""
    query = (
        select(_FILE.id, _FILE.case_id, _FILE.size, _FILE.sha256, _CONTENT.sealed, _CONTENT.storage, _CONTENT.key)
        .select_from(_tables["file_content"])
        .join(_tables["file"], _CONTENT.file_id == _FILE.id)
        .where(_FILE.id == file_id)
    )  # fmt: skip
    if lock:
        query = query.with_for_update(of=_tables["file_content"])
    row = unit.connection.execute(query).one_or_none()
    return Held(*row) if row else None


def bring(unit: Unit, keys: Secrets, held: Held, content: bytes, *, copied: bool = False) -> None:
    """Let a content lie where new ones do, and no more where it lay; copied: there as well, for the store of which this one
    is a copy. Raises StorageAway."""
    laid = unit.lay(content)
    place = f"{bound_to(held.case_id, held.id)} content"
    values = {
        "sealed": keys.seal_bytes(laid.opens if laid else content, place),
        "storage": laid.storage if laid else None,
        "key": laid.key if laid else None,
    }
    unit.session.execute(update(_tables["file_content"]).where(_CONTENT.file_id == held.id).values(values))  # fmt: skip
    if held.storage is not None and held.key is not None and not copied:
        note_left(unit, held.storage, held.key)


def forget_places(unit: Unit) -> None:
    """The store holds all contents itself: of places it knows nothing, and may begin each anew."""
    unit.session.execute(delete(_tables["file_left"]))
    stamp = _tables["stamp"]
    unit.session.execute(delete(stamp).where(stamp.c.name.startswith("files ", autoescape=True)))


def lying(unit: Unit) -> dict[str | None, tuple[int, int]]:
    """How many contents lie in which place and how large they are when opened, by its mark; None is the database."""
    query = (
        select(_CONTENT.storage, func.count(), func.coalesce(func.sum(_FILE.size), 0))
        .select_from(_tables["file_content"])
        .join(_tables["file"], _CONTENT.file_id == _FILE.id)
        .group_by(_CONTENT.storage)
    )
    return {mark: (int(files), int(size)) for mark, files, size in unit.connection.execute(query)}


def elsewhere(unit: Unit, mark: str | None, after: int, most: int) -> list[int]:
    """The files whose content does not lie in that place, by their ids, after one of them."""
    query = select(_CONTENT.file_id).where(
        _CONTENT.file_id > after, _CONTENT.storage.is_distinct_from(mark)
    )
    return list(unit.connection.scalars(query.order_by(_CONTENT.file_id).limit(most)))


def known(unit: Unit, mark: str, names: list[str]) -> set[str]:
    """Those of these names in a place that are of a row, or of one that went and is noted."""
    found: set[str] = set()
    for table in (_CONTENT, _LEFT):
        query = select(table.key).where(table.storage == mark, table.key.in_(names))
        found.update(unit.connection.scalars(query))
    return found


def left(unit: Unit, most: int) -> list[tuple[int, str, str]]:
    """What rows let go and is not known to be deleted: id, mark of the place, name there."""
    query = select(_LEFT.id, _LEFT.storage, _LEFT.key).order_by(_LEFT.id).limit(most)
    return [(number, storage, key) for number, storage, key in unit.connection.execute(query)]


def number_left(unit: Unit) -> int:
    return int(unit.connection.scalar(select(func.count(_LEFT.id))) or 0)


def forget_left(unit: Unit, ids: list[int]) -> None:
    """These are deleted where they lay."""
    unit.session.execute(delete(_tables["file_left"]).where(_LEFT.id.in_(ids)))
