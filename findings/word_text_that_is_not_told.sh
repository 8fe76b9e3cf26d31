#!/bin/sh
# python-docx, mammoth, docx2txt: the text of a Word paragraph lacks words that its reader sees.
#
# Guess: the text of a paragraph is what stands in its line: a name under its reading (拼音指南, w:ruby), a
# day in the date tag of a Chinese Word (w:smartTag chsdate), a number held together by a hyphen that does
# not break (w:noBreakHyphen).
# Seen:  python-docx drops name and day ("申请人：先生", "于收到"), mammoth drops the name, docx2txt drops the
# hyphen, so that 2026-0012 reads 20260012 and puts the reading before the name. None says so.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    python-docx==1.2.0 mammoth==1.13.0 docx2txt==0.9
"$folder/venv/bin/python" - "$folder/line.docx" <<'PYTHON'
import sys
from importlib.metadata import version

import docx
import docx2txt
import mammoth
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

path = sys.argv[1]


def run(inner):
    return f"<w:r>{inner}</w:r>"


def words(text):
    return run(f"<w:t>{text}</w:t>")


READING = '<w:rubyPr><w:rubyAlign w:val="center"/><w:lid w:val="zh-CN"/></w:rubyPr>'
LINES = {
    "申请人：龑先生": words("申请人：")
    + run(f"<w:ruby>{READING}<w:rt>{words('yǎn')}</w:rt><w:rubyBase>{words('龑')}</w:rubyBase></w:ruby>")
    + words("先生"),
    "于2024年3月5日收到": words("于")
    + '<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="chsdate">'
    + words("2024年3月5日") + "</w:smartTag>" + words("收到"),
    "2026-0012": words("2026") + run("<w:noBreakHyphen/>") + words("0012"),
}
seen = []
for line, content in LINES.items():
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{content}</w:p>"))
    document.save(path)
    with open(path, "rb") as file:
        raw = mammoth.extract_raw_text(file).value.strip()
    seen.append((docx.Document(path).paragraphs[0].text, raw, docx2txt.process(path).strip()))
    print("reader sees", line, "| python-docx, mammoth, docx2txt:", *seen[-1], sep="  ")
print(*(f"{name} {version(name)}" for name in ("python-docx", "mammoth", "docx2txt")))
sys.exit(
    seen
    != [
        ("申请人：先生", "申请人：先生", "申请人：yǎn龑先生"),
        ("于收到", "于2024年3月5日收到", "于2024年3月5日收到"),
        ("2026-0012", "2026\u20110012", "20260012"),
    ]
)
PYTHON
