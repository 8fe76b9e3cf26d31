#!/bin/sh
# tablib: in an ODS file the comment of a cell is read in place of its value.
#
# Guess: Dataset.load of a sheet whose cells have comments (批注) gives the values of the cells, as python-calamine
#        does; or values and comments together.
# Seen:  the comment alone: the number of a case that was commented 已电话核实 reads 已电话核实, and a count of 7 whose
#        comment is 18 (what stood there before) reads 18.0. With words in the comment a count raises ValueError.
#        Nothing is said; cells without a comment are right.
# Met by: who takes a clerk's ledger from LibreOffice or WPS into a program: a case gets the number of the comment, the
#        annual table a count that was corrected long ago. Read ODS with python-calamine.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    tablib[ods]==3.10.0 odfpy==1.4.1 python-calamine==0.9.1
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
from importlib.metadata import version

import python_calamine
import tablib
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P


def cell(value: str | int, comment: str = "") -> TableCell:
    is_text = isinstance(value, str)
    made = TableCell(valuetype="string") if is_text else TableCell(valuetype="float", value=str(value))
    if comment:
        note = Annotation()
        note.addElement(P(text=comment))
        made.addElement(note)
    made.addElement(P(text=str(value)))
    return made


def file(*rows: tuple[TableCell, ...]) -> bytes:
    book, table = OpenDocumentSpreadsheet(), Table(name="台账")
    for cells in rows:
        row = TableRow()
        for one in cells:
            row.addElement(one)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


HEAD = ("案号", "件数")
ledger = file(
    (cell("案号"), cell("件数")),
    (cell("2026-0012", "已电话核实"), cell(7)),
    (cell("2026-0013"), cell(7, "18")),
)
worded = file((cell("案号"), cell("件数")), (cell("2026-0014"), cell(7, "原为18")))

guessed = python_calamine.load_workbook(io.BytesIO(ledger)).get_sheet_by_index(0).to_python()[1:]
seen = [[row[name] for name in HEAD] for row in tablib.Dataset().load(ledger, "ods").dict]
try:
    raised = tablib.Dataset().load(worded, "ods").dict
except ValueError as error:
    raised = str(error)
print("tablib", version("tablib"), "odfpy", version("odfpy"))
print("guess (calamine):", guessed)
print("seen:            ", seen)
print("a count with words in its comment:", raised)
sys.exit(
    guessed != [["2026-0012", 7], ["2026-0013", 7]]
    or seen != [["已电话核实", 7.0], ["2026-0013", 18.0]]
    or "could not convert" not in raised
)
PYTHON
