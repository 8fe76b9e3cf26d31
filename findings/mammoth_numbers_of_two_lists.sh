#!/bin/sh
# mammoth, docx2python: the automatic numbers of a Chinese paper become others, or two hyphens.
#
# Guess: a heading that Word numbers 一、 or 第一条 keeps a number of its own list: with pandoc the headings are 1, 2 and
#        the articles 1, 2. docx2python, which writes the numbers of lists into the text, writes 一、 and 第一条, or at
#        least 1) and 2) as it does for figures.
# Seen:  mammoth takes lists of different numbering that follow each other at one level for one list: the headings are 1,
#        2, the articles 3, 4, without a word. docx2python writes "--" before each where the numbers are those of
#        Chinese (chineseCountingThousand) and warns; figures it writes.
# Met by: who puts a decision or a regulation from Word on a web page or into a search: 第一条 is found as item 3, and the
#        articles cited in the text no longer fit. Take pandoc, or make the numbers from numbering.xml.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    mammoth==1.13.0 docx2python==3.7.1 python-docx==1.2.0 pypandoc_binary==1.17
"$folder/venv/bin/python" - "$folder/paper.docx" <<'PYTHON'
import re
import sys
from importlib.metadata import version

import docx
import mammoth
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python

path = sys.argv[1]
W = nsdecls("w")
LISTS = {91: ("chineseCountingThousand", "%1、"), 92: ("chineseCountingThousand", "第%1条"), 93: ("decimal", "%1.")}
PARAGRAPHS = [(91, "总则"), (91, "申请"), (92, "甲条"), (92, "乙条"), (93, "甲项"), (93, "乙项")]
paper = docx.Document()
numbering = paper.part.numbering_part.element
for number, (kind, shape) in LISTS.items():
    level = (
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{shape}"/></w:lvl>'
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{number}">{level}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
for number, text in PARAGRAPHS:
    numbered = f'<w:numPr {W}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    paper.add_paragraph(text)._p.get_or_add_pPr().append(parse_xml(numbered))
paper.save(path)


def items(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines() if line.strip()]


by_pandoc = items(pypandoc.convert_file(path, "plain"))
with open(path, "rb") as file:
    by_mammoth = items(mammoth.convert_to_markdown(file).value)
by_docx2python = items(docx2python(path).text)
print(*(f"{name} {version(name)}" for name in ("mammoth", "docx2python")), "pandoc", pypandoc.get_pandoc_version())
print("Word shows:  一、总则 二、申请 第一条甲条 第二条乙条 1.甲项 2.乙项")
print("pandoc:     ", *by_pandoc)
print("mammoth:    ", *by_mammoth)
print("docx2python:", *by_docx2python)
words = [text for _, text in PARAGRAPHS]
sys.exit(
    by_pandoc != [f"{1 + at % 2}. {text}" for at, text in enumerate(words)]
    or by_mammoth != [f"{1 + at}. {text}" for at, text in enumerate(words)]
    or by_docx2python != [*(f"-- {text}" for text in words[:4]), "1) 甲项", "2) 乙项"]
)
PYTHON
