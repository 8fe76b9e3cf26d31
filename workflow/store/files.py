"""Files of cases in the store: row and encrypted content in one transaction.

The content lies in the database, or outside of it (docs/decisions/0058): then the transaction that writes the row comes
after the content, and one that deletes the row before the content goes.
"""

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from workflow.case.destroyed import GONE
from workflow.dates import SHANGHAI
from workflow.files import Checked
from workflow.store.dialect_index import Indexed
from workflow.store.file_models import (
    FileContentRow,
    FileLeftRow,
    FileRow,
    FileTextRow,
    FileViewRow,
)
from workflow.store.indexed import FILE, FILE_THAT_NAMES, file_terms
from workflow.store.models import CaseRow
from workflow.store.outside import Contents, Laid
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

IDENTITY_KINDS = ("id_proof", "power_of_attorney")
"""What is opened by few and for a reason: no word of it is looked for."""
NAMING_KINDS = (
    "application", "envelope", "supplement", "proof_of_service", "payment", "court", "letter",
)  # fmt: skip
"""What the applicant sent and what was sent to them: it bears their name and address."""
TAKEN_BACK = "申请人收回的材料"
"""What is left of the name of a file that its applicant took back."""
Says = tuple[tuple[int | None, str], ...]
"""What is read in a file: its texts, each with its page where that is known."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is sealed beside a file: its name, and what it would betray."""

    name: str
    warnings: tuple[str, ...]


def add_file(
    unit: Unit,
    keys: Secrets,
    *,
    case: CaseRow,
    kind: str,
    checked: Checked,
    content: bytes,
    warnings: tuple[str, ...],
    actor: str,
    role: str,
    uploaded_at: datetime,
) -> FileRow:
    """Keep a file. Name and content are encrypted and bound to the case and the file's row. It is found by what is
    read in it. Raises StorageAway where contents lie outside and the place cannot be reached."""
    before = unit.session.scalar(_BEFORE, {"case": case.id}) or 0
    row = FileRow(
        case_id=case.id,
        kind=kind,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        actor=actor,
        role=role,
        uploaded_at=uploaded_at,
    )
    unit.session.add(row)
    unit.session.flush()
    row.sealed = keys.seal({"name": checked.name, "warnings": list(warnings)}, _bound(row))
    laid = unit.lay(content)
    unit.session.add(
        FileContentRow(
            file_id=row.id,
            sealed=keys.seal_bytes(laid.opens if laid else content, f"{_bound(row)} content"),
            storage=laid.storage if laid else None,
            key=laid.key if laid else None,
        )
    )
    if kind not in IDENTITY_KINDS:
        keep_text(unit, row, keys, checked.says)
        unit.index(*terms_of_file(keys, case.agency_id, row, before, checked.name, checked.says))
    unit.session.flush()
    return row


_BEFORE = select(func.count(FileRow.id)).where(FileRow.case_id == bindparam("case"))


def keep_text(unit: Unit, row: FileRow, keys: Secrets, says: Says) -> None:
    """Keep what is read in a file, where there is something."""
    if says:
        packed = zlib.compress(json.dumps(says, ensure_ascii=False).encode())
        sealed = keys.seal_bytes(packed, f"{_bound(row)} text")
        unit.session.add(FileTextRow(file_id=row.id, sealed=sealed))


def terms_of_file(
    keys: Secrets, agency_id: int, row: FileRow, before: int, name: str, says: Says
) -> list[Indexed]:
    """before: how many files the case had."""
    kind = FILE_THAT_NAMES if row.kind in NAMING_KINDS else FILE
    texts = [name, *(text for _, text in says)]
    return file_terms(keys, agency_id, row.case_id, kind, before, texts)


def texts_of(unit: Unit, rows: Collection[FileRow], keys: Secrets) -> dict[int, Says]:
    """What is read in these files, by their ids. Raises InvalidTag if it was tampered with or moved."""
    known = {row.id: row for row in rows}
    query = select(FileTextRow.file_id, FileTextRow.sealed).where(FileTextRow.file_id.in_(known))
    found: dict[int, Says] = {}
    for file_id, sealed in unit.session.execute(query) if known else ():
        packed = keys.open_bytes(sealed, f"{_bound(known[file_id])} text")
        found[file_id] = tuple((page, text) for page, text in json.loads(zlib.decompress(packed)))
    return found


def bound_to(case_id: int, file_id: int) -> str:
    """To what the content and the name of a file are bound when they are sealed."""
    return f"case {case_id} file {file_id}"


def _bound(row: FileRow) -> str:
    return bound_to(row.case_id, row.id)


def label_of(row: FileRow, keys: Secrets) -> Label:
    found = keys.open(row.sealed, _bound(row))
    return Label(found["name"], tuple(found["warnings"]))


def content_of(unit: Unit, row: FileRow, keys: Secrets) -> bytes:
    """The plain content. Raises InvalidTag if the stored one was tampered with or moved; Lost and StorageAway where it
    lies outside."""
    query = select(FileContentRow.sealed, FileContentRow.storage, FileContentRow.key)
    found = unit.session.execute(query.where(FileContentRow.file_id == row.id)).one_or_none()
    assert found is not None, f"file {row.id} has no content"
    return opened(unit.hand.contents, keys, _bound(row), found.sealed, found.storage, found.key)


