"""A year in figures: their sums are those of table 三."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law
from tests.workflow.report.annual import published
from workflow.case.counted import CountedCase
from workflow.report.tables import figures
from workflow.report.tables.tally import Entry, entries, tally
from workflow.rules.calendar import national

LAW = load_law()
COUNT = national().count


def entry(received, closed=None, row="disclosed"):
    closed_on = date.fromisoformat(closed) if closed else None
    return Entry("2024-0001", "business", date.fromisoformat(received), closed_on, closed and row)


def values(figure):
    return {
        one.label: dict(zip(figure.categories, one.values, strict=True)) for one in figure.series
    }


def test_a_request_stands_in_the_months_of_receipt_and_of_closing():
    units = [
        entry("2023-12-29", "2024-01-15"),
        entry("2024-01-31", "2024-02-28"),
        entry("2024-12-30"),
    ]
    found = values(figures.per_month(units, 2024))
    assert {month: n for month, n in found["新收"].items() if n} == {"1 月": 1, "12 月": 1}
    assert {month: n for month, n in found["办结"].items() if n} == {"1 月": 1, "2 月": 1}


def test_day_of_receipt_is_not_counted_in_the_duration():
    """Received on a Friday, closed the next Monday: one working day; on the same day: none."""
    units = [entry("2024-03-01", "2024-03-04"), entry("2024-03-01", "2024-03-01")]
    assert values(figures.durations(units, 2024, COUNT, 20))["件数"]["0–5"] == 2


def test_the_twentieth_day_stands_before_the_line_and_the_next_one_after_it():
    received = date(2024, 3, 1)
    last = national().add(received, 20)
    after = national().add(received, 21)
    units = [entry("2024-03-01", f"{last}"), entry("2024-03-01", f"{after}")]
    figure = figures.durations(units, 2024, COUNT, 20)
    place, words = figure.mark
    assert (figure.categories[place - 1], figure.categories[place]) == ("16–20", "21–25")
    assert figure.series[0].values[place - 1 : place + 1] == (1, 1)
    assert words == "20 个工作日" and "中位数 20.5 个工作日" in figure.note


def test_very_long_ones_share_the_last_class():
    units = [entry("2022-03-01", "2024-03-04"), entry("2024-01-02", "2024-12-30")]
    figure = figures.durations(units, 2024, COUNT, 20)
    assert figure.categories[-1] == "60 以上" and figure.series[0].values[-1] == 2


def test_a_year_without_closed_requests_has_its_line_all_the_same():
    figure = figures.durations([], 2024, COUNT, 20)
    assert sum(figure.series[0].values) == 0 and figure.mark[0] < len(figure.categories)


def test_outcomes_are_the_groups_of_table_three():
    for slug in ("huaian_2024", "pingtan_qu_2019"):
        report = published(slug)
        figure = figures.outcome_mix(report.table3, report.format, LAW.formats)
        assert figure.categories == (
            "予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理",
        )  # fmt: skip
        assert sum(figure.series[0].values) == report.table3["total"]["total"]
    found = values(figures.outcome_mix(published().table3, "2021", LAW.formats))["件数"]
    assert (found["予以公开"], found["无法提供"], found["其他处理"]) == (1362, 781, 187)


DAYS = st.dates(date(2023, 1, 1), date(2024, 12, 31))


@given(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 300)), max_size=40))
def test_the_sums_are_those_of_table_three(drawn):
    cases = [
        CountedCase(
            number=f"{n}",
            kind="application",
            columns=("natural_person",),
            received_on=received,
            closed_on=None if took is None else received + timedelta(took),
            row=None if took is None else "disclosed",
        )
        for n, (received, took) in enumerate(drawn)
    ]
    settings = LAW.defaults()
    table3 = tally(cases, 2024, LAW, settings).table3
    units = entries(cases, settings)
    months = figures.per_month(units, 2024)
    assert [sum(one.values) for one in months.series] == [
        table3["new_received"]["total"],
        table3["total"]["total"],
    ]
    durations = figures.durations(units, 2024, COUNT, 20)
    assert sum(durations.series[0].values) == table3["total"]["total"]
    assert (
        sum(figures.outcome_mix(table3, "2021", LAW.formats).series[0].values)
        == (table3["total"]["total"])
    )


def test_the_load_tells_who_has_most_first_and_what_nobody_has() -> None:
    people = {"规划股": (0, 1, 2), "耕保股": (2, 1, 3), "农业中心": (0, 0, 3)}
    found = figures.load(people, (0, 0, 4), 5)
    assert found.categories == ("耕保股", "农业中心", "规划股", "还没有交办")
    assert [(one.label, one.values) for one in found.series] == [
        ("逾期", (2, 0, 0, 0)), ("5 个工作日内到期", (1, 0, 1, 0)), ("其余在办", (3, 3, 2, 4)),
    ]  # fmt: skip


def test_of_many_people_the_last_ones_are_told_together() -> None:
    people = {f"科室{n:02}": (1, 0, 20 - n) for n in range(15)}
    found = figures.load(people, (0, 0, 0), 5)
    assert len(found.categories) == figures.MOST_NAMED + 1
    assert found.categories[-1] == "其余 3 处" and "还没有交办" not in found.categories
    assert [one.values[-1] for one in found.series] == [3, 0, 8 + 7 + 6]


def test_an_office_without_open_cases_has_no_load() -> None:
    found = figures.load({}, (0, 0, 0), 5)
    assert found.categories == () and found.largest() == 0


def test_the_usual_time_is_mean_and_median() -> None:
    assert figures.usual_time({}) is None
    assert figures.usual_time({3: 2, 10: 1, 20: 1}) == (4, 9.0, 6.5)


def test_who_closed_most_comes_first_with_the_median() -> None:
    found = figures.by_whom({"规划股": [3, 8], "农业中心": [20, 1, 4], "耕保股": [9, 9]}, 2024)
    assert found.categories == ("农业中心", "耕保股", "规划股")
    assert [one.values for one in found.series] == [(3, 2, 2), (4, 9, 6)]
    assert (
        len(figures.by_whom({str(n): [n] for n in range(20)}, 2024).categories)
        == figures.MOST_NAMED
    )


def words(figure: figures.Figure) -> str:
    return figure.words


def test_months_are_said_in_words_and_a_tie_names_none() -> None:
    units = [
        entry("2024-03-04", "2024-04-01"),
        entry("2024-03-05", "2024-05-06"),
        entry("2024-06-03", None),
    ]
    said = words(figures.per_month(units, 2024))
    assert said == "2024 年新收 3 件，办结 2 件；新收最多的是 3 月，2 件。"
    assert words(figures.per_month([], 2024)) == "2024 年没有收到和办结的申请。"


def test_outcomes_are_said_with_their_shares() -> None:
    table3 = {row: {"total": 0} for row in LAW.formats.rows["2021"]}
    assert words(figures.outcome_mix(table3, "2021", LAW.formats)) == "本年度没有办结的申请。"
    table3["disclosed"]["total"], table3["unable_not_held"]["total"] = 2, 1
    said = words(figures.outcome_mix(table3, "2021", LAW.formats))
    assert said == "本年度办结 3 件，其中予以公开 2 件（66.7%）、无法提供 1 件（33.3%）。"
    table3["disclosed"]["total"] = 2999
    assert "无法提供 1 件（不到 0.1%）" in words(figures.outcome_mix(table3, "2021", LAW.formats))


@pytest.mark.parametrize(
    ("then", "said"), [(5, "相比增加 3 件"), (9, "相比减少 1 件"), (8, "相同")]
)
def test_the_last_year_is_compared_with_the_one_before(then: int, said: str) -> None:
    def sheet(new: int) -> dict[str, dict[str, int]]:
        return {row: {"total": new} for row in ("new_received", "total", "carried_out")}

    assert (
        words(figures.over_years([(2023, sheet(8))]))
        == "2023 年新收 8 件，办结 8 件，结转下年度 8 件。"
    )
    found = words(figures.over_years([(2022, sheet(then)), (2023, sheet(8))]))
    assert found.endswith(f"；新收与 2022 年的 {then} 件{said}。")


def test_durations_are_said_against_the_line() -> None:
    units = [entry("2024-03-04", "2024-04-01"), entry("2024-03-04", "2024-04-02")]
    assert words(figures.durations(units, 2024, COUNT, 20)) == "20 个工作日以内 1 件，超过的 1 件。"
    assert words(figures.durations([], 2024, COUNT, 20)) == ""


def test_published_reports_are_drawn_where_they_have_their_table() -> None:
    report = published()
    before = replace(report, year=2023)
    keys = [one.key for one in figures.of_reports([before, report], LAW.formats)]
    assert keys == ["years", "outcomes"]
    assert [one.key for one in figures.of_reports([report], LAW.formats)] == ["outcomes"]
    none = replace(report, table3=None)
    assert figures.of_reports([before, none], LAW.formats) == []
    assert figures.of_reports([none], LAW.formats) == []
    blank = replace(report, table3={r: dict.fromkeys(c) for r, c in report.table3.items()})
    assert figures.of_reports([blank], LAW.formats)[0].largest() == 0
