"""Documents that a body made must be published within 20 working days of their making (条例26)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from notifications.rounds import Rounds
from tests.workflow.service.messages.street import Street
from tests.workflow.service.town import Town
from workflow.refusal import BadInput
from workflow.service.messages.due_today import find_reminders
from workflow.service.report.register import YearRegister

RULE = {
    "item": "normative_documents",
    "kind": "made",
    "on": "2024-05-06",
    "title": "农村公路养护办法",
}
DUE = date(2024, 5, 31)


@pytest.fixture
def town(tmp_path) -> Town:
    return Town(tmp_path, "2024-05-06")


def note(town: Town, replaces: int | None = None, **given: str) -> None:
    YearRegister(town.office).add(
        town.staff("lifang"), "panlong", 2024, {**RULE, "number": "1", **given}, replaces
    )


def said(town: Town, day: str) -> list[tuple[str, str, date]]:
    town.is_(day)
    found = find_reminders(town.office, date.fromisoformat(day))
    return [(r.moment.name, r.number, r.due) for r in found if r.moment.name.startswith("document")]


def test_a_document_is_watched_until_its_last_day_and_after(town: Town) -> None:
    note(town)
    assert said(town, "2024-05-23") == []
    assert said(town, "2024-05-24") == [("document_5", "1", DUE)]
    assert said(town, "2024-05-27") == []
    assert said(town, "2024-05-31") == [("document_0", "1", DUE)]
    for late in ("2024-06-03", "2024-06-04", "2024-07-01"):
        assert said(town, late) == [("document_late", "1", DUE)]
    for late in ("2024-07-02", "2024-07-09", "2025-01-10"):
        week = date.fromisoformat(late)
        told = [said(town, str(week + timedelta(n))) for n in range(7)]
        assert [one for one in told if one] == [[("document_weekly", "1", DUE)]]


@pytest.mark.parametrize(
    "given",
    [
        {"published_on": "2024-05-20"},
        {"number": "12"},
        {"kind": "repealed"},
        {"item": "permits", "kind": "decisions"},
    ],
)
def test_only_a_single_document_that_was_made_and_is_not_published(
    town: Town, given: dict[str, str]
) -> None:
    town.is_("2024-05-20")
    note(town, **given)
    assert said(town, "2024-05-24") == []


def test_publication_takes_back_what_waits_and_ends_it(street: Callable[..., Street]) -> None:
    """The round of 08:31 puts what is told at nine into the outbox."""
    town = street("2024-05-06")
    note(town)
    town.at("2024-05-24T08:31")
    Rounds(town.office).run()
    told = town.messages(moment="document_5")
    assert {(m.state, m.about) for m in told} == {("waiting", "1")}
    assert "台账第 1 条的文件" in told[0].text and "养护" not in told[0].text
    note(town, replaces=1, published_on="2024-05-24")
    told = town.messages(moment="document_5")
    assert {m.state for m in told} == {"withdrawn"}
    assert "已经登记公开日期" in told[0].problem
    assert not find_reminders(town.office, DUE)


def test_an_entry_that_was_taken_back_is_not_watched(town: Town) -> None:
    note(town)
    YearRegister(town.office).take_back(town.staff("lifang"), "panlong", 2024, 1)
    assert said(town, "2024-05-24") == []


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2024-05-05", "不能早于制发日期"),
        ("2024-05-21", "不能晚于今天"),
        ("2024-02-30", "没有这一天"),
    ],
)
def test_a_day_of_publication_that_cannot_be_is_told_at_its_field(
    town: Town, day: str, message: str
) -> None:
    town.is_("2024-05-20")
    with pytest.raises(BadInput) as caught:
        note(town, published_on=day)
    (error,) = caught.value.errors
    assert error.field == "published_on" and message in error.message
    assert YearRegister(town.office).entries("panlong", 2024) == []


def test_the_list_says_by_when_a_document_must_be_out(town: Town) -> None:
    note(town)
    note(town, published_on="2024-05-06")
    shown = YearRegister(town.office).entries("panlong", 2024)
    assert [(one.publish_by, one.published_on) for one in reversed(shown)] == [
        (DUE, None),
        (None, date(2024, 5, 6)),
    ]
