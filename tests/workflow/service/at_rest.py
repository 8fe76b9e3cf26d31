"""A case whose words are known, and what of them lies in the store."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, select

from tests.workflow.service.sampling import KEYS
from tests.workflow.service.test_retention import NAME, NOTED, PROOF, REQUEST
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.cases.search import Search
from workflow.store.dialect_index import INDEX
from workflow.store.models import ApplicantRow, CaseRow, EventRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store
from workflow.store.words import of_words, text_of

SEALING = Secrets(KEYS.now.secret, seals_words=True)
PHONE = "13800138000"
WORDS = (NAME, PROOF, PHONE, REQUEST, NOTED, "水库移民", "欧阳", "两次")
MOMENT = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)


def opened(path: Path, keys: Secrets) -> Office:
    return Office(Store(f"sqlite:///{path}"), keys, now=lambda: MOMENT)


def lying(engine: Engine) -> str:
    """Every table of the database as it lies there, the index among them, with what JSON writes in digits read."""
    found = []
    with engine.connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        scanned = set(inspect(connection).get_table_names())
        if connection.dialect.name == "sqlite":
            scanned -= {INDEX}  # what FTS5 keeps lies in tables beside it
        for name in sorted(scanned):
            rows = connection.exec_driver_sql(f"SELECT * FROM {quote(name)}").all()
            found += [_read(value) for row in rows for value in row]
    return "\n".join(found)


def _read(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), str(value))


def in_files(path: Path) -> bytes:
    """The bytes of the database and of what it has not taken over from its log."""
    return b"".join(one.read_bytes() for one in (path, Path(f"{path}-wal")) if one.exists())


def left_of(words: tuple[str, ...], said: str | bytes) -> list[str]:
    if isinstance(said, str):
        return [one for one in words if one in said]
    written = {one: (one.encode(), json.dumps(one).strip('"').encode()) for one in words}
    return [one for one, forms in written.items() if any(form in said for form in forms)]


def rows(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """What the logs, their hashes and who asks say."""
    with office.store.read() as unit:
        return {
            row.__tablename__: [
                tuple(one)
                for one in unit.session.execute(select(*row.__table__.c).order_by(row.id))
            ]
            for row in (CaseRow, EventRow, ApplicantRow)
        }


def as_it_lies(office: Office) -> list[Any]:
    """Every value that may be sealed."""
    found = []
    with office.store.read() as unit:
        for _, column in of_words():
            found += list(unit.session.scalars(select(text_of(column))))
    return [str(one).strip('["') for one in found]


def found_by(office: Office, words: str) -> list[Any]:
    """The cases that a search of the clerk finds."""
    staff = office.staff("lifang")
    assert staff
    return list(Search(office).find(staff, words).cases)
