"""What a letter knows of a case equals the case."""

from datetime import date
from decimal import Decimal

import pytest

from config.letters import load_letters
from config.letters.required import LISTS, VALUES
from tests.workflow.case.walk import ASSIGNED, MONDAY, SERVED
from tests.workflow.letters.stories import (
    CHARGED,
    CONSULTED,
    DEFECTS,
    EXTENDED,
    ITEMS,
    OBJECTED,
    ONE_EACH,
    OTHER,
    THIRD,
    Story,
    about,
    answered,
    served,
    walk,
)
from workflow.letters import Choice
from workflow.letters.letter import day_words
from workflow.letters.looks import signature_indents
from workflow.letters.of_answer import answers
from workflow.letters.said import clean, words_of
from workflow.letters.seen import Seen
from workflow.letters.values import values_of
from workflow.rules.grounds import LATER


def seen(story: Story) -> Seen:
    return Seen(story.case, story.about, load_letters(), MONDAY)


@pytest.mark.parametrize("name", list(ONE_EACH))
def test_program_says_what_the_table_names_and_nothing_else(name: str) -> None:
    found = values_of(seen(ONE_EACH[name]()))
    assert set(found.values) == VALUES
    assert set(found.lists) == set(LISTS) - {"answers"}
    for key, rows in found.lists.items():
        for row in rows:
            assert set(row) == LISTS[key], key


@pytest.mark.parametrize("name", ["reply_mixed", "redo_reply", "enquiry", "termination"])
def test_answers_are_told_by_the_names_of_the_table(name: str) -> None:
    extra = {"code", "number", "label", "article", "asked", "supplied"}
    for row in answers(seen(ONE_EACH[name]())):
        assert set(row) - extra == LISTS["answers"]


def facts(kind: str, *steps: object, **settings: object) -> dict[str, object]:
    return dict(Story(kind, walk(*steps, **settings).case, about()).letter().facts)


def test_correction_tells_all_defects_and_the_last_day() -> None:
    made = walk(*ASSIGNED[:1], DEFECTS)
    known = Story("correction_notice", made.case, about()).letter().facts
    assert known["correction_due"] == made.case.deadlines.correction_due.isoformat()
    assert [row["n"] for row in known["defects"]] == [1, 2]
    assert known["received"] == "2024-03-04"


def test_late_correction_wins_no_new_period() -> None:
    late = ("require_correction", 15, {**DEFECTS[2], "sent_on": 15, "reached_on": 15})
    letter = Story("correction_notice", walk(*ASSIGNED[:1], late).case, about()).letter()
    assert "您的申请仍在2024年4月1日以前答复" in "".join(letter.texts())
    assert "unmoved_due" not in facts("correction_notice", *ASSIGNED[:1], DEFECTS)


def test_extension_tells_both_days_and_who_agreed() -> None:
    known = facts("extension_notice", *ASSIGNED, EXTENDED)
    assert (known["due_before"], known["extended_due"]) == ("2024-04-01", "2024-04-23")
    assert known["extension_days"] == 15
    assert known["approved_by"] == "公开工作机构负责人某"


def test_fee_adds_up_in_steps() -> None:
    known = facts("fee_notice", *ASSIGNED, CHARGED, fee_policy="by_page")
    assert (known["fee_yuan"], known["fee_pages"]) == ("270", 57)
    assert known["fee_steps"] == "第31至57页，每页10元，计270元；合计270元"


def test_way_of_paying_is_the_one_that_the_body_has_set() -> None:
    """Until it has, the place stays open."""
    made = walk(*ASSIGNED, CHARGED, fee_policy="by_page", fee_account="到乡财政所窗口")
    letter = Story("fee_notice", made.case, about()).letter()
    assert "缴纳方式：到乡财政所窗口。" in "".join(letter.texts())
    made = walk(*ASSIGNED, CHARGED, fee_policy="by_page")
    assert "pay_how" in {gap.name for gap in Story("fee_notice", made.case, about()).letter().open}


def test_fee_that_does_not_follow_the_ladder_is_told_without_steps() -> None:
    story = Story("fee_notice", ONE_EACH["fee_notice_by_item"]().case, about(units_before=3))
    assert "fee_steps" not in story.letter().facts


def test_consultation_told_never_says_who_is_asked() -> None:
    for steps in ([CONSULTED], [OTHER]):
        letter = Story("consultation_told", walk(*ASSIGNED, *steps).case, about()).letter()
        assert steps[0][2]["to"] not in "".join(letter.texts())


