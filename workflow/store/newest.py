"""The newest moment that a store knows, and up to where the operator has confirmed that the clock is right."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Select, select

from workflow.dates import SHANGHAI
from workflow.store.models import EventRow, PublishedYearRow
from workflow.store.staff_models import AuditRow
from workflow.store.unit import Unit

STAMP = "clock"
"""The stamp that holds a `Noted`."""
_LAST: dict[str, Select[int, datetime]] = {
    "event": select(EventRow.id, EventRow.recorded_at).order_by(EventRow.id.desc()).limit(1),
    "audit": select(AuditRow.id, AuditRow.recorded_at).order_by(AuditRow.id.desc()).limit(1),
    "published_year": select(PublishedYearRow.id, PublishedYearRow.published_at)
    .order_by(PublishedYearRow.id.desc())
    .limit(1),
}


@dataclass(frozen=True)
class Noted:
    """A moment at which was written, noted now and then; confirmed: by table, the last line whose moment does not
    count any more, because a person has said since what time it is."""

    at: datetime
    confirmed: dict[str, int] = field(default_factory=dict)


def noted(unit: Unit) -> Noted | None:
    """What was noted last; None in a store that nobody has written to."""
    said = unit.stamp(STAMP)
    if said is None:
        return None
    kept = json.loads(said)
    return Noted(datetime.fromisoformat(kept["at"]).astimezone(SHANGHAI), kept["confirmed"])


def note(unit: Unit, at: datetime) -> None:
    """Note that something is written at the moment; what another process noted of a later one stays."""
    known = noted(unit) or Noted(at)
    _keep(unit, replace(known, at=max(known.at, at)))


def confirm(unit: Unit, at: datetime) -> None:
    """Note that it is now, whatever the moments say that were written before."""
    _keep(unit, Noted(at, {name: id_ for name, (id_, _) in _last_lines(unit).items()}))


def newest(unit: Unit) -> datetime | None:
    """The newest of what was noted and of the last lines of log, audit and published years; None if there is none."""
    known = noted(unit)
    confirmed = known.confirmed if known else {}
    moments = [at for name, (id_, at) in _last_lines(unit).items() if id_ > confirmed.get(name, 0)]
    return max([*moments, known.at] if known else moments, default=None)


def _last_lines(unit: Unit) -> dict[str, tuple[int, datetime]]:
    found = {name: unit.session.execute(query).first() for name, query in _LAST.items()}
    return {name: (line[0], line[1]) for name, line in found.items() if line}


def _keep(unit: Unit, said: Noted) -> None:
    kept = {"at": said.at.isoformat(), "confirmed": said.confirmed}
    unit.set_stamp(STAMP, json.dumps(kept, sort_keys=True))
