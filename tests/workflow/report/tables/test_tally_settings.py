"""What counts where: each rule of the tables and each setting, on the smallest case that shows it."""

from datetime import date
from typing import Any

import pytest

from config.law import load_law
from workflow.case.counted import CountedCase
from workflow.case.facts import Proceeding
from workflow.report.tables.tally import Tables, tally
from workflow.rules.rulebook import merged_settings

LAW = load_law()
MARCH, LATER = date(2024, 3, 4), date(2024, 6, 3)


def case(number: str = "2024-0001", **about: Any) -> CountedCase:
    """An application of a natural person that was disclosed in the year of its receipt."""
    told: dict[str, Any] = {
        "kind": "application",
        "columns": ("natural_person",),
        "received_on": MARCH,
        "closed_on": date(2024, 4, 1),
        "row": "disclosed",
    }
    return CountedCase(number, **{**told, **about})


def tables(*cases: CountedCase, year: int = 2024, **settings: Any) -> Tables:
    return tally(list(cases), year, LAW, merged_settings(LAW, settings))


def counts(*cases: CountedCase, year: int = 2024, **settings: Any) -> dict[str, int]:
    """The rows of table 3 that are not nought, in the column of the sum."""
    sheet = tables(*cases, year=year, **settings).table3
    return {row: cells["total"] for row, cells in sheet.items() if cells["total"]}


DISCLOSED = {"new_received": 1, "disclosed": 1, "total": 1}
OPEN = {"new_received": 1, "carried_out": 1}

# -- years ---------------------------------------------------------------------------------------------------


def test_application_of_the_last_day_that_is_answered_on_the_first_is_carried_over() -> None:
    over = case(received_on=date(2023, 12, 31), closed_on=date(2024, 1, 1))
    assert counts(over, year=2022) == {}
    assert counts(over, year=2023) == OPEN
    assert counts(over, year=2024) == {"carried_in": 1, "disclosed": 1, "total": 1}
    assert counts(over, year=2025) == {}


def test_open_application_is_carried_from_year_to_year() -> None:
    waiting = case(closed_on=None, row=None)
    assert counts(waiting) == OPEN
    assert counts(waiting, year=2026) == {"carried_in": 1, "carried_out": 1}


@pytest.mark.parametrize(
    ("about", "settings"),
    [
        ({"row": None}, {"consultation_row": None}),
        (
            {"row": "other_misc", "withdrawn_unaccepted": True},
            {"count_withdrawn_before_acceptance": False},
        ),
    ],
)
def test_what_is_counted_nowhere_still_ends_what_a_year_has_carried_out(
    about: dict[str, Any], settings: dict[str, Any]
) -> None:
    """While it was open, the year of its receipt counted it and published it as carried out."""
    waiting = case(received_on=date(2023, 12, 20), closed_on=None, row=None)
    assert counts(waiting, year=2023, **settings) == OPEN
    ended = case(received_on=date(2023, 12, 20), closed_on=date(2024, 1, 8), **about)
    assert counts(ended, year=2023, **settings) == OPEN
    assert counts(ended, year=2024, **settings) == {"carried_in": 1, "other_misc": 1, "total": 1}
    within = case(closed_on=LATER, **about)
    assert counts(within, **settings) == {}


# -- units ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "new"), [("one", {"business": 1}), ("per_applicant", {"business": 1, "legal_service": 1})]
)  # fmt: skip
def test_joint_application_counts_once_in_the_first_column_or_for_each(
    setting: str, new: dict[str, int]
) -> None:
    joint = case(columns=("business", "legal_service"))
    cells = tables(joint, joint_applicants=setting).table3["new_received"]
    assert {c: n for c, n in cells.items() if n and c != "total"} == new


ITEMS = ("disclosed", "unable_not_held", None)


