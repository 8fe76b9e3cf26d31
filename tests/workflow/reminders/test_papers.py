"""Papers whose arrival is not known, papers that came back, appeals, reports and releases: law.md §3.7A,
§11A T14, T16, T18 to T20."""

from datetime import timedelta

import pytest

from tests.workflow.reminders.telling import between, case, day, of, received, told
from workflow.reminders.watched import watched_days
from workflow.rules.calendar import national

RECEIVED = received("2024-09-02")
ASSIGNED = (RECEIVED, ("assign", "2024-09-02", {}))
CORRECTION = ("require_correction", "2024-09-03", {"sent_on": "2024-09-03", "defects": ["年度"]})
FEE = ("charge_fee", "2024-09-03", {"sent_on": "2024-09-03", "pages": 57})
LETTER = ("consult_third_party", "2024-09-03", {"consultation": 1, "sent_on": "2024-09-03"})
EXTENSION = ("extend", "2024-09-03", {"days": 5, "sent_on": "2024-09-03"})
REPLIED = (
    ("propose_outcome", "2024-09-04", {"outcome": "supplied"}),
    ("send_to_secrecy_review", "2024-09-04", {}),
    ("pass_secrecy_review", "2024-09-05", {}),
    ("pass_legal_check", "2024-09-05", {}),
    ("approve", "2024-09-06", {}),
)
POSTED = (
    *ASSIGNED,
    *REPLIED,
    ("serve", "2024-09-06", {"method": "mail", "posted_on": "2024-09-06", "carrier": "邮政EMS"}),
)


def delivery(of_: str, on: str, **fields: object) -> tuple[str, str, dict[str, object]]:
    return "record_delivery", on, {"of": of_, **fields}


def days(one, kind):
    return [str(watched.day) for watched in watched_days(one) if watched.kind == kind]


@pytest.mark.parametrize("paper", [CORRECTION, FEE, LETTER, EXTENSION], ids=lambda p: p[0])
def test_a_paper_is_watched_until_its_arrival_is_known(paper):
    """T14."""
    assert days(case(*ASSIGNED, paper), "arrival") == ["2024-09-03"]
    number = {"consultation": 1} if paper is LETTER else {}
    arrived = delivery(paper[0], "2024-09-10", reached_on="2024-09-05", **number)
    assert days(case(*ASSIGNED, paper, arrived), "arrival") == []
    back = delivery(paper[0], "2024-09-10", returned_on="2024-09-09", **number)
    returned = case(*ASSIGNED, paper, back)
    assert days(returned, "arrival") == [] and days(returned, "returned") == ["2024-09-09"]
    again = delivery(paper[0], "2024-09-20", reached_on="2024-09-19", **number)
    assert days(case(*ASSIGNED, paper, back, again), "returned") == []


@pytest.mark.parametrize(
    ("paper", "done"),
    [
        (CORRECTION, ("correct", "2024-09-10", {})),
        (FEE, ("pay_fee", "2024-09-10", {})),
        (LETTER, ("record_opinion", "2024-09-10", {"consultation": 1, "opinion": "agrees"})),
        (EXTENSION, ("withdraw", "2024-09-10", {})),
    ],
    ids=lambda p: p[0],
)
def test_once_the_answer_came_nobody_asks_after_the_letter(paper, done):
    assert days(case(*ASSIGNED, paper, done), "arrival") == []


def test_a_posted_reply_is_asked_after_until_its_arrival_is_known():
    """The days to go to review run from its arrival."""
    assert days(case(*POSTED), "reply_arrival") == ["2024-09-06"]
    assert (
        days(
            case(*POSTED, delivery("serve", "2024-09-12", reached_on="2024-09-10")), "reply_arrival"
        )
        == []
    )
    handed = ("serve", "2024-09-06", {"method": "direct", "signed_on": "2024-09-06"})
    assert days(case(*ASSIGNED, *REPLIED, handed), "reply_arrival") == []