def test_reply_after_a_consultation_says_that_somebody_objected_and_not_who() -> None:
    changes = {"no_consultation_reason": None}
    made = walk(*ASSIGNED, CONSULTED, OBJECTED)
    fields = {k: v for k, v in {**answered("third_party_rights")[-1][2], **changes}.items() if v}
    made.must(("propose_outcome", 10, {**fields, "by": "handler"}))
    text = "".join(Story("reply", made.case, about()).letter().texts())
    assert "第三方于2024年3月13日表示不同意公开" in text
    assert THIRD not in text


def test_day_count_has_a_row_for_every_day_and_ends_on_the_due_day() -> None:
    story = ONE_EACH["day_count"]()
    known = story.letter().facts
    rows = known["days"]
    due = story.case.deadlines.reply_due
    assert due is not None
    assert [row["on"] for row in (rows[0], rows[-1])] == ["2024-03-05", due.isoformat()]
    numbers = [row["n"] for row in rows if row["n"] is not None]
    assert numbers == list(range(1, 36))
    assert len([row for row in rows if "等意见" in row["counts"]]) == known["excluded_workdays"]


def test_holiday_notice_stands_beside_its_days() -> None:
    story = ONE_EACH["day_count"]()
    notices = {date(2024, 4, 4): "国办发明电〔2023〕7号"}
    rows = Story("day_count", story.case, about(notices=notices)).letter().facts["days"]
    assert [row["why"] for row in rows if row["on"] == "2024-04-04"] == [
        "放假（国办发明电〔2023〕7号）"
    ]


def test_evidence_is_what_existed_when_the_reply_was_made() -> None:
    late = ("record_search", 30, {"sources": ["档案室"], "keywords": ["合同"], "hits": 0})
    made = walk(*served(answered("supplied")), ("file_review", 20, {"copy_received_on": 21}))
    assert made.do(late[0], late[1], **late[2]) is not None
    known = Story("evidence_list", made.case, about()).letter().facts
    days = [row["on"] for key in ("proofs_time", "proofs_facts") for row in known[key]]
    assert days
    assert max(days) <= "2024-03-18"


def test_answer_to_review_names_the_evidence_of_each_item() -> None:
    rows = ONE_EACH["review_answer"]().letter().facts["items"]
    assert [row["evidence"] for row in rows] == ["第6号"] * 2
    searched = walk(*served(answered("not_existing")), ("file_suit", 30, {"via": "direct"}))
    rows = Story("suit_answer", searched.case, about()).letter().facts["items"]
    assert [row["evidence"] for row in rows] == ["第6号"] * 2


def test_secrecy_reviewer_is_not_told_who_the_third_party_is() -> None:
    made = walk(*ASSIGNED, CONSULTED)
    text = "".join(Story("openness_review_form", made.case, about()).letter().texts())
    assert "征求第三方意见，2024年3月6日发出，尚未收到意见" in text
    assert THIRD not in text
    assert THIRD in "".join(Story("approval_form", made.case, about()).letter().texts())


def test_reasons_are_asked_for_one_large_request_as_well_as_for_many() -> None:
    case = ONE_EACH["reasons_notice"]().case
    many = Story("reasons_notice", case, about()).letter()
    alone = Story("reasons_notice", case, about(earlier=())).letter()
    assert (many.facts["requests_count"], many.facts["requests_from"]) == (3, "2023-09-04")
    assert "您本次申请公开的信息共2项" in "".join(alone.texts())


def test_earlier_reply_of_the_store_is_told_with_its_days() -> None:
    made = walk(*answered("repeat", earlier_reply="2023-0007"))
    text = "".join(Story("reply", made.case, about()).letter().texts())
    assert "（“2022年养护合同”），本机关已经答复：申请编号2023-0007，于2023年9月20日送达" in text


def test_words_that_replay_filled_in_are_no_facts() -> None:
    assert words_of(f"事实和理由见卷内材料{LATER}") is None
    made = walk(*answered("deliberative", ground=f"见卷内材料{LATER}"))
    assert "ground" in {gap.name for gap in Story("reply", made.case, about()).letter().open}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2024, 4, 1), "2024年4月1日"), (Decimal("270"), "270"), ("理由。", "理由"), ("甲\n乙", "甲 乙"),
        (("甲", "乙"), "甲、乙"), ("", None), ((), None), (None, None), (0, "0"),
    ],
)  # fmt: skip
def test_values_are_said_in_words(value: object, words: str | None) -> None:
    assert words_of(value) == words