def test_item_by_item_counting_leaves_out_what_counts_nowhere() -> None:
    mixed = case(row="partially_disclosed", item_rows=ITEMS)
    assert counts(mixed) == {"new_received": 1, "partially_disclosed": 1, "total": 1}
    assert counts(mixed, count_unit="item") == {
        "new_received": 2,
        "disclosed": 1,
        "unable_not_held": 1,
        "total": 2,
    }


def test_item_by_item_counting_takes_an_undivided_application_whole() -> None:
    assert counts(case(), count_unit="item") == DISCLOSED


def test_applications_answered_by_one_letter_count_once_where_letters_are_counted() -> None:
    one, two = case("2024-0001", joint_letter="甲"), case("2024-0002", joint_letter="甲")
    alone = case("2024-0003")
    assert counts(one, two, alone)["new_received"] == 3
    assert counts(one, two, alone, count_unit="reply_letter")["new_received"] == 2
    assert counts(one, two, alone, count_unit="item")["new_received"] == 3


def test_merged_application_goes_with_the_letter_of_the_last_in_the_chain() -> None:
    first, second, third = (
        case("2024-0001"),
        case("2024-0002", joint_letter="2024-0001"),
        case("2024-0003", joint_letter="2024-0002"),
    )
    assert counts(first, second, third, count_unit="reply_letter") == DISCLOSED
    assert counts(third, second, first, count_unit="reply_letter") == DISCLOSED


# -- what is counted at all ----------------------------------------------------------------------------------


def test_void_and_never_received_cases_count_nowhere() -> None:
    assert counts(case(void=True), case("2", received_on=None)) == {}


def test_result_without_a_row_counts_nowhere() -> None:
    assert counts(case(row=None)) == {}


@pytest.mark.parametrize("kind", ["publication_suggestion", "enquiry", "test"])
def test_registers_beside_the_applications_count_nowhere(kind: str) -> None:
    assert counts(case(kind=kind), count_record_correction=True) == {}


def test_correction_of_a_record_counts_as_other_where_the_setting_says_so() -> None:
    done, waiting = (
        case(kind="record_correction"),
        case("2", kind="record_correction", closed_on=None, row=None),
    )
    assert counts(done, waiting) == {}
    assert counts(done, count_record_correction=True) == {
        "new_received": 1,
        "other_misc": 1,
        "total": 1,
    }
    assert counts(waiting, count_record_correction=True) == OPEN


@pytest.mark.parametrize(("setting", "new"), [(True, 2), (False, 1)])
def test_application_withdrawn_before_anybody_took_it_counts_as_set(
    setting: bool, new: int
) -> None:
    withdrawn = case("2024-0002", row="other_misc", withdrawn_unaccepted=True)
    found = counts(case(), withdrawn, count_withdrawn_before_acceptance=setting)
    assert found["new_received"] == new


# -- redone replies ------------------------------------------------------------------------------------------

FIRST = case("2024-0001", row="unable_not_held")
REDONE = case("2024-0002", received_on=LATER, closed_on=date(2024, 7, 1), redo_of="2024-0001")


def redo(setting: str, *cases: CountedCase) -> dict[str, int]:
    return counts(*(cases or (FIRST, REDONE)), redo_counting=setting)


def test_redone_reply_leaves_the_first_result_replaces_it_or_counts_anew() -> None:
    assert redo("none") == {"new_received": 1, "unable_not_held": 1, "total": 1}
    assert redo("replace_result_same_year") == DISCLOSED
    assert redo("as_new_application") == {
        "new_received": 2,
        "unable_not_held": 1,
        "disclosed": 1,
        "total": 2,
    }


def test_result_is_not_replaced_by_an_open_redo_or_one_of_another_year() -> None:
    kept = {"new_received": 1, "unable_not_held": 1, "total": 1}
    waiting = case("2024-0002", closed_on=None, row=None, redo_of="2024-0001")
    next_year = case("2024-0002", closed_on=date(2025, 1, 6), redo_of="2024-0001")
    for other in (waiting, next_year):
        assert redo("replace_result_same_year", FIRST, other) == kept


