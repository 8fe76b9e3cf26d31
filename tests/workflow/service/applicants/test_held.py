"""What the office holds about somebody without an account: found by number or by name and contact, given out, put right."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.workflow.service.town import Town
from workflow.refusal import BadInput, Denied
from workflow.service import Missing
from workflow.service.applicants.held import MAY_NOT_GO, Asked, HeldAboutPerson
from workflow.service.cases.search import Search
from workflow.service.cases.verify import verify

NUMBER, PHONE = "11010519491231002X", "13800000000"
BY_NUMBER = Asked(number="110105 19491231 002x")
BY_CONTACT = Asked(name="张三", contact="138 0000 0000")
WHY = ("verify", "")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    found = Town(tmp_path, "2024-05-06")
    yield found
    found.office.store.close()


@pytest.fixture
def held(town: Town) -> HeldAboutPerson:
    return HeldAboutPerson(town.office)


@pytest.mark.parametrize("asked", [BY_NUMBER, BY_CONTACT], ids=["by number", "by name and contact"])
def test_everything_of_the_person_in_the_body_is_found(
    town: Town, held: HeldAboutPerson, asked: Asked
) -> None:
    own, other = town.file().number, town.file("jiangna").number
    found = held.find(town.staff("chen"), "panlong", asked, *WHY)
    assert [number for number, _ in found.cases] == [own] and own == other
    (one,) = found.data.requests
    assert one["applicant"]["name"] == "张三" and one["applicant"]["id_number"] == NUMBER
    assert one["items"] == ["2023年度农村公路养护合同"] and one["query_code"] == ""


@pytest.mark.parametrize(
    "asked",
    [
        Asked(number="110105194912310038"),
        Asked(name="张三", contact="13900000000"),
        Asked(name="李四", contact=PHONE),
    ],
)
def test_a_name_alone_and_another_number_find_nothing(
    town: Town, held: HeldAboutPerson, asked: Asked
) -> None:
    town.file()
    found = held.find(town.staff("chen"), "panlong", asked, *WHY)
    assert found.cases == () and "没有找到" in "".join(held.letter(found).texts())


@pytest.mark.parametrize(
    ("asked", "why", "field"),
    [
        (Asked(), WHY, "number"),
        (Asked(name="张三"), WHY, "number"),
        (Asked(number="字" * 201), WHY, "number"),
        (BY_NUMBER, ("", ""), "reason"),
        (BY_NUMBER, ("other", " "), "words"),
    ],
)
def test_who_and_why_must_be_told(
    town: Town, held: HeldAboutPerson, asked: Asked, why: tuple[str, str], field: str
) -> None:
    with pytest.raises(BadInput) as wrong:
        held.find(town.staff("chen"), "panlong", asked, *why)
    assert [one.field for one in wrong.value.errors] == [field]


def test_only_the_head_of_the_office_looks_and_in_their_own_body(
    town: Town, held: HeldAboutPerson
) -> None:
    for who, body in (("lifang", "panlong"), ("sunli", "panlong"), ("chen", "jiangna")):
        with pytest.raises(Denied):
            held.find(town.staff(who), body, BY_NUMBER, *WHY)
    with pytest.raises(Denied):
        held.bodies(town.staff("lifang"))
    assert held.bodies(town.staff("chen")) == ["panlong"]


def test_the_audit_says_who_why_and_how_many_and_not_whom(
    town: Town, held: HeldAboutPerson
) -> None:
    town.file()
    held.find(town.staff("chen"), "panlong", BY_NUMBER, "other", "本人到窗口请求")
    with town.office.store.read() as unit:
        (line,) = unit.session.execute(
            text("SELECT actor, details FROM audit WHERE action = 'person_looked_up'")
        ).all()
    said = str(line)
    assert line.actor == "chen" and '"rows": 1' in said.replace("'", '"') and "窗口" in json.dumps(
        json.loads(line.details) if isinstance(line.details, str) else line.details, ensure_ascii=False
    )  # fmt: skip
    assert "张三" not in said and NUMBER not in said and PHONE not in said


def test_the_package_has_data_a_table_and_a_letter_that_says_what_stays(
    town: Town, held: HeldAboutPerson
) -> None:
    number = town.file().number
    found = held.find(town.staff("chen"), "panlong", BY_NUMBER, *WHY)
    package = zipfile.ZipFile(io.BytesIO(held.package(found)))
    assert package.namelist() == ["个人信息.json", "个人信息.xlsx", "答复.pdf"]
    data = json.loads(package.read("个人信息.json"))
    assert [one["number"] for one in data["requests"]] == [number]
    assert package.read("答复.pdf").startswith(b"%PDF-")
    said = held.letter(found).texts()
    assert MAY_NOT_GO in said and number in said and "张三" not in "".join(said)


def test_a_contact_is_put_right_and_the_old_one_kept(town: Town, held: HeldAboutPerson) -> None:
    number, chen = town.file().number, town.staff("chen")
    told = {"phone": "139 1111 2222", "email": "", "address": "上坝村"}
    changed = held.put_right(chen, "panlong", BY_NUMBER, number, told, "本人书面请求")
    assert changed == ["联系电话", "通信地址"]
    (one,) = held.find(chen, "panlong", BY_NUMBER, *WHY).data.requests
    assert (one["applicant"]["phone"], one["applicant"]["address"]) == ("13911112222", "上坝村")
    (old,) = one["applicant"]["earlier_contacts"]
    assert (old["phone"], old["address"], old["by"]) == (PHONE, "", "chen")
    search = Search(town.office)
    assert [one.number for one in search.find(town.staff("lifang"), "13911112222").cases] == [
        number
    ]
    assert search.find(town.staff("lifang"), PHONE).cases == []
    assert verify(town.office) == []
    again = held.put_right(chen, "panlong", BY_NUMBER, number, told, "本人书面请求")
    assert again == []


def test_what_cannot_be_right_is_refused_at_its_field(town: Town, held: HeldAboutPerson) -> None:
    number, chen = town.file().number, town.staff("chen")
    for told, words, field in (
        ({"phone": "12"}, "本人请求", "phone"),
        ({"email": "nobody"}, "本人请求", "email"),
        ({"address": "字" * 201}, "本人请求", "address"),
        ({"phone": PHONE}, " ", "words"),
    ):
        with pytest.raises(BadInput) as wrong:
            held.put_right(chen, "panlong", BY_NUMBER, number, told, words)
        assert [one.field for one in wrong.value.errors] == [field]
    with pytest.raises(Missing):
        held.put_right(chen, "panlong", BY_NUMBER, "2024-0099", {"phone": PHONE}, "本人请求")
    with pytest.raises(Missing):
        other = Asked(name="李四", contact=PHONE)
        held.put_right(chen, "panlong", other, number, {"phone": PHONE}, "本人请求")
