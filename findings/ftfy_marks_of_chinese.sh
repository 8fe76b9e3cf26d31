#!/bin/sh
# ftfy: sound Chinese is given the punctuation of English.
#
# Guess: fix_text mends characters that were read in a wrong encoding, and leaves text as it is of which is_bad says False.
# Seen:  ，：；！（） become , : ; ! ( ) and “ ” become " ". 《》〔〕、。 stay, so that half of the marks of a sentence are of one
#        script and half of the other. With fix_character_width=False and uncurl_quotes=False nothing is changed.
# Met by: who mends what applicants wrote or what was taken from a site before it is quoted in a letter: GB/T 15834 wants
#        the Chinese marks, and a quoted title or a number in （） no longer matches its source. Set both, or call
#        fix_encoding alone.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    ftfy==6.3.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import ftfy
from ftfy.badness import is_bad

TEXT = "申请人：张三，依据《条例》（第三十三条）申请“公开”；受理号〔2026〕12号、13号！已收。"
SEEN = '申请人:张三,依据《条例》(第三十三条)申请"公开";受理号〔2026〕12号、13号!已收。'
read = ftfy.fix_text(TEXT)
told = ftfy.fix_text(TEXT, fix_character_width=False, uncurl_quotes=False)
print("ftfy", version("ftfy"), "is_bad:", is_bad(TEXT))
print("guess:", TEXT)
print("seen: ", read)
sys.exit(is_bad(TEXT) or (read, told, ftfy.fix_encoding(TEXT)) != (SEEN, TEXT, TEXT))
PYTHON
