"""Repeated applications: an earlier answer to the same applicant (条例36(6); law.md §6.5C)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.workflow.service.township import Town
from workflow.refusal import Refusal
from workflow.service import Office
from workflow.store.models import CaseRow

SAME = "两次申请的是同一份合同，申请人相同"


@pytest.fixture
def town(office_on: Callable[[date], Office]) -> Town:
    return Town(office_on(date(2024, 9, 30)))


def answered(town: Town, on: str = "2024-05-06", outcome: str = "supplied", **about: Any) -> str:
    number = town.register(on, **about)
    town.answer(number, on, outcome)
    return number


def repeats(
    town: Town, number: str, earlier: str, on: str = "2024-06-04", **more: Any
) -> Refusal | None:
    """Draft 重复 for the case; why it was refused."""
    if town.case(number).state == "registered":
        town.do(number, "assign", on)
    fields = {"outcome": "repeat", "earlier_reply": earlier, **more}
    try:
        return town.refused(number, "propose_outcome", on, **fields)
    except AssertionError:
        return None


def test_answer_to_the_same_applicant_is_an_earlier_reply(town: Town) -> None:
    first = answered(town)
    assert repeats(town, town.register("2024-06-03"), first) is None


def test_number_may_stand_in_a_sentence(town: Town) -> None:
    first = answered(town)
    found = repeats(
        town, town.register("2024-06-03"), f"本机关 {first} 号答复（2024 年 5 月 6 日送达）"
    )
    assert found is None


@pytest.mark.parametrize(
    ("case", "word"),
    [("own", "自己"), ("open", "还没有答复"), ("other", "申请人与本件不同"), ("withdrawn", "没有作出答复"),
     ("late", "晚于收到"), ("none", "没有编号为")],
)  # fmt: skip
def test_unfit_earlier_reply_is_refused_with_its_reason(town: Town, case: str, word: str) -> None:
    if case == "other":
        first = answered(town, proof="E20000002", name="李四")
    elif case == "withdrawn":
        first = town.register("2024-05-06")
        town.do(first, "withdraw", "2024-05-07")
    elif case == "late":
        first = town.register("2024-05-06")
    else:
        first = "2024-0099" if case == "none" else town.register("2024-05-06")
    number = town.register("2024-06-03")
    if case == "late":
        town.answer(first, "2024-06-04", "supplied")
    found = repeats(town, number, number if case == "own" else first)
    assert found is not None and found.rule == "bad_field" and found.field == "earlier_reply"
    assert word in found.message


def test_reply_that_was_quashed_is_none(town: Town) -> None:
    first = answered(town, "2024-03-04")
    town.do(first, "file_review", "2024-03-11")
    town.do(first, "conclude_review", "2024-05-20", result="quashed")
    found = repeats(town, town.register("2024-06-03"), first)
    assert found is not None and "纠正" in found.message


def test_older_reply_is_named_in_words(town: Town) -> None:
    """Before the store's time: number and day in words that are no number of this store."""
    number = town.register("2024-06-03")
    for bare in ("此前已答复", "以前答复过"):
        found = repeats(town, number, bare)
        assert found is not None and found.field == "earlier_reply"
    assert repeats(town, number, "2019 年 5 月 8 日盘政公开〔2019〕3 号答复") is None


def test_another_text_asks_why_it_is_the_same(town: Town) -> None:
    first = answered(town, items=["道路养护的合同文本"])
    number = town.register("2024-06-03")
    found = repeats(town, number, first)
    assert found is not None and (found.rule, found.field) == ("missing_evidence", "reason")
    assert "道路养护的合同文本" in found.message
    label = repeats(town, number, first, reason="重复申请")
    assert label is not None and label.field == "reason"
    assert repeats(town, number, first, reason=SAME) is None


@pytest.mark.parametrize("unknown", ["first", "second"])
def test_same_name_without_a_proof_asks_for_a_word_either_way(town: Town, unknown: str) -> None:
    """By proof where both gave one, else by name and then a word: the same from both sides."""
    first = answered(town)
    number = town.register("2024-06-03")
    with town.office.store.write() as unit:
        wanted = first if unknown == "first" else number
        row = unit.session.query(CaseRow).filter_by(number=wanted).one()
        row.applicants[0].identity = None
    found = repeats(town, number, first)
    assert found is not None and (found.rule, found.field) == ("missing_evidence", "reason")
    assert "姓名" in found.message
    assert repeats(town, number, first, reason=SAME) is None


def test_only_what_was_given_is_confirmed_again(town: Town) -> None:
    """要求确认或重新出具: the earlier reply gave the information."""
    refused = answered(town, outcome="not_existing")
    number = town.register("2024-06-03")
    found = repeats(town, number, refused, outcome="reconfirmation")
    assert found is not None and "没有提供" in found.message
    given = answered(town, "2024-05-07")
    assert repeats(town, number, given, outcome="reconfirmation") is None
    partly = answered(town, "2024-05-08", "partial")
    assert repeats(town, number, partly, outcome="reconfirmation") is None
