"""The keyed hashes of cases: what each of them is over (decision 37).

The plain chain of a log (`chain.py`) shows to anybody what belongs together, also in a package far from this
installation. That nobody made it anew show keyed hashes over it, each for a purpose of its own: nobody without the
installation's secret makes one, and one of them is of no use in another's place.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from json import JSONEncoder
from typing import Any

from workflow.case.facts import Header
from workflow.store.chain import hash_before
from workflow.store.sealed import Secrets

LINE, HEAD, RECORD, MOVED = "case chain", "case head", "case record", "case moved"
COUNTER, COUNTERS = "case counter", "case counters"
"""Purposes: a line of a log; where the log ends; the case besides its log; a due day that moved; the last number
of a body and year; which bodies and years have one."""

Private = tuple[bytes | None, str | None]
"""What is sealed of an applicant, and the keyed hash of the proof of identity."""
_TEXT = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

BESIDE = (
    "submitted_at", "medium", "submit_key", "code_salt", "query_hash", "code_turn", "uploaded_at",
)  # fmt: skip
"""Columns of a case row of which its log says nothing. The first four never change; for the others `record_seal`
is made anew by whoever changes them."""
NEVER_CHANGED = BESIDE[:4]
MOVED_SAYS = (
    "recorded_at", "actor", "cause", "reason", "kind", "old_next_due", "new_next_due", "old_reply_due",
    "new_reply_due",
)  # fmt: skip
"""Columns of a change of due days."""


def line_said(line_hash: str, once: str | None, begun: str) -> str:
    """What the seal of a line is over: its hash, and with it everything that it and the lines before it say, the key
    under which it was applied, and of the first line what the case began with (`beginning`)."""
    return _TEXT([line_hash, once, begun])


def beginning(row: Mapping[str, Any]) -> str:
    """What a case began with, besides what `hash_before` covers. row: NEVER_CHANGED."""
    return _TEXT([_plain(row[name]) for name in NEVER_CHANGED])


def head_said(agency: str, number: str, length: int, head_hash: str, moved: str | None) -> str:
    """What tells where a log ends, so that none of its last lines can be taken away: how many lines it has, the hash
    of the last one (`hash_before` where there is none), and the seal of the last change of its due days."""
    return _TEXT([agency, number, length, head_hash, moved])


def record_said(
    agency: str, number: str, row: Mapping[str, Any], private: Iterable[Private]
) -> str:
    """What the case is besides its log and its header. row: the columns BESIDE; private: of each applicant, in order."""
    persons = [[sha256(data).hexdigest() if data else None, proof] for data, proof in private]
    return _TEXT([agency, number, [_plain(row[name]) for name in BESIDE], persons])


def moved_said(before: str | None, agency: str, number: str, row: Mapping[str, Any]) -> str:
    """What a change of due days says, and that it follows the one with the seal of before. row: MOVED_SAYS."""
    return _TEXT([before, agency, number, [_plain(row[name]) for name in MOVED_SAYS]])


def counter_said(agency: str, year: int, last: int) -> str:
    """That a body has given so many numbers in a year."""
    return _TEXT([agency, year, last])


def counters_said(counters: Iterable[tuple[str, int]], gaps: Iterable[Sequence[Any]]) -> str:
    """Which bodies count numbers in which years, and which numbers a ledger that was taken over left out
    (body, year, first, last)."""
    return _TEXT([sorted(list(one) for one in counters), sorted(list(one) for one in gaps)])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    return value.isoformat() if isinstance(value, date) else value


# -- making them --------------------------------------------------------------------------------------


def seal_line(keys: Secrets, line: Mapping[str, Any], begun: str) -> str:
    """The seal of a line (`event_values`). begun: what its case began with (`beginning`), of the first line alone."""
    return keys.digest(LINE, line_said(line["hash"], line["once"], begun))


def seal_head(
    keys: Secrets, agency: str, number: str, length: int, head_hash: str, moved: str | None
) -> str:
    return keys.digest(HEAD, head_said(agency, number, length, head_hash, moved))


def seal_start(keys: Secrets, header: Header, opened_on: date) -> str:
    """The seal of the head of a case without events: it ends where its first line will be chained to."""
    before = hash_before(header, opened_on)
    return seal_head(keys, header.agency, header.number, 0, before, None)


def beginning_seals(
    keys: Secrets, header: Header, opening: Mapping[str, Any], private: Iterable[Private]
) -> dict[str, str]:
    """The columns of a case without events (`opening_values`) that seal it."""
    row = {"uploaded_at": None, "submit_key": None, **opening}
    return {
        "seal": keys.digest(RECORD, record_said(header.agency, header.number, row, private)),
        "head_seal": seal_start(keys, header, row["opened_on"]),
    }


def holds(keys: Secrets, purpose: str, said: str, kept: Any) -> bool:
    """True if what is kept, whatever it is, seals what is said."""
    return isinstance(kept, str) and kept.isascii() and keys.proves(purpose, said, kept)
