"""Reads the law's tables and checks them once: a slip in a table stops the start, with its file and row."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from config.law import files
from config.law.applicants import Applicants
from config.law.checking import check
from config.law.errors import LawTableError
from config.law.grounds import Grounds
from config.law.law import Law
from config.law.permissions import PermissionsFile
from config.law.supervision import Supervision
from config.law.tables import (
    Ladder,
    Transition,
)
from config.law.wizard import Wizard
from config.law.words import Words
from config.law.year import YearFile
from config.rows import by_name, read


def made_law(folder: Path) -> Law:
    """The law of a folder. Raises LawTableError with the file and the row that is wrong."""
    outcomes = _file(folder, "outcomes.toml", files.OutcomesFile)
    remedies = _file(folder, "remedies.toml", files.RemediesFile)
    settings = _file(folder, "settings.toml", files.SettingsFile)
    machine = _file(folder, "transitions.toml", files.TransitionsFile)
    law = Law(
        states=_named("states.toml", _file(folder, "states.toml", files.StatesFile).state),
        transitions=_transitions(machine),
        outcomes=_named("outcomes.toml", outcomes.outcome, "code"),
        results=by_name(
            outcomes.result, lambda row: (row.proceeding, row.code), "outcomes.toml", LawTableError
        ),
        remedies=_named("remedies.toml", remedies.remedy, "of"),
        organs=tuple(_named("remedies.toml", remedies.organ, "kind").values()),
        above=remedies.above,
        periods=_named("periods.toml", _file(folder, "periods.toml", files.PeriodsFile).period),
        settings=_named("settings.toml", settings.setting),
        fees=_ladders(_file(folder, "fees.toml", files.FeesFile)),
        setting_groups=settings.groups,
        formats=_file(folder, "tables.toml", files.TablesFile).formats(),
        words=_file(folder, "words.toml", Words),
        applicants=_file(folder, "applicants.toml", Applicants),
        fingerprint=_fingerprint(folder),
        outdated=_named(
            "outdated.toml", _file(folder, "outdated.toml", files.OutdatedFile).outdated
        ),
        grounds=_file(folder, "grounds.toml", Grounds),
        checks=_named("checks.toml", _file(folder, "checks.toml", files.ChecksFile).check, "id"),
        documents=_named(
            "documents.toml",
            _file(folder, "documents.toml", files.DocumentsFile).document,
            "number",
        ),
        checklist=_named(
            "checklist.toml", _file(folder, "checklist.toml", files.ChecklistFile).line
        ),
        year=_file(folder, "year.toml", YearFile).rules(),
        usual=machine.usual,
        titles=machine.fields,
        permissions=_file(folder, "permissions.toml", PermissionsFile).permissions(),
        wizard=_file(folder, "wizard.toml", Wizard),
        supervision=_file(folder, "supervision.toml", Supervision),
    )
    check(law)
    return law


def _ladders(file: files.FeesFile) -> dict[str, tuple[Ladder, ...]]:
    """The tariffs of each mode, the oldest first. Raises LawTableError for two of one day."""
    rows = by_name(
        file.ladder, lambda row: (row.mode, row.holds_from.isoformat()), "fees.toml", LawTableError
    )
    found: dict[str, tuple[Ladder, ...]] = {}
    for _, row in sorted(rows.items()):
        found[row.mode] = (*found.get(row.mode, ()), row)
    return found


def _fingerprint(folder: Path) -> str:
    """A short hash of the tables from which the row of a case follows."""
    tables = ("applicants", "outcomes", "periods", "settings", "states", "transitions")
    said = b"".join((folder / f"{name}.toml").read_bytes() for name in tables)
    return hashlib.sha256(said).hexdigest()[:16]


Model = TypeVar("Model")
Row = TypeVar("Row")


def _file(folder: Path, name: str, model: type[Model]) -> Model:
    return read(folder / name, model, LawTableError)


def _named(file: str, rows: Iterable[Row], key: str = "name") -> dict[str, Row]:
    return by_name(rows, lambda row: str(getattr(row, key)), file, LawTableError)


def _transitions(file: files.TransitionsFile) -> dict[str, Transition]:
    """The rows by event, groups of states written out."""
    rows = _named("transitions.toml", file.transition, "event")
    unused = set(file.groups) - {row.sources[0][1:] for row in rows.values()}
    for name in sorted(unused):
        raise LawTableError(f"transitions.toml: groups: {name}: no row begins with it")
    return {event: _written_out(row, file.groups) for event, row in rows.items()}


def _written_out(row: Transition, groups: Mapping[str, tuple[str, ...]]) -> Transition:
    first = row.sources[0]
    if not first.startswith("@"):
        return row
    if first[1:] not in groups:
        raise LawTableError(f"transitions.toml: {row.event}: no group named {first[1:]}")
    return replace(row, sources=groups[first[1:]])