def test_last_of_several_redoes_replaces_the_result() -> None:
    again = case(
        "2024-0003", closed_on=date(2024, 9, 2), row="partially_disclosed", redo_of="2024-0002"
    )
    for order in ((FIRST, REDONE, again), (again, REDONE, FIRST)):
        assert redo("replace_result_same_year", *order) == {
            "new_received": 1,
            "partially_disclosed": 1,
            "total": 1,
        }


# -- table 4 -------------------------------------------------------------------------------------------------


def review(number: int = 1, **about: Any) -> Proceeding:
    return Proceeding(number, "review", **{"filed_on": date(2024, 5, 6), **about})


def suit(number: int = 1, **about: Any) -> Proceeding:
    return Proceeding(number, "suit", **{"filed_on": date(2024, 5, 6), "via": "direct", **about})


def disputes(*found: CountedCase | Proceeding, year: int = 2024, **settings: Any) -> dict[str, int]:
    """block.cell of table 4 where it is not nought; the sums are checked on the way."""
    cases = [f for f in found if isinstance(f, CountedCase)]
    proceedings = tuple(f for f in found if isinstance(f, Proceeding))
    cases += [case("2024-0009", proceedings=proceedings)] if proceedings else []
    sheet = tables(*cases, year=year, **settings).table4
    for cells in sheet.values():
        assert cells["total"] == sum(n for cell, n in cells.items() if cell != "total")
    return {
        f"{block}.{cell}": n
        for block, cells in sheet.items()
        for cell, n in cells.items()
        if n and cell != "total"
    }


def ended(make: Any, result: str, on: date = date(2024, 8, 5), **about: Any) -> Proceeding:
    found: Proceeding = make(concluded_on=on, result=result, **about)
    return found


def test_review_is_pending_through_the_last_day_of_the_year() -> None:
    last, next_year = (
        ended(review, "quashed", date(2024, 12, 31)),
        ended(review, "quashed", date(2025, 1, 1)),
    )
    assert disputes(last) == {"review.corrected": 1}
    assert disputes(next_year) == {"review.pending": 1}
    assert disputes(next_year, year=2025) == {"review.corrected": 1}
    assert disputes(last, year=2025) == {}
    assert disputes(next_year, year=2023) == {}


def test_review_filed_on_the_last_day_of_the_year_is_pending_in_it() -> None:
    filed = review(filed_on=date(2024, 12, 31))
    assert disputes(filed) == {"review.pending": 1}
    assert disputes(filed, year=2023) == {}


def test_year_of_filing_alone_counts_where_the_setting_says_so() -> None:
    over = ended(review, "quashed", date(2025, 1, 6))
    only = {"t4_year_basis": "filing_year_only"}
    assert disputes(over, **only) == {"review.pending": 1}
    assert disputes(over, year=2025, **only) == {}
    assert disputes(ended(review, "quashed"), **only) == {"review.corrected": 1}


def test_one_review_over_several_replies_counts_once() -> None:
    def of(number: str, case_number: str | None) -> CountedCase:
        return case(number, proceedings=(review(case_number=case_number),))

    assert disputes(of("1", "甲"), of("2", "甲"), of("3", "乙")) == {"review.pending": 2}
    assert disputes(of("1", None), of("2", None)) == {"review.pending": 2}


def test_two_reviews_without_a_number_of_one_reply_count_twice() -> None:
    assert disputes(review(1), review(2)) == {"review.pending": 2}


def test_appeal_goes_on_with_its_dispute_or_counts_by_itself() -> None:
    first = ended(suit, "quashed", via="after_review")
    appeal = suit(2, via="after_review", instance="appeal", filed_on=date(2024, 9, 2))
    assert disputes(first, appeal) == {"suit_after_review.pending": 1}
    assert disputes(appeal, first) == {"suit_after_review.pending": 1}
    assert disputes(first, appeal, t4_instance_unit="per_instance") == {
        "suit_after_review.corrected": 1,
        "suit_after_review.pending": 1,
    }


