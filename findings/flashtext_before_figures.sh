#!/bin/sh
# flashtext: a Chinese word is not found where a figure or a Latin letter follows it.
#
# Guess: replace_keywords finds a word of Chinese wherever it stands, since Chinese has no gaps between its words; it
#        does find 机密 inside 国家机密事项 and 张三 inside 张三丰.
# Seen:  张三13800138000, 机密10年, 李四A座 stay as they are: figures and Latin letters count as parts of the word, Han
#        characters do not. flashtext2 replaces them.
# Met by: who takes the names of applicants out of a text before it is published, or looks for marks of secrecy: the
#        name before its telephone stays, the one that should have been left (张三丰) is cut. Take flashtext2, or
#        str.replace with the longest name first.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    flashtext==2.7 flashtext2==1.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import flashtext
import flashtext2

WORDS = {"机密": "△", "张三": "○○", "李四": "○○"}
TEXTS = {
    "国家机密事项": "国家△事项",
    "张三（电话13800138000）": "○○（电话13800138000）",
    "张三13800138000": "张三13800138000",
    "机密10年": "机密10年",
    "李四A座": "李四A座",
}
one, two = flashtext.KeywordProcessor(), flashtext2.KeywordProcessor(case_sensitive=True)
for word, instead in WORDS.items():
    one.add_keyword(word, instead)
    two.add_keyword(word, instead)
print("flashtext", version("flashtext"), "flashtext2", version("flashtext2"))
still = []
for text, expected in TEXTS.items():
    seen, other = one.replace_keywords(text), two.replace_keywords(text)
    print(text, "| flashtext", seen, "| flashtext2", other)
    still.append(seen == expected and not any(word in other for word in WORDS))
sys.exit(not all(still))
PYTHON
