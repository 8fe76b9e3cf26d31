"""The columns and words of ledgers (台账): `load_ledger()` reads and checks columns.toml once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.errors import TableError
from config.law import load_law
from config.rows import ROW, Flag, Text, Texts, Word, by_name, made_from, read, required

FOLDER = Path(__file__).parent
FILE = "columns.toml"
NEEDED = (
    *("place", "number", "received_on", "submitted_on", "channel", "applicant", "category", "contact"),
    *("address", "email", "id_number", "request", "unit", "handler", "assigned_on"),
    *("correction_sent", "correction_due", "correction_got", "party_sent", "party_got"),
    *("party_opinion", "bodies_asked", "extension_on", "extension_days", "extension_told"),
    *("fee_on", "fee_amount", "fee_paid", "due", "inner_due", "answered_on", "letter", "outcome"),
    *("basis", "withholds", "signer", "method", "served_on", "tracking", "used_days", "late"),
    *("published", "review", "review_result", "suit", "suit_result", "archive", "remark"),
)  # fmt: skip
"""The columns that the program writes and reads."""
OTHER_MISC = "other_misc"
"""A word of [words.outcome] that is no outcome: which of several it is, nobody wrote down."""


class LedgerTableError(TableError):
    """A row of columns.toml that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the ledger. head: of our own export; also: other heads for the same; read_only: the
    export does not write it. meaning: of what stands in it, in a sentence."""

    __pydantic_config__ = ROW

    name: Word
    head: Text
    kind: Literal["text", "day", "days", "number", "words"]
    also: Texts
    read_only: Flag = False
    meaning: Annotated[str, made_from(Text)] = ""


Words = Mapping[Word, Texts]


@dataclass(frozen=True, slots=True)
class Ledger:
    """columns by name, in the order of the export; words by what they tell: word of the law → how it is
    written in cells."""

    __pydantic_config__ = ROW

    columns: Annotated[
        dict[Word, Column],
        made_from(
            list[Column], lambda rows: by_name(rows, lambda row: row.name, FILE, LedgerTableError)
        ),
        Field(alias="column"),
    ]
    words: dict[Word, Words]

    def written(self) -> tuple[Column, ...]:
        """The columns that the export writes, in order."""
        return tuple(column for column in self.columns.values() if not column.read_only)


@cache
def load_ledger(folder: Path = FOLDER) -> Ledger:
    """The table, checked against the words of the law. Raises LedgerTableError."""
    made = read(folder / FILE, Ledger, LedgerTableError)
    required(FILE, "column", NEEDED, made.columns, LedgerTableError)
    for column in made.written():
        if not column.meaning:
            raise LedgerTableError(
                f"{FILE}: column.{column.name}.meaning: what stands in it must be told"
            )
    law = load_law()
    there: dict[str, set[str]] = {
        "channel": set(law.words.channels),
        "category": set(law.formats.applicant_columns()),
        "organization": {"organization"},
        "opinion": set(law.words.opinions),
        "method": set(law.words.methods),
        "courier": {"courier"},
        "outcome": {*law.outcomes, OTHER_MISC},
        "review_result": {code for kind, code in law.results if kind == "review"},
        "suit_result": {code for kind, code in law.results if kind == "suit"},
        "state": {"open", "voided", "rerouted"},
        "class": {"refuse", "unable", "not_processed"},
    }
    required(FILE, "words", there, made.words, LedgerTableError)
    for name, known in there.items():
        required(FILE, f"word of {name}", known, made.words[name], LedgerTableError)
        unknown = set(made.words[name]) - known
        if unknown:
            raise LedgerTableError(
                f"{FILE}: words.{name}: {', '.join(sorted(unknown))} is none of the law's"
            )
    return made
