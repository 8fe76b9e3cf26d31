"""Papers that go out, and what became of them (law.md §3.7A): the days on which each is possible, and the
field to blame."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.case.guards.walked import DUE, accepted, refused, told
from tests.workflow.case.walk import ASSIGNED, MONDAY, READY, RECEIVED, SERVED, Step, Walk
from workflow.refusal import Refusal

POSTED: list[Step] = [*READY, ("serve", 14, {"method": "mail", "posted_on": 14, "carrier": "ems"})]
SENT: list[Step] = [*READY, ("serve", 14, {"method": "electronic", "sent_on": 14})]
EXTENDED: list[Step] = [*ASSIGNED, ("extend", 5, {"days": 5, "sent_on": 6})]
ASKED_TWICE: list[Step] = [
    *ASSIGNED,
    ("consult_third_party", 2, {"consultation": 1}),
    ("consult_third_party", 4, {"consultation": 2}),
]
WHOSE = {"of": "consult_third_party"}


# -- the paper itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"sent_on": 4}, "sent_on"), ({"sent_on": 6, "reached_on": 5}, "reached_on"),
     ({"sent_on": 5, "reached_on": 4}, "reached_on")],
)  # fmt: skip
def test_paper_is_decided_then_sent_then_received(fields: dict[str, int], field: str) -> None:
    """条例33(2): the applicant is told of an extension after it was granted."""
    found = refused(Walk().must(*ASSIGNED), "extend", 5, days=5, **fields)
    assert found == ("bad_field", field)


def test_paper_may_be_decided_sent_and_received_on_one_day() -> None:
    assert accepted(Walk().must(*ASSIGNED), "extend", 5, days=5, sent_on=5, reached_on=5)


def test_correction_tells_what_is_unclear() -> None:
    """条例30: 一次性告知."""
    silent = refused(Walk().must(*RECEIVED), "require_correction", 2, reached_on=2, defects=[])
    assert silent == ("missing_evidence", "defects")


def test_notice_of_a_fee_goes_out_on_the_last_day_of_the_period_and_not_later() -> None:
    """条例42; 国办函〔2020〕109号: the day of sending counts, and else that of the notice."""

    def walk() -> Walk:
        return Walk(fee_policy="by_page").must(*ASSIGNED)

    assert accepted(walk(), "charge_fee", DUE, pages=57)
    assert accepted(walk(), "charge_fee", DUE - 1, pages=57, sent_on=DUE)
    assert refused(walk(), "charge_fee", DUE + 1, pages=57) == ("too_late", "on")
    late = refused(walk(), "charge_fee", DUE - 1, pages=57, sent_on=DUE + 1)
    assert late == ("too_late", "sent_on")


# -- what became of it -----------------------------------------------------------------------------------


def test_what_became_of_a_paper_is_registered_after_one_went_out() -> None:
    assert told(Walk().must(*ASSIGNED), "record_delivery", 5) == "not_in_this_state"
    assert told(Walk().must(*EXTENDED), "record_delivery", 9) is None


@pytest.mark.parametrize("of", ["serve", "assign", "no_such_paper"])
def test_only_a_paper_that_went_out_arrives(of: str) -> None:
    """An assignment is no paper; a reply that was not served has not gone out."""
    found = refused(Walk().must(*EXTENDED), "record_delivery", 9, of=of, reached_on=9)
    assert found == ("bad_field", "of")


def test_paper_of_a_consultation_is_that_of_its_number() -> None:
    """条例32."""
    walk = Walk().must(*ASKED_TWICE)
    done = walk.do("record_delivery", 9, consultation=3, reached_on=9, **WHOSE)
    assert isinstance(done, Refusal)
    assert done.message == "没有发出过第 3 次征求意见的“征求第三方意见”的文书"
    other = refused(walk, "record_delivery", 9, of="consult_joint_agency", consultation=1, reached_on=9)  # fmt: skip
    assert other == ("bad_field", "of")
    for number in (1, 2):
        assert accepted(walk, "record_delivery", 9, consultation=number, reached_on=9, **WHOSE)


def test_letter_that_names_no_number_is_the_last_that_was_sent() -> None:
    """条例32: the first went out on day 2, the second on day 4."""
    walk = Walk().must(*ASKED_TWICE)
    assert refused(walk, "record_delivery", 9, reached_on=3, **WHOSE) == ("bad_field", "reached_on")
    assert accepted(walk, "record_delivery", 9, consultation=1, reached_on=3, **WHOSE)
    assert accepted(walk, "record_delivery", 9, reached_on=4, **WHOSE)
    assert refused(walk, "record_delivery", 9, reached_on=4, **WHOSE) == ("already_done", None)


@pytest.mark.parametrize("days", [{}, {"reached_on": 9, "returned_on": 9}])
def test_paper_either_arrived_or_came_back(days: dict[str, int]) -> None:
    found = refused(Walk().must(*EXTENDED), "record_delivery", 9, of="extend", **days)
    assert found == ("bad_field", "reached_on")


@pytest.mark.parametrize("field", ["reached_on", "returned_on"])
def test_paper_arrives_or_comes_back_on_the_day_of_sending_or_later(field: str) -> None:
    """The day of sending, not that of the decision, is the first possible."""
    walk = Walk().must(*EXTENDED)
    assert refused(walk, "record_delivery", 9, of="extend", **{field: 5}) == ("bad_field", field)
    assert accepted(walk, "record_delivery", 9, of="extend", **{field: 6})


def test_arrival_is_told_once_and_a_wrong_one_is_corrected() -> None:
    arrived: Step = ("record_delivery", 9, {"of": "extend", "reached_on": 8})
    walk = Walk().must(*EXTENDED, arrived)
    done = walk.do("record_delivery", 10, of="extend", reached_on=9)
    assert isinstance(done, Refusal)
    assert (done.rule, done.field) == ("already_done", None)
    assert "更正登记" in done.allowed_when
    assert accepted(walk, "record_delivery", 10, of="extend", returned_on=9)


def test_arrival_of_a_reply_that_was_signed_for_is_not_told_again() -> None:
    """国办公开办函〔2016〕235号: handed over against a signature, in person or by another's hand."""
    entrusted = [*READY, ("serve", 14, {"method": "entrusted", "signed_on": 14})]
    for handed in (SERVED, entrusted):
        found = refused(Walk().must(*handed), "record_delivery", 16, of="serve", reached_on=16)
        assert found == ("already_done", None)


