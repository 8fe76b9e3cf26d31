"""Every form that offices have: the same published table comes back cell for cell, and what cannot be read is said."""

import io
import re
import zipfile

import pytest

from tests import samples
from tests.examples import ACCEPTANCE, ROOT, TABLES, read
from tests.samples import packed
from tests.workflow.report.checks.corpus import cases
from tests.workflow.report.form_files import FORMS, as_lines, odf
from tests.workflow.report.reading.test_reading import LAW, PANLONG, huaian, reading, report_of
from tests.workflow.report.report_files import WRITERS, as_docx, as_html, as_tabs, as_text, as_xlsx
from workflow.report.checks import findings
from workflow.report.reading import Unreadable
from workflow.report.reading.labels import LabelBook
from workflow.report.reading.odf import blocks_of_odf
from workflow.report.reading.text import blocks_of_text

HUAIAN_DOCX, HUAIAN_XLSX = as_docx(huaian()), as_xlsx(huaian())
USUAL = ("huaian_2024", "pingtan_qu_2019", "pingtan_zrz_2022")
INPUTS = ACCEPTANCE / "report_inputs"
TEXT = as_text(huaian()).decode()
LIBRE = ROOT / "tests/golden/libreoffice"
TOLD = "青禾县某某局2023年政府信息公开工作年度报告"

_PATHS = [
    pytest.param(path, id=path.stem)
    if path.stem in USUAL
    else pytest.param(
        path, id=path.stem, marks=pytest.mark.long(reason="700 files; every run has three tables")
    )
    for path in TABLES
]


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("path", _PATHS)
def test_a_published_table_is_read_back_from_every_form(path, kind):
    data = read(path)
    found = reading(f"{path.stem}.{kind}", FORMS[kind](report_of(data)))
    assert (found.year, found.format) == (data["year"], data["format"])
    assert found.table3 == data["table3"]
    assert found.table4 == data["table4"]
    assert {one.kind for one in found.oddities} <= {"missing"}


@pytest.mark.parametrize(
    "kind", [kind for kind in FORMS if kind not in ("lines.txt", "stroked.txt")]
)
def test_blank_cells_stay_blank_in_every_form_that_has_columns(kind):
    printed = reading(PANLONG.name, PANLONG.read_bytes())
    found = reading(f"panlong.{kind}", FORMS[kind](printed))
    assert found.table2 == printed.table2
    assert found.table3 == printed.table3 and found.table4 == printed.table4


@pytest.mark.parametrize("path", sorted(LIBRE.glob("huaian*")), ids=lambda path: path.name)
def test_what_a_real_office_program_wrote_is_read(path):
    """Written by LibreOffice (tests/golden/libreoffice/README.md), with borders, looks and pages of its own."""
    found = reading(path.name, path.read_bytes())
    original = reading("huaian_2024.docx", (ROOT / "tests/golden/huaian_2024.docx").read_bytes())
    assert (found.table2, found.table3, found.table4) == (
        original.table2,
        original.table3,
        original.table4,
    )
    assert found.period == original.period
    if path.suffix != ".html":  # a page has the foot of each sheet among its lines
        assert found.sections == original.sections and found.signed_by == original.signed_by
    assert found.oddities == ()


@pytest.mark.parametrize(
    "name", ["comma.csv", "inputs_in_cells.html", "one_cell_per_line.txt", "utf16.html"]
)
def test_small_files_of_every_kind_say_the_same(name):
    found = reading(name, (INPUTS / name).read_bytes())
    plain = reading("a.html", (INPUTS / "signed_before_year_end.html").read_bytes())
    assert (found.table2, found.table3, found.table4) == (plain.table2, plain.table3, plain.table4)
    assert found.title == TOLD and found.agency == "青禾县某某局" and found.oddities == ()
    assert list(found.sections) == list(LAW.formats.sections)


