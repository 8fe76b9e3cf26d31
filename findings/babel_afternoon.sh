#!/bin/sh
# Babel: parse_time takes 下午3:05 for five past three at night.
#
# Guess: parse_time(format_time(t)) is t again in one locale, as it is in English (3:05 PM); or it raises ParseError.
# Seen:  for zh_Hant the short form of 15:05 is 下午3:05, and that is read as 03:05, for zh_CN too; 晚上8:00 is read as
#        08:00. Nothing is raised.
# Met by: whoever reads the hour of a receipt or of an appointment from a form or a sheet (下午3:05 is how people and
#        Chinese Excel write it): what came in the afternoon was there before the office opened. Read 上午 and 下午
#        before the number is handed on.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    babel==2.19.0
"$folder/venv/bin/python" - <<'PYTHON'
import datetime
import sys
from importlib.metadata import version

from babel.dates import format_time, parse_time

AFTERNOON = datetime.time(15, 5)
print("Babel", version("babel"))
read = {}
for locale in ("en_US", "zh_Hant"):
    written = format_time(AFTERNOON, "short", locale=locale)
    read[locale] = parse_time(written, locale=locale, format="short")
    print(locale, written, "| guess", AFTERNOON, "| seen", read[locale])
for written in ("下午3:05", "晚上8:00"):
    read[written] = parse_time(written, locale="zh_CN")
    print("zh_CN", written, "| seen", read[written])
sys.exit(
    list(read.values())
    != [AFTERNOON, datetime.time(3, 5), datetime.time(3, 5), datetime.time(8)]
)
PYTHON
