"""Where a case came from, of one that another platform handed over with its history."""

from datetime import datetime

from workflow.service.cases.views import HandedOverFrom
from workflow.service.office import Office
from workflow.store import taken_over
from workflow.store.unit import Unit


def place_of(case_id: int) -> str:
    """Where what the platform told of the case is sealed for."""
    return f"taken over {case_id}"


def handed_over_from(office: Office, unit: Unit, case_id: int) -> HandedOverFrom | None:
    """Where the case was handed over from; None for one that began here."""
    row = taken_over.of_case(unit, case_id)
    if row is None:
        return None
    told = office.keys.open(row.told, place_of(case_id)) if row.told else {}
    recorded = {
        seq: (datetime.fromisoformat(moment) if moment else None, name)
        for seq, moment, name in told.get("recorded", ())
    }
    return HandedOverFrom(row.platform, row.number, row.actor, row.at, recorded)
