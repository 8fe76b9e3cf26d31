"""Letters over a real store: who may draft them, what is looked up for them, and every case of the dockets."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.law import load_law
from tests.counting import work
from tests.examples import ACCEPTANCE, read
from tests.workflow.service.town import Town
from workflow.letters import Letter
from workflow.refusal import Denied
from workflow.rules.linter import lint
from workflow.service import Missing, Office
from workflow.service.docket.player import Player
from workflow.service.letters import CaseLetters
from workflow.store.models import CaseRow

DOCKETS = [
    case for case in read(ACCEPTANCE / "hard_cases.json")["cases"] if case["kind"] != "deadline"
]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-03-04")


def letters(town: Town) -> CaseLetters:
    return CaseLetters(town.office)


# -- who may ------------------------------------------------------------------------------------------


def test_clerk_and_operator_get_the_same_letter(town: Town) -> None:
    number = town.file().number
    mine = letters(town).draft(town.staff("lifang"), "panlong", number, "receipt")
    assert mine == letters(town).draft(None, "panlong", number, "receipt")
    assert mine.addressee == "张三"
    assert mine.contact.person == ""
    assert mine.title == ("盘龙彝族乡人民政府", "政府信息公开申请接收回执")


def test_who_may_not_draft_is_told_who_may(town: Town) -> None:
    number = town.file().number
    for ask in (
        lambda: letters(town).draft(town.staff("wang"), "panlong", number, "receipt"),
        lambda: letters(town).possible(town.staff("wang"), "panlong", number),
    ):
        with pytest.raises(Denied) as told:
            ask()
        assert told.value.refusal.rule == "not_your_role"
        assert "经办人" in told.value.refusal.message


def test_case_of_another_body_is_none(town: Town) -> None:
    number = town.file().number
    with pytest.raises(Missing):
        letters(town).draft(town.staff("sunli"), "panlong", number, "receipt")
    with pytest.raises(Missing, match="江那镇人民政府没有编号为"):
        letters(town).draft(None, "jiangna", number, "receipt")
    with pytest.raises(Missing, match="没有代码为“nowhere”的机关"):
        letters(town).possible(None, "nowhere", number)


def test_drafting_writes_nothing(town: Town) -> None:
    number = town.file().number

    def length() -> int:
        with town.office.store.read() as unit:
            row = unit.case_row([town.office.found_agency(unit, "panlong").id], number)
            assert row is not None
            return row.length

    before = length()
    for one in letters(town).possible(None, "panlong", number):
        letters(town).draft(None, "panlong", number, one.kind)
    assert length() == before


def test_letter_costs_the_same_however_many_there_are(town: Town) -> None:
    """A few statements, and the case folded once, once more for what went out."""
    number = town.file().number
    town.act("lifang", number, "assign", "2024-03-05")
    service = letters(town)
    service.draft(None, "panlong", number, "receipt")
    with work() as listing:
        service.possible(None, "panlong", number)
    with work() as drafting:
        service.draft(None, "panlong", number, "receipt")
    assert (listing.statements, listing.folds) == (4, 1)
    assert (drafting.statements, drafting.folds) == (5, 2)
    for _ in range(5):
        town.file()
    with work() as again:
        service.draft(None, "panlong", number, "receipt")
    assert again.statements == drafting.statements


# -- what is looked up --------------------------------------------------------------------------------


def test_registration_form_has_the_sealed_data_and_the_earlier_requests(town: Town) -> None:
    first = town.file().number
    town.is_("2024-03-06")
    letter = letters(town).draft(None, "panlong", town.file().number, "registration_form")
    assert letter.facts["applicant_id"] == "居民身份证 11010519491231002X"
    assert letter.facts["applicant_reach"] == ["13800000000"]
    assert [row["number"] for row in letter.facts["earlier_requests"]] == [first]
    assert letter.facts["submitted"] == "2024-03-06"


def test_people_are_named_in_full(town: Town) -> None:
    number = town.file().number
    with town.office.store.write() as unit:
        user = unit.user("lifang")
        assert user is not None
        user.display_name = "李芳"
    town.act("lifang", number, "assign", "2024-03-05", to="李芳", due="2024-03-12")
    letter = letters(town).draft(None, "panlong", number, "assistance_request")
    assert (letter.addressee, letter.facts["internal_due"]) == ("李芳", "2024-03-12")
    assert letter.contact.person == "李芳"


def test_earlier_reply_is_told_with_the_day_of_its_service(town: Town) -> None:
    first = town.file().number
    town.act("lifang", first, "withdraw", "2024-03-05")
    second = town.file().number
    town.act("lifang", second, "assign", "2024-03-06")
    with town.office.store.read() as unit:
        body = town.office.found_agency(unit, "panlong")
        row = unit.case_row([body.id], first)
        assert row is not None
        assert row.closed_on == date(2024, 3, 5)
    letter = letters(town).draft(None, "panlong", second, "reasons_notice")
    assert letter.facts["requests_count"] == 2


def test_body_that_was_renamed_signs_with_the_name_of_the_day(town: Town) -> None:
    number = town.file().number
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        body.former_names = [{"name": body.name, "until": "2024-04-30"}]
        body.name = "盘龙镇人民政府"
    town.is_("2024-05-06")
    town.act("lifang", number, "assign", "2024-05-06")
    assert letters(town).draft(None, "panlong", number, "receipt").signature == "盘龙彝族乡人民政府"
    assert letters(town).draft(None, "panlong", number, "reply").signature == "盘龙镇人民政府"


# -- every case of the dockets ------------------------------------------------------------------------


def drafted(office: Office, agency: str, number: str) -> list[Letter]:
    """Every letter that the case can have."""
    service = CaseLetters(office)
    kinds = [one.kind for one in service.possible(None, agency, number)]
    return [service.draft(None, agency, number, kind) for kind in kinds]


def cases_of(office: Office) -> list[tuple[str, str, list[str]]]:
    """Code of the body, number and applicants of every case."""
    with office.store.read() as unit:
        return [
            (row.agency.code, row.number, [person.name for person in row.applicants if person.name])
            for row in unit.session.scalars(select(CaseRow).order_by(CaseRow.id))
        ]


@pytest.mark.parametrize("case", DOCKETS, ids=lambda case: case["name"])
def test_every_letter_of_a_docket_can_be_drafted_and_says_nothing_outdated(
    case: dict[str, Any], office_on: Callable[[date], Office]
) -> None:
    office = office_on(date(2026, 11, 23))
    Player(office, strict=case["kind"] == "docket_strict").play(case["input"])
    count = 0
    for agency, number, names in cases_of(office):
        for letter in drafted(office, agency, number):
            count += 1
            assert lint("\n".join(letter.texts()), load_law(), letter.day) == []
            assert json.loads(json.dumps(letter.as_dict()))["kind"] == letter.kind
            if letter.to in ("third_party", "agency"):
                assert not any(name in "".join(letter.texts()) for name in names)
    assert count
