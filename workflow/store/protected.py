"""Which rows the journal protects, and why not the others (decision 38). Every table stands in one of the three lists;
a test holds the tables of the store to them.

A row says its columns but those that are left out here. A column that is empty and one that is not there say the same,
so that a later version may add columns that may be empty.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from json import JSONEncoder
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, func, literal, select

from workflow.store.models import Base
from workflow.store.prepared import Among

_TABLES = Base.metadata.tables
_CASE, _FILE = _TABLES["case"], _TABLES["file"]
INSTALLATION = 0
"""The strand of what belongs to no body."""

OWN_CHAIN: Mapping[str, str] = {
    "audit": "its lines are chained by keyed hashes of their own",
    "journal": "it is the journal",
    "journal_head": "each carries its keyed mark",
    "case": "follows from its log, to which `verify` holds it",
    "event": "its lines are chained by hashes of their own",
    "applicant": "part of the chain of its case; what is private opens only with the salt of the case",
    "due_change": "held to the case and its log by `verify`",
    "number": "held to the cases of the body and year by `verify`",
    "watched_day": "follows from the log, to which `verify` holds it",
    "kept_count": "follows from the cases, to which `verify` holds it",
    "verified_case": "each carries its keyed mark",
    "file_content": "opens only for its file, and is held to the hash in the row of the file",
    "file_text": "read in the content of the file; opens only for its file",
}
"""Tables that are held to something else than the journal, each with what that is."""

LEFT_OUT: Mapping[str, str] = {
    "stamp": "what the store remembers of itself; where it counts the value is keyed",
    "desk_session": "a session; ends by itself, and its mark is a hash of what only the browser holds",
    "wrong_password": "counts wrong passwords; a lock is in the audit",
    "due_change_seen": "what a person has put away of a list",
    "looked": "up to where a person has looked at a list",
    "kept_view": "how a person likes to see a list",
    "kept_form": "typed, not sent; sealed; goes within days",
    "applicant_form": "typed, not sent; sealed; goes within a day",
    "begun_application": "typed, not filed; sealed; goes by itself",
    "begun_file": "chosen, not filed; sealed; goes by itself",
    "registration_draft": "typed, not registered; sealed; goes by itself",
    "registration_draft_file": "chosen, not registered; sealed; goes by itself",
    "api_call": "an answer that is given once more; sealed; goes by itself",
    "rate": "how often somebody came; goes within the hour",
    "lease": "which process leads; ends within seconds",
    "attempt": "how the sending of a message went",
    "file_left": "a content outside that is to be deleted; no file is told by it",
    "channel": "how a channel fares",
    "hook_delivery": "what another system was sent; says what the log of the case says, and goes after ninety days",
    "account_code": "a one-time code; sealed; ends within minutes",
    "account_session": "a session; ends by itself, and its mark is a hash of what only the browser holds",
    "directory_login": "a login that is under way; sealed; ends within minutes",
    "account_message": "ties a message to an account; what it says is sealed",
}
"""Tables that say nothing of who did what, each with the reason."""


def _text(value: Any) -> str:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value.isoformat())


_SAID = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_text).encode
Key = tuple[Any, ...]
"""The values of a row's primary key."""


@dataclass(frozen=True)
class Protected:
    """A table whose rows are protected. without: columns that change without anybody deciding anything, each with the
    reason; strand: of which body a row is; only: of its rows those that have this value in this column."""

    table: Table
    strand: ColumnElement[Any]
    without: Mapping[str, str]
    only: tuple[str, str] | None = None

    @cached_property
    def keys(self) -> list[Column[Any]]:
        return list(self.table.primary_key)

    @cached_property
    def columns(self) -> list[Column[Any]]:
        """What a row says, its key among it."""
        return [column for column in self.table.c if column.name not in self.without]

    def says(self, names: Collection[str]) -> bool:
        """Whether one of these columns is protected."""
        return any(column.name in names for column in self.columns)

    def query(self, wrap: Callable[[Column[Any]], Any] = lambda column: column) -> Select[Any]:
        """Its rows: the strand, then what they say."""
        found = select(self.strand.label("strand"), *(wrap(one) for one in self.columns))
        return found.where(*self.clauses())

    def clauses(self) -> Iterator[ColumnElement[bool]]:
        """Which of the rows of the table are protected."""
        if self.only is not None:
            column, value = self.only
            yield self.table.c[column] == value

    def covers(self, row: object) -> bool:
        """Whether an entity of the table is one of those."""
        return self.only is None or getattr(row, self.only[0]) == self.only[1]

    @cached_property
    def _of_keys(self) -> Among:
        first = self.keys[0]
        return Among(lambda ids: self.query().where(first.in_(ids)))

    def rows(self, connection: Any, keys: Collection[Key]) -> Iterator[tuple[int, Key, str]]:
        """Of these rows those that are there: strand, key and what it says."""
        for strand, *values in self._of_keys.rows(connection, {key[0] for key in keys}):
            key = self.key_of(values)
            if key in keys:
                yield strand, key, self.said(values)

    def key_of(self, values: Collection[Any]) -> Key:
        """The key within what a row says."""
        by_name = dict(zip((one.name for one in self.columns), values, strict=True))
        return tuple(by_name[key.name] for key in self.keys)

    def said(self, values: Collection[Any]) -> str:
        """What a row says as one text; content by its hash. Two rows that differ anywhere differ in it."""
        names = (column.name for column in self.columns)
        told = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        return _SAID([self.table.name, told])


