"""Reviews and suits: facts from outside, registrable at any time, and the body's own days in them."""

from datetime import date
from typing import Any

import pytest

from tests.workflow.case.walk import (
    ASSIGNED,
    CORRECTING,
    DRAFTED,
    IN_REVIEW,
    MOMENT,
    MONDAY,
    PEOPLE,
    READY,
    RECEIVED,
    RULES,
    SERVED,
    SIGNING,
    Step,
    Walk,
)
from tests.workflow.case.warned import REFUSED, warned
from workflow import events as ev
from workflow.case.facts import Logged, Proceeding
from workflow.case.row import proceeding_entry, proceeding_of
from workflow.refusal import Refusal
from workflow.rules.proceedings import review_answer_due

CLERK = PEOPLE["clerk"]
OLD_FIELDS = (
    "number", "kind", "filed_on", "case_number", "via", "instance", "role", "concluded_on", "result", "answer_due",
)  # fmt: skip
STATES: dict[str, list[Step]] = {
    "registered": RECEIVED,
    "awaiting_correction": CORRECTING,
    "awaiting_reasons": [*RECEIVED, ("ask_reasons", 2, {})],
    "processing": ASSIGNED,
    "awaiting_payment": [*ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})],
    "drafted": DRAFTED,
    "secrecy_review": IN_REVIEW,
    "legal_check": [*IN_REVIEW, ("pass_secrecy_review", 9, {})],
    "approval": SIGNING,
    "ready": READY,
    "served": SERVED,
    "closed": [*RECEIVED, ("withdraw", 3, {})],
    "archived": [*SERVED, ("archive", 15, {})],
}
AFTER = 20


def walked(state: str) -> Walk:
    walk = Walk(fee_policy="by_page").must(*STATES[state])
    assert walk.case.state == state
    return walk


def day(after: int) -> date:
    return date.fromordinal(MONDAY.toordinal() + after)


def event(name: str, after: int, **fields: Any) -> ev.Event:
    return ev.parse(name, {"on": day(after), **fields})


def found(walk: Walk, kind: str) -> Proceeding:
    return walk.case.facts.proceedings[(kind, 1)]


# -- registrable always ---------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["applicant", "third_party"])
@pytest.mark.parametrize("state", STATES)
def test_review_and_suit_are_registered_in_every_state_after_receipt(state: str, by: str) -> None:
    """Design law 12: what an organ or a court did is a fact; the state stays what it was."""
    walk = walked(state)
    for name, via in (("file_review", {}), ("file_suit", {"via": "direct"})):
        filed = event(name, AFTER, by=by, copy_received_on=day(AFTER + 1), **via)
        done = walk.case.apply(filed, CLERK, today=day(900), recorded_at=MOMENT)
        assert isinstance(done, Logged), done
    assert walk.case.state == state
    results = (("conclude_review", "quashed"), ("conclude_suit", "withdrawn"))
    walk.must(*((name, 40, {"result": result}) for name, result in results))
    assert walk.case.state == state
    walk.must(("order_redo", 41, {}))
    assert walk.case.state == state


@pytest.mark.parametrize("kind", ["review", "suit"])
def test_who_filed_is_kept(kind: str) -> None:
    """law.md §1.1: by the applicant or a third party."""
    via = {"via": "direct"} if kind == "suit" else {}
    walk = Walk().must(*SERVED)
    done = walk.case.apply(
        event(f"file_{kind}", 20, by="third_party", **via),
        CLERK,
        today=day(900),
        recorded_at=MOMENT,
    )
    assert isinstance(done, Logged)
    assert found(walk, kind).by == "third_party"
    assert "sued_without_review_first" not in warned(walk, 21)


def test_third_party_may_go_to_review_before_service_without_being_early() -> None:
    """条例32; 法释〔2025〕8号1(4): its own right, from the notice that its information will be released."""
    asked: list[Step] = [
        *ASSIGNED,
        ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
        ("record_opinion", 4, {"consultation": 1, "opinion": "objects"}),
    ]
    filed = event("file_review", 8, by="third_party")
    for steps, early in ((asked, True), ([*asked, ("override_third_party", 6, {"consultation": 1, "reached_on": 6})], False)):  # fmt: skip
        walk = Walk().must(*steps)
        walk.case.apply(filed, CLERK, today=day(900), recorded_at=MOMENT)
        assert ("premature" in warned(walk, 9)) == early


