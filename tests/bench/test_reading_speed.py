"""Reading and judging an annual report, as a multiple of the bare parse of the same file in the same run."""

import io
import zipfile

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
        ("libreoffice/huaian_2024.docx", 5),
        ("huaian_2024.docx", 6),
        ("libreoffice/huaian_2024.html", 8),
        ("huaian_2024.html", 24),
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
