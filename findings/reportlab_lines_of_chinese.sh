#!/bin/sh
# reportlab: with wordWrap='CJK' a line of Chinese begins with a comma, a colon or a closing 》 and ends in an opening （.
#
# Guess: the lines of a paragraph keep the rule of Chinese typesetting (避头尾): no mark that closes begins a line, none
#        that opens ends one.
# Seen:  ，：；！ and 》 begin a line wherever they fall, 、 and ” where another mark hangs in the margin before them;
#        《（“ end lines. Of the marks of Chinese the list of what may not begin a line has few, and the list of
#        what may not end one is asked by nobody.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check reportlab==4.4.4
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Paragraph

TEXT = "申请人：可以依照《条例》申请公开信息；不服的，可以复议（六十日内）、起诉！请写“本人”。"
registerFont(UnicodeCIDFont("STSong-Light"))
style = ParagraphStyle("body", fontName="STSong-Light", fontSize=10, wordWrap="CJK")
first, last = set(), set()
for characters in range(2, 20):
    paragraph = Paragraph(TEXT, style)
    paragraph.wrap(10 * characters, 1000)
    lines = ["".join(words) for _, words in paragraph.blPara.lines]
    first |= {line[0] for line in lines[1:]}
    last |= {line[-1] for line in lines[:-1]}
    if characters == 8:
        print(*lines, sep="\n")
closing = "".join(one for one in "，：；！》。、）”" if one in first)
opening = "".join(one for one in "《（“" if one in last)
print("begin a line:", closing, " end a line:", opening, " reportlab", version("reportlab"))
sys.exit((closing, opening) != ("，：；！》、”", "《（“"))
PYTHON
