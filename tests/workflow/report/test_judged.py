"""A report held to the checks: what was not looked at is said, last year's is found, its tables are shown as read."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflow.report.checks.reports import FORMATS, LAW, published, report, with3
from workflow.report.checks import Finding, Known, findings
from workflow.report.judged import Judged, judged, last_years, never_checked, tables_as_read

_BARE = report(published_on=date(2025, 1, 20))
_SAID = f"收到政府信息公开申请{_BARE.cell3('new_received')}件。"
WHOLE = replace(_BARE, sections={**_BARE.sections, "overview": _SAID})


def test_the_findings_are_those_of_the_checks_with_last_years_report():
    now, before = report(2024), with3(report(2023), carried_out=1)
    found = judged(now, LAW, before)
    assert list(found.found) == findings(now, LAW, Known(before=before))
    assert (found.report, found.before) == (now, before)
    assert found.of_level("error") == sum(one.level == "error" for one in found.found) == 2


def test_findings_are_grouped_errors_first_and_check_by_check():
    said = [("V01", "error"), ("V01", "error"), ("V06", "error"), ("V06", "warn"), ("V21", "warn")]
    found = tuple(Finding(rule, level, str(n), "") for n, (rule, level) in enumerate(said))
    groups = Judged(WHOLE, found, ()).groups(LAW)
    assert [
        (level, [(group.check.id, [one.where for one in group.findings]) for group in of_level])
        for level, of_level in groups
    ] == [
        ("error", [("V01", ["0", "1"]), ("V06", ["2"])]),
        ("warn", [("V06", ["3"]), ("V21", ["4"])]),
    ]
    assert Judged(WHOLE, found[3:], ()).groups(LAW)[0][0] == "warn"
    assert Judged(WHOLE, (), ()).groups(LAW) == []


# -- what was not looked at ----------------------------------------------------------------------------


def test_of_a_whole_report_with_last_years_everything_was_looked_at():
    assert judged(WHOLE, LAW, report(2023)).unchecked == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"table2": None}, "没有读到表二（主动公开政府信息情况），其中的数字没有核对。"),
        ({"table3": None}, "没有读到表三（收到和处理政府信息公开申请情况），其中的数字没有核对。"),
        ({"table4": None}, "没有读到表四（政府信息公开行政复议、行政诉讼情况），其中的数字没有核对。"),
        ({"sections": {}}, "没有读到正文，正文写了什么、与表格是否一致没有核对。"),
        ({"published_on": None}, "报告里没有写明公布的日期，没有核对：每年 1 月 31 日前公布（县级以上政府汇总的报告为 3 月 31 日前）。"),
    ],
)  # fmt: skip
def test_what_is_not_there_was_not_looked_at(changed, said):
    assert judged(replace(WHOLE, **changed), LAW, report(2023)).unchecked == (said,)


def test_the_day_that_a_page_prints_is_one_of_publication():
    printed = replace(WHOLE, published_on=None, page_day=date(2025, 1, 20))
    assert judged(printed, LAW, report(2023)).unchecked == ()


def test_sections_that_are_not_there_are_named():
    kept = {name: "" for name in FORMATS.sections if name not in ("problems", "other_matters")}
    sections = {**kept, "overview": _SAID}
    (said,) = judged(replace(WHOLE, sections=sections), LAW, report(2023)).unchecked
    titles = [FORMATS.sections[name] for name in ("problems", "other_matters")]
    assert said == f"没有读到正文的“{titles[0]}”、“{titles[1]}”，这些部分没有核对。"


def test_without_last_years_report_what_needs_it_is_named():
    (said,) = judged(WHOLE, LAW).unchecked
    assert said.startswith("没有上一年的报告，没有核对：") and said.endswith("。")
    assert all(LAW.checks[rule].says in said for rule in ("V05", "V17", "V25"))
    (doubt,) = judged(WHOLE, LAW, doubtful=True).unchecked
    assert doubt.startswith("有几份上一年的报告，数字不一样，没有与上一年比较：上年结转")


def test_a_report_of_another_body_to_compare_with_is_pointed_out():
    (said,) = judged(WHOLE, LAW, report(2023, agency="江那镇人民政府")).unchecked
    assert said.startswith("用来比较的是“江那镇人民政府”的报告，这一份是“盘龙彝族乡人民政府”的")
    spaced = report(2023, agency="盘龙彝族乡 人民政府")
    assert judged(WHOLE, LAW, spaced).unchecked == ()
    assert judged(WHOLE, LAW, report(2023, agency="")).unchecked == ()


def test_what_is_never_looked_at_is_said_with_its_rules():
    cases, children = never_checked(LAW)
    assert cases.startswith("没有这个机关的办件记录") and "V19、V20、V26" in cases
    assert children == "没有下级机关的报告，要与之对照的没有核对（规则 V24）。"


# -- which report is last year's -----------------------------------------------------------------------


def places(*reports):
    return [(one.place, one.doubtful) for one in last_years(reports)]


def test_last_years_report_is_that_of_the_same_body():
    other = report(2023, agency="江那镇人民政府")
    assert places(report(2024), None, other, report(2023), report(2022)) == [
        (3, False), (None, False), (None, False), (4, False), (None, False),
    ]  # fmt: skip


def test_blanks_and_wide_letters_make_no_other_body():
    spaced = report(2023, agency=" 盘龙彝族乡　人民政府\n")
    assert places(report(2024), spaced)[0] == (1, False)


def test_a_report_without_a_year_or_a_body_is_nobodys():
    nameless = [report(2024, agency=""), report(2023, agency="")]
    assert places(*nameless) == [(None, False)] * 2
    unknown = replace(report(2024), year=0)
    assert places(unknown, replace(unknown, year=-1), report(1 + 2023, agency="x"))[0] == (None, False)  # fmt: skip


def test_the_same_report_in_two_files_is_one_and_two_that_differ_are_none():
    last = report(2023)
    assert places(report(2024), last, replace(last, title="另存"))[0] == (1, False)
    assert places(report(2024), last, with3(last, new_received=1))[0] == (None, True)


# -- the tables as they were read ----------------------------------------------------------------------


def test_tables_are_shown_with_their_labels_and_every_number():
    read = published("pingtan_qu_2020")
    three, four, two = tables_as_read(read, FORMATS)
    assert three.title == "表三 收到和处理政府信息公开申请情况"
    assert three.heads == ("项目", *FORMATS.columns.values())
    assert [row.numbers for row in three.rows] == [tuple(c.values()) for c in read.table3.values()]
    assert [row.label for row in three.rows if row.sum] == [FORMATS.rows["2019"]["total"]]
    groups = {row.group for row in three.rows}
    assert groups == {"", *(FORMATS.groups[one] for one in ("refused", "unable", "not_processed"))}
    assert [row.numbers for row in four.rows] == [tuple(c.values()) for c in read.table4.values()]
    assert [row.label for row in four.rows][1] == FORMATS.blocks["suit_direct"].replace("/", "：")
    assert (two.name, two.rows, two.part) == ("table2", (), "")


def test_table_two_is_shown_block_by_block_as_far_as_it_was_read():
    blocks = [one for one in tables_as_read(report(), FORMATS) if one.name == "table2"]
    assert [one.part for one in blocks] == [one.title for one in FORMATS.table2["2021"]]
    part = report(table2={"permits": {"decisions": 3}})
    (only,) = [one for one in tables_as_read(part, FORMATS) if one.name == "table2"]
    assert [(row.label, row.numbers) for row in only.rows] == [("行政许可", (3,))]
    assert only.heads[0] == "信息内容" and only.title == "表二 主动公开政府信息情况"


def test_what_was_not_read_has_no_rows():
    empty = replace(report(), table2=None, table3=None, table4=None)
    assert [(one.name, one.rows) for one in tables_as_read(empty, FORMATS)] == [
        ("table3", ()), ("table4", ()), ("table2", ()),
    ]  # fmt: skip
