#!/bin/sh
# cn2an: transform("cn2an") writes figures into words that only look like numbers.
#
# Guess: transform turns 第三十三条第二款 into 第33条第2款 and leaves words such as 一并, 三公经费, 一定 alone.
# Seen:  1并公开, 3公经费, 不1定: what it made of a reason in a letter cannot be told from a slip.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check cn2an==0.5.24
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import cn2an

asked = ["第三十三条第二款", "一并公开", "三公经费", "不一定"]
seen = [cn2an.transform(text) for text in asked]
print("cn2an", version("cn2an"))
for pair in zip(asked, seen, strict=True):
    print(*pair, sep=" -> ")
sys.exit(seen != ["第33条第2款", "1并公开", "3公经费", "不1定"])
PYTHON
