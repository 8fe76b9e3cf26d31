"""What hangs on a key: everything that is sealed, every keyed hash that is looked for, and every chain that is held to
one. Sealing anew goes by these tables (docs/decisions/0039); `tests/workflow/store/test_keyed.py` finds what is missing
in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    String,
    Table,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
)

from workflow.store import (
    account_models,
    begun_models,
    call_models,
    file_models,
    hook_models,
    ledger_models,
    letter_models,
    message_models,
    note_models,
    parcel_models,
    staff_models,
    thread_models,
)
from workflow.store.key import HEAD, HEADER, Key
from workflow.store.models import Base, StampRow
from workflow.store.sealed import CONTENT, PERSONAL
from workflow.store.unit import Unit
from workflow.store.words import of_words, words_by

_LOADED = (
    account_models, begun_models, call_models, file_models, hook_models, ledger_models, letter_models,
    message_models, note_models, parcel_models, staff_models, thread_models,
)  # fmt: skip
TABLES: Mapping[str, Table] = Base.metadata.tables
CHECK = "key"
"""The stamp that tells the first key from another, and nothing of the key; of a later one with its number."""
CHAIN_DIGITS = 80
"""So long is a column that keeps a keyed hash to which something is held for ever."""


PASSING = ("wrong_password",)
"""Tables whose keyed hashes count for minutes: nothing is held to them afterwards."""


def check_name(number: int) -> str:
    """The stamp that tells the key of that number from another."""
    return f"{CHECK} {number}" if number else CHECK


def checks(unit: Unit) -> dict[int, str]:
    """What the store knows of its keys, by number."""
    query = select(StampRow.name, StampRow.value).where(
        or_(StampRow.name == CHECK, StampRow.name.like(f"{CHECK} %"))
    )
    return {int(name.partition(" ")[2] or 0): value for name, value in unit.session.execute(query)}


@dataclass(frozen=True)
class Sealed:
    """A column that is sealed. place: to what it belongs, with the columns of its row; `salt` is that of its case.
    together: how many rows are sealed anew in one transaction."""

    table: str
    column: str
    place: str
    purpose: str = PERSONAL
    together: int = 100

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def of(self) -> Table:
        return TABLES[self.table]

    @property
    def sealed(self) -> Column[Any]:
        return self.of.c[self.column]


SALT = "salt {salt}"
CONTENTS = 8
"""Contents of files in one transaction."""
SEALED = (
    Sealed("applicant", "sealed", SALT),
    Sealed("applicant_opinion", "sealed", SALT),
    Sealed("case_message", "sealed", SALT),
    Sealed("case_note", "sealed", SALT),
    Sealed("letter", "sealed", SALT),
    Sealed("file", "sealed", "case {case_id} file {id}"),
    Sealed("file_content", "sealed", "case {case_id} file {file_id} content", CONTENT, CONTENTS),
    Sealed("file_text", "sealed", "case {case_id} file {file_id} text", CONTENT),
    Sealed("parcel", "sealed", "parcel {id}"),
    Sealed("registration_draft", "sealed", "draft {id}"),
    Sealed("registration_draft_file", "sealed", "draft {draft_id} file {id}"),
    Sealed("registration_draft_file", "content", "draft {draft_id} file {id} content", CONTENT, CONTENTS),
    Sealed("begun_application", "sealed", "begun {id}"),
    Sealed("begun_file", "sealed", "begun {begun_id} file {id}"),
    Sealed("begun_file", "content", "begun {begun_id} file {id} content", CONTENT, CONTENTS),
    Sealed("kept_form", "sealed", "kept form {id}"),
    Sealed("applicant_form", "sealed", "kept form {id}"),
    Sealed("contact", "sealed", "contact {user_id}"),
    Sealed("hook", "sealed", "hook {id}"),
    Sealed("applicant_account", "sealed", "account {id}"),
    Sealed("account_address", "sealed", "account {account_id}"),
    Sealed("account_case", "sealed", "account {account_id} case {case_id}"),
    Sealed("account_code", "sealed", "account code {mark}"),
    Sealed("account_message", "sealed", "account message {message_id}"),
    Sealed("api_call", "answer", "api call {key}"),
    Sealed("staff_totp", "sealed", "totp {user_id}"),
    Sealed("directory_login", "sealed", "directory login {mark}"),
    Sealed("ledger_import", "told", "ledger"),
    Sealed("taken_over", "told", "taken over {case_id}"),
    Sealed("ledger_import", "content", "ledger", CONTENT, CONTENTS),
)  # fmt: skip
NOT_SEALED = ("account_passkey.public_key", "staff_passkey.public_key", "picture.content")
"""Bytes that are no secret."""
IDENTITY, WITHOUT_PROOF = "applicant.identity", "applicant.identity without proof"
"""The hash of a proof of identity; of applicants who came with a file, which told no more of them, it cannot be made anew."""
ADDRESS = "account address"
"""What the hash of an address is for."""
LOOKED_FOR = (
    "case.query_hash", IDENTITY, "applicant.name_hash", "account_address.hash", "account_case.opens",
)  # fmt: skip
"""Keyed hashes by which something is found; made anew with what they are of."""


# -- how much hangs on which key ----------------------------------------------------------------------


def _chains() -> Iterator[tuple[str, Column[Any]]]:
    for name, table in sorted(TABLES.items()):
        for column in table.columns:
            long = isinstance(column.type, String) and column.type.length == CHAIN_DIGITS
            if long and name not in PASSING:
                yield f"{name}.{column.name}", column


def _hashes() -> Iterator[tuple[str, Column[Any]]]:
    for name in LOOKED_FOR:
        table, _, column = name.partition(".")
        yield name, TABLES[table].c[column]


def sealed_by(column: Column[Any], number: int) -> ColumnElement[bool]:
    """Sealed by the key of that number: what says no number is the first key's."""
    start = func.substr(column, 1, HEADER, type_=LargeBinary())
    said = [
        start == literal(Key(number, b"", cipher).named, LargeBinary()) for cipher in ("aes", "sm")
    ]
    if number:
        return or_(*said)
    head = func.substr(column, 1, len(HEAD), type_=LargeBinary())
    return or_(*said, and_(func.length(column) > 0, head != literal(HEAD, LargeBinary())))


