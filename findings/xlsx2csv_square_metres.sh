#!/bin/sh
# xlsx2csv, pylightxl: a number whose format ends in m² or writes it in words (大写) comes out as something else.
#
# Guess: what stands between quotation marks in a number format (0"m²", yyyy"年"m"月"d"日") is words, and what stands in
#        brackets ([DBNum2], the figures of money in words) says how to write: the number stays, a day is a day.
# Seen:  xlsx2csv gives 0"06²" for an area of 1250.5 m² (the figure read as a day: June), 02"时"06"分" for 14:30 in June
#        (the hour without afternoon, the month for the minutes) and 2024"年"03"月"05"日" with the quotation marks.
#        pylightxl gives 1903/06/03 for 1250.5 yuan in words. openpyxl has all of them right. Nothing is said.
# Met by: who turns ledgers of land taken (征地面积) or fees (金额大写) into CSV: the figure is gone from the file, not
#        only written otherwise. Convert with openpyxl or python-calamine.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    xlsx2csv==0.8.6 pylightxl==1.61 openpyxl==3.1.5 XlsxWriter==3.3.1
"$folder/venv/bin/python" - "$folder/ledger.xlsx" <<'PYTHON'
import csv
import datetime
import io
import sys
from importlib.metadata import version

import openpyxl
import pylightxl
import xlsx2csv
import xlsxwriter

path = sys.argv[1]
DAY = datetime.datetime(2024, 3, 5)
CELLS = [
    ('0"亩"', 1250.5),
    ('0"m²"', 1250.5),
    ('[DBNum2][$-804]General"元"', 1250.5),
    ('yyyy"年"m"月"d"日"', DAY),
    ('h"时"mm"分"', DAY.replace(month=6, hour=14, minute=30)),
]
book = xlsxwriter.Workbook(path)
sheet = book.add_worksheet()
for row, (shape, value) in enumerate(CELLS):
    write = sheet.write_datetime if isinstance(value, datetime.datetime) else sheet.write_number
    write(row, 0, value, book.add_format({"num_format": shape}))
book.close()

out = io.StringIO()
xlsx2csv.Xlsx2csv(path, outputencoding="utf-8").convert(out)
by_csv = [row[0] for row in csv.reader(io.StringIO(out.getvalue()))]
light = pylightxl.readxl(path)
by_light = [row[0] for row in light.ws(light.ws_names[0]).rows]
by_openpyxl = [row[0].value for row in openpyxl.load_workbook(path).active]
print(*(f"{name} {version(name)}" for name in ("xlsx2csv", "pylightxl", "openpyxl")))
for (shape, value), *seen in zip(CELLS, by_csv, by_light, strict=True):
    print(shape, "| guess", value, "| xlsx2csv", seen[0], "| pylightxl", seen[1])
sys.exit(
    by_openpyxl != [value for _, value in CELLS]
    or by_csv != ["1250.5", '0"06²"', "1250.5", '2024"年"03"月"05"日"', '02"时"06"分"']
    or by_light[:3] != [1250.5, 1250.5, "1903/06/03"]
)
PYTHON
