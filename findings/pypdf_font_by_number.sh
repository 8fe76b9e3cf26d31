#!/bin/sh
# pypdf: the text of a PDF whose Chinese font is only named comes out as other characters.
#
# ISO 32000 lets a PDF name a font of the reader's own (宋体) and write its characters by their numbers in Adobe's
# Chinese collection (Identity-H with Adobe-GB1), or in GBK with narrow Latin letters (GBKp-EUC-H, one of the
# encodings of its list). No table to Unicode is needed: the collection's own holds (9.10.2, 9.7.5.2).
#
# Guess: pypdf gives the text, as pdfminer.six does; or nothing; or it raises.
# Seen:  other characters of other scripts, as long as the text. For the encoding of the list a line in the log
#        says that another is used instead; for the numbers nothing is said.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pypdf==7.1.1 pdfminer.six==20260107 pikepdf==10.10.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import logging
import sys
from importlib.metadata import version

import pikepdf
import pypdf
from pdfminer.cmapdb import CMapDB
from pdfminer.high_level import extract_text
from pikepdf import Array, Dictionary, Name, String

TEXT = "本年新收政府信息公开申请"


def written(encoding: str, code: bytes) -> bytes:
    file = pikepdf.new()
    file.add_blank_page(page_size=(595, 842))
    described = file.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor, FontName=Name.SimSun, Flags=6, FontBBox=Array([-8, -145, 1000, 859]),
            ItalicAngle=0, Ascent=859, Descent=-141, CapHeight=683, StemV=80,
        )
    )
    below = file.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.SimSun, DW=1000, FontDescriptor=described,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=2),
        )
    )
    font = file.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.SimSun, Encoding=Name("/" + encoding),
            DescendantFonts=Array([below]),
        )
    )
    file.pages[0].Resources = Dictionary(Font=Dictionary(F1=font))
    file.pages[0].Contents = file.make_stream(f"BT /F1 12 Tf 72 700 Td <{code.hex()}> Tj ET".encode())
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


logging.disable(logging.CRITICAL)
numbers = CMapDB.get_cmap("UniGB-UTF16-H").decode(TEXT.encode("utf-16-be"))
files = {
    "Identity-H, Adobe-GB1": written("Identity-H", b"".join(n.to_bytes(2, "big") for n in numbers)),
    "GBKp-EUC-H": written("GBKp-EUC-H", TEXT.encode("gbk")),
}
print("pypdf", version("pypdf"), "and pdfminer.six", version("pdfminer.six"))
still = []
for name, data in files.items():
    seen = pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text().strip()
    guessed = extract_text(io.BytesIO(data)).strip()
    print(name, "| pdfminer.six:", guessed, "| pypdf:", ascii(seen))
    still.append(guessed == TEXT and seen != TEXT and len(seen) == len(TEXT))
sys.exit(not all(still))
PYTHON