def key_text(key: Key) -> str:
    """A key as the journal writes it."""
    return "/".join(map(str, key))


_ALL: ColumnElement[Any] = literal(INSTALLATION)


def _agency(name: str) -> ColumnElement[Any]:
    return func.coalesce(_TABLES[name].c.agency_id, INSTALLATION)


def _by_case(name: str) -> ColumnElement[Any]:
    of_case = select(_CASE.c.agency_id).where(_CASE.c.id == _TABLES[name].c.case_id)
    return func.coalesce(of_case.scalar_subquery(), INSTALLATION)


def _by_file(name: str) -> ColumnElement[Any]:
    of_file = (
        select(_CASE.c.agency_id)
        .join(_FILE, _FILE.c.case_id == _CASE.c.id)
        .where(_FILE.c.id == _TABLES[name].c.file_id)
    )
    return func.coalesce(of_file.scalar_subquery(), INSTALLATION)


_PROGRESS = "how far the sending is"
_OF: Mapping[str, tuple[Callable[[str], ColumnElement[Any]], Mapping[str, str]]] = {
    "agency": (lambda _: _ALL, {}),
    "user": (
        lambda _: _ALL,
        {
            "session_stamp": "changes when sessions end, which is in the audit",
            "last_login_at": "written with every login; logins are in the audit",
        },
    ),
    "role": (lambda _: _ALL, {}),
    "token": (
        lambda _: _ALL,
        {
            "last_used_at": "written with every hour of use",
            "last_used_from": "written with every hour of use",
        },
    ),
    "stand_in": (_agency, {}),
    "unit": (_agency, {}),
    "unit_member": (lambda _: _ALL, {}),
    "contact": (lambda _: _ALL, {}),
    "hook": (
        _agency,
        {
            "failures": _PROGRESS, "last_ok_at": _PROGRESS, "last_failed_at": _PROGRESS,
            "problem": _PROGRESS, "alarmed_at": _PROGRESS,
        },
    ),
    "agency_setting": (_agency, {}),
    "calendar_day": (_agency, {}),
    "national_day": (lambda _: _ALL, {}),
    "picture": (_agency, {"content": "named by its hash, to which `verify` holds it"}),
    "published_year": (_agency, {}),
    "report_version": (_agency, {}),
    "year_entry": (_agency, {}),
    "letter_number": (_agency, {}),
    "letter": (_by_case, {}),
    "file": (_by_case, {}),
    "file_view": (_by_file, {}),
    "case_note": (_by_case, {}),
    "case_message": (_by_case, {}),
    "applicant_opinion": (_agency, {}),
    "applicant_choice": (_by_case, {}),
    "released_answer": (_agency, {}),
    "hastening": (_agency, {}),
    "destruction": (_agency, {}),
    "destroyed_case": (_by_case, {}),
    "parcel": (_agency, {}),
    "taken_over": (_by_case, {}),
    "ledger_import": (
        _agency,
        {
            "total": "how far the taking in is",
            "done_rows": "how far the taking in is",
            "changed_at": "how far the taking in is",
            "content": "goes when the file is taken in",
        },
    ),
    "message": (
        _agency,
        {
            "not_before": _PROGRESS, "bundled": _PROGRESS, "state": _PROGRESS, "attempts": _PROGRESS,
            "claim": _PROGRESS, "claimed_until": _PROGRESS, "done_at": _PROGRESS,
            "problem": _PROGRESS, "digest_id": _PROGRESS, "read_at": _PROGRESS,
        },
    ),
    "applicant_account": (lambda _: _ALL, {}),
    "account_address": (lambda _: _ALL, {}),
    "account_passkey": (
        lambda _: _ALL,
        {"uses": "counts how often it was used", "used_at": "written with every use"},
    ),
    "account_case": (lambda _: _ALL, {}),
    "staff_totp": (
        lambda _: _ALL,
        {"last_counter": "the last code that was used", "used_at": "written with every use"},
    ),
    "staff_passkey": (
        lambda _: _ALL,
        {"uses": "counts how often it was used", "used_at": "written with every use"},
    ),
    "recovery_code": (lambda _: _ALL, {}),
    "directory_link": (lambda _: _ALL, {}),
}  # fmt: skip
_ONLY = {"message": ("kind", "applicant")}
"""Of what is told, what applicants were told is evidence; the rest reminds people who work here."""

PROTECTED: Mapping[str, Protected] = {
    name: Protected(_TABLES[name], strand(name), without, _ONLY.get(name))
    for name, (strand, without) in _OF.items()
}
"""The tables that the journal protects, by their names."""
