"""The workbook of a reviewing office: a row for each finding, each file and each rule."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl

from tests.workflow.report.checks.reports import LAW, published, report
from workflow.paper.workbook import as_xlsx
from workflow.report import findings_table
from workflow.report.findings_table import FILES, FINDINGS, RULES, Checked, sheets
from workflow.report.judged import judged

ON = date(2026, 5, 12)
UNSOUND = Checked("b/全区.json", judged(published("pingtan_qu_2020"), LAW), before="b/去年.json")
SOUND = Checked("a.json", judged(published("huaian_2024"), LAW))
BROKEN = Checked("c.doc", why="文件已经损坏，打不开")
ALL = (SOUND, UNSOUND, BROKEN)


def test_every_finding_is_a_row_with_body_year_file_rule_article_place_and_sentence():
    found, files, rules = sheets(ALL, LAW, ON)
    assert (found.heads, files.heads, rules.heads) == (FINDINGS, FILES, RULES)
    assert found.rows == [
        (
            "平潭综合实验区(全区汇总)", 2020, "b/全区.json", "V02", "错误", "国办公开办函〔2021〕30号",
            f"表三“{column}”列", f"各项办理结果相加为 {parts}，（七）总计为 {total}",
        )
        for column, parts, total in (("自然人", 26, 20), ("总计", 27, 21))
    ]  # fmt: skip
    assert [one.name for one in (found, files, rules)] == ["问题", "文件", "规则"]
    assert found.note == (
        "2026 年 5 月 12 日核对，共 3 份，读出 2 份；没有这个机关的办件记录，没有下级机关的报告"
    )


def test_every_file_is_a_row_read_or_not_and_why():
    _, files, _ = sheets(ALL, LAW, ON)
    good, bad, broken = files.rows
    assert good[:9] == ("a.json", "是", None, "淮安市人民政府(全市)", 2024, "2021", 0, 0, None)
    assert bad[6:9] == (2, 0, "b/去年.json") and "没有读到表二" in bad[9]
    assert bad[9] == "\n".join(UNSOUND.judged.unchecked)
    assert broken == ("c.doc", "否", "文件已经损坏，打不开", *[None] * 7)


def test_every_rule_that_found_something_is_counted():
    twice = Checked("d", judged(replace(published("pingtan_qu_2020"), year=0), LAW))
    _, files, rules = sheets((UNSOUND, twice, SOUND), LAW, ON)
    assert files.rows[1][4] is None
    counted = {row[0]: row[1:] for row in rules.rows}
    assert counted["V02"] == (LAW.checks["V02"].says, LAW.checks["V02"].basis, 4, 0, 2)
    assert "V01" not in counted


def test_nothing_found_gives_empty_sheets_and_no_failure():
    found, files, rules = sheets((BROKEN,), LAW, ON)
    assert (found.rows, rules.rows, len(files.rows)) == ([], [], 1)
    assert as_xlsx(found, files, rules, dated=ON).startswith(b"PK")


def test_more_findings_than_a_sheet_holds_go_on_with_another(monkeypatch):
    monkeypatch.setattr(findings_table, "MOST_ROWS", 1)
    made = sheets((UNSOUND, SOUND), LAW, ON)
    assert [one.title for one in made] == ["核对发现的问题"] * 2 + ["各份文件的核对情况"] * 2 + [
        "各条规则的问题数"
    ]
    assert [one.rows[0][6] for one in made[:2]] == ["表三“自然人”列", "表三“总计”列"]


def test_what_a_report_says_is_never_a_formula():
    evil = replace(report(agency="=1+1"), year=2020, title="@x")
    name = "+cmd|' /C calc'!A0.json"
    book = openpyxl.load_workbook(
        BytesIO(as_xlsx(*sheets((Checked(name, judged(evil, LAW)),), LAW, ON), dated=ON))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {"=1+1", name} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
