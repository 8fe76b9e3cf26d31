"""In whose book the number of a letter stands, and which places of the letter it fills (practice.md §1.3)."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.workflow.service.township import HOME, Town
from workflow.people import STAFF_ROLES
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.letters import CaseLetters
from workflow.service.letters.numbers import filled_by
from workflow.service.rules.bodies import Bodies
from workflow.store import letters as store

HEIR = "xincheng"


@pytest.mark.parametrize(
    ("code", "pattern", "filled"),
    [
        ("盘政", "{代字}公开{类}〔{year}〕{n}号", {"letter_code", "letter_number"}),
        ("", "{代字}公开{类}〔{year}〕{n}号", {"letter_number"}),
        ("", "公开{类}〔{year}〕{n}号", {"letter_code", "letter_number"}),
    ],
)
def test_a_number_fills_the_short_name_where_it_is_said_or_not_asked(
    code: str, pattern: str, filled: set[str]
) -> None:
    assert filled_by({"letter_code": code, "letter_number": pattern}) == filled


def book(town: Town, code: str, who: str) -> list[str]:
    """The numbers of a body of the year 2025."""
    lines = CaseLetters(town.office).book(town.person(who), code, 2025).lines
    return [line.text for line in lines]


def test_who_gives_a_case_away_numbers_that_letter_and_the_successor_the_next(
    office_on: Callable[[date], Office],
) -> None:
    town = Town(office_on(date(2025, 1, 6)))
    with town.office.store.write() as unit:
        heir = town.office.add_agency(unit, code=HEIR, name="新城镇人民政府", level="township")
        unit.set_setting(heir, "letter_code", "新政", date(2000, 1, 1), "测试")
        Accounts(town.office).add_user(unit, name="zhaomin", agency=heir, roles=STAFF_ROLES)
    number = town.register("2024-12-20")
    Bodies(town.office).end(HOME, HEIR, date(2024, 12, 31))
    town.drafter = town.person("lifang")
    town.do(number, "transfer", "2025-01-02", to=HEIR, reason="撤乡并镇")
    assert book(town, HOME, "lifang") == ["盘政公开移〔2025〕1号"]
    assert book(town, HEIR, "zhaomin") == []
    heir_staff = town.person("zhaomin").within(HOME)
    for event, said in (("assign", {}), ("extend", {"days": 5, "reason": "须核对移交的案卷"})):
        town.moving.apply(heir_staff, number, event, {"on": "2025-01-06", **said})
    CaseLetters(town.office).issue(town.person("zhaomin"), HOME, number, "transfer_told")
    assert book(town, HEIR, "zhaomin") == ["新政公开延〔2025〕1号"]
    assert book(town, HOME, "lifang") == ["盘政公开移〔2025〕1号", "盘政公开移告〔2025〕1号"]


def test_a_number_is_void_once_with_who_first_said_so(office_on: Callable[[date], Office]) -> None:
    """An entry taken back twice, or whose number was void before, leaves the book as it is."""
    town = Town(office_on(date(2024, 3, 22)))
    number = town.register("2024-03-20")
    town.do(number, "require_correction", "2024-03-21", defects=["请写明年度"])
    letters = CaseLetters(town.office)
    (kept,) = letters.kept(town.person("lifang"), HOME, number)
    assert kept.number_id is not None
    letters.void(town.person("wangqiang"), HOME, number, kept.number_id, "打印错误")
    seq = town.case(number).log[-1].seq
    said = {
        "seq": seq,
        "fields": {"taken_back": True},
        "reason": "误登记",
        "second_person": "wangqiang",
    }
    town.do(number, "correct_entry", "2024-03-22", **said)
    with town.office.store.read() as unit:
        body = town.office.found_agency(unit, HOME)
        ((row, _, _),) = store.book_of(unit, body.id, 2024)
        assert (row.voided_by, row.void_reason) == ("wangqiang", "打印错误")
