#!/bin/sh
# python-calamine: a cell whose formula ended in an error cannot be told from a blank one.
#
# Guess: a cell that shows #DIV/0! or #N/A in Excel comes back as that text, or as something that is not
# the value of a blank cell (openpyxl gives "#DIV/0!" and "#N/A").
# Seen:  both come back as '', as the blank cell beside them does, without a warning.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 XlsxWriter==3.3.1 openpyxl==3.1.5
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
from importlib.metadata import version

import openpyxl
import python_calamine
import xlsxwriter

file = io.BytesIO()
book = xlsxwriter.Workbook(file, {"in_memory": True})
sheet = book.add_worksheet()
sheet.write_number(0, 0, 1)
sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!")
sheet.write_formula(0, 2, "=NA()", None, "#N/A")
sheet.write_number(0, 4, 5)  # column D stays blank
book.close()

file.seek(0)
cells = python_calamine.load_workbook(file).get_sheet_by_index(0).to_python()[0]
file.seek(0)
guessed = [cell.value for cell in openpyxl.load_workbook(file, data_only=True).active[1]]
print("python-calamine", version("python-calamine"))
print("guess (openpyxl):", guessed)
print("seen:            ", cells)
sys.exit(cells != [1.0, "", "", "", 5.0])
PYTHON