# -- warned of ------------------------------------------------------------------------------------------


def test_silence_sued_without_review_is_registered_and_warned_of() -> None:
    """行政复议法23(1)(3); law.md §6.9 (v2)."""
    walk = Walk().must(*ASSIGNED, ("file_suit", 29, {"via": "direct"}))
    assert "逾期不答复" in warned(walk, 30)["sued_without_review_first"]
    chosen = Walk(silence_remedy="either").must(*ASSIGNED, ("file_suit", 29, {"via": "direct"}))
    assert "sued_without_review_first" not in warned(chosen, 30)


def test_silence_is_not_ended_by_what_is_asked_after_the_last_day() -> None:
    """law.md §3.5: after the due day a consultation excludes nothing; one of before keeps the period open."""
    late: Step = ("consult_third_party", 35, {"consultation": 1, "reached_on": 35})
    walk = Walk().must(*ASSIGNED, late, ("file_review", 36, {}))
    assert "premature" not in warned(walk, 37)
    early: Step = ("consult_third_party", 27, {"consultation": 1, "reached_on": 27})
    walk = Walk().must(*ASSIGNED, early, ("file_review", 30, {}))
    assert "premature" in warned(walk, 31)


def test_partial_reply_sued_at_once_is_warned_of() -> None:
    """law.md §6.9: over a refusal under 条例14 to 16, whole or in part."""
    partial: list[Step] = [
        (
            name,
            after,
            {
                "outcome": "partial",
                "ground": "身份证号码属于个人隐私，已遮盖",
                "redaction": "遮盖身份证号",
            },
        )
        if name == "propose_outcome"
        else (name, after, fields)
        for name, after, fields in SERVED
    ]
    walk = Walk().must(*partial, ("file_suit", 29, {"via": "direct"}))
    assert "sued_without_review_first" in warned(walk, 30)


def test_suit_after_review_is_late_from_the_sixteenth_day() -> None:
    """行政诉讼法45: 15 days from the receipt of the decision, which end on no rest day."""
    steps: list[Step] = [
        *REFUSED, ("file_review", 30, {}), ("conclude_review", 60, {"result": "upheld", "reached_on": 62}),
    ]  # fmt: skip
    # the 15th day after 5 May 2024 is 20 May, a Monday
    for filed, late in ((77, False), (78, True)):
        walk = Walk().must(*steps, ("file_suit", filed, {"via": "after_review"}))
        assert ("out_of_time" in warned(walk, filed)) == late


@pytest.mark.parametrize(("filed", "late"), [(88, False), (89, True)])
def test_review_against_silence_has_60_days_from_the_day_after_the_period(
    filed: int, late: bool
) -> None:
    """行政复议法20; the 60th day after 1 April 2024 is 31 May."""
    walk = Walk().must(*ASSIGNED, ("file_review", filed, {}))
    assert ("out_of_time" in warned(walk, filed)) == late


def test_posted_reply_of_unknown_arrival_makes_nobody_late() -> None:
    """law.md §1.1: the days run from the arrival, which nobody told."""
    posted: Step = ("serve", 14, {"method": "mail", "posted_on": 14, "carrier": "EMS"})
    walk = Walk().must(*READY, posted, ("file_review", 200, {}))
    assert "out_of_time" not in warned(walk, 200)


# -- the body's days --------------------------------------------------------------------------------------


def due_of(name: str, filed: date, copy: date | None = None, **fields: Any) -> Proceeding:
    """What is known of a proceeding against a reply that was served in 2022."""
    walk = Walk().must(*SERVED)
    fields |= {"via": "direct"} if name == "file_suit" else {}
    if copy:
        fields["copy_received_on"] = copy
    walk.must((name, (filed - MONDAY).days, fields))
    (one,) = walk.case.facts.proceedings.values()
    return one


