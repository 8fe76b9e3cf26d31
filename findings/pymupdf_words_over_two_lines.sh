#!/bin/sh
# PyMuPDF: a Chinese word that is broken over two lines is not found, an English one is.
#
# Guess: search_for finds what a reader reads on, as it does with "John | Smith" (its two halves) and "adminis-|trative".
#        Chinese breaks its lines within words, so 张三 | 丰 is found as well.
# Seen:  no hit for 张三丰 or 行政复议, without a word; the same name within a line is found. pypdfium2 finds both in
#        the same file.
# Met by: who blackens names in what is published with search_for and add_redact_annot: in lines of 28 characters
#        (GB/T 9704) one name of three characters in fourteen is broken, and stays. Search the text without its line
#        breaks and take the places of the characters, or ask pypdfium2.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    PyMuPDF==2.0 pypdfium2==5.15.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pymupdf
import pypdfium2

PAGES = {
    "china-s": ("张三丰申请公开与张三", "丰订立的协议，并提起行政", "复议。"),
    "helv": ("The applicant asks for John", "Smith and for adminis-", "trative review."),
}
print("PyMuPDF", pymupdf.VersionBind, "pypdfium2", pypdfium2.PYPDFIUM_INFO)
seen = {}
for font, lines in PAGES.items():
    file = pymupdf.open()
    page = file.new_page()
    for number, line in enumerate(lines):
        page.insert_text((72, 72 + 18 * number), line, fontname=font, fontsize=12)
    data = file.tobytes()
    for word in ("张三丰", "行政复议") if font == "china-s" else ("John Smith", "administrative"):
        rows = {round(place.y0) for place in pymupdf.open("pdf", data)[0].search_for(word)}
        search, by_pdfium = pypdfium2.PdfDocument(data)[0].get_textpage().search(word), 0
        while search.get_next():
            by_pdfium += 1
        seen[word] = len(rows), by_pdfium
        print(word, "| lines with a hit, PyMuPDF:", len(rows), "| hits, pypdfium2:", by_pdfium)
chinese = {"张三丰": (1, 2), "行政复议": (0, 1)}
sys.exit({word: seen[word] for word in chinese} != chinese or seen["John Smith"][0] != 2 or seen["administrative"][0] != 2)
PYTHON
