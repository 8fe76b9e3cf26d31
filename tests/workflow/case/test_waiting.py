"""For whom a case waits as it goes on, and what is news in it: each follows from the log."""

import pytest

from tests.workflow.case.proved import EVIDENCE, SEARCH
from tests.workflow.case.walk import MOMENT, PEOPLE, RULES, Walk
from workflow.case.row import BESIDE_THE_DAYS, projection
from workflow.case.waiting import (
    LONGEST,
    assigned_to,
    last_step,
    news_of,
    waits_for,
    working_roles,
)
from workflow.store.models import CaseRow

RECEIVED = ("receive", 0, {"channel": "in_person"})
PROPOSED = ("propose_outcome", 2, {"outcome": "not_responsible", **EVIDENCE["not_responsible"]})


def waits(*steps) -> str | None:
    return waits_for(Walk().must(*steps).case)


def test_before_anybody_has_it_it_waits_for_roles() -> None:
    assert waits() is None
    assert waits(("submit", 0, {"channel": "portal"})) == ":clerk"
    assert waits(RECEIVED) == ":clerk"
    assert waits(RECEIVED, ("assign", 1, {})) == ":handler"


def test_whoever_was_given_the_case_is_waited_for_while_it_is_worked_on() -> None:
    given = ("assign", 1, {"to": "zhaoming"})
    assert waits(RECEIVED, given) == "zhaoming"
    assert waits(RECEIVED, given, ("assign", 1, {"to": "规划股"})) == "规划股"
    assert waits(RECEIVED, given, ("assign", 1, {})) == "zhaoming"
    assert waits(RECEIVED, given, PROPOSED) == "zhaoming"
    assert waits(RECEIVED, given, PROPOSED, ("pass_legal_check", 2, {})) == ":leader"
    returned = ("return_draft", 2, {"reason": "重写", "by": "leader"})
    back = Walk().must(RECEIVED, given, PROPOSED, ("pass_legal_check", 2, {}), returned).case
    assert waits_for(back) == "zhaoming" and last_step(back) == "return_draft"
    searched = ("record_search", 1, SEARCH)
    assert last_step(Walk().must(RECEIVED, given, searched).case) == "assign", "no step"
    assert last_step(Walk().case) is None


def test_correction_waits_for_the_applicant_and_comes_back_to_be_given() -> None:
    asked = ("require_correction", 1, {"reached_on": 1})
    assert waits(RECEIVED, ("assign", 1, {"to": "zhaoming"}), asked) == ":applicant"
    given = Walk().must(RECEIVED, ("assign", 1, {"to": "zhaoming"}), asked, ("correct", 3, {})).case
    assert waits_for(given) == ":clerk" and assigned_to(given) == "zhaoming"


def test_what_is_over_waits_for_nobody() -> None:
    assert waits(RECEIVED, ("withdraw", 1, {"by": "applicant"})) is None
    assert (
        waits(
            ("submit", 0, {"channel": "in_person"}),
            ("void", 0, {"reason": "重复", "second_person": "x"}),
        )
        is None
    )


def test_long_name_is_kept_as_far_as_its_column_goes() -> None:
    case = Walk().must(RECEIVED, ("assign", 1, {"to": "股" * (LONGEST + 5)})).case
    assert assigned_to(case) == waits_for(case) == "股" * LONGEST
    assert (
        CaseRow.__table__.c.assigned_to.type.length
        == CaseRow.__table__.c.waits_for.type.length
        == LONGEST
    )


def test_news_is_the_last_line_that_the_table_calls_so() -> None:
    assert news_of(Walk().case) is None
    walk = Walk().must(("submit", 0, {"channel": "portal", "by": "applicant"}))
    news = news_of(walk.case)
    assert news is not None and (news.event, news.by, news.at) == ("submit", "applicant", MOMENT)
    walk.must(RECEIVED, ("assign", 1, {"to": "zhaoming"}))
    news = news_of(walk.case)
    assert news is not None and (news.event, news.by) == ("assign", PEOPLE["clerk"].name)
    walk.must(PROPOSED)
    assert news_of(walk.case) == news, "a proposal is no news"


@pytest.mark.parametrize("back", ["service_failed", "record_delivery"])
def test_a_reply_that_came_back_is_news_and_waits_to_be_served_again(back: str) -> None:
    walk = Walk().must(
        RECEIVED, ("assign", 1, {"to": "zhaoming"}), PROPOSED, ("pass_legal_check", 2, {}),
        ("approve", 2, {}), ("serve", 3, {"method": "mail", "posted_on": 3, "carrier": "中国邮政"}),
    )  # fmt: skip
    assert waits_for(walk.case) is None
    fields = (
        {"reason": "查无此人"} if back == "service_failed" else {"of": "serve", "returned_on": 9}
    )
    walk.must((back, 9, fields))
    news = news_of(walk.case)
    assert news is not None and news.event == "service_failed"
    assert waits_for(walk.case) == ":clerk" and last_step(walk.case) == "service_failed"


def test_row_tells_it_and_none_of_it_is_a_day() -> None:
    walk = Walk().must(RECEIVED, ("assign", 1, {"to": "zhaoming"}))
    row = projection(walk.case)
    assert row["assigned_to"] == row["waits_for"] == "zhaoming"
    assert (row["news"], row["news_at"], row["news_by"]) == ("assign", MOMENT, PEOPLE["clerk"].name)
    assert set(row) >= BESIDE_THE_DAYS and not {"next_due", "state", "outcome"} & BESIDE_THE_DAYS
    assert working_roles(RULES.law) == {"handler", "clerk"}


def test_whatever_is_open_waits_for_somebody() -> None:
    """Lists and counts of what is open ask for whom it waits (workflow.store.wanted)."""
    law = RULES.law
    open_ = [name for name in law.states if law.stage(name) not in ("done", "void")]
    assert open_
    for state in open_:
        for step in (None, *law.transitions):
            event = next(iter(law.usual_after(state, step)), None)
            assert event is not None and law.transitions[event].by, (state, step)
