"""What somebody who may do everything with the database but has not the key does to a store is found, and named."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.tampering import some, tampering
from tests.workflow.service.furnished import copy_of, furnish
from tests.workflow.service.sampling import sample_office
from tests.workflow.service.town import Town
from workflow.service import Office
from workflow.service.records import broken_records
from workflow.store.protected import PROTECTED
from workflow.store.sealed import Secrets
from workflow.store.store import Store

pytestmark = pytest.mark.tampering(reason="every store here is spoilt on purpose")
EVERYWHERE, CHANGED = "全系统", "与留痕簿不符，被改动过"
UNKNOWN, MISSING = "留痕簿中没有记载，不是由本系统写入的", "留痕簿中有记载，库中却没有"
LINE, END = "这一条与校验值不符", "条数或者末条与校验值不符，末尾可能被截去"
Told = tuple[str, str, str]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = furnish(tmp_path_factory.mktemp("furnished"))
    yield town
    town.office.store.close()


@pytest.fixture
def office(furnished: Town, tmp_path: Path) -> Iterator[Office]:
    """A copy of it, to spoil."""
    copied = copy_of(furnished, tmp_path / "spoilt.db")
    yield copied.office
    copied.office.store.close()


def spoil(office: Office, *statements: str) -> None:
    """What the tamperer says to the database; the triggers that stood in the way are made again."""
    with tampering(office.store) as connection:
        for one in statements:
            if connection.dialect.name != "sqlite":
                one = one.replace("AS BLOB", "AS BYTEA")
            assert connection.execute(text(one)).rowcount != 0, one


def found(office: Office) -> list[Told]:
    return list(broken_records(office, codes=True))


def test_nothing_is_wrong_with_an_office_that_has_something_of_everything(office: Office) -> None:
    with office.store.read() as unit:
        for protected in PROTECTED.values():
            assert unit.connection.execute(select(protected.table).limit(1)).first() is not None
    assert found(office) == []


def test_nothing_is_wrong_with_the_demonstration(tmp_path: Path) -> None:
    from tests.workflow.service.cases.test_verify import MOMENT

    sample = sample_office(tmp_path / "store.db", MOMENT)
    assert found(sample) == []
    sample.store.close()


TAMPERINGS: dict[str, tuple[tuple[str, ...], tuple[Told, ...]]] = {
    "a person gets another password": (
        ("UPDATE \"user\" SET password_hash = 'known' WHERE id = 1",),
        ((EVERYWHERE, "人员 1 号", CHANGED),),
    ),
    "somebody who was disabled is back": (
        ('UPDATE "user" SET active = NOT active WHERE id = 2',),
        ((EVERYWHERE, "人员 2 号", CHANGED),),
    ),
    "a person has another name": (
        ("UPDATE \"user\" SET display_name = '王五' WHERE id = 3",),
        ((EVERYWHERE, "人员 3 号", CHANGED),),
    ),
    "earlier passwords may come back": (
        ("UPDATE \"user\" SET earlier_passwords = '[\"x\"]' WHERE id = 1",),
        ((EVERYWHERE, "人员 1 号", CHANGED),),
    ),
    "a person is put in by hand": (
        ('INSERT INTO "user" (id, name, display_name, must_change_password, active, session_stamp)'
         " VALUES (99, 'x', 'x', FALSE, TRUE, '')",),
        ((EVERYWHERE, "人员 99 号", UNKNOWN),),
    ),
    "a role is made a higher one": (
        ("UPDATE role SET role = 'leader' WHERE id = 1",),
        ((EVERYWHERE, "角色 1 号", CHANGED),),
    ),
    "a role is put in by hand": (
        ("INSERT INTO role (id, user_id, agency_id, role) VALUES (99, 1, 1, 'leader')",),
        ((EVERYWHERE, "角色 99 号", UNKNOWN),),
    ),
    "a role is taken away": (
        ("DELETE FROM role WHERE id = 2",),
        ((EVERYWHERE, "角色 2 号", MISSING),),
    ),
    "a role is of another body": (
        ("UPDATE role SET agency_id = 3 WHERE id = 1",),
        ((EVERYWHERE, "角色 1 号", CHANGED),),
    ),
    "two people exchange their numbers": (
        ('UPDATE "user" SET name = \'zz\' WHERE id = 1', 'UPDATE "user" SET name = \'lifang\' WHERE id = 2'),
        ((EVERYWHERE, "人员 1 号", CHANGED), (EVERYWHERE, "人员 2 号", CHANGED)),
    ),
    "a token lives longer": (
        ("UPDATE token SET expires_at = '2099-01-01 00:00:00' WHERE id = 1",),
        ((EVERYWHERE, "令牌 1 号", CHANGED),),
    ),
    "a token is another's": (
        ("UPDATE token SET user_id = 2 WHERE id = 1",),
        ((EVERYWHERE, "令牌 1 号", CHANGED),),
    ),
    "somebody stands in longer": (
        ("UPDATE stand_in SET last = '2030-01-01' WHERE id = 1",),
        (("yanshan", "代理 1 号", CHANGED),),
    ),
    "a unit has another head": (
        ("UPDATE unit SET head_id = 2 WHERE id = 1",),
        (("yanshan", "科室 1 号", CHANGED),),
    ),
    "messages go to another address": (
        ("UPDATE contact SET sealed = NULL, digest_hour = 3 WHERE user_id = 1",),
        ((EVERYWHERE, "人员的联系方式 1 号", CHANGED),),
    ),
    "a body is below another": (
        ("UPDATE agency SET parent_id = 3 WHERE id = 2",),
        ((EVERYWHERE, "机关 2 号", CHANGED),),
    ),
    "a body bears another name": (
        ("UPDATE agency SET name = '某某乡' WHERE id = 2",),
        ((EVERYWHERE, "机关 2 号", CHANGED),),
    ),
    "a setting says something else": (
        ("UPDATE agency_setting SET value = '\"x\"' WHERE id = 1",),
        (("yanshan", "设置 1 号", CHANGED),),
    ),
    "a setting holds from another day": (
        ("UPDATE agency_setting SET holds_from = '2019-01-01' WHERE id = 1",),
        (("yanshan", "设置 1 号", CHANGED),),
    ),
    "a setting was made by somebody else": (
        ("UPDATE agency_setting SET actor = 'chen' WHERE id = 1",),
        (("yanshan", "设置 1 号", CHANGED),),
    ),
    "a setting is gone": (
        ("DELETE FROM agency_setting WHERE id = 1",),
        (("yanshan", "设置 1 号", MISSING),),
    ),
    "a setting went over to another body": (
        ("UPDATE agency_setting SET agency_id = 2 WHERE id = 1",),
        (("yanshan", "设置 1 号", CHANGED),),
    ),
    "a day of rest is put in by hand": (
        ("INSERT INTO calendar_day (id, agency_id, day, works, source, actor)"
         " VALUES (99, 2, '2024-06-03', FALSE, '', 'system')",),
        (("panlong", "本机关的调休日 99 号", UNKNOWN),),
    ),
    "a day of the nation is a working day": (
        ("UPDATE national_day SET works = TRUE WHERE id = 1",),
        ((EVERYWHERE, "全国放假安排 1 号", CHANGED),),
    ),
    "a report says something else": (
        ("UPDATE report_version SET figures = '{\"format\": \"\", \"tables\": {}, \"sheets\": {}, \"sections\": {}}' WHERE id = 1",),
        (("yanshan", "年度报告 1 号", CHANGED),),
    ),
    "a report was signed by somebody else": (
        ("UPDATE report_version SET steps = '[{\"step\": \"sign\", \"by\": \"x\", \"at\": \"\"}]' WHERE id = 1",),
        (("yanshan", "年度报告 1 号", CHANGED),),
    ),
    "a year is open again": (
        ("DELETE FROM published_year WHERE id = 1",),
        (("yanshan", "已公布的年度 1 号", MISSING),),
    ),
    "an entry of the register is dropped": (
        ("DELETE FROM year_entry WHERE id = 1",),
        (("yanshan", "年度登记 1 号", MISSING),),
    ),
    "a letter was made by somebody else": (
        ("UPDATE letter SET actor = 'chen' WHERE id = 1",),
        (("panlong", "文书 1 号", CHANGED),),
    ),
    "the number of a letter is void": (
        ("UPDATE letter_number SET voided_at = '2024-05-09 00:00:00' WHERE id = 1",),
        (("yanshan", "文号 1 号", CHANGED),),
    ),
    "a file came on another day": (
        ("UPDATE file SET uploaded_at = '2024-05-01 00:00:00' WHERE id = 1",),
        (("panlong", "材料 1 号", CHANGED),),
    ),
    "a file has another content": (
        ("UPDATE file_content SET sealed = CAST('0123456789012345678901234567890' AS BLOB) WHERE file_id = 1",),
        (("panlong", "2024-0001", "材料 1 号的内容无法解开，或者不是这份材料的"),),
    ),
    "a file has no content": (
        ("DELETE FROM file_content WHERE file_id = 1",),
        (("panlong", "2024-0001", "材料 1 号的内容缺失"),),
    ),
    "who looked at an identity paper is forgotten": (
        ("DELETE FROM file_view WHERE id = 1",),
        (("panlong", "查看身份材料的记录 1 号", MISSING),),
    ),
    "somebody else looked at an identity paper": (
        ("UPDATE file_view SET actor = 'chen' WHERE id = 1",),
        (("panlong", "查看身份材料的记录 1 号", CHANGED),),
    ),
    "a message of an applicant says something else": (
        ("UPDATE case_message SET written_at = '2024-05-01 00:00:00' WHERE id = 1",),
        (("panlong", "留言 1 号", CHANGED),),
    ),
    "an applicant was told something else": (
        ("UPDATE message SET text = '已经答复' WHERE id = 1",),
        (("yanshan", "发给申请人的消息 1 号", CHANGED),),
    ),
    "what an applicant was told is called a reminder of staff": (
        ("UPDATE message SET kind = 'reminder' WHERE id = 1",),
        (("yanshan", "发给申请人的消息 1 号", MISSING),),
    ),
    "a parcel came on another day": (
        ("UPDATE parcel SET arrived_on = '2024-05-01' WHERE id = 1",),
        (("yanshan", "来件登记 1 号", CHANGED),),
    ),
    "a hastening was never made": (
        ("DELETE FROM hastening WHERE id = 1",),
        (("yanshan", "催办 1 号", MISSING),),
    ),
    "a picture is another one": (
        ("UPDATE picture SET content = CAST('x' AS BLOB) WHERE id = 1",),
        (("yanshan", "图片 1 号", "内容与登记的校验值不符"),),
    ),
    "a passkey is put into an account": (
        ("INSERT INTO account_passkey (id, account_id, credential, public_key, uses, label, added_at)"
         " VALUES (99, 1, 'c', CAST('x' AS BLOB), 0, '', '2024-05-08 00:00:00')",),
        ((EVERYWHERE, "账户的通行密钥 99 号", UNKNOWN),),
    ),
    "a line of the audit names somebody else": (
        ("UPDATE audit SET actor = 'chen' WHERE id = 1",),
        (("审计", "第 1 条", "审计记录与校验值不符"),),
    ),
    "a line of the audit is put in by hand": (
        ("INSERT INTO audit (id, recorded_at, actor, agency_id, action, about, details, hash)"
         " VALUES (2, '2024-05-08 00:00:00', 'x', 1, 'role_granted', 'x', '{}', 'x')",),
        (("审计", "第 2 条", "审计记录与校验值不符"),),
    ),
    "a line of the journal is another": (
        ("UPDATE journal SET digest = 'x' WHERE strand = 2 AND seq = 1",),
        (("panlong", "留痕簿第 1 条", LINE),),
    ),
    "a line of the journal is gone": (
        ("DELETE FROM journal WHERE strand = 2 AND seq = 1",),
        (("panlong", "留痕簿第 1 条", "这一条缺失"),),
    ),
    "the strand of a body is gone with its end": (
        ("DELETE FROM journal WHERE strand = 3", "DELETE FROM journal_head WHERE strand = 3",
         "DELETE FROM agency_setting WHERE agency_id = 3"),
        (("jiangna", "留痕簿", "全部缺失"),),
    ),
    "the end of a strand is gone": (
        ("DELETE FROM journal_head WHERE strand = 2",),
        (("panlong", "留痕簿", "记录末条的校验值缺失"),),
    ),
    "an old end of a strand is put back": (
        ("UPDATE journal_head SET length = 1, hash = (SELECT hash FROM journal WHERE strand = 2 AND seq = 1)"
         " WHERE strand = 2",),
        (("panlong", "留痕簿", END),),
    ),
    "the whole journal is gone": (
        ("DELETE FROM journal", "DELETE FROM journal_head"),
        ((EVERYWHERE, "留痕簿", "全部缺失，或者还没有建立：升级之后请先运行 gongkai migrate"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("sentence", some(TAMPERINGS))
def test_it_is_found_where(office: Office, sentence: str) -> None:
    statements, told = TAMPERINGS[sentence]
    spoil(office, *statements)
    said = found(office)
    assert set(told) <= set(said)
    if not sentence.startswith(("a line of the journal", "the strand", "an old end")):
        assert len(said) == len(told), said


def test_a_row_that_is_as_it_was_before_is_found(office: Office) -> None:
    before = 'SELECT display_name FROM "user" WHERE id = 1'
    with office.store.read() as unit:
        old = unit.connection.execute(text(before)).scalar()
    with office.store.write() as unit:
        row = unit.user("lifang")
        assert row is not None
        row.display_name = "李方"
    assert found(office) == []
    spoil(office, f"UPDATE \"user\" SET display_name = '{old}' WHERE name = 'lifang'")
    assert [one[2] for one in found(office)] == [CHANGED]


def test_what_was_added_last_and_cut_off_with_its_line_is_found(office: Office) -> None:
    with office.store.write() as unit:
        panlong = office.found_agency(unit, "panlong")
        unit.set_setting(panlong, "fee_policy", "by_page", date(2024, 6, 1), "")
    last = "(SELECT max(seq) FROM journal WHERE strand = 2)"
    spoil(
        office,
        "DELETE FROM agency_setting WHERE id = (SELECT max(id) FROM agency_setting)",
        f"DELETE FROM journal WHERE strand = 2 AND seq = {last}",
    )
    assert found(office) == [("panlong", "留痕簿", END)]


SPOILT = {
    "user": "UPDATE \"user\" SET earlier_passwords = 'no list' WHERE id = 1",
    "token": "UPDATE token SET created_at = 'yesterday' WHERE id = 1",
    "parcel": "UPDATE parcel SET arrived_on = 'soon' WHERE id = 1",
    "unit": "UPDATE unit SET name = CAST(x'ff' AS TEXT) WHERE id = 1",
    "journal": "UPDATE journal SET recorded_at = 'never' WHERE strand = 2 AND seq = 1",
    "audit": "UPDATE audit SET details = '{' WHERE id = 1",
    "file": "UPDATE file SET sha256 = NULL WHERE id = 1",
    "picture": "UPDATE picture SET digest = 7 WHERE id = 1",
}


@pytest.mark.sqlite(reason="PostgreSQL takes no value that is none of its column")
@pytest.mark.parametrize("table", SPOILT)
def test_a_value_that_cannot_be_read_is_named_and_hides_nothing(office: Office, table: str) -> None:
    spoil(office, "UPDATE hastening SET days = 9 WHERE id = 1")
    with tampering(office.store) as connection:
        connection.execute(text(SPOILT[table].replace("= NULL", "= ''")))
    said = found(office)
    assert ("yanshan", "催办 1 号", CHANGED) in said and len(said) >= 2


def test_with_another_key_nothing_holds(office: Office) -> None:
    other = Office(Store(office.store.url), Secrets(b"another secret of a test"))
    said = list(broken_records(other, codes=True))
    assert len(said) > 20
    assert list(broken_records(other, codes=False)) == []
    other.store.close()
