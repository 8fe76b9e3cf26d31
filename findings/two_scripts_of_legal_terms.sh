#!/bin/sh
# zhconv and OpenCC: legal words in traditional script get the character of another word.
#
# Guess: to traditional characters as Taiwan writes them (zh-tw, s2tw), 复议 becomes 復議 (to deliberate anew), 签发
#        簽發 (to sign and issue), 干涉 stays 干涉, 准予 stays 准予, 公里 stays 公里, as in the statutes of Taiwan.
# Seen:  zhconv writes 籤發 (a lot to draw), 幹涉, 準予, 公裡; OpenCC has these right; both write 複議 (a compound)
#        and 籤批. Neither says that it chose.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check zhconv==1.4.3 opencc==1.4.2
"$folder/venv/bin/python" - <<'PYTHON' 2>/dev/null
import sys
from importlib.metadata import version

import opencc
import zhconv

GUESSED = {"行政复议": "行政復議", "签发": "簽發", "签批": "簽批", "干涉": "干涉", "准予": "准予", "公里": "公里"}
by_opencc = opencc.OpenCC("s2tw")
seen = {}
for word, guess in GUESSED.items():
    seen[word] = zhconv.convert(word, "zh-tw"), by_opencc.convert(word)
    print(word, "| guess", guess, "| zhconv", seen[word][0], "| OpenCC", seen[word][1])
print("zhconv", version("zhconv"), "OpenCC", version("opencc"))
WRONG = {
    "zhconv": {"行政复议", "签发", "签批", "干涉", "准予", "公里"},
    "opencc": {"行政复议", "签批"},
}
found = {
    name: {word for word in GUESSED if seen[word][at] != GUESSED[word]} for at, name in enumerate(("zhconv", "opencc"))
}
print({name: sorted(words) for name, words in found.items()})
sys.exit(not all(WRONG[name] <= found[name] for name in WRONG))
PYTHON
