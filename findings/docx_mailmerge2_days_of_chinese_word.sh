#!/bin/sh
# docx-mailmerge2: a day in the two forms that a Chinese Word offers is printed as 2026'年'3'月'5'日' and as EEEE年O月A日.
#
# ECMA-376 part 1, 17.16.4.1 (date and time formatting): characters in single quotes are written as they are, without the
# quotes; 17.16.4.3 (general formatting): \* CHINESENUM2 and CHINESENUM3 write a number in Chinese, capitals or not.
#
# Guess: MERGEFIELD 日期 \@ "yyyy'年'M'月'd'日'" gives 2026年3月5日, as yyyy年M月d日 without quotes does; "EEEE年O月A日", which
#        a Chinese Word writes into a field for 二〇二六年三月五日, gives that, or is refused; CHINESENUM3 gives 一百零五.
# Seen:  the quotes are printed, EEEE年O月A日 is printed as it stands, and 105 stays 105. merge() raises nothing and warns of
#        nothing. Formats of numbers (\# "#,##0.00") and texts before and behind (\b, \f) are right.
# Met by: an office that makes its letters from Word templates (告知书, 补正通知书): the day under the letter, which counts for
#        periods of objection, is no day. Give the days as finished text and take the switches out of the template.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check docx-mailmerge2==1.0.3 python-docx==1.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
from datetime import date
from importlib.metadata import version
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from mailmerge import MailMerge

FIELDS = {  # field: (guess, seen)
    r"""MERGEFIELD 日期 \@ "yyyy年M月d日" """: ("2026年3月5日", "2026年3月5日"),
    r"""MERGEFIELD 日期 \@ "yyyy'年'M'月'd'日'" """: ("2026年3月5日", "2026'年'3'月'5'日'"),
    r"""MERGEFIELD 日期 \@ "EEEE年O月A日" """: ("二〇二六年三月五日", "EEEE年O月A日"),
    r"""MERGEFIELD 件数 \* CHINESENUM3 """: ("一百零五", "105"),
    r"""MERGEFIELD 费用 \# "#,##0.00" """: ("1,409.50", "1,409.50"),
}


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


template = docx.Document()
for code in FIELDS:
    paragraph = (
        f"<w:p {nsdecls('w')}>{mark('begin')}<w:r><w:instrText xml:space='preserve'> {escape(code)}</w:instrText></w:r>"
        f"{mark('separate')}<w:r><w:t>«»</w:t></w:r>{mark('end')}</w:p>"
    )
    template.element.body.insert(len(template.element.body) - 1, parse_xml(paragraph))
file, letter = io.BytesIO(), io.BytesIO()
template.save(file)
file.seek(0)
with MailMerge(file) as merging:
    merging.merge(日期=date(2026, 3, 5), 件数=105, 费用=1409.5)
    merging.write(letter)
letter.seek(0)
print("docx-mailmerge2", version("docx-mailmerge2"))
still = True
for (code, (guess, told)), paragraph in zip(FIELDS.items(), docx.Document(letter).paragraphs, strict=True):
    print(code, "| guess", guess, "| seen", paragraph.text)
    still = still and paragraph.text == told
sys.exit(not still)
PYTHON
