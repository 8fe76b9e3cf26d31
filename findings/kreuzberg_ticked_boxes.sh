#!/bin/sh
# kreuzberg, docx2txt, python-docx: the tick of a form is gone, and a sentence that was moved is told twice.
#
# ECMA-376 part 1, 17.3.3.30 (sym): a character by its number in a font of signs. So Word writes the boxes of a form that
# were put in as symbols: Wingdings 2, F052 (ticked) and F0A3 (blank). 17.13.5.22 (moveFrom): text that was moved away
# from here while changes are tracked, shown where it is now (moveTo).
#
# Guess: the text of 提供方式：☑纸质　□电子邮件 has signs for both boxes, as with mammoth, or one where a sign was; of what was
#        moved it has what a reader sees with all changes accepted, as it has of what was deleted.
# Seen:  提供方式：纸质电子邮件, so that both look chosen. What was moved stands in both places with kreuzberg and docx2txt,
#        though what was deleted is left out; python-docx has it in neither. Nothing is said.
# Met by: who reads application forms (政府信息公开申请表) as text: how the information is wanted and which purpose was ticked
#        cannot be told; a decision with a moved sentence says it twice. Read with mammoth (☑, □), or look at w:sym.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    kreuzberg==4.10.4 docx2txt==0.9 python-docx==1.2.0 mammoth==1.13.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import docx
import docx2txt
import kreuzberg
import mammoth
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

CHANGE = 'w:author="甲" w:date="2026-03-05T09:00:00Z"'


def run(text: str, tag: str = "t") -> str:
    return f"<w:r><w:{tag}>{text}</w:{tag}></w:r>"


def sign(number: str) -> str:
    return f'<w:r><w:sym w:font="Wingdings 2" w:char="{number}"/></w:r>'


form = run("提供方式：") + sign("F052") + run("纸质") + sign("F0A3") + run("电子邮件")
letter = (
    f'<w:moveFrom w:id="1" {CHANGE}>{run("不收费。")}</w:moveFrom>'
    + run("收到")
    + f'<w:del w:id="2" {CHANGE}>{run("18", "delText")}</w:del><w:ins w:id="3" {CHANGE}>{run("7")}</w:ins>'
    + run("件。")
    + f'<w:moveTo w:id="4" {CHANGE}>{run("不收费。")}</w:moveTo>'
)
document = docx.Document()
for line in (form, letter):
    document.element.body.insert(len(document.element.body) - 1, parse_xml(f"<w:p {nsdecls('w')}>{line}</w:p>"))
document.save("form.docx")


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


with open("form.docx", "rb") as file:
    guess = lines(mammoth.extract_raw_text(file).value)
seen = {
    "kreuzberg": lines(kreuzberg.extract_file_sync("form.docx").content),
    "docx2txt": lines(docx2txt.process("form.docx")),
    "python-docx": [one.text for one in docx.Document("form.docx").paragraphs],
}
print(*(f"{name} {version(name)}" for name in (*seen, "mammoth")))
print("guess (mammoth):", guess)
for name, told in seen.items():
    print("seen by", name.ljust(11), told)
twice = ["提供方式：纸质电子邮件", "不收费。收到7件。不收费。"]
sys.exit(
    guess != ["提供方式：☑纸质□电子邮件", "收到7件。不收费。"]
    or seen["kreuzberg"] != twice
    or seen["docx2txt"] != twice
    or seen["python-docx"] != ["提供方式：纸质电子邮件", "收到件。"]
)
PYTHON
