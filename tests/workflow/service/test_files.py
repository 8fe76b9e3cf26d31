"""Files of a case: who may add and read them, how they lie in the store, what is never kept."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import create_engine, func, inspect, select

from tests import samples
from workflow import events as ev
from workflow.case.application import read_form
from workflow.dates import SHANGHAI
from workflow.people import Staff
from workflow.refusal import BadInput, Denied, Refused
from workflow.service import Missing, Office
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.cases.reading import Reading
from workflow.service.cases.verify import verify
from workflow.service.files import KINDS, Files
from workflow.store import files as kept_files
from workflow.store.migrate import FOLDER, migrate
from workflow.store.models import CaseRow, FileContentRow, FileRow, FileViewRow
from workflow.store.sealed import Secrets
from workflow.store.unit import Store

TEXT = "关于农村公路养护的答复"
PDF = samples.pdf(TEXT)
WORD = samples.docx(TEXT, author="李方")
PNG = samples.png()
FORM = {
    "agency": "panlong",
    "applicant": {"kind": "citizen", "name": "张三", "id_type": "resident_id",
                  "id_number": "11010519491231002X", "phone": "13800000000"},
    "request": "养护合同", "delivery": ["pickup"], "medium": ["paper"],
}  # fmt: skip
PEOPLE = {
    "clerk": ("panlong", ("clerk",)),
    "handler": ("panlong", ("handler",)),
    "other_handler": ("panlong", ("handler",)),
    "head": ("panlong", ("office_head", "leader")),
    "secrecy": ("panlong", ("secrecy_reviewer",)),
    "legal": ("panlong", ("legal_reviewer",)),
    "cashier": ("panlong", ("cashier",)),
    "archivist": ("panlong", ("archivist",)),
    "admin": ("panlong", ("admin",)),
    "stranger": ("jiangna", ("clerk", "handler", "office_head")),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated store, made once and copied for every test."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    store = Store(f"sqlite:///{path}")
    migrate(store.engine)
    store.close()
    return path


@pytest.fixture
def office(folder: Path, empty: Path) -> Iterator[Office]:
    shutil.copy(empty, folder / "store.db")
    store = Store(f"sqlite:///{folder / 'store.db'}")
    moment = datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
    office = Office(store, Secrets.throwaway(), now=lambda: moment)
    with store.write() as unit:
        for code in ("panlong", "jiangna"):
            office.add_agency(unit, code=code, name=f"{code}乡人民政府", level="township")
        for name, (code, roles) in PEOPLE.items():
            office.add_user(unit, name=name, agency=unit.agency(code), roles=roles)
    yield office
    store.close()


@pytest.fixture
def cases(office: Office) -> Moving:
    return Moving(office)


@pytest.fixture
def files(office: Office) -> Files:
    return Files(office, most_megabytes=10, most_files=5)


@pytest.fixture
def filed(office: Office) -> tuple[str, str]:
    found = Intake(office).file(read_form(FORM))
    return found.number, found.query_code


@pytest.fixture
def person(office: Office):
    def of(name: str) -> Staff:
        found = office.staff(name)
        assert found
        return found

    return of


def serve(cases: Moving, person, number: str) -> None:
    """Take the case to its answer."""
    steps = (
        ("clerk", "assign", {}),
        ("handler", "propose_outcome", {"outcome": "supplied"}),
        ("handler", "send_to_secrecy_review", {}),
        ("secrecy", "pass_secrecy_review", {}),
        ("legal", "pass_legal_check", {}),
        ("head", "approve", {}),
        ("clerk", "serve", {"method": "direct"}),
    )
    for who, event, fields in steps:
        cases.apply(person(who), number, event, {"on": "2024-05-06", **fields})


def counts(office: Office) -> tuple[int, int, int]:
    with office.store.read() as unit:
        return tuple(
            unit.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (FileRow, FileContentRow, FileViewRow)
        )


# -- the applicant ----------------------------------------------------------------------------------


def test_an_applicant_sends_papers_while_the_case_is_open(files, filed, office):
    found = files.upload_as_applicant(*filed, "id_proof", "身份证.png", PNG)
    assert (found.name, found.size, found.kind_label) == ("身份证.png", len(PNG), "身份证明")
    assert files.upload_as_applicant(*filed, "power_of_attorney", "委托书.pdf", PDF).id != found.id
    assert files.for_applicant(*filed).left == 3
    assert counts(office) == (2, 2, 0)


@pytest.mark.parametrize("kind", ["reply", "proof_of_service", "other", "nonsense", ""])
def test_an_applicant_sends_no_other_kinds(files, filed, office, kind):
    with pytest.raises(BadInput) as caught:
        files.upload_as_applicant(*filed, kind, "a.pdf", PDF)
    assert [error.field for error in caught.value.errors] == ["kind"]
    assert counts(office) == (0, 0, 0)


def test_wrong_number_and_wrong_code_get_the_same_answer(files, filed, office):
    number, code = filed
    for wrong in ((number, "AAAAAAAAAA"), ("2024-9999", code)):
        for use in (
            lambda wrong=wrong: files.upload_as_applicant(*wrong, "id_proof", "a.pdf", PDF),
            lambda wrong=wrong: files.for_applicant(*wrong),
            lambda wrong=wrong: files.reply_for_applicant(*wrong, "002X", 1),
        ):
            with pytest.raises(Missing, match="申请编号或者查询码不正确"):
                use()
    assert counts(office) == (0, 0, 0)


def test_five_files_are_the_most_and_the_same_one_counts_once(files, filed, office):
    for number in range(5):
        files.upload_as_applicant(*filed, "supplement", f"{number}.pdf", samples.pdf(str(number)))
    again = files.upload_as_applicant(*filed, "supplement", "0.pdf", samples.pdf("0"))
    assert again.name == "0.pdf" and counts(office)[0] == 5
    with pytest.raises(BadInput, match="最多上传 5 个文件"):
        files.upload_as_applicant(*filed, "supplement", "6.pdf", PDF)
    assert counts(office) == (5, 5, 0)
    shelf = files.for_applicant(*filed)
    assert (shelf.left, shelf.kinds) == (0, ()) and "最多上传 5 个" in shelf.reason


def test_a_withdrawn_case_takes_nothing_more_from_the_applicant(
    files, cases, filed, person, office
):
    number, code = filed
    cases.apply_as_applicant(number, code, "withdraw", {"on": "2024-05-06"})
    with pytest.raises(Refused) as caught:
        files.upload_as_applicant(number, code, "supplement", "a.pdf", PDF)
    assert caught.value.refusal.rule == "not_in_this_state"
    assert files.upload(person("clerk"), number, "other", "撤回申请书.pdf", PDF)
    assert counts(office)[0] == 1


def test_a_void_case_takes_nothing_and_keeps_what_it_has(files, cases, filed, person):
    number, _ = filed
    kept = files.upload(person("clerk"), number, "other", "a.pdf", PDF)
    fields = {"on": "2024-05-06", "reason": "重复登记", "second_person": "head"}
    cases.apply(person("admin"), number, "void", fields)
    with pytest.raises(Refused):
        files.upload(person("clerk"), number, "other", "b.pdf", WORD)
    assert files.open(person("clerk"), number, kept.id).content == PDF


def test_an_applicant_reads_back_served_replies_only(files, cases, filed, person):
    number, code = filed
    own = files.upload_as_applicant(number, code, "id_proof", "身份证.png", PNG)
    reply = files.upload(person("clerk"), number, "reply", "答复.pdf", PDF)
    assert files.for_applicant(number, code).files == ()
    with pytest.raises(Missing):
        files.reply_for_applicant(number, code, "002X", reply.id)
    serve(cases, person, number)
    assert [one.id for one in files.for_applicant(number, code).files] == [reply.id]
    assert files.reply_for_applicant(number, code, "002x", reply.id).content == PDF
    for wrong in ("", "0020", "1002X", "X"):
        with pytest.raises(BadInput, match="后四位不正确"):
            files.reply_for_applicant(number, code, wrong, reply.id)
    with pytest.raises(Missing):
        files.reply_for_applicant(number, code, "002X", own.id)


def test_without_a_known_identity_number_no_four_characters_open_a_reply(
    files, cases, filed, office
):
    number, code = filed
    with office.store.write() as unit:
        row = unit.session.scalar(select(CaseRow))
        row.applicants[0].sealed = None
    with pytest.raises(BadInput):
        files.reply_for_applicant(number, code, "", 1)


# -- staff ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("kind", ["reply", "id_proof"])
def test_clerks_and_handlers_of_the_body_add_files(files, filed, person, office, name, kind):
    number, _ = filed
    if name in ("clerk", "handler", "other_handler"):
        found = files.upload(person(name), number, kind, "a.pdf", PDF)
        assert (found.uploaded_by, found.name) == (name, "a.pdf")
        return
    with pytest.raises(Missing if name == "stranger" else Denied):
        files.upload(person(name), number, kind, "a.pdf", PDF)
    assert counts(office) == (0, 0, 0)


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("kind", KINDS)
def test_identity_papers_are_for_clerk_head_and_the_handler_of_the_case(
    files, cases, filed, person, office, name, kind
):
    number, _ = filed
    cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "handler"})
    file = files.upload(person("clerk"), number, kind, "张三.pdf", PDF)
    private = kind in ("id_proof", "power_of_attorney")
    if name == "stranger":
        with pytest.raises(Missing):
            files.open(person(name), number, file.id)
        with pytest.raises(Missing):
            files.for_staff(person(name), number)
        assert counts(office)[2] == 0
        return
    (listed,) = files.for_staff(person(name), number).files
    if private and name not in ("clerk", "handler", "head"):
        assert listed.name is None and not listed.readable
        with pytest.raises(Denied) as caught:
            files.open(person(name), number, file.id)
        assert caught.value.refusal.rule == "not_your_role"
        assert counts(office)[2] == 0
        return
    assert listed.name == "张三.pdf"
    assert files.open(person(name), number, file.id).content == PDF
    assert counts(office)[2] == (1 if private else 0)


def test_a_handler_who_acted_in_the_case_may_see_who_asks(files, cases, filed, person):
    number, _ = filed
    cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "农业中心"})
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    with pytest.raises(Denied):
        files.open(person("handler"), number, file.id)
    search = {"on": "2024-05-06", "sources": ["档案室"], "keywords": ["合同"], "hits": 1}
    cases.apply(person("handler"), number, "record_search", search)
    assert files.open(person("handler"), number, file.id).content == PDF


def test_two_handlers_of_one_display_name_do_not_open_each_others_papers(
    files, cases, filed, person, office
):
    """A right hangs on the user name, which is one person's; both are called 李方 on the pages."""
    number, _ = filed
    _call(office, "handler", "other_handler", name="李方")
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    with pytest.raises(BadInput) as asked_back:
        cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "李方"})
    assert "handler、other_handler" in asked_back.value.errors[0].message
    cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "handler"})
    assert files.open(person("handler"), number, file.id).content == PDF
    with pytest.raises(Denied):
        files.open(person("other_handler"), number, file.id)
    assert not files.for_staff(person("other_handler"), number).files[0].readable


