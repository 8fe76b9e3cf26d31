"""Which letters a case can have, and what is said where it cannot."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.letters import load_letters
from tests.workflow.case.walk import ASSIGNED, MONDAY, RECEIVED, SERVED, TODAY, Step
from tests.workflow.letters.stories import (
    BODY,
    CONSULTED,
    DEFECTS,
    EXTENDED,
    OBJECTED,
    ONE_EACH,
    RELEASED,
    REVIEWED,
    Story,
    about,
    answered,
    of_header,
    served,
    walk,
)
from workflow.case.case import Case
from workflow.letters import Body, Choice, NotPossible, draft, letters_of

ON = MONDAY + timedelta(10)
REVISED: Step = ("revise_reply", 30, {"mode": "correct", "reason": "页码有误"})


def states(case: Case, today: date = ON) -> dict[str, str]:
    return {one.kind: one.state for one in letters_of(case, today)}


def refused(kind: str, case: Case, today: date = ON) -> NotPossible:
    with pytest.raises(NotPossible) as told:
        draft(kind, case, about(), today)
    return told.value


def test_letters_stand_in_the_order_of_the_list_of_practice() -> None:
    places = [
        load_letters().latest(one.kind).head.place for one in letters_of(walk(*SERVED).case, ON)
    ]
    assert places == sorted(places)
    assert places[0] == 1


@pytest.mark.parametrize(
    ("steps", "kind", "state"),
    [
        ([], "receipt", "open"),
        (RECEIVED, "receipt", "made"),
        (RECEIVED, "correction_notice", "open"),
        ([*RECEIVED, DEFECTS], "correction_notice", "made"),
        (ASSIGNED, "extension_notice", "open"),
        ([*ASSIGNED, EXTENDED], "extension_notice", "made"),
        (ASSIGNED, "reply", "open"),
        (answered("supplied"), "reply", "due"),
        (served(answered("supplied")), "reply", "made"),
        ([*ASSIGNED, CONSULTED], "consultation_told", "due"),
        ([*ASSIGNED, CONSULTED, OBJECTED], "third_party_notice", "open"),
        ([*ASSIGNED, CONSULTED, OBJECTED, RELEASED], "third_party_notice", "made"),
        ([*SERVED, REVIEWED], "review_answer", "due"),
        ([*SERVED, REVIEWED], "evidence_list", "due"),
        (RECEIVED, "withdrawal_confirmation", "open"),
        (ASSIGNED, "assistance_request", "open"),
        ([*ASSIGNED, CONSULTED, ("withdraw", 8, {"by": "clerk"})], "consultation_told", "open"),
        ([*SERVED, REVIEWED, ("conclude_review", 60, {"result": "upheld"})], "review_answer", "open"),
        ([*SERVED, REVIEWED, REVISED], "change_told", "due"),
        ([*SERVED, REVIEWED, (*REVISED[:2], {**REVISED[2], "told_on": MONDAY + timedelta(31)})], "change_told", "open"),
    ],
)  # fmt: skip
def test_state_of_a_letter_follows_from_the_log(steps: list[Step], kind: str, state: str) -> None:
    assert states(walk(*steps).case)[kind] == state


@pytest.mark.parametrize(
    ("steps", "kind", "says", "when"),
    [
        (RECEIVED, "termination", "还不能办理“逾期不补正”", "须在“待补正”时"),
        (ASSIGNED, "third_party_notice", "没有第三方不同意公开的意见", "征求第三方意见"),
        (ASSIGNED, "review_answer", "还没有登记“申请人申请复议”", "登记“申请人申请复议”之后"),
        (ASSIGNED, "suit_answer", "还没有登记“起诉”", "之后"),
        (ASSIGNED, "consultation_told", "还没有登记“征求第三方意见”", "之后"),
        (ASSIGNED, "redo_reply", "本件是第一次答复", "用于复议、诉讼之后的重新答复"),
        (ASSIGNED, "record_correction_reply", "本件是“政府信息公开申请”", "只用于“更正本人信息”"),
        (SERVED, "extension_notice", "还不能办理“延长答复期限”", "须"),
        (RECEIVED, "posting_list", "没有交邮的文书", "登记邮寄送达之后"),
        (SERVED, "correction_notice", "还不能办理“通知补正”", "须"),
    ],
)
def test_letter_that_cannot_be_says_why_and_what_would_help(
    steps: list[Step], kind: str, says: str, when: str
) -> None:
    refusal = refused(kind, walk(*steps).case).refusal
    assert says in refusal.message
    assert when in refusal.allowed_when
    assert refusal.article


@pytest.mark.parametrize("name", list(ONE_EACH))
def test_what_stands_in_the_list_can_be_drafted_and_the_other_way_round(name: str) -> None:
    story = ONE_EACH[name]()
    listed = letters_of(story.case, story.today)
    assert story.kind in {one.kind for one in listed}
    for one in listed:
        assert draft(one.kind, story.case, story.about, story.today).label == one.label


def test_unknown_kind_is_an_error_of_its_own() -> None:
    with pytest.raises(KeyError):
        draft("wish", walk(*RECEIVED).case, about(), ON)


def test_letter_that_went_out_stays_as_it_was_whatever_came_later() -> None:
    """The last day that an extension names is that of its own day, not one that a consultation moved."""
    before = Story("extension_notice", walk(*ASSIGNED, EXTENDED).case, about()).letter()
    later = {**CONSULTED[2], "sent_on": 8, "reached_on": 9}
    after = walk(
        *ASSIGNED, EXTENDED, ("consult_third_party", 8, later), ("record_opinion", 20, OBJECTED[2])
    )
    assert after.case.deadlines.reply_due != before.facts["extended_due"]
    assert Story("extension_notice", after.case, about()).letter() == before


def test_reply_that_came_back_is_to_be_written_again() -> None:
    failed: list[Step] = [*SERVED, ("service_failed", 16, {"reason": "查无此人"})]
    assert states(walk(*failed).case)["reply"] == "due"


def test_draft_that_was_taken_back_is_no_reply_to_write() -> None:
    back = walk(*answered("supplied"), ("take_back_draft", 8, {}))
    assert states(back.case)["reply"] == "open"


def test_consultation_is_chosen_by_its_number() -> None:
    second = {**CONSULTED[2], "consultation": 2, "to": "李四", "subject": "验收单"}
    case = walk(*ASSIGNED, CONSULTED, ("consult_third_party", 3, {**second, "sent_on": 3})).case
    letters = [
        draft("third_party_consultation", case, about(), ON, choice=Choice(n)) for n in (1, 2)
    ]
    assert [letter.facts["party"] for letter in letters] == [CONSULTED[2]["to"], "李四"]
    assert draft("third_party_consultation", case, about(), ON).addressee == "李四"


def test_letters_bear_the_name_that_the_body_had_on_their_day() -> None:
    case = walk(*RECEIVED).case
    then = about()
    assert draft("receipt", case, then, TODAY).title[0] == "盘龙彝族乡人民政府"
    old = draft(
        "receipt",
        case,
        about(body=type(then.body)("panlong", "江那镇人民政府", ((MONDAY, "盘龙彝族乡人民政府"),))),
        TODAY,
    )
    assert old.title[0] == old.signature == "盘龙彝族乡人民政府"
    new = draft(
        "registration_form",
        case,
        about(body=type(then.body)("panlong", "江那镇人民政府", ((MONDAY, "盘龙彝族乡人民政府"),))),
        TODAY,
    )
    assert new.title[0] == "江那镇人民政府"


def test_day_before_every_template_has_no_letter() -> None:
    made = of_header(walk(online_confirmation="submission"))
    made.must(("receive", -2200, {"channel": "in_person"}))
    assert "没有 2018-02-24 的文书模板" in refused("receipt", made.case).refusal.message


def test_entry_that_was_corrected_is_told_as_it_is_right() -> None:
    right = {
        "fields": {"days": 12},
        "reason": "录错",
        "second_person": "甲",
        "seq": 3,
        "by": "clerk",
    }
    made = walk(*ASSIGNED, EXTENDED, ("correct_entry", 9, right))
    letter = Story("extension_notice", made.case, about()).letter()
    assert letter.facts["extension_days"] == 12
    assert letter.facts["extended_due"] == made.case.deadlines.reply_due.isoformat()


def test_letters_of_a_transferred_case_are_signed_by_who_had_it() -> None:
    story = ONE_EACH["transfer_told"]()
    other = replace(
        about(), body=Body("jiangna", "江那镇人民政府"), giver=(BODY, MONDAY + timedelta(8))
    )
    for kind, name in (
        ("receipt", "盘龙彝族乡人民政府"), ("transfer_letter", "盘龙彝族乡人民政府"),
        ("transfer_told", "盘龙彝族乡人民政府"), ("registration_form", "江那镇人民政府"),
    ):  # fmt: skip
        assert draft(kind, story.case, other, TODAY).title[0] == name
