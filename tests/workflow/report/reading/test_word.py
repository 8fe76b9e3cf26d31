"""What a paragraph of a Word file says: what a reader of the page sees in its line."""

import io
import zipfile
from typing import Any

import pytest

from tests.examples import ROOT
from tests.samples import W, packed
from workflow.report.reading.office import blocks_of_office
from workflow.report.reading.paper import CELLS_MOST, Cell, Grid, Unreadable


def document(body: str) -> list[Any]:
    page = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return list(blocks_of_office(packed({"word/document.xml": page})))


def shown(runs: str) -> list[Any]:
    return document(f"<w:p>{runs}</w:p>")


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ("<w:r><w:t>2024年</w:t></w:r><w:r><w:br/></w:r><w:r><w:t>三</w:t></w:r>", "2024年\n三"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>yǎn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>龑</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:r><w:r><w:t>镇</w:t></w:r>",
            "龑镇",
        ),
        (
            "<w:r><w:t>2024</w:t></w:r><w:r><w:noBreakHyphen/></w:r><w:r><w:t>12</w:t></w:r>",
            "2024-12",
        ),
        (
            '<w:moveFrom w:id="1"><w:r><w:t>三、</w:t></w:r></w:moveFrom><w:r><w:t>四、</w:t></w:r>'
            '<w:moveTo w:id="2"><w:r><w:t>三、</w:t></w:r></w:moveTo>',
            "四、三、",
        ),
        (
            '<w:r><w:t>共</w:t></w:r><w:del w:id="1"><w:r><w:delText>12</w:delText></w:r></w:del>'
            '<w:ins w:id="2"><w:r><w:t>13</w:t></w:r></w:ins><w:r><w:t>件</w:t></w:r>',
            "共13件",
        ),
        ('<w:smartTag w:element="chsdate"><w:r><w:t>1月31日</w:t></w:r></w:smartTag>', "1月31日"),
    ],
    ids=["line", "reading", "hyphen", "moved", "revised", "date tag"],
)
def test_a_line_reads_as_it_is_seen(runs, text):
    assert shown(runs) == [text]


@pytest.mark.parametrize(
    ("place", "text"), [("superscript", "9¹"), ("baseline", "91"), ("subscript", "91")]
)
def test_what_stands_above_the_line_of_a_cell_is_the_mark_of_a_note(place, text):
    above = f'<w:r><w:rPr><w:vertAlign w:val="{place}"/></w:rPr><w:t>1</w:t></w:r>'
    (grid,) = document(
        f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>9</w:t></w:r>{above}</w:p></w:tc></w:tr></w:tbl>"
    )
    assert [[cell.text for cell in row] for row in grid.rows] == [[text]]


HIDDEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>不见</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("|"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


TABLE = f"""<w:tbl>
<w:tr>{cell("a", '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>')}{cell("b|c")}</w:tr>
<w:tr><w:trPr><w:hidden/><w:gridBefore w:val="1"/></w:trPr>{cell("d")}</w:tr>
<w:tr>{cell("", '<w:gridSpan w:val="2"/><w:vMerge/>')}{cell("e")}</w:tr>
<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>{cell(" f ")}</w:tr>
<w:tr>{cell("g")}{cell("", '<w:gridSpan w:val="0"/>')}{cell("h", "<w:vMerge/>")}</w:tr></w:tbl>"""


@pytest.mark.parametrize("beside", ["", HIDDEN])
def test_a_table_is_the_same_whether_something_in_its_file_is_hidden_or_not(beside):
    grid = next(one for one in document(TABLE + beside) if isinstance(one, Grid))
    assert grid.rows == (
        (Cell("a", 0, 2, 2), Cell("b\nc", 2)),
        (Cell("e", 2),),
        (Cell("f", 2),),
        (Cell("g", 0), Cell("", 1), Cell("h", 2)),
    )


@pytest.mark.parametrize("name", ["huaian_2024.docx", "libreoffice/huaian_2024.docx"])
def test_reports_are_read_alike_in_both_ways(name):
    content = (ROOT / "tests" / "golden" / name).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        page = package.read("word/document.xml").decode()
    hidden = page.replace("</w:body>", f"{HIDDEN}</w:body>")
    plain, other = (
        [one for one in blocks_of_office(packed({"word/document.xml": text})) if one]
        for text in (page, hidden)
    )
    assert plain == other and len(plain) > 20


@pytest.mark.parametrize("beside", ["", HIDDEN])
def test_a_table_of_far_too_many_cells_is_turned_away(beside):
    many = "<w:tc><w:p/></w:tc>" * (CELLS_MOST + 1)
    with pytest.raises(Unreadable, match="表格太大"):
        document(f"<w:tbl><w:tr>{many}</w:tr></w:tbl>{beside}")
