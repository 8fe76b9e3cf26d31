#!/bin/sh
# icalendar, ics: a line that is folded inside a Chinese character loses the character.
#
# RFC 5545 (3.1) folds lines by octets, at 75; a simple writer so breaks a character of UTF-8 in two, and whoever reads
# "need[s] to unfold lines in such a way to properly restore the original sequence".
#
# Guess: from_ical, given the bytes of the file, puts the line together and then reads it as UTF-8.
# Seen:  icalendar reads the bytes as UTF-8 first: 逾 becomes three replacement characters, without a word. So it is with
#        ics 0.7, which takes text only, so that the caller has to decode before anything is unfolded. The bytes joined
#        at CR LF SPACE before they are handed over read rightly.
# Met by: who takes the calendar of another office or of a groupware into the register: where a writer counts octets
#        only, two of three long Chinese lines break inside a character. Unfold the bytes first.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    icalendar==7.3.2 ics==0.7.3
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import icalendar
import ics

SUMMARY = "答复期限届满请在今日之前办结并送达申请人以免逾期未答复的情形发生"
line = f"SUMMARY:{SUMMARY}".encode()
HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//office//ZH\r\nBEGIN:VEVENT\r\nUID:1@example.gov.cn\r\n"
TIMES = b"DTSTAMP:20261201T000000Z\r\nDTSTART;VALUE=DATE:20261210\r\n"
data = HEAD + TIMES + line[:75] + b"\r\n " + line[75:] + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def by_icalendar(text: bytes) -> str:
    return str(icalendar.Calendar.from_ical(text).walk("VEVENT")[0]["SUMMARY"])


seen = by_icalendar(data)
by_ics = next(iter(ics.Calendar(data.decode("utf-8", "replace")).events)).name
unfolded = by_icalendar(data.replace(b"\r\n ", b""))
print("icalendar", version("icalendar"), "ics", version("ics"))
print("guess:    ", SUMMARY)
print("icalendar:", seen)
print("ics:      ", by_ics)
lost = SUMMARY.replace("逾", "\ufffd\ufffd\ufffd")
sys.exit((seen, by_ics, unfolded) != (lost, lost, SUMMARY))
PYTHON
