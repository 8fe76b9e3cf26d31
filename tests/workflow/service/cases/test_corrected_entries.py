"""Wrong entries put right in the store: who is told, what waits to be said, published years (law.md §7A)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.workflow.service.township import HOME, Town
from workflow.people import hash_password
from workflow.refusal import BadInput, Refusal, Refused
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.verify import verify
from workflow.service.report.annual import AnnualReports
from workflow.service.rules.settings import freeze_year
from workflow.store import report as report_queries
from workflow.store.fees import fee_events_of_year
from workflow.store.message_models import MessageRow
from workflow.store.models import EventRow

ON = Callable[[date], Office]
RIGHT = {"reason": "录错日期", "second_person": "sunli"}


def town_with_a_third(office: Office, **settings: Any) -> Town:
    """Two who do the work, and a third who can confirm."""
    town = Town(office, **settings)
    with office.store.write() as unit:
        agency = office.found_agency(unit, HOME)
        Accounts(office).add_user(
            unit,
            name="sunli",
            agency=agency,
            roles=("clerk",),
            password_hash=hash_password("Abcdefg1!x"),
        )
        for name in ("lifang", "wangqiang"):
            user = unit.user(name)
            assert user
            user.password_hash = "set"
    return town


def put_right(town: Town, number: str, seq: int, on: str, /, *, by: str = "wangqiang", **fields: Any) -> Any:  # fmt: skip
    more = {"keep_published": True} if fields.pop("keep_published", False) else {}
    said = {"on": on, "seq": seq, "fields": fields, **RIGHT, **more}
    return town.moving.apply_and_read(town.person(by).within(HOME), number, "correct_entry", said)


def refused(town: Town, number: str, seq: int, on: str, /, **fields: Any) -> Refusal:
    with pytest.raises(Refused) as caught:
        put_right(town, number, seq, on, **fields)
    return caught.value.refusal


def freeze(town: Town, year: int) -> None:
    with town.office.store.write() as unit:
        freeze_year(town.office, unit, town.office.found_agency(unit, HOME), year)


# -- the log ----------------------------------------------------------------------------------------------


def test_correction_is_a_line_of_its_own_and_the_log_stays_chained(office_on: ON) -> None:
    town = town_with_a_third(office_on(date(2024, 5, 31)))
    number = town.register("2024-05-08")
    town.do(number, "assign", "2024-05-09")
    file = put_right(town, number, 1, "2024-05-10", on="2024-05-06")
    assert (file.deadlines.receipt_date, file.deadlines.reply_due) == (
        date(2024, 5, 6),
        date(2024, 5, 31),
    )
    first = file.log[0]
    assert (first.on, first.typed_on, first.taken_back) == (
        date(2024, 5, 6),
        date(2024, 5, 8),
        False,
    )
    with town.office.store.read() as unit:
        kept = list(unit.session.scalars(select(EventRow).order_by(EventRow.seq)))
    assert [line.event for line in kept] == ["receive", "assign", "correct_entry"]
    assert kept[0].on == date(2024, 5, 8)
    assert verify(town.office) == []


def test_numbers_typed_as_text_are_kept_as_numbers(office_on: ON) -> None:
    town = town_with_a_third(office_on(date(2024, 5, 31)))
    number = town.register("2024-05-06")
    town.do(number, "assign", "2024-05-07")
    town.do(number, "extend", "2024-05-08", days=20, reached_on="2024-05-08")
    file = put_right(town, number, 3, "2024-05-10", days=10, reached_on="2024-05-09")
    assert file.deadlines.extra_workdays == 10
    assert file.log[-1].fields["fields"] == {"days": 10, "reached_on": "2024-05-09"}


def test_second_person_must_work_in_the_body(office_on: ON) -> None:
    town = town_with_a_third(office_on(date(2024, 5, 31)))
    number = town.register("2024-05-06")
    with pytest.raises(BadInput):
        town.moving.apply(
            town.reviewer.within(HOME), number, "correct_entry",
            {"on": "2024-05-10", "seq": 1, "fields": {"on": "2024-05-03"}, "reason": "错",
             "second_person": "nobody"},
        )  # fmt: skip


def test_people_concerned_are_told_and_what_waits_says_the_new_day(office_on: ON) -> None:
    office = office_on(date(2024, 5, 10))
    town = town_with_a_third(office)
    number = town.register("2024-05-10")
    put_right(town, number, 1, "2024-05-10", on="2024-05-06")
    with office.store.read() as unit:
        told = list(unit.session.scalars(select(MessageRow)))
        people = {row.user.name for row in told if row.moment == "entry_corrected" and row.user}
    assert people == {"lifang", "sunli"}


def test_paid_fee_follows_its_correction_into_table_2(office_on: ON) -> None:
    """law.md §2: 信息处理费 that were paid stand in table 二."""
    town = town_with_a_third(office_on(date(2024, 6, 28)), fee_policy="by_page")
    number = town.register("2024-05-06")
    town.do(number, "assign", "2024-05-07")
    town.do(number, "charge_fee", "2024-05-08", reached_on="2024-05-08", mode="by_page", pages=57)
    town.do(number, "pay_fee", "2024-05-10")
    with town.office.store.read() as unit:
        agency = town.office.found_agency(unit, HOME)
        before = fee_events_of_year(unit, [agency.id], 2024)
    assert [one.event for one in before] == ["charge_fee", "pay_fee"]
    put_right(town, number, 4, "2024-05-13", taken_back=True)
    with town.office.store.read() as unit:
        after = fee_events_of_year(unit, [agency.id], 2024)
    assert [one.event for one in after] == ["charge_fee"]


# -- published years ----------------------------------------------------------------------------------------


@pytest.fixture
def published(office_on: ON) -> tuple[Town, str, str]:
    """2024 is published: one case was answered in it, another is open over New Year."""
    town = town_with_a_third(office_on(date(2025, 2, 10)))
    answered, waiting = town.register("2024-12-02"), town.register("2024-12-16", name="李四")
    town.answer(answered, "2024-12-20")
    freeze(town, 2024)
    return town, answered, waiting


def test_entry_that_would_change_a_published_figure_is_refused_with_both_ways_on(
    published: tuple[Town, str, str],
) -> None:
    town, answered, _ = published
    last = len(town.case(answered).log)
    refusal = refused(town, answered, last, "2025-02-10", on="2025-01-03", signed_on="2025-01-03")
    assert (refusal.rule, refusal.field) == ("frozen_year", "keep_published")
    assert "2024" in refusal.message
    assert "新的版本" in refusal.allowed_when and "保留已公布的数字" in refusal.allowed_when
    assert len(town.case(answered).log) == last


@pytest.mark.parametrize(
    ("event", "fields", "open_one"),
    [
        ("void", {"reason": "重复录入", "second_person": "lifang"}, False),
        ("void", {"reason": "重复录入", "second_person": "lifang"}, True),
        ("withdraw", {"on": "2024-12-30"}, True),
        ("service_failed", {"reason": "邮件退回"}, False),
        ("record_delivery", {"of": "serve", "returned_on": "2025-02-07"}, False),
    ],
)
def test_every_late_entry_of_a_published_year_is_asked(
    event: str, fields: dict[str, Any], open_one: bool, published: tuple[Town, str, str]
) -> None:
    """作废、补录上年的撤回、退回的答复: each changes a figure of the year."""
    town, answered, waiting = published
    number, said = (waiting if open_one else answered), {"on": "2025-02-10", **fields}
    on = said.pop("on")
    assert town.refused(number, event, on, **said).rule == "frozen_year"
    file = town.do(number, event, on, **said, keep_published=True)
    assert file.log[-1].fields["keep_published"] is True
    assert verify(town.office) == []


def test_entry_that_changes_no_figure_passes(published: tuple[Town, str, str]) -> None:
    town, answered, waiting = published
    last = len(town.case(answered).log)
    put_right(town, answered, last, "2025-02-10", on="2024-12-23", signed_on="2024-12-23")
    assert town.do(waiting, "withdraw", "2025-02-10").state == "closed"


def test_case_of_a_year_that_is_not_published_is_corrected_freely(office_on: ON) -> None:
    town = town_with_a_third(office_on(date(2025, 2, 10)))
    number = town.register("2024-12-02")
    town.answer(number, "2024-12-20")
    last = len(town.case(number).log)
    put_right(town, number, last, "2025-02-10", on="2025-01-03", signed_on="2025-01-03")
    assert town.table3(2024) == {"new_received": 1, "carried_out": 1}


def test_entry_passes_once_a_new_version_of_the_report_is_at_work(
    published: tuple[Town, str, str],
) -> None:
    """law.md §7A (a): the new version is drawn up first, then the entry is repeated."""
    town, answered, _ = published
    reports = AnnualReports(town.office)
    reports.draft(town.drafter.within(HOME), HOME, 2024)
    with town.office.store.write() as unit:
        agency = town.office.found_agency(unit, HOME)
        (first,) = report_queries.report_versions(unit, agency.id, 2024)
        first.state = "published"
    assert refused(town, answered, 1, "2025-02-10", on="2023-12-29").rule == "frozen_year"
    reports.correct(town.drafter.within(HOME), HOME, 2024, "收到日期录错")
    put_right(town, answered, 1, "2025-02-10", on="2023-12-29")
    assert verify(town.office) == []
