"""Consultations and rulings: how long the clock waits, and whose period that is."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflow.clock.march import DUE, RECEIVED, RULES, consulted, found, on, rules, said
from workflow.clock import (
    compute,
    party_deadline,
)

# -- consultations -----------------------------------------------------------------------------------------


def test_each_addressee_has_its_own_period() -> None:
    fifteen = RULES.calendar.add(date(2024, 3, 6), 15)
    for kind in ("third_party", "joint_agency"):
        for cap in (15, None):
            told = party_deadline(
                f"consult_{kind}", date(2024, 3, 6), rules(other_agency_cap_days=cap)
            )
            assert told == fifteen
    other = ("consult_other_agency", date(2024, 3, 5))
    assert party_deadline(*other, rules(other_agency_cap_days=None)) is None
    assert party_deadline(*other, rules(other_agency_cap_days=3)) == date(2024, 3, 8)


def test_periods_of_third_parties_and_co_makers_are_two_rows_of_the_law() -> None:
    """Either number may change without the other."""
    law = RULES.law
    shorter = replace(law.periods["joint_agency_opinion"], values=law.periods["reply"].values)
    changed = replace(
        RULES, law=replace(law, periods={**law.periods, "joint_agency_opinion": shorter})
    )
    for kind, number in (("joint_agency", 20), ("third_party", 15)):
        told = party_deadline(f"consult_{kind}", date(2024, 3, 5), changed)
        assert told == RULES.calendar.add(date(2024, 3, 5), number)


def test_awaited_opinion_without_a_deadline_counts_up_to_the_day_asked_about() -> None:
    events = [RECEIVED, consulted("other_agency")]
    free = rules(other_agency_cap_days=None)
    assert compute(events, free).reply_due == DUE
    waiting = compute(events, free, date(2024, 3, 12))
    assert waiting.excluded_workdays == 5
    assert waiting.reply_due == RULES.calendar.add(DUE, 5)
    assert waiting.clock == "excluding"


def test_unanswered_consultation_without_an_end_hides_no_other() -> None:
    events = [RECEIVED, consulted("other_agency"),
              on("consult_third_party", "03-05", consultation=2),
              on("record_opinion", "03-12", consultation=2, opinion="agrees")]  # fmt: skip
    assert compute(events, rules(other_agency_cap_days=None)).excluded_workdays == 5


@pytest.mark.parametrize(
    ("kind", "article"),
    [
        ("third_party", "条例32、33(3)"),
        ("joint_agency", "条例34、33(3)"),
        ("other_agency", "条例33(3)"),
    ],
)
def test_consultation_tells_the_addressees_day_and_its_article(kind: str, article: str) -> None:
    (step,) = [s for s in found(consulted(kind)).steps if s.on == date(2024, 3, 5)]
    assert step.article == article
    assert "对方期限至 2024 年 3 月 26 日" in step.text


@pytest.mark.parametrize(("answered", "late"), [("03-26", False), ("03-27", True)])
def test_late_opinion_tells_where_the_waiting_ended(answered: str, late: bool) -> None:
    opinion = on("record_opinion", answered, consultation=1, opinion="agrees")
    text = said(found(consulted("third_party"), opinion), date.fromisoformat(f"2024-{answered}"))
    assert "征求意见结束" in text
    assert ("只扣除到 2024 年 3 月 26 日" in text) == late


# -- rulings -----------------------------------------------------------------------------------------------


def test_ruling_stops_the_clock_from_the_day_after_it_was_asked_through_its_arrival() -> None:
    asked, came = on("ask_ruling", "03-05"), on("record_ruling", "03-12", ruling="不属于")
    paused = found(asked, came, ruling_stops_clock=True)
    assert (paused.excluded_workdays, paused.reply_due) == (5, RULES.calendar.add(DUE, 5))
    assert "不计入" in said(paused, date(2024, 3, 5))
    assert found(asked, came).reply_due == DUE
    twice = found(asked, came, on("ask_ruling", "03-13"), on("record_ruling", "03-14", ruling="否"),
                  ruling_stops_clock=True)  # fmt: skip
    assert twice.excluded_workdays == 6


def test_ruling_that_is_awaited_counts_up_to_the_day_asked_about() -> None:
    events = [RECEIVED, on("ask_ruling", "03-05")]
    chosen = rules(ruling_stops_clock=True)
    assert compute(events, chosen, date(2024, 3, 8)).excluded_workdays == 3
    assert compute(events, chosen).excluded_workdays == 0
