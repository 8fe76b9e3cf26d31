"""What `verify` reads of contents: files with what is sealed of them, pictures."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from workflow.store.files import bound_to
from workflow.store.models import Base
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

_tables = Base.metadata.tables
_AGENCY, _CASE, _FILE, _CONTENT, _PICTURE = (
    _tables[name].c for name in ("agency", "case", "file", "file_content", "picture")
)
AT_ONCE = 20
"""Contents that are in memory together."""


class HeldFile(NamedTuple):
    """A file with its content, and whose it is; sealed None where there is no content. taken_back: by its applicant, or
    gone with the file of its case (no salt is left of it)."""

    agency: str
    number: str
    id: int
    case_id: int
    size: int
    sha256: str
    taken_back: bool
    sealed: bytes | None

    def opened(self, keys: Secrets) -> bytes:
        """The plain content. Raises InvalidTag."""
        return keys.open_bytes(self.sealed or b"", f"{bound_to(self.case_id, self.id)} content")


def held_files(unit: Unit) -> Iterator[HeldFile]:
    """Every file, in order."""
    query = (
        select(
            _AGENCY.code, _CASE.number, _FILE.id, _FILE.case_id, _FILE.size, _FILE.sha256,
            or_(_FILE.taken_back_at.is_not(None), _CASE.code_salt == ""), _CONTENT.sealed,
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
