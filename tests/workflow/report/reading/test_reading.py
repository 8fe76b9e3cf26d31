"""Annual reports as bodies publish them are read to the numbers that are printed (law.md §5)."""

import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.law import load_law
from tests.examples import ACCEPTANCE, TABLES, read
from tests.workflow.report import report_files
from tests.workflow.report.report_files import (
    WRITERS,
    as_docx,
    as_html,
    as_json,
    as_text,
    as_xlsx,
)
from tests.workflow.report.sound_reports import sound_reports
from workflow.report.annual import AnnualReport
from workflow.report.checks import findings
from workflow.report.reading import read_report

LAW = load_law()
FORMATS = LAW.formats
PANLONG = ACCEPTANCE / "reports" / "panlong_2019.txt"


def reading(name: str, data: bytes) -> AnnualReport:
    return read_report(name, data, FORMATS)


def report_of(data: dict[str, Any], **more: Any) -> AnnualReport:
    """A table of tests/acceptance as a report with a title."""
    return AnnualReport(
        agency=data["agency"],
        year=data["year"],
        format=data["format"],
        table3=data["table3"],
        table4=data["table4"],
        **more,
    )


def huaian(**more: Any) -> AnnualReport:
    return report_of(read(ACCEPTANCE / "tables" / "huaian_2024.json"), **more)


def kinds(report: AnnualReport) -> set[tuple[str, str]]:
    return {(one.kind, one.where) for one in report.oddities}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_published_table_is_read_back_from_every_kind_of_file(path, kind):
    data = read(path)
    found = reading(f"{path.stem}.{kind}", WRITERS[kind](report_of(data)))
    assert (found.year, found.format) == (data["year"], data["format"])
    assert found.table3 == data["table3"]
    assert found.table4 == data["table4"]
    assert found.agency == data["agency"] or kind != "json"
    assert {one.kind for one in found.oddities} <= {"missing"}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_published_tables_are_read_as_they_are_kept(path):
    data = read(path)
    found = reading(path.name, path.read_bytes())
    assert found.table3 == data["table3"] and found.table4 == data["table4"]
    assert (found.agency, found.year, found.level) == (data["agency"], data["year"], data["level"])
    assert found.oddities == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sound_reports(), st.sampled_from(sorted(WRITERS)))
def test_a_sound_report_written_and_read_back_is_equal_and_not_accused(report, kind):
    found = reading(f"report.{kind}", WRITERS[kind](report))
    assert found.table2 == report.table2
    assert found.table3 == report.table3
    assert found.table4 == report.table4
    assert dict(found.sections) == dict(report.sections)
    assert (found.year, found.format, found.period) == (report.year, report.format, report.period)
    assert found.oddities == ()
    assert [one for one in findings(found, LAW) if one.level == "error"] == []


# -- the report from which the project began -----------------------------------------------------------


def test_panlong_2019_is_read_from_print_with_blank_cells_and_split_labels():
    found = reading("panlong_2019.txt", PANLONG.read_bytes())
    assert (found.agency, found.year, found.format) == ("盘龙彝族乡", 2019, "2019")
    assert found.table3 is not None and len(found.table3) == 23
    assert all(not value for cells in found.table3.values() for value in cells.values())
    assert all(cells["total"] == 0 for cells in found.table3.values())
    assert all(found.cell4(block) == 0 for block in FORMATS.blocks)
    assert found.table2 is not None
    assert found.table2["permits"] == {"items_before": 10, "change": 0, "decisions": 0}
    assert found.table2["penalties"] == {"items_before": 0, "change": 0, "decisions": 0}
    assert found.table2["procurement"] == {"projects": 3, "amount": 55760}
    assert list(found.sections) == list(FORMATS.sections)
    assert found.sections["other_matters"] == "无其他需要报告的事项。"
    assert [one.message for one in found.oddities] == [
        "印的是“本年新”，应为“本年新制作数量”",
        "印的是“本年新”，应为“本年新公开数量”",
    ]


