"""What the installation remembers of how it is looked after, as stamps of the store: one place for their names and forms.

A stamp is a line of JSON with the moment under `at` (ISO 8601, with its zone) and what else there is to say, or the moment
alone.
"""

import json
from datetime import datetime
from typing import Any

BACKED_UP, NOT_BACKED_UP, DRILL = "backup made", "backup failed", "backup drill"
"""The last whole backup; the last one that failed, with `why`; the last time that one was tried, with `good`."""
VERIFIED = "verified"
"""The last whole run of `gongkai verify`: `events`, the last line of a log that it saw; `broken`, how many faults."""
JOB = "job "
"""Before the name of a job of the worker that failed the last time: `fault`, what kind; `times`, how often in a row."""
LAW_CHECKED = "law "
"""Before the year for which a person has looked through the points of the law: `by`, the user name."""


def said(at: datetime, **more: Any) -> str:
    """What a stamp says."""
    return json.dumps({"at": at.isoformat(), **more}, ensure_ascii=False, sort_keys=True)


def read(stamp: str | None) -> dict[str, Any]:
    """What a stamp says, by word; empty where there is none, or where it cannot be read."""
    if stamp is None:
        return {}
    try:
        found = json.loads(stamp) if stamp.startswith("{") else {"at": stamp}
        at = datetime.fromisoformat(found["at"])
        return {**found, "at": at} if at.tzinfo else {}
    except (ValueError, KeyError, TypeError):
        return {}


def moment_of(stamp: str | None) -> datetime | None:
    """The moment of a stamp; None where there is none."""
    found: datetime | None = read(stamp).get("at")
    return found