def opened(
    contents: Contents, keys: Secrets, bound: str, sealed: bytes, storage: str | None, key: str | None
) -> bytes:  # fmt: skip
    """The plain content of a row. bound: to what it is (`bound_to`). Raises as `content_of` does."""
    found = keys.open_bytes(sealed, f"{bound} content")
    if storage is None or key is None:
        return found
    return contents.read(Laid(storage, key, found))


_FILES = select(FileRow).where(FileRow.case_id == bindparam("case")).order_by(FileRow.id)


def files_of(unit: Unit, case_id: int) -> list[FileRow]:
    """The files of a case, oldest first, without those that its applicant took back."""
    return [one for one in every_file_of(unit, case_id) if one.taken_back_at is None]


def every_file_of(unit: Unit, case_id: int) -> list[FileRow]:
    """The same with those that were taken back."""
    return list(unit.session.scalars(_FILES, {"case": case_id}))


def file_of(unit: Unit, case_id: int, file_id: int) -> FileRow | None:
    """A file of a case; None where it has none or its applicant took it back."""
    query = select(FileRow).where(
        FileRow.case_id == case_id, FileRow.id == file_id, FileRow.taken_back_at.is_(None)
    )
    return unit.session.scalar(query)


def take_back(unit: Unit, row: FileRow, keys: Secrets, at: datetime) -> None:
    """Its applicant takes a file back: that there was one stays, its name, text and content go (个人信息保护法47)."""
    row.taken_back_at = at
    row.sealed = keys.seal({"name": TAKEN_BACK, "warnings": []}, _bound(row))
    _let_go(unit, row)
    unit.session.flush()


def destroy(unit: Unit, row: FileRow, keys: Secrets) -> None:
    """It goes with the file of its case: that there was one stays, its size and hash; name, text and content go."""
    row.sealed = keys.seal({"name": GONE, "warnings": []}, _bound(row))
    _let_go(unit, row)


def _let_go(unit: Unit, row: FileRow) -> None:
    """Delete content and text; what lies outside is deleted when the transaction is confirmed, and noted until then."""
    query = select(FileContentRow.storage, FileContentRow.key)
    outside = query.where(FileContentRow.file_id == row.id, FileContentRow.key.is_not(None))
    for storage, key in unit.session.execute(outside).all():
        if storage is not None and key is not None:
            note_left(unit, storage, key)
    for table in (FileContentRow, FileTextRow):
        unit.session.execute(delete(table).where(table.file_id == row.id))


def note_left(unit: Unit, storage: str, key: str) -> None:
    """A content outside that no row has from now on."""
    unit.session.add(FileLeftRow(storage=storage, key=key))
    unit.hand.gone.append((storage, key))


def same_file(unit: Unit, case_id: int, kind: str, sha256: str, role: str) -> FileRow | None:
    """A file with the same content, kind and uploader's role that the case has already."""
    query = select(FileRow).where(
        FileRow.case_id == case_id,
        FileRow.kind == kind,
        FileRow.sha256 == sha256,
        FileRow.role == role,
        FileRow.taken_back_at.is_(None),
    )
    return unit.session.scalar(query.limit(1))


def count_from(unit: Unit, case_id: int, role: str) -> int:
    """How many files of a case came from somebody in that role."""
    query = select(func.count(FileRow.id)).where(FileRow.case_id == case_id, FileRow.role == role)
    return unit.session.scalar(query) or 0


def proved_since(
    unit: Unit, bodies: Mapping[int, str], numbers: Collection[str]
) -> set[tuple[str, str]]:
    """Those of the cases, as (code, number), to which a proof of service came on the day of the service or
    later. bodies: their ids with their codes."""
    query = (
        select(CaseRow.agency_id, CaseRow.number, CaseRow.closed_on, func.max(FileRow.uploaded_at))
        .join(FileRow, FileRow.case_id == CaseRow.id)
        .where(
            CaseRow.agency_id.in_(list(bodies)),
            CaseRow.number.in_(list(numbers)),
            FileRow.kind == "proof_of_service",
        )
        .group_by(CaseRow.agency_id, CaseRow.number, CaseRow.closed_on)
    )
    return {
        (bodies[body], number)
        for body, number, closed_on, last in unit.session.execute(query)
        if closed_on is None or last.astimezone(SHANGHAI).date() >= closed_on
    }


def note_view(unit: Unit, row: FileRow, actor: str, role: str, viewed_at: datetime) -> None:
    unit.session.add(FileViewRow(file_id=row.id, actor=actor, role=role, viewed_at=viewed_at))


def views_of(unit: Unit, file_ids: list[int]) -> list[FileViewRow]:
    """Who opened these files, the latest first."""
    query = select(FileViewRow).where(FileViewRow.file_id.in_(file_ids))
    return list(unit.session.scalars(query.order_by(FileViewRow.id.desc())))
