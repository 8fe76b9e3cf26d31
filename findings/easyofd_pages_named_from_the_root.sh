#!/bin/sh
# easyofd: of an OFD whose pages are named from the root of the package only the last page is left.
#
# GB/T 33190-2016 names the place of a page (ST_Loc) relative to the file that names it, or from the root of the
# package: Pages/Page_0/Content.xml or /Doc_0/Pages/Page_0/Content.xml.
#
# Guess: both give the same pages.
# Seen:  from the root, the pages replace each other and the last one is left, without a word: the first number of
#        the way (that of Doc_0) is taken for the number of the page. The same for P1/A.xml and P1/B.xml.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check easyofd==20260427
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON' 2>/dev/null
import contextlib
import io
import sys
import zipfile
from importlib.metadata import version

from easyofd import OFD

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
AREA = "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
TEXTS = ("答复第一页", "附件第二页")


def page(number: int, text: str) -> str:
    return (
        f'{HEAD}<ofd:Page {SPACE}><ofd:Area>{AREA}</ofd:Area><ofd:Content><ofd:Layer ID="{20 + number}" Type="Body">'
        f'<ofd:TextObject ID="{30 + number}" Boundary="20 20 100 10" Font="3" Size="6">'
        f'<ofd:TextCode X="0" Y="6" DeltaX="g {len(text) - 1} 6">{text}</ofd:TextCode>'
        "</ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>"
    )


def file(places: tuple[str, ...]) -> bytes:
    listed = "".join(f'<ofd:Page ID="{10 + n}" BaseLoc="{place}"/>' for n, place in enumerate(places))
    parts = {
        "OFD.xml": f'{HEAD}<ofd:OFD {SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>'
        "0123456789abcdef0123456789abcdef</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{HEAD}<ofd:Document {SPACE}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID>"
        f"<ofd:PageArea>{AREA}</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f'{HEAD}<ofd:Res {SPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/>'
        "</ofd:Fonts></ofd:Res>",
    }
    for number, (place, text) in enumerate(zip(places, TEXTS)):
        parts[place[1:] if place.startswith("/") else f"Doc_0/{place}"] = page(number, text)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def texts(places: tuple[str, ...]) -> list[str]:
    ofd = OFD()
    with contextlib.redirect_stdout(io.StringIO()):
        ofd.read(file(places), fmt="binary")
    return [one["text"] for pages in ofd.data[0]["page_info"].values() for one in pages["text_list"]]


print("easyofd", version("easyofd"))
seen = {}
for places in (
    ("Pages/Page_0/Content.xml", "Pages/Page_1/Content.xml"),
    ("/Doc_0/Pages/Page_0/Content.xml", "/Doc_0/Pages/Page_1/Content.xml"),
    ("P1/A.xml", "P1/B.xml"),
):
    seen[places] = texts(places)
    print(*places, "| guess", *TEXTS, "| seen", *seen[places])
sys.exit(list(seen.values()) != [list(TEXTS), [TEXTS[1]], [TEXTS[1]]])
PYTHON
