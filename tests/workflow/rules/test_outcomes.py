"""Outcomes and columns: the contract's words, and from several answers to one row."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law import Law, load_law
from tests.examples import contract
from workflow.rules.outcomes import (
    OfficerMustChoose,
    overall_outcome,
    remedy_of,
    row_of,
)
from workflow.rules.rulebook import merged_settings
from workflow.rules.secrecy import bears_secret_mark
from workflow.service import Office
from workflow.service.docket.player import Player

TOLD = {entry["code"]: entry for entry in contract("outcomes")["outcomes"]}
BY_EVENT = {code: entry["set_by"] for code, entry in TOLD.items() if "set_by" in entry}
PROPOSED = [code for code in TOLD if code not in BY_EVENT]
AFTER_2024 = date(2024, 1, 1)


def test_table_has_exactly_the_outcomes_of_the_contract(law: Law) -> None:
    assert list(law.outcomes) == list(TOLD)
    assert len(TOLD) == 28


@pytest.mark.parametrize("code", TOLD)
def test_outcome_says_what_the_contract_says(code: str, law: Law) -> None:
    outcome, told = law.outcomes[code], TOLD[code]
    assert outcome.label == told["label"]
    assert outcome.cls == told["class"]
    assert outcome.row == told["row"]
    assert list(outcome.needs) == told["needs"]
    assert outcome.setting == told.get("setting")
    assert outcome.set_by == told.get("set_by")
    assert outcome.remedy.at(AFTER_2024) == told["remedy"]
    assert told["basis"] in ("practice", "format") or told["basis"] in outcome.basis


@pytest.mark.parametrize("kind", ["review", "suit"])
def test_results_of_proceedings_are_those_of_the_contract(kind: str, law: Law) -> None:
    told = {
        code: cell
        for cell, codes in contract("outcomes")["proceedings"][kind].items()
        for code in codes
    }
    found = {code: r.cell for (of, code), r in law.results.items() if of == kind}
    assert found == told


# -- every outcome, from receipt to its row ---------------------------------------------------------


def docket(code: str) -> dict[str, Any]:
    """The shortest docket that ends in the outcome: what is routine is filled in by replay."""
    events: list[dict[str, Any]] = [
        {"event": "receive", "on": "2024-05-06", "channel": "in_person"}
    ]
    if code == "correction_lapsed":
        events += [
            {"event": "require_correction", "on": "2024-05-08", "reached_on": "2024-05-08"},
            {"event": "lapse_correction", "on": "2024-06-14"},
        ]
    elif code == "fee_unpaid":
        events += [
            {"event": "charge_fee", "on": "2024-05-08", "reached_on": "2024-05-08"},
            {"event": "lapse_fee", "on": "2024-06-14"},
        ]
    elif code == "withdrawn":
        events += [{"event": "withdraw", "on": "2024-05-10"}]
    else:
        events += [
            {"event": "propose_outcome", "on": "2024-05-20", "outcome": code},
            {"event": "serve", "on": "2024-05-23", "method": "mail", "posted_on": "2024-05-23"},
        ]
    return {
        "agency": {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"},
        "settings": {"fee_policy": "by_page"},
        "cases": [{"ref": "A", "applicants": [{"category": "business"}], "events": events}],
    }


@pytest.mark.parametrize("code", TOLD)
def test_outcome_can_be_played_from_receipt_to_service_and_lands_in_its_row(
    code: str, office: Office
) -> None:
    result = Player(office).play(docket(code))
    (case,) = result["cases"]
    assert case["refused"] == []
    assert case["outcome"] == code
    assert case["state"] == ("closed" if code in BY_EVENT else "served")
    assert case["row"] == TOLD[code]["row"]
    assert case["column"] == "business"
    table = result["tables"]["2024"]["table3"]
    assert table[TOLD[code]["row"]]["business"] == 1
    assert table["total"]["business"] == table["total"]["total"] == 1


@pytest.mark.parametrize("code", PROPOSED)
def test_strict_replay_fills_nothing_in(code: str, office: Office) -> None:
    result = Player(office, strict=True).play(docket(code))
    (case,) = result["cases"]
    assert [refused["event"] for refused in case["refused"]] == ["propose_outcome", "serve"]
    assert case["state"] == "registered"


@pytest.mark.parametrize("code", TOLD)
def test_in_the_format_of_2019_the_three_other_rows_are_one(code: str, law: Law) -> None:
    row = law.formats.row_in(TOLD[code]["row"], "2019")
    assert row == ("other" if TOLD[code]["row"].startswith("other_") else TOLD[code]["row"])
    assert row in law.formats.rows["2019"]


# -- one application, one row -------------------------------------------------------------------------

LAW = load_law()
CODES = st.sampled_from(PROPOSED)


@given(st.lists(CODES, min_size=1, max_size=8))
def test_several_answers_make_one_of_the_known_outcomes(codes: list[str]) -> None:
    found = overall_outcome(codes, LAW, LAW.defaults())
    classes = {LAW.outcomes[code].cls for code in codes}
    if len(set(codes)) == 1:
        assert found == codes[0]
    elif classes == {"disclose"}:
        assert LAW.outcomes[found].cls == "disclose"
    elif classes & {"disclose", "partial"}:
        assert found == "partial"
    else:
        assert found in codes


@given(st.lists(CODES, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_items_does_not_change_the_class(codes: list[str], random: Any) -> None:
    shuffled = list(codes)
    random.shuffle(shuffled)
    one, other = (overall_outcome(c, LAW, LAW.defaults()) for c in (codes, shuffled))
    assert LAW.outcomes[one].cls == LAW.outcomes[other].cls


def test_nothing_given_goes_by_the_order_of_priority() -> None:
    assert overall_outcome(["petition", "deliberative"], LAW, LAW.defaults()) == "deliberative"
    assert overall_outcome(["petition", "not_existing"], LAW, LAW.defaults()) == "not_existing"


def test_officer_chooses_where_the_setting_says_so() -> None:
    settings = merged_settings(LAW, {"result_priority": "officer_choice"})
    with pytest.raises(OfficerMustChoose):
        overall_outcome(["petition", "deliberative"], LAW, settings)


def test_given_and_not_held_is_disclosed_where_the_setting_says_so() -> None:
    settings = merged_settings(LAW, {"mixed_given_and_unavailable": "disclosed"})
    assert overall_outcome(["supplied", "not_existing"], LAW, settings) == "supplied"
    assert overall_outcome(["supplied", "deliberative"], LAW, settings) == "partial"


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        ("not_government_information", "not_gov_info_row"),
        ("consultation", "consultation_row"),
        ("in_state_archive", "archive_transferred_row"),
    ],
)
def test_row_without_a_place_of_its_own_follows_its_setting(code: str, setting: str) -> None:
    assert row_of(code, LAW, LAW.defaults()) == "other_misc"
    for value in LAW.settings[setting].values:
        row = None if value == "none" else value
        assert row_of(code, LAW, merged_settings(LAW, {setting: value})) == row


# -- remedies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", [c for c, entry in TOLD.items() if entry["remedy"] == "review_first"]
)
def test_refusals_of_articles_14_to_16_go_to_review_first_since_2024(code: str) -> None:
    outcome, settings = LAW.outcomes[code], LAW.defaults()
    assert remedy_of(outcome, settings, date(2023, 12, 31)) == "either"
    assert remedy_of(outcome, settings, AFTER_2024) == "review_first"


def test_partial_disclosure_follows_its_setting() -> None:
    for value in ("review_first", "either"):
        settings = merged_settings(LAW, {"partial_remedy": value})
        assert remedy_of(LAW.outcomes["partial"], settings, AFTER_2024) == value
        assert remedy_of(LAW.outcomes["partial"], settings, date(2023, 12, 31)) == "either"


# -- secret marks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["机密★10年", "绝密 ★", "秘密☆长期", "关于某事 机密★20年 的请示", "★机密"]
)
def test_secret_mark_is_seen(text: str) -> None:
    assert bears_secret_mark(text)


@pytest.mark.parametrize("text", ["商业秘密", "保守国家秘密法", "机密级文件的公开", "五★评价", ""])
def test_words_about_secrets_are_no_mark(text: str) -> None:
    assert not bears_secret_mark(text)
