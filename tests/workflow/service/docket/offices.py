"""An office that outlives a test: over a copy of the migrated store, on a day."""

import shutil
from datetime import date, datetime
from pathlib import Path

from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.store.sealed import Secrets
from workflow.store.store import Store


def office_at(migrated: Path, folder: Path, day: date) -> Office:
    """The office at ten in the morning of the day."""
    path = folder / "store.db"
    shutil.copy(migrated, path)
    moment = datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)
    return Office(Store(f"sqlite:///{path}"), Secrets.throwaway(), now=lambda: moment)
