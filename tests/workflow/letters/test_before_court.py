"""The answers to review and court are skeletons (practice.md §2.5): facts of the log, numbers of the list of evidence,
open places for what the file does not show, and nothing else."""

import re

import pytest

from config.letters import load_letters
from tests.workflow.case.walk import ASSIGNED, CORRECTING
from tests.workflow.letters.stories import (
    CONSULTED,
    EXTENDED,
    OBJECTED,
    REVIEWED,
    SUIT,
    Story,
    about,
    answered,
    served,
    walk,
)
from workflow.letters import Letter
from workflow.letters.in_file import evidence
from workflow.letters.letter import day_words
from workflow.letters.seen import Seen

DISPUTES = {"review_answer": REVIEWED, "suit_answer": SUIT}


def answer(kind: str, *steps) -> Letter:
    return Story(kind, walk(*steps, DISPUTES[kind]).case, about()).letter()


@pytest.fixture(params=list(DISPUTES))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_what_the_file_does_not_show_stays_open(kind: str) -> None:
    letter = answer(kind, *served(answered("not_existing")))
    assert {"head_of_body", "agent_of_body", "points_answered", "requested"} <= {
        gap.name for gap in letter.open
    }
    text = "".join(letter.texts())
    assert "综上，请求" in text
    assert all(gap.text in text for gap in letter.open)


def test_course_is_the_log_with_its_days(kind: str) -> None:
    case = walk(*served(answered("not_existing")), DISPUTES[kind]).case
    letter = Story(kind, case, about()).letter()
    told = [row["on"] for row in letter.facts["course"]]
    assert told == sorted(line.event.on.isoformat() for line in case.log)
    text = "".join(letter.texts())
    assert all(day_words(line.event.on) in text for line in case.log)


def test_each_item_says_fact_number_of_the_evidence_and_article(kind: str) -> None:
    case = walk(*served(answered("not_existing")), DISPUTES[kind]).case
    letter = Story(kind, case, about()).letter()
    listed = Story("evidence_list", case, about()).letter()
    numbers = {
        row["title"]: row["n"]
        for key in ("proofs_time", "proofs_facts")
        for row in listed.facts[key]
    }
    search = numbers["检索记录及单位书面答复"]
    for row in letter.facts["items"]:
        assert row["evidence"] == f"第{search}号"
    text = "".join(letter.texts())
    assert text.count(f"。证据：见证据目录第{search}号。") == 2
    assert text.count("依据《条例》第三十六条第（四）项") == 2
    assert f"逐日计算见证据目录第{numbers['答复期限逐日计算单']}号逐日计算单" in text


STEPS = {
    "一次性告知补正": CORRECTING,
    "书面征求第三方的意见": [*ASSIGNED, CONSULTED, OBJECTED],
    "批准延长答复期限15个工作日": [*ASSIGNED, EXTENDED],
}


@pytest.mark.parametrize("said", list(STEPS))
def test_procedure_tells_the_steps_that_were_taken_and_no_other(kind: str, said: str) -> None:
    text = "".join(answer(kind, *STEPS[said]).texts())
    assert [one for one in STEPS if one in text] == [said]


def test_nothing_is_argued_of_a_reply_that_was_not_served(kind: str) -> None:
    text = "".join(answer(kind, *ASSIGNED).texts())
    assert "作出并送达答复" not in text
    assert "答复在期限以内送达" not in text
    assert not re.search("见证据目录第.*?号。第", text)


def test_late_reply_is_said_to_be_late(kind: str) -> None:
    steps = served(answered("not_existing"))
    late = [*steps[:-1], ("serve", 60, {"method": "direct", "signed_on": 60})]
    dispute = (DISPUTES[kind][0], 70, {**DISPUTES[kind][2], "copy_received_on": 72})
    letter = Story(kind, walk(*late, dispute).case, about()).letter()
    assert "答复超过期限送达" in "".join(letter.texts())


def test_own_correction_is_told_with_its_reason() -> None:
    made = walk(*served(answered("supplied")), REVIEWED)
    made.must(("revise_reply", 30, {"mode": "correct", "reason": "页码有误"}))
    text = "".join(Story("review_answer", made.case, about()).letter().texts())
    assert "已于2024年4月3日更正原答复，理由：页码有误。" in text


def test_numbers_run_through_the_whole_list(kind: str) -> None:
    case = walk(*served(answered("supplied")), DISPUTES[kind]).case
    story = Story("evidence_list", case, about())
    facts = story.letter().facts
    numbers = [
        row["n"] for key in ("proofs_time", "proofs_facts", "proofs_law") for row in facts[key]
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    seen = Seen(case, about(), load_letters(), story.today)
    assert len(evidence(seen)) == numbers[-1] - len(facts["proofs_law"])
