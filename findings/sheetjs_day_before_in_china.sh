#!/bin/sh
# SheetJS (xlsx): on a computer set to China's time a day of a workbook is the day before.
#
# Guess: with cellDates a cell of 2024/3/5 is a Date whose getDate() is 5, wherever the computer stands.
# Seen:  4, at 23:59:17: 43 seconds are taken away, the difference of Shanghai's sun to its zone before 1901. In UTC it is
#        5. exceljs, whose Date is midnight of UTC, says 5 in both.
# Met by: who reads a ledger of received applications in a browser or a server in China: every day of receipt is one too
#        early, and so is the last day to reply. xlsx on the npm registry stays at this version. Read the number itself
#        (without cellDates) and count from 1899-12-30.
# Needs node and npm.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" xlsx@0.18.5 exceljs@4.4.0
cat > day.js <<'JS'
const XLSX = require("xlsx");
const ExcelJS = require("exceljs");
(async () => {
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, { A1: { t: "n", v: 45356, z: "yyyy/m/d" }, "!ref": "A1" }, "台账");
  const file = XLSX.write(book, { type: "buffer", bookType: "xlsx" });
  const day = XLSX.read(file, { cellDates: true }).Sheets["台账"].A1.v;
  const other = new ExcelJS.Workbook();
  await other.xlsx.load(file);
  console.log(day.getDate(), other.worksheets[0].getCell("A1").value.getDate(), day.toTimeString().slice(0, 8));
})();
JS
echo "xlsx 0.18.5, exceljs 4.4.0; guess: 5 5 everywhere"
in_china=$(TZ=Asia/Shanghai node day.js)
in_utc=$(TZ=UTC node day.js)
echo "seen in Asia/Shanghai: $in_china"
echo "seen in UTC:           $in_utc"
[ "$in_china" = "4 5 23:59:17" ] && [ "$in_utc" = "5 5 00:00:00" ]
