"""From the rows of the store to the values of the domain: the header, the log and the case."""

from typing import Any

from sqlalchemy import Row

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.counted import CountedCase
from workflow.case.facts import Applicant, Header, Logged
from workflow.case.row import proceeding_of
from workflow.rules.rulebook import Rulebook
from workflow.store.models import CaseRow, EventRow


def header_of(row: CaseRow) -> Header:
    return Header(
        number=row.number,
        agency=row.agency.code,
        kind=row.kind,
        applicants=tuple(
            Applicant(person.name, person.category, person.description, person.citizen)
            for person in row.applicants
        ),
        request=row.request,
        items=tuple(row.items),
        delivery=tuple(row.delivery),
        joint_letter=row.joint_letter,
        redo_of=row.redo_of,
        redo_due=row.redo_due,
        body_name=row.agency.name,
        body_level=row.agency.level,
    )


def logged_of(line: EventRow) -> Logged:
    """A line of the log as the domain knows it. A service that failed was a remark alone until it said
    which service it was."""
    fields = line.fields
    if line.event == ev.ServiceFailed.name:
        fields = {"service": 0, **fields}
    return Logged(
        line.seq,
        ev.parse(line.event, {"on": line.on, **fields}),
        line.actor,
        line.role,
        line.recorded_at,
        tuple(line.filled),
    )


def case_of(row: CaseRow, rules: Rulebook) -> Case:
    """The case as its log says."""
    log = [logged_of(line) for line in row.log]
    return Case.replayed(header_of(row), rules, log)


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
        proceedings=tuple(proceeding_of(entry) for entry in row.proceedings),
    )