def test_appeal_of_one_way_is_none_of_the_other() -> None:
    first = ended(suit, "claim_dismissed")
    appeal = suit(2, via="after_review", instance="appeal", filed_on=date(2024, 9, 2))
    assert disputes(first, appeal) == {"suit_direct.upheld": 1, "suit_after_review.pending": 1}


def test_appeal_of_a_third_party_goes_on_with_its_own_suit() -> None:
    """law.md §6.9 (v2): a third party's suit against the release counts as any."""
    ours = ended(suit, "claim_dismissed")
    theirs = ended(suit, "quashed", number=2, by="third_party")
    appeal = suit(3, by="applicant", instance="appeal", filed_on=date(2024, 9, 2))
    assert disputes(ours, theirs, appeal) == {"suit_direct.pending": 1, "suit_direct.corrected": 1}


def test_review_and_suit_over_one_reply_are_two_cases_in_one_year() -> None:
    """law.md §6.9 (v2): review upheld and the suit after it quashed, each in its own block."""
    first = ended(review, "upheld")
    after = ended(suit, "quashed", via="after_review")
    assert disputes(first, after) == {"review.upheld": 1, "suit_after_review.corrected": 1}


def test_second_first_instance_is_a_dispute_of_its_own() -> None:
    assert disputes(suit(1), suit(2)) == {"suit_direct.pending": 2}


def test_appeal_of_the_next_year_leaves_the_year_of_the_judgment() -> None:
    first = ended(suit, "claim_dismissed")
    appeal = suit(
        2,
        instance="appeal",
        filed_on=date(2025, 1, 6),
        concluded_on=date(2025, 5, 6),
        result="quashed",
    )
    assert disputes(first, appeal) == {"suit_direct.upheld": 1}
    assert disputes(first, appeal, year=2025) == {"suit_direct.corrected": 1}


@pytest.mark.parametrize(("setting", "found"), [(False, {}), (True, {"suit_direct.pending": 1})])
def test_case_against_the_reviewing_organ_counts_as_set(
    setting: bool, found: dict[str, int]
) -> None:
    assert disputes(suit(role="co_defendant"), count_as_review_codefendant=setting) == found


def test_co_defendant_hides_no_case_of_its_own() -> None:
    assert disputes(suit(1, role="co_defendant"), suit(2)) == {"suit_direct.pending": 1}


@pytest.mark.parametrize(("setting", "found"), [(False, {}), (True, {"review.other": 1})])
def test_review_that_was_not_accepted_counts_as_set(setting: bool, found: dict[str, int]) -> None:
    assert disputes(ended(review, "not_accepted"), count_not_accepted=setting) == found


@pytest.mark.parametrize("cell", ["upheld", "other"])
def test_rejected_claim_counts_as_set(cell: str) -> None:
    rejected = ended(review, "claim_rejected")
    assert disputes(rejected, review_claim_rejected=cell) == {f"review.{cell}": 1}


def test_proceedings_of_the_other_registers_are_not_of_this_table() -> None:
    enquiry = case("1", kind="enquiry", proceedings=(review(),))
    assert disputes(enquiry, case("2", proceedings=(review(),))) == {"review.pending": 1}


def test_cases_stand_behind_their_numbers() -> None:
    found = tables(case("2024-0001", proceedings=(review(),)), case("2024-0002"))
    assert found.behind3[("disclosed", "natural_person")] == ["2024-0001", "2024-0002"]
    assert found.behind3[("disclosed", "total")] == ["2024-0001", "2024-0002"]
    assert found.behind4[("review", "pending")] == ["2024-0001"]
    assert found.format == LAW.formats.format_of(2024)
    assert tally([case()], 2024, LAW, merged_settings(LAW, {}), "2019").format == "2019"
