"""Remedies: which way, by outcome and day of service, and how long (law.md §1.1, practice.md §2.3)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from config.law import load_law
from tests.workflow.case.proved import EVIDENCE
from tests.examples import contract
from tests.workflow.case.walk import READY, RULES, SERVED, Step, Walk
from tests.workflow.service.township import Town
from workflow import clock
from workflow import events as ev
from workflow.rules.outcomes import Answer, answer_of
from workflow.rules.remedy import COURT, ONLINE, ORGAN, remedy_text, third_party_remedy
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
    assert "或者" not in text


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
    assert (found.kind, found.paragraphs, found.missing) == ("none", (), ())


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
    assert first.kind == "review_first" and "不予公开的部分" in first.paragraphs[0]
    for settings, served in (({"partial_remedy": "either"}, NEW), ({}, OLD)):
        for answer in (None, by_items("supplied", "deliberative")):
            found = remedy_text("partial", served, rules(**settings), answer=answer)
            assert found.kind == "either"
            assert len(found.paragraphs) == 1 and "应当先" not in found.paragraphs[0]


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
    town.do(number, "propose_outcome", "2024-05-08", outcome="not_responsible", **EVIDENCE["not_responsible"])
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
