"""Dockets as an office would write them: facts told in the contract's words, ways that must stay open."""

from typing import Any

import pytest

from workflow.docket.file import check_docket
from workflow.refusal import BadInput
from workflow.service import Office
from workflow.service.docket.player import Player

RECEIVED = {"event": "receive", "on": "2024-05-06", "channel": "in_person"}
PROPOSED = {"event": "propose_outcome", "on": "2024-05-10", "outcome": "not_existing"}
SERVED = {"event": "serve", "on": "2024-05-20", "method": "direct", "signed_on": "2024-05-20"}


def docket(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    agency = {"code": "x", "name": "某县交通运输局", "level": "county_department"}
    return {"agency": agency, "cases": [{"ref": "A", "events": [RECEIVED, *events]}], **more}


def played(office: Office, *events: dict[str, Any], **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = Player(office).play(docket(*events, **more))["cases"][0]
    return found


def refused(case: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["event"], one["rule"]) for one in case["refused"]]


def test_successor_is_named_in_the_words_of_the_contract(office: Office) -> None:
    """民法典1122: contracts/events.json calls the field `name`."""
    case = played(
        office,
        {
            "event": "substitute_applicant", "on": "2024-05-08", "name": "王五", "reason": "申请人死亡",
        },
        PROPOSED,
        SERVED,
    )  # fmt: skip
    assert (case["refused"], case["state"]) == ([], "served")
    with pytest.raises(BadInput):
        check_docket(docket({**RECEIVED, "event": "substitute_applicant", "successor": "王五"}))


def test_search_is_possible_when_reasons_were_asked_and_nobody_answered(office: Office) -> None:
    """条例35, 36(4): after silence any outcome may be drafted, also one that needs a search."""
    asked = {"event": "ask_reasons", "on": "2024-05-08", "deadline_on": "2024-05-15"}
    case = played(office, asked, {**PROPOSED, "on": "2024-05-16"}, SERVED)
    assert (case["refused"], case["outcome"]) == ([], "not_existing")


LATE = {"event": "require_correction", "on": "2024-05-16", "reached_on": "2024-05-16"}
EXTENDED = {"event": "extend", "on": "2024-05-30", "days": 10, "reached_on": "2024-05-30"}


def test_extension_gains_the_days_that_a_late_correction_notice_does_not(office: Office) -> None:
    """条例30, 33(2): a late notice stops nothing; the extension is the lawful way (law.md §3.3)."""
    case = played(office, LATE, EXTENDED)
    assert case["refused"] == []
    assert case["deadlines"]["reply_due"] == "2024-06-17"


def test_nothing_is_extended_while_the_clock_stands_still(office: Office) -> None:
    case = played(office, {**LATE, "on": "2024-05-10", "reached_on": "2024-05-10"}, EXTENDED)
    assert refused(case) == [("extend", "not_in_this_state")]


@pytest.mark.parametrize(
    ("of", "before"),
    [
        ("ask_reasons", [{"event": "ask_reasons", "on": "2024-05-08"}]),
        (
            "delay_reply",
            [
                {"event": "ask_reasons", "on": "2024-05-07"},
                {"event": "give_reasons", "on": "2024-05-08"},
                {"event": "delay_reply", "on": "2024-05-09", "until": "2024-07-10"},
            ],
        ),
        (
            "lapse_correction",
            [
                {**LATE, "on": "2024-05-07", "reached_on": "2024-05-07", "period_days": 2},
                {"event": "lapse_correction", "on": "2024-05-10"},
            ],
        ),
    ],
)
def test_arrival_of_every_paper_can_be_told(
    of: str, before: list[dict[str, Any]], office: Office
) -> None:
    """国办公开办函〔2016〕235号; law.md §3.7A: also of the question for reasons, the delayed day, the end."""
    came = {"event": "record_delivery", "on": "2024-05-14", "of": of, "reached_on": "2024-05-14"}
    assert refused(played(office, *before, came)) == []


def test_reply_does_not_arrive_before_it_is_posted(office: Office) -> None:
    """国办公开办函〔2016〕235号: no day before the one that it follows (law.md §3.7A)."""
    posted = {"event": "serve", "on": "2024-05-20", "method": "mail", "posted_on": "2024-05-20",
              "carrier": "EMS"}  # fmt: skip
    assert refused(played(office, PROPOSED, {**posted, "reached_on": "2024-05-17"})) == [
        ("serve", "bad_field")
    ]


@pytest.mark.parametrize(
    ("filed", "concluded", "alarm"),
    [
        (
            {"event": "file_suit", "on": "2024-07-19", "via": "direct"},
            {"event": "conclude_suit", "on": "2024-10-21", "result": "ordered_to_perform"},
            "sued_without_review_first",
        ),
        (
            {"event": "file_review", "on": "2024-07-19"},
            {"event": "conclude_review", "on": "2024-09-20", "result": "ordered_to_perform"},
            None,
        ),
    ],
)
def test_order_to_reply_does_not_make_the_complaint_premature(
    filed: dict[str, Any], concluded: dict[str, Any], alarm: str | None, office: Office
) -> None:
    """行政复议法23(1)(3), 66: silence is judged by the last day of reply that held when it was filed."""
    case = played(office, filed, concluded, {"event": "order_redo", "on": "2024-10-28"})
    told = {"premature", "sued_without_review_first"} & set(case["alarms"])
    assert told == ({alarm} if alarm else set())


def test_waiting_for_a_letter_of_unknown_arrival_names_the_arrival(office: Office) -> None:
    """条例32: no help names a day that is no deadline yet."""
    asked = {"event": "consult_third_party", "on": "2024-05-08"}
    case = played(office, asked, {**PROPOSED, "on": "2024-06-03", "outcome": "supplied"})
    assert refused(case) == [("propose_outcome", "open_consultation")]
    assert "送达" in case["refused"][0]["allowed_when"]


def test_review_of_the_new_reply_is_not_out_of_time(office: Office) -> None:
    """行政复议法20: the sixty days of a reply given anew run from that one."""
    case = played(
        office,
        PROPOSED,
        SERVED,
        {"event": "file_review", "on": "2024-06-03"},
        {"event": "conclude_review", "on": "2024-07-05", "result": "quashed"},
        {"event": "order_redo", "on": "2024-07-08", "due": "2024-07-26"},
        {**PROPOSED, "on": "2024-07-15"},
        {**SERVED, "on": "2024-07-19", "signed_on": "2024-07-19"},
        {"event": "file_review", "on": "2024-08-12"},
    )
    assert case["refused"] == []
    assert "out_of_time" not in case["alarms"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until": 2025}, "until"),
        ({"agency": {"code": "x", "name": "某局", "city": "某市"}}, "agency.city"),
        ({"cases": [{"ref": "A", "events": [], "redo_of": "B"}]}, "cases.0.redo_of"),
    ],
)
def test_unknown_field_or_case_makes_the_file_no_docket(
    changed: dict[str, Any], field: str
) -> None:
    """contracts/docket.md: exit 2, with its place."""
    with pytest.raises(BadInput) as error:
        check_docket({**docket(), **changed})
    assert [one.field for one in error.value.errors] == [field]


