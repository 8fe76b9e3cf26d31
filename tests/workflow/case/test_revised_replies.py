"""A reply that the body mends itself (行政诉讼法62, 行诉解释81): supplement, correct, replace."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.workflow.case.test_linked_cases import ANSWERED, NEW_REPLY, docket
from tests.workflow.service.township import Town
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.service.docket.player import Player

ON = Callable[[date], Office]
FIRST_REPLY: list[dict[str, Any]] = [
    {"event": "receive", "on": "2024-05-06", "channel": "in_person"},
    {"event": "propose_outcome", "on": "2024-05-13", "outcome": "not_existing"},
    {"event": "serve", "on": "2024-05-20", "method": "direct", "signed_on": "2024-05-20"},
]
FIRST = {"new_received": 1, "unable_not_held": 1, "total": 1}
ANEW: dict[str, Any] = {"outcome": "petition", "reason": "属于信访事项，请向县信访局提出"}


def answered(town: Town) -> str:
    number = town.register("2024-05-06")
    town.answer(number, ANSWERED)
    return number


def revised(town: Town, number: str, mode: str, on: str = "2024-06-03") -> str:
    """The number of the case in which the reply is mended."""
    town.do(number, "revise_reply", on, mode=mode, reason="漏答第二项")
    return next(n for n in town.case(number).linked if n > number)


@pytest.mark.parametrize("mode", ["supplement", "correct", "replace"])
def test_own_correction_opens_a_linked_case_with_a_day_of_its_own(mode: str, office_on: ON) -> None:
    """No period of law: the setting revise_days, 20 working days."""
    town = Town(office_on(date(2024, 12, 31)))
    redo = town.case(revised(town, answered(town), mode))
    assert (redo.state, redo.deadlines.receipt_date) == ("registered", date(2024, 6, 3))
    assert redo.deadlines.reply_due == redo.next_due == date(2024, 7, 2)
    assert verify(town.office) == []


def test_days_of_an_own_correction_follow_the_setting(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)), revise_days=5)
    redo = town.case(revised(town, answered(town), "replace"))
    assert redo.deadlines.reply_due == date(2024, 6, 11)


def test_own_correction_is_possible_after_closing_and_archiving_and_during_a_suit(
    office_on: ON,
) -> None:
    town = Town(office_on(date(2024, 12, 31)))
    number = answered(town)
    town.do(number, "archive", "2024-05-27")
    revised(town, number, "supplement")
    sued = answered(town)
    town.do(sued, "file_suit", "2024-05-30", via="direct")
    file = town.do(sued, "revise_reply", "2024-06-03", mode="replace", reason="适用条款有误")
    assert "organ_not_told_of_revision" in {alarm.name for alarm in file.alarms}


def test_withdrawn_application_has_no_reply_to_revise(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)))
    number = town.register("2024-05-06")
    town.do(number, "withdraw", "2024-05-07")
    refusal = town.refused(number, "revise_reply", "2024-05-08", mode="replace", reason="改")
    assert refusal.rule == "missing_evidence"


def test_reply_that_is_being_mended_is_not_mended_twice(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)))
    number = answered(town)
    redo = revised(town, number, "replace")
    refusal = town.refused(number, "revise_reply", "2024-06-04", mode="correct", reason="又一处")
    assert refusal.rule == "already_done" and redo in refusal.message
    town.answer(redo, "2024-06-05", "petition", reason="县信访局")
    revised(town, number, "supplement", "2024-06-06")


@pytest.mark.parametrize("mode", ["supplement", "correct", "replace"])
@pytest.mark.parametrize("counting", ["none", "replace_result_same_year", "as_new_application"])
def test_supplement_and_correction_never_change_the_row(
    mode: str, counting: str, office_on: ON
) -> None:
    """law.md §6.8: only what replaces the reply is counted by redo_counting."""
    town = Town(office_on(date(2024, 12, 31)), redo_counting=counting)
    redo = revised(town, answered(town), mode)
    town.answer(redo, "2024-06-10", "petition", reason="县信访局")
    replaced = {"new_received": 1, "not_processed_petition": 1, "total": 1}
    both = {"new_received": 2, "unable_not_held": 1, "not_processed_petition": 1, "total": 2}
    expected = {"replace_result_same_year": replaced, "as_new_application": both}
    assert town.table3(2024) == (expected.get(counting, FIRST) if mode == "replace" else FIRST)


# -- dockets --------------------------------------------------------------------------------------------


def test_draft_after_service_is_read_as_a_reply_given_anew(office: Office) -> None:
    """contracts/docket.md: not strict, marked filled."""
    played = Player(office).play(docket({"ref": "A", "events": [*FIRST_REPLY, *NEW_REPLY]}))
    first, redo = played["cases"]
    assert (first["refused"], redo["refused"]) == ([], [])
    assert (first["outcome"], redo["ref"], redo["outcome"]) == (
        "not_existing",
        "A/redo",
        "supplied",
    )
    assert verify(office) == []


def test_strict_docket_has_no_draft_after_service(office: Office) -> None:
    played = Player(office, strict=True).play(
        docket({"ref": "A", "events": [FIRST_REPLY[0], NEW_REPLY[0]]})
    )
    assert [one["ref"] for one in played["cases"]] == ["A"]


def test_docket_may_spell_the_own_correction_out(office: Office) -> None:
    mended = {"event": "revise_reply", "on": "2024-09-03", "mode": "supplement", "reason": "漏项"}
    received = {"event": "receive", "on": "2024-09-03", "channel": "in_person"}
    played = Player(office).play(
        docket(
            {"ref": "A", "events": [*FIRST_REPLY, mended]},
            {"ref": "B", "redo_of": "A", "events": [received, *NEW_REPLY]},
            redo_counting="as_new_application",
        )
    )
    assert [(c["ref"], c["refused"]) for c in played["cases"]] == [("A", []), ("B", [])]
    assert played["tables"]["2024"]["table3"]["new_received"]["total"] == 1
    assert verify(office) == []


def test_events_after_an_own_correction_go_on_in_the_linked_case(office: Office) -> None:
    mended = {"event": "revise_reply", "on": "2024-09-03", "mode": "replace", "reason": "漏项"}
    again = {**mended, "on": "2024-10-08"}
    later = [{**one, "on": f"2024-10-{10 + n}"} for n, one in enumerate(NEW_REPLY)]
    later[1]["signed_on"] = "2024-10-11"
    played = Player(office).play(
        docket({"ref": "A", "events": [*FIRST_REPLY, mended, *NEW_REPLY, again, *later]})
    )
    assert [c["ref"] for c in played["cases"]] == ["A", "A/redo", "A/redo"]
    assert all(c["refused"] == [] for c in played["cases"])