# -- what a file is, its bytes say -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*WRITERS, *FORMS])
def test_the_ending_of_a_name_says_nothing(kind):
    written = {**WRITERS, **FORMS}[kind](huaian())
    for name in ("a.doc", "a.json", "a"):
        assert reading(name, written).table3 == huaian().table3


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NAMED = {
    "ofd": (samples.ofd("年报"), "OFD.*DOCX"),
    "doc": (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "旧版 Office 文字.*另存为 DOCX"),
    "xls": (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "旧版 Office 表格.*另存为 XLSX"),
    "slides": (OLE + b"\0" * 600 + "PowerPoint Document".encode("utf-16-le"), "演示文稿.*DOCX"),
    "locked": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "xlsb": (packed({"[Content_Types].xml": "<a/>", "xl/workbook.bin": b"1"}), "XLSB.*另存为 XLSX"),
    "pptx": (packed({"[Content_Types].xml": "<a/>", "ppt/presentation.xml": b"1"}), "演示文稿"),
    "rar": (b"Rar!\x1a\x07\0" + b"\0" * 50, "RAR.*解压"),
    "word of 2003": (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w:a xmlns:w='x'/>", "旧版 Office.*另存为 DOCX"),
    "locked odt": (
        packed({"content.xml": b"\x01\x02", "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "密码",
    ),
    "two in a zip": (packed({"a.txt": "甲", "b.txt": "乙", "__MACOSX/a": "x"}), "有 2 个文件（“a.txt”、“b.txt”），"),
    "many in a zip": (packed({f"{n}.txt": "甲" for n in range(9)}), "有 9 个文件（“0.txt”、“1.txt”、“2.txt”等）"),
    "nothing in a zip": (packed({"__MACOSX/a": "x", "b/.DS_Store": "x"}), "是空的"),
    "zip in a zip": (packed({"a.zip": packed({"b.zip": packed({"c.txt": "甲"})})}), "还是压缩包"),
    "mail without a page": (b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello", "没有网页"),
    "no text in UTF-16": (("年" * 50).encode("utf-16") + b"\0", "不是年度报告"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_what_cannot_be_read_is_named_with_what_to_do(name):
    data, words = NAMED[name]
    with pytest.raises(Unreadable, match=words) as caught:
        reading("年报", data)
    assert "\n" not in str(caught.value) and "上传" not in str(caught.value)


# -- what is not seen is not read ------------------------------------------------------------------------


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def replaced(data: bytes, member: str, old: str, new: str) -> bytes:
    """An office file in which a member says something else."""
    parts = parts_of(data)
    assert old.encode() in parts[member]
    parts[member] = parts[member].replace(old.encode(), new.encode())
    return packed(parts)


HIDDEN_RUNS = {
    "hidden": "<w:r><w:rPr><w:vanish/></w:rPr><w:t>99</w:t></w:r>",
    "moved": '<w:moveFrom w:id="1"><w:r><w:t>99</w:t></w:r></w:moveFrom>',
    "deleted": '<w:del w:id="1"><w:r><w:delText>99</w:delText></w:r><w:r><w:t>99</w:t></w:r></w:del>',
    "older programs": '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:Fallback><w:r><w:t>99</w:t></w:r></mc:Fallback></mc:AlternateContent>",
}


@pytest.mark.parametrize("kind", HIDDEN_RUNS)
def test_hidden_moved_and_deleted_text_of_word_is_no_number(kind):
    data = replaced(
        HUAIAN_DOCX, "word/document.xml", "<w:r><w:t>3119</w:t></w:r>",
        f"<w:r><w:t>31</w:t></w:r>{HIDDEN_RUNS[kind]}<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>19</w:t></w:r>",
    )  # fmt: skip
    found = reading("a.docx", data)
    assert (
        found.table3 == huaian().table3
        and found.oddities == reading("a.docx", HUAIAN_DOCX).oddities
    )


def test_a_style_of_word_may_hide_its_text():
    style = (
        '<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Child"><w:basedOn w:val="Secret"/></w:style></w:styles>'
    )
    for name, read_as in (("Secret", 3119), ("Child", 3119), ("Other", 993119)):
        data = replaced(HUAIAN_DOCX, "word/styles.xml", "</w:styles>", style)
        run = f'<w:r><w:rPr><w:rStyle w:val="{name}"/></w:rPr><w:t>99</w:t></w:r><w:r><w:t>3119</w:t></w:r>'
        data = replaced(data, "word/document.xml", "<w:r><w:t>3119</w:t></w:r>", run)
        assert reading("a.docx", data).cell3("new_received") == read_as


def test_deleted_and_hidden_rows_of_word_are_no_rows():
    row = "<w:tr><w:trPr><w:{}/></w:trPr><w:tc><w:p><w:r><w:t>一、本年新收政府信息公开申请数量</w:t></w:r></w:p></w:tc>"
    row += "<w:tc><w:p><w:r><w:t>7</w:t></w:r></w:p></w:tc>" * 7 + "</w:tr></w:tbl>"
    for word in ("del", "hidden"):
        data = replaced(HUAIAN_DOCX, "word/document.xml", "</w:tbl>", row.format(word))
        assert reading("a.docx", data).oddities == reading("a.docx", HUAIAN_DOCX).oddities


@pytest.mark.parametrize(
    "hidden",
    [
        "<span style='display: none'>99</span>", "<span hidden>99</span>", "<span style='visibility:hidden'>99</span>",
        "<span style='mso-hide:all'>99</span>", "<del>99</del>", "<input type='hidden' value='99'>",
        "<input type='checkbox' value='99'>", "<input value='99' style='display:none'>",
    ],
)  # fmt: skip
def test_what_a_page_hides_is_no_number(hidden):
    page = as_html(huaian()).decode().replace(">3119<", f">31{hidden}19<")
    found = reading("a.html", page.encode())
    assert found.cell3("new_received") == 3119 and found.table3 == huaian().table3


def test_hidden_rows_and_cells_of_a_page_are_none():
    page = as_html(huaian()).decode()
    row = (
        "<tr style='display:none'><td>二、上年结转政府信息公开申请数量</td>"
        + "<td>7</td>" * 7
        + "</tr></tbody>"
    )
    cell = "<td hidden>99</td><td colspan=1 rowspan='1'><p><span>3119<"
    bent = page.replace("</tbody>", row).replace("<td colspan=1 rowspan='1'><p><span>3119<", cell)
    assert bent != page
    assert reading("a.html", bent.encode()).table3 == huaian().table3


def test_fields_of_a_page_hold_numbers():
    page = as_html(huaian()).decode()
    for field in (
        "<input value='3119'>", "<input type=text value=' 3119 '>", "<textarea>3119</textarea>",
        "<select><option>1</option><option selected>3119</option></select>", "<select><option>3119</option><option>2</option></select>",
    ):  # fmt: skip
        bent = page.replace(">3119<", f">{field}<")
        assert reading("a.html", bent.encode()).table3 == huaian().table3, field


def test_hidden_rows_and_columns_of_excel_are_not_read_and_that_is_said():
    data = HUAIAN_XLSX
    sheet = "xl/worksheets/sheet1.xml"
    hidden_row = replaced(
        data,
        sheet,
        "</sheetData>",
        '<row r="900" hidden="1"><c r="B900"><v>7</v></c></row></sheetData>',
    )
    (told,) = [one for one in reading("a.xlsx", hidden_row).oddities if one.kind == "unread"]
    assert told.where == "工作表“年报”" and told.message == "第 900 行是隐藏的，里面的内容没有读入"
    column = '<row r="900"><c r="AB900"><v>7</v></c></row></sheetData>'
    hidden_column = replaced(
        replaced(data, sheet, "</sheetData>", column), sheet, "<sheetData>",
        '<cols><col min="28" max="29" hidden="1"/><col min="x" max="9" hidden="1"/></cols><sheetData>',
    )  # fmt: skip
    found = reading("a.xlsx", hidden_column)
    assert [one.message for one in found.oddities if one.kind == "unread"] == [
        "AB 列是隐藏的，里面的内容没有读入"
    ]
    assert found.table3 == huaian().table3
    assert [f.level for f in findings(found, LAW) if "AB 列" in f.message] == ["warn"]


def test_a_formula_without_its_result_is_said_and_is_no_zero():
    sheet = "xl/worksheets/sheet1.xml"
    bent = replaced(HUAIAN_XLSX, sheet, "<v>3119</v>", "<f>SUM(B1:G1)</f>")
    found = reading("a.xlsx", bent)
    assert found.table3 is not None and found.table3["new_received"]["total"] is None
    (told,) = [one for one in found.oddities if one.kind == "cell"]
    assert (
        told.where == "表三“一、本年新收政府信息公开申请数量”行“总计”列" and "公式" in told.message
    )
    with_result = replaced(HUAIAN_XLSX, sheet, "<v>3119</v>", "<f>SUM(B1:G1)</f><v>3119</v>")
    assert reading("a.xlsx", with_result).table3 == huaian().table3


def test_formulas_that_a_program_left_unreckoned_are_no_zeros():
    """Programs that only write leave 0 and have the workbook reckoned anew when it is opened."""
    sheet, book = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
    bent = replaced(HUAIAN_XLSX, sheet, "<v>3119</v>", "<f>SUM(B1:G1)</f><v>0</v>")
    assert b'fullCalcOnLoad="1"' in parts_of(bent)[book]
    found = reading("a.xlsx", bent)
    assert found.table3 is not None and found.table3["new_received"]["total"] is None
    reckoned = replaced(bent, book, ' fullCalcOnLoad="1"', "")
    assert reading("a.xlsx", reckoned).table3["new_received"]["total"] == 0


STRICT = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}  # fmt: skip


@pytest.mark.parametrize("data", [HUAIAN_DOCX, HUAIAN_XLSX], ids=["docx", "xlsx"])
def test_the_strict_variant_of_office_files_is_read_too(data):
    parts = parts_of(data)
    for name, content in parts.items():
        for usual, strict in STRICT.items():
            content = content.replace(usual.encode(), strict.encode())
        parts[name] = content
    assert packed(parts) != data
    assert reading("a", packed(parts)).table3 == huaian().table3


def test_the_body_of_a_word_file_may_have_a_number():
    parts = parts_of(HUAIAN_DOCX)
    parts["word/document2.xml"] = parts.pop("word/document.xml")
    assert reading("a.docx", packed(parts)).table3 == huaian().table3


def test_a_stroke_before_or_behind_a_cell_on_its_line_is_none():
    for before, behind in (("| ", ""), ("", " │"), ("｜", "")):
        said = "\n".join(
            f"{before}{line}{behind}" for line in as_lines(huaian()).decode().splitlines()
        )
        found = reading("a.txt", said.encode())
        assert found.table3 == huaian().table3 and found.table4 == huaian().table4


def test_a_table_of_formulas_without_results_is_a_table():
    """Every number of table 四 is one: its row is known by its place."""
    parts = parts_of(HUAIAN_XLSX)
    rows = parts["xl/worksheets/sheet1.xml"].decode()
    start = rows.rindex("<row ")
    parts["xl/worksheets/sheet1.xml"] = (
        rows[:start] + re.sub(r"<v>\d+</v>", "<f>A1</f>", rows[start:])
    ).encode()
    found = reading("a.xlsx", packed(parts))
    assert found.table3 == huaian().table3 and found.table4 is not None
    assert {value for cells in found.table4.values() for value in cells.values()} == {None}
    (told,) = [one for one in found.oddities if "公式" in one.message]
    assert (
        told.message.startswith("15 格是公式")
        and "第一处是“行政复议”“结果维持”；请用" in told.message
    )
    assert len(told.places) == 15
    (said,) = [one for one in findings(found, LAW) if "公式" in one.message]
    assert (said.rule, said.level, said.where) == ("V06", "error", "表四")
    assert not [one for one in findings(found, LAW) if one.rule == "V04" or "空白" in one.message]


ODF_HIDDEN = {
    "deleted": "<text:tracked-changes><text:changed-region><text:deletion><text:p>99</text:p></text:deletion>"
    "</text:changed-region></text:tracked-changes>",
    "remark": "<text:p>二<office:annotation><text:p>99</text:p></office:annotation></text:p>",
    "section": '<text:section text:display="none"><text:p>99</text:p></text:section>',
    "style": '<text:p text:style-name="H">99</text:p>',
    "span": '<text:p>二<text:span text:style-name="H">99</text:span></text:p>',
}  # fmt: skip


@pytest.mark.parametrize("kind", ODF_HIDDEN)
def test_what_opendocument_hides_is_not_read(kind):
    style = '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    body = f"<text:p>一</text:p>{ODF_HIDDEN[kind]}<text:h>三<text:s/>四<text:tab/><text:line-break/></text:h>"
    said = list(blocks_of_odf(odf(body, "text", styles=style)))
    assert "99" not in str(said) and said[0] == "一" and said[-1] == "三 四\t\n"


def test_lines_between_cells_of_a_copied_page_are_no_cells():
    """A browser leaves a tab, or a blank line, on a line of its own between two cells."""
    for between in ("\n\n", "\n\t\n", "\t\n"):
        said = as_lines(huaian()).decode().replace("\n", between)
        found = reading("a.txt", said.encode())
        assert found.table3 == huaian().table3 and found.table4 == huaian().table4


def test_blank_lines_are_blank_cells_where_only_they_make_up_a_row():
    said = as_lines(huaian()).decode()
    row = "一、本年新收政府信息公开申请数量\n"
    assert row + "3001\n53\n0\n0\n61\n4\n3119\n" in said
    blank = said.replace(row + "3001\n53\n0\n0\n61\n4\n3119\n", row + "3001\n53\n\n\n61\n4\n3119\n")
    found = reading("a.txt", blank.encode())
    assert found.table3 is not None and list(found.table3["new_received"].values()) == [
        3001,
        53,
        None,
        None,
        61,
        4,
        3119,
    ]
    lost = said.replace(row + "3001\n53\n0\n0\n61\n4\n3119\n", row + "3001\n53\n61\n4\n3119\n")
    told = [one for one in reading("a.txt", lost.encode()).oddities if one.kind == "table"]
    assert len(told) == 1 and "空格丢失" in told[0].message


def test_a_label_broken_over_two_lines_is_one():
    said = as_lines(huaian()).decode()
    broken = said.replace(
        "1.申请人无正当理由逾期不补正、行政", "1.申请人无正当理由逾期不补正、\n行政"
    )
    assert broken != said
    assert reading("a.txt", broken.encode()).table3 == huaian().table3


def test_prose_with_a_few_numbers_on_lines_of_their_own_stays_prose():
    said = "总计\n1\n\n2\n自然人\n3\n"
    assert list(blocks_of_text(said)) == said.splitlines()


def test_rules_between_rows_are_no_text():
    boxes = as_text(huaian(), " │ ").decode().replace("\n", "\n├───┼───┤\n")
    found = reading("a.txt", boxes.encode())
    assert found.table3 == huaian().table3 and "─" not in found.title
    assert reading("a.txt", as_tabs(huaian())).table3 == found.table3


def test_an_item_and_its_only_number_are_parted_by_a_wide_gap():
    """Table 二 has rows of two cells."""
    report = next(
        one.read() for one in cases() if one.name == "documents and decisions as in the table"
    )
    gaps = as_text(report, "    ").decode()
    assert reading("a.txt", gaps.encode()).table2 == report.table2
    for line in ("规章的说明很长" * 6 + "    3", "全年收费。共    3", "联系人    张三"):
        assert list(blocks_of_text(line)) == [line]
    for stroke in "┃║┆":
        assert reading("a.txt", as_text(report, stroke)).table3 == report.table3


def test_labels_that_word_numbers_by_itself_are_as_they_should_be():
    """Or all of them lack their numeral; one alone is a slip. A label may end where its official wording has a mark."""
    text = as_text(huaian()).decode()
    kinds = (r"\d\.", "[(（][一二三四五六七][)）]", "[一二三四]、")
    for some in (kinds, kinds[:1], kinds[1:2]):
        bare = re.sub(rf"(?:(?<=\| )|(?<=\n))(?:{'|'.join(some)})(?=[^|\n]+\|)", "", text)
        found = reading("a.txt", bare.encode())
        assert bare != text and found.table3 == huaian().table3
        assert [one for one in found.oddities if one.kind == "label"] == []
    one = reading("a.txt", text.replace("2.重复申请", "重复申请").encode())
    assert [o.message for o in one.oddities if o.kind == "label"] == [
        "印的是“重复申请”，应为“2.重复申请”"
    ]
    short = text.replace("、行政机关不再处理其政府信息公开申请", "").replace(
        "(区分处理的,只计这一情形,不计其他情形)", ""
    )
    found = reading("a.txt", short.encode())
    assert found.table3 == huaian().table3
    assert sum(one.kind == "label" for one in found.oddities) == 3
    # One that ends in the middle of a word may be the half of it that stands on this page.
    side = LabelBook.of(LAW.formats).side
    assert (
        side.match("2.申请人逾期未按收费通知要求缴纳费用")
        and side.match("2.申请人逾期未按收费通知") is None
    )
