"""The nation's loaded days out of a store that is a file, without what the rest of the store needs.

`gongkai deadline` counts a few days; to load the mappings for them takes four times as long.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from workflow.dates import SHANGHAI
from workflow.rules.national import Entry
from workflow.store.standing_file import to_look_at

Unread = sqlite3.Error
"""A file that cannot be read so."""
_FILE = "sqlite:///"
_QUERY = "SELECT notice, year, day, works, actor, recorded_at FROM national_day ORDER BY id"


def file_of(url: str) -> Path | None:
    """The file that an address of a store names and nothing else; None for any other address."""
    named = url.startswith(_FILE) and "?" not in url
    return Path(url.removeprefix(_FILE)) if named else None


def entries_of_file(file: Path) -> list[Entry]:
    """The same as `Unit.national_entries`; nothing of a store from before the days of the nation.

    Raises Unread.
    """
    with closing(sqlite3.connect(to_look_at(file), uri=True)) as connection:
        known = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'national_day'"
        if not connection.execute(known).fetchone()[0]:
            return []
        rows = connection.execute(_QUERY).fetchall()
    return [
        Entry(
            notice,
            year,
            date.fromisoformat(day),
            None if works is None else bool(works),
            actor,
            datetime.fromisoformat(recorded_at).replace(tzinfo=UTC).astimezone(SHANGHAI),
        )
        for notice, year, day, works, actor, recorded_at in rows
    ]
