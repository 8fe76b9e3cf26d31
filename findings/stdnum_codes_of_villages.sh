#!/bin/sh
# python-stdnum: the unified code of a rural collective (N…) or of a body of another registry (Y…) is no code.
#
# GB 32100-2015 writes a code of 18: the registry (1 to 9, A, N or Y), the kind, six digits of the place, nine of
# the organisation, one to check by ISO 7064. N stands for the registry of agriculture: every village's economic
# collective has such a code, and may ask for information.
#
# Guess: stdnum.cn.uscc takes a code whose check character is right whatever its registry.
# Seen:  validate raises InvalidFormat ("The number has an invalid format.") and is_valid says False for N and Y;
#        the module's own check character was used to make the codes.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-stdnum==2.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from stdnum.cn import uscc

# Made up: kind and place are real, the organisation is not.
BODIES = {"11530122MF0123456": True, "N2530122MF0123456": False, "Y1530122MF0123456": False}
print("python-stdnum", version("python-stdnum"))
still = []
for body, taken in BODIES.items():
    code = body + uscc.calc_check_digit(body)
    print(code, "| guess True | seen", uscc.is_valid(code))
    still.append(len(code) == 18 and uscc.is_valid(code) is taken)
sys.exit(not all(still))
PYTHON
