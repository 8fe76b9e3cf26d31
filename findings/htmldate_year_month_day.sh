#!/bin/sh
# htmldate: a page that writes its day as 2026年1月20日 is dated to the first of January of a year it names.
#
# Guess: find_date gives 2026-01-20, or None where it cannot read the day. (dateparser reads this writing.)
# Seen:  2025-01-01, the year of the title 「2025年…年度报告」; without a year in the title 2026-01-01, or the first
#        day of the period that the text speaks of. The same page with 2026-01-20 or 2026/1/20 is dated rightly.
#        A report published in time, by 31 January, so looks as if it came before its year began.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check htmldate==1.11.0 dateparser==1.5.0 lxml==6.1.3
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from htmldate import find_date

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head><body>
<h1>{title}</h1><p>发布日期：{day}</p><p>现将本机关政府信息公开工作情况报告如下。{period}</p></body></html>"""
NAMED, PLAIN = "2025年政府信息公开工作年度报告", "政府信息公开工作年度报告"
PERIOD = "统计期限自2025年1月1日起至2025年12月31日止。"
PAGES = [
    (NAMED, "2026年1月20日", "", "2025-01-01"),
    (NAMED, "2026年01月20日 09:30", PERIOD, "2025-01-01"),
    (PLAIN, "2026年1月20日", "", "2026-01-01"),
    (PLAIN, "2026年1月20日", PERIOD, "2025-01-01"),
    (NAMED, "2026-01-20", PERIOD, "2026-01-20"),
    (PLAIN, "2026/1/20", PERIOD, "2026-01-20"),
]
print("htmldate", version("htmldate"))
still = []
for title, day, period, seen in PAGES:
    found = find_date(PAGE.format(title=title, day=day, period=period), original_date=bool(period))
    print(title, "|", day, "| guess 2026-01-20 | seen", found)
    still.append(found == seen)
sys.exit(not all(still))
PYTHON
