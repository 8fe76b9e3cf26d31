#!/bin/sh
# python-stdnum: is_valid of a resident identity number from a county of 2021 raises KeyError.
#
# Guess: is_valid answers True or False for any string; a county that its table does not hold gives False
# (validate: InvalidComponent).
# Seen:  for 330113 (临平区, since April 2021) is_valid and validate both raise KeyError('county'): the prefix of
#        the prefecture is found, the county below it is not. Counties of the table give True.
# Numbers are made up: 29 February 2024, sequence 999.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check python-stdnum==2.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from stdnum.cn import ric


def number(county):
    digits = county + "20240229" + "999"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights))
    return digits + "10X98765432"[total % 11]


def said(check, county):
    try:
        return check(number(county))
    except Exception as error:  # whatever it is: that is what is shown
        return repr(error)


print("python-stdnum", version("python-stdnum"))
seen = [said(ric.is_valid, "330110"), said(ric.is_valid, "330113"), said(ric.validate, "330113")]
print("is_valid of 330110 (余杭区), of 330113 (临平区), validate of 330113:")
print(seen)
sys.exit(seen != [True, "KeyError('county')", "KeyError('county')"])
PYTHON
