"""That it is the person, said once more before what opens the account to others; and what a session keeps for them meanwhile."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from webui.desk.entering import stamp_of
from webui.here import gongkai, keep_sealed, kept
from workflow.people import Staff

PROVED = "proved"
PROOF_LASTS = timedelta(minutes=10)


def keep_for(name: str, staff: Staff, **more: object) -> None:
    """Keep something in the session for the person, for as long as a proof lasts."""
    at = gongkai().office.now().isoformat()
    keep_sealed(name, {"user": staff.name, "mark": stamp_of(staff), "at": at, **more})


def still_of(held: Mapping[str, str], staff: Staff) -> bool:
    """Whether that was kept for the person, a short while ago."""
    age = gongkai().office.now() - datetime.fromisoformat(held["at"])
    return (held["user"], held["mark"]) == (staff.name, stamp_of(staff)) and age <= PROOF_LASTS


def has_proved(staff: Staff) -> bool:
    """Whether the person has said once more who they are, a short while ago."""
    held = kept(PROVED)
    return held is not None and still_of(held, staff)
