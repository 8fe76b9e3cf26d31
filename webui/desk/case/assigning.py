"""To whom a case can be given: a choice in the form of the assignment."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from webui.desk.case.event_form import Input, inputs_of
from webui.here import gongkai
from webui.security import current_staff
from workflow import events as ev
from workflow.service.cases.list_views import Somebody
from workflow.service.cases.views import CaseFile


def inputs(
    event: str, file: CaseFile, today: date, posted: Mapping[str, str] | None, frozen: bool
) -> list[Input]:
    """The inputs of an event; whom a case is given to is chosen from the units and people of its body."""
    found = inputs_of(event, file, today, posted, frozen=frozen)
    if event != ev.Assign.name:
        return found
    given = gongkai().desk_list.given(current_staff(), file.agency)
    return [chosen_of(one, file, given) if one.name == "to" else one for one in found]


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