def test_letter_comes_back_although_an_arrival_was_told() -> None:
    """law.md §3.7A: somebody else may have signed the slip."""
    posted: dict[str, Any] = {"method": "mail", "posted_on": 14, "carrier": "ems", "signed_on": 16}
    walk = Walk().must(*READY, ("serve", 16, posted))
    again = refused(walk, "record_delivery", 18, of="serve", reached_on=17)
    assert again == ("already_done", None)
    assert accepted(walk, "record_delivery", 18, of="serve", returned_on=18)
    assert accepted(Walk().must(*POSTED), "record_delivery", 18, of="serve", reached_on=17)


def test_arrival_of_what_was_sent_electronically_is_told_once_if_it_was_only_presumed() -> None:
    """国办公开办函〔2016〕235号: in effect from the day of sending; when it was read may be told later."""
    walk = Walk().must(*SENT)
    assert accepted(walk, "record_delivery", 18, of="serve", reached_on=15)
    read: dict[str, Any] = {"method": "electronic", "sent_on": 14, "reached_on": 14}
    known = Walk().must(*READY, ("serve", 14, read))
    assert refused(known, "record_delivery", 18, of="serve", reached_on=15) == (
        "already_done",
        None,
    )


def test_arrival_of_an_electronic_reply_is_presumed_once_and_then_told_once() -> None:
    """law.md §1.1: it arrived on the sending day where nothing else is known."""
    sent: dict[str, Any] = {"method": "electronic", "sent_on": MONDAY + timedelta(14)}
    walk = Walk().must(*READY, ("serve", 14, sent))
    assert accepted(walk, "record_delivery", 16, of="serve", reached_on=15)
    again = refused(walk, "record_delivery", 17, of="serve", reached_on=16)
    assert again == ("already_done", None)