# -- labels --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("official", "printed"),
    [
        ("2.其他法律行政法规禁止公开", "2.其他法律行政止公开"),
        ("5.属于三类内部事务信息", "5.属于三类内容事务信息"),
        ("勾稽", "钩稽"),
        ("3.其他", "其他"),
        ("(七)总计", "总计"),
        ("未经复议直接起诉", "未经复议直接诉讼"),
        ("社会公益组织", "社会公益性组织"),
    ],
)
@pytest.mark.parametrize("write", [as_xlsx, as_docx, as_html, as_text])
def test_a_misspelt_label_is_understood_and_told(official, printed, write, monkeypatch):
    exact = write(huaian())
    monkeypatch.setattr(
        report_files,
        "content",
        lambda report, old=report_files.content: [
            part
            if isinstance(part, str)
            else [[(text.replace(official, printed) if official in text else text, *span)
                   for text, *span in row] for row in part]
            for part in old(report)
        ],
    )  # fmt: skip
    found = reading("huaian_2024", write(huaian()))
    assert found.table3 == reading("huaian_2024", exact).table3 == huaian().table3
    assert found.table4 == huaian().table4
    assert [one.kind for one in found.oddities if one.kind != "missing"] == ["label"]


def test_punctuation_width_and_blanks_of_labels_are_no_slips():
    text = as_text(huaian()).decode()
    text = text.replace("(", "（").replace(")", "）").replace(",", "，").replace("1.", "1．")
    text = text.replace("2.", "2、").replace("科研机构", "科 研\u3000机构").replace("“", '"')
    found = reading("huaian_2024.txt", text.encode())
    assert found.table3 == huaian().table3
    assert {one.kind for one in found.oddities} == {"missing"}


def test_full_width_digits_and_thousands_are_numbers():
    text = as_text(huaian()).decode().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert reading("huaian_2024.txt", text.encode()).table3 == huaian().table3
    page = as_html(huaian()).decode().replace(">3119<", ">3,119<")
    assert reading("huaian_2024.html", page.encode()).cell3("new_received") == 3119


@pytest.mark.parametrize("stroke", ["/", "-", "—", "－", "无", "见附件", "不详"])
def test_what_is_no_number_is_read_as_blank_and_told_with_its_place(stroke):
    report = huaian()
    assert report.table3 is not None
    cells = {**report.table3["refused_state_secret"], "business": stroke}
    table3: Any = {**report.table3, "refused_state_secret": cells}
    for kind, write in WRITERS.items():
        found = reading(f"a.{kind}", write(replace(report, table3=table3)))
        assert found.table3 is not None
        assert found.table3["refused_state_secret"]["business"] is None, kind
        odd = [one for one in found.oddities if one.kind in ("cell", "stroke")]
        assert [one.where for one in odd] == ["表三“1.属于国家秘密”行“商业企业”列"], kind
        assert stroke in odd[0].message


def test_an_error_in_a_cell_of_excel_is_told_and_no_blank():
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(huaian())))
    (cell,) = (one for row in book.worksheets[0] for one in row if str(one.value) == "3119")
    cell.value, cell.data_type = "#DIV/0!", "e"
    changed = io.BytesIO()
    book.save(changed)
    found = reading("a.xlsx", changed.getvalue())
    assert any("#DIV/0!" in one.message for one in found.oddities if one.kind == "cell")


def test_a_unit_beside_a_number_does_not_hide_it():
    page = as_html(huaian()).decode().replace(">3119<", ">3119件<")
    found = reading("a.html", page.encode())
    assert found.cell3("new_received") == 3119
    assert "写了“件”" in next(one.message for one in found.oddities if one.kind == "unit")


def test_a_missing_row_is_told():
    rows = [line for line in as_text(huaian()).decode().splitlines() if "重复申请" not in line]
    found = reading("huaian_2024.txt", "\n".join(rows).encode())
    assert ("missing", "表三“2.重复申请”行") in kinds(found)


def test_a_row_with_an_unknown_label_is_read_by_its_place():
    text = as_text(huaian()).decode().replace("2.重复申请", "2.一再来问")
    found = reading("huaian_2024.txt", text.encode())
    assert found.table3 == huaian().table3
    assert ("label", "表三“2.重复申请”行") in kinds(found)


