#!/bin/sh
# workalendar: 31 January and 1 February 2020 are working days of China, though the State Council had made
# them holidays.
#
# Guess: is_working_day follows the notices of the State Council, that of 26 January 2020 (国办发明电〔2020〕1号,
# Spring Festival to 2 February) among them, for the years that it is configured for.
# Seen:  both days are working days; chinesecalendar has them as holidays. A period of 20 working days that
# began on 17 January ends two working days too early.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    workalendar==17.0.0 chinesecalendar==1.11.0
"$folder/venv/bin/python" - <<'PYTHON'
import datetime
import sys
from importlib.metadata import version

import chinese_calendar
from workalendar.asia import China

days = [datetime.date(2020, 1, 23) + datetime.timedelta(n) for n in range(13)]
china = China()
differ = [day for day in days if china.is_working_day(day) != chinese_calendar.is_workday(day)]
print("workalendar", version("workalendar"), "chinesecalendar", version("chinesecalendar"))
print("working days for workalendar alone:", *differ)
last = china.add_working_days(datetime.date(2020, 1, 17), 20)
counted, right = 0, datetime.date(2020, 1, 17)
while counted < 20:
    right += datetime.timedelta(1)
    counted += chinese_calendar.is_workday(right)
print("20 working days after 2020-01-17:", last, "by the notices:", right)
sys.exit(differ != [datetime.date(2020, 1, 31), datetime.date(2020, 2, 1)] or last >= right)
PYTHON
