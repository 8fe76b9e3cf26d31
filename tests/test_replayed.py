"""The watch over every test's stores: it sees a store that was tampered with, and nothing else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

WITNESSES = """
import pytest
from sqlalchemy import text
from tests.tampering import tampering
from tests.workflow.store.test_store import form
from workflow.service.cases.intake import Intake
from workflow.service.installation import temporary_office

OPEN = []


def filed(change=None):
    with temporary_office() as office:
        with office.store.write() as unit:
            office.add_agency(unit, code="panlong", name="盘龙彝族乡人民政府", level="township")
        Intake(office).file(form())
        if change:
            with tampering(office.store) as connection:
                connection.execute(text(change))


def test_untouched():
    filed()

def test_changed_row():
    filed("UPDATE \\"case\\" SET state = 'served'")

def test_changed_log():
    filed("UPDATE event SET actor = 'somebody'")

def test_left_open():
    manager = temporary_office()
    office = manager.__enter__()
    OPEN.append((manager, office))
    with office.store.write() as unit:
        office.add_agency(unit, code="panlong", name="盘龙彝族乡人民政府", level="township")
    Intake(office).file(form())
    with tampering(office.store) as connection:
        connection.execute(text("DELETE FROM event"))

def test_empty_after_the_others():
    with temporary_office():
        pass

@pytest.mark.tampering(reason="says so")
def test_changed_and_says_so():
    filed("UPDATE \\"case\\" SET state = 'served'")

@pytest.mark.tampering
def test_says_so_without_reason():
    filed("UPDATE \\"case\\" SET state = 'served'")
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run of the witnesses prints, each test with the letter of its outcome."""
    root = Path(__file__).parent.parent
    file = tmp_path_factory.mktemp("witnesses") / "test_witnesses.py"
    file.write_text(WITNESSES, encoding="utf-8")
    ini = file.with_name("pytest.ini")
    ini.write_text("[pytest]\nmarkers = tampering: breaks a store on purpose\n")
    command = ["-m", "pytest", "-p", "tests.replayed", "-p", "no:cacheprovider", "-rA", "-q"]
    done = subprocess.run(
        [sys.executable, *command, "-c", str(ini), str(file)],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONPATH": str(root),
            "PYTHONIOENCODING": "utf-8",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
    )
    return done.stdout + done.stderr


def errors(outcome: str) -> dict[str, str]:
    """What is told before or after each test that failed there."""
    parts = re.split(r"_+ ERROR at (?:setup|teardown) of (\w+) _+", outcome)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(
    "name", ["test_untouched", "test_empty_after_the_others", "test_changed_and_says_so"]
)
def test_store_in_order_or_tampered_with_on_purpose_passes(name: str, outcome: str) -> None:
    assert re.search(rf"^PASSED .*::{name}$", outcome, re.MULTILINE), outcome
    assert name not in errors(outcome)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("test_changed_row", "案卷的“state”与日志推算的不符"),
        ("test_changed_log", "日志第 1 条或者申请的内容与校验值不符"),
        ("test_left_open", "日志全部缺失"),
        ("test_says_so_without_reason", "tampering needs its reason"),
    ],
)
def test_store_that_does_not_follow_from_its_log_fails_its_test(
    name: str, told: str, outcome: str
) -> None:
    assert told in errors(outcome)[name]