def test_numbers_whose_blanks_are_lost_are_not_guessed():
    text = "\n".join(
        "1.本机关不掌握相关政府信息 | 3 | 2 | 5 | | | | | | |" if "不掌握" in line else line
        for line in as_text(huaian()).decode().splitlines()
    )
    found = reading("huaian_2024.txt", text.encode())
    assert found.table3 is not None
    assert set(found.table3["unable_not_held"].values()) == {None}
    assert any("空格丢失" in one.message for one in found.oddities)


def test_the_old_row_in_a_new_year_is_read_as_the_old_format():
    report = report_of(read(ACCEPTANCE / "tables" / "pingtan_htp_2022.json"))
    found = reading("htp.docx", as_docx(report))
    assert (found.year, found.format) == (2022, "2019")


def test_spaces_between_columns_are_a_table_too():
    text = as_text(huaian(), "   ").decode()
    assert reading("huaian_2024.txt", text.encode()).table3 == huaian().table3


# -- title, period, sections ------------------------------------------------------------------------------


def test_year_and_agency_come_from_the_title_and_the_year_else_from_the_name():
    found = reading("a.txt", as_text(huaian()))
    assert (found.agency, found.year) == ("淮安市人民政府(全市)", 2024)
    bare = as_text(huaian(title="年报")).decode()
    assert reading("huaian_2023.txt", bare.encode()).year == 2023
    nowhere = reading("a.txt", bare.encode())
    assert nowhere.year == 0 and ("year", "标题") in kinds(nowhere)


def test_a_day_that_does_not_exist_is_told():
    text = "本报告统计期限自2020年1月1日至202020年12月31日止。\n" + as_text(huaian()).decode()
    found = reading("a.txt", text.encode())
    assert found.period is None and ("period", "统计期限") in kinds(found)
    assert any("202020年12月31日" in one.message for one in found.oddities)


def test_a_span_of_other_days_is_no_period():
    text = (
        as_text(huaian())
        + "\n五、存在的主要问题及改进情况\n5月1日至5月7日，2024年5月1日至5月7日开展宣传。".encode()
    )
    assert reading("a.txt", text).period is None


def test_sections_are_found_by_nearly_their_titles():
    text = as_text(huaian(sections={"problems": "人手不足。", "other_matters": "无。"})).decode()
    text = text.replace(
        "五、存在的主要问题及改进情况", "五、政府信息公开工作存在的主要问题及改进情况"
    )
    found = reading("a.txt", text.encode())
    assert found.sections["problems"] == "人手不足。"
    assert ("section", "“五、存在的主要问题及改进情况”") in kinds(found)


def test_name_and_day_below_a_report_belong_to_no_section():
    given = huaian(sections={"problems": "人手不足。", "other_matters": "无。"})
    text = as_text(given).decode() + "\n淮安市人民政府办公室\n2025年1月20日"
    found = reading("a.txt", text.encode())
    assert found.sections["other_matters"] == "无。"
    assert found.signed_by == "淮安市人民政府办公室" and found.published_on is None


def test_a_title_in_two_lines_names_the_body_in_the_first():
    text = as_text(huaian(title="淮安市人民政府\n2024年政府信息公开工作年度报告")).decode()
    found = reading("a.txt", text.encode())
    assert (found.agency, found.year) == ("淮安市人民政府", 2024)


def test_json_keeps_what_only_json_can_say():
    data = json.loads(as_json(huaian(period=(date(2024, 1, 1), date(2024, 12, 31)))))
    data |= {"published_on": "2025-01-20", "version": 2, "code": "huaian", "level": "city"}
    data["table2"] = {"charges": {"amount_10k": 12.5}}
    found = reading("a.json", json.dumps(data).encode())
    assert found.published_on == date(2025, 1, 20) and found.version == 2
    assert (found.code, found.level) == ("huaian", "city")
    assert found.cell2("charges", "amount_10k") == Decimal("12.5")
