"""A rehearsal says what an event would lead to, and leaves nothing behind: no line, no number, no message."""

from pathlib import Path

import pytest

from tests.stores import mark_of
from tests.workflow.service.town import Town
from workflow.refusal import BadInput, Refused
from workflow.service import Stale


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-05-06")


def test_it_writes_nothing_and_the_event_itself_is_as_before(town: Town, tmp_path: Path) -> None:
    number, clerk = town.file().number, town.staff("lifang")
    length = town.reading.case(clerk, number).length
    with mark_of(tmp_path / "store.db") as mark:
        before = mark()
        town.moving.rehearse(clerk, number, "withdraw", {"on": "2024-05-06"}, seen=(length,))
        assert mark() == before
    moved = town.moving.apply(clerk, number, "withdraw", {"on": "2024-05-06"}, seen=(length,))
    assert (moved.state, moved.length) == ("closed", length + 1)


def test_it_refuses_as_the_event_would(town: Town, tmp_path: Path) -> None:
    number, clerk = town.file().number, town.staff("lifang")
    with mark_of(tmp_path / "store.db") as mark:
        before = mark()
        with pytest.raises(Stale):
            town.moving.rehearse(clerk, number, "withdraw", {"on": "2024-05-06"}, seen=(99,))
        with pytest.raises(Refused):
            town.moving.rehearse(clerk, number, "serve", {"on": "2024-05-06", "method": "direct"})
        with pytest.raises(BadInput):
            town.moving.rehearse(clerk, number, "withdraw", {"on": "yesterday"})
        assert mark() == before