def corrected(seq: int, **fields: Any) -> dict[str, Any]:
    return {
        "event": "correct_entry", "on": "2024-06-20", "seq": seq, "fields": fields,
        "reason": "登记有误", "second_person": "另一人",
    }  # fmt: skip


def test_reply_is_served_again_after_its_service_was_taken_back(office: Office) -> None:
    """law.md §7A: what stands on a correction is looked at together with it."""
    again = {**SERVED, "on": "2024-06-21", "signed_on": "2024-06-21"}
    case = played(office, PROPOSED, SERVED, corrected(7, taken_back=True), again)
    assert (case["refused"], case["state"]) == ([], "served")
    assert case["deadlines"]["service_effective_date"] == "2024-06-21"
    assert "entries_not_allowed_any_more" not in case["alarms"]


def test_right_value_cannot_be_wrong_in_itself(office: Office) -> None:
    """条例31; law.md §7A: no day is moved before the one that it follows."""
    case = played(office, corrected(1, channel="ordinary_mail", confirmed_on="2024-05-02"))
    assert refused(case) == [("correct_entry", "bad_field")]


def test_case_goes_on_after_a_withdrawal_was_taken_back(office: Office) -> None:
    """law.md §7A: what follows is allowed, nothing of it is a finding."""
    gone = {"event": "withdraw", "on": "2024-05-08"}
    back = {**corrected(2, taken_back=True), "on": "2024-05-09"}
    case = played(office, gone, back, PROPOSED, SERVED)
    assert (case["refused"], case["state"]) == ([], "served")
    assert "entries_not_allowed_any_more" not in case["alarms"]
