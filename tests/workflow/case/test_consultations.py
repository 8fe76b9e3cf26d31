"""Consultations, rulings, reasons: who is asked, what silence means, which days are not counted."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.case.proved import EVIDENCE
from tests.workflow.case.walk import (
    ASSIGNED,
    DRAFTED,
    EVERYBODY,
    IN_REVIEW,
    MONDAY,
    RECEIVED,
    TODAY,
    Step,
    Walk,
)
from workflow.case.alarms import alarms
from workflow.case.facts import Actor, Logged
from workflow.people import SYSTEM
from workflow.refusal import Refusal

CONSULTED: Step = ("consult_third_party", 2, {"consultation": 1, "reached_on": 3})
OBJECTION: Step = ("record_opinion", 7, {"consultation": 1, "opinion": "objects"})
BEFORE_SERVICE: list[Step] = [
    ("propose_outcome", 8, {"outcome": "supplied"}),
    ("send_to_secrecy_review", 8, {}),
    ("pass_secrecy_review", 9, {}),
    ("pass_legal_check", 10, {}),
    ("approve", 11, {}),
]


def consult(kind: str, number: int, sent: int, reached: int) -> Step:
    return (f"consult_{kind}", sent, {"consultation": number, "reached_on": reached})


def refusal(done: Any) -> Refusal:
    assert isinstance(done, Refusal)
    return done


def longer_by(walk: Walk) -> int:
    """Working days by which the reply is due later than without any consultation."""
    plain = Walk().must(*ASSIGNED).case.deadlines.reply_due
    due = walk.case.deadlines.reply_due
    assert plain and due
    return walk.case.rules.calendar.count(plain, due)


# -- which days are not counted -----------------------------------------------------------------------


def test_days_of_several_consultations_are_excluded_once() -> None:
    walk = Walk().must(
        *ASSIGNED,
        consult("third_party", 1, 1, 1),  # Tuesday to Friday
        consult("third_party", 2, 2, 2),  # Wednesday to Monday
        consult("joint_agency", 3, 2, 2),  # Wednesday to Thursday
        ("record_opinion", 3, {"consultation": 3, "opinion": "agrees"}),
        ("record_opinion", 4, {"consultation": 1, "opinion": "agrees"}),
        ("record_opinion", 7, {"consultation": 2, "opinion": "agrees"}),
    )
    assert walk.case.deadlines.excluded == ((MONDAY + timedelta(1), MONDAY + timedelta(7)),)
    assert walk.case.deadlines.excluded_workdays == longer_by(walk) == 4


def test_consultations_one_after_the_other_are_excluded_each() -> None:
    walk = Walk().must(
        *ASSIGNED,
        consult("third_party", 1, 1, 1),
        ("record_opinion", 3, {"consultation": 1, "opinion": "agrees"}),
        consult("other_agency", 2, 7, 7),
        ("record_opinion", 8, {"consultation": 2, "opinion": "agrees"}),
    )
    assert len(walk.case.deadlines.excluded) == 2
    assert longer_by(walk) == 3


def test_each_addressee_has_15_working_days_from_its_own_receipt() -> None:
    walk = Walk().must(*ASSIGNED, consult("third_party", 1, 1, 4), consult("joint_agency", 2, 1, 7))
    first, second = walk.case.deadlines.party_deadlines
    count = walk.case.rules.calendar.count
    assert (count(MONDAY + timedelta(4), first), count(MONDAY + timedelta(7), second)) == (15, 15)


@pytest.mark.parametrize(("cap", "deadline"), [(15, 15), (5, 5), (None, None)])
def test_other_agency_stops_the_clock_no_longer_than_the_cap(
    cap: int | None, deadline: int | None
) -> None:
    """Bodies that are no co-makers have no limit in law: other_agency_cap_days."""
    walk = Walk(other_agency_cap_days=cap).must(*ASSIGNED, consult("other_agency", 1, 1, 1))
    days = walk.case.deadlines.party_deadlines
    if deadline is None:
        assert days == ()
        assert refusal(walk.do("propose_outcome", 25, outcome="supplied")).rule == "open_consultation"  # fmt: skip
    else:
        assert walk.case.rules.calendar.count(MONDAY + timedelta(1), days[0]) == deadline
        assert longer_by(walk) == deadline


@pytest.mark.parametrize(("setting", "excluded"), [("stop_at_deadline", 15), ("until_reply", 17)])
def test_late_opinion_prolongs_only_where_the_setting_says_so(setting: str, excluded: int) -> None:
    walk = Walk(late_opinion=setting).must(*ASSIGNED, consult("third_party", 1, 1, 1))
    (deadline,) = walk.case.deadlines.party_deadlines
    late = walk.case.rules.calendar.add(deadline, 2)
    walk.must(("record_opinion", (late - MONDAY).days, {"consultation": 1, "opinion": "agrees"}))
    assert longer_by(walk) == excluded
    assert walk.case.facts.consultations[1].stance(late) == "agrees"


# -- what silence means -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "stance"), [("third_party", "none"), ("joint_agency", "agrees"), ("other_agency", "none")]
)  # fmt: skip
def test_silence_of_a_co_maker_is_consent_that_of_a_third_party_is_not(
    kind: str, stance: str
) -> None:
    """条例34 against 条例32: the same silence, opposite effects."""
    walk = Walk().must(*ASSIGNED, consult(kind, 1, 1, 1))
    (deadline,) = walk.case.deadlines.party_deadlines
    consultation = walk.case.facts.consultations[1]
    assert consultation.stance(deadline) is None
    assert consultation.stance(deadline + timedelta(1)) == stance
    days = (deadline - MONDAY).days + 1
    walk.must(("record_opinion", days, {"consultation": 1, "opinion": "none"}))
    assert consultation.stance(deadline + timedelta(1)) == stance


def test_silent_third_party_leaves_the_decision_to_the_body() -> None:
    """After the deadline the body may release as well as refuse."""
    for outcome, fields in (
        ("supplied", {}),
        (
            "third_party_rights",
            {"ground": "合同单价没有公开过", "assessment": "公开后损害第三方的议价地位"},
        ),
    ):
        walk = Walk().must(*ASSIGNED, CONSULTED)
        (deadline,) = walk.case.deadlines.party_deadlines
        days = (deadline - MONDAY).days
        waiting = refusal(walk.do("propose_outcome", days, outcome=outcome, **fields))
        assert waiting.rule == "open_consultation"
        assert isinstance(walk.do("propose_outcome", days + 1, outcome=outcome, **fields), Logged)


def test_silence_is_not_recorded_before_the_deadline() -> None:
    walk = Walk().must(*ASSIGNED, CONSULTED)
    (deadline,) = walk.case.deadlines.party_deadlines
    days = (deadline - MONDAY).days
    early = walk.do("record_opinion", days - 1, consultation=1, opinion="none")
    assert refusal(early).rule == "too_early"


def test_draft_waits_for_every_opinion() -> None:
    walk = Walk().must(*ASSIGNED, CONSULTED, consult("other_agency", 2, 2, 2), OBJECTION)
    assert refusal(walk.do("propose_outcome", 8, outcome="supplied")).rule == "open_consultation"
    walk.must(("record_opinion", 8, {"consultation": 2, "opinion": "agrees"}))
    assert isinstance(walk.do("propose_outcome", 8, outcome="supplied"), Logged)


# -- release against a third party --------------------------------------------------------------------


def signed(
    *steps: Step, asked: tuple[str, ...] = ("合同",), proposal: dict[str, Any] | None = None
) -> Walk:
    """Signed after an objection, not yet served."""
    walk = Walk(items=asked).must(*ASSIGNED, CONSULTED, OBJECTION)
    first: Step = ("propose_outcome", 8, proposal or {"outcome": "supplied"})
    return walk.must(first, *BEFORE_SERVICE[1:], *steps)


def test_information_is_not_served_before_the_third_party_was_told_in_writing() -> None:
    walk = signed()
    assert refusal(walk.do("serve", 14, method="direct")).rule == "missing_evidence"
    walk.must(("override_third_party", 12, {"consultation": 1, "reason": "涉及公共安全"}))
    unknown = refusal(walk.do("serve", 14, method="direct"))
    assert (unknown.rule, unknown.article) == ("missing_evidence", "条例32")
    walk.must(
        ("record_delivery", 14, {"of": "override_third_party", "consultation": 1, "reached_on": 13})
    )
    assert refusal(walk.do("serve", 13, method="direct")).rule == "too_early"
    assert isinstance(walk.do("serve", 14, method="direct"), Logged)


@pytest.mark.parametrize(("wait", "early", "first"), [(0, None, 11), (1, 12, 14), (5, 17, 18)])
def test_release_waits_after_the_notice_reached_the_third_party(
    wait: int, early: int | None, first: int
) -> None:
    """条例32; 法释〔2025〕8号: told on Friday (day 11), released on Monday at the earliest by default, so that a
    court can still be asked to stop it."""
    walk = Walk(third_party_wait_days=wait).must(*ASSIGNED, CONSULTED, OBJECTION)
    walk.must(("propose_outcome", 8, {"outcome": "supplied"}), *BEFORE_SERVICE[1:])
    walk.must(("override_third_party", 11, {"consultation": 1, "reached_on": 11}))
    if early is not None:
        assert refusal(walk.do("serve", early, method="direct")).rule == "too_early"
    assert isinstance(walk.do("serve", first, method="direct"), Logged)


def test_notice_that_came_back_is_no_notice() -> None:
    walk = signed(("override_third_party", 12, {"consultation": 1, "reached_on": 12}))
    walk.must(
        (
            "record_delivery",
            14,
            {"of": "override_third_party", "consultation": 1, "returned_on": 14},
        )
    )
    assert refusal(walk.do("serve", 20, method="direct")).rule == "missing_evidence"


def test_notice_after_the_release_is_not_a_notice_before_it() -> None:
    walk = signed(("override_third_party", 15, {"consultation": 1, "reached_on": 15}))
    late = refusal(walk.do("serve", 16, method="direct", signed_on=14))
    assert (late.rule, late.article) == ("missing_evidence", "条例32")
    assert isinstance(walk.do("serve", 16, method="direct", signed_on=16), Logged)


def test_part_that_is_released_against_the_third_party_needs_the_notice_too() -> None:
    given = {"item": 1, "outcome": "supplied"}
    kept = {"item": 2, "outcome": "deliberative", "ground": "会议上的发言记录，尚未定案",
            "subtype": "讨论记录"}  # fmt: skip
    words = {"items": [given, kept], "redaction": "只提供第一项"}
    walk = signed(asked=("合同", "会议记录"), proposal=words)
    assert refusal(walk.do("serve", 14, method="direct")).article == "条例32"


def test_part_of_the_third_party_that_is_withheld_needs_no_notice() -> None:
    given = {"item": 1, "outcome": "supplied"}
    kept = {
        "item": 2,
        "outcome": "third_party_rights",
        "ground": "合同单价没有公开过",
        "assessment": "泄露会损害其竞争地位，不涉及公共利益",
    }
    walk = signed(
        asked=("合同", "单价"), proposal={"items": [given, kept], "redaction": "第二项不提供"}
    )
    assert isinstance(walk.do("serve", 14, method="direct"), Logged)


def test_each_third_party_that_objects_is_told() -> None:
    walk = Walk().must(*ASSIGNED, CONSULTED, consult("third_party", 2, 2, 2), OBJECTION)
    walk.must(("record_opinion", 7, {"consultation": 2, "opinion": "objects"}), *BEFORE_SERVICE)
    walk.must(("override_third_party", 12, {"consultation": 1, "reached_on": 12}))
    assert "第 2 次" in refusal(walk.do("serve", 14, method="direct")).message
    walk.must(("override_third_party", 12, {"consultation": 2, "reached_on": 12}))
    assert isinstance(walk.do("serve", 14, method="direct"), Logged)


def test_objection_that_comes_after_the_signature_still_stops_the_release() -> None:
    walk = Walk().must(*ASSIGNED, CONSULTED)
    (deadline,) = walk.case.deadlines.party_deadlines
    days = (deadline - MONDAY).days + 1
    walk.must(*((name, days + n, fields) for n, (name, _, fields) in enumerate(BEFORE_SERVICE)))
    walk.must(("record_opinion", days + 5, {"consultation": 1, "opinion": "objects"}))
    assert refusal(walk.do("serve", days + 6, method="direct")).article == "条例32"


@pytest.mark.parametrize("opinion", ["agrees", None])
def test_only_a_third_party_that_did_not_agree_is_overridden(opinion: str | None) -> None:
    walk = Walk().must(*ASSIGNED, CONSULTED)
    if opinion:
        walk.must(("record_opinion", 7, {"consultation": 1, "opinion": opinion}))
    done = walk.do("override_third_party", 8, consultation=1)
    assert refusal(done).rule == "not_in_this_state"


def test_objection_of_an_agency_is_not_overridden_as_a_third_partys() -> None:
    walk = Walk().must(*ASSIGNED, consult("other_agency", 1, 2, 2), OBJECTION)
    assert refusal(walk.do("override_third_party", 8, consultation=1)).article == "条例32"


# -- reasons (条例35) ----------------------------------------------------------------------------------

ASKED: list[Step] = [*RECEIVED, ("ask_reasons", 2, {"deadline_on": 9})]


def test_asking_for_reasons_does_not_stop_the_clock() -> None:
    assert Walk().must(*ASKED).case.deadlines.reply_due == Walk().must(*RECEIVED).case.deadlines.reply_due  # fmt: skip


def test_reasons_restart_the_clock_only_where_the_setting_says_so() -> None:
    walk = Walk(reasons_effect="restart").must(*ASKED, ("give_reasons", 7, {"accepted": True}))
    due = walk.case.deadlines.reply_due
    assert due and walk.case.rules.calendar.count(MONDAY + timedelta(7), due) == 20


def test_excessive_request_is_refused_after_its_reasons_were_rejected() -> None:
    walk = Walk().must(*ASKED, ("give_reasons", 7, {"accepted": False}))
    assert isinstance(
        walk.do("propose_outcome", 8, outcome="excessive", **EVIDENCE["excessive"]), Logged
    )
    assert walk.case.state == "drafted"


def test_who_accepted_the_reasons_cannot_call_the_request_excessive() -> None:
    walk = Walk().must(*ASKED, ("give_reasons", 7, {"accepted": True}))
    assert refusal(walk.do("propose_outcome", 8, outcome="excessive")).article == "条例35"


@pytest.mark.parametrize("outcome", ["excessive", "supplied"])
def test_without_reasons_a_draft_waits_for_the_deadline_and_then_may_say_anything(
    outcome: str,
) -> None:
    """条例35 says “may”."""
    walk = Walk(items=("甲", "乙")).must(*ASKED)
    both = [{"item": n, "outcome": outcome, **EVIDENCE.get(outcome, {})} for n in (1, 2)]
    assert refusal(walk.do("propose_outcome", 9, items=both)).rule == "too_early"
    assert isinstance(walk.do("propose_outcome", 10, items=both), Logged)


def test_accepted_reasons_allow_a_later_fixed_day() -> None:
    walk = Walk().must(*ASKED, ("give_reasons", 7, {"accepted": True}))
    before = walk.case.deadlines.reply_due
    assert before
    same = (before - MONDAY).days
    assert refusal(walk.do("delay_reply", 8, until=same)).field == "until"
    walk.must(("delay_reply", 8, {"until": same + 60}))
    assert walk.case.deadlines.reply_due == before + timedelta(60)
    assert walk.case.deadlines.clock == "overridden"


def test_rejected_reasons_allow_no_delay() -> None:
    walk = Walk().must(*ASKED, ("give_reasons", 7, {"accepted": False}))
    assert refusal(walk.do("delay_reply", 8, until=90)).rule == "missing_evidence"


# -- rulings (条例17) ----------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [ASSIGNED, DRAFTED, IN_REVIEW], ids=lambda b: b[-1][0])
@pytest.mark.parametrize(("stops", "days"), [(False, 0), (True, 4)])
def test_ruling_stops_the_clock_only_where_the_setting_says_so(
    before: list[Step], stops: bool, days: int
) -> None:
    walk = Walk(ruling_stops_clock=stops).must(*before)
    state = walk.case.state
    walk.must(("ask_ruling", 8, {}))
    assert walk.case.deadlines.clock == ("excluding" if stops else "running")
    walk.must(("record_ruling", 14, {"ruling": "不属于国家秘密"}))
    assert walk.case.state == state
    assert longer_by(walk) == days
    assert walk.case.deadlines.clock == "running"


def test_secrecy_review_and_signature_wait_for_the_ruling() -> None:
    walk = Walk().must(*IN_REVIEW, ("ask_ruling", 9, {}))
    assert refusal(walk.do("pass_secrecy_review", 10)).article == "条例17"
    assert refusal(walk.do("ask_ruling", 10)).article == "条例17"
    walk.must(("record_ruling", 10, {"ruling": "不属于国家秘密"}))
    assert isinstance(walk.do("pass_secrecy_review", 10), Logged)


# -- the secrecy review -------------------------------------------------------------------------------


def test_secrecy_review_never_lapses_into_consent() -> None:
    """Neither time nor the system passes it (新华乡's lapse-consent is not built)."""
    walk = Walk().must(*IN_REVIEW)
    assert "system" not in walk.case.rules.law.transitions["pass_secrecy_review"].by
    by_system = walk.do("pass_secrecy_review", (TODAY - MONDAY).days, by=SYSTEM)
    assert refusal(by_system).rule == "not_your_role"
    assert not walk.case.facts.secrecy_passed
    for name, row in walk.case.rules.law.transitions.items():
        if "secrecy_review" in row.sources and "system" in row.by:
            assert row.to == "same", name


def test_slow_secrecy_review_is_urged_and_stays_where_it_is() -> None:
    walk = Walk().must(*IN_REVIEW)
    found = [a for a in alarms(walk.case, TODAY) if a.name == "secrecy_review_takes_long"]
    assert [a.level for a in found] == ["late"] and "不视为同意" in found[0].text
    assert walk.case.state == "secrecy_review"


@pytest.mark.parametrize(
    ("kind", "effect"), [("third_party", "由本机关依照条例决定"), ("joint_agency", "视为同意公开")]
)
def test_office_is_told_what_the_silence_means(kind: str, effect: str) -> None:
    walk = Walk().must(*ASSIGNED, consult(kind, 1, 1, 1))
    (deadline,) = walk.case.deadlines.party_deadlines
    after = deadline + timedelta(1)
    (text,) = [a.text for a in alarms(walk.case, after) if a.name == "addressee_is_silent"]
    assert effect in text


def test_reviewer_is_somebody_else_than_the_drafter() -> None:
    walk = Walk().must(*ASSIGNED)
    walk.must(("propose_outcome", 7, {"outcome": "supplied", "by": EVERYBODY}))
    walk.must(("send_to_secrecy_review", 8, {"by": EVERYBODY}))
    assert refusal(walk.do("pass_secrecy_review", 9, by=EVERYBODY)).rule == "same_person"
    other = Actor("another", EVERYBODY.roles)
    assert isinstance(walk.do("pass_secrecy_review", 9, by=other), Logged)


def test_changed_draft_is_reviewed_again() -> None:
    """A review covers the draft that it saw."""
    walk = Walk().must(*IN_REVIEW, ("pass_secrecy_review", 9, {}))
    walk.must(("return_draft", 10, {"reason": "改写", "by": "legal_reviewer"}))
    assert refusal(walk.do("pass_legal_check", 11)).article.startswith("条例17")
