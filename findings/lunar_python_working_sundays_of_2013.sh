#!/bin/sh
# lunar_python: HolidayUtil does not know two working days of the notice for 2013 (国办发明电〔2012〕33号).
#
# Guess: a table of holidays that begins in 2001 holds every day that a notice names, also the weekend days
# on which people work.
# Seen:  Sunday 7 April and Saturday 12 October 2013, both 上班 in the notice, are not in it; all other years from 2007
# to 2026 agree with chinesecalendar day by day.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    lunar_python==1.4.8 chinesecalendar==1.11.0
"$folder/venv/bin/python" - <<'PYTHON'
import datetime
import sys
from importlib.metadata import version

import chinese_calendar
from lunar_python.util import HolidayUtil


def works(day):
    found = HolidayUtil.getHoliday(day.year, day.month, day.day)
    return day.weekday() < 5 if found is None else found.isWork()


first = datetime.date(2007, 1, 1)
days = (first + datetime.timedelta(n) for n in range((datetime.date(2027, 1, 1) - first).days))
differ = [str(day) for day in days if works(day) != chinese_calendar.is_workday(day)]
print("lunar_python", version("lunar_python"), "differs on:", *differ)
sys.exit(differ != ["2013-04-07", "2013-10-12"])
PYTHON
