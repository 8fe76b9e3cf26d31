"""Remedies: which way, by outcome and day of service, and how long (law.md §1.1, practice.md §2.3)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from config.law import load_law
from tests.examples import contract
from tests.workflow.case.proved import EVIDENCE
from tests.workflow.case.walk import READY, RULES, SERVED, Step, Walk
from tests.workflow.service.township import Town
from workflow import clock
from workflow import events as ev
from workflow.rules.outcomes import Answer, answer_of
from workflow.rules.remedy import (
    COURT,
    ONLINE,
    ORGAN,
    record_correction_remedy,
    remedy_text,
    silence_kind,
    silence_remedy,
    third_party_remedy,
)
from workflow.rules.rulebook import Rulebook
from workflow.service import Office

LAW = load_law()
OLD, NEW = date(2023, 12, 31), date(2024, 1, 1)
CODES = {entry["code"]: entry for entry in contract("outcomes")["outcomes"]}
ARTICLES_14_TO_16 = [c for c, e in CODES.items() if e["basis"] in ("14", "15", "16(1)", "16(2)")]
KNOWN = {ORGAN: "砚山县人民政府", COURT: "砚山县人民法院", ONLINE: "https://xzfy.example.org"}


def rules(**settings: Any) -> Rulebook:
    return replace(RULES, settings={**RULES.settings, **KNOWN, **settings})


def by_items(*codes: str, overall: str | None = None) -> Answer:
    items = [{"item": n, "outcome": code} for n, code in enumerate(codes, start=1)]
    event = ev.parse("propose_outcome", {"on": "2024-03-04", "items": items, "outcome": overall})
    assert isinstance(event, ev.ProposeOutcome)
    return answer_of(event, LAW, RULES.settings)


# -- which way ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_outcome_has_the_remedy_of_the_contract(code: str) -> None:
    told = CODES[code]["remedy"]
    expected = "review_first" if told == "partial_remedy" else told
    assert len(CODES) == 28
    found = remedy_text(code, date(2024, 6, 3), rules())
    assert found.kind == expected
    assert bool(found.paragraphs) == (expected != "none")
    assert found.missing == ()


@pytest.mark.parametrize("code", ARTICLES_14_TO_16)
def test_refusal_by_articles_14_to_16_goes_to_review_first_from_2024_on(code: str) -> None:
    """行政复议法23(1)(4), in force on 2024-01-01: the day of service decides, not that of the draft."""
    assert remedy_text(code, OLD, rules()).kind == "either"
    found = remedy_text(code, NEW, rules())
    assert found.kind == "review_first"
    (text,) = found.paragraphs
    assert "应当先自收到本答复之日起 60 日内向砚山县人民政府申请行政复议" in text
    assert "15 日内向砚山县人民法院提起行政诉讼" in text
    assert "或者自收到本答复之日" not in text and "6 个月" not in text


@pytest.mark.parametrize("code", ARTICLES_14_TO_16)
def test_review_first_says_what_follows_when_review_does_nothing(code: str) -> None:
    """行政复议法34: not accepted, rejected, or not decided in time, the court is open for 15 days."""
    (text,) = remedy_text(code, NEW, rules()).paragraphs
    assert "复议机关不予受理、驳回申请或者逾期不作决定的" in text
    assert "自收到决定书或者复议期限届满之日起 15 日内向砚山县人民法院" in text


def test_who_is_its_own_organ_of_review_names_the_state_council_as_well() -> None:
    """行政复议法24(2), 25, 26: after the decision of a province or a ministry, the court or 裁决."""
    own = rules(review_organ="云南省人民政府")
    (text,) = remedy_text("deliberative", NEW, own, body="云南省人民政府").paragraphs
    assert "也可以向国务院申请裁决" in text
    (text,) = remedy_text("deliberative", NEW, own, body="云南省财政厅").paragraphs
    assert "国务院" not in text


def test_seven_outcomes_go_to_review_first_and_administrative_queries_do_not() -> None:
    assert len(ARTICLES_14_TO_16) == 7
    assert remedy_text("administrative_query", NEW, rules()).kind == "either"


def test_everything_else_may_be_reviewed_or_sued() -> None:
    (text,) = remedy_text("not_existing", NEW, rules()).paragraphs
    assert (
        "60 日内向砚山县人民政府申请行政复议，或者自收到本答复之日起 6 个月内向砚山县人民法院"
        in text
    )
    assert "应当先" not in text


@pytest.mark.parametrize("code", ["withdrawn", "applicant_gone"])
def test_who_withdrew_or_is_gone_is_told_no_remedy(code: str) -> None:
    found = remedy_text(code, NEW, rules(), electronic=True)
    assert (found.kind, found.kinds, found.paragraphs, found.missing) == ("none", (), (), ())


def test_remedy_follows_the_day_of_service_over_the_turn_of_the_year(
    office_on: Callable[[date], Office],
) -> None:
    town = Town(office_on(date(2024, 1, 10)))
    kept = {"ground": "会议上的发言，尚未形成决定", "subtype": "讨论记录"}
    kinds = {}
    for served in ("2023-12-29", "2024-01-02"):
        number = town.register("2023-12-20")
        town.answer(number, served, "deliberative", **kept)
        kinds[served] = town.case(number).remedy
    assert kinds == {"2023-12-29": "either", "2024-01-02": "review_first"}


# -- partial and mixed --------------------------------------------------------------------------------


def test_refused_part_of_a_partial_disclosure_follows_the_setting() -> None:
    first = remedy_text("partial", NEW, rules())
    assert first.kinds == ("review_first", "either") and "不予公开的部分" in first.paragraphs[0]
    for settings, served in (({"partial_remedy": "either"}, NEW), ({}, OLD)):
        for answer in (None, by_items("supplied", "deliberative")):
            found = remedy_text("partial", served, rules(**settings), answer=answer)
            assert found.kind == "either"
            assert len(found.paragraphs) == 1 and "应当先" not in found.paragraphs[0]


@pytest.mark.parametrize("answer", [None, by_items("supplied", "deliberative"), by_items("partial", "supplied")])  # fmt: skip
@pytest.mark.parametrize(
    ("served", "setting"),
    [
        (date(2024, 1, 1), "review_first"), (date(2026, 6, 30), "review_first"),
        (date(2026, 7, 1), "review_first"), (date(2026, 7, 1), "either"),
    ],
)  # fmt: skip
def test_partial_reply_carries_both_paragraphs_with_items_and_without(
    served: date, setting: str, answer: Answer | None
) -> None:
    """行政复议法23(2); 实施条例（2026）31, which asks no setting; 行诉解释64: the untold part has a year."""
    found = remedy_text("partial", served, rules(partial_remedy=setting), answer=answer)
    assert found.kinds == ("review_first", "either")
    first, other = found.paragraphs
    assert "对本答复中不予公开的部分不服的，应当先" in first
    assert "对本答复的其他部分不服的，可以" in other and "或者自收到本答复之日起 6 个月内" in other


def test_partial_reply_without_a_refusal_by_articles_14_to_16_goes_either_way() -> None:
    """What was supplied and what does not exist: nothing of it goes to review first."""
    answer = by_items("supplied", "not_existing")
    assert answer.outcome == "partial"
    assert remedy_text("partial", date(2026, 8, 3), rules(), answer=answer).kinds == ("either",)


@pytest.mark.parametrize("served", [OLD, NEW, date(2026, 6, 30), date(2026, 7, 1)])
@pytest.mark.parametrize(
    "code", [c for c, e in CODES.items() if e["class"] in ("unable", "not_processed", "disclose")]
)
def test_what_is_expressly_not_processed_is_no_silence(code: str, served: date) -> None:
    """实施条例（2026）30(2): an express non-acceptance may be reviewed or sued, on every day."""
    assert remedy_text(code, served, rules()).kinds == ("either",)


@pytest.mark.parametrize("code", ["correction_lapsed", "fee_unpaid", "administrative_query"])
def test_lapses_and_administrative_queries_go_either_way_on_every_day(code: str) -> None:
    """法释〔2025〕8号1: 14 to 16 only."""
    for served in (OLD, NEW, date(2026, 7, 1)):
        assert remedy_text(code, served, rules()).kinds == ("either",)


# -- silence ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last_day", "setting", "kind"),
    [
        ("2023-12-30", "review_first", "either"),
        ("2023-12-31", "review_first", "review_first"),  # silence begins on 2024-01-01
        ("2025-03-31", "either", "either"),
        ("2026-06-29", "either", "either"),
        ("2026-06-30", "either", "review_first"),
    ],
)
def test_silence_goes_the_way_of_the_day_after_the_last_day(
    last_day: str, setting: str, kind: str
) -> None:
    """行政复议法23(1)(3); 实施条例（2026）30(1)."""
    due = date.fromisoformat(last_day)
    assert silence_kind(due, rules(silence_remedy=setting)) == kind
    assert silence_remedy(due, rules(silence_remedy=setting)).kinds == (kind,)


def test_silence_has_a_text_of_its_own() -> None:
    """practice.md §2.3A: the days run from the day after; where review is first nobody is sent to sue."""
    (text,) = silence_remedy(date(2025, 3, 31), rules()).paragraphs
    assert text.startswith("答复期限已于 2025 年 3 月 31 日届满")
    assert "自 2025 年 4 月 1 日起 60 日内向砚山县人民政府申请行政复议" in text
    assert "须先复议，不能直接起诉" in text and "6 个月" not in text
    (text,) = silence_remedy(date(2023, 3, 31), rules()).paragraphs
    assert "或者自 2023 年 4 月 1 日起 6 个月内向砚山县人民法院提起行政诉讼" in text


def test_answer_to_a_correction_of_a_record_goes_either_way() -> None:
    """条例41."""
    for on in (OLD, NEW, date(2026, 7, 1)):
        assert record_correction_remedy(on, rules()).kinds == ("either",)


# -- mixed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codes", [("supplied", "deliberative"), ("third_party_rights", "not_existing")])  # fmt: skip
def test_mixed_reply_tells_each_part_its_own_way(codes: tuple[str, str]) -> None:
    answer = by_items(*codes)
    found = remedy_text(answer.outcome, NEW, rules(), answer=answer)
    assert found.kind == "review_first"
    first, other = found.paragraphs
    assert "对本答复中不予公开的部分不服的，应当先" in first
    assert "对本答复的其他部分不服的，可以" in other and "6 个月" in other


def test_refused_item_goes_to_review_first_whatever_the_officer_called_the_whole() -> None:
    answer = by_items("deliberative", "not_existing", overall="not_existing")
    assert remedy_text("not_existing", NEW, rules(), answer=answer).kind == "review_first"


@pytest.mark.parametrize(
    ("codes", "kind"), [(("supplied", "not_existing"), "either"), (("deliberative", "state_secret"), "review_first")]
)  # fmt: skip
def test_items_of_one_way_share_one_paragraph(codes: tuple[str, str], kind: str) -> None:
    answer = by_items(*codes)
    found = remedy_text("not_existing" if kind == "either" else answer.outcome, NEW, rules(), answer=answer)  # fmt: skip
    assert (found.kind, len(found.paragraphs)) == (kind, 1)


# -- who and where ------------------------------------------------------------------------------------


def test_third_party_whose_information_is_released_has_a_right_of_its_own() -> None:
    found = third_party_remedy(NEW, rules())
    (text,) = found.paragraphs
    assert found.kind == "either" and found.missing == ()
    assert "本告知书" in text and "60 日" in text and "6 个月" in text


def test_organ_court_and_online_channel_come_from_the_settings() -> None:
    bare = replace(RULES, settings={**RULES.settings, ORGAN: "", COURT: "", ONLINE: ""})
    found = remedy_text("supplied", NEW, bare, electronic=True)
    assert found.missing == (ORGAN, COURT, ONLINE)
    assert "【复议机关】" in found.paragraphs[0] and "【有管辖权的人民法院】" in found.paragraphs[0]
    assert third_party_remedy(NEW, bare).missing == (ORGAN, COURT)


def test_electronic_service_tells_the_online_channel_of_review() -> None:
    """行政复议法22(2)."""
    plain = remedy_text("supplied", NEW, rules())
    online = remedy_text("supplied", NEW, rules(), electronic=True)
    assert online.paragraphs[:-1] == plain.paragraphs
    assert KNOWN[ONLINE] in online.paragraphs[-1]


@pytest.mark.parametrize(("delivery", "told"), [(["email"], True), (["pickup"], False)])
def test_reply_asked_for_by_e_mail_tells_the_online_channel(
    delivery: list[str], told: bool, office_on: Callable[[date], Office]
) -> None:
    town = Town(office_on(date(2024, 5, 31)))
    person = {"kind": "citizen", "name": "张三", "id_type": "passport", "id_number": "E1",
              "phone": "13800138000", "email": "zhangsan@example.org"}  # fmt: skip
    number = town.register("2024-05-06", delivery=delivery, applicant=person)
    town.do(number, "assign", "2024-05-07")
    town.do(
        number,
        "propose_outcome",
        "2024-05-08",
        outcome="not_responsible",
        **EVIDENCE["not_responsible"],
    )
    remedy = town.case(number).remedy_text
    assert remedy and any("网上提交行政复议申请" in text for text in remedy.paragraphs) == told


# -- how long -----------------------------------------------------------------------------------------


def served(on: str) -> clock.Deadlines:
    receive = ev.parse("receive", {"on": "2024-01-02", "channel": "in_person"})
    serve = ev.parse("serve", {"on": on, "method": "direct", "signed_on": on})
    return clock.compute([receive, serve], RULES)


@pytest.mark.parametrize(
    ("on", "last"),
    [
        ("2024-03-05", date(2024, 5, 6)),  # 60 days later is 4 May, in the May holiday
        ("2024-08-06", date(2024, 10, 8)),  # 5 October, in the national holiday
        ("2024-03-14", date(2024, 5, 13)),  # a plain Monday
        ("2024-03-12", date(2024, 5, 11)),  # a Saturday that was worked
        ("2024-03-13", date(2024, 5, 13)),  # a Sunday
    ],
)
def test_review_may_be_asked_for_until_the_60th_day_or_the_first_working_day_after(
    on: str, last: date
) -> None:
    assert served(on).review_last_day == last


@pytest.mark.parametrize(
    ("on", "last"),
    [
        ("2024-08-01", date(2025, 2, 5)),  # 1 February 2025, in the Spring Festival
        ("2024-08-30", date(2025, 2, 28)),  # February has no 30th
        ("2024-03-29", date(2024, 9, 29)),  # a Sunday that was worked
    ],
)
def test_suit_may_be_filed_for_six_months(on: str, last: date) -> None:
    assert served(on).suit_last_day == last


def test_suit_after_review_has_15_days_that_end_on_no_rest_day() -> None:
    days = (date(2024, 9, 18) - date(2024, 3, 4)).days
    steps: list[Step] = [
        *SERVED,
        ("file_review", days - 60, {}),
        ("conclude_review", days, {"result": "upheld", "reached_on": days}),
    ]
    assert Walk().must(*steps).case.deadlines.suit_last_day == date(2024, 10, 8)


def test_period_by_post_runs_from_the_day_the_letter_arrived() -> None:
    """On time is the posting; the applicant's period begins with knowledge."""
    arrived: Step = ("serve", 18, {"method": "mail", "posted_on": 14, "signed_on": 18, "carrier": "EMS"})  # fmt: skip
    found = Walk().must(*READY, arrived).case.deadlines
    assert found.service_effective_date == date(2024, 3, 18)
    assert found.review_last_day == date(2024, 3, 22) + timedelta(60)
