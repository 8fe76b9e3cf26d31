#!/bin/sh
# SQLite 3.41.2 and before: once a store has been analysed, "is an earlier line of this case still open?" is answered with later lines.
#
# Guess: a count of rows is the same before and after ANALYZE, which by its documentation (lang_analyze) gathers statistics
#        for the planner and changes no answer.
# Seen:  with an index (case, recipient, state), two states in IN (...) and id < ?, the comparison with the id, the key of the
#        row, holds no more after ANALYZE: a line that is not earlier is counted. Nothing is raised. 3.42.0 answers rightly, and
#        so does 3.40.1 with +state IN (...), which keeps that term from the index, or with +id < ?.
# Met by: a queue in SQLite that sends what concerns a case in order (mail, deliveries to another system): lines wait for
#        themselves as soon as PRAGMA optimize or ANALYZE has run, and nothing goes out. Debian 12 has 3.40.1.
# Needs python3.11: for later ones apsw has no wheel with that SQLite.
# Exit code 0: still so. 1: the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder/venv"
cat > "$folder/queue.py" <<'PYTHON'
import apsw

EARLIER = """SELECT count(*) FROM line WHERE case_number = 7 AND recipient = 1
AND {}state IN ('waiting', 'claimed') AND {}id < ?"""

store = apsw.Connection(":memory:")
run = store.cursor().execute
run("CREATE TABLE line (id INTEGER PRIMARY KEY, case_number INTEGER, recipient INTEGER, state TEXT)")
run("CREATE INDEX line_of_case ON line (case_number, recipient, state)")
for number in range(1, 11):
    for n in range(12):
        state = "waiting" if number == 7 and n > 7 else "sent"
        run("INSERT INTO line (case_number, recipient, state) VALUES (?, ?, ?)", (number, n % 2, state))
[(first,)] = run("SELECT min(id) FROM line WHERE recipient = 1 AND +state = 'waiting'")


def earlier(of_state="", of_id=""):
    return next(run(EARLIER.format(of_state, of_id), (first,)))[0]


before = earlier()
run("ANALYZE")
print(apsw.sqlitelibversion(), "before", before, "after", earlier(), "+state", earlier("+"), "+id", earlier("", "+"))
PYTHON
for version in 3.40.1.0 3.42.0.0; do
    "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "apsw==$version"
    "$folder/venv/bin/python" "$folder/queue.py" | tee -a "$folder/seen"
done
echo "guess: 0 each time"
cat > "$folder/known" <<'TEXT'
3.40.1 before 0 after 1 +state 0 +id 0
3.42.0 before 0 after 0 +state 0 +id 0
TEXT
cmp -s "$folder/seen" "$folder/known"
