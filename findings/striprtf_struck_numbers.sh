#!/bin/sh
# striprtf: a number that was struck out with 修订 stands before the one that replaced it, and hidden text is told.
#
# Guess: of a table in RTF whose author replaced 18 by 7 with changes tracked, the 7 is read; what is hidden is not.
# Seen:  the cell reads 187: what \deleted marks as taken out and what \v hides is text like any other.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check striprtf==0.0.35
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from striprtf.striprtf import rtf_to_text


def told(text):
    return "".join(chr(byte) if byte < 128 else f"\\'{byte:02x}" for byte in text.encode("gbk"))


row = r"\trowd\cellx2000\cellx4000\pard\intbl " + told("新收") + r"\cell {\deleted 18}{\revised 7}\cell\row"
note = r"\pard " + told("结转") + r"{\v 3}2\par"
head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}"
read = rtf_to_text(head + row + note + "}").split()
print("reader sees 新收 7 and 结转 2; striprtf:", *read, " version", version("striprtf"))
sys.exit(read != ["新收|187|", "结转32"])
PYTHON