def test_days_to_answer_run_from_the_copy_not_from_the_filing() -> None:
    """行政复议法48, 54, 88(2); 行政诉讼法67. 29 September and 12 October 2024 were worked."""
    filed, copy = date(2024, 9, 10), date(2024, 9, 26)
    assert due_of("file_review", filed, copy).answer_due == date(2024, 10, 15)
    assert due_of("file_review", filed, copy, summary=True).answer_due == date(2024, 10, 9)
    assert due_of("file_suit", filed, date(2024, 9, 17)).answer_due == date(2024, 10, 8)
    assert due_of("file_suit", filed, date(2024, 9, 9 + 1)).answer_due == date(2024, 9, 25)


def test_without_the_day_of_the_copy_the_day_is_provisional() -> None:
    """law.md §1.1: shown from the filing, and the page asks for the day."""
    told = due_of("file_review", date(2024, 9, 26), date(2024, 9, 26))
    untold = due_of("file_review", date(2024, 9, 26))
    assert told.answer_due == untold.answer_due == date(2024, 10, 15)
    assert (told.provisional, untold.provisional) == (False, True)
    walk = Walk().must(*SERVED, ("file_review", 30, {}))
    assert "暂从提出之日起算" in warned(walk, 31)["answer_to_review_or_court"]


@pytest.mark.parametrize(
    ("copy", "summary", "due"),
    [
        (date(2023, 12, 29), False, date(2024, 1, 8)),  # 10 calendar days
        (date(2023, 12, 29), True, date(2024, 1, 8)),  # no summary procedure before 2024
        (date(2023, 12, 27), False, date(2024, 1, 8)),  # the 10th day is a Saturday
        (date(2024, 1, 1), False, date(2024, 1, 15)),  # 10 working days
        (date(2024, 1, 1), True, date(2024, 1, 8)),
    ],
)
def test_before_2024_the_ten_days_are_calendar_days(copy: date, summary: bool, due: date) -> None:
    """行政复议法（2017）23, by the day of receipt of the copy."""
    assert review_answer_due(copy, summary, RULES) == due


def test_summary_before_2024_is_ignored_with_a_word() -> None:
    walk = Walk()
    walk.case.apply(
        event("receive", -300, channel="in_person"), CLERK, today=day(900), recorded_at=MOMENT
    )
    walk.must(("file_review", -100, {"summary": True, "copy_received_on": -98}))
    assert "没有简易程序" in warned(walk, -97)["answer_to_review_or_court"]


@pytest.mark.parametrize(
    ("result", "due"),
    [
        ("claim_dismissed", date(2024, 7, 16)), ("quashed", date(2024, 7, 16)),
        ("dismissed_inadmissible", date(2024, 7, 11)), ("not_filed", date(2024, 7, 11)),
        ("withdrawn", None), ("terminated", None),
    ],
)  # fmt: skip
def test_appeal_has_15_days_against_a_judgment_and_10_against_a_ruling(
    result: str, due: date | None
) -> None:
    """行政诉讼法85, from the day on which the paper was received."""
    received = (date(2024, 7, 1) - MONDAY).days
    ends = {"result": result, "judgment_received_on": received}
    walk = Walk().must(
        *SERVED, ("file_suit", 30, {"via": "direct"}), ("conclude_suit", received, ends)
    )
    assert found(walk, "suit").appeal_due == due


def test_second_instance_is_final() -> None:
    """行政诉讼法88."""
    steps: list[Step] = [
        *SERVED,
        ("file_suit", 30, {"via": "direct"}),
        ("conclude_suit", 60, {"result": "claim_dismissed", "judgment_received_on": 60}),
        ("file_suit", 65, {"via": "direct", "instance": "appeal"}),
        ("conclude_suit", 90, {"result": "quashed", "judgment_received_on": 90}),
    ]
    walk = Walk().must(*steps)
    assert walk.case.facts.proceedings[("suit", 2)].appeal_due is None
    assert "appeal_runs" not in warned(walk, 91)


def test_opinion_of_the_review_organ_is_answered_within_60_days() -> None:
    """行政复议法76: 60 days, ending on no rest day."""
    steps: list[Step] = [
        *SERVED, ("file_review", 30, {}),
        ("conclude_review", 60, {"result": "upheld", "opinion_received_on": 60}),
    ]  # fmt: skip
    walk = Walk().must(*steps)
    assert found(walk, "review").report_due == date(2024, 7, 2)  # 3 May and 60 days
    assert "2024 年 7 月 2 日" in warned(walk, 61)["report_on_the_opinion"]


