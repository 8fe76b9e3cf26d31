"""A slip in a table of the law is told when it is loaded, or when the machine is built."""

import shutil
from pathlib import Path

import pytest

from config.law import Law, LawTableError, load_law
from config.law.load import FOLDER
from workflow.case import guards
from workflow.case.machine import CaseMachine


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "law"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


SLIPS = [
    ("transitions.toml", 'to = "served"', 'to = "serevd"', r"transitions\.toml: serve: .*serevd"),
    ("transitions.toml", 'from = ["ready"]', 'from = ["raedy"]', r"transitions\.toml: serve: .*raedy"),
    ("transitions.toml", 'from = "in_hand"', 'from = "inhand"', r"transitions\.toml: .*inhand"),
    ("transitions.toml", 'event = "extend"', 'event = "approve"', r"transitions\.toml: .*approve stands twice"),
    ("transitions.toml", 'by = ["leader"]', 'by = ["laeder"]', r"transitions\.toml: approve: .*laeder"),
    ("transitions.toml", 'clock = "lengthen"', 'clock = "lengthn"', r"transitions\.toml: extend: .*lengthn"),
    ("transitions.toml", 'to = "rerouted"', 'to = "served"', r"transitions\.toml: .*rerouted"),
    ("transitions.toml", "[[transition]]", "[[transition]", r"transitions\.toml"),
    ("outcomes.toml", 'row = "disclosed"', 'row = "disclosd"', r"outcomes\.toml: already_public: .*disclosd"),
    ("outcomes.toml", 'needs = ["address"]', 'needs = ["adress"]', r"outcomes\.toml: already_public: .*adress"),
    ("outcomes.toml", 'code = "supplied"', 'code = "partial"', r"outcomes\.toml: .*partial stands twice"),
    ("outcomes.toml", 'set_by = "lapse_fee"', 'set_by = "laps_fee"', r"outcomes\.toml: fee_unpaid: .*laps_fee"),
    ("applicants.toml", 'column = "legal_service"', 'column = "lawyers"', r"applicants\.toml: .*lawyers"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "told"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_slip_in_a_table_is_told_with_file_and_row(
    file: str, old: str, new: str, told: str, tables: Path
) -> None:
    change(tables, file, old, new)
    with pytest.raises(LawTableError, match=told):
        load_law(tables)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"not_yet_extended"', '"not_yet_extendet"', r"transitions\.toml: extend: .*not_yet_extendet"),
        ('event = "archive"', 'event = "archiv"', r"transitions\.toml: archiv: .*events/models\.py"),
    ],
)  # fmt: skip
def test_slip_that_concerns_the_code_is_told_when_the_machine_is_built(
    old: str, new: str, told: str, tables: Path
) -> None:
    change(tables, "transitions.toml", old, new)
    with pytest.raises(LawTableError, match=told):
        CaseMachine(load_law(tables))


def test_unchanged_copy_of_the_tables_loads(tables: Path) -> None:
    CaseMachine(load_law(tables))


def test_every_guard_has_a_sentence_and_a_place_in_the_table(law: Law) -> None:
    used = {name for row in law.transitions.values() for name in row.guards}
    assert used == set(guards.GUARDS)
    for guard in guards.GUARDS.values():
        assert guard.sentence.endswith("。")