def test_clean_text_has_no_control_character() -> None:
    assert clean("甲\x00\x1f\u0085\ufdd0\U0001ffff乙") == "甲乙"


@pytest.mark.parametrize(
    ("name", "day", "indents"),
    [
        ("盘龙彝族乡人民政府", date(2024, 4, 1), (2.5, 4.0)),
        ("砚山县自然资源局", date(2026, 11, 23), (3.5, 4.0)),
        ("中华人民共和国文山壮族苗族自治州砚山县综合行政执法局", date(2024, 4, 1), (0.0, 10.0)),
    ],
)
def test_name_stands_over_the_date_which_is_four_characters_from_the_edge(
    name: str, day: date, indents: tuple[float, float]
) -> None:
    """GB/T 9704 7.3.5.1."""
    from dataclasses import replace

    letter = replace(ONE_EACH["receipt"]().letter(), signature=name, day=day)
    assert signature_indents(letter) == indents
    assert day_words(date(2024, 4, 1)) == "2024年4月1日"


def test_quotation_marks_in_the_applicants_words_become_single_ones() -> None:
    made = walk(*ASSIGNED[:1], items=("关于“三需要”的文件", ITEMS[1]))
    letter = Story("receipt", made.case, about()).letter()
    assert "（1）您写明：“关于‘三需要’的文件”。" in letter.texts()


def test_choice_of_a_paper_leads_to_its_proof_of_service() -> None:
    made = walk(
        *ASSIGNED, EXTENDED, CONSULTED, *[(n, d + 9, f) for n, d, f in SERVED[len(ASSIGNED) :]][:0]
    )
    by_kind = {
        kind: Story("service_record", made.case, about(), Choice(paper=kind)).letter().facts
        for kind in ("extension_notice", "third_party_consultation")
    }
    assert by_kind["extension_notice"]["paper_title"] == "延期答复告知书"
    assert by_kind["third_party_consultation"]["paper_to"] == THIRD


PLACE = {"place": "第 3 页", "withheld": "身份证号码", "given": "姓名", "ground": "个人隐私"}
ANSWER = {"unit": "农业中心", "answer": "没有制作过", "by": "赵六", "on": MONDAY}


def test_places_that_are_withheld_stand_in_the_reply_and_on_the_sheet() -> None:
    """条例37."""
    steps = answered("partial", redactions=[PLACE, {**PLACE, "place": "第 4 页"}])
    said = "第 3 页：身份证号码不予公开；提供姓名；理由：个人隐私"
    (row,) = answers(seen(Story("reply", walk(*steps).case, about())))
    assert said in row["redaction"] and "第 4 页：" in row["redaction"]
    told = values_of(seen(Story("openness_review_form", walk(*steps).case, about())))
    assert said in str(told.values["redactions"])


def test_who_answered_for_a_unit_stands_in_the_record_and_not_in_the_reply() -> None:
    """条例36(4)."""
    record = {"sources": ["档案室", "财务系统"], "keywords": ["合同"], "synonyms": ["协议"], "hits": 0,
              "asked": [ANSWER], "searched_by": "王五"}  # fmt: skip
    steps = [
        *ASSIGNED,
        ("record_search", 5, record),
        ("propose_outcome", 7, {"outcome": "not_existing"}),
    ]
    found = seen(Story("reply", walk(*steps, items=("合同",)).case, about()))
    (row,) = answers(found)
    assert row["unit_answers"] == ("农业中心：没有制作过",) and "协议" in row["keywords"]
    (line,) = values_of(found).lists["searches"]
    assert "赵六" in line["asked"][0] and line["by"].endswith("王五") and "协议" in line["keywords"]


# -- words that follow from a setting, a number or who mends it ----------------------------------------


@pytest.mark.parametrize(("restarts", "word"), [(True, "重新"), (False, "继续")])
def test_fee_notice_says_whether_the_period_begins_anew(restarts: bool, word: str) -> None:
    settings = {"fee_policy": "by_page", "fee_restart_full": restarts}
    letter = Story("fee_notice", walk(*ASSIGNED, CHARGED, **settings).case, about()).letter()
    assert f"缴费的次日起{word}计算" in "".join(letter.texts())


