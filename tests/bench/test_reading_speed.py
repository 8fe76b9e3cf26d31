"""Reading and judging an annual report, as a multiple of the bare parse of the same file in the same run, and of
what the libraries take that people read such files with."""

import io
import zipfile

import docx
import html5lib
import pytest
from lxml import etree
from lxml import html as lxml_html

from config.law import load_law
from tests.bench.conftest import cpu_side_by_side
from tests.examples import ROOT
from workflow.report.checks import Known, findings
from workflow.report.reading import read_report

GOLDEN = ROOT / "tests" / "golden"


def parse(data: bytes) -> None:
    """What any reader has to do at least: unpack, and make a tree."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            etree.fromstring(package.read("word/document.xml"))
    else:
        lxml_html.document_fromstring(data.decode())


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("libreoffice/huaian_2024.docx", 4),
        ("huaian_2024.docx", 5),
        ("libreoffice/huaian_2024.html", 6),
        ("huaian_2024.html", 18),
    ],
)
def test_a_report_is_judged_in_a_few_times_what_its_parse_takes(name, most, full, tell):
    """Our own page has hardly any mark-up: its parse takes an eighth of a millisecond, and 250 cells have to be
    looked at all the same."""
    law, data = load_law(), (GOLDEN / name).read_bytes()

    def judge() -> None:
        findings(read_report(name, data, law.formats), law, Known())

    judge()
    found = cpu_side_by_side({"bare": lambda: parse(data), "whole": judge}, 100 if full else 9)
    bare, whole = found["bare"], found["whole"]
    tell(f"{name}: {whole / bare:.1f} times the bare parse ({bare * 1000:.2f} ms)")
    assert whole < most * bare


def read_by_a_library(data: bytes) -> object:
    """The texts of a document by python-docx, the tree of a page by html5lib, as browsers make it."""
    if not data.startswith(b"PK"):
        return html5lib.parse(data)
    document = docx.Document(io.BytesIO(data))
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return [one.text for one in document.paragraphs], cells


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("libreoffice/huaian_2024.docx", 0.4),
        ("huaian_2024.docx", 0.4),
        ("libreoffice/huaian_2024.html", 0.3),
        ("huaian_2024.html", 0.9),
    ],
)
def test_a_report_is_judged_before_a_library_has_read_it(name, most, full, tell):
    law, data = load_law(), (GOLDEN / name).read_bytes()

    def judge() -> None:
        findings(read_report(name, data, law.formats), law, Known())

    judge()
    works = {"library": lambda: read_by_a_library(data), "whole": judge}
    found = cpu_side_by_side(works, 40 if full else 5)
    library, whole = found["library"], found["whole"]
    tell(f"{name}: {whole / library:.2f} times the library ({library * 1000:.1f} ms)")
    assert whole < most * library
