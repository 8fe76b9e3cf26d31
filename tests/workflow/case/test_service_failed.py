"""A reply that did not reach the applicant is served again (国办公开办函〔2016〕235号; law.md §3.7)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.case.guards.walked import refused
from tests.workflow.case.walk import MOMENT, MONDAY, READY, RECEIVED, SERVED, Step, Walk
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Logged
from workflow.case.row import projection
from workflow.clock import Deadlines
from workflow.reminders.watched import watched_days
from workflow.store.models import EventRow
from workflow.store.restored import logged_of

POSTED: list[Step] = [*READY, ("serve", 14, {"method": "mail", "posted_on": 14, "carrier": "ems"})]
FAILED: dict[str, Step] = {
    "service_failed": ("service_failed", 20, {"reason": "邮件退回：查无此人"}),
    "record_delivery": ("record_delivery", 20, {"of": "serve", "returned_on": 20, "reason": "查无此人"}),
}  # fmt: skip


@pytest.mark.parametrize("by", FAILED)
@pytest.mark.parametrize("archived", [False, True])
def test_failed_service_opens_the_reply_again(by: str, archived: bool) -> None:
    walk = Walk().must(*POSTED, *([("archive", 18, {})] if archived else []), FAILED[by])
    case = walk.case
    assert case.state == "ready"
    assert (case.facts.served, case.facts.closed_on, case.row) == (None, None, None)
    due: Deadlines = case.deadlines
    assert (due.clock, due.service_effective_date, due.on_time) == ("running", None, None)
    assert case.facts.outcome == "supplied", "what was signed is what is served again"
    assert projection(case)["closed_on"] is None
    assert sum(line.event.name == "serve" for line in case.log) == 1, "the first stays in the log"


@pytest.mark.parametrize("by", FAILED)
def test_second_service_is_the_one_that_counts(by: str) -> None:
    walk = Walk().must(*POSTED, FAILED[by])
    early = refused(walk, "serve", 19, method="direct", signed_on=19)
    assert early[0] in ("bad_field", "too_early"), "not before the first came back"
    walk.must(("serve", 40, {"method": "direct", "signed_on": 40}))
    due = walk.case.deadlines
    assert due.service_effective_date == MONDAY + timedelta(40)
    assert due.on_time is False
    assert walk.case.facts.closed_on == MONDAY + timedelta(40)
    assert isinstance(walk.do("archive", 60), Logged)


@pytest.mark.parametrize("by", FAILED)
def test_somebody_is_reminded_until_it_is_served_again(by: str) -> None:
    walk = Walk().must(*POSTED, FAILED[by])
    kinds = {one.kind: one.day for one in watched_days(walk.case)}
    assert kinds["service_failed"] == MONDAY + timedelta(20)
    assert "reply" in kinds and "send" not in kinds
    walk.must(("serve", 21, {"method": "direct", "signed_on": 21}))
    assert watched_days(walk.case) == ()


def test_posting_day_of_a_returned_letter_stands_where_the_setting_says_so() -> None:
    """returned_mail: refused by the applicant, or sent to the applicant's own wrong address."""
    walk = Walk(returned_mail="posting_day_stands").must(*POSTED, FAILED["record_delivery"])
    assert walk.case.state == "served"
    assert walk.case.facts.closed_on == MONDAY + timedelta(14)


def test_try_that_failed_before_any_service_leaves_the_reply_to_be_served() -> None:
    walk = Walk().must(*READY, ("service_failed", 12, {"reason": "申请人不在家"}))
    assert walk.case.state == "ready"
    assert isinstance(walk.do("serve", 14, method="direct", signed_on=14), Logged)


@pytest.mark.parametrize(
    "before",
    [[*RECEIVED, ("withdraw", 3, {"by": "applicant"}), ("archive", 4, {})], RECEIVED],
    ids=["closed without a reply", "not answered yet"],
)
def test_what_was_never_served_cannot_fail(before: list[Step]) -> None:
    assert (
        refused(Walk().must(*before), "service_failed", 5, reason="退回")[0] == "not_in_this_state"
    )


def test_line_of_an_older_log_was_a_remark_and_stays_one() -> None:
    """A store of before verifies: the case stays answered, and its archiving folds."""
    walk = Walk().must(*SERVED)
    fields: dict[str, Any] = {"reason": "第二次投递才成功", "service": 0}
    old = Walk().must(*SERVED, ("service_failed", 20, {"reason": "第二次投递才成功"})).case.log[-1]
    line = Logged(
        old.seq, old.event.model_copy(update=fields), old.actor, old.role, old.recorded_at
    )
    case = Case.replayed(walk.case.header, walk.case.rules, [*walk.case.log, line])
    assert (case.state, case.facts.closed_on) == ("served", MONDAY + timedelta(14))
    assert case.deadlines.on_time is True


def test_line_of_an_older_store_is_read_as_a_remark() -> None:
    """What a line says of the service stays; one of before says nothing of it."""
    common: dict[str, Any] = {
        "seq": 1, "event": "service_failed", "on": MONDAY, "actor": "clerk", "role": "clerk",
        "recorded_at": MOMENT, "filled": [],
    }  # fmt: skip
    for fields, service in (({"reason": "退回"}, 0), ({"reason": "退回", "service": 2}, 2)):
        event = logged_of(EventRow(**common, fields=fields)).event
        assert isinstance(event, ev.ServiceFailed)
        assert event.service == service


def test_engine_says_which_service_failed() -> None:
    """Whatever is told of it: 0 is a try before any service."""
    direct = {"method": "direct", "signed_on": 21}
    failed: dict[str, Any] = {"reason": "退回", "service": 7}
    walk = Walk().must(*READY, ("service_failed", 12, failed), *POSTED[len(READY) :])
    walk.must(("service_failed", 20, failed), ("serve", 21, direct), ("service_failed", 22, failed))
    said = [e.service for e in walk.case.events if isinstance(e, ev.ServiceFailed)]
    assert said == [0, 1, 2]
