#!/bin/sh
# kreuzberg, striprtf, pandoc: of an RTF file the rare character of a name is lost, or becomes two halves that cannot be saved.
#
# RTF writes a character by its number in 16 bits (\uN, negative beyond 32767), one beyond those as two such numbers, the
# pair of UTF-16; so Word and LibreOffice do. Characters of the national table for names (通用规范汉字表) are of this kind, such as 𬭎.
#
# Guess: 申请人：𠮷某、𬭎女士 reads so, as LibreOffice shows it.
# Seen:  kreuzberg leaves the characters out (申请人：某、女士) without a word. striprtf gives two lone halves for each, and the
#        text raises UnicodeEncodeError as soon as it is written to a file or a database. pandoc gives two marks of
#        replacement for each.
# Met by: an office that takes letters or old files in RTF into its register: the family name is missing, and the person
#        cannot be found or is another. Join the pairs before: text.encode("utf-16", "surrogatepass").decode("utf-16")
#        mends what striprtf gives.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    kreuzberg==4.10.4 striprtf==0.0.35 pypandoc-binary==1.17
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import struct
import sys
from importlib.metadata import version
from pathlib import Path

import kreuzberg
import pypandoc
from striprtf.striprtf import rtf_to_text

NAMES = "申请人：𠮷某、𬭎女士"


def by_number(text: str) -> str:
    packed = text.encode("utf-16-le")
    return "".join(rf"\u{number}?" for number in struct.unpack(f"<{len(packed) // 2}h", packed))


file = Path("letter.rtf")
file.write_text(rf"{{\rtf1\ansi\uc1\deff0{{\fonttbl{{\f0\fnil\fcharset134 SimSun;}}}}\f0 {by_number(NAMES)}\par}}")
halves = rtf_to_text(file.read_text()).strip()
seen = {
    "kreuzberg": kreuzberg.extract_file_sync(str(file)).content.strip(),
    "pandoc": pypandoc.convert_file(str(file), "plain").strip(),
}
try:
    Path("letter.txt").write_text(halves, encoding="utf-8")
    raised = ""
except UnicodeEncodeError as error:
    raised = str(error)
mended = halves.encode("utf-16", "surrogatepass").decode("utf-16")
print("kreuzberg", version("kreuzberg"), "striprtf", version("striprtf"), "pandoc", pypandoc.get_pandoc_version())
print("guess:                ", NAMES)
for name, told in seen.items():
    print("seen by", name.ljust(14), told)
print("seen by striprtf      ", ascii(halves), "| saving it:", raised)
print("striprtf, pairs joined:", mended)
sys.exit(
    seen["kreuzberg"] != "申请人：某、女士"
    or seen["pandoc"] != "申请人：\ufffd\ufffd某、\ufffd\ufffd女士"
    or "surrogates not allowed" not in raised
    or mended != NAMES
)
PYTHON
