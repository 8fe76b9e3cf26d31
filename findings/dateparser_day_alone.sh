#!/bin/sh
# dateparser: "5日" in a Chinese column of days is five days ago, "3月5日" is nothing.
#
# Guess: parse("5日", languages=["zh"]) is the fifth of a month, or None; "3月5日" is 5 March.
# Seen:  "5日" is the moment five days before now (as "5天前" would be), "3月5日" and "2024年3月5日下午3时" are
# None; "2024年3月5日" is right.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check dateparser==1.5.0
"$folder/venv/bin/python" - <<'PYTHON'
import datetime
import sys
import warnings
from importlib.metadata import version

import dateparser

warnings.simplefilter("ignore")
now = datetime.datetime(2024, 3, 20, 10)
asked = ["2024年3月5日", "5日", "3月5日", "2024年3月5日下午3时"]
seen = [dateparser.parse(text, languages=["zh"], settings={"RELATIVE_BASE": now}) for text in asked]
print("dateparser", version("dateparser"), "on", now)
for text, found in zip(asked, seen, strict=True):
    print(text, "->", found)
expected = [datetime.datetime(2024, 3, 5), now - datetime.timedelta(5), None, None]
sys.exit(seen != expected)
PYTHON
