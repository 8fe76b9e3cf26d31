"""What is shown of a case to somebody who need not know who asks: the secrecy reviewer."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from config.law import Law
from workflow.case.facts import Applicant
from workflow.case.unnamed import APPLICANT, marks_of, masks_of, unnamed, without_numbers
from workflow.rules import permissions
from workflow.service.cases.views import AskedBefore, CaseFile, LoggedLine, WorkItem

ACTION = "read_applicant"


def may_know(law: Law, held: Collection[str]) -> bool:
    """True for somebody who may be told who the applicant is."""
    return permissions.role_for(law, ACTION, held) is not None


def ask_to_know(law: Law, held: Collection[str]) -> None:
    """Raises Denied for somebody who need not know who the applicant is."""
    permissions.ask(law, ACTION, held)


def without_applicant(file: CaseFile) -> CaseFile:
    """The case with its applicants unnamed: no contact, no other requests of theirs, and their names,
    numbers and addresses taken out of request, items and log."""
    if file.unnamed:
        return file
    facts, header = file.case.facts, file.case.header
    names = [one.name for one in (*file.applicants, *header.applicants)]
    marks = marks_of([*names, *([facts.successor] if facts.successor else [])], file.contact)

    def line(one: LoggedLine) -> LoggedLine:
        return replace(one, fields=unnamed(one.fields, marks), typed=unnamed(one.typed, marks))

    description = file.contact.get("description")
    return replace(
        file,
        unnamed=True,
        title=unnamed(file.title, marks),
        items=unnamed(file.items, marks),
        applicants=tuple(replace(one, name=APPLICANT, description=None) for one in file.applicants),
        contact={"description": unnamed(description, marks)} if description else {},
        log=[line(one) for one in file.log],
        alarms=[replace(one, text=unnamed(one.text, marks)) for one in file.alarms],
        checklist=[replace(one, says=unnamed(one.says, marks)) for one in file.checklist],
        last_step=line(file.last_step) if file.last_step else None,
        others=[],
        asked=AskedBefore(),
        gaps={},
        minor=False,
    )


def masks_of_case(file: CaseFile) -> dict[str, str]:
    """What tells the applicant of a case → the same masked, for pages of who may know it; nothing where the case
    is unnamed already."""
    if file.unnamed:
        return {}
    facts, header = file.case.facts, file.case.header
    asking = [] if "name" in file.gaps else [*file.applicants, *header.applicants]
    asking += [Applicant(facts.successor)] if facts.successor else []
    return masks_of(asking, file.contact)


def item_without_applicant(item: WorkItem, names: Collection[str]) -> WorkItem:
    """A line of a list in the same way; names: of its applicants. Their sealed data is not opened for it:
    every number of that shape goes."""
    title = without_numbers(unnamed(item.title, marks_of(names, {})))
    return item._replace(applicant="", title=title)


def masked_for(names: Collection[str], said: Any) -> Any:
    """Texts of another case in the same way, whatever holds them."""
    marks = marks_of(names, {})

    def mask(value: Any) -> Any:
        if isinstance(value, str):
            return without_numbers(value)
        if isinstance(value, Mapping):
            return {key: mask(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(mask, value))
        return value

    return mask(unnamed(said, marks))
