"""What was read and checked is kept as long as no file of config/ changes."""

import pickle
import shutil
import sys

import pytest

from config.kept import ROOM, digest, kept
from config.law import load_law


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A copy of config/, in a Python that keeps compiled files."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    ignored = shutil.ignore_patterns("__pycache__", "fonts")
    yield shutil.copytree(ROOM, tmp_path / "config", ignore=ignored)
    digest.cache_clear()


def made(room, value):
    digest.cache_clear()
    return kept("law", lambda: value, room)


def test_the_same_files_are_read_once(room):
    assert [made(room, "first"), made(room, "second")] == ["first", "first"]


@pytest.mark.parametrize("name", ["law/periods.toml", "law/checking.py", "channels/channels.toml"])
def test_any_change_of_a_table_or_of_what_reads_it_is_read_anew(room, name):
    made(room, "first")
    said = (room / name).read_text(encoding="utf-8")
    (room / name).write_text(said.replace("e", "f", 1), encoding="utf-8")
    assert made(room, "second") == "second"
    (room / name).write_text(said, encoding="utf-8")
    assert made(room, "third") == "third"


def test_a_file_that_was_cut_off_is_made_anew(room):
    made(room, "first")
    (file,) = (room / "__pycache__").iterdir()
    file.write_bytes(file.read_bytes()[:-3])
    assert made(room, "second") == "second"


def test_where_python_keeps_nothing_nothing_is_kept(room, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert made(room, "first") == "first" and not (room / "__pycache__").exists()


def test_the_law_is_the_same_after_it_was_kept():
    law = load_law()
    assert pickle.loads(pickle.dumps(law)) == law
