"""What is said once is not said again, and what was not read is not held against anybody."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflow.report.checks.reports import (
    FORMATS,
    LAW,
    report,
    saying,
    told,
    with2,
    with3,
    with4,
)
from tests.workflow.report.report_files import as_html, as_text
from workflow.report.annual import Oddity
from workflow.report.checks import findings
from workflow.report.checks.between import share_of_last_year
from workflow.report.checks.fees import fee_told_yuan
from workflow.report.checks.figures import bears, below_city
from workflow.report.checks.finding import Finding
from workflow.report.checks.known import Known
from workflow.report.reading import read_report

BUSY = saying(
    with3(report(), new_received=34, carried_in=2, disclosed=30, unable_not_held=2, total=32, carried_out=4),
    overview="收到政府信息公开申请34件，结转下年度4件。",
)  # fmt: skip
ROWS = FORMATS.rows["2021"]


def without(label: str) -> list[tuple[str, str]]:
    """What is told of the busy report without the line of a row."""
    lines = as_text(BUSY).decode().splitlines()
    left = [line for line in lines if label not in line]
    assert len(left) == len(lines) - 1
    found = findings(read_report("a.txt", "\n".join(left).encode(), FORMATS), LAW)
    return [(one.rule, one.where) for one in found]


def where(row: str) -> str:
    return f"表三“{ROWS[row]}”行"


@pytest.mark.parametrize("row", [row for row in ROWS if row not in ("total", "disclosed")])
def test_a_missing_row_is_told_once_and_no_sum_is_held_against_it(row):
    label = ROWS[row].replace("3.其他", "3.其他 |") if row == "other_misc" else ROWS[row]
    assert without(label) == [("V11", where(row)), ("V40", "正文与表格")]


def test_a_missing_total_is_what_the_rows_come_to():
    assert without(ROWS["total"]) == [("V11", where("total")), ("V40", "正文与表格")]


def test_a_missing_row_of_table_two_is_told_once():
    assert without("行政处罚") == [("V11", "表二“行政处罚”行")]


def test_numbers_whose_blanks_are_lost_are_told_once_and_not_added():
    lost = [
        "(一)予以公开 | 30 | 7 | 30" if "予以公开" in line else line
        for line in as_text(BUSY).decode().splitlines()
    ]
    found = findings(read_report("a.txt", "\n".join(lost).encode(), FORMATS), LAW)
    assert [(one.rule, one.where) for one in found] == [
        ("V11", where("disclosed")),
        ("V40", "正文与表格"),
    ]
    assert "表三的勾稽关系，以及正文与表三（表三 1 行没有读到）" in found[-1].message


def cells_with(table: str, row: str, column: str, text: str) -> list[Finding]:
    """What is told of the busy report where this stands in a cell."""
    cells = {name: dict(one) for name, one in getattr(BUSY, table).items()}
    cells[row][column] = text
    page = as_html(replace(BUSY, **{table: cells}))
    return findings(read_report("a.html", page, FORMATS), LAW)


@pytest.mark.parametrize("text", ["34*", "34.", "三十四"])
@pytest.mark.parametrize("row", ["new_received", "carried_out", "disclosed", "total"])
def test_a_cell_that_could_not_be_read_is_told_once_and_no_sum_hangs_on_it(text, row):
    found = cells_with("table3", row, "natural_person", text)
    assert [(one.rule, one.where) for one in found] == [
        ("V06", f"{where(row)}“自然人”列"),
        ("V40", "正文与表格"),
    ]
    assert "表三的勾稽关系，以及正文与表三（表三 1 行没有读全）" in found[-1].message


def test_a_cell_of_table_four_that_could_not_be_read_is_told_once_too():
    found = cells_with("table4", "review", "upheld", "2*")
    assert [(one.rule, one.where) for one in found] == [
        ("V06", "表四“行政复议”“结果维持”"),
        ("V40", "正文与表格"),
    ]
    assert "表四的勾稽关系，以及正文与表四（表四的数字没有读全）" in found[-1].message


def test_the_sums_of_other_rows_and_blocks_are_held_against_the_report_all_the_same():
    odd = (Oddity("cell", f"{where('disclosed')}“自然人”列", "不是数字"),
           Oddity("cell", "表四“行政复议”“结果维持”", "不是数字"))  # fmt: skip
    table3 = {row: dict(cells) for row, cells in (BUSY.table3 or {}).items()}
    table4 = {block: dict(cells) for block, cells in (BUSY.table4 or {}).items()}
    for row in ("disclosed", "carried_out"):
        table3[row] |= {"natural_person": None, "total": 9}
    for block in ("review", "suit_direct"):
        table4[block] |= {"upheld": None, "total": 9}
    broken = replace(BUSY, table3=table3, table4=table4, oddities=odd)
    assert [one.where for one in told(broken, "V03")] == [where("carried_out")]
    assert [one.where for one in told(broken, "V04")] == [f"表四“{FORMATS.blocks['suit_direct']}”"]


def test_bodies_below_are_not_held_against_a_number_that_was_not_read():
    below = Known(children=(with3(report(), disclosed=31),))
    odd = (Oddity("cell", f"{where('disclosed')}“自然人”列", "不是数字"),)
    table3 = {**(BUSY.table3 or {}), "disclosed": dict.fromkeys(FORMATS.columns, None)}
    lost = replace(BUSY, table3=table3, oddities=odd)
    places = [one.where for one in findings(lost, LAW, below, only=["V24"])]
    assert places and not any(where("disclosed") in place for place in places)


def unread(*rows: str) -> tuple[Oddity, ...]:
    return tuple(Oddity("table", where(row), "没有读入") for row in rows)


@pytest.mark.parametrize(
    ("rule", "wrong", "needs", "not_needed"),
    [
        ("V01", {"carried_out": 5}, ("new_received", "carried_in", "carried_out"), ("disclosed",)),
        ("V02", {"disclosed": 31}, ("disclosed", "refused_state_secret"), ("new_received",)),
        ("V07", {"total": 0}, ("unable_not_held",), ("carried_out",)),
        (
            "V08",
            {"new_received": 0, "carried_in": 0},
            ("new_received", "carried_in"),
            ("disclosed",),
        ),
        ("V03", {}, (), ("disclosed", "new_received")),
    ],
)
def test_a_relation_needs_its_own_rows_and_no_others(rule, wrong, needs, not_needed):
    broken = with3(BUSY, **wrong)
    if rule == "V03":
        table3 = {row: dict(cells) for row, cells in (BUSY.table3 or {}).items()}
        table3["carried_out"]["total"] = 9
        broken = replace(BUSY, table3=table3)
    assert told(broken, rule)
    for row in needs:
        assert told(replace(broken, oddities=unread(row)), rule) == []
    for row in not_needed:
        assert told(replace(broken, oddities=unread(row)), rule)


def test_blanks_of_a_table_four_that_was_not_read_are_not_told_again():
    table4 = {block: dict.fromkeys(FORMATS.cells) for block in FORMATS.blocks}
    lost = replace(BUSY, table4=table4, oddities=(Oddity("table", "表四", "没有读入"),))
    assert told(lost, "V06") == [] and told(replace(lost, oddities=()), "V06")


@pytest.mark.parametrize(
    "name",
    ["镇江市人民政府", "景德镇市司法局", "新乡市财政局", "萍乡市水利局", "平江市乡村振兴局", "平江市住房和城乡建设局",
     "平江市城镇管理局", "某某壮族自治区人民政府", "平江市县级机关事务局"],
)  # fmt: skip
def test_a_mark_within_another_word_is_no_level(name):
    assert not below_city(report(level=None, agency=name))
    assert told(with2(report(level=None, agency=name), "regulations", made=1), "V16") == []


@pytest.mark.parametrize(
    "name", ["青禾县民政局", "镇江市丹徒区高桥镇人民政府", "新乡县人民政府", "桐乡市梧桐街道办事处"]
)
def test_a_mark_of_its_own_is_one(name):
    assert below_city(report(level=None, agency=name)) or name == "新乡县人民政府"
    assert bears("新乡县人民政府", ("县",))


FOUNDED = [
    "我局于2024年3月20日挂牌成立。", "青禾县数据局2024年3月组建。", "根据机构改革方案，我局职责划转至县局。",
    "自成立之日起至年底。", "双河镇由双河乡、白石乡合并为一镇。", "成立以来，我局认真工作。", "我中心新设立的机构尚在完善。",
    "我局2024年9月撤销，职责并入县发展和改革局。", "我局于9月30日予以撤销。", "原有职能划归县数据局。", "粮食局并入县发展和改革局。",
    "我局被撤销，由县发展和改革局承担职责。",
]  # fmt: skip


@pytest.mark.parametrize("text", FOUNDED)
@pytest.mark.parametrize("place", ["preface", "overview", "own"])
def test_a_body_founded_within_the_year_is_asked_for_its_period(text, place):
    one = report(period=(date(2024, 3, 20), date(2024, 12, 31)))
    if place == "preface":
        one = replace(one, preface=text)
    elif place == "overview":
        one = saying(one, overview=text)
    else:
        one = replace(one, own_sections={"七、其他": text})
    (found,) = told(one, "V22")
    assert found.level == "warn" and "2024-03-20" in found.message
    assert told(replace(one, period=(date(2024, 1, 1), date(2024, 12, 31))), "V22") == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("我局成立政务公开工作领导小组。", date(2024, 3, 20), date(2024, 12, 31)),
        ("3月组建政务公开工作队伍。", date(2024, 3, 20), date(2024, 12, 31)),
        ("3月成立了信息公开专班。", date(2024, 3, 20), date(2024, 12, 31)),
        ("2024年9月撤销答复决定1件。", date(2024, 1, 1), date(2024, 9, 30)),
        ("答复被撤销，责令重新办理。", date(2024, 1, 1), date(2024, 9, 30)),
        ("", date(2024, 3, 20), date(2024, 12, 31)),
        (FOUNDED[0], date(2023, 3, 20), date(2024, 12, 31)),
        (FOUNDED[0], date(2024, 3, 20), date(2025, 1, 31)),
        (FOUNDED[0], date(2024, 12, 31), date(2024, 3, 20)),
    ],
)
def test_another_period_without_that_reason_or_out_of_the_year_is_an_error(text, start, end):
    (found,) = told(replace(report(period=(start, end)), preface=text), "V22")
    assert found.level == "error"


def test_a_body_that_came_to_an_end_is_asked_too():
    one = report(
        period=(date(2024, 1, 1), date(2024, 6, 30)), preface="我乡撤销后，资料移交双河镇。"
    )
    assert [found.level for found in told(one, "V22")] == ["warn"]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("收取信息处理费300元。", 300),
        ("收取信息处理费1.2万元。", 12_000),
        ("应收信息处理费300元，实际收取0元。", 0),
        ("应收信息处理费300元，实收120元。", 120),
        ("应收信息处理费300元，申请人逾期未缴纳。", 0),
        ("信息处理费300元，没有收到。", 0),
        ("收取信息处理费300元，未收取其他费用。", 300),
        ("收取信息处理费300元，未收取任何检索、复制费用。", 300),
        ("未收取信息处理费。", None),
    ],
)
def test_a_fee_that_was_asked_for_and_not_paid_was_not_received(text, yuan):
    assert fee_told_yuan(text) == yuan


def test_a_fee_told_in_a_section_of_its_own_is_told():
    unpaid = with3(report(), new_received=1, other_fee_unpaid=1, total=1)
    assert told(unpaid, "V15") and told(saying(unpaid, other_matters="无。"), "V21")
    own = replace(unpaid, own_sections={"五、信息处理费收取情况": "发出收费通知1件，实收0元。"})
    assert told(own, "V15") == [] and told(own, "V21") == []
    assert told(replace(unpaid, own_sections={"五、附件": "见网站2。"}), "V15")


def test_a_missing_last_section_is_told_once_in_its_own_words():
    sections = {key: text for key, text in report().sections.items() if key != "other_matters"}
    (one,) = told(replace(report(), sections=sections), "V21")
    assert one.message == "没有这一部分；没有其他事项的也应写明"


def test_other_outcomes_of_one_row_and_of_three_are_held_against_each_other():
    old = with3(report(2020), other=3, total=3, new_received=3)
    new = with3(report(2021), other_fee_unpaid=1, other_misc=2, total=3, new_received=3)
    assert told(old, "V24", Known(children=(new,))) == []
    less = with3(report(2021), other_fee_unpaid=1, other_misc=1, total=2, new_received=2)
    assert "表三“(六)其他处理”行“自然人”列" in [
        one.where for one in told(old, "V24", Known(children=(less,)))
    ]


def test_what_was_copied_is_told_by_every_stretch_of_eight_characters():
    words = "".join(chr(0x4E00 + place) for place in range(127))
    assert share_of_last_year(words + "子", words + "子") == 1
    assert share_of_last_year(words + "子", words + "丑") == pytest.approx(120 / 121)
    assert share_of_last_year(words, words[:20]) == pytest.approx(13 / 120)


def test_a_number_that_the_cases_do_not_give_is_told_in_the_words_of_its_table():
    counted = with4(report(), "review", upheld=1, total=1)
    found = told(report(), "V26", Known(counted=counted))
    assert [one.where for one in found] == ["表四“行政复议”“结果维持”", "表四“行政复议”“总计”"]


def test_fees_that_section_six_tells_are_not_asked_for_again():
    told_there = "全年发出收费通知1件，申请人逾期未缴纳，实际收取0元。"
    one = with3(saying(report(), other_matters=told_there), other_fee_unpaid=1)
    assert told(one, "V21") == []
