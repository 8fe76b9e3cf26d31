"""An annual report in all formats: the same figures, in the official shape, read back from the files."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import docx
import lxml.html
import openpyxl
import pytest
from _pytest.mark import ParameterSet
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from config import fonts
from config.law import load_law
from tests.examples import ROOT
from tests.workflow.report import reading_back
from tests.workflow.report.annual import TABLES as PUBLISHED
from tests.workflow.report.annual import published
from tests.workflow.report.sound_reports import sound_reports
from workflow.refusal import BadInput
from workflow.report import checks
from workflow.report.reading import read_report
from workflow.report.tables import layout
from workflow.report.writing import WRITERS, file_name

GOLDEN = ROOT / "tests" / "golden"
FORMATS = load_law().formats
EVERY = list(WRITERS)
YEARS = ["huaian_2024", "pingtan_qu_2019"]


def expected(report):
    found = {}
    for table in layout.TABLES:
        cells = layout.grid_of(table, report.format, FORMATS).numbers()
        values = [layout.value_of(report, table, cell) for cell in cells]
        found[table] = [None if value is None else Decimal(str(value)) for value in values]
    return found


# -- golden files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", EVERY)
def test_a_real_year_is_written_as_it_was_accepted(ending, request):
    written = WRITERS[ending].write(published())
    path = GOLDEN / f"huaian_2024.{ending}"
    if request.config.getoption("--golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written)
    accepted = reading_back.parts(ending, path.read_bytes())
    made = reading_back.parts(ending, written)
    assert list(made) == list(accepted)
    assert [name for name in made if made[name] != accepted[name]] == []


@pytest.mark.parametrize("ending", EVERY)
def test_the_same_report_is_the_same_file(ending):
    assert WRITERS[ending].write(published()) == WRITERS[ending].write(published())


# -- figures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", YEARS)
@pytest.mark.parametrize("ending", EVERY)
def test_every_format_carries_the_same_figures(ending, slug):
    report = published(slug)
    found = reading_back.numbers(ending, WRITERS[ending].write(report), report.format)
    assert found == expected(report)


@pytest.mark.parametrize("path", sorted(PUBLISHED.glob("*.json")), ids=lambda path: path.stem)
def test_every_published_table_is_written_as_it_was_printed(path):
    """Also those with wrong sums and blanks: a writer corrects nothing."""
    report = published(path.stem)
    for ending in ("xlsx", "html", "json"):
        found = reading_back.numbers(ending, WRITERS[ending].write(report), report.format)
        assert found == expected(report)


COUNTS = st.integers(0, 99_999)
AMOUNTS = st.decimals(0, 9_999_999, places=2) | st.integers(-999, 9_999_999)


@st.composite
def reports(draw):
    """A report with any numbers in any cell."""
    fmt = draw(st.sampled_from(["2019", "2021"]))
    drawn = {}
    for table in layout.TABLES:
        sheet = drawn.setdefault(table, {})
        for cell in layout.grid_of(table, fmt, FORMATS).numbers():
            value = draw(AMOUNTS if table == "table2" else COUNTS)
            sheet.setdefault(cell.key[0], {})[cell.key[1]] = value
    return replace(published(), format=fmt, **drawn)


@pytest.mark.parametrize("ending", EVERY)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(report=reports())
def test_any_numbers_come_back(ending, report):
    found = reading_back.numbers(ending, WRITERS[ending].write(report), report.format)
    assert found == expected(report)


@pytest.mark.parametrize("ending", ["xlsx", "docx", "html", "json"])
def test_a_zero_is_written_and_a_blank_stays_blank(ending):
    report = published()
    table3 = {row: dict(cells) for row, cells in report.table3.items()}
    table3["disclosed"].update(business=None, research_institute=0)
    report = replace(report, table2=None, table3=table3)
    found = reading_back.numbers(ending, WRITERS[ending].write(report), report.format)
    assert found == expected(report)
    assert set(found["table2"]) == {None}


def test_a_blank_of_the_pdf_is_no_zero():
    table3 = {row: dict(cells) for row, cells in published().table3.items()}
    table3["disclosed"].update(business=None, research_institute=0)
    written = reading_back.parts("pdf", WRITERS["pdf"].write(replace(published(), table3=table3)))
    line = re.search(r"（一）予以公开 .*", "\n".join(map(str, written.values())))
    assert line and line[0].split()[1:] == ["1288", "0", "0", "50", "3", "1362"]


def test_the_json_is_read_by_the_checks():
    data = json.loads(WRITERS["json"].write(published()))
    year, fmt, table3, table4 = checks.read_tables(data, FORMATS)
    assert (year, fmt) == (2024, "2021")
    assert (table3, table4) == (published().table3, published().table4)
    assert checks.sums(table3, table4, fmt, FORMATS) == []


# -- texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", EVERY)
def test_title_sections_and_signature_stand_in_order(ending):
    report = published()
    found = reading_back.text(ending, WRITERS[ending].write(report))
    title = "淮安市人民政府2024年政府信息公开工作年度报告"
    assert title in found
    if ending == "json":
        data = json.loads(WRITERS["json"].write(report))
        assert list(data["sections"]) == list(FORMATS.sections)
        assert (data["signed_by"], data["published_on"]) == ("淮安市人民政府", "2025-01-24")
        assert data["sections"]["overview"] == report.sections["overview"]
        return
    places = [found.index(title), *(found.index(head) for head in FORMATS.sections.values())]
    assert places == sorted(places)
    assert found.index("2025年1月24日") > places[-1] or ending == "xlsx"
    assert layout.CORNER in found
    for text in report.sections.values():
        for paragraph in text.split("\n"):
            assert paragraph in found


@pytest.mark.parametrize("ending", EVERY)
def test_a_corrected_report_says_what_was_corrected(ending):
    note = "表三“（一）予以公开”自然人一栏由6件更正为7件。"
    corrected = replace(published(), version=2, correction_note=note)
    found = reading_back.text(ending, WRITERS[ending].write(corrected))
    assert note in found
    assert note not in reading_back.text(ending, WRITERS[ending].write(published()))
    if ending == "json":
        assert json.loads(WRITERS["json"].write(corrected))["version"] == 2
    else:
        assert "第2版" in found
    assert file_name(corrected, ending) == (
        f"淮安市人民政府2024年政府信息公开工作年度报告（第2版）.{ending}"
    )


LONG = "第一季度共答复申请若干件，逐件核对法律依据，能区分处理的区分处理。" * 120
ODD = [
    "=1+1",
    "+86",
    "-1",
    "@SUM(A1)",
    "<b>&amp;</b>",
    "]]>",
    '{{ 7*7 }} #set page() \\ "$x$"',
    "a\x00\x0bb",
]


@pytest.mark.parametrize("ending", EVERY)
def test_any_text_stays_the_text_it_was(ending):
    report = replace(published(), sections={"overview": "\n".join([*ODD, LONG]), "problems": ""})
    written = WRITERS[ending].write(report)
    found = reading_back.text(ending, written)
    for line in [*ODD[:-1], "ab", LONG]:
        assert re.sub(r"\s", "", line) in found
    assert reading_back.numbers(ending, written, report.format) == expected(report)


def test_what_looks_like_a_formula_is_text_in_the_workbook():
    report = replace(published(), agency="=HYPERLINK(1)", sections={"overview": "\n".join(ODD)})
    book = openpyxl.load_workbook(BytesIO(WRITERS["xlsx"].write(report)))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert "=1+1" in [cell.value for cell in cells]


def test_a_character_without_a_glyph_is_named_with_its_place():
    """Never an empty box."""
    report = replace(
        published(), sections={"overview": "一切正常。\n经办人𬎆某。"}, signed_by="某\ue000局"
    )
    with pytest.raises(BadInput) as caught:
        WRITERS["pdf"].write(report)
    told = [(error.field, error.message) for error in caught.value.errors]
    assert [field for field, _ in told] == ["“一、总体情况”第 2 段", "落款"]
    assert "“𬎆”（U+2C386）没有可用的字形" in told[0][1]
    assert "𬎆" in reading_back.text("docx", WRITERS["docx"].write(report))


def test_rare_characters_of_names_are_printed():
    names = "𠮷𡈽㼆䶮㛃𫖮龘喆〇"
    found = reading_back.text("pdf", WRITERS["pdf"].write(replace(published(), signed_by=names)))
    assert names in found
    assert fonts.without_glyph(f"{names}\u3000\n①“—…㎡‰") == []


def test_the_fonts_know_every_label():
    cells = [
        cell.text
        for table in layout.TABLES
        for fmt in ("2019", "2021")
        for row in layout.grid_of(table, fmt, FORMATS).rows
        for cell in row
    ]
    assert fonts.without_glyph("".join([*cells, *FORMATS.sections.values()])) == []


# -- the shape of each format ----------------------------------------------------------------------------


def test_the_workbook_is_ready_to_print():
    book = openpyxl.load_workbook(BytesIO(WRITERS["xlsx"].write(published())))
    assert book.sheetnames == ["年度报告", "表二", "表三", "表四"]
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.page_setup.fitToHeight == 0
        assert sheet.print_area and sheet.freeze_panes
        assert "&P" in sheet.oddFooter.center.text
    assert book["表三"].print_title_rows == "$3:$5"
    assert book["表三"].freeze_panes == "A6"
    assert book["表四"].page_setup.orientation == "landscape"


@pytest.mark.parametrize(("sum_", "shown"), [("98765.40", "0.00"), ("7.5", "0.0"), ("12", "0")])
def test_the_workbook_shows_money_with_its_decimals(sum_, shown):
    report = published()
    table2 = {row: dict(cells) for row, cells in report.table2.items()}
    table2["charges"]["amount_10k"] = Decimal(sum_)
    book = openpyxl.load_workbook(BytesIO(WRITERS["xlsx"].write(replace(report, table2=table2))))
    cells = [one for row in book["表二"] for one in row if one.value == float(sum_)]
    assert [one.number_format for one in cells] == [shown]
    others = {one.number_format for row in book["表三"] for one in row if one.data_type == "n"}
    assert others == {"General"}


def test_the_word_file_is_plain_enough_for_wps():
    data = WRITERS["docx"].write(published())
    with ZipFile(BytesIO(data)) as archive:
        names, xml = archive.namelist(), archive.read("word/document.xml").decode()
        font_table = archive.read("word/fontTable.xml").decode()
    assert not [
        name for name in names if re.search(r"vba|macro|activex|embed|customXml", name, re.I)
    ]
    for wanted_not in ("w:sdt", "w:object", "w:pict", "mc:AlternateContent", "w:altChunk"):
        assert f"<{wanted_not}" not in xml
    assert 'w:name="方正小标宋简体"><w:altName' in font_table
    document = docx.Document(BytesIO(data))
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert [round(side.mm) for side in (page.top_margin, page.left_margin)] == [37, 28]
    body = page.page_width - page.left_margin - page.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= body
    assert len(document.tables[1]._tbl.xpath("./w:tr/w:trPr/w:tblHeader")) == 3
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == list(FORMATS.sections.values())
    assert " PAGE " in page.footer._element.xml and " PAGE " in page.even_page_footer._element.xml


def test_word_is_told_everywhere_that_this_is_chinese():
    """Else Word and WPS mark the text as English, and break lines by the rules of another language."""
    with ZipFile(BytesIO(WRITERS["docx"].write(published()))) as archive:
        parts = {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(".xml")
        }
    assert not [name for name, xml in parts.items() if re.search("en-US|ja-JP|zh-TW", xml)]
    assert not [name for name in parts if "WithEffects" in name]
    runs = 0
    for name in ("word/document.xml", "word/footer1.xml", "word/footer2.xml"):
        for run in re.findall(r"<w:r>.*?</w:r>", parts[name], re.S):
            if "<w:t" not in run:
                continue
            runs += 1
            assert '<w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>' in run
            assert re.search('<w:rFonts [^>]*w:eastAsia="[^"]+"[^>]*w:hint="eastAsia"', run), run
    assert runs > 300
    styles = docx.Document(BytesIO(WRITERS["docx"].write(published()))).styles
    for style in ("Normal", "Title", "Heading 1", "Heading 2"):
        (lang,) = styles[style].element.xpath("./w:rPr/w:lang")
        assert lang.get(qn("w:eastAsia")) == "zh-CN"
    assert 'w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"' in parts["word/settings.xml"]


# -- read as anybody reads it ---------------------------------------------------------------------------


def _as_read(report, name):
    return {
        row: {cell: None if n is None else Decimal(str(n)) for cell, n in cells.items()}
        for row, cells in (getattr(report, name) or {}).items()
    }


@pytest.mark.parametrize("ending", ["html", "docx", "xlsx", "json"])
def test_what_we_write_is_read_back_by_gongkai_check_and_nothing_is_found(ending):
    report = published()
    found = read_report(f"report.{ending}", WRITERS[ending].write(report), FORMATS)
    for table in layout.TABLES:
        assert _as_read(found, table) == _as_read(report, table), table
    assert (found.year, found.format, found.agency) == (2024, "2021", report.agency)
    assert set(found.sections) >= {"overview", "problems", "other_matters"}
    assert checks.findings(found, load_law()) == []


@pytest.mark.parametrize("ending", ["html", "docx", "xlsx", "json"])
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(report=sound_reports())
def test_the_reader_finds_every_figure_of_ours_in_place(ending, report):
    found = read_report(f"report.{ending}", WRITERS[ending].write(report), FORMATS)
    for table in layout.TABLES:
        assert _as_read(found, table) == _as_read(report, table), table


def test_the_pdf_can_be_read_aloud():
    reader = PdfReader(BytesIO(WRITERS["pdf"].write(published())))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and catalogue["/Lang"].startswith("zh")
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_data()
    assert reader.metadata.title.startswith("淮安市人民政府")
    embedded = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert embedded == {"NotoSerifSC-Regular", "NotoSerifSC-Bold", "NotoSansSC-Regular"}
    for number, page in enumerate(reader.pages, 1):
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
        assert f"— {number} —" in page.extract_text()


def test_the_heads_of_a_table_are_repeated_and_no_table_is_torn():
    pages = reading_back.parts("pdf", WRITERS["pdf"].write(published("pingtan_qu_2019"))).values()
    assert [("（一）予以公开" in page) for page in pages] == [
        ("四、结转下年度继续办理" in page) for page in pages
    ]


def test_the_web_page_stands_alone_and_is_accessible():
    data = WRITERS["html"].write(published()).decode()
    page = lxml.html.document_fromstring(data)
    assert data.startswith("<!DOCTYPE html>") and page.get("lang") == "zh-CN"
    assert not page.xpath("//script|//link|//img|//iframe|//@src|//@href|//@style|//@onclick")
    assert "url(" not in data and "@import" not in data and "://" not in data
    assert len(page.xpath("//h1")) == 1 and len(page.xpath("//main")) == 1
    assert [head.text for head in page.xpath("//h2")] == list(FORMATS.sections.values())
    for table in page.xpath("//table[not(@hidden)]"):
        assert table.find("caption").text
        assert not [cell for cell in table.iter("th") if not cell.get("scope")]
    names = page.xpath("//section/@aria-labelledby")
    assert names == page.xpath("//h2/@id") == list(FORMATS.sections)


def opened_by(program: str, ending: str) -> ParameterSet:
    """The file, where the part of LibreOffice that opens it is on this computer."""
    gone = not shutil.which(program)
    return pytest.param(
        ending, marks=pytest.mark.skipif(gone, reason=f"{program} is not on this computer")
    )


@pytest.mark.parametrize(
    "ending",
    [opened_by("lowriter", "docx"), opened_by("lowriter", "html"), opened_by("localc", "xlsx")],
)
def test_libreoffice_opens_the_file(ending, tmp_path):
    """Of a web page LibreOffice would lose the title and begin with an empty sheet, if it did not begin with a table."""
    path = tmp_path / f"report.{ending}"
    path.write_bytes(WRITERS[ending].write(published()))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    sheets = [page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages]
    text = "".join(sheets)
    assert all(sheets) and "政府信息公开工作年度报" in sheets[0].replace(" ", "")
    assert "淮安市人民政府" in text and "3001" in text and "98765.43" in text


def test_file_names_are_taken_by_windows():
    report = replace(published(), agency='某/县:"<局>"\n')
    assert file_name(report, "pdf") == "某-县---局---2024年政府信息公开工作年度报告.pdf"
