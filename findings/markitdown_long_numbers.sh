#!/bin/sh
# markitdown: in a ledger whose column of telephones has one blank cell every telephone loses its last digits.
#
# Guess: 13800138000 in a cell of a workbook reads 13800138000 in the text that is made of it.
# Seen:  1.380014e+10 as soon as one cell of its column is blank, which itself reads NaN. In a column without a blank
#        the same telephone is whole.
# Met by: who hands a ledger of applicants to a search or a language model as text: whom to call is gone, and the text
#        looks well made. Keep such cells as text in the ledger, or read it with openpyxl.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-compile "markitdown[xlsx]==0.1.9" XlsxWriter==3.3.1
"$folder/venv/bin/python" - "$folder/ledger.xlsx" <<'PYTHON' 2>/dev/null
import sys
from importlib.metadata import version

import xlsxwriter
from markitdown import MarkItDown

path = sys.argv[1]
ROWS = [
    ("受理号", "手机", "代理人手机"),
    ("甲", 13800138000, 13800138000),
    ("乙", 13900139001, None),
    ("丙", 13700137002, 13700137002),
]
book = xlsxwriter.Workbook(path)
sheet = book.add_worksheet()
for at, row in enumerate(ROWS):
    sheet.write_row(at, 0, row)
book.close()
table = MarkItDown().convert(path).text_content
seen = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")][2:]
print("markitdown", version("markitdown"))
for row, read in zip(ROWS[1:], seen, strict=True):
    print("guess", *row, "| seen", *read)
sys.exit(
    [row[1] for row in seen] != [str(row[1]) for row in ROWS[1:]]
    or [row[2] for row in seen] != ["1.380014e+10", "NaN", "1.370014e+10"]
)
PYTHON
