"""`verify`: what was tampered with is found, in the case where it was, and nothing else is named."""

import multiprocessing
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, text

from tests.counting import work
from tests.tampering import journal_anew, tampering
from tests.workflow.service.sampling import KEYS, migrated_store, sample_office
from tests.workflow.service.township import Town
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.cases import verify as verifying
from workflow.service.cases.verify import verify
from workflow.store.count_models import VerifiedCaseRow
from workflow.store.counters import seal_every_counter
from workflow.store.counts import rebuild_counts
from workflow.store.models import Base, CaseRow, SettingRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store

CASE = CaseRow.__table__
VERIFIED = VerifiedCaseRow.__table__
MOMENT = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
Tamper = Callable[[Connection, int], Any]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("verified") / "store.db"
    sample_office(path, MOMENT).store.close()
    return path


@pytest.fixture(scope="module")
def year_of_one_body(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the sample what one body received in one year: it is in order, and quickly looked through."""
    path = tmp_path_factory.mktemp("small") / "store.db"
    shutil.copy(sample, path)
    store = Store(f"sqlite:///{path}")
    with tampering(store) as connection:
        _, agency, number = victim(connection)
        kept = (
            'SELECT c.id FROM "case" c JOIN agency a ON a.id = c.agency_id'
            f" WHERE a.code = '{agency}' AND c.number LIKE '{number[:4]}-%'"
        )
        for table in reversed(Base.metadata.sorted_tables):
            for key in [c for c in table.c if any(f.column is CASE.c.id for f in c.foreign_keys)]:
                connection.execute(text(f"DELETE FROM {table} WHERE {key.name} NOT IN ({kept})"))
        connection.execute(text(f'DELETE FROM "case" WHERE id NOT IN ({kept})'))
        others = "SELECT id FROM agency WHERE code = :agency"
        connection.execute(
            text(f"DELETE FROM number WHERE agency_id NOT IN ({others}) OR year <> :year"),
            {"agency": agency, "year": int(number[:4])},
        )
        assert connection.execute(text('SELECT count(*) FROM "case"')).scalar_one() > 3
        rebuild_counts(connection)
        seal_every_counter(connection, KEYS)
    journal_anew(office := Office(store, KEYS, now=lambda: MOMENT))
    assert verify(office) == []
    store.close()
    return path


@pytest.fixture(params=["found in order before", "never looked at"])
def small(
    request: pytest.FixtureRequest, year_of_one_body: Path, tmp_path: Path
) -> Iterator[Office]:
    """A copy of it, to spoil; with the marks of all its cases, or without any."""
    path = tmp_path / "store.db"
    shutil.copy(year_of_one_body, path)
    store = Store(f"sqlite:///{path}")
    if request.param == "never looked at":
        with store.engine.begin() as connection:
            connection.execute(VERIFIED.delete())
    yield Office(store, KEYS, now=lambda: MOMENT)
    store.close()


@pytest.fixture
def office(sample: Path, tmp_path: Path) -> Iterator[Office]:
    """A copy of the sample, to spoil."""
    path = tmp_path / "store.db"
    shutil.copy(sample, path)
    store = Store(f"sqlite:///{path}")
    yield Office(store, KEYS, now=lambda: MOMENT)
    store.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(Office(migrated_store(tmp_path / "town.db"), KEYS))
    town.clock(date(2024, 5, 31))
    yield town
    town.office.store.close()


def test_nothing_is_wrong_with_the_sample(office: Office) -> None:
    assert verify(office) == []


# -- what can be done to a case -------------------------------------------------------------------------


def changed(table: str, column: str, value: str, where: str) -> Tamper:
    """Set a column of the case's row or of one of its lines."""
    key = "id" if table == '"case"' else "case_id"

    def tamper(connection: Connection, case: int) -> Any:
        sql = f"UPDATE {table} SET {column} = {value} WHERE {key} = :case AND {where}"
        return connection.execute(text(sql), {"case": case})

    return tamper


def line(column: str, value: str, seq: str = "2") -> Tamper:
    return changed("event", column, value, f"seq = {seq}")


def row(column: str, value: str) -> Tamper:
    return changed('"case"', column, value, "1 = 1")


def deleted(where: str) -> Tamper:
    def tamper(connection: Connection, case: int) -> Any:
        sql = f"DELETE FROM event WHERE case_id = :case AND {where}"
        return connection.execute(text(sql), {"case": case})

    return tamper


def swapped(connection: Connection, case: int) -> Any:
    for before, after in ((2, 1002), (3, 2), (1002, 3)):
        line("seq", str(after), str(before))(connection, case)
    return changed("event", "seq", "seq", "seq in (2, 3)")(connection, case)


LAST = "(SELECT max(seq) FROM event e WHERE e.case_id = event.case_id)"
TAMPERED: dict[str, Tamper] = {
    "fields of an event": line("fields", """'{"to": "另一个科室"}'"""),
    "fields of the last event": line("fields", """'{"note": "补记"}'""", LAST),
    "day of an event": line('"on"', "'2000-01-03'"),
    "kind of an event": line("event", "'withdraw'"),
    "event that nobody knows": line("event", "'recieve'"),
    "field that no event has": line("fields", """'{"colour": "red"}'"""),
    "actor": line("actor", "'somebody'"),
    "role": line("role", "'leader'"),
    "moment of recording": line("recorded_at", "'2000-01-03 01:00:00'"),
    "mark of what was filled in": line("filled", "'[\"*\"]'", "1"),
    "hash of a line": line("hash", "replace(hash, substr(hash, 1, 1), 'x')"),
    "last line gone": deleted(f"seq = {LAST}"),
    "middle line gone": deleted("seq = 2"),
    "first line gone": deleted("seq = 1"),
    "every line gone": deleted("1 = 1"),
    "two lines swapped": swapped,
    "length": row("length", "length - 1"),
    "hash of the case": row("head_hash", "replace(head_hash, substr(head_hash, 1, 1), 'x')"),
    "hash of number and query code": row("query_hash", "'x' || substr(query_hash, 2)"),
    "no hash of number and query code": row("query_hash", "NULL"),
    "salt of the query code": row("code_salt", "replace(code_salt, substr(code_salt, 1, 1), 'x')"),
    "state": row("state", "'archived'"),
    "day of receipt": row("received_on", "'2000-01-06'"),
    "due day": row("reply_due", "'2030-01-06'"),
    "next due day": row("next_due", "'2030-01-01'"),
    "day of closing": row("closed_on", "'2023-12-31'"),
    "outcome": row("outcome", "'petition'"),
    "row of table 3": row("result_row", "'other_misc'"),
    "column of table 3": row("columns", "'[\"business\"]'"),
    "rows of the items": row("item_rows", "'[\"disclosed\"]'"),
    "proceedings": row("has_proceedings", "NOT has_proceedings"),
    "merged into another": row("merged_into", "'2024-0001'"),
    "way of receipt": row("channel", "'fax'"),
    "withdrawn": row("withdrawn_unaccepted", "NOT withdrawn_unaccepted"),
    "request": row("request", "'另一份合同'"),
    "items": row("items", "'[\"另一份合同\"]'"),
    "kind of case": row("kind", "'enquiry'"),
    "day of opening": row("opened_on", "'2000-01-02'"),
    "redo of another": row("redo_of", "'2024-0001'"),
    "way of delivery": row("delivery", "'[\"portal\"]'"),
    "name of the applicant": changed("applicant", "name", "'李鬼'", "position = 0"),
    "column of the applicant": changed("applicant", "category", "'business'", "position = 0"),
}  # fmt: skip


def victim(connection: Connection) -> tuple[int, str, str]:
    """An answered case of the sample, of one natural person, with more than three lines."""
    sql = (
        'SELECT c.id, a.code, c.number FROM "case" c JOIN agency a ON a.id = c.agency_id'
        " WHERE c.state = 'served' AND c.length > 5 AND CAST(c.columns AS TEXT) LIKE '%natural%'"
        " AND c.outcome = 'supplied' AND c.closed_on > '2024-01-01' ORDER BY c.id LIMIT 1"
    )
    found = connection.execute(text(sql)).one()
    return found[0], found[1], found[2]


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found_in_its_case_alone(what: str, small: Office) -> None:
    with tampering(small.store) as connection:
        case, agency, number = victim(connection)
        assert TAMPERED[what](connection, case).rowcount > 0
    found = verify(small)
    assert {(one.agency, one.number) for one in found} == {(agency, number)}
    for one in found:
        for content in ("另一", "李鬼", "somebody", "补记", "recieve"):
            assert content not in one.message


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_case_that_is_gone_leaves_a_gap_in_the_numbers(office: Office) -> None:
    with tampering(office.store) as connection:
        case, agency, number = victim(connection)
        belonging = [table.name for table in Base.metadata.tables.values() if "case_id" in table.c]
        for table, key in (*((name, "case_id") for name in belonging), ('"case"', "id")):
            connection.execute(text(f"DELETE FROM {table} WHERE {key} = :case"), {"case": case})
    found, counted = verify(office)
    assert (found.agency, found.number) == (agency, number)
    assert "缺号" in found.message
    assert counted.agency == agency and "年报计数" in counted.message


COUNTS_SPOILED = {
    "one more": "UPDATE kept_count SET times = times + 1 WHERE word = :word",
    "gone": "DELETE FROM kept_count WHERE word = :word",
    "another body's": "UPDATE kept_count SET word = word || 'x' WHERE word = :word",
    "of another year": "UPDATE kept_count SET last = 2000 WHERE word = :word",
    "a review more": "INSERT INTO kept_count VALUES (1, 'review/0123456789ab', 0, 0, 0, 1)",
}


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
@pytest.mark.parametrize("what", COUNTS_SPOILED)
def test_a_count_that_is_not_what_the_cases_give_is_named(what: str, small: Office) -> None:
    with tampering(small.store) as connection:
        case, agency, _ = victim(connection)
        word = connection.execute(
            text('SELECT counted_as FROM "case" WHERE id = :id'), {"id": case}
        ).scalar_one()
        connection.execute(
            text(COUNTS_SPOILED[what]), {"word": word} if ":word" in COUNTS_SPOILED[what] else {}
        )
    found = verify(small)
    assert found and all("年报计数与案卷不符" in one.message for one in found)
    if what != "a review more":
        assert (agency, word) in {(one.agency, one.number) for one in found}
    with small.store.write() as unit:
        rebuild_counts(unit.session.connection())
    assert verify(small) == []


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
@pytest.mark.sqlite(reason="its keys are let go of to break them")
@pytest.mark.parametrize(
    ("change", "said"),
    [("counted_as = 'x'", "年报计数"), ("agency_id = 999", "机关不在库中")],
)
def test_what_no_case_can_say_is_named(change: str, said: str, small: Office) -> None:
    with tampering(small.store) as connection:
        case, _, number = victim(connection)
    with closing(sqlite3.connect(str(small.store.engine.url.database))) as connection:
        connection.execute(f'UPDATE "case" SET {change} WHERE id = ?', (case,))
        connection.commit()
    found = verify(small)
    assert any(said in one.message for one in found) and number in {one.number for one in found}


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_a_word_that_does_not_follow_from_the_log_is_found(small: Office) -> None:
    with tampering(small.store) as connection:
        case, agency, number = victim(connection)
        connection.execute(
            text(
                "UPDATE \"case\" SET counted_as = replace(counted_as, 'disclosed', 'petition') WHERE id = :id"
            ),
            {"id": case},
        )
        rebuild_counts(connection)
    (found,) = verify(small)
    assert (found.agency, found.number) == (agency, number) and "counted_as" in found.message


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_several_broken_cases_are_all_named(office: Office) -> None:
    with tampering(office.store) as connection:
        connection.execute(text("UPDATE \"case\" SET channel = 'fax' WHERE number LIKE '%-0002'"))
        wrong = connection.execute(
            text("SELECT count(*) FROM \"case\" WHERE number LIKE '%-0002'")
        ).scalar_one()
    assert wrong > 1
    assert len({(one.agency, one.number) for one in verify(office)}) == wrong


# -- what was found in order before --------------------------------------------------------------------


def test_what_is_as_it_was_when_it_was_found_in_order_is_not_folded_again(town: Town) -> None:
    numbers = [town.register("2024-05-06", items=["低保名册"]) for _ in range(3)]
    with work() as first:
        assert verify(town.office) == []
    assert first.folds == len(numbers)
    town.do(numbers[1], "assign", "2024-05-07")
    for folds in (1, 0):
        with work() as done:
            assert verify(town.office) == []
        assert done.folds == folds
    with work() as done:
        assert verify(town.office, full=True) == []
    assert done.folds == len(numbers)


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_processes_share_the_cases_and_find_the_same(
    way: str, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However this system starts processes."""
    context = multiprocessing.get_context(way)
    monkeypatch.setattr(
        verifying, "ProcessPoolExecutor", partial(ProcessPoolExecutor, mp_context=context)
    )
    monkeypatch.setattr(verifying, "BATCH", 7)
    with tampering(office.store) as connection:
        connection.execute(text("UPDATE \"case\" SET channel = 'fax' WHERE number LIKE '%-0002'"))
        connection.execute(text("DELETE FROM event WHERE case_id = 11 AND seq = 2"))
    shared = verify(office, processes=2)
    with work() as done:
        alone = verify(office)
    assert shared == alone and len({one.number for one in shared}) > 1
    assert done.folds < 10


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_what_did_not_fit_is_told_every_time(small: Office) -> None:
    with tampering(small.store) as connection:
        case, _, number = victim(connection)
        TAMPERED["due day"](connection, case)
    first, again = verify(small), verify(small)
    assert first == again and {one.number for one in first} == {number}


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
@pytest.mark.parametrize(
    "forged",
    [
        "(SELECT mark FROM verified_case o WHERE o.case_id <> verified_case.case_id LIMIT 1)",
        "replace(mark, substr(mark, 1, 1), 'x')",
        "''",
    ],
)
def test_a_mark_that_is_not_the_case_s_own_hides_nothing(forged: str, small: Office) -> None:
    assert verify(small) == []
    with tampering(small.store) as connection:
        case, agency, number = victim(connection)
        TAMPERED["state"](connection, case)
        sql = f"UPDATE verified_case SET mark = {forged} WHERE case_id = :case"
        assert connection.execute(text(sql), {"case": case}).rowcount == 1
    assert {(one.agency, one.number) for one in verify(small)} == {(agency, number)}


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_marks_of_another_key_are_not_believed(small: Office) -> None:
    """What somebody made who knows everything but the installation's key."""
    with tampering(small.store) as connection:
        case, agency, number = victim(connection)
        TAMPERED["day of closing"](connection, case)
    stranger = Office(small.store, Secrets.throwaway(), now=lambda: MOMENT)
    names = ("_row", "broken_seals", "broken_counters", "_code", "broken_records")
    with patch.multiple(verifying, **{name: lambda *_, **__: () for name in names}):
        assert verify(stranger) == []
    assert {(one.agency, one.number) for one in verify(small)} == {(agency, number)}


@pytest.mark.tampering(reason="a setting and a body are changed past the programme")
def test_other_rules_and_another_program_fold_everything_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting that somebody changed past the programme, a body that is called otherwise, an upgrade."""
    town.register("2024-05-06", items=["低保名册"])
    assert verify(town.office) == []

    def folds() -> int:
        with work() as done:
            verify(Office(town.office.store, town.office.keys, now=town.office.now))
        return done.folds

    assert folds() == 0
    with town.office.store.engine.begin() as connection:
        connection.execute(text("UPDATE agency SET level = 'county' WHERE code = 'panlong'"))
    assert (folds(), folds()) == (1, 0)
    with town.office.store.engine.begin() as connection:
        connection.execute(
            SettingRow.__table__.insert(),
            {
                "agency_id": 1, "name": "correction_period_days", "value": 10,
                "holds_from": date(2024, 1, 1), "reason": "", "actor": "system",
            },
        )  # fmt: skip
    assert (folds(), folds()) == (1, 0)
    monkeypatch.setattr(verifying, "program", lambda: "another one")
    assert (folds(), folds()) == (1, 0)


# -- the command ----------------------------------------------------------------------------------------
