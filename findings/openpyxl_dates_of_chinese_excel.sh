#!/bin/sh
# openpyxl, pylightxl: a day in the long format of a Chinese Excel (2024年3月5日, format number 31) is a bare
# number.
#
# Guess: a cell whose style names a built-in date format comes back as a date, whatever the language of
# the Excel that wrote it; the formats 27 to 36 and 50 to 58 are those of Chinese, Japanese and Korean.
# Seen:  14 (2024/3/5) is a date; 27 (yyyy年m月), 28, 31 (yyyy年m月d日), 57 and 58 (m月d日) come back as
# 45356, without a warning. python-calamine gives the day for all of them.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 pylightxl==1.61 python-calamine==0.9.1
"$folder/venv/bin/python" - "$folder/days.xlsx" <<'PYTHON'
import datetime
import re
import sys
import zipfile
from importlib.metadata import version

import openpyxl
import pylightxl
import python_calamine

FORMATS = [14, 27, 28, 31, 57, 58]
DAY = datetime.date(2024, 3, 5)
path = sys.argv[1]

# openpyxl writes the file; the number of the format is put in by hand, as Excel itself leaves it.
book = openpyxl.Workbook()
for line, number in enumerate(FORMATS, 1):
    book.active.cell(line, 1, 45356).number_format = f'"{number}"0'
book.save(path)
with zipfile.ZipFile(path) as package:
    parts = {name: package.read(name) for name in package.namelist()}
styles = parts["xl/styles.xml"].decode()
for own, number in re.findall(r'numFmtId="(\d+)" formatCode="&quot;(\d+)&quot;0"', styles):
    styles = styles.replace(f'<xf numFmtId="{own}"', f'<xf numFmtId="{number}"')
styles = re.sub(r"<numFmts.*?</numFmts>", "", styles)
parts["xl/styles.xml"] = styles.encode()
with zipfile.ZipFile(path, "w") as package:
    for name, content in parts.items():
        package.writestr(name, content)

sheet = python_calamine.load_workbook(path).get_sheet_by_index(0)
seen = {
    "openpyxl": [cell.value for cell in openpyxl.load_workbook(path).active["A"]],
    "pylightxl": pylightxl.readxl(path).ws("Sheet").col(1),
    "python-calamine": [row[0] for row in sheet.to_python()],
}
print("format numbers:", FORMATS)
for name, values in seen.items():
    print(name, version(name), values)
midnight = datetime.datetime.combine(DAY, datetime.time())
sys.exit(
    not (
        seen["openpyxl"] == [midnight, *[45356] * 5]
        and seen["pylightxl"][1:] == [45356] * 5
        and seen["python-calamine"] == [DAY] * 6
    )
)
PYTHON