def test_proceeding_goes_into_the_row_and_comes_back() -> None:
    walk = Walk().must(
        *SERVED,
        ("file_suit", 30, {"via": "direct", "copy_received_on": 33}),
        ("conclude_suit", 60, {"result": "claim_dismissed", "judgment_received_on": 61}),
    )
    one = found(walk, "suit")
    assert proceeding_of(proceeding_entry(one)) == one
    before = {k: v for k, v in proceeding_entry(one).items() if k in OLD_FIELDS}
    assert proceeding_of(before).by == "applicant"  # a store of before


# -- new replies ------------------------------------------------------------------------------------------


def test_order_without_a_day_counts_from_the_receipt_of_the_decision() -> None:
    """law.md §1.1: `redo_default_days` working days after the paper was received."""
    ended = {"result": "quashed", "reached_on": 42}
    steps: list[Step] = [*SERVED, ("file_review", 20, {}), ("conclude_review", 40, ended)]
    walk = Walk().must(*steps, ("order_redo", 45, {}))
    calendar = walk.case.rules.calendar
    assert walk.case.facts.redo_due == calendar.add(day(42), 20)
    short = Walk(redo_default_days=10).must(*steps, ("order_redo", 45, {}))
    assert short.case.facts.redo_due == calendar.add(day(42), 10)
    told = Walk().must(*steps, ("order_redo", 45, {"due": 60}))
    assert told.case.facts.redo_due == day(60)


def test_who_never_answered_is_ordered_to_answer_in_the_same_case() -> None:
    """行政复议法66: the request is still open, so its own reply is due on the ordered day."""
    walk = Walk().must(
        *ASSIGNED,
        ("file_review", 30, {}),
        ("conclude_review", 60, {"result": "ordered_to_perform", "reached_on": 60}),
        ("order_redo", 60, {"due": 71}),
    )
    assert walk.case.deadlines.reply_due == day(71)
    assert walk.case.state == "processing"
    assert "overdue" not in warned(walk, 70)


@pytest.mark.parametrize(
    ("conclude", "received"),
    [("conclude_review", "reached_on"), ("conclude_suit", "judgment_received_on")],
)
def test_order_that_is_registered_late_counts_from_the_decision_all_the_same(
    conclude: str, received: str
) -> None:
    """law.md §1.1: redo_default_days from receipt, in the case itself and in a linked one."""
    filed: Step = (
        ("file_review", 30, {})
        if conclude == "conclude_review"
        else ("file_suit", 30, {"via": "direct"})
    )
    walk = Walk().must(
        *ASSIGNED,
        filed,
        (conclude, 60, {"result": "ordered_to_perform", received: 60}),
        ("order_redo", 66, {}),
    )
    assert walk.case.deadlines.reply_due == walk.case.rules.calendar.add(day(60), 20)
    assert walk.case.facts.redo_due == walk.case.deadlines.reply_due


def test_paper_dates_still_contradict_each_other() -> None:
    walk = Walk().must(*SERVED, ("file_review", 30, {}))
    done = walk.do("conclude_review", 29, result="upheld")
    assert isinstance(done, Refusal) and done.field == "on"
    assert "2024 年 4 月 3 日" in done.message


def test_day_of_the_copy_is_told_later_by_a_correction() -> None:
    """law.md §7A: computed anew; the days to answer run from the day that was told."""
    walk = Walk().must(*SERVED, ("file_review", 30, {}))
    line = walk.case.log[-1].seq
    told = {"copy_received_on": day(35).isoformat()}
    done = walk.do(
        "correct_entry", 40, seq=line, fields=told, reason="收文登记", second_person="lifang"
    )
    assert isinstance(done, Logged), done
    one = found(walk, "review")
    assert not one.provisional and one.answer_due == walk.case.rules.calendar.add(day(35), 10)
    assert "copy_day_unknown" not in warned(walk, 41)
