"""`verify` goes on where it stumbles, and the log says over what kind of fault and where in the program: it may be one of our
own. What lay in the store is in no log."""

import logging
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.service.town import Town
from workflow.service.cases import verify as verifying

NAME = "欧阳小燕"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    town = Town(tmp_path, "2024-05-06")
    town.file()
    return town


def stumbles(*given: Any, **named: Any) -> Any:
    raise KeyError(NAME)


@pytest.mark.parametrize(
    ("part", "said", "place"),
    [
        ("_opening", "案卷或者日志的内容不是程序能写出的，无法核对", "case 1"),
        ("wrong_counts", "库中有无法读取的内容，这一部分没有核对完", "年报计数"),
    ],
)
def test_a_fault_is_logged_by_kind_and_place(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    part: str,
    said: str,
    place: str,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(verifying, part, stumbles)
        with caplog.at_level(logging.WARNING):
            found = verifying.verify(town.office, full=True)
    assert [one.message for one in found] == [said]
    (line,) = (one.getMessage() for one in caplog.records if one.name == verifying.__name__)
    assert place in line and "builtins.KeyError" in line and "in stumbles" in line
    assert NAME not in line


def test_what_is_in_order_leaves_no_line(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert verifying.verify(town.office, full=True) == []
    assert not [one for one in caplog.records if one.name == verifying.__name__]
