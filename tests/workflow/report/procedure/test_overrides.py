"""Numbers put in by hand: the sums follow them, in both formats, and nothing counts unconfirmed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law
from tests.workflow.report.sound_reports import sound_reports
from workflow.report import checks
from workflow.report.annual import AnnualReport
from workflow.report.procedure.overrides import (
    columns_by_hand,
    number_of,
    place_of,
    rows_by_hand,
    with_overrides,
)

FORMATS = load_law().formats


def by_hand(place: tuple[str, str, str], value: Any, confirmed: bool = True) -> dict[str, Any]:
    table, row, column = place
    return {
        "table": table, "row": row, "column": column, "value": value, "reason": "漏登", "by": "li",
        **({"confirmed_by": "chen"} if confirmed else {}),
    }  # fmt: skip


def places(fmt: str) -> list[tuple[str, str, str]]:
    return [
        place
        for row in rows_by_hand(fmt, FORMATS)
        for column in columns_by_hand(fmt, FORMATS)
        if row.table == column.table
        and (place := place_of(row.table, row.key, column.key, fmt, FORMATS))
    ]


@given(report=sound_reports(), data=st.data())
def test_whatever_is_put_in_the_sums_follow(report: AnnualReport, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(places(report.format)), max_size=6, unique=True))
    put_in = [by_hand(place, data.draw(st.integers(0, 999))) for place in chosen]
    made = with_overrides(report, put_in, FORMATS)
    for table, row, column in chosen:
        put = next(
            o["value"]
            for o in put_in
            if (o["table"], o["row"], o["column"]) == (table, row, column)
        )
        assert getattr(made, table)[row][column] == put
    found = checks.findings(made, load_law())
    assert not [one for one in found if one.rule in ("V02", "V03", "V04", "V07")]


@given(report=sound_reports())
def test_what_nobody_confirmed_changes_nothing(report: AnnualReport) -> None:
    waiting = [by_hand(place, 7, confirmed=False) for place in places(report.format)[:5]]
    assert with_overrides(report, waiting, FORMATS) == report


def test_sums_take_no_number_by_hand() -> None:
    for fmt in FORMATS.rows:
        assert all(row != "total" and column != "total" for _, row, column in places(fmt))
    assert place_of("table3", "total", "business", "2021", FORMATS) is None
    assert place_of("table3", "disclosed", "total", "2021", FORMATS) is None
    assert place_of("table2", "permits", "made", "2021", FORMATS) is None
    assert place_of("table2", "charges", "amount_10k", "2019", FORMATS) is None
    assert place_of("table4", "review", "upheld", "2019", FORMATS) == ("table4", "review", "upheld")


def test_every_column_stands_in_one_table_only() -> None:
    for fmt in FORMATS.rows:
        keys = [one.key for one in columns_by_hand(fmt, FORMATS)]
        assert len(keys) == len(set(keys))


def documents(**cells: int) -> AnnualReport:
    table2 = {"normative_documents": {"made": 2, "repealed": 1, "in_force": 11, **cells}}
    return AnnualReport("某乡", 2024, "2021", table2=table2)


@pytest.mark.parametrize(
    ("put_in", "in_force"),
    [
        ({"made": 5}, 14),
        ({"repealed": 0}, 12),
        ({"made": 3, "repealed": 3}, 10),
        ({"made": 5, "in_force": 20}, 20),
    ],
)
def test_what_is_in_force_follows_what_was_made_and_repealed(
    put_in: dict[str, int], in_force: int
) -> None:
    overrides = [by_hand(("table2", "normative_documents", key), n) for key, n in put_in.items()]
    made = with_overrides(documents(), overrides, FORMATS)
    assert made.cell2("normative_documents", "in_force") == in_force


def test_a_number_put_in_changes_the_other_format_as_much() -> None:
    table3 = {row: dict.fromkeys(FORMATS.columns, 0) for row in FORMATS.rows["2021"]}
    counted = AnnualReport("某乡", 2024, "2021", table3=table3)
    old = {row: dict.fromkeys(FORMATS.columns, 0) for row in FORMATS.rows["2019"]}
    old["other"]["business"] = 4
    put_in = [
        by_hand(("table3", "other_misc", "business"), 2),
        by_hand(("table3", "other_correction_lapsed", "business"), 1),
    ]
    made = with_overrides(AnnualReport("某乡", 2024, "2019", table3=old), put_in, FORMATS, counted)
    assert made.cell3("other", "business") == made.cell3("total", "business") == 7
    back = with_overrides(
        replace(counted, year=2020), [by_hand(("table3", "other", "business"), 6)], FORMATS,
        AnnualReport("某乡", 2020, "2019", table3=old),
    )  # fmt: skip
    assert back.cell3("other_misc", "business") == 2


@pytest.mark.parametrize(
    ("column", "text", "number"),
    [
        ("disclosed", " 12 ", 12),
        ("amount_10k", "1.25", Decimal("1.25")),
        ("amount", "55760", Decimal(55760)),
        ("change", "-3", -3),
    ],
)
def test_numbers_are_read_as_their_column_wants(column: str, text: str, number: Any) -> None:
    assert number_of(column, text) == number


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("natural_person", "-1", "不小于 0 的整数"),
        ("natural_person", "1.5", "不小于 0 的整数"),
        ("natural_person", "１２", "不小于 0 的整数"),
        ("natural_person", "", "不小于 0 的整数"),
        ("amount_10k", "1.255", "万元"),
        ("amount_10k", "1e3", "万元"),
        ("amount", "-5", "（元）"),
        ("change", "--3", "请填写整数"),
    ],
)
def test_other_texts_are_no_numbers(column: str, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        number_of(column, text)
