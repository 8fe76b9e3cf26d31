"""The remedy stands in the letters that need it, by the rules of the letter's own day, and in no other."""

from datetime import date

import pytest

from config.law import load_law
from config.letters import load_letters
from tests.workflow.case.walk import MONDAY, TODAY, Step
from tests.workflow.letters.stories import (
    ONE_EACH,
    Story,
    about,
    anew,
    answered,
    codes,
    served,
    walk,
)
from workflow.letters import Letter
from workflow.rules.outcomes import remedy_of

LAW = load_law()
EITHER = "提起行政诉讼。"
FIRST = "应当先自收到本答复之日起60日内向砚山县人民政府申请行政复议"
PROCEDURAL = (
    "receipt", "correction_notice", "reasons_notice", "extension_notice", "third_party_consultation",
    "consultation_told", "agency_consultation", "assistance_request", "fee_notice", "fee_change_notice",
    "delay_notice", "transfer_letter", "transfer_told", "withdrawal_confirmation", "forwarding_letter",
)  # fmt: skip


def reply(code: str, days: int = 0, **settings: str) -> Letter:
    """A reply that was served so many days after 2024-03-18."""
    steps: list[Step] = [
        (name, after + days, {**fields, **({"posted_on": 14 + days} if name == "serve" else {})})
        for name, after, fields in served(answered(code))
    ]
    return Story("reply", walk(*steps, **settings).case, about()).letter()


@pytest.mark.parametrize("kind", PROCEDURAL)
def test_procedural_papers_tell_no_remedy(kind: str) -> None:
    """国办函〔2021〕132号 3."""
    letter = ONE_EACH[kind]().letter()
    assert letter.remedy == ()
    assert not any("行政复议" in text or "行政诉讼" in text for text in letter.texts())


def test_the_other_letters_with_a_remedy_are_known() -> None:
    found = {
        kind for kind, (*_, last) in load_letters().templates.items() if last.head.remedy != "none"
    }
    assert found == {
        "reply", "redo_reply", "supplement_reply", "correction_reply", "record_correction_reply", "termination",
        "third_party_notice",
    }  # fmt: skip


@pytest.mark.parametrize("code", codes())
def test_reply_tells_the_way_of_its_outcome_and_day(code: str) -> None:
    letter = reply(code)
    way = remedy_of(LAW.outcomes[code], {"partial_remedy": "review_first"}, MONDAY)
    if way == "none":
        assert letter.remedy == ()
    elif code == "partial":
        assert [text[:15] for text in letter.remedy] == [
            "对本答复中不予公开的部分不服的",
            "对本答复的其他部分不服的，可以",
        ]
    elif way == "review_first":
        assert len(letter.remedy) == 1
        assert FIRST in letter.remedy[0]
        assert "逾期不作决定的" in letter.remedy[0]
    else:
        assert letter.remedy == (
            "对本答复不服的，可以自收到本答复之日起60日内向砚山县人民政府申请行政复议，或者自收到本答复之日起6个月内"
            "向砚山县人民法院提起行政诉讼。",
        )
    assert all(text in letter.texts() for text in letter.remedy)


@pytest.mark.parametrize(
    ("days", "first"), [(-79, False), (-78, False), (-77, True), (0, True), (900, True)]
)
def test_day_of_service_decides_between_review_first_and_either(days: int, first: bool) -> None:
    """Posted on 2023-12-31 the choice, on 2024-01-01 review first (行政复议法23)."""
    letter = reply("deliberative", days)
    assert (FIRST in letter.remedy[0]) is first
    assert letter.facts["remedy"] == ["review_first" if first else "either"]


def test_partial_reply_follows_the_setting_only_until_the_regulation_of_2026() -> None:
    assert reply("partial", partial_remedy="either").facts["remedy"] == ["either"]
    assert reply("partial", 900, partial_remedy="either").facts["remedy"] == [
        "review_first",
        "either",
    ]


def test_open_names_of_organ_and_court_are_named_once() -> None:
    made = walk(*answered("deliberative"), review_organ="", court="")
    letter = Story("reply", made.case, about()).letter()
    assert {gap.name for gap in letter.open} >= {"review_organ", "court"}
    assert "【复议机关】" in letter.remedy[0]


def test_third_party_has_a_right_of_its_own_from_its_own_receipt() -> None:
    (text,) = ONE_EACH["third_party_notice"]().letter().remedy
    assert text.startswith("对本决定不服的，可以自收到本告知书之日起60日内")


def test_reply_on_the_net_names_the_address_of_review() -> None:
    steps = served(answered("supplied"))[:-1]
    steps.append(("serve", 14, {"method": "electronic", "sent_on": 14}))
    letter = Story("reply", walk(*steps).case, about()).letter()
    assert letter.remedy[-1] == "可以通过网上提交行政复议申请：https://xzfy.example.org"


@pytest.mark.parametrize("name", ["termination", "termination_fee"])
def test_end_of_a_case_tells_both_ways_against_the_notice(name: str) -> None:
    (text,) = ONE_EACH[name]().letter().remedy
    assert text.startswith("对本告知书不服的，可以自收到本告知书之日起60日内")


def test_ordered_reply_is_judged_by_its_own_day_not_by_that_of_the_first() -> None:
    story = anew(None, "deliberative")
    assert FIRST in story.letter().remedy[0]
    assert story.letter().day == TODAY


def test_reply_that_nobody_has_drafted_leaves_answer_and_remedy_open() -> None:
    letter = Story(
        "reply", walk(("receive", 0, {"channel": "ems"}), ("assign", 1, {})).case, about()
    ).letter()
    assert {gap.name for gap in letter.open} >= {"answer", "remedy"}


def test_drafted_letters_are_dated_by_signature_or_today() -> None:
    assert reply("supplied").day == date(2024, 3, 15)
    assert Story("reply", walk(*answered("supplied")).case, about()).letter().day == TODAY
