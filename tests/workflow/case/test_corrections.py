"""Wrong entries put right (law.md §7A): computed anew from the log, both values kept, nothing undone."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflow.case.walk import ASSIGNED, MONDAY, RECEIVED, SERVED, TODAY, Walk
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Actor, Logged
from workflow.refusal import Refusal

OTHER = Actor("zhaomin", frozenset(("clerk",)))


def put_right(walk: Walk, seq: int, *, by: Actor = OTHER, **fields: Any) -> Logged | Refusal:
    """The correction of a line, confirmed by somebody who has nothing to do with it."""
    said = {key: v.isoformat() if isinstance(v, date) else v for key, v in fields.items()}
    event = ev.parse(
        "correct_entry",
        {"on": TODAY, "seq": seq, "fields": said, "reason": "录错", "second_person": "wangqiang"},
    )
    return walk.case.apply(event, by, today=TODAY, recorded_at=walk.case.written[0].recorded_at)


def test_receipt_day_is_put_right_and_the_period_counted_anew() -> None:
    """条例31, 33(2): 20 working days from the day after the right day of receipt."""
    wrong, right = Walk().must(*ASSIGNED), Walk().must(*RECEIVED)
    earlier = MONDAY - timedelta(3)
    assert isinstance(put_right(wrong, 1, on=earlier), Logged)
    assert wrong.case.received_on == earlier
    event = ev.parse("receive", {"on": earlier, "channel": "in_person"})
    twin = Case(right.case.header, right.case.rules)
    twin.apply(event, OTHER, today=TODAY, recorded_at=right.case.log[0].recorded_at)
    assert wrong.case.deadlines.reply_due == twin.deadlines.reply_due


def test_old_and_right_value_both_stay_in_the_log() -> None:
    walk = Walk().must(*ASSIGNED)
    put_right(walk, 1, on=MONDAY - timedelta(3))
    assert walk.case.written[0].event.on == MONDAY
    first = walk.case.log[0]
    assert (first.event.on, first.typed and first.typed.on) == (MONDAY - timedelta(3), MONDAY)
    assert [line.event.name for line in walk.case.log] == ["receive", "assign", "correct_entry"]


def test_served_day_is_put_right() -> None:
    """235号: the day of service ends the period, so whether it was in time follows the right day."""
    walk = Walk().must(*SERVED)
    assert walk.case.deadlines.on_time is True
    late = MONDAY + timedelta(60)
    assert isinstance(put_right(walk, len(walk.case.log), on=late, signed_on=late), Logged)
    assert walk.case.facts.closed_on == walk.case.deadlines.service_effective_date == late
    assert walk.case.deadlines.on_time is False


def test_extension_is_taken_back_and_the_old_last_day_holds_again() -> None:
    """条例33(2)."""
    walk = Walk().must(*ASSIGNED)
    before = walk.case.deadlines.reply_due
    walk.must(("extend", 3, {"days": 20, "reached_on": 3}))
    assert walk.case.deadlines.reply_due != before
    assert isinstance(put_right(walk, 3, taken_back=True), Logged)
    assert walk.case.deadlines.reply_due == before
    assert walk.case.facts.extensions == 0
    again = walk.do("extend", 4, days=5, reached_on=4)
    assert isinstance(again, Logged) and again.seq == 5


def test_what_was_taken_back_by_mistake_holds_again() -> None:
    walk = Walk().must(*ASSIGNED, ("extend", 3, {"days": 20, "reached_on": 3}))
    due = walk.case.deadlines.reply_due
    put_right(walk, 3, taken_back=True)
    assert isinstance(put_right(walk, 3, taken_back=False), Logged)
    assert walk.case.deadlines.reply_due == due


def test_last_step_taken_back_leads_back_to_the_state_before() -> None:
    walk = Walk().must(*SERVED)
    put_right(walk, len(walk.case.log), taken_back=True)
    assert (walk.case.state, walk.case.facts.served) == ("ready", None)
    walk = Walk().must(*RECEIVED, ("void", 1, {"reason": "误", "second_person": "甲"}))
    put_right(walk, 2, taken_back=True)
    assert walk.case.state == "registered"


def test_step_on_which_a_later_one_stands_is_not_taken_back() -> None:
    for steps, seq in ((SERVED, 1), (ASSIGNED, 1)):
        refusal = put_right(Walk().must(*steps), seq, taken_back=True)
        assert isinstance(refusal, Refusal)
        assert (refusal.rule, refusal.field) == ("not_in_this_state", "seq")
        assert "第 2 条" in refusal.message
    consulted = Walk().must(
        *ASSIGNED,
        ("consult_third_party", 3, {"consultation": 1, "reached_on": 3}),
        ("record_opinion", 5, {"consultation": 1, "opinion": "agrees"}),
    )
    assert isinstance(put_right(consulted, 3, taken_back=True), Refusal)


def test_no_entry_is_moved_before_what_it_follows() -> None:
    walk = Walk().must(*SERVED)
    refusal = put_right(walk, 3, on=MONDAY - timedelta(1))
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.field) == ("bad_field", "fields.on")


def test_what_a_wrong_entry_had_allowed_is_listed_and_not_undone() -> None:
    """条例33(2): by the right day of receipt the extension came after the last day."""
    walk = Walk().must(*ASSIGNED, ("extend", 3, {"days": 20, "reached_on": 3}))
    assert walk.case.findings() == []
    put_right(walk, 1, on=MONDAY - timedelta(45))
    assert walk.case.facts.extensions == 1
    (finding,) = walk.case.findings()
    assert (finding.seq, finding.event) == (3, "extend")


def test_entry_that_was_dated_before_the_right_receipt_is_a_finding() -> None:
    walk = Walk().must(*ASSIGNED)
    put_right(walk, 1, on=MONDAY + timedelta(7))
    assert [finding.seq for finding in walk.case.findings()] == [2]


def test_second_person_is_neither_who_corrects_nor_who_typed() -> None:
    walk = Walk().must(*ASSIGNED)
    typist = Actor("wangqiang", frozenset(("clerk",)))
    same = put_right(walk, 1, by=typist, on=MONDAY - timedelta(3))
    assert isinstance(same, Refusal) and same.rule == "same_person"
    event = ev.parse(
        "correct_entry",
        {"on": TODAY, "seq": 1, "fields": {"on": "2024-03-01"}, "reason": "录错", "second_person": "clerk"},
    )  # fmt: skip
    typed = walk.case.apply(event, OTHER, today=TODAY, recorded_at=walk.case.log[0].recorded_at)
    assert isinstance(typed, Refusal) and typed.field == "second_person"


@pytest.mark.parametrize(
    ("seq", "fields", "field"),
    [
        (9, {"on": "2024-03-01"}, "seq"),
        (1, {"event": "submit"}, "fields.event"),
        (1, {"colour": "red"}, "fields.colour"),
        (1, {"on": "2024-02-31"}, "fields.on"),
        (1, {"channel": "pigeon"}, "fields.channel"),
        (1, {"channel": None}, "fields.channel"),
        (1, {"on": "2024-03-04"}, "fields"),
        (1, {"taken_back": "yes"}, "fields.taken_back"),
        (1, {"taken_back": True, "on": "2024-03-01"}, "fields.taken_back"),
    ],
)
def test_correction_says_what_is_wrong_with_it_at_its_field(
    seq: int, fields: dict[str, Any], field: str
) -> None:
    refusal = put_right(Walk().must(*ASSIGNED), seq, **fields)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.field) == ("bad_field", field)


def test_correction_of_a_correction_corrects_the_entry_itself() -> None:
    walk = Walk().must(*ASSIGNED)
    put_right(walk, 1, on=MONDAY - timedelta(3))
    refusal = put_right(walk, 3, on=MONDAY)
    assert isinstance(refusal, Refusal) and "第 1 条" in refusal.allowed_when
    assert isinstance(put_right(walk, 1, on=MONDAY - timedelta(4)), Logged)
    assert walk.case.received_on == MONDAY - timedelta(4)


def test_case_is_read_back_from_its_log_with_its_corrections() -> None:
    walk = Walk().must(*SERVED)
    put_right(walk, 1, on=MONDAY - timedelta(3))
    put_right(walk, 3, note="核对过")
    again = Walk()
    again.case = Case.replayed(walk.case.header, walk.case.rules, walk.case.written)
    assert again.snapshot() == walk.snapshot()


def test_a_signed_answer_is_not_changed_by_correcting_its_draft() -> None:
    """条例36、行政诉讼法62: another answer needs its own review and signature; its words may be put right."""
    walk = Walk().must(*SERVED)
    draft = next(line.seq for line in walk.case.log if line.event.name == "propose_outcome")
    refused = put_right(walk, draft, outcome="petition")
    assert isinstance(refused, Refusal)
    assert (refused.rule, refused.field) == ("already_done", "fields")
    assert "自行更正或重新答复" in refused.allowed_when
    assert isinstance(put_right(walk, draft, reason="合同共三份，全部提供"), Logged)
