"""What no program writes stands in the store: `verify` tells it, ends in no traceback, and looks at the rest."""

import pytest

from tests.stores import POSTGRES
from tests.tampering import some, tampering
from tests.workflow.service.cases.bent import LAST_MOVE, OF_FIRST, OTHER, line, person, row, sql
from workflow.service import Office
from workflow.service.cases.verify import verify


@pytest.fixture
def office(office_to_bend: Office) -> Office:
    return office_to_bend


WRONG: dict[str, str] = {
    "no JSON": row("items = '[\"x'"),
    "an object for a list": row("items = '{}'"),
    "a number for a list": row("columns = '7'"),
    "a list in a list": row("medium = '[[\"paper\"]]'"),
    "nothing for a list": row("proceedings = 'null'"),
    "a text for a day": row("opened_on = 'yesterday'"),
    "no such day": row("reply_due = '2024-02-31'"),
    "a number for a day": row("next_due = 5"),
    "a text for a moment": row("submitted_at = 'noon'"),
    "a text for a number": row("length = 'many'"),
    "bytes for a text": row("request = x'ff00'"),
    "bytes that are no text": row("request = CAST(x'ff' AS TEXT)"),
    "bytes for a number of a case": row("number = x'ff'"),
    "no year in its number": row("number = 'x-y-z'"),
    "a text for yes and no": row("has_proceedings = 'maybe'"),
    "no JSON in a line": line("fields = '{'"),
    "a list for the fields of a line": line("fields = '[1]'"),
    "half a character in a line": line("""fields = '{"to": "\\ud800"}'"""),
    "very deep JSON in a line": line(f"fields = '{'[' * 5000}{']' * 5000}'"),
    "an event that nobody knows": line("event = 'recieve'"),
    "fields that no event has": line("""fields = '{"on": 7, "x": {}}'"""),
    "a text for the day of a line": line("\"on\" = 'x'"),
    "a text for the moment of a line": line("recorded_at = 'x'"),
    "a place that is no number": line("seq = 'x'"),
    "a seal in other letters": line("seal = '封'"),
    "bytes for a seal": line("seal = x'00'"),
    "a text for what is sealed": person("sealed = 'x'"),
    "a number for who it is": person("citizen = 'x'"),
    "a text for a watched day": f"UPDATE watched_day SET day = 'x' WHERE {OF_FIRST}",
    "a text for a moved day": f"UPDATE due_change SET new_next_due = 'x' WHERE {LAST_MOVE}",
    "a text for a count": "UPDATE number SET last = 'x' WHERE year = 2024",
    "a text for a year": "UPDATE number SET year = 'x' WHERE year = 2024",
    "a number for what ledgers leave out": "INSERT INTO ledger_import (agency_id, actor, heads, mapping, state, total, done_rows,"
    " created, gaps, told, begun_at, changed_at) VALUES (1, 'x', 'x', '{}', 'x', 1, 1, 1, '7', x'00', 'x', 'x')",
}  # fmt: skip
SERVER_WRONG: dict[str, str] = {
    "a day beyond all days": row("opened_on = 'infinity'"),
    "a moment before all moments": row("submitted_at = '-infinity'"),
    "a day beyond all days in a line": line("\"on\" = 'infinity'"),
    "an object for a list": row("items = '{}'"),
    "half a character in a line": line("""fields = '{"to": "\\ud800"}'"""),
    "an event that nobody knows": line("event = 'recieve'"),
    "no year in its number": row("number = 'x-y-z'"),
    "a watched day beyond all days": f"UPDATE watched_day SET day = 'infinity' WHERE {OF_FIRST}",
    "a number for what ledgers leave out": "INSERT INTO ledger_import (agency_id, actor, heads, mapping, state, total,"
    " done_rows, created, gaps, told, begun_at, changed_at) VALUES (1, 'x', 'x', '{}', 'x', 1, 1, 1, '7', '\\x00',"
    " '2024-03-04', '2024-03-04')",
}  # fmt: skip


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
@pytest.mark.parametrize("what", some(SERVER_WRONG if POSTGRES else WRONG))
def test_whatever_a_row_holds_it_is_told_and_the_others_are_looked_at(
    what: str, office: Office
) -> None:
    with tampering(office.store) as connection:
        sql((SERVER_WRONG if POSTGRES else WRONG)[what])(connection, office)
        sql(row("state = 'archived'", OTHER))(connection, office)
    for codes in (True, False):
        found = verify(office, codes=codes)
        for one in found:
            assert isinstance(one.number, str) and isinstance(one.agency, str)
        assert any("“state”" in one.message for one in found), found
        seen_by_the_key_alone = "seal" in what and "sealed" not in what
        assert len(found) > 1 or (seen_by_the_key_alone and not codes), found
