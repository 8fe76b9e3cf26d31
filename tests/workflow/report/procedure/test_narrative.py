"""Texts drafted from the figures: no number of a text can disagree with the tables (V12, V13)."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law
from workflow.case.counted import CountedCase
from workflow.report.annual import AnnualReport
from workflow.report.procedure import narrative
from workflow.report.procedure.marked import pieces, unmarked
from workflow.report.procedure.narrative import (
    Beside,
    other_matters,
    references,
    rendered,
    unknown_references,
)
from workflow.report.tables.tally import tally

FORMATS = load_law().formats


def overview(now: AnnualReport, before: AnnualReport | None, beside: Beside) -> str:
    """Section 一 as it reads."""
    return unmarked(narrative.overview(now, before, beside, FORMATS))


def report(year: int = 2024, **table3: int) -> AnnualReport:
    """A report whose 总计 and 自然人 columns hold these numbers."""
    fmt = FORMATS.format_of(year)
    sheet = {row: dict.fromkeys(FORMATS.columns, 0) for row in FORMATS.rows[fmt]}
    for row, n in table3.items():
        sheet[row]["total"] = sheet[row]["natural_person"] = n
    sheet4 = {block: dict.fromkeys(FORMATS.cells, 0) for block in FORMATS.blocks}
    return AnnualReport("某乡人民政府", year, fmt, table3=sheet, table4=sheet4)


def test_a_year_without_any_request_is_told_in_one_sentence() -> None:
    text = overview(report(), None, Beside())
    assert "2024 年没有收到政府信息公开申请，也没有上年结转的申请。" in text
    assert "没有因政府信息公开引起的行政复议和行政诉讼" in text


def test_the_year_is_compared_with_the_last() -> None:
    now, then = report(new_received=8, total=8), report(2023, new_received=5)
    assert "比上年（5 件）增加 3 件" in overview(now, then, Beside())
    assert "比上年（8 件）减少 3 件" in overview(then, now, Beside())
    assert "与上年（8 件）持平" in overview(now, now, Beside())


def test_overdue_answers_are_not_passed_over() -> None:
    now = report(new_received=8, total=8)
    late = overview(now, None, Beside(answered_late=2, open_late=3))
    assert "办结的申请中，超过法定期限的 2 件" in late and "都在法定期限之内答复" not in late
    assert "没有办结的申请中，已经超过法定期限的 3 件" in late
    in_time = overview(now, None, Beside())
    assert "都在法定期限之内答复" in in_time and "超过法定期限" not in in_time


def test_fees_are_told_from_2021_on_as_the_notice_asks() -> None:
    fees = Beside(fee_notices=2, fee_notified_yuan=Decimal(540), fee_paid_yuan=Decimal(270))
    text = other_matters(report(), fees)
    assert "发出收费通知 2 件，通知金额 540 元，实际收取 270 元" in text
    assert "没有收取" in other_matters(report(), Beside())
    assert other_matters(report(2020), Beside()) == "没有其他需要报告的事项。"


def test_texts_of_the_register_come_first_each_under_its_heading() -> None:
    beside = Beside(texts=(("主动公开情况", "公开信息 123 条。"), ("政策解读情况", "解读 3 次。")))
    text = overview(report(), None, beside)
    assert text.startswith("（一）主动公开情况。公开信息 123 条。\n（二）政策解读情况。解读 3 次。")


def test_a_reference_is_filled_in_when_it_is_shown_and_an_unknown_one_is_named() -> None:
    now, before = report(new_received=8), report(2023, new_received=5)
    values = references(now, before)
    typed = "收到 {new_received.total} 件，上年 {before.new_received.total} 件，{谁} 办"
    assert unmarked(rendered(typed, now, before)) == "收到 8 件，上年 5 件，{谁} 办"
    assert unknown_references("{new_received.total} {no_such.total}", values) == ["no_such.total"]


def places(text: str) -> dict[str, str]:
    """Place of every number of a text that has one, and the number."""
    return {"/".join(one.place): one.text for one in pieces(text) if one.place}


def test_every_number_that_stands_in_a_cell_knows_it() -> None:
    now = report(new_received=8, carried_in=1, disclosed=4, refused_deliberative=2,
                 refused_state_secret=1, total=7, carried_out=2)  # fmt: skip
    now.table4["review"].update(upheld=2, total=2)  # type: ignore[index,attr-defined]
    text = narrative.overview(now, None, Beside(), FORMATS)
    assert places(text) == {
        "table3/new_received/total": "8", "table3/carried_in/total": "1",
        "table3/new_received/natural_person": "8", "table3/total/total": "7",
        "table3/carried_out/total": "2", "table3/disclosed/total": "4", "table3/refused/total": "3",
        "table4/review/total": "2", "table4/review/upheld": "2", "table4/review/corrected": "0",
        "table4/review/other": "0", "table4/review/pending": "0",
    }  # fmt: skip
    assert "".join(one.text for one in pieces(text)) == unmarked(text)


def test_a_reference_that_somebody_typed_leads_to_its_cell_and_last_years_nowhere() -> None:
    now, before = report(new_received=8, not_processed_repeat=3), report(2023, new_received=5)
    typed = "{表三：重复申请}、{上年表三：本年新收政府信息公开申请数量}、{t4.review.upheld} 件"
    assert places(rendered(typed, now, before)) == {
        "table3/not_processed_repeat/total": "3", "table4/review/upheld": "0",
    }  # fmt: skip


CASES = st.lists(
    st.builds(
        lambda n, late, row: CountedCase(
            f"2024-{n}",
            "application",
            ("natural_person",),
            date(2023 if late else 2024, 6, 3),
            date(2024, 7, 1) if row else None,
            row,
        ),
        st.integers(1, 10_000),
        st.booleans(),
        st.sampled_from(
            [None, "disclosed", "refused_deliberative", "unable_not_held", "other_misc"]
        ),
    ),
    max_size=30,
)


@given(CASES)
def test_every_number_of_the_draft_is_one_of_the_tables(cases: list[CountedCase]) -> None:
    tables = tally(cases, 2024, load_law(), load_law().defaults())
    made = AnnualReport("某局", 2024, "2021", table3=tables.table3, table4=tables.table4)
    text = overview(made, None, Beside())
    new, carried = made.cell3("new_received"), made.cell3("carried_in")
    if new or carried:
        assert f"新收政府信息公开申请 {new} 件，上年结转 {carried} 件" in text
        done, left = made.cell3("total"), made.cell3("carried_out")
        assert f"办结 {done} 件，结转下年度继续办理 {left} 件" in text
        assert new + carried == done + left
        mix = re.search(r"办理结果为：([^。]*)", text)
        assert sum(map(int, re.findall(r"(\d+) 件", mix[1]))) == done if mix else done == 0
