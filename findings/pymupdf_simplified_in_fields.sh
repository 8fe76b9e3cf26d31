#!/bin/sh
# PyMuPDF: in form fields and text comments the characters that only simplified script has are left out of what is drawn.
#
# Guess: a field filled with 申请人张三 shows 申请人张三; or nothing, or boxes, where no font fits.
# Seen:  it shows 申人三: a font of Japanese is taken, and what it does not have (请 张 办 盘 龙 …) leaves neither gap nor
#        sign. The value kept in the field is whole, so that a check of the values finds nothing; the page, its print and
#        the text after bake() lack the characters. fontname="china-s" on a text comment changes nothing, while
#        insert_textbox with that font writes all of them.
# Met by: who fills the PDF form of an application (姓名, 住址) or comments a draft: the surname 张 is not on the paper.
#        Write with insert_textbox and china-s at the place of the field, or with insert_htmlbox.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    PyMuPDF==2.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import pymupdf

TEXT = "申请人张三，住盘龙区，选择书面答复"
LEFT = "申人三，住区，面答复"
PLACE = pymupdf.Rect(50, 50, 500, 80)


def field(page: pymupdf.Page) -> None:
    widget = pymupdf.Widget()
    widget.field_type = pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.field_name, widget.rect, widget.field_value = "name", PLACE, TEXT
    page.add_widget(widget)


def comment(page: pymupdf.Page) -> None:
    page.add_freetext_annot(PLACE, TEXT, fontname="china-s")


def textbox(page: pymupdf.Page) -> None:
    page.insert_textbox(PLACE, TEXT, fontname="china-s")


def drawn(write) -> tuple[str, list[str]]:
    file = pymupdf.open()
    write(file.new_page())
    file = pymupdf.open("pdf", file.tobytes())
    kept = [widget.field_value for widget in file[0].widgets()]
    file.bake()
    return file[0].get_text().strip(), kept


print("PyMuPDF", pymupdf.VersionBind)
seen = {write.__name__: drawn(write) for write in (field, comment, textbox)}
print("guess:", TEXT)
for name, (text, kept) in seen.items():
    print("seen: ", name, text, *(f"value kept: {value}" for value in kept))
sys.exit(seen["field"] != (LEFT, [TEXT]) or seen["comment"][0] != LEFT or seen["textbox"][0] != TEXT)
PYTHON