def test_the_post_is_asked_15_working_days_after_sending_then_weekly_then_the_head_hears():
    seen = between(of("arrival", "2024-09-03"), day("2024-09-03"), day("2024-11-30"))
    first = seen[0]
    assert (first.moment.name, first.on) == (
        "arrival_unknown", national().add(day("2024-09-03"), 15),
    )  # fmt: skip
    assert first.moment.to == ("clerk",) and "查询邮件" in first.text
    assert [one.days_left for one in seen] == [-n for n in range(15, 60, 5)]
    assert [one.moment.to for one in seen[4:]] == [("clerk", "office_head")] * len(seen[4:])


def test_who_goes_to_review_has_the_reply():
    assert days(case(*POSTED, ("file_review", "2024-10-08", {})), "reply_arrival") == []


def test_a_returned_paper_is_told_at_once_and_daily_until_it_goes_out_again():
    """T19: on the very day, from the first round of the day on."""
    back = case(*ASSIGNED, CORRECTION, delivery("require_correction", "2024-09-10", returned_on="2024-09-10"))  # fmt: skip
    reminder = told(back, "2024-09-10")["returned_today"]
    assert reminder.at.strftime("%H:%M") == "08:30"
    for later in ("2024-09-11", "2024-09-12", "2025-03-03"):
        assert "returned_late" in told(back, later)


def test_a_reply_that_came_back_is_told_at_once():
    back = case(*POSTED, delivery("serve", "2024-09-12", returned_on="2024-09-12"))
    assert back.state == "ready"
    assert told(back, "2024-09-12")["service_failed_today"].at.strftime("%H:%M") == "08:30"
    assert days(back, "reply_arrival") == days(back, "returned") == []


SUED = (
    *POSTED,
    ("file_suit", "2024-10-08", {"via": "direct", "copy_received_on": "2024-10-08"}),
)
JUDGED = (
    "conclude_suit", "2024-12-02", {"result": "quashed", "judgment_received_on": "2024-12-02"},
)  # fmt: skip


def test_the_days_to_appeal_are_watched_until_somebody_appeals():
    """T16: 15 days from the judgment (行政诉讼法85)."""
    judged = case(*SUED, JUDGED)
    assert days(judged, "appeal") == ["2024-12-17"]
    assert told(judged, "2024-12-10")["appeal_5"].moment.to == (
        "clerk", "legal_reviewer", "office_head",
    )  # fmt: skip
    assert "appeal_0" in told(judged, "2024-12-17")
    appealed = ("file_suit", "2024-12-10", {"via": "direct", "instance": "appeal"})
    assert days(case(*SUED, JUDGED, appealed), "appeal") == []
    assert not told(judged, "2024-12-18"), "who has not appealed by then cannot any more"


def test_the_report_on_an_opinion_of_the_review_organ_is_watched_until_the_archive():
    """T18: 60 days (行政复议法76)."""
    decided = case(
        *POSTED,
        ("file_review", "2024-10-08", {"copy_received_on": "2024-10-08"}),
        (
            "conclude_review", "2024-11-20",
            {"result": "upheld", "reached_on": "2024-11-20", "opinion_received_on": "2024-11-20"},
        ),
    )  # fmt: skip
    assert days(decided, "opinion_report") == ["2025-01-20"]
    assert "opinion_report_5" in told(decided, "2025-01-13")
    late = between(decided, day("2025-01-21"), day("2025-03-31"))
    assert {one.moment.name for one in late} >= {"opinion_report_late"}


def test_the_day_on_which_the_third_partys_wait_is_over_is_told():
    """T20 (条例32)."""
    notice = ("override_third_party", "2024-09-12", {"consultation": 1, "reason": "公共利益", "reached_on": "2024-09-13"})  # fmt: skip
    approved = case(
        *ASSIGNED, LETTER,
        ("record_opinion", "2024-09-10", {"consultation": 1, "opinion": "objects"}),
        notice, *[(name, "2024-09-18", fields) for name, _, fields in REPLIED],
    )  # fmt: skip
    assert approved.state == "ready"
    first = national().add(day("2024-09-13"), 1)
    assert days(approved, "release") == [str(first)]
    (reminder,) = [r for r in between(of("release", str(first)), first, first)]
    assert reminder.moment.name == "release_possible"
    week = between(of("release", str(first)), first + timedelta(1), first + timedelta(30))
    assert {one.moment.name for one in week} == {"release_weekly"}
