"""What a paragraph of a Word file says: what a reader of the page sees in its line."""

from typing import Any

import pytest

from tests.samples import W, packed
from workflow.report.reading.office import blocks_of_office


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
