"""Reports in which everything holds, for property tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from config.law import load_law
from workflow.report.annual import AnnualReport

FORMATS = load_law().formats
SIX = FORMATS.applicant_columns()
FEW = st.integers(0, 9) | st.integers(0, 2000)


@st.composite
def sound_reports(draw: Any) -> AnnualReport:
    """A report of 2019 to 2030 in the format of its year: sums, period, title and texts hold."""
    year = draw(st.integers(2019, 2030))
    fmt = FORMATS.format_of(year)
    results = [row for row in FORMATS.result_rows(fmt) if row != "other_fee_unpaid"]
    table3 = {row: dict.fromkeys(SIX, 0) for row in FORMATS.rows[fmt]}
    for row in draw(st.lists(st.sampled_from(results), max_size=6, unique=True)):
        for column in draw(st.lists(st.sampled_from(SIX), min_size=1, max_size=3, unique=True)):
            table3[row][column] = draw(FEW)
    for column in SIX:
        done = sum(table3[row][column] for row in FORMATS.result_rows(fmt))
        left = draw(st.integers(0, 20))
        table3["total"][column], table3["carried_out"][column] = done, left
        table3["carried_in"][column] = draw(st.integers(0, done + left))
        table3["new_received"][column] = done + left - table3["carried_in"][column]
    for cells in table3.values():
        cells["total"] = sum(cells[column] for column in SIX)
    table4 = {}
    for block in FORMATS.blocks:
        cells = {cell: draw(FEW) for cell in FORMATS.cells if cell != "total"}
        table4[block] = {**cells, "total": sum(cells.values())}
    table2: dict[str, dict[str, Any]] = {}
    for part in FORMATS.table2[fmt]:
        for item in part.items:
            table2[item] = {name: draw(FEW) for name in part.fields}
    table2["regulations"] = dict.fromkeys(table2["regulations"], 0)
    if fmt == "2021":
        table2["charges"]["amount_10k"] = draw(
            st.decimals(0, 900, places=2).filter(lambda one: one % 1 != 0) | st.just(Decimal("7.5"))
        )
    return AnnualReport(
        agency="砚山县盘龙彝族乡人民政府",
        year=year,
        format=fmt,
        table2=table2,
        table3=table3,
        table4=table4,
        title=f"砚山县盘龙彝族乡人民政府{year}年政府信息公开工作年度报告",
        period=(date(year, 1, 1), date(year, 12, 31)),
        sections={
            "overview": "本机关认真落实条例，主动公开各类信息。\n加强平台建设。",
            "proactive": "",
            "applications": "",
            "disputes": "",
            "problems": "一是人手不足。二是更新不够及时。",
            "other_matters": "无其他需要报告的事项。",
        },
    )
