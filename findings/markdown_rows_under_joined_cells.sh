#!/bin/sh
# markitdown, html2text, inscriptis: in a row below a cell that spans two rows every figure stands under the wrong head.
#
# Guess: Markdown and plain text know no cell over two rows, so the place below it is left empty, and a figure stays in its
#        column; so HTML places the cells (HTML standard, 4.9.12.1), and so html-for-docx writes them.
# Seen:  the place is left out and the row begins one column too early: 商业秘密 with 5 natural persons and 6 in all gets 6
#        natural persons, and nothing under the last head. markitdown does so from a Word file too (by way of mammoth and
#        markdownify), where vMerge joins the cells; html2text leaves out the second place of a cell over two columns as
#        well, so that the head moves too. Nothing is said, and Markdown viewers fill the row up with a blank.
# Met by: who has annual reports made into text for a search, a comparison or a language model: table 3 of every report
#        (收到和处理政府信息公开申请情况) has such cells in most of its rows, and its figures are told of other applicants. Read the
#        table with what keeps its cells (html-for-docx, pandoc), or set the joined cells apart first.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    'markitdown[docx]==0.1.9' markdownify==1.2.3 mammoth==1.13.0 html2text==2025.4.15 inscriptis==2.7.6 \
    html-for-docx==1.2.1 python-docx==1.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
from importlib.metadata import version

import docx
import html2text
import inscriptis
from html4docx import HtmlToDocx
from markitdown import MarkItDown

HTML = """<table><tr><td colspan="2">类别</td><td>自然人</td><td>总计</td></tr>
<tr><td rowspan="2">不予公开</td><td>国家秘密</td><td>3</td><td>4</td></tr>
<tr><td>商业秘密</td><td>5</td><td>6</td></tr></table>"""


def word_file() -> io.BytesIO:
    document = docx.Document()
    table = document.add_table(3, 4)
    for row, texts in zip(
        table.rows, (("类别", "", "自然人", "总计"), ("不予公开", "国家秘密", "3", "4"), ("", "商业秘密", "5", "6"))
    ):
        for cell, text in zip(row.cells, texts):
            cell.text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))
    out = io.BytesIO()
    document.save(out)
    return io.BytesIO(out.getvalue())


def last_row(text: str) -> list[str]:
    line = next(one for one in text.splitlines() if "商业秘密" in one)
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


document = docx.Document()
HtmlToDocx().add_html_to_document(HTML, document)
guess = [cell.text for cell in document.tables[0].rows[2].cells]
seen = {
    "markitdown, from Word": last_row(MarkItDown().convert_stream(word_file(), file_extension=".docx").text_content),
    "markitdown, from HTML": last_row(
        MarkItDown().convert_stream(io.BytesIO(HTML.encode()), file_extension=".html").text_content
    ),
    "html2text": last_row(html2text.html2text(HTML)),
}
plain = inscriptis.get_text(HTML).splitlines()
for name in ("markitdown", "markdownify", "mammoth", "html2text", "inscriptis", "html-for-docx"):
    print(name, version(name))
print("head:                 ", ["类别", "", "自然人", "总计"])
print("guess (html-for-docx):", guess)
for name, row in seen.items():
    print(name.ljust(22), row)
print("inscriptis:", *plain, sep="\n")
same_place = plain[2].index("5") == plain[1].index("国家秘密")
sys.exit(
    guess != ["不予公开", "商业秘密", "5", "6"]
    or any(row != ["商业秘密", "5", "6"] for row in seen.values())
    or not same_place
)
PYTHON
