#!/bin/sh
# officeparser, rtf-to-html: of an RTF file every Chinese character is followed by a question mark or by itself again.
#
# RTF writes a character by its number and behind it, for old readers, what a code page has for it: a question mark (? or
# \'3f, as LibreOffice writes) or its letters in GBK (\'c9\'ea). \ucN says how many of these a reader that knows numbers
# leaves out.
#
# Guess: \uc1 \u24352?\u19977\'3f reads 张三, and \uc2 \u24352\'d5\'c5\u19977\'c8\'fd as well.
# Seen:  officeparser gives 张?三? and 张ÕÅ三Èý, rtf-to-html 张?三? and 张张三三, without an error. With the second the name is
#        doubled in sound characters, so that nothing looks amiss. striprtf (Python) gives 张三 for both.
# Met by: who takes older letters and ledgers in RTF into a search or a register with node: no name, no case and no day is
#        found by its characters, and a doubled 二 is 22. Convert with LibreOffice first.
# Needs node and npm beside python3.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" officeparser@7.8.0 @iarna/rtf-to-html@1.1.0
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check striprtf==0.0.35
"$folder/venv/bin/python" - <<'PYTHON'
from pathlib import Path

HEAD = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}\f0 "


def by_number(fallback) -> str:
    return "".join(rf"\u{ord(one)}{fallback(one)}" for one in "张三")


def in_question_marks(one: str) -> str:
    return "?" if one == "张" else r"\'3f"


def in_gbk(one: str) -> str:
    return "".join(rf"\'{byte:02x}" for byte in one.encode("gbk"))


Path("one.rtf").write_text(rf"{HEAD}\uc1 {by_number(in_question_marks)}\par}}")
Path("two.rtf").write_text(rf"{HEAD}\uc2 {by_number(in_gbk)}\par}}")
PYTHON
cat > read.js <<'JS'
const fs = require("fs");
const { parseOffice } = require("officeparser");
const toHtml = require("@iarna/rtf-to-html");
(async () => {
  for (const name of ["one.rtf", "two.rtf"]) {
    const parsed = (await parseOffice(name)).toText().trim();
    const html = await new Promise((done, fail) =>
      toHtml.fromString(fs.readFileSync(name, "latin1"), (error, made) => (error ? fail(error) : done(made))));
    console.log(parsed, html.match(/<p>(.*)<\/p>/)[1]);
  }
})();
JS
guess=$("$folder/venv/bin/python" -c '
from striprtf.striprtf import rtf_to_text
print(*(rtf_to_text(open(name).read()).strip() for name in ("one.rtf", "two.rtf")))')
seen=$(node read.js)
echo "officeparser 7.8.0, @iarna/rtf-to-html 1.1.0, striprtf 0.0.35"
echo "guess (striprtf): $guess"
echo "seen:"
echo "$seen"
[ "$guess" = "张三 张三" ] && [ "$seen" = "张?三? 张?三?
张ÕÅ三Èý 张张三三" ]
