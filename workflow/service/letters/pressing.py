"""What the papers of a case are set from: the case, what stands beside it, what was uploaded, the letters that are
kept. Read in the caller's transaction; pages are set after it is closed."""

from dataclasses import replace
from typing import TYPE_CHECKING

from config.letters.required import LISTS, VALUES
from workflow.case.case import Case
from workflow.letters import Choice, Letter
from workflow.letters.kept import KeptLetter
from workflow.service.letters.keeping import Keeping
from workflow.service.letters.looked_up import about, attached
from workflow.service.letters.views import DRAFTED
from workflow.store import files
from workflow.store import letters as store
from workflow.store.models import CaseRow
from workflow.store.unit import Unit

if TYPE_CHECKING:  # reads PDFs: loaded with the first bundle
    from workflow.bundle.sheets import Press

PAGED = ("evidence_list", "file_contents")
"""The letters that say on which pages the papers of the file stand, once it is bound."""
EVERYTHING = VALUES | frozenset(LISTS)


def press_of(
    keeping: Keeping, unit: Unit, row: CaseRow, case: Case, *, contents: bool = True
) -> "Press":
    """What the papers of the case are set from. contents: with what is in its files."""
    from workflow.bundle.sheets import Press

    office = keeping.office
    beside = about(office, unit, row, case, EVERYTHING, {})
    # The names are asked for now: afterwards there is no store.
    beside = replace(beside, people={name: beside.people.get(name, name) for name in beside.people})
    versions = [one for one in store.versions_of(unit, row.id) if one.voided_at is None]
    came_back = any(one.file_id is not None for one in versions)
    rows = files.files_of(unit, row.id) if contents or came_back else []
    read = {one.id: files.content_of(unit, one, office.keys) for one in rows} if contents else {}
    known = {one.id: attached(one) for one in rows}
    kept = tuple(
        KeptLetter(
            one.kind, one.about, one.source, one.seq, one.number or "",
            keeping.letter_in(row, one) if one.source == DRAFTED else None,
            known.get(one.file_id) if one.file_id is not None else None,
        )
        for one in versions
    )  # fmt: skip
    return Press(case, beside, keeping.letters, office.today(), read, kept)


def with_pages(press: "Press", kind: str, choice: Choice) -> Letter:
    """The letter of one of these kinds as it would be drafted today, with the pages of the bound file."""
    from workflow.bundle import archive, evidence

    if kind == "evidence_list":
        return evidence.listed(press, choice)
    return archive.listed(press)