def hashed_by(column: Column[Any], number: int) -> ColumnElement[bool]:
    if number:
        return column.like(f"{number}:%")
    return and_(column != "", or_(not_(column.like("%:%")), column.like("sm3:%")))


def hanging(unit: Unit, number: int) -> dict[str, int]:
    """How many values hang on the key of that number, by table and column; only those where there are some."""
    asked: list[tuple[str, Column[Any], ColumnElement[bool]]] = [
        (one.name, one.sealed, sealed_by(one.sealed, number)) for one in SEALED
    ]
    asked += [(name, one, words_by(one, number)) for name, one in of_words()]
    asked += [(name, one, hashed_by(one, number)) for name, one in (*_hashes(), *_chains())]
    identity, sealed = TABLES["applicant"].c.identity, TABLES["applicant"].c.sealed
    asked.remove(next(one for one in asked if one[0] == IDENTITY))
    made = hashed_by(identity, number)
    asked += [
        (IDENTITY, identity, and_(made, sealed.is_not(None))),
        (WITHOUT_PROOF, identity, and_(made, sealed.is_(None))),
    ]
    found = {
        name: unit.connection.scalar(select(func.count()).select_from(column.table).where(condition)) or 0
        for name, column, condition in asked
    }  # fmt: skip
    return {name: count for name, count in found.items() if count}


def stays(name: str) -> bool:
    """True for what sealing anew leaves as it is: it is held to the key that made it, or of what it was made is nowhere."""
    return name == WITHOUT_PROOF or name in {one for one, _ in _chains()}


def hangs_on(unit: Unit, number: int) -> bool:
    """True if something can only be read or proved with the key of that number."""
    return bool(hanging(unit, number))
