"""The nation's days that were loaded at this installation, for commands that need nothing else of it."""

from contextlib import suppress

from config.settings import Settings
from workflow.rules.national import Entry
from workflow.store.notices import Unread, entries_of_file, file_of
from workflow.store.standing_file import NEW, state_of_file


def national_entries(settings: Settings) -> list[Entry]:
    """What was loaded of the nation's days; nothing where there is no store yet. Neither folder nor key is
    made. Raises NotReady where something else lies there than a store."""
    file = file_of(settings.database_url)
    if file is not None:
        if state_of_file(file) in NEW:
            return []
        with suppress(Unread):
            return entries_of_file(file)
    # Not loaded but for stores that need it.
    from workflow.service.installation import entries_in_store

    return entries_in_store(settings)
