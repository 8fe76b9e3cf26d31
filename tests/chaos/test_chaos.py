"""Killed under load, the store holds what was told."""

from pathlib import Path

import pytest

from tests.chaos.killing import FORM, Installation, Told, faults, killed_again_and_again
from tests.stores import POSTGRES
from workflow.case.application import ApplicationForm
from workflow.service.cases.intake import Intake
from workflow.service.installation import open_office

pytestmark = pytest.mark.skipif(
    POSTGRES, reason="serves a file of SQLite; PostgreSQL: test_mid_flight.py"
)


@pytest.mark.long(reason="starts a server four times and kills it thrice, twenty seconds")
def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    at, told = Installation(tmp_path), Told()
    for told in killed_again_and_again(at, kills=3, clients=4, seed=1):
        assert told.wrong == []
    assert len(told.filed) > 3 and told.moved and told.cut_off
    assert faults(at, told) == []


def test_what_is_lost_or_doubled_is_noticed(tmp_path: Path) -> None:
    """Without a server: what the looking itself finds."""
    at = Installation(tmp_path)
    told = Told(
        filed={"a": "2026-0001", "b": "2026-0001"}, moved={"move-a": "2026-0001"}, wrong=["/x: 500"]
    )
    assert faults(at, told) == [
        "/x: 500", "2026-0001 was told and is not there", "2026-0001 was told and is not there",
        "one number was told to two who filed", "2026-0001 was moved and is not",
    ]  # fmt: skip
    office = open_office(at.settings)
    for _ in range(2):
        Intake(office).file(ApplicationForm.model_validate(FORM))
    office.store.close()
    assert faults(at, Told()) == ["2 cases, 0 told, 0 forms unanswered"]
    assert faults(at, Told(cut_off=2)) == []
