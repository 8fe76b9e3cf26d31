#!/bin/sh
# email-validator: with globally_deliverable=False an address without a dot is taken (li@mail), but one of
# an office's own net is not (li@mail.local).
#
# Guess: an address that need not be deliverable from everywhere may end in .local.
# Seen:  li@mail is taken, li@mail.local is refused as "special-use or reserved name".
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check email-validator==2.4.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from email_validator import EmailNotValidError, validate_email


def read(address):
    try:
        return validate_email(
            address, check_deliverability=False, globally_deliverable=False
        ).normalized
    except EmailNotValidError as error:
        return f"refused: {error}"


print("email-validator", version("email-validator"))
seen = {address: read(address) for address in ("li@mail", "li@mail.local")}
print("guess: both are taken")
for address, result in seen.items():
    print(f"seen:  {address}: {result}")
sys.exit(not (seen["li@mail"] == "li@mail" and "special-use" in seen["li@mail.local"]))
PYTHON
