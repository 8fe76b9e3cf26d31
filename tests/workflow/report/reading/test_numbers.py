"""Numbers with their units: read as such, put into the unit of the column, remarked on once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law
from tests.examples import ACCEPTANCE
from tests.workflow.report.report_files import as_html
from tests.workflow.report.reports_made import FORMATS, zero
from workflow.report.annual import AnnualReport
from workflow.report.checks import findings
from workflow.report.reading import read_report
from workflow.report.reading.numbers import looks_like_value, number, unit_in, without_unit

LAW = load_law()
CHARGES = ("table2", "charges", "amount_10k")
PROCUREMENT = ("table2", "procurement", "amount")


def changed(report: AnnualReport, *changes: tuple[str, str]) -> AnnualReport:
    """The report as a page, read again with some of its text changed."""
    page = as_html(report).decode()
    for before, after in changes:
        assert before in page
        page = page.replace(before, after)
    return read_report("report.html", page.encode(), FORMATS)


def with_text(report: AnnualReport, table: str, row: str, column: str, text: str) -> AnnualReport:
    """The report read from a page with this text in a cell."""
    given = {name: dict(cells) for name, cells in (getattr(report, table) or {}).items()}
    given[row] = {**given[row], column: text}
    return read_report("report.html", as_html(replace(report, **{table: given})), FORMATS)


def remarks(report: AnnualReport) -> list[tuple[str, str, str]]:
    """Level, place and words of what is said about its cells."""
    found = findings(report, LAW)
    return [(one.level, one.where, one.message) for one in found if one.rule == "V06"]


# -- a cell -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12件", 12, "件"),
        ("３ 个", 3, "个"),
        ("1,234笔", 1234, "笔"),
        ("5条", 5, "条"),
        ("7人次", 7, "人次"),
        ("1.2万件", 12000, "万件"),
        ("2万", 20000, "万"),
        ("减12", -12, ""),
        ("减少 12 项", -12, "项"),
        ("净减3", -3, ""),
        ("下降4", -4, ""),
        ("▼5", -5, ""),
        ("↓6", -6, ""),
        ("－１２", -12, ""),
        ("增3", 3, ""),
        ("增加3个", 3, "个"),
        ("新增9", 9, ""),
        ("↑8", 8, ""),
        ("+4", 4, ""),
        ("减0", 0, ""),
        ("12（件）", 12, "件"),
        ("3 (单位：个)", 3, "个"),
    ],
)
def test_a_count_is_read_with_its_unit_and_its_direction(text, value, unit):
    assert number(text) == number(text, "", "万元")
    read = number(text)
    assert (read.value, read.wrong, read.unit, read.stroke) == (value, "", unit, False)
    assert type(read.value) is int and looks_like_value(text)


@pytest.mark.parametrize(
    "text", ["减-3", "约12", "12至15", "▲3", "增1减2", "(3)", "2,34", "12()", "12(3件)", "(12件)"]
)
def test_what_might_mean_two_things_is_no_number(text):
    read = number(text)
    assert read.value is None and "文字" in read.wrong and not looks_like_value(text)


@pytest.mark.parametrize(
    ("text", "base", "head", "value", "unit"),
    [
        ("246900元", "元", "", 246900, "元"),
        ("152.2万元", "元", "", 1522000, "万元"),
        ("1.5亿元", "元", "", 150000000, "亿元"),
        ("152.2万", "元", "", 1522000, "万元"),
        ("３千元", "元", "", 3000, "千元"),
        ("2百万元", "元", "", 2000000, "百万元"),
        ("3十万元", "元", "", 300000, "十万元"),
        ("3千万元", "元", "", 30000000, "千万元"),
        ("3百元", "元", "", 300, "百元"),
        ("3十亿元", "万元", "", 300000, "十亿元"),
        ("3百亿元", "元", "", 30000000000, "百亿元"),
        ("3千亿元", "万元", "", 30000000, "千亿元"),
        ("￥1,234.50", "元", "", Decimal("1234.5"), "元"),
        ("人民币 100 元整", "元", "", 100, "元"),
        ("100圆", "元", "", 100, "元"),
        ("152.2", "元", "万元", 1522000, ""),
        ("152.2", "元", "", Decimal("152.2"), ""),
        ("246900元", "元", "万元", 246900, "元"),
        ("50000元", "万元", "万元", 5, "元"),
        ("12元", "万元", "", Decimal("0.0012"), "元"),
        ("50000", "万元", "元", 5, ""),
        ("5万元", "万元", "", 5, "万元"),
        ("-3万元", "万元", "", -3, "万元"),
        ("0", "元", "万元", 0, ""),
        ("3.5（万元）", "万元", "", Decimal("3.5"), "万元"),
        ("0.2(亿元)", "万元", "", 2000, "亿元"),
    ],
)
def test_an_amount_is_put_into_the_unit_of_its_column(text, base, head, value, unit):
    read = number(text, base, head)
    assert (read.value, read.wrong, read.unit) == (value, "", unit)
    assert type(read.value) is type(value)


@pytest.mark.parametrize(
    ("text", "base", "value"),
    [("5元", "", 5), ("5万元", "", 5), ("¥5", "", 5), ("12件", "元", 12), ("3人民币", "元", 3)],
)
def test_a_unit_that_does_not_belong_to_the_column_is_told(text, base, value):
    read = number(text, base)
    assert (read.value, read.wrong) == (value, f"数字格里写成了“{text}”，只应填数字")


@pytest.mark.parametrize(
    ("text", "base", "wrong"),
    [
        ("100000000亿元", "元", "数字 100000000 过大"),
        ("1.1234567891234", "元", "小数位数过多"),
        ("0.000000001元", "万元", "小数位数过多"),
        ("1234567890123456789012345元", "元", "数字过大"),
    ],
)
def test_an_amount_beyond_all_bounds_is_not_read(text, base, wrong):
    read = number(text, base)
    assert (read.value, read.wrong) == (None, wrong)


@given(st.decimals(0, 10**7, places=4), st.sampled_from([("元", 0), ("万元", 4), ("亿元", 8)]))
def test_no_digit_of_an_amount_is_lost(value, unit):
    name, power = unit
    read = number(f"{value}{name}", "万元")
    if read.value is None:
        assert value * 10 ** (power - 4) > 10**12 or read.wrong == "小数位数过多"
    else:
        assert Decimal(read.value) * 10**4 == value * 10**power


def test_the_unit_of_a_head_is_told_from_its_words():
    assert unit_in("采购总金额（万元）") == "万元"
    assert unit_in("本年收费金额（单位：元）") == "元"
    assert unit_in("采购总金额") == unit_in("多元化调解数量") == ""
    assert without_unit("采购总金额（单位：万元）") == "采购总金额"
    assert without_unit("采购总金额") == "采购总金额"


# -- marks of notes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit", "note"),
    [
        ("8①", 8, "", "①"),
        ("12 ²", 12, "", "²"),
        ("8⑴", 8, "", "⑴"),
        ("8₁", 8, "", "₁"),
        ("8❶", 8, "", "❶"),
        ("1,204¹²", 1204, "", "¹²"),
        ("8[¹]", 8, "", "[¹]"),
        ("8①、②", 8, "", "①、②"),
        ("8件③", 8, "件", "③"),
        ("0\n①", 0, "", "①"),
    ],
)
def test_the_mark_of_a_note_is_no_digit(text, value, unit, note):
    read = number(text)
    assert (read.value, read.wrong, read.unit, read.note) == (value, "", unit, note)
    assert looks_like_value(text)


@pytest.mark.parametrize("text", ["①", "¹", "[¹]", "①8", "8①2", "8①件"])
def test_a_mark_that_stands_alone_or_before_digits_leaves_no_number(text):
    read = number(text)
    assert (read.value, read.note) == (None, "") and f"“{text}”" in read.wrong
    assert not looks_like_value(text)


def test_a_stroke_with_a_note_is_a_stroke():
    assert number("—①").stroke and number("—①").value is None and looks_like_value("—①")


def test_a_number_with_a_note_is_one_hint():
    report = with_text(zero("a"), "table3", "disclosed", "business", "0①")
    assert remarks(report) == [
        (
            "warn",
            "表三“(一)予以公开”行“商业企业”列",
            "写的是“0①”，注号不算数字，按 0 读入，只填数字即可",
        )
    ]


def test_notes_in_many_cells_are_one_hint_for_their_table():
    noted: dict[str, Any] = {
        row: dict.fromkeys(cells, "2①") for row, cells in zero("a").table4.items()
    }
    noted["review"]["total"] = "2②"
    report = read_report("a.html", as_html(replace(zero("a"), table4=noted)), FORMATS)
    assert set(report.table4["review"].values()) == {2}
    assert remarks(report) == [
        ("warn", "表四", "15 格数字后写了注号“①”、“②”，第一处是“行政复议”“结果维持”；只填数字即可")
    ]


# -- a report -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "unit"), [("yuan", 246900, "元"), ("wan", 1522000, "万元")]
)
def test_a_purchase_is_read_in_yuan_and_nothing_is_wrong_with_it(name, value, unit):
    file = ACCEPTANCE / "report_inputs" / f"procure_{name}.html"
    report = read_report(file.name, file.read_bytes(), FORMATS)
    assert report.cell2("procurement", "amount") == value
    assert report.units == {PROCUREMENT: unit}
    assert remarks(report) == []


@pytest.mark.parametrize("label", ["采购总金额（万元）", "采购总金额(单位：万元)"])
def test_the_unit_in_a_head_holds_for_the_cells_below_it(label):
    old = zero("a", "2019", 2019)
    old.table2["procurement"]["amount"] = Decimal("152.2")
    report = changed(old, ("采购总金额", label))
    assert report.cell2("procurement", "amount") == 1522000
    assert report.units == {PROCUREMENT: "万元"}
    assert report.oddities == ()


def test_the_unit_in_the_label_of_the_row_holds_too():
    old = zero("a", "2019", 2019)
    old.table2["procurement"] = {"projects": 3, "amount": 7}
    report = changed(old, ("政府集中采购", "政府集中采购（万元）"))
    assert report.table2["procurement"] == {"projects": 3, "amount": 70000}
    assert report.oddities == ()


def test_charges_in_yuan_are_read_as_ten_thousands_with_a_hint():
    report = with_text(zero("a"), *CHARGES, "50000元")
    assert report.cell2("charges", "amount_10k") == 5
    assert report.units[CHARGES] == "元"
    assert remarks(report) == [
        (
            "warn",
            "表二“行政事业性收费”行“本年收费金额(单位:万元)”",
            "写的是“50000元”，按 5 万元读入，请填 5",
        )
    ]


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (CHARGES, "1520元", "写的是“1520元”，按 0.152 万元读入，请填 0.152"),
        (CHARGES, "152000元", "写的是“152000元”，按 15.2 万元读入，请填 15.2"),
        (CHARGES, "0.02亿元", "写的是“0.02亿元”，按 200 万元读入，请填 200"),
        (CHARGES, "15.2千元", "写的是“15.2千元”，按 1.52 万元读入，请填 1.52"),
        (CHARGES, "3.50万元", "数字后写了“万元”，只填数字即可"),
        (
            ("table2", "permits", "decisions"),
            "1.2万",
            "写的是“1.2万”，按 12000 读入，请填 12000",
        ),
        (("table2", "permits", "decisions"), "12件", "数字后写了“件”，只填数字即可"),
    ],
)
def test_what_is_asked_for_is_the_number_in_the_unit_of_the_column(place, text, said):
    assert [one[2] for one in remarks(with_text(zero("a"), *place, text))] == [said]


def test_another_unit_in_many_cells_is_one_hint_with_the_first_number():
    counted: dict[str, Any] = {
        row: dict.fromkeys(cells, "0.2千件") for row, cells in zero("a").table4.items()
    }
    report = read_report("a.html", as_html(replace(zero("a"), table4=counted)), FORMATS)
    assert remarks(report)[-1][2] == (
        "15 格数字后写了“千件”，第一处是“行政复议”“结果维持”；请按本列的单位填，第一处填 200"
    )


@pytest.mark.parametrize("text", ["约120", "100+20", "120（含备案）", "十五万元", "八", "8*", "8."])
def test_where_a_number_stands_nobody_is_told_to_write_nought(text):
    assert number(text).wrong == f"数字格里是文字“{text}”，只应填数字"


def test_a_head_that_prints_another_unit_is_told_and_obeyed():
    report = with_text(zero("a"), *CHARGES, "50000")
    assert report.cell2("charges", "amount_10k") == 50000
    turned = changed(with_charges(50000), ("单位:万元", "单位：元"))
    assert turned.cell2("charges", "amount_10k") == 5
    assert [one.kind for one in turned.oddities] == ["label"]


def with_charges(amount: int) -> AnnualReport:
    report = zero("a")
    report.table2["charges"]["amount_10k"] = amount
    return report


@pytest.mark.parametrize("mark", ["／", "—", "-"])
def test_strokes_in_every_cell_are_one_remark(mark):
    blank: dict[str, Any] = {
        name: {row: dict.fromkeys(cells, mark) for row, cells in table.items()}
        for name, table in (("table3", zero("a").table3), ("table4", zero("a").table4))
    }
    report = read_report("a.html", as_html(replace(zero("a"), **blank)), FORMATS)
    assert all(value is None for cells in report.table3.values() for value in cells.values())
    assert remarks(report) == [
        (
            "error", "表三",
            f"175 格用“{mark}”代替了数字，第一处是“一、本年新收政府信息公开申请数量”行“自然人”列；没有的应填 0",
        ),
        (
            "error", "表四",
            f"15 格用“{mark}”代替了数字，第一处是“行政复议”“结果维持”；没有的应填 0",
        ),
    ]  # fmt: skip


def test_a_unit_in_every_cell_is_one_hint_and_the_numbers_stand():
    counted: dict[str, Any] = {
        row: dict.fromkeys(cells, "2件") for row, cells in zero("a").table4.items()
    }
    report = read_report("a.html", as_html(replace(zero("a"), table4=counted)), FORMATS)
    assert set(report.table4["review"].values()) == {2}
    assert remarks(report) == [
        ("warn", "表四", "15 格数字后写了“件”，第一处是“行政复议”“结果维持”；只填数字即可")
    ]


def test_a_single_stroke_is_told_where_it_stands():
    report = with_text(zero("a"), "table3", "disclosed", "business", "无")
    assert remarks(report) == [
        ("error", "表三“(一)予以公开”行“商业企业”列", "用“无”代替了数字，没有的应填 0")
    ]


def test_numbers_of_json_may_carry_units_too():
    text = (
        '{"year": 2019, "agency": "甲局", "table2": {"procurement": '
        '{"projects": "9个", "amount": "152.2万元"}, "permits": {"change": "减12"}}}'
    )
    report = read_report("a.json", text.encode(), FORMATS)
    assert report.table2["procurement"] == {"projects": 9, "amount": 1522000}
    assert report.cell2("permits", "change") == -12
    assert [one.message for one in report.oddities if one.kind == "unit"] == [
        "数字后写了“个”，只填数字即可"
    ]


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u200e", "\u2060", "\u00ad"])
def test_signs_without_width_are_no_part_of_a_number(sign):
    assert number(f"{sign}1,2{sign}34") == number("1,234")
    assert number(sign) == number("") and number(f"{sign}—").stroke
    assert looks_like_value(f"12{sign}")
