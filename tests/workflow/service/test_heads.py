"""Heads that lie elsewhere: the store goes on from them, or it is told where it does not, whoever has the key."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from config.channels import IN_APP, load_channels
from tests.tampering import journal_anew, tampering
from tests.workflow.service.furnished import copy_of, furnish
from tests.workflow.service.town import Town
from workflow.refusal import BadInput
from workflow.service import Office
from workflow.service.heads import Heads, broken_since, mark_of, read_head, take_head
from workflow.service.messages.contacts import contact_row
from workflow.service.messages.heads import send_daily
from workflow.service.records import Told, broken_records

pytestmark = pytest.mark.tampering(
    reason="rows of every table are made up, some stores are rewritten"
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, bytes]]:
    town = furnish(tmp_path_factory.mktemp("furnished"))
    yield town, take_head(town.office).text().encode()
    town.office.store.close()


@pytest.fixture
def town(kept: tuple[Town, bytes], tmp_path: Path) -> Iterator[Town]:
    """A copy of the store of which the head was taken."""
    copied = copy_of(kept[0], tmp_path / "store.db")
    yield copied
    copied.office.store.close()


def against(office: Office, content: bytes) -> list[Told]:
    return list(broken_since(office, read_head(content)))


def spoil(office: Office, *statements: str) -> None:
    """What who has the key says to the database; triggers stand in nobody's way."""
    with tampering(office.store) as connection:
        for one in statements:
            assert connection.execute(text(one)).rowcount != 0, one


def written_anew(office: Office) -> None:
    """With the key the whole journal can be written anew so that nothing is wrong with it."""
    journal_anew(office)
    assert list(broken_records(office, codes=True)) == []


def test_a_store_goes_on_from_its_head_also_when_it_has_grown(
    kept: tuple[Town, bytes], town: Town
) -> None:
    _, head = kept
    assert against(town.office, head) == []
    town.is_("2024-05-07")
    town.file()
    town.act("lifang", "2024-0001", "assign", "2024-05-07", to="lifang")
    with town.office.store.write() as unit:
        panlong = town.office.found_agency(unit, "panlong")
        unit.set_setting(panlong, "fee_policy", "by_page", town.office.today(), "")
    assert against(town.office, head) == []
    assert take_head(town.office).text().encode() != head


def test_a_head_is_the_same_file_when_it_is_read_and_written_again(
    kept: tuple[Town, bytes],
) -> None:
    _, content = kept
    head = read_head(content)
    assert head.text().encode() == content
    assert head.mark == mark_of(content) and len(head.mark.split()) == 8
    said = json.loads(content)
    assert [one["code"] for one in said["bodies"]] == ["yanshan", "panlong", "jiangna"]
    assert [one["cases"] for one in said["bodies"]] == [0, 1, 0]
    assert said["audit"]["lines"] == 1 and said["events"] > 0


REWRITTEN = {
    "a password of before, in the journal too": (
        ("UPDATE \"user\" SET password_hash = 'x' WHERE id = 1",),
        ("全系统", "留痕簿"),
    ),
    "a setting of before, in the journal too": (
        ("UPDATE agency_setting SET value = '\"x\"' WHERE agency_id = 2",),
        ("panlong", "留痕簿"),
    ),
    "a line of the audit with its hash": (
        ("UPDATE audit SET actor = 'x', hash = 'made with the key' WHERE id = 1",),
        ("全系统", "审计记录"),
    ),
    "a log with all its hashes": (
        ("UPDATE event SET actor = 'x', hash = 'made with the key'",),
        ("panlong", "案卷"),
    ),
    "a log without its last lines": (
        ("DELETE FROM event WHERE id = (SELECT max(id) FROM event)",),
        ("全系统", "办理记录"),
    ),
    "the number of a case": (
        ("UPDATE \"case\" SET number = '2024-0009' WHERE id = 1",),
        ("panlong", "案卷"),
    ),
    "the code of a body": (
        ("UPDATE agency SET code = 'other' WHERE id = 3",),
        ("jiangna", "机关"),
    ),
}


@pytest.mark.parametrize("sentence", REWRITTEN)
def test_who_has_the_key_cannot_rewrite(
    kept: tuple[Town, bytes], town: Town, sentence: str
) -> None:
    statements, (agency, which) = REWRITTEN[sentence]
    spoil(town.office, *statements)
    if not sentence.startswith("a line of the audit"):
        written_anew(town.office)
    told = against(town.office, kept[1])
    assert (agency, which) in [one[:2] for one in told]
    assert all(
        agency in (one[0], "全系统") or "journal" in sentence for one in told if one[1] != "留痕簿"
    )


