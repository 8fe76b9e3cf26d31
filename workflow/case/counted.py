"""What the yearly tables need to know of a case: its days, its columns, its result row."""

from dataclasses import dataclass
from datetime import date

from workflow.case.case import Case
from workflow.case.facts import Proceeding


@dataclass(frozen=True, slots=True)
class CountedCase:
    """What the tally needs to know of one case, or of a group of alike ones.

    columns: one per applicant, the first-named first. row: in the words of format 2021.
    times: how many cases; a group has a word (workflow/report/tables/kept.py) and no number. moved_on: the
    day on which it went to another body.
    """

    number: str
    kind: str
    columns: tuple[str, ...]
    received_on: date | None
    closed_on: date | None
    row: str | None
    void: bool = False
    item_rows: tuple[str | None, ...] = ()
    joint_letter: str | None = None
    withdrawn_unaccepted: bool = False
    redo_of: str | None = None
    redo_mode: str | None = None
    proceedings: tuple[Proceeding, ...] = ()
    times: int = 1
    moved_on: date | None = None
    word: str = ""


def counted(case: Case) -> CountedCase:
    """A case as the tally sees it."""
    facts = case.facts
    return CountedCase(
        number=case.header.number,
        kind=case.header.kind,
        columns=case.columns(),
        received_on=case.received_on,
        closed_on=facts.closed_on,
        row=case.row,
        void=case.rules.law.stage(case.state) == "void",
        item_rows=case.item_rows(),
        joint_letter=case.header.joint_letter or facts.merged_into,
        withdrawn_unaccepted=facts.outcome == "withdrawn" and not case.accepted_by_staff,
        redo_of=case.header.redo_of,
        redo_mode=case.header.redo_mode,
        moved_on=facts.moved_on,
        proceedings=tuple(facts.proceedings.values()),
    )
