"""From the rows of the store to the values of the domain: the header, the log and the case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from config.errors import Damaged
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.correcting import UNPLAYABLE
from workflow.case.counted import CountedCase
from workflow.case.facts import Applicant, Header, Logged
from workflow.case.row import proceeding_of
from workflow.dates import parse_day
from workflow.refusal import BadInput
from workflow.rules.rulebook import Rulebook
from workflow.store.dialect_read import Unread
from workflow.store.models import ApplicantRow, CaseRow, EventRow
from workflow.store.sealed import Secrets
from workflow.store.words import UnreadText

if TYPE_CHECKING:
    from workflow.store.verified import Line, StoredCase


def header_of(row: "CaseRow | StoredCase") -> Header:
    """Raises Damaged where what the row says is no value of its column."""
    if row.opened_on is None or isinstance(row.items, Unread) or isinstance(row.delivery, Unread):
        raise Damaged
    if any(isinstance(one, UnreadText) for one in (row.request, *(p.name for p in row.applicants))):
        raise Damaged
    return Header(
        number=row.number,
        agency=row.agency.code,
        kind=row.kind,
        applicants=tuple(
            Applicant(
                person.name, person.category, person.description, person.citizen, person.filed_as
            )
            for person in row.applicants
        ),
        request=row.request,
        items=tuple(row.items),
        delivery=tuple(row.delivery),
        joint_letter=row.joint_letter,
        redo_of=row.redo_of,
        redo_due=row.redo_due,
        redo_mode=row.redo_mode,
        body_name=row.body.name,
        body_level=row.body.level,
    )


def private_of(keys: Secrets, row: CaseRow, person: ApplicantRow) -> dict[str, Any]:
    """What is private of an applicant of a case. Raises InvalidTag if it was tampered with."""
    return keys.open_private(person.sealed, row.code_salt, row.id)


def first_private(keys: Secrets, row: CaseRow) -> dict[str, Any]:
    """The same of the first applicant; empty where nobody asks."""
    return private_of(keys, row, row.applicants[0]) if row.applicants else {}


def logged_of(line: "EventRow | Row[Any] | Line") -> Logged:
    """A line of the log as the domain knows it. A service that failed was a remark alone until it said
    which service it was."""
    if isinstance(line.fields, Unread):
        raise ValueError
    fields = {"on": line.on, **line.fields}
    if line.event == ev.ServiceFailed.name:
        fields.setdefault("service", 0)
    return Logged(
        line.seq,
        ev.parse(line.event, fields),
        line.actor,
        line.role,
        line.recorded_at,
        tuple(line.filled),
        stands_for=line.stands_for,
    )


def log_of(lines: "Iterable[EventRow | Row[Any]]") -> list[Logged]:
    """The lines of a log as the domain knows them. Raises Damaged where one is none that the program wrote."""
    try:
        return [logged_of(line) for line in lines]
    except (BadInput, ev.UnknownEvent, ValueError, TypeError):
        raise Damaged from None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a log as it holds, read without folding its case."""

    seq: int
    event: str
    on: date
    fields: dict[str, Any]


def entries_that_hold(lines: Iterable[Entry]) -> list[Entry]:
    """The lines of one log with the right values of those that were corrected, without those taken back
    and without the corrections; the lines in question and every correct_entry must be given."""
    told: dict[int, dict[str, Any]] = {}
    found = []
    for line in lines:
        if line.event == ev.CorrectEntry.name:
            told.setdefault(line.fields.get("seq", 0), {}).update(line.fields.get("fields", {}))
        else:
            found.append(line)
    return [_right(line, told.get(line.seq, {})) for line in found
            if not told.get(line.seq, {}).get(ev.TAKEN_BACK)]  # fmt: skip


def _right(line: Entry, told: dict[str, Any]) -> Entry:
    fields = {key: value for key, value in (line.fields | told).items() if value is not None}
    on = fields.pop("on", line.on)
    fields.pop(ev.TAKEN_BACK, None)
    return Entry(line.seq, line.event, on if isinstance(on, date) else parse_day(on), fields)


def case_of(row: CaseRow, rules: Rulebook) -> Case:
    """The case as its log says. Raises Damaged."""
    return folded(row, rules, row.log)


def folded(row: CaseRow, rules: Rulebook, lines: "Iterable[EventRow | Row[Any]]") -> Case:
    """The same from these lines, which are its whole log. Raises Damaged where they are none that can follow each other."""
    log = log_of(lines)
    try:
        return Case.replayed(header_of(row), rules, log)
    except UNPLAYABLE:
        raise Damaged from None


def counted_row(row: Row[Any], void: bool) -> CountedCase:
    """A case as the tally sees it, from these columns of its row."""
    return CountedCase(
        number=row.number,
        kind=row.kind,
        columns=tuple(row.columns),
        received_on=row.received_on,
        closed_on=row.closed_on,
        row=row.result_row,
        void=void,
        item_rows=tuple(row.item_rows),
        joint_letter=row.joint_letter or row.merged_into,
        withdrawn_unaccepted=row.withdrawn_unaccepted,
        redo_of=row.redo_of,
        redo_mode=row.redo_mode,
        moved_on=row.moved_on,
        proceedings=tuple(proceeding_of(entry) for entry in row.proceedings),
    )
