"""The demonstration store shows its reminders on whatever day it is filled."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.workflow.service.sampling import migrated_store
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.docket.sample import fill_sample
from workflow.service.parcels import Parcels
from workflow.store.message_models import MessageRow
from workflow.store.sealed import Secrets

SHOWN = {
    "confirm", "assign", "begin", "correction_question_4", "draft_10", "extension_3", "reply_5", "reply_2",
    "reply_0", "reply_red", "secrecy_review_late", "send_late", "parcel_daily", "parcel_late",
}  # fmt: skip
"""What a township's people find in the system: unconfirmed, not assigned, due soon, due today, late, not sent."""


def shown_on(folder: Path, moment: str) -> dict[str, set[str]]:
    """What the people of each body find in the inbox of a store that was filled at the moment."""
    now = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    store = migrated_store(folder / "store.db")
    office = Office(store, Secrets.throwaway(), now=lambda: now)
    fill_sample(office, "Blue-Paper-42")
    with store.read() as unit:
        rows = unit.session.query(MessageRow).filter_by(channel="in_app", state="sent").all()
        found: dict[str, set[str]] = {}
        for row in rows:
            assert row.done_at is not None and row.done_at <= now and row.agency is not None
            found.setdefault(row.agency.code, set()).add(row.moment)
    book = Parcels(office).book(office.staff("lifang"), "panlong")
    assert book.open == 3
    store.close()
    return found


@pytest.mark.long
@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-27T10:00:00",  # Friday, and the days of the weekend after it
        "2026-11-28T10:00:00",
        "2026-11-29T10:00:00",
        "2026-11-30T07:00:00",  # Monday before and after the reminders of the morning
        "2026-11-30T10:00:00",
        "2026-10-04T10:00:00",  # within and after the long holidays
        "2026-10-08T10:00:00",
        "2026-02-18T23:59:00",
        "2026-02-24T10:00:00",
        "2027-01-01T00:30:00",  # the first days of a year
        "2026-01-04T10:00:00",
    ],
)
def test_the_reminders_are_there_on_any_day(tmp_path: Path, moment: str) -> None:
    found = shown_on(tmp_path, moment)
    assert found["panlong"] >= SHOWN, SHOWN - found["panlong"]
    assert found["yszrzy"] >= SHOWN, SHOWN - found["yszrzy"]
