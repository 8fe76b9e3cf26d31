"""The store takes nothing for a while: pages say so, what was typed stays, and afterwards all goes on by itself."""

import logging
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import pytest
from sqlalchemy import event

from tests.stores import DATABASES, POSTGRES
from tests.webui.api.program import application
from tests.webui.filing import file, review, slip
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.logs import Seldom

TYPED = "请写明年度和所在的村组"
MOST_BYTES = 100_000
"""Enough for the templates that are compiled meanwhile."""
Trouble = Callable[[Office], AbstractContextManager[None]]


@contextmanager
def said_to_connections(office: Office, begin: str, end: str) -> Iterator[None]:
    """Whoever writes is told so while it goes on, and otherwise afterwards, over the same connections."""
    now = [begin]

    def tell(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(now[0]).fetchall()

    event.listen(office.store.engine, "checkout", tell)
    try:
        yield
    finally:
        now[0] = end  # and goes on telling: who was held up is let go


@contextmanager
def disk_full(office: Office) -> Iterator[None]:
    """The system lets no file grow beyond what the log of SQLite has already: a write to it fails, as on a full disk."""
    with office.store.write() as unit:
        unit.set_stamp("large", "x" * 4 * MOST_BYTES)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def read_only(office: Office) -> AbstractContextManager[None]:
    return said_to_connections(office, "PRAGMA query_only = ON", "PRAGMA query_only = OFF")


@contextmanager
def locked(office: Office) -> Iterator[None]:
    """Another program holds the lock for longer than anybody waits; here that is not long."""
    patience = "PRAGMA busy_timeout = {}"
    with (
        closing(sqlite3.connect(office.store.engine.url.database or "")) as other,
        said_to_connections(office, patience.format(20), patience.format(15000)),
    ):
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@contextmanager
def server_away(office: Office) -> Iterator[None]:
    """The server cuts every connection and takes no new one."""
    name = office.store.engine.url.database
    allow = f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {{}}'
    DATABASES.server.say(allow.format("false"))
    DATABASES.server.disconnect(str(name))
    try:
        yield
    finally:
        DATABASES.server.say(allow.format("true"))


@contextmanager
def server_read_only(office: Office) -> Iterator[None]:
    name = office.store.engine.url.database
    said = f'ALTER DATABASE "{name}" SET default_transaction_read_only = {{}}'
    DATABASES.server.say(said.format("on"))
    DATABASES.server.disconnect(str(name))
    try:
        yield
    finally:
        DATABASES.server.say(said.format("off"))
        DATABASES.server.disconnect(str(name))


READING_GOES_ON = [server_read_only] if POSTGRES else [disk_full, read_only, locked]
TROUBLES: list[Trouble] = [server_away, *READING_GOES_ON] if POSTGRES else READING_GOES_ON
WORDS = {
    disk_full: "disk fault", read_only: "read only", locked: "busy", server_away: "away", server_read_only: "read only",
}  # fmt: skip
in_trouble = pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.__name__)


def told(page: Visitor) -> None:
    assert page.status == 503 and page.page.headers["Retry-After"] == "5"
    assert "系统正忙，暂时不能办理" in page.text and "没有确认保存" in page.text


@in_trouble
def test_an_applicant_sends_the_same_form_once_more(
    trouble: Trouble, visitor: Visitor, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    review(visitor, items="干塘子道路硬化工程招标文件")
    visitor.app.extensions["seldom"] = Seldom(visitor.app.logger)
    with trouble(office), caplog.at_level(logging.WARNING):
        for _ in range(3):
            told(visitor.send("/apply", step="submit"))
        assert "干塘子道路硬化工程招标文件" in visitor.html
    lines = [one for one in caplog.messages if "no database at" in one]
    assert len(lines) == 1 and lines[0].endswith(f": {WORDS[trouble]}")
    visitor.send("/apply")
    number, _ = slip(visitor)
    assert number and visitor.status == 200


@in_trouble
def test_a_clerk_sends_the_same_form_once_more(
    trouble: Trouble, visitor: Visitor, staff, program, office: Office
) -> None:
    number, _ = file(visitor)
    clerk = staff("lifang").get(f"/desk/cases/panlong/{number}")
    with trouble(office):
        told(clerk.send("/events/require_correction", defects=TYPED))
        assert TYPED in clerk.html
    clerk.send("/events/require_correction")
    assert clerk.status == 200 and clerk.path == f"/desk/cases/panlong/{number}"
    assert program("lifang").get(f"/cases/{number}").json["state"] == "awaiting_correction"


@in_trouble
def test_a_program_is_told_when_to_come_again(trouble: Trouble, program, office: Office) -> None:
    with trouble(office):
        answer = program().post("/applications", application(), Idempotency_Key="once-and-no-more")
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert answer.headers["Retry-After"] == "5"
    assert (
        program()
        .post("/applications", application(), Idempotency_Key="once-and-no-more")
        .status_code
        == 201
    )


@pytest.mark.parametrize("trouble", READING_GOES_ON, ids=lambda one: one.__name__)
def test_reading_goes_on(trouble: Trouble, visitor: Visitor, staff, office: Office) -> None:
    number, _ = file(visitor)
    clerk = staff("lifang")
    with trouble(office):
        assert visitor.get("/").status == 200
        assert clerk.get(f"/desk/cases/panlong/{number}").status == 200
