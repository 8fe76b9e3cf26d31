"""Which trouble of the place an error of a database tells, and which errors are about what was asked."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from workflow.store import trouble
from workflow.store.trouble import away, in_words, of_sqlite, trouble_of


def of_sqlite_named(name: str | None) -> sqlite3.Error:
    error = sqlite3.OperationalError("said by SQLite")
    if name is not None:
        error.sqlite_errorname = name
    return error


def of_server(code: str | None, said: str = "", kind: str = "OperationalError") -> Exception:
    """As the driver raises it. code: None where no server answered."""
    error: Exception = getattr(psycopg, kind)(said)
    if code is not None:
        error.sqlstate = code  # type: ignore[attr-defined]  # as psycopg sets it
    return error


def asked(original: BaseException, *, lost: bool = False) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, original, connection_invalidated=lost)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("SQLITE_BUSY", trouble.BUSY), ("SQLITE_BUSY_SNAPSHOT", trouble.BUSY), ("SQLITE_LOCKED", trouble.BUSY),
        ("SQLITE_FULL", trouble.FULL), ("SQLITE_READONLY_DBMOVED", trouble.READ_ONLY), ("SQLITE_CANTOPEN", trouble.NOT_OPENED),
        ("SQLITE_PERM", trouble.NOT_OPENED), ("SQLITE_IOERR_WRITE", trouble.DISK), ("SQLITE_CORRUPT", trouble.SPOILT),
        ("SQLITE_NOTADB", trouble.NO_DATABASE), ("SQLITE_CONSTRAINT", None), ("SQLITE_ERROR", None), (None, None),
    ],
)  # fmt: skip
def test_what_sqlite_says_is_told(name: str | None, word: str | None) -> None:
    error = of_sqlite_named(name)
    assert of_sqlite(error) == trouble_of(asked(error)) == word
    assert away(asked(error)) is (word not in (None, trouble.SPOILT, trouble.NO_DATABASE))


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("53100", trouble.FULL), ("53300", trouble.CROWDED), ("25006", trouble.READ_ONLY), ("28P01", trouble.NOT_LET_IN),
        ("28000", trouble.NOT_LET_IN), ("3D000", trouble.UNKNOWN_DATABASE), ("55P03", trouble.BUSY), ("08006", trouble.AWAY),
        ("57P01", trouble.AWAY), ("57P03", trouble.AWAY), ("25P03", trouble.AWAY), ("58030", trouble.DISK),
        ("XX001", trouble.SPOILT), ("XX002", trouble.SPOILT), ("23505", None), ("57014", None), ("42P01", None),
    ],
)  # fmt: skip
def test_what_a_server_says_by_its_codes_is_told(code: str, word: str | None) -> None:
    # The sentence is not asked where there is a code.
    assert trouble_of(asked(of_server(code, "too many connections"))) == word


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ('FATAL: password authentication failed for user "a"', trouble.NOT_LET_IN),
        ('no pg_hba.conf entry for host "10.0.0.1"', trouble.NOT_LET_IN),
        ('FATAL: role "a" does not exist', trouble.NOT_LET_IN),
        ('致命错误: 用户 "a" Password 认证失败', trouble.NOT_LET_IN),
        ('FATAL: database "a" does not exist', trouble.UNKNOWN_DATABASE),
        ('致命错误: 数据库 "password" 不存在', trouble.UNKNOWN_DATABASE),
        ("FATAL: sorry, too many clients already", trouble.CROWDED),
        ("connection refused", trouble.AWAY),
    ],
)
def test_who_is_not_let_in_gets_no_code_but_a_sentence(said: str, word: str) -> None:
    error = of_server(None, said)
    assert getattr(error, "sqlstate", None) is None
    assert trouble_of(asked(error)) == word and away(asked(error))


def test_a_connection_that_broke_is_one_that_is_away_whatever_was_said() -> None:
    for error in (
        of_sqlite_named("SQLITE_ERROR"), of_server("42P01"), of_server(None, kind="ProgrammingError"), ValueError(),
    ):  # fmt: skip
        assert trouble_of(asked(error)) is None and not away(asked(error))
        assert trouble_of(asked(error, lost=True)) == trouble.AWAY
    # What the database itself says counts more.
    assert trouble_of(asked(of_sqlite_named("SQLITE_FULL"), lost=True)) == trouble.FULL
    assert trouble_of(asked(of_server("53100"), lost=True)) == trouble.FULL


def test_every_trouble_has_a_sentence_of_its_own_and_an_unknown_one_the_address() -> None:
    words = {
        word for _, word in (*trouble._OF_SQLITE, *trouble._OF_SERVER)
    } | {trouble.UNKNOWN_DATABASE, trouble.NOT_LET_IN, trouble.CROWDED, trouble.AWAY}  # fmt: skip
    assert len({in_words(word) for word in words}) == len(words) == 11
    assert "database_url" in in_words(None)
    assert in_words(None) == in_words("something else") not in {in_words(word) for word in words}
    assert in_words(trouble.AWAY).startswith("数据库连接不上")


def test_after_what_has_a_cause_that_goes_away_the_connection_is_opened_anew() -> None:
    assert set(trouble.STALE) == {
        trouble.READ_ONLY, trouble.NOT_OPENED, trouble.DISK, trouble.SPOILT, trouble.NO_DATABASE,
    }  # fmt: skip
