#!/bin/sh
# csvkit: sorting a ledger turns 12-1 into a day of 2001, and half past nine into nine and a half minutes.
#
# Guess: csvsort puts the lines in another order and leaves what stands in them; a value such as 12-1 (a building and its
#        entrance, an appendix and its page) is no date, since it has no year, and 9:30 is a time of day.
# Seen:  12-1 is written as 2001-12-01, 3-5 as 2001-03-05, and 9:30 as 0:09:30. One value of the column that is no day of
#        a year (15-2) keeps all of them as they were, so that one month's file is changed and the next is not.
#        csvjson does the same; with --no-inference nothing is touched.
# Met by: who sorts or joins a ledger with its tools: the answer is sent to 2001-12-01 instead of building 12, entrance 1.
#        Always --no-inference.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    csvkit==2.2.0 agate==1.14.2
cat > "$folder/ledger.csv" <<'CSV'
受理号,收到,楼号
乙,9:30,12-1
甲,14:05,3-5
CSV
cp "$folder/ledger.csv" "$folder/other.csv"
echo '丙,16:20,15-2' >> "$folder/other.csv"
sorted() { "$folder/venv/bin/csvsort" "$@" | sort | tr '\n' ' '; }
seen=$(sorted -c 受理号 "$folder/ledger.csv")
other=$(sorted -c 受理号 "$folder/other.csv")
told=$(sorted --no-inference -c 受理号 "$folder/ledger.csv")
"$folder/venv/bin/csvsort" --version
echo "guess: $told"
echo "seen:  $seen"
echo "with 15-2 in the column: $other"
case "$seen" in *乙,0:09:30,2001-12-01*) ;; *) exit 1 ;; esac
case "$seen" in *甲,0:14:05,2001-03-05*) ;; *) exit 1 ;; esac
case "$other" in *乙,0:09:30,12-1*) ;; *) exit 1 ;; esac
case "$told" in *乙,9:30,12-1*) ;; *) exit 1 ;; esac
