"""Kept counts follow every event in its own transaction, at the price of one statement or of none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.counting import Work, work
from tests.workflow.service.town import Town
from workflow.refusal import Refused
from workflow.service.cases.verify import verify
from workflow.store.counts import rebuild_counts, wrong_counts


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, "2024-05-06")
    yield made
    made.office.store.close()


def words(town: Town) -> dict[str, int]:
    """The words of the township and how often each is kept, those that are at 0 left out."""
    with town.office.store.read() as unit:
        rows = unit.session.execute(
            text("SELECT word, times FROM kept_count WHERE agency_id = 2 AND times > 0")
        )
        return {word: times for word, times in rows}


def to_counts(done: Work) -> int:
    return sum("INTO kept_count" in said for said in done.said)


def test_an_event_changes_the_counts_with_one_statement_or_none(town: Town) -> None:
    with work() as filed:
        number = town.file().number
    assert to_counts(filed) == 1
    (new,) = words(town)
    assert new.startswith("2024//application/natural_person//portal/")
    steps = (
        ("assign", {"to": "农业中心"}, 0),
        ("extend", {"days": 5, "reason": "需要查阅历年纸质档案"}, 0),
        ("withdraw", {}, 1),
    )
    for event, fields, statements in steps:
        with work() as done:
            who = "chen" if event == "extend" else "lifang"
            town.act(who, number, event, "2024-05-07", **fields)
        assert (event, to_counts(done)) == (event, statements)
    (ended,) = words(town)
    assert ended.startswith("2024/2024/application/natural_person/")
    assert verify(town.office, codes=False) == []


def test_a_second_case_is_counted_with_the_first(town: Town) -> None:
    town.file()
    town.file()
    assert list(words(town).values()) == [2]


def test_what_is_refused_counts_nothing(town: Town) -> None:
    number, before = town.file().number, words(town)
    with pytest.raises(Refused):
        town.act("lifang", number, "serve", "2024-05-07", method="direct")
    assert words(town) == before


def test_a_transaction_that_fails_leaves_the_counts(town: Town) -> None:
    town.file()
    before = words(town)
    with pytest.raises(RuntimeError), town.office.store.write() as unit:
        unit.recount(2, None, "2024//application/business///")
        assert unit.words([2], 2024)[2]["2024//application/business///"] == 1
        raise RuntimeError
    assert words(town) == before


@pytest.mark.tampering(reason="a count is spoiled on purpose, to be made anew")
def test_counts_are_made_anew_from_the_cases(town: Town) -> None:
    town.file()
    with town.office.store.engine.begin() as connection:
        connection.execute(text("UPDATE kept_count SET times = 7"))
        assert [(one.agency, one.kept, one.right) for one in wrong_counts(connection)] == [
            ("panlong", 7, 1)
        ]
        rebuild_counts(connection, [1])
        assert len(list(wrong_counts(connection))) == 1
        rebuild_counts(connection, [2])
        assert list(wrong_counts(connection)) == []
    assert list(words(town).values()) == [1]
