"""A timeline believes nothing: what is impossible moves no day and is named (law.md §3.1(9))."""

from typing import Any

import pytest

from workflow.docket.timeline import explain
from workflow.refusal import BadInput

RECEIVED = {"event": "receive", "on": "2024-05-06", "channel": "in_person"}
ASKED = {
    "event": "require_correction", "on": "2024-05-08", "reached_on": "2024-05-08", "period_days": 5,
}  # fmt: skip


def explained(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return explain({"events": [RECEIVED, *events], **more})


def ignored(found: dict[str, Any]) -> list[str]:
    return [one["event"] for one in found.get("ignored", ())]


@pytest.mark.parametrize(
    ("event", "before"),
    [
        ("lapse_correction", []),
        ("lapse_fee", []),
        ("lapse_correction", [ASKED]),
        ("lapse_correction", [{**ASKED, "reached_on": None}]),
        (
            "lapse_fee",
            [{"event": "charge_fee", "on": "2024-05-08", "mode": "by_page", "pages": 57}],
        ),
    ],
)
def test_nothing_lapses_that_was_not_asked_or_is_not_over(
    event: str, before: list[dict[str, Any]]
) -> None:
    """条例30; 国办函〔2020〕109号6: not asked for, not over, or the arrival unknown: the case goes on."""
    told = [{k: v for k, v in one.items() if v is not None} for one in before]
    found = explained(*told, {"event": event, "on": "2024-05-14"})
    assert ignored(found) == [event]
    assert found["clock"] != "ended"


def test_lapse_after_the_last_day_ends_the_clock() -> None:
    found = explained(ASKED, {"event": "lapse_correction", "on": "2024-05-15"})
    assert (found["clock"], found["correction_due"]) == ("ended", "2024-05-14")
    assert not ignored(found)


def test_consultations_without_a_number_are_numbered_in_their_order() -> None:
    """条例33(3): a number that is left out is the next one (contracts/events.json)."""
    found = explained(
        {"event": "consult_third_party", "on": "2024-05-08", "reached_on": "2024-05-08"},
        {"event": "consult_joint_agency", "on": "2024-05-10", "reached_on": "2024-05-10"},
        {"event": "record_opinion", "on": "2024-05-14", "consultation": 1},
        {"event": "record_opinion", "on": "2024-05-16", "consultation": 2},
    )
    assert found["party_deadlines"] == ["2024-05-28", "2024-05-30"]
    assert found["reply_due"] == "2024-06-12"
    assert not ignored(found)


def test_number_left_out_does_not_open_one_that_is_open() -> None:
    open_one = {"on": "2024-05-08", "reached_on": "2024-05-08"}
    with pytest.raises(BadInput) as error:
        explained(
            {"event": "consult_third_party", **open_one, "consultation": 2},
            {"event": "consult_joint_agency", **open_one},
        )
    assert [one.field for one in error.value.errors] == ["events.2.consultation"]


def test_confirmation_before_the_submission_is_an_error_wherever_the_submission_stands() -> None:
    """条例31(3)."""
    with pytest.raises(BadInput) as error:
        explain(
            {
                "events": [
                    {"event": "submit", "on": "2024-05-08", "channel": "portal"},
                    {**RECEIVED, "channel": "portal", "confirmed_on": "2024-05-06"},
                ]
            }
        )
    assert [one.field for one in error.value.errors] == ["events.1.confirmed_on"]


def test_day_fixed_for_a_correction_binds_nobody_whom_the_letter_reached_later() -> None:
    """条例30: the applicant's period is after the arrival; one that had passed by then is the usual one."""
    notice = {"event": "require_correction", "on": "2024-05-08", "deadline_on": "2024-05-17"}
    came = {
        "event": "record_delivery", "on": "2024-05-20", "of": "require_correction",
        "reached_on": "2024-05-20",
    }  # fmt: skip
    assert explained(notice, came)["correction_due"] == "2024-06-11"
    in_time = {**came, "on": "2024-05-16", "reached_on": "2024-05-16"}
    assert explained(notice, in_time)["correction_due"] == "2024-05-17"


CHARGED = {
    "event": "charge_fee", "on": "2024-05-20", "reached_on": "2024-05-21", "mode": "by_page", "pages": 57,
}  # fmt: skip
ASKED_OPINION = {
    "event": "consult_third_party", "on": "2024-05-08", "consultation": 1, "reached_on": "2024-05-08",
}  # fmt: skip
SILENCE = {"event": "record_opinion", "consultation": 1, "opinion": "none"}
EXTENDED = {"event": "extend", "on": "2024-05-20", "days": 10}


@pytest.mark.parametrize(
    ("events", "named"),
    [
        ([CHARGED, {**CHARGED, "on": "2024-05-22", "reached_on": "2024-05-23"}], ["charge_fee"]),
        ([CHARGED, {"event": "pay_fee", "on": "2024-06-20"}], ["pay_fee"]),
        ([CHARGED, {"event": "pay_fee", "on": "2024-06-19"}], []),
        ([ASKED_OPINION, {**SILENCE, "on": "2024-05-28"}], ["record_opinion"]),
        ([ASKED_OPINION, {**SILENCE, "on": "2024-05-29"}], []),
        ([{**ASKED_OPINION, "reached_on": None}, {**SILENCE, "on": "2024-06-20"}], ["record_opinion"]),
        ([{"event": "reroute", "on": "2024-05-08", "to": "县局"}], ["reroute"]),
        ([{"event": "record_delivery", "on": "2024-05-08", "of": "extend", "reached_on": "2024-05-08"}],
         ["record_delivery"]),
        ([EXTENDED, {"event": "record_delivery", "on": "2024-05-22", "of": "extend"}], ["record_delivery"]),
        ([EXTENDED, {"event": "record_delivery", "on": "2024-05-22", "of": "extend",
                     "reached_on": "2024-05-17"}], ["record_delivery"]),
        ([EXTENDED, {"event": "record_delivery", "on": "2024-05-22", "of": "extend",
                     "reached_on": "2024-05-21"}], []),
    ],
)  # fmt: skip
def test_double_early_and_stray_events_are_named(
    events: list[dict[str, Any]], named: list[str]
) -> None:
    """条例31, 32, 36(5); 国办函〔2020〕109号3, 6; law.md §3.1(9)."""
    told = [{k: v for k, v in one.items() if v is not None} for one in events]
    assert ignored(explained(*told)) == named


def test_silence_before_its_day_leaves_the_waiting_as_it_is() -> None:
    early = explained(ASKED_OPINION, {**SILENCE, "on": "2024-05-15"})
    assert early["reply_due"] == explained(ASKED_OPINION)["reply_due"] == "2024-06-24"


def test_paper_that_arrives_before_it_is_sent_is_an_error_with_its_place() -> None:
    """law.md §3.7A: no day before the one that it follows."""
    served = {
        "event": "serve", "on": "2024-05-20", "method": "mail", "posted_on": "2024-05-20",
        "reached_on": "2024-05-17",
    }  # fmt: skip
    with pytest.raises(BadInput) as error:
        explained({**EXTENDED, "reached_on": "2024-05-17"}, served)
    assert [one.field for one in error.value.errors] == [
        "events.1.reached_on",
        "events.2.reached_on",
    ]


SERVED = {"event": "serve", "on": "2024-05-20", "method": "direct", "signed_on": "2024-05-20"}
FILED = {"event": "file_review", "on": "2024-06-03"}
DECIDED = {
    "event": "conclude_review", "on": "2024-07-05", "result": "quashed", "reached_on": "2024-07-08",
}  # fmt: skip


def test_result_of_a_review_that_nobody_filed_moves_no_day() -> None:
    """行政诉讼法45: the fifteen days run from a decision that there was."""
    stray = explained(SERVED, DECIDED)
    assert (ignored(stray), stray["suit_last_day"]) == (["conclude_review"], "2024-11-20")
    twice = explained(SERVED, FILED, DECIDED, {**DECIDED, "on": "2024-07-12"})
    assert (ignored(twice), twice["suit_last_day"]) == (["conclude_review"], "2024-07-23")


def test_day_that_a_decision_fixed_is_not_lengthened_by_the_body_itself() -> None:
    """行政复议法64; 行政诉讼法70."""
    redo = {"event": "order_redo", "on": "2024-07-08", "due": "2024-07-26"}
    extended = {"event": "extend", "on": "2024-07-16", "days": 5, "reached_on": "2024-07-16"}
    found = explained(SERVED, FILED, DECIDED, redo, extended)
    assert (found["reply_due"], ignored(found)) == ("2024-07-26", ["extend"])
    assert not found["extension_valid"]


def test_judgment_of_the_second_instance_is_final() -> None:
    """行政诉讼法85."""
    suit = {"event": "file_suit", "on": "2024-06-03", "via": "direct"}
    judged = {
        "event": "conclude_suit", "on": "2024-08-05", "result": "claim_dismissed",
        "judgment_received_on": "2024-08-12",
    }  # fmt: skip
    assert explained(SERVED, suit, judged)["appeal_due"] == "2024-08-27"
    appeal = {**suit, "on": "2024-08-20", "instance": "appeal"}
    last = {**judged, "on": "2024-12-05", "judgment_received_on": "2024-12-12"}
    assert explained(SERVED, suit, judged, appeal, last)["appeal_due"] == "2024-08-27"


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"event": "order_redo", "on": "2024-07-08", "due": "2024-07-05"}, "due"),
        ({"event": "ask_reasons", "on": "2024-07-08", "deadline_on": "2024-07-08"}, "deadline_on"),
    ],
)
def test_day_that_had_passed_when_it_was_fixed_is_an_error(
    event: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as error:
        explained(event)
    assert [one.field for one in error.value.errors] == [f"events.1.{field}"]