def test_a_case_that_was_there_is_missed(kept: tuple[Town, bytes], town: Town) -> None:
    spoil(town.office, "DELETE FROM event")
    told = against(town.office, kept[1])
    assert ("panlong", "案卷", "2024 年 5 月 6 日的链头时为 1 件，库中那时的案卷现为 0 件") in told


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"gongkai": "head", "format": 2}', b'{"gongkai": "head", "format": 1}', b"\xff",
     b'{"gongkai": "head", "format": 1, "taken_at": "2024-05-06", "events": 1, "audit": [],'
     b' "installation": {}, "bodies": []}'],
)  # fmt: skip
def test_what_is_no_head_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(BadInput) as told:
        read_head(content)
    assert told.value.errors[0].message == "不是链头文件，或者文件不完整"


def test_only_who_reads_everything_sees_the_head(town: Town, tmp_path: Path) -> None:
    heads = Heads(town.office, tmp_path / "heads")
    assert heads.may(town.staff("county")) and not heads.may(town.staff("guanli"))
    assert not heads.may(town.staff("chen"))
    assert heads.latest(town.staff("county")) is None
    for day in ("2024-05-07", "2024-05-06"):
        town.is_(day)
        assert send_daily(town.office, tmp_path / "heads")
    found = heads.latest(town.staff("county"))
    assert found is not None and found[0] == "2024-05-07.json"
    assert read_head(found[1]).bodies[1].cases.cases == 1
    assert heads.latest(town.staff("guanli")) is None


def test_a_head_goes_out_once_a_day_to_who_reads_the_audit(town: Town, tmp_path: Path) -> None:
    with town.office.store.write() as unit:
        for name in ("county", "guanli"):
            row = unit.user(name)
            assert row is not None
            row.password_hash = "set"
    assert send_daily(town.office, tmp_path / "heads")
    assert not send_daily(town.office, tmp_path / "heads")
    content = (tmp_path / "heads" / "2024-05-06.json").read_bytes()
    assert against(town.office, content) == []
    query = text(
        'SELECT u.name, m.channel, m.text FROM message m JOIN "user" u ON u.id = m.user_id'
        " WHERE m.moment = 'head_of_chains'"
    )
    with town.office.store.read() as unit:
        ((name, channel, said),) = unit.connection.execute(query).all()
    assert (name, channel) == ("county", "in_app")
    assert mark_of(content) in said and "2024 年 5 月 6 日" in said
    town.is_("2024-05-07")
    assert send_daily(town.office, tmp_path / "heads")
    assert len(list((tmp_path / "heads").iterdir())) == 2


@pytest.mark.parametrize("whole", [True, False], ids=["written", "cut off"])
def test_a_day_that_was_cut_off_goes_on_with_the_file_that_was_told_of(
    kept: tuple[Town, bytes], town: Town, tmp_path: Path, whole: bool
) -> None:
    _, content = kept
    (tmp_path / "2024-05-06.part").write_bytes(content if whole else content[:-9])
    town.file()
    assert send_daily(town.office, tmp_path)
    there = (tmp_path / "2024-05-06.json").read_bytes()
    assert (there == content) is whole and read_head(there)
    assert not (tmp_path / "2024-05-06.part").exists()


def test_it_goes_by_mail_to_who_has_an_address(town: Town, tmp_path: Path) -> None:
    kinds = load_channels()
    office = Office(
        town.office.store,
        town.office.keys,
        now=town.office.now,
        channels=(kinds[IN_APP], kinds["mail"], kinds["sms"]),
    )
    with office.store.write() as unit:
        row = unit.user("county")
        assert row is not None
        row.password_hash = "set"
        contact = contact_row(unit, row.id)
        told = {"email": "county@example.cn", "phone": "13800138000"}
        contact.sealed = office.keys.seal(told, f"contact {row.id}")
    assert send_daily(office, tmp_path)
    query = text(
        "SELECT channel, state, agency_id FROM message WHERE moment = 'head_of_chains' ORDER BY channel"
    )
    with office.store.read() as unit:
        found = [tuple(row) for row in unit.connection.execute(query)]
    assert found == [("in_app", "sent", 1), ("mail", "waiting", 1)]
