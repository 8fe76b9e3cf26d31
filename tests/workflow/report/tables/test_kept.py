"""The word under which a case is counted says all that the tables of any year see of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.workflow.report.tables.test_tally import FORMATS, LAW, SETTINGS, YEARS, cases
from workflow.case.counted import CountedCase
from workflow.case.facts import Proceeding
from workflow.report.tables.kept import (
    DISPUTE,
    FOR_EVER,
    LONGEST,
    RECORD,
    Marks,
    group_of,
    kept_of,
    word_of,
)
from workflow.report.tables.succession import Succession, kept, taken_over
from workflow.report.tables.tally import links, tally

PLAIN = CountedCase(
    "2024-0001", "application", ("business",), date(2023, 12, 20), date(2024, 1, 5), "disclosed"
)
MARKS = st.builds(
    Marks,
    st.sampled_from(["", "online", "ems"]),
    st.sampled_from(["", "online", "offline"]),
    st.booleans(),
    st.none() | st.integers(2018, 2026),
    st.lists(st.integers(2018, 2026), max_size=2, unique=True).map(lambda y: tuple(sorted(y))),
    st.sampled_from([(), (RECORD,), (DISPUTE, RECORD)]),
)


@st.composite
def any_case(draw: st.DrawFn) -> CountedCase:
    """A case of any kind, also one that was mended or went to another body."""
    found = draw(cases(1))
    mode = draw(st.sampled_from([None, "replace", "supplement", "correct"]))
    moved = draw(st.none() | st.dates(date(2019, 1, 1), date(2026, 12, 31)))
    return replace(found, redo_mode=mode if found.redo_of else None, moved_on=moved)


def table34(found: list[CountedCase], year: int, settings: dict[str, Any], fmt: str) -> Any:
    tables = tally(found, year, LAW, settings, fmt)
    return tables.table3, tables.table4


@given(any_case(), MARKS, SETTINGS, FORMATS)
def test_a_word_gives_the_tables_of_its_case(
    case: CountedCase, marks: Marks, settings: dict[str, Any], fmt: str
) -> None:
    assume(not links(settings))
    word = word_of(case, marks)
    if word is None:
        assert all(
            not any(n for cells in table.values() for n in cells.values())
            for year in YEARS
            for table in table34([case], year, settings, fmt)
        )
        return
    told = kept_of(word)
    assert told.marks == marks and not told.alone
    given_away = Succession("b", 2022, False), Succession("b", 2022, True)
    for year in YEARS:
        whole, short = [case], [group_of(word, 1)]
        assert table34(short, year, settings, fmt) == table34(whole, year, settings, fmt)
        if year > told.last:
            assert not any(
                n
                for table in table34(whole, year, settings, fmt)
                for c in table.values()
                for n in c.values()
            )
        for one in given_away:
            for seen in (kept, taken_over):
                assert table34(seen(short, year, one), year, settings, fmt) == table34(
                    seen(whole, year, one), year, settings, fmt
                )


def test_a_plain_case_has_a_plain_word() -> None:
    assert word_of(PLAIN) == "2023/2024/application/business/disclosed//"
    assert word_of(PLAIN, Marks("online", "online")) == (
        "2023/2024/application/business/disclosed/online/online"
    )
    assert kept_of("2023/2024/application/business/disclosed//").last == 2024
    assert word_of(replace(PLAIN, received_on=None)) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(
            PLAIN, number="2024-0002", received_on=date(2023, 1, 4), closed_on=date(2024, 12, 31)
        ),
        replace(PLAIN, joint_letter="甲"),
    ],
)
def test_alike_cases_have_one_word(other: CountedCase) -> None:
    assert word_of(other) == word_of(PLAIN)


def test_applicants_after_the_first_stand_in_no_order() -> None:
    mixed = replace(PLAIN, columns=("business", "natural_person", "business"))
    assert word_of(mixed) == word_of(
        replace(PLAIN, columns=("business", "business", "natural_person"))
    )
    assert word_of(mixed) != word_of(
        replace(PLAIN, columns=("natural_person", "business", "business"))
    )


def test_a_case_of_more_than_a_word_can_say_is_counted_by_itself() -> None:
    reviews = tuple(
        Proceeding(n, "review", date(2024, 3, 1), case_number=f"昆复〔2024〕{n}号")
        for n in range(40)
    )
    word = word_of(replace(PLAIN, proceedings=reviews), Marks(fees=(2024,)))
    assert word is not None and len(word) <= LONGEST
    told = kept_of(word)
    assert (told.alone, told.last, told.marks.fees) == (True, FOR_EVER, (2024,))
    assert told.case.row == "disclosed" and len(told.disputed) == 40
