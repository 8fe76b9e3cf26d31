"""The index of terms made anew from the texts of every case and the released answers, as they stand in the store."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from sqlalchemy import func, select

from workflow.case.identity import numbers_of
from workflow.files import says
from workflow.store import files, parcels
from workflow.store.dialect_index import Indexed, clear_index, write_index
from workflow.store.file_models import FileRow
from workflow.store.indexed import (
    applicant_terms,
    as_kept,
    in_any_way,
    letter_terms,
    line_terms,
    note_terms,
    number_terms,
    opening_terms,
    released_terms,
)
from workflow.store.models import Base
from workflow.store.notes import text_of
from workflow.store.outside import Lost
from workflow.store.parcel_models import ParcelRow
from workflow.store.sealed import Secrets
from workflow.store.search import letter_of
from workflow.store.unit import Unit

_tables = Base.metadata.tables
_case, _applicant, _event = _tables["case"].c, _tables["applicant"].c, _tables["event"].c
_note = _tables["case_note"].c
_letter, _number, _file = _tables["letter"].c, _tables["letter_number"].c, _tables["file"].c
_released = _tables["released_answer"].c

BATCH = 500


def make_anew(unit: Unit, keys: Secrets) -> int:
    """Let every case and parcel be found by its texts as they stand in the store; how many cases. Nobody else writes
    meanwhile. Of a file that was taken before texts of files were kept it is read now."""
    clear_index(unit.connection)
    _of_released(unit)
    last: int = unit.connection.scalar(select(func.max(_case.id))) or 0
    count = 0
    for first in range(1, last + 1, BATCH):
        texts, here = _of_cases(unit, keys, (first, first + BATCH - 1), as_kept)
        write_index(unit.connection, texts)
        count += here
    for rows in unit.session.scalars(select(ParcelRow)).partitions(BATCH):
        write_index(unit.connection, [one for row in rows for one in parcels.terms_of(keys, row)])
    return count


def terms_of_cases(unit: Unit, keys: Secrets, first: int, last: int) -> list[Indexed]:
    """By what the cases of these ids are found, all of their texts, in whatever way each may stand there."""
    return _of_cases(unit, keys, (first, last), in_any_way)[0]


_Ways = Callable[[Secrets, Iterable[Indexed]], Iterable[Indexed]]


def _of_cases(unit: Unit, keys: Secrets, span: "Span", ways: _Ways) -> tuple[list[Indexed], int]:
    """The same, and how many cases there are. Of a case whose file was destroyed only the number is found. ways: in which
    names, requests and lines of logs stand there."""
    cases = unit.connection.execute(
        select(_case.id, _case.agency_id, _case.number, _case.request, _case["items"], _case.code_salt)
        .where(_case.id.between(*span))
    ).all()  # fmt: skip
    there = [case for case in cases if case.code_salt]
    agencies = {case.id: case.agency_id for case in there}
    salts = {case.id: case.code_salt for case in there}
    said = [
        opening_terms(one.agency_id, one.id, one.number, one.request, one.items)
        if one.code_salt
        else opening_terms(one.agency_id, one.id, one.number, "", ())
        for one in cases
    ]
    said += _of_applicants(unit, keys, agencies, salts, span)
    said += _of_lines(unit, agencies, span)
    texts = list(ways(keys, said))
    texts += _of_letters(unit, keys, agencies, salts, span)
    texts += _of_files(unit, keys, agencies, span)
    texts += _of_notes(unit, keys, agencies, salts, span)
    return texts, len(cases)


def _of_released(unit: Unit) -> None:
    last = 0
    query = select(_released.id, _released.title, _released.text).order_by(_released.id)
    while rows := unit.connection.execute(query.where(_released.id > last).limit(BATCH)).all():
        write_index(unit.connection, [released_terms(*row) for row in rows])
        last = rows[-1].id


Span = tuple[int, int]


def _of_applicants(
    unit: Unit, keys: Secrets, agencies: dict[int, int], salts: dict[int, str], span: Span
) -> Iterator[Indexed]:
    query = (
        select(_applicant.case_id, _applicant.name, _applicant.sealed)
        .where(_applicant.case_id.between(*span))
        .order_by(_applicant.case_id, _applicant.position)
    )
    names: dict[int, list[str]] = {}
    numbers: dict[int, set[str]] = {}
    for case, name, sealed in unit.connection.execute(query):
        if case not in agencies:
            continue
        names.setdefault(case, []).append(name)
        private = keys.open_private(sealed, salts[case], case)
        numbers.setdefault(case, set()).update(numbers_of(private))
    for case, said in names.items():
        yield applicant_terms(keys, agencies[case], case, said, numbers[case])


def _of_lines(unit: Unit, agencies: dict[int, int], span: Span) -> Iterator[Indexed]:
    query = select(_event.case_id, _event.seq, _event.fields).where(_event.case_id.between(*span))
    for case, seq, fields in unit.connection.execute(query):
        if case in agencies:
            yield from line_terms(agencies[case], case, seq, fields)


def _of_letters(
    unit: Unit, keys: Secrets, agencies: dict[int, int], salts: dict[int, str], span: Span
) -> Iterator[Indexed]:
    query = (
        select(_letter.case_id, _letter.source, _letter.sealed, _number.text)
        .join_from(_tables["letter"], _tables["letter_number"], _number.id == _letter.number_id, isouter=True)
        .where(_letter.case_id.between(*span))
        .order_by(_letter.case_id, _letter.id)
    )  # fmt: skip
    before: Counter[int] = Counter()
    for case, source, sealed, number in unit.connection.execute(query):
        if case not in agencies:
            continue
        place, agency = before[case], agencies[case]
        before[case] += 1
        letter = letter_of(keys, salts[case], case, source, sealed)
        if letter is not None:
            yield from letter_terms(keys, agency, case, place, letter.texts())
        if number:
            yield from number_terms(agency, case, place, number)


def _of_notes(
    unit: Unit, keys: Secrets, agencies: dict[int, int], salts: dict[int, str], span: Span
) -> Iterator[Indexed]:
    query = select(_note.case_id, _note.sealed).where(_note.case_id.between(*span))
    before: Counter[int] = Counter()
    for case, sealed in unit.connection.execute(query.order_by(_note.id)):
        if case not in agencies:
            continue
        place = before[case]
        before[case] += 1
        if sealed is not None:
            text = text_of(keys, sealed, salts[case], case)
            yield from note_terms(keys, agencies[case], case, place, text)


def _read(unit: Unit, keys: Secrets, row: FileRow) -> files.Says:
    """What a file says; nothing where nothing can be read in its kind, so that none is fetched for it, and where its
    content is lost, which `verify` tells."""
    if row.media_type.startswith("image/"):
        return ()
    with suppress(Lost):
        return says(files.content_of(unit, row, keys), row.media_type)
    return ()


def _of_files(unit: Unit, keys: Secrets, agencies: dict[int, int], span: Span) -> Iterator[Indexed]:
    query = select(FileRow).where(_file.case_id.between(*span)).order_by(_file.id)
    rows = list(unit.session.scalars(query))
    kept = files.texts_of(unit, rows, keys)
    before: Counter[int] = Counter()
    for row in rows:
        place = before[row.case_id]
        before[row.case_id] += 1
        if row.kind in files.IDENTITY_KINDS or row.taken_back_at is not None:
            continue
        if row.case_id not in agencies:
            continue
        read = kept.get(row.id)
        if read is None:
            read = _read(unit, keys, row)
            files.keep_text(unit, row, keys, read)
        name = files.label_of(row, keys).name
        yield from files.terms_of_file(keys, agencies[row.case_id], row, place, name, read)
