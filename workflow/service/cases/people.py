"""People whom an event names: kept by user name, which is one person's for ever."""

from workflow import events as ev
from workflow.refusal import BadInput, FieldError
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit


def with_people(unit: Unit, event: ev.Event, agency: AgencyRow) -> ev.Event:
    """The event with who is named in it by user name.

    Raises BadInput for a second person who is no member of staff of the body, and for a name that
    several of them bear.
    """
    if isinstance(
        event, ev.Void | ev.CorrectEntry
    ) and event.second_person not in unit.names_of_staff(agency):
        raise BadInput([FieldError("second_person", "没有这位工作人员")])
    if isinstance(event, ev.Assign) and event.to:
        return event.model_copy(update={"to": _user_name(unit, agency, event.to)})
    return event


def _user_name(unit: Unit, agency: AgencyRow, said: str) -> str:
    """The user name of whom a name means; an office, or somebody who does not work here, as it was
    said."""
    staff = unit.names_of_staff(agency)
    if said in staff:
        return said
    found = sorted(name for name, shown in staff.items() if shown == said)
    if len(found) > 1:
        names = "、".join(found)
        message = f"本机关有 {len(found)} 位“{said}”，请填写用户名：{names}"
        raise BadInput([FieldError("to", message)])
    return found[0] if found else said
