"""Annual reports as bodies publish them are read to the numbers that are printed (law.md §5)."""

import contextlib
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.law import load_law
from tests import samples
from tests.examples import ACCEPTANCE, TABLES, read
from tests.workflow.report import report_files
from tests.workflow.report.report_files import (
    WRITERS,
    as_docx,
    as_html,
    as_json,
    as_tabs,
    as_text,
    as_xlsx,
)
from tests.workflow.report.sound_reports import sound_reports
from workflow.report.annual import AnnualReport
from workflow.report.checks import findings
from workflow.report.reading import Unreadable, read_report

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
        odd = [one for one in found.oddities if one.kind == "cell"]
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
    assert "只应填数字" in next(one.message for one in found.oddities if one.kind == "cell")


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


# -- files that are none ----------------------------------------------------------------------------------


def packed(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
BOMB = (
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>"
)
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "空的"),
    "50 MB": (b"0" * (50 * 1024 * 1024), "超过 20 MB"),
    "picture": (samples.png(), "只读 JSON"),
    "program": (b"MZ\x90\0\x03\0\0\0", "只读 JSON"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
    "PDF": (samples.pdf("年度报告"), "PDF"),
    "other zip": (packed({"a.txt": "甲"}), "没有 Word 或者 Excel"),
    "broken zip": (as_xlsx(huaian())[:3000], "损坏"),
    "zip bomb": (packed({"[Content_Types].xml": TYPES, "word/document.xml": b"0" * 90_000_000}), "太大"),
    "macro": (packed({"[Content_Types].xml": TYPES, "xl/vbaProject.bin": b"1"}), "宏"),
    "macro type": (
        packed({"[Content_Types].xml": TYPES + "<!-- macroEnabled -->", "xl/workbook.xml": "<a/>"}),
        "宏",
    ),
    "broken XML": (packed({"word/document.xml": "<a><b></a>"}), "损坏"),
    "entities": (packed({"word/document.xml": BOMB}), "不规范"),
    "broken JSON": (b'{"year": 2024,', "第 1 行"),
    "deep JSON": (b"[" * 200_000, "JSON"),
    "JSON list": (b"[1]", "对象"),
    "JSON without year": (b'{"table3": {}}', "year"),
    "JSON without tables": (b'{"year": 2024}', "没有表格"),
    "prose": ("关于开展年度考核工作的通知".encode(), "没有找到"),
    "web page": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "没有找到"),
    "deep web page": (b"<div>" * 5000 + b"x", "没有找到|太深"),
    "huge table": (
        b"<table>" + b"<tr><td colspan=400>1</td></tr>" * 500 + b"</table>",
        "太大",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_clear_line(name):
    data, words = BAD[name]
    with pytest.raises(Unreadable, match=words) as caught:
        reading(name, data)
    assert "\n" not in str(caught.value)


def test_a_merge_over_a_whole_sheet_is_not_unrolled():
    parts = {}
    with zipfile.ZipFile(io.BytesIO(as_xlsx(huaian()))) as package:
        for name in package.namelist():
            parts[name] = package.read(name)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert b"</mergeCells>" in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</mergeCells>", b'<mergeCell ref="Z90:XFD1048576"/></mergeCells>'
    )
    assert reading("huaian_2024.xlsx", packed(parts)).table3 == huaian().table3


TOKENS = [
    b"9",
    b"A",
    b"-",
    b"",
    b' r="A0"',
    b' t="s"',
    b"<v>x</v>",
    b"<c/>",
    b"<w:tbl/>",
    b"<row/>",
]


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {
            name: package.read(name)
            for name in package.namelist()
            if name.startswith(("xl/w", "xl/s", "xl/_rels", "word/document"))
            and "styles" not in name
        }


UNPACKED = [unpacked(as_xlsx(huaian())), unpacked(as_docx(huaian()))]


def share_read(files: st.SearchStrategy[bytes], examples: int) -> float:
    """How many of the files were read, 0 to 1; nothing but Unreadable may be raised by the others. What
    is read is checked too. Always the same files, so that the share is always the same."""
    tried = Counter[bool]()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(files)
    def is_read(data: bytes) -> None:
        try:
            found = reading("a_2024", data)
        except Unreadable:
            tried[False] += 1
        else:
            tried[True] += 1
            findings(found, LAW)

    is_read()
    return tried[True] / tried.total()


