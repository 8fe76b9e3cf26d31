"""To whom a case can be given: a choice in the form of the assignment."""

from collections.abc import Iterable
from dataclasses import replace

from webui.desk.case.event_form import Input
from workflow.service.cases.desk_list import Somebody
from workflow.service.cases.views import CaseFile


def chosen_of(field: Input, file: CaseFile, given: Iterable[Somebody]) -> Input:
    """The field for a person or unit as a choice. Whoever has the case stays chosen, also somebody who is not
    there any more; where one person works alone, that one is chosen."""
    options = [(one.name, _said(one)) for one in given]
    had = field.value or file.case.facts.assigned_to or ""
    if not had and len(options) == 1:
        had = options[0][0]
    if had and had not in dict(options):
        options.append((had, had))
    return replace(field, kind="select", options=tuple(options), value=had)


def _said(one: Somebody) -> str:
    if one.unit:
        return f"{one.shown} · {one.head}" if one.head else one.shown
    return one.shown
