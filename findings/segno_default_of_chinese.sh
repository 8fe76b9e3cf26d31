#!/bin/sh
# segno: Chinese that happens to be Japanese as well is written in Shift JIS, and not every reader knows.
#
# Guess: the QR code of any Chinese text, made with the defaults, is read alike everywhere: 盘龙乡 as 人民政府.
# Seen:  a text whose every character is in Shift JIS (人民政府, 保密, 公安局 36) is written in that: alone in the
#        Kanji mode, with a digit as bytes without a word of the encoding. zxing-cpp reads all of them; OpenCV's
#        detectAndDecode raises UnicodeDecodeError for the first kind and gives other characters for the second.
#        A text with one character beyond (盘龙乡) is written in UTF-8 and read by both; so are all with
#        encoding="utf-8" and mode="byte".
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    segno==1.6.6 zxing-cpp==3.1.1 opencv-python-headless==5.0.0.93 pillow==13.0.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
from importlib.metadata import version

import cv2
import numpy
import segno
import zxingcpp
from PIL import Image


def read(code: segno.QRCode) -> tuple[str, str]:
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=6, border=4)
    picture = numpy.array(Image.open(drawn).convert("L"))
    try:
        by_opencv = cv2.QRCodeDetector().detectAndDecode(picture)[0]
    except UnicodeDecodeError as error:
        by_opencv = type(error).__name__
    return zxingcpp.read_barcodes(picture)[0].text, by_opencv


print("segno", version("segno"), "zxing-cpp", version("zxing-cpp"), "OpenCV", cv2.__version__)
same = {}
for text in ("盘龙乡", "人民政府", "保密", "公安局 36"):
    code, told = segno.make(text, micro=False), segno.make(text, micro=False, encoding="utf-8", mode="byte")
    seen, with_encoding = read(code), read(told)
    print(text, "| mode", code.mode, "| zxing-cpp, OpenCV:", *seen, "| told utf-8:", *with_encoding)
    same[text] = (seen[0] == text, seen[1] == text, set(with_encoding) == {text})
wanted = {text: (True, text == "盘龙乡", True) for text in same}
sys.exit(same != wanted)
PYTHON
