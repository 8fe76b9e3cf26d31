#!/bin/sh
# dayjs: with a blank before the hour every afternoon becomes a morning, and half past noon is half past midnight without it.
#
# Guess: what format() wrote in the Chinese locale is read back by the same format: 2026年3月5日 下午3:30 with the format
#        YYYY年M月D日 Ah:mm, and dayjs's own long form LLL (2026年3月5日中午12点30分), as moment does.
# Seen:  without the blank between day and hour 下午3:30 is 15:30, with it 03:30, and 晚上8:30 is 08:30: 年, 月 and 日 stay in what
#        is left to read, and the blank makes 月日 the word of the afternoon. LLL has its afternoons right, but 中午12点30分,
#        which dayjs wrote itself, is 00:30. Nothing is said; in strict mode the result is invalid.
# Met by: who reads the hour of a receipt or of an appointment (查阅时间) from what a picker of dates shows: it lies before the
#        office opens. Put 年, 月 and 日 of a format in [ ], and use H for the hour.
# Needs node and npm.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" dayjs@1.11.23 moment@2.31.0
cat > hour.js <<'JS'
const dayjs = require("dayjs");
const moment = require("moment");
require("dayjs/locale/zh-cn");
require("moment/locale/zh-cn");
dayjs.extend(require("dayjs/plugin/customParseFormat"));
dayjs.extend(require("dayjs/plugin/localizedFormat"));

const told = {
  "YYYY年M月D日Ah:mm": ["09:30", "00:30", "15:30", "20:30"],
  "YYYY年M月D日 Ah:mm": ["09:30", "12:30", "03:30", "08:30"],
  "YYYY[年]M[月]D[日] Ah:mm": ["09:30", "00:30", "15:30", "20:30"],
  LLL: ["09:30", "00:30", "15:30", "20:30"],
};
console.log("dayjs 1.11.23, moment 2.31.0; guess: 09:30 12:30 15:30 20:30 each time");
let still = true;
for (const [format, hours] of Object.entries(told)) {
  const written = [9, 12, 15, 20].map((hour) => dayjs(new Date(2026, 2, 5, hour, 30)).locale("zh-cn").format(format));
  const seen = written.map((text) => dayjs(text, format, "zh-cn").format("HH:mm"));
  console.log(format, "|", written.join(" | "), "| seen", seen.join(" "));
  still &&= seen.join() === hours.join();
}
const blank = "YYYY年M月D日 Ah:mm";
const other = [9, 12, 15, 20].map((hour) =>
  moment(moment(new Date(2026, 2, 5, hour, 30)).format(blank), blank).format("HH:mm"));
console.log("moment", blank, "| seen", other.join(" "));
process.exit(still && other.join() === "09:30,12:30,15:30,20:30" ? 0 : 1);
JS
node hour.js
