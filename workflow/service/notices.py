"""The nation's days that were loaded at this installation, for commands that need nothing else of it."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from config.settings import Settings
from workflow.rules.national import Entry
from workflow.store.notices import entries_of_file

_FILE = "sqlite:///"


def national_entries(settings: Settings) -> list[Entry]:
    """What was loaded of the nation's days; nothing where there is no store yet. Neither folder nor key is
    made."""
    url = settings.database_url
    if url.startswith(_FILE) and "?" not in url:
        file = Path(url.removeprefix(_FILE))
        if not file.is_file():
            return []
        with suppress(sqlite3.Error):
            return entries_of_file(file)
    # Not loaded but for stores that need it.
    from workflow.service.installation import entries_in_store

    return entries_in_store(settings)