def test_who_is_named_by_display_name_is_kept_by_user_name(files, cases, filed, person, office):
    """Whoever is called so later gets nothing by it."""
    number, _ = filed
    _call(office, "handler", name="李方")
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    done = cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "李方"})
    assert done.log[-1].fields["to"] == "handler"
    _call(office, "handler", name="李芳")
    _call(office, "other_handler", name="李方")
    assert files.open(person("handler"), number, file.id).content == PDF
    with pytest.raises(Denied):
        files.open(person("other_handler"), number, file.id)


def test_a_log_of_before_that_names_a_display_name_folds_and_verifies(
    files, cases, filed, person, office, monkeypatch
):
    number, _ = filed
    with monkeypatch.context() as before:
        before.setattr("workflow.service.cases.moving.with_people", lambda unit, event, body: event)
        cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "李方"})
    _call(office, "handler", name="李方")
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    assert Reading(office).case(person("clerk"), number).log[-1].fields["to"] == "李方"
    assert verify(office) == []
    with pytest.raises(Denied):
        files.open(person("handler"), number, file.id)


def _call(office: Office, *users: str, name: str) -> None:
    """Let people be called by a name on the pages."""
    with office.store.write() as unit:
        for user in users:
            row = unit.user(user)
            assert row is not None
            row.display_name = name


def test_every_look_at_identity_papers_is_noted(files, filed, person):
    number, _ = filed
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    files.open(person("clerk"), number, file.id)
    files.open(person("head"), number, file.id)
    (listed,) = files.for_staff(person("clerk"), number).files
    moment = datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
    assert listed.views == (("head", moment), ("clerk", moment))


def test_a_file_of_another_case_is_not_there(files, office, filed, person):
    other = Intake(office).file(read_form(FORM)).number
    file = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    with pytest.raises(Missing):
        files.open(person("clerk"), other, file.id)


def test_a_reply_comes_with_a_hint_at_what_it_betrays(files, filed, person):
    number, _ = filed
    reply = files.upload(person("clerk"), number, "reply", "答复.docx", WORD)
    assert reply.warnings == ("文档属性中的作者：李方",)
    assert files.upload(person("clerk"), number, "other", "答复.docx", WORD).warnings == ()


def on_disk(folder: Path) -> dict[str, bytes]:
    """Every file of the folder but SQLite's own locks."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"]
    return {path.name: path.read_bytes() for path in found}


# -- the store --------------------------------------------------------------------------------------


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