@st.composite
def spoilt(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A file with some bytes exchanged, put in or taken out."""
    seed = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 12))):
        place = draw(st.integers(0, len(seed) - 1))
        end = place + draw(st.sampled_from((0, 1, 1, 2, 40)))
        seed[place:end] = draw(st.binary(max_size=6))
    return bytes(seed)


@st.composite
def spoilt_inside(draw: st.DrawFn, package: dict[str, bytes]) -> bytes:
    """An office file of which one part is spoilt."""
    parts = dict(package)
    name = draw(st.sampled_from(sorted(parts)))
    inner = bytearray(parts[name])
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(inner) - 1))
        token = draw(st.sampled_from(TOKENS) | st.binary(max_size=4))
        inner[place : place + draw(st.integers(0, 3))] = token
    parts[name] = bytes(inner)
    return packed(parts)


SLIPS = st.sampled_from(("9", "-1", "", "1E999", "0.5", "A0", "s", "——", "三、", "|", " ", "总计"))
VALUES = re.compile(rb'(?<=>)[^<>]+(?=<)|(?<==")[^"<>]*(?=")')


@st.composite
def with_slips(draw: st.DrawFn, text: str) -> bytes:
    """A file of text in which some characters are others."""
    for _ in range(draw(st.integers(1, 12))):
        place = draw(st.integers(0, len(text) - 1))
        text = text[:place] + draw(SLIPS) + text[place + draw(st.integers(0, 2)) :]
    return text.encode()


@st.composite
def with_other_values(draw: st.DrawFn, package: dict[str, bytes]) -> bytes:
    """An office file whose XML stays in order while what stands in its sheets or paragraphs does not.
    The names of the language, at the beginning, are left."""
    parts = dict(package)
    large = sorted(name for name in parts if len(parts[name]) > 2000)
    for _ in range(draw(st.integers(1, 6))):
        name = draw(st.sampled_from(large))
        span = draw(st.sampled_from(list(VALUES.finditer(parts[name], 1000)))).span()
        parts[name] = parts[name][: span[0]] + draw(SLIPS).encode() + parts[name][span[1] :]
    return packed(parts)


@pytest.mark.parametrize("kind", WRITERS)
def test_whatever_the_bytes_nothing_but_unreadable_is_raised(kind):
    share_read(spoilt([WRITERS[kind](huaian())]), 15)


@pytest.mark.parametrize(("write", "least"), [(as_html, 0.9), (as_text, 0.9), (as_tabs, 0.9)])
def test_a_text_with_slips_is_read_nearly_always(write, least):
    """Unreadable is only what has lost its year or all of its labels."""
    assert share_read(with_slips(write(huaian()).decode()), 30) >= least


@pytest.mark.parametrize("package", UNPACKED, ids=["xlsx", "docx"])
def test_whatever_stands_inside_an_office_file_nothing_but_unreadable_is_raised(package):
    share_read(spoilt_inside(package), 40)


@pytest.mark.parametrize("package", UNPACKED, ids=["xlsx", "docx"])
def test_an_office_file_with_other_values_is_read_mostly(package):
    assert share_read(with_other_values(package), 40) >= 0.8


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)
def test_random_bytes_raise_nothing_but_unreadable(data):
    for start in (b"", b"{", b"<table>", b"PK\x03\x04"):
        with contextlib.suppress(Unreadable):
            findings(reading("a", start + data), LAW)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


FIELDS = (
    "agency", "format", "sections", "period", "published_on", "version", "level", "table2", "table3",
    "table4", "title",
)  # fmt: skip


def test_whatever_stands_in_a_field_of_json_nothing_but_unreadable_is_raised():
    """One wrong field leaves a report that is read."""
    whole = json.loads(as_json(huaian()))
    files = st.tuples(st.sampled_from(FIELDS), _JSON).map(
        lambda field: json.dumps({**whole, field[0]: field[1]}).encode()
    )
    assert share_read(files, 150) == 1


def test_json_keeps_what_only_json_can_say():
    data = json.loads(as_json(huaian(period=(date(2024, 1, 1), date(2024, 12, 31)))))
    data |= {"published_on": "2025-01-20", "version": 2, "code": "huaian", "level": "city"}
    data["table2"] = {"charges": {"amount_10k": 12.5}}
    found = reading("a.json", json.dumps(data).encode())
    assert found.published_on == date(2025, 1, 20) and found.version == 2
    assert (found.code, found.level) == ("huaian", "city")
    assert found.cell2("charges", "amount_10k") == Decimal("12.5")
