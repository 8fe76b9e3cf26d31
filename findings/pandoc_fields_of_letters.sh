#!/bin/sh
# pandoc, odfdo: the text of a letter lacks the day, the name and the choice that stand in its fields.
#
# ECMA-376 part 1, 17.16.19 (fldSimple) and 17.16.18 (fldChar) are two ways to write the same field with its last result.
# OpenDocument 1.3 part 3 keeps that result as the text of the element: text:date (7.3), text:database-display (7.6),
# text:drop-down (7.4); text:ruby (6.4) is a word with its reading.
#
# Guess: of both formats the words that a reader sees are in the text, as LibreOffice writes them into a text file; pandoc
#        does give the result of a Word field in the long form.
# Seen:  from ODT pandoc leaves out the day of a date field, the name of a form letter, the chosen entry of a drop-down
#        list and a name with its reading (拼音指南): "申请人：先生" "于收到" "决定：。"; odfdo's get_formatted_text does the same.
#        From Word pandoc leaves out fields in the short form (MERGEFIELD, DATE, REF), and so do python-docx and mammoth;
#        in the long form all of them have it. Nothing is said. kreuzberg has days and names of fields in both formats,
#        but not the choice, nor the name with its reading.
# Met by: who makes letters from templates and keeps or publishes them as text: whom the letter is for, from which day the
#        period runs and what was decided is gone, in sentences that read on. Make them plain text in LibreOffice, or
#        take the text of all elements of content.xml.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pypandoc-binary==1.17 odfdo==3.27.3 python-docx==1.2.0 mammoth==1.13.0 kreuzberg==4.10.4
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import zipfile
from importlib.metadata import version

import docx
import kreuzberg
import mammoth
import pypandoc
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from odfdo import Document

KIND = "application/vnd.oasis.opendocument.text"
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible"))
)
LINES = (
    "申请人：<text:ruby><text:ruby-base>龑某</text:ruby-base><text:ruby-text>yǎn</text:ruby-text></text:ruby>先生",
    '送达<text:database-display text:table-name="表" text:column-name="姓名">张某</text:database-display>女士',
    '于<text:date text:date-value="2026-03-05" text:fixed="true">2026年3月5日</text:date>收到',
    '决定：<text:drop-down text:name="决定"><text:label text:value="部分公开" text:current-selected="true"/>'
    '<text:label text:value="不予公开"/>部分公开</text:drop-down>。',
)
NAMES = ("龑某", "张某", "2026年3月5日", "部分公开")


def odt() -> None:
    body = "".join(f"<text:p>{line}</text:p>" for line in LINES)
    parts = {
        "mimetype": KIND,
        "content.xml": f'<office:document-content {SPACES} office:version="1.3"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>",
        "styles.xml": f'<office:document-styles {SPACES} office:version="1.3"><office:styles/></office:document-styles>',
        "META-INF/manifest.xml": '<manifest:manifest manifest:version="1.3" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    }
    with zipfile.ZipFile("letter.odt", "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def word() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    short = f'<w:fldSimple w:instr=" MERGEFIELD 姓名 ">{run("张某")}</w:fldSimple>'
    code = '<w:r><w:instrText xml:space="preserve"> MERGEFIELD 姓名 </w:instrText></w:r>'
    long = mark("begin") + code + mark("separate") + run("张某") + mark("end")
    document = docx.Document()
    for field in (short, long):
        line = parse_xml(f"<w:p {nsdecls('w')}>{run('送达')}{field}{run('女士')}</w:p>")
        document.element.body.insert(len(document.element.body) - 1, line)
    document.save("letter.docx")


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


odt()
word()
print("pandoc", pypandoc.get_pandoc_version(), *(f"{name} {version(name)}" for name in ("odfdo", "python-docx", "mammoth")))
print("guess of the ODT, in it:", *NAMES)
told = {
    "pandoc": lines(pypandoc.convert_file("letter.odt", "plain")),
    "odfdo": lines(Document("letter.odt").get_formatted_text()),
}
still = True
for name, seen in told.items():
    print("seen by", name.ljust(12), seen)
    still = still and seen == ["申请人：先生", "送达女士", "于收到", "决定：。"]
found = kreuzberg.extract_file_sync("letter.odt").content
print("seen by kreuzberg   ", lines(found))
still = still and "2026年3月5日" in found and "张某" in found
with open("letter.docx", "rb") as file:
    raw = mammoth.extract_raw_text(file).value
words = {
    "pandoc": lines(pypandoc.convert_file("letter.docx", "plain")),
    "mammoth": lines(raw),
    "python-docx": [one.text for one in docx.Document("letter.docx").paragraphs],
    "kreuzberg": lines(kreuzberg.extract_file_sync("letter.docx").content),
}
print("guess of the DOCX: 送达张某女士, twice")
for name, seen in words.items():
    print("seen by", name.ljust(12), seen)
    still = still and seen == ["送达张某女士" if name == "kreuzberg" else "送达女士", "送达张某女士"]
sys.exit(not still)
PYTHON
