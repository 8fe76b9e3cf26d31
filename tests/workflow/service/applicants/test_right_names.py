"""A name that was wrong is put right: everything that is shown has the right one, the log stays chained to the one with
which it began, and what was done is proved."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.tampering import tampering
from tests.workflow.service.sampling import KEYS, migrated_store
from tests.workflow.service.test_retention import PROOF, TERMS, Archive
from tests.workflow.service.town import Town
from workflow.refusal import BadInput
from workflow.service import Office
from workflow.service.applicants.held import Asked, HeldAboutPerson
from workflow.service.bundles import Bundles
from workflow.service.cases.search import Search
from workflow.service.cases.verify import verify
from workflow.service.cases.worklist import Worklist
from workflow.service.letters.door import CaseLetters
from workflow.service.packages import broken_in

ASKED, GROUND = Asked(number="11010519491231002X"), "户口簿"
RIGHT = "章叁"
NOT_FOUND = "申请人姓名查找用的校验值与姓名不符"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    found = Town(tmp_path, "2024-05-06")
    yield found
    found.office.store.close()


@pytest.fixture
def number(town: Town) -> str:
    return town.file().number


def right(town: Town, number: str, name: str = RIGHT, asked: Asked = ASKED) -> list[str]:
    held = HeldAboutPerson(town.office)
    return held.put_right(
        town.staff("chen"), "panlong", asked, number, {"right_name": name}, GROUND
    )


def bent(town: Town, statement: str, **values: Any) -> list[str]:
    """What `verify` says once somebody has written into the store."""
    with tampering(town.office.store) as connection:
        connection.execute(text(statement), values)
    return [one.message for one in verify(town.office)]


def test_the_right_name_stands_wherever_the_wrong_one_did(town: Town, number: str) -> None:
    lifang = town.staff("lifang")
    assert town.reading.case(lifang, number).applicants[0].name == "张三"
    assert right(town, number) == ["姓名"]
    assert town.reading.case(lifang, number).applicants[0].name == RIGHT
    (item,), _ = Worklist(town.office).cases(lifang)
    assert item.applicant == RIGHT
    said = "".join(CaseLetters(town.office).draft(lifang, "panlong", number, "receipt").texts())
    assert RIGHT in said and "张三" not in said
    search = Search(town.office)
    assert [one.number for one in search.find(lifang, RIGHT).cases] == [number]
    assert search.find(lifang, "张三").cases == []


def test_the_person_is_found_by_the_right_name_and_handed_both(town: Town, number: str) -> None:
    right(town, number)
    held, chen = HeldAboutPerson(town.office), town.staff("chen")
    found = held.find(chen, "panlong", Asked(name=RIGHT, contact="13800000000"), "verify", "")
    (one,) = found.data.requests
    assert one["applicant"]["name"] == RIGHT
    (kept,) = one["applicant"]["earlier_names"]
    assert (kept["name"], kept["now"], kept["by"], kept["ground"]) == (
        "张三",
        RIGHT,
        "chen",
        GROUND,
    )
    by_wrong = Asked(name="张三", contact="13800000000")
    assert held.find(chen, "panlong", by_wrong, "verify", "").cases == ()


def test_the_chain_is_that_of_the_name_that_was_filed(town: Town, number: str) -> None:
    town.act("lifang", number, "assign", "2024-05-06", to="lifang")
    right(town, number)
    assert verify(town.office) == []
    town.act(
        "lifang", number, "record_search", "2024-05-06", sources=["档案室"], keywords=["路"], hits=0
    )
    assert town.reading.case(town.staff("lifang"), number).applicants[0].name == RIGHT
    assert verify(town.office) == []
    made = Bundles(town.office).archive(town.staff("lifang"), "panlong", number)
    assert broken_in(made.content) == []


def test_a_case_that_nothing_has_happened_in_yet_has_its_name_put_right(town: Town) -> None:
    """The first line of its log is chained to the name that was filed, whenever it is written."""
    number = town.file().number
    right(town, number)
    right(town, number, "章叄")
    town.act("lifang", number, "assign", "2024-05-06", to="lifang")
    assert verify(town.office) == []
    assert town.reading.case(town.staff("lifang"), number).applicants[0].name == "章叄"


def test_once_more_and_back_again_every_step_is_kept(town: Town, number: str) -> None:
    for name in (RIGHT, "章三", "张三"):
        assert right(town, number, name) == ["姓名"]
    assert right(town, number, "张三") == []
    held = HeldAboutPerson(town.office)
    (one,) = held.find(town.staff("chen"), "panlong", ASKED, "verify", "").data.requests
    steps = [(kept["name"], kept["now"]) for kept in one["applicant"]["earlier_names"]]
    assert steps == [("张三", RIGHT), (RIGHT, "章三"), ("章三", "张三")]
    assert verify(town.office) == []


def test_name_and_contact_are_put_right_together_and_each_has_its_line(
    town: Town, number: str
) -> None:
    held = HeldAboutPerson(town.office)
    told = {"right_name": RIGHT, "phone": "139 1111 2222"}
    changed = held.put_right(town.staff("chen"), "panlong", ASKED, number, told, GROUND)
    assert changed == ["联系电话", "姓名"]
    with town.office.store.read() as unit:
        lines = unit.session.execute(
            text(
                "SELECT action, about, details FROM audit WHERE action LIKE '%put_right' ORDER BY id"
            )
        ).all()
    assert [(line.action, line.about) for line in lines] == [
        ("person_put_right", number), ("name_put_right", number),
    ]  # fmt: skip
    assert RIGHT not in str(lines) and "张三" not in json.dumps([str(line) for line in lines])
    assert verify(town.office) == []


def test_a_name_that_is_too_long_is_refused_at_its_field(town: Town, number: str) -> None:
    with pytest.raises(BadInput) as wrong:
        right(town, number, "章" * 201)
    assert [one.field for one in wrong.value.errors] == ["right_name"]


@pytest.mark.tampering(reason="names are written past the program")
@pytest.mark.parametrize(
    "bend",
    [
        "UPDATE applicant SET name = '李四'",
        "UPDATE applicant SET filed_as = '李四'",
        "UPDATE applicant SET filed_as = NULL",
        "UPDATE applicant SET filed_as = NULL, name = '张三'",
        "UPDATE applicant SET sealed = NULL",
    ],
)
def test_a_name_that_was_bent_is_told(town: Town, number: str, bend: str) -> None:
    town.act("lifang", number, "assign", "2024-05-06", to="lifang")
    right(town, number)
    assert bent(town, bend)


@pytest.mark.tampering(reason="a name is written past the program")
def test_another_name_beside_the_one_that_was_filed_is_told(town: Town, number: str) -> None:
    """Who knows the chain leaves its name where the chain wants it and writes another one before it."""
    town.act("lifang", number, "assign", "2024-05-06", to="lifang")
    told = bent(town, "UPDATE applicant SET filed_as = name, name = '李四'")
    assert told == [NOT_FOUND, "申请人姓名与更正的记录不符"]


@pytest.mark.tampering(reason="the store of before is put back in part")
def test_a_correction_that_was_taken_back_past_the_program_is_told(town: Town, number: str) -> None:
    town.act("lifang", number, "assign", "2024-05-06", to="lifang")
    with town.office.store.read() as unit:
        before = unit.session.execute(text("SELECT sealed FROM applicant")).scalar()
        seal = unit.session.execute(text('SELECT seal FROM "case"')).scalar()
        name_hash = unit.session.execute(text("SELECT name_hash FROM applicant")).scalar()
    right(town, number)
    assert not bent(town, "UPDATE applicant SET category = category")
    with tampering(town.office.store) as connection:
        connection.execute(text('UPDATE "case" SET seal = :seal'), {"seal": seal})
    told = bent(
        town,
        "UPDATE applicant SET name = '张三', name_hash = :named, filed_as = NULL, sealed = :sealed",
        named=name_hash, sealed=before,
    )  # fmt: skip
    assert told == ["姓名更正的次数与审计记录不符"]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(Office(migrated_store(tmp_path / "archive.db"), KEYS), **TERMS)


def rightly(archive: Archive) -> None:
    HeldAboutPerson(archive.office).put_right(
        archive.who("zhuren"), "panlong", Asked(number=PROOF), archive.number,
        {"right_name": "欧阳晓燕"}, GROUND,
    )  # fmt: skip


def test_what_is_archived_has_its_name_put_right_and_stays_in_order(archive: Archive) -> None:
    archive.publish()
    rightly(archive)
    file = archive.reading.case(archive.who("zhuren"), archive.number)
    assert (file.state, file.applicants[0].name) == ("archived", "欧阳晓燕")
    assert verify(archive.office) == []


def test_both_names_go_with_the_file_when_it_is_destroyed(archive: Archive) -> None:
    rightly(archive)
    archive.destroyed()
    assert verify(archive.office) == []
    with archive.office.store.read() as unit:
        kept = unit.session.execute(text("SELECT name, filed_as FROM applicant")).all()
    assert not any("欧阳" in str(row) for row in kept)


def test_who_need_not_know_the_applicant_does_not_read_the_wrong_name_either(
    town: Town,
) -> None:
    form = town.form().model_copy(update={"items": ["张三家门前的路"]})
    number = town.intake.file(form).number
    right(town, number)
    assert "张三" not in str(town.reading.case(town.staff("wang"), number).items)
