"""The conditions of the table at their edges: the last day on which something is still possible, the
first on which it no longer is, and the field that is to blame."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflow.case.walk import (
    ASSIGNED,
    MONDAY,
    READY,
    RECEIVED,
    SERVED,
    Step,
    Walk,
)
from workflow.case.facts import Logged
from workflow.case.guards import GUARDS, Question, answering
from workflow.case.guards.afterwards import review_is_open, suit_is_open
from workflow.case.others import OtherCase, Others
from workflow.refusal import Refusal

DUE = (date(2024, 4, 1) - MONDAY).days
"""The twentieth working day after the receipt, in days after it."""
GROUND = "记录了部门之间就养护方案的讨论，尚未形成决定"


def refused(walk: Walk, name: str, day: int, **fields: Any) -> tuple[str, str | None]:
    """Rule and field of the refusal; the case is as it was."""
    known = walk.snapshot()
    done = walk.do(name, day, **fields)
    assert isinstance(done, Refusal), done
    assert walk.snapshot() == known
    return done.rule, done.field


def accepted(walk: Walk, name: str, day: int, **fields: Any) -> bool:
    return isinstance(walk.do(name, day, **fields), Logged)


def told(walk: Walk, name: str, day: int) -> str | None:
    """The rule by which the event is told to be impossible before its fields are known."""
    found = walk.case.machine.refusal(walk.case, name, None, None, MONDAY + timedelta(day))
    return found.rule if found else None


def test_due_day_of_the_walked_case_is_the_first_of_april() -> None:
    assert Walk().must(*RECEIVED).case.deadlines.reply_due == MONDAY + timedelta(DUE)


# -- the last day ----------------------------------------------------------------------------------------

STILL_ON_THE_LAST_DAY: dict[str, tuple[list[Step], str, dict[str, Any]]] = {
    "correction": (RECEIVED, "require_correction", {"reached_on": DUE}),
    "extension": (ASSIGNED, "extend", {"days": 20}),
    "consultation": (ASSIGNED, "consult_third_party", {"consultation": 1}),
    "reasons": (RECEIVED, "ask_reasons", {}),
}


@pytest.mark.parametrize("what", STILL_ON_THE_LAST_DAY)
def test_last_day_of_the_period_is_within_it_and_the_next_is_not(what: str) -> None:
    before, name, fields = STILL_ON_THE_LAST_DAY[what]
    assert told(Walk().must(*before), name, DUE) is None
    assert accepted(Walk().must(*before), name, DUE, **fields)
    late = {**fields, "reached_on": DUE + 1} if "reached_on" in fields else fields
    assert refused(Walk().must(*before), name, DUE + 1, **late) == ("too_late", "on")


def test_extension_told_on_the_last_day_counts_and_a_day_later_does_not() -> None:
    assert accepted(Walk().must(*ASSIGNED), "extend", DUE - 3, days=1, reached_on=DUE)
    late = refused(Walk().must(*ASSIGNED), "extend", DUE - 3, days=1, reached_on=DUE + 1)
    assert late == ("too_late", "reached_on")


def test_extension_that_is_granted_and_told_late_names_the_day_of_granting() -> None:
    walk = Walk().must(*ASSIGNED)
    assert refused(walk, "extend", DUE + 2, days=5, reached_on=DUE + 2) == ("too_late", "on")


@pytest.mark.parametrize(("days", "possible"), [(20, True), (21, False)])
def test_extension_has_at_most_20_working_days(days: int, possible: bool) -> None:
    walk = Walk().must(*ASSIGNED)
    if possible:
        assert accepted(walk, "extend", 5, days=days)
    else:
        assert refused(walk, "extend", 5, days=days) == ("bad_field", "days")


def test_applicant_is_not_told_of_an_extension_before_it_is_granted() -> None:
    found = refused(Walk().must(*ASSIGNED), "extend", 5, days=5, reached_on=4)
    assert found == ("bad_field", "reached_on")


def test_extension_of_a_single_day_uses_up_the_only_one() -> None:
    walk = Walk().must(*ASSIGNED, ("extend", 5, {"days": 1}))
    assert refused(walk, "extend", 6, days=1)[0] == "already_done"


@pytest.mark.parametrize(("again", "possible"), [(True, True), (False, False)])
def test_restarted_period_may_be_extended_again_where_the_setting_says_so(
    again: bool, possible: bool
) -> None:
    walk = Walk(extension_again_after_restart=again).must(
        *ASSIGNED,
        ("extend", 2, {"days": 5}),
        ("require_correction", 3, {"reached_on": 3}),
        ("correct", 8, {}),
        ("assign", 9, {}),
    )
    if possible:
        assert accepted(walk, "extend", 10, days=5)
    else:
        assert refused(walk, "extend", 10, days=5)[0] == "already_done"


def test_first_extension_is_possible_where_no_second_one_would_be() -> None:
    walk = Walk(extension_again_after_restart=False).must(*ASSIGNED)
    assert accepted(walk, "extend", 5, days=5)


# -- corrections, reasons, delay ---------------------------------------------------------------------------


def test_correction_is_due_after_the_notice_arrived() -> None:
    walk = Walk().must(*RECEIVED)
    assert refused(walk, "require_correction", 3, reached_on=4, deadline_on=4) == (
        "bad_field",
        "deadline_on",
    )
    assert refused(walk, "require_correction", 3, reached_on=2) == ("bad_field", "reached_on")
    assert accepted(walk, "require_correction", 3, reached_on=3, deadline_on=4)


def test_correction_on_its_last_day_is_in_time_and_lapses_only_on_the_next() -> None:
    before: list[Step] = [*RECEIVED, ("require_correction", 1, {"reached_on": 1, "deadline_on": 9})]
    assert accepted(Walk(late_correction="reject").must(*before), "correct", 9)
    assert refused(Walk(late_correction="reject").must(*before), "correct", 10)[0] == "too_late"
    assert refused(Walk().must(*before), "lapse_correction", 9) == ("too_early", "on")
    assert accepted(Walk().must(*before), "lapse_correction", 10)


@pytest.mark.parametrize(("most", "rounds"), [(1, 1), (2, 2)])
def test_correction_is_asked_for_as_often_as_the_setting_allows(most: int, rounds: int) -> None:
    walk = Walk(max_correction_rounds=most).must(*RECEIVED)
    for n in range(rounds):
        walk.must(
            ("require_correction", 3 * n + 1, {"reached_on": 3 * n + 1}),
            ("correct", 3 * n + 2, {}),
        )
    assert refused(walk, "require_correction", 20, reached_on=20)[0] == "setting_forbids"


REASONED: list[Step] = [*RECEIVED, ("ask_reasons", 1, {}), ("give_reasons", 3, {"accepted": True})]


def test_delayed_day_is_later_than_the_day_it_replaces() -> None:
    walk = Walk().must(*REASONED)
    assert refused(walk, "delay_reply", 5, until=DUE) == ("bad_field", "until")
    assert accepted(walk, "delay_reply", 5, until=DUE + 1)


@pytest.mark.parametrize("accepted_", [False, None])
def test_reasons_that_were_not_accepted_allow_no_delay(accepted_: bool | None) -> None:
    fields = {} if accepted_ is None else {"accepted": accepted_}
    walk = Walk().must(*RECEIVED, ("ask_reasons", 1, {}), ("give_reasons", 3, fields))
    assert refused(walk, "delay_reply", 5, until=90)[0] == "missing_evidence"


def test_reply_waits_for_the_reasons_through_their_last_day() -> None:
    before: list[Step] = [*RECEIVED, ("ask_reasons", 1, {"deadline_on": 8})]
    last = refused(Walk().must(*before), "propose_outcome", 8, outcome="excessive")
    assert last == ("too_early", None)
    assert accepted(Walk().must(*before), "propose_outcome", 9, outcome="excessive")
    other = refused(Walk().must(*before), "propose_outcome", 9, outcome="petition")
    assert other == ("too_early", None)


# -- receipt -----------------------------------------------------------------------------------------------


def test_both_sides_confirm_on_the_day_of_submission_or_later() -> None:
    assert accepted(Walk(), "receive", 0, channel="email", confirmed_on=0)
    found = refused(Walk(), "receive", 3, channel="email", confirmed_on=2)
    assert found == ("bad_field", "confirmed_on")


def test_what_is_not_received_yet_may_be_rerouted() -> None:
    waiting = Walk(online_confirmation="confirmation_event")
    waiting.must(("submit", 0, {"channel": "portal", "by": "applicant"}))
    assert accepted(waiting, "reroute", 1, to="县局")


# -- the answer --------------------------------------------------------------------------------------------


def two_items() -> Walk:
    return Walk(items=("2022 年养护合同", "2023 年养护合同")).must(*ASSIGNED)


def item(number: int, outcome: str = "supplied", **fields: Any) -> dict[str, Any]:
    return {"item": number, "outcome": outcome, **fields}


WRONG_ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "kind of answer that there is not": ({"outcome": "granted"}, "outcome"),
    "kind of answer that there is not, for the first item": ({"items": [item(1, "granted"), item(2)]}, "items.0.outcome"),
    "kind of answer that there is not, for the second item": ({"items": [item(1), item(2, "granted")]}, "items.1.outcome"),
    "nothing chosen": ({}, "outcome"),
    "item answered twice": ({"items": [item(1), item(1)]}, "items"),
    "item that was not asked for": ({"items": [item(1), item(3)]}, "items"),
    "item left without an answer": ({"items": [item(1)]}, "items"),
    "outcome of the whole against its items": ({"outcome": "not_existing", "items": [item(1), item(2)]}, "outcome"),
    "outcome that only the applicant brings about": ({"outcome": "withdrawn"}, "outcome"),
    "item that only a lapse could end": ({"items": [item(1), item(2, "correction_lapsed")]}, "outcome"),
    "result of a register in an application": ({"result": "corrected"}, "result"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_ANSWERS)
def test_answer_that_does_not_fit_the_request_is_refused_at_its_field(what: str) -> None:
    fields, field = WRONG_ANSWERS[what]
    assert refused(two_items(), "propose_outcome", 7, **fields) == ("bad_field", field)


def test_more_answers_than_items_are_refused_before_gaps_are_told() -> None:
    done = two_items().do("propose_outcome", 7, items=[item(1), item(2), item(9)])
    assert isinstance(done, Refusal)
    assert "只有 2 项" in done.message


def test_whole_may_differ_from_its_items_with_a_reason() -> None:
    both = [item(1), item(2)]
    assert accepted(
        two_items(), "propose_outcome", 7, outcome="already_public", items=both, reason="均已公开"
    )
    assert accepted(two_items(), "propose_outcome", 7, outcome="supplied", items=both)


def test_officer_chooses_where_the_setting_leaves_it_to_them() -> None:
    walk = Walk(items=("甲", "乙"), result_priority=["officer_choice"]).must(*ASSIGNED)
    mixed = [item(1, "petition"), item(2, "publication")]
    assert refused(walk, "propose_outcome", 7, items=mixed) == ("bad_field", "outcome")
    assert accepted(walk, "propose_outcome", 7, items=mixed, outcome="petition")


def test_missing_ground_of_the_second_item_is_told() -> None:
    items = [item(1), item(2, "deliberative", subtype="讨论记录")]
    done = two_items().do("propose_outcome", 7, items=items)
    assert isinstance(done, Refusal)
    assert (done.rule, done.field) == ("missing_evidence", "ground")
    assert "第 2 项" in done.message


def test_label_of_an_item_is_told_with_its_number_and_of_the_whole_without() -> None:
    label = {"ground": "过程性信息", "subtype": "讨论记录"}
    of_item = two_items().do(
        "propose_outcome", 7, items=[item(1), item(2, "deliberative", **label)]
    )
    of_whole = Walk().must(*ASSIGNED).do("propose_outcome", 7, outcome="deliberative", **label)
    assert isinstance(of_item, Refusal) and isinstance(of_whole, Refusal)
    assert of_item.message == f"第 2 项：{of_whole.message}"


@pytest.mark.parametrize("outcome", ["not_existing", "not_government_information"])
def test_unclear_item_is_clarified_before_it_is_said_not_to_exist(outcome: str) -> None:
    unclear: list[Step] = [*RECEIVED, ("assign", 1, {"unclear_items": [2]})]
    reason = {"reason": "没有制作"}
    walk = Walk(items=("甲", "乙")).must(*unclear)
    items = [item(1, outcome, **reason), item(2, outcome, **reason)]
    done = walk.do("propose_outcome", 7, items=items)
    assert isinstance(done, Refusal)
    assert (done.rule, done.field) == ("missing_evidence", "clarification")
    assert "第 2 项" in done.message
    items[1]["clarification"] = "3 月 6 日电话核实"
    assert accepted(walk, "propose_outcome", 7, items=items)


@pytest.mark.parametrize(
    ("level", "possible"), [("township", False), ("county_department", False), ("county", False),
                            ("prefecture", True), ("province", True)]
)  # fmt: skip
def test_body_without_the_power_to_classify_cannot_rest_on_its_own_classification(
    level: str, possible: bool
) -> None:
    walk = Walk().must(*ASSIGNED)
    walk.case.header = replace(walk.case.header, body_name="某某机关", body_level=level)
    fact = {"level": "秘密", "body": "某某机关", "on": "2020-01-02"}
    done = walk.do("propose_outcome", 7, outcome="state_secret", classification=fact)
    assert isinstance(done, Logged) == possible


# -- service -----------------------------------------------------------------------------------------------


def test_letter_goes_by_the_post_alone() -> None:
    by_courier = {"method": "mail", "posted_on": 14, "carrier": "顺丰速运"}
    assert refused(Walk().must(*READY), "serve", 14, **by_courier) == ("bad_field", "carrier")
    for carrier in ({}, {"carrier": "中国邮政"}, {"carrier": "EMS"}):
        assert accepted(Walk().must(*READY), "serve", 14, method="mail", posted_on=14, **carrier)


def test_reply_is_not_served_before_it_was_signed() -> None:
    signed = {"method": "direct", "signed_on": 10}
    assert refused(Walk().must(*READY), "serve", 14, **signed) == ("too_early", "on")
    assert accepted(Walk().must(*READY), "serve", 14, method="direct", signed_on=11)


def test_reply_is_not_dated_before_the_request_came_in() -> None:
    early = {"method": "direct", "signed_on": 14, "document_date": MONDAY - timedelta(1)}
    found = refused(Walk().must(*READY), "serve", 14, **early)
    assert found == ("bad_field", "document_date")
    same = {**early, "document_date": MONDAY}
    assert accepted(Walk().must(*READY), "serve", 14, **same)


def test_void_is_confirmed_by_somebody_else() -> None:
    alone = {"reason": "测试", "second_person": "admin"}
    assert refused(Walk().must(*RECEIVED), "void", 1, **alone) == ("same_person", "second_person")
    assert accepted(Walk().must(*RECEIVED), "void", 1, reason="测试", second_person="lifang")


# -- reviews and suits -------------------------------------------------------------------------------------


def test_review_against_silence_is_possible_from_the_day_after_the_period() -> None:
    assert refused(Walk().must(*ASSIGNED), "file_review", DUE) == ("too_early", "on")
    assert accepted(Walk().must(*ASSIGNED), "file_review", DUE + 1)
    assert accepted(Walk().must(*ASSIGNED), "file_suit", DUE + 1, via="direct")


def test_answered_request_may_be_reviewed_within_the_period_too() -> None:
    assert accepted(Walk().must(*SERVED), "file_review", 15)


def test_refusal_of_an_early_review_tells_the_end_of_the_period_if_there_is_one() -> None:
    done = Walk().must(*ASSIGNED).do("file_review", 5)
    assert isinstance(done, Refusal)
    assert done.allowed_when == "答复之后；或者答复期限 2024 年 4 月 1 日届满之后"


def test_number_of_a_review_is_not_that_of_a_suit() -> None:
    walk = Walk().must(*SERVED, ("file_review", 20, {"proceeding": 1}))
    assert accepted(walk, "file_suit", 21, via="direct", proceeding=1)
    assert refused(walk, "file_suit", 22, via="direct", proceeding=1) == (
        "already_done",
        "proceeding",
    )
    assert refused(walk, "file_review", 22, proceeding=1) == ("already_done", "proceeding")


def test_appeal_follows_the_judgment_of_a_suit_not_of_a_review() -> None:
    appeal = {"via": "direct", "instance": "appeal"}
    reviewed = Walk().must(
        *SERVED, ("file_review", 20, {}), ("conclude_review", 30, {"result": "upheld"})
    )
    assert refused(reviewed, "file_suit", 40, **appeal) == ("missing_evidence", "instance")
    pending = Walk().must(*SERVED, ("file_suit", 20, {"via": "direct"}))
    assert refused(pending, "file_suit", 40, **appeal) == ("missing_evidence", "instance")
    pending.must(("conclude_suit", 50, {"result": "claim_dismissed"}))
    assert accepted(pending, "file_suit", 60, **appeal)


BOTH: list[Step] = [*SERVED, ("file_review", 20, {}), ("file_suit", 22, {"via": "direct"})]


@pytest.mark.parametrize(
    ("name", "wrong"), [("conclude_review", "claim_dismissed"), ("conclude_suit", "upheld")]
)
def test_result_is_one_of_its_own_kind_of_proceeding(name: str, wrong: str) -> None:
    assert refused(Walk().must(*BOTH), name, 40, result=wrong) == ("bad_field", "result")


@pytest.mark.parametrize(
    ("name", "result", "filed"),
    [("conclude_review", "upheld", 20), ("conclude_suit", "claim_dismissed", 22)],
)
def test_proceeding_is_concluded_on_the_day_of_its_filing_or_later(
    name: str, result: str, filed: int
) -> None:
    assert refused(Walk().must(*BOTH), name, filed - 1, result=result) == ("bad_field", "on")
    assert accepted(Walk().must(*BOTH), name, filed, result=result)


def test_one_of_two_open_reviews_is_named_by_its_number() -> None:
    walk = Walk().must(*SERVED, ("file_review", 20, {}), ("file_review", 21, {}))
    for number in ({}, {"proceeding": 7}):
        found = refused(walk, "conclude_review", 30, result="upheld", **number)
        assert found == ("not_in_this_state", "proceeding")
    assert accepted(walk, "conclude_review", 30, result="upheld", proceeding=2)
    assert accepted(walk, "conclude_review", 31, result="upheld")


def test_only_an_open_proceeding_of_the_kind_can_be_concluded() -> None:
    assert told(Walk().must(*SERVED), "conclude_review", 30) == "not_in_this_state"
    review = Walk().must(*SERVED, ("file_review", 20, {}))
    assert told(review, "conclude_review", 30) is None
    assert told(review, "conclude_suit", 30) == "not_in_this_state"
    review.must(
        ("file_review", 21, {}), ("conclude_review", 25, {"result": "upheld", "proceeding": 1})
    )
    assert told(review, "conclude_review", 30) is None
    review.must(("conclude_review", 26, {"result": "upheld"}))
    assert told(review, "conclude_review", 30) == "not_in_this_state"


@pytest.mark.parametrize(
    ("step", "word"), [(("file_review", 20, {}), "复议"), (("file_suit", 20, {"via": "direct"}), "诉讼")]
)  # fmt: skip
def test_file_is_closed_after_its_proceedings(step: Step, word: str) -> None:
    done = Walk().must(*SERVED, step).do("archive", 40)
    assert isinstance(done, Refusal)
    assert (done.rule, done.message) == ("too_early", f"第 1 个{word}尚未审结")


# -- consultations -----------------------------------------------------------------------------------------


def test_notice_against_a_third_party_follows_an_objection_or_silence_of_that_party() -> None:
    before: list[Step] = [
        *ASSIGNED,
        ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
        ("consult_third_party", 2, {"consultation": 2, "reached_on": 2}),
        ("record_opinion", 4, {"consultation": 1, "opinion": "objects"}),
        ("record_opinion", 4, {"consultation": 2, "opinion": "agrees"}),
    ]
    walk = Walk().must(*before)
    assert told(walk, "override_third_party", 5) is None
    assert refused(walk, "override_third_party", 5, consultation=2)[0] == "not_in_this_state"
    assert accepted(walk, "override_third_party", 5, consultation=1)


def test_silent_third_party_is_told_as_well() -> None:
    walk = Walk().must(
        *ASSIGNED,
        ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
        ("record_opinion", 60, {"consultation": 1, "opinion": "none"}),
    )
    assert accepted(walk, "override_third_party", 61, consultation=1)


# -- fees --------------------------------------------------------------------------------------------------


def test_fee_is_paid_on_its_last_day_and_lapses_only_on_the_next() -> None:
    def charged() -> Walk:
        return Walk(fee_policy="by_page").must(
            *ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})
        )

    due = charged().case.deadlines.fee_due
    assert due is not None
    last = (due - MONDAY).days
    assert accepted(charged(), "pay_fee", last)
    assert refused(charged(), "pay_fee", last + 1) == ("too_late", "on")
    assert refused(charged(), "lapse_fee", last) == ("too_early", "on")
    assert accepted(charged(), "lapse_fee", last + 1)


# -- the register of guards --------------------------------------------------------------------------------


def test_guard_is_registered_under_its_name_with_its_sentence() -> None:
    found = GUARDS["reviewer_is_not_drafter"]
    assert (found.name, found.sentence) == ("reviewer_is_not_drafter", "保密审查人不能是拟稿人。")
    assert found.ask is answering.reviewer_is_not_drafter


def test_guard_asked_about_anybody_says_nothing_of_persons() -> None:
    case = Walk().must(*SERVED).case
    question = Question(case, "approve", None, None, MONDAY)
    assert answering.signer_is_not_drafter(question) is None
    for ask in (review_is_open, suit_is_open):
        found = ask(question)
        assert found
        assert found.article == "条例45"


# -- consultations and redoes, once more --------------------------------------------------------------------

CONSULTED: list[Step] = [
    *ASSIGNED,
    ("consult_third_party", 3, {"consultation": 1, "reached_on": 3}),
]


def test_letter_of_a_consultation_does_not_arrive_before_it_is_sent() -> None:
    early = refused(Walk().must(*ASSIGNED), "consult_third_party", 3, consultation=1, reached_on=2)
    assert early == ("bad_field", "reached_on")


def test_opinion_is_recorded_once_for_a_consultation_that_was_sent_and_on_a_later_day() -> None:
    assert told(Walk().must(*ASSIGNED), "record_opinion", 5) == "not_in_this_state"
    assert told(Walk().must(*CONSULTED), "record_opinion", 5) is None
    walk = Walk().must(*CONSULTED)
    agreed = {"consultation": 1, "opinion": "agrees"}
    assert refused(walk, "record_opinion", 2, **agreed) == ("bad_field", "on")
    assert refused(walk, "record_opinion", 5, consultation=2) == ("bad_field", "consultation")
    assert accepted(walk, "record_opinion", 3, **agreed)
    done = walk.do("record_opinion", 5, **agreed)
    assert isinstance(done, Refusal)
    assert done.rule == "already_done"
    assert done.message == "第 1 次征求意见已经登记过意见"


CORRECTED: list[Step] = [
    *SERVED,
    ("file_review", 20, {}),
    ("conclude_review", 40, {"result": "quashed"}),
]


def test_new_reply_is_ordered_from_the_day_of_the_result_and_for_a_later_day() -> None:
    assert refused(Walk().must(*CORRECTED), "order_redo", 39, due=60) == ("bad_field", "on")
    assert refused(Walk().must(*CORRECTED), "order_redo", 40, due=40) == ("bad_field", "due")
    assert accepted(Walk().must(*CORRECTED), "order_redo", 40, due=41)
    assert accepted(Walk().must(*CORRECTED), "order_redo", 40)


def test_each_correcting_result_orders_one_new_reply() -> None:
    walk = Walk().must(*CORRECTED, ("order_redo", 41, {"due": 60}))
    assert refused(walk, "order_redo", 42, due=60)[0] == "already_done"
    walk.must(("file_suit", 43, {"via": "after_review"}))
    assert refused(walk, "order_redo", 44, due=60)[0] == "already_done"
    walk.must(("conclude_suit", 50, {"result": "ordered_to_redo"}))
    assert accepted(walk, "order_redo", 51, due=70)


@pytest.mark.parametrize("result", ["upheld", "withdrawn"])
def test_result_that_corrects_nothing_orders_no_new_reply(result: str) -> None:
    walk = Walk().must(
        *SERVED, ("file_review", 20, {}), ("conclude_review", 40, {"result": result})
    )
    assert refused(walk, "order_redo", 41)[0] == "missing_evidence"


# -- grounds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("citation", "enough"),
    [
        ("《中华人民共和国统计法》第九条", True),
        ("统计法第九条", True),
        ("《城市房地产管理条例》第三条", True),
        ("不动产登记暂行条例第二十七条", True),
        ("《税收征收管理办法》（行政法规）", True),
        ("《某某规定》（国务院令第123号）", True),
        ("《云南省信访条例》第三条", False),
        ("云南省信访条例第三条", False),
        ("《不动产登记资料查询暂行办法》第五条", False),
        ("不动产登记资料查询暂行办法第五条", False),
        ("有关规定", False),
    ],
)
def test_only_a_law_or_an_administrative_regulation_forbids_disclosure(
    citation: str, enough: bool
) -> None:
    fields = {"outcome": "forbidden_by_law", "citation": citation, "ground": GROUND}
    if enough:
        assert accepted(Walk().must(*ASSIGNED), "propose_outcome", 7, **fields)
    else:
        found = refused(Walk().must(*ASSIGNED), "propose_outcome", 7, **fields)
        assert found == ("missing_evidence", "citation")


def test_secret_is_classified_by_the_day_of_the_draft() -> None:
    def fact(day: int) -> dict[str, str]:
        return {"level": "机密", "body": "省厅", "on": (MONDAY + timedelta(day)).isoformat()}

    late = {"outcome": "state_secret", "classification": fact(8)}
    found = refused(Walk().must(*ASSIGNED), "propose_outcome", 7, **late)
    assert found == ("missing_evidence", "classification")
    same = {"outcome": "state_secret", "classification": fact(7)}
    assert accepted(Walk().must(*ASSIGNED), "propose_outcome", 7, **same)


# -- fees --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "mode"), [("choose", "by_page"), ("by_page", "by_page"), ("by_page", None)]
)
def test_body_charges_in_the_way_it_has_chosen(policy: str, mode: str | None) -> None:
    fields = {"mode": mode} if mode else {}
    walk = Walk(fee_policy=policy).must(*ASSIGNED)
    assert accepted(walk, "charge_fee", 3, reached_on=3, pages=57, **fields)


def test_body_that_takes_no_fees_says_so() -> None:
    done = Walk().must(*ASSIGNED).do("charge_fee", 3, reached_on=3)
    assert isinstance(done, Refusal)
    assert done.message == "本机关没有设置收取信息处理费"


# -- duplicates --------------------------------------------------------------------------------------------


def test_request_is_merged_only_once() -> None:
    walk = Walk().must(*RECEIVED)
    walk.case.others = Others(
        named=OtherCase("2023-0009", open=True, same_applicant=True, merged=False)
    )
    assert accepted(walk, "merge_duplicate", 1, into="2023-0009")
    assert refused(walk, "merge_duplicate", 2, into="2023-0009") == ("already_done", None)
