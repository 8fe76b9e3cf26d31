#!/bin/sh
# phonenumbers: a Chinese telephone with its extension as people write it (转, 分机) is no number at all,
# though the same number with "ext." is.
#
# Guess: parse("010-62345678转801", "CN") gives the number with extension 801, as "ext. 801" does.
# Seen:  NumberParseException "did not seem to be a phone number" for 转 and 分机.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check phonenumbers==9.0.43
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import phonenumbers


def read(written):
    try:
        found = phonenumbers.parse(written, "CN")
    except phonenumbers.NumberParseException as error:
        return f"NumberParseException: {error}"
    return f"{found.national_number} extension {found.extension}"


print("phonenumbers", version("phonenumbers"))
seen = {mark: read(f"010-62345678{mark}801") for mark in (" ext. ", "转", "分机")}
print("guess: 1062345678 extension 801 for each")
for mark, result in seen.items():
    print(f"seen:  {mark.strip()}: {result}")
refused = all(seen[mark].startswith("NumberParseException") for mark in ("转", "分机"))
sys.exit(not (refused and seen[" ext. "] == "1062345678 extension 801"))
PYTHON