def test_facts_of_every_letter_have_its_day() -> None:
    letter = Story("extension_notice", walk(*ASSIGNED, EXTENDED).case, about()).letter()
    assert letter.facts["day"] == letter.day.isoformat()


def test_several_annexes_of_one_answer_are_named_from_the_first_to_the_last() -> None:
    """附件1至2 of an answer to two items at once; one alone has no number."""
    both = walk(*answered("supplied"), items=("合同", "验收单"))
    assert "见附件1至2" in "".join(Story("reply", both.case, about()).letter().texts())
    one = walk(*answered("supplied"), items=("合同",))
    text = "".join(Story("reply", one.case, about()).letter().texts())
    assert "见附件" in text and "附件1" not in text


def test_answer_for_another_body_names_it_and_how_to_reach_it() -> None:
    (told,) = Story("reply", walk(*answered("not_responsible"), items=("合同",)).case, about()).letter().facts["answers"]  # fmt: skip
    assert told["right_body"] and told["right_contact"]


def test_items_are_numbered_in_chinese_beyond_ten() -> None:
    items = tuple(f"第{n}份合同" for n in range(1, 13))
    parts = [{"item": n, "outcome": "supplied"} for n in range(1, 13)]
    steps = (*ASSIGNED, ("propose_outcome", 7, {"items": parts, "by": "handler"}))
    text = Story("reply", walk(*steps, items=items).case, about()).letter().texts()
    heads = [line.partition("、")[0] for line in text if "、关于您提出的" in line]
    assert heads[0] == "一" and heads[8:] == ["九", "十", "十一", "十二"]


def value(kind: str, *steps: object, **settings: object) -> dict[str, object]:
    return values_of(seen(Story(kind, walk(*steps, **settings).case, about()))).values


def test_working_days_are_told_once_they_are_counted() -> None:
    assert value("receipt", *ASSIGNED)["period_workdays"] == 20
    assert value("extension_notice", *ASSIGNED, EXTENDED)["period_workdays"] == 35
    early = value("receipt")
    assert (early["period_workdays"], early["counted_from"], early["due"]) == (None, None, None)


def test_what_an_extension_led_to_is_told_as_it_was_then_whatever_came_later() -> None:
    """Of a third party that is asked afterwards the days are not counted: the due day is another one now."""
    last = value("extension_notice", *ASSIGNED, EXTENDED)
    later = (CONSULTED[0], 6, {**CONSULTED[2], "sent_on": 6, "reached_on": 7})
    story = Story("extension_notice", walk(*ASSIGNED, EXTENDED, later, (OBJECTED[0], 13, OBJECTED[2])).case, about())  # fmt: skip
    known = values_of(seen(story)).values
    for name in ("due_before", "extended_due"):
        assert known[name] == last[name]
    assert (last["due_before"], last["extended_due"]) == (date(2024, 4, 1), date(2024, 4, 23))
    assert story.case.deadlines.reply_due != last["extended_due"]


def test_day_by_which_a_correction_lapses_is_told_while_it_waits() -> None:
    waits = value("correction_notice", *ASSIGNED[:1], DEFECTS)
    assert waits["correction_lapsed_due"] == waits["correction_due"] is not None
    assert waits["correction_days"] == 15 and waits["corrected_on"] is None
    done = value("correction_notice", *ASSIGNED[:1], DEFECTS, ("correct", 6, {"text": "2023 年"}))
    assert done["correction_lapsed_due"] is None and done["corrected_on"] == date(2024, 3, 10)
    assert value("receipt", *ASSIGNED)["correction_lapsed_due"] is None


def test_opinions_name_what_was_said_by_whom_and_when() -> None:
    made = walk(*served(answered("supplied")))
    known = values_of(seen(Story("approval_form", made.case, about()))).values
    law = made.case.rules.law
    parts = {
        name: str(known[name]).split("　")
        for name in ("opinion_of_unit", "review_opinion", "legal_opinion", "signed_by")
    }
    assert parts["opinion_of_unit"][0] == f"拟{law.outcomes['supplied'].label}"
    for name, event in (
        ("review_opinion", "pass_secrecy_review"),
        ("legal_opinion", "pass_legal_check"),
        ("signed_by", "approve"),
    ):
        assert parts[name][0] == law.transitions[event].label
    for said in parts.values():
        assert len(said) == 3 and said[1].endswith("某") and said[2].startswith("2024年3月")
    early = value("approval_form", *ASSIGNED)
    assert all(early[name] is None for name in parts)
