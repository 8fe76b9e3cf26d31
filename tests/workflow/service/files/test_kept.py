"""How files are kept: sealed, all or nothing, and beside the log."""

import sqlite3
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import create_engine, inspect, select, text

from tests import samples
from tests.workflow.service.files.papers import PDF, WORD, counts
from workflow import events as ev
from workflow.refusal import Refused
from workflow.service.cases.reading import Reading
from workflow.service.cases.verify import verify
from workflow.service.files import KINDS
from workflow.store import files as kept_files
from workflow.store.file_models import FileContentRow, FileRow
from workflow.store.sealed import Secrets
from workflow.store.standing_file import FOLDER


def on_disk(folder: Path) -> dict[str, bytes]:
    """Every file of the folder but SQLite's own locks."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"]
    return {path.name: path.read_bytes() for path in found}


@pytest.mark.sqlite(reason="reads the bytes of its files")
def test_nothing_readable_lies_on_the_disk(files, filed, person, folder, office):
    number, code = filed
    secret_words = "独一无二的内容".encode()
    content = samples.png(secret_words)
    files.upload_as_applicant(number, code, "id_proof", "张三11010519491231002X.png", content)
    files.upload(person("clerk"), number, "reply", "答复.docx", WORD)
    (listed, _) = files.for_staff(person("clerk"), number).files
    assert files.open(person("clerk"), number, listed.id).content == content
    office.store.close()
    sqlite3.connect(folder / "store.db").execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in found} <= {"store.db", "store.db-wal", "store.db-shm"}
    for path in found:
        data = path.read_bytes()
        for words in (
            secret_words,
            content[-60:],
            b"11010519491231002X",
            WORD[:60],
            "李方".encode(),
        ):
            assert words not in data


@pytest.mark.tampering(reason="two contents are put in each other's place")
def test_content_opens_only_in_its_own_row_and_with_the_key(files, filed, person, office):
    number, _ = filed
    first = files.upload(person("clerk"), number, "other", "a.pdf", PDF)
    second = files.upload(person("clerk"), number, "other", "b.docx", WORD)
    with office.store.write() as unit:
        rows = {row.file_id: row for row in unit.session.scalars(select(FileContentRow))}
        rows[first.id].sealed, rows[second.id].sealed = (
            rows[second.id].sealed,
            rows[first.id].sealed,
        )
    with pytest.raises(InvalidTag):
        files.open(person("clerk"), number, first.id)
    with office.store.read() as unit:
        row = unit.session.get(FileRow, first.id)
        with pytest.raises(InvalidTag):
            kept_files.label_of(row, Secrets.throwaway())


def test_a_failure_in_the_transaction_leaves_neither_row_nor_content(
    files, filed, person, office, monkeypatch
):
    def full(*_: object) -> bytes:
        raise OSError("disk full")

    monkeypatch.setattr(office.keys, "seal_bytes", full)
    with pytest.raises(OSError, match="disk full"):
        files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    monkeypatch.undo()
    assert counts(office) == (0, 0, 0)
    add_file = kept_files.add_file

    def kept_and_then_broken(*args: object, **kwargs: object) -> FileRow:
        add_file(*args, **kwargs)
        raise OSError("disk full")

    monkeypatch.setattr(kept_files, "add_file", kept_and_then_broken)
    with pytest.raises(OSError, match="disk full"):
        files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    assert counts(office) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", samples.docx("甲", header="机密★10年")),
        ("机密★10年.pdf", PDF),
        ("a.png", samples.png("秘密★5年".encode())),
    ],
    ids=["header", "name", "comment"],
)
def test_of_a_marked_file_nothing_is_kept_and_nothing_logged(
    files, filed, person, office, folder, caplog, name, content
):
    before = on_disk(folder)
    for upload in (
        lambda: files.upload_as_applicant(*filed, "supplement", name, content),
        lambda: files.upload(person("clerk"), filed[0], "reply", name, content),
    ):
        with pytest.raises(Refused) as caught:
            upload()
        assert caught.value.refusal.rule == "state_secret_content"
    assert counts(office) == (0, 0, 0) and not caplog.records
    assert on_disk(folder) == before
    assert len(Reading(office).case(person("clerk"), filed[0]).log) == 2


def test_the_file_does_not_change_the_case(files, filed, person, office):
    number, code = filed
    before = Reading(office).case(person("clerk"), number)
    files.upload_as_applicant(number, code, "supplement", "a.pdf", PDF)
    after = Reading(office).case(person("clerk"), number)
    assert (after.state, after.log) == (before.state, before.log)
    assert ev.MODELS.keys().isdisjoint(KINDS)


def test_the_migration_goes_there_and_back_with_data(folder):
    from alembic import command
    from alembic.config import Config

    engine = create_engine(f"sqlite:///{folder / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    tables = {"file", "file_content", "file_view"}
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.exec_driver_sql(
            "INSERT INTO agency (code, name, level, takes_requests) VALUES ('a', '甲', 'county', 1)"
        )
        command.upgrade(config, "0005")
        assert tables <= set(inspect(connection).get_table_names())
        command.downgrade(config, "0004")
        assert not tables & set(inspect(connection).get_table_names())
        command.upgrade(config, "head")
        assert connection.exec_driver_sql("SELECT name FROM agency").scalar() == "甲"
    engine.dispose()


@pytest.mark.tampering(reason="when a paper came is bent past the program")
def test_a_paper_that_is_sent_makes_nothing_good_that_was_bent_before(files, filed, office):
    number, code = filed
    with office.store.engine.begin() as connection:
        connection.execute(text("UPDATE \"case\" SET uploaded_at = '2024-05-06 01:00:00'"))
    files.upload_as_applicant(number, code, "id_proof", "a.pdf", PDF)
    (told,) = [one for one in verify(office) if one.number == number]
    assert told.message
