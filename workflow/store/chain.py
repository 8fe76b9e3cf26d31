"""The chain of a log: the hash of every line over what it says and the line before it."""

import hashlib
from datetime import date
from json import JSONEncoder
from typing import Any

from workflow.case.facts import Header, Logged

_PLAIN = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SORTED = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def hash_before(header: Header, opened_on: date) -> str:
    """The hash that the first line of a log is chained to: what the case is besides its events. Name and level
    of its body are no part of it; of who asks the name as it was filed is."""
    said = [
        header.agency, header.number, header.kind, header.request, header.items, header.delivery,
        header.joint_letter, header.redo_of, str(header.redo_due), opened_on.isoformat(),
        [[p.filed_as or p.name, p.category, p.description, p.citizen] for p in header.applicants],
    ]  # fmt: skip
    if header.redo_mode:
        said.append(header.redo_mode)
    text = _PLAIN(said)
    return hashlib.sha256(text.encode()).hexdigest()


def chained_hash(before: str, line: Logged, fields: dict[str, Any]) -> str:
    """The hash of a line of the log over everything it says and the line before it."""
    said = [
        before, line.seq, line.event.name, line.event.on.isoformat(), fields, line.actor, line.role,
        line.recorded_at.timestamp(), list(line.filled),
    ]  # fmt: skip
    if line.stands_for:
        said.append(line.stands_for)
    text = _SORTED(said)
    return hashlib.sha256(text.encode()).hexdigest()
