"""What a platform tells in its own words, and what it is told back: who did it, which person is meant, what is wrong."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.workflow.service.docket.histories import (
    ANSWERED,
    APPLICATION,
    OPEN,
    handed_over,
    history,
)
from tests.workflow.service.docket.test_handed_over import case_row, clerk, town
from workflow.docket.whole import WrongHistory
from workflow.people import Staff
from workflow.refusal import BadInput, Refused
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.store.ledger_models import LedgerImportRow
from workflow.store.models import PublishedYearRow
from workflow.store.staff_models import UnitRow

__all__ = ["clerk", "town"]
FROM = len("从原有平台转入：某省依申请公开平台，原编号 YN-000123\n")
GIVEN = len("\n原平台交给：某人")


def wrong(office: Office, staff: Staff, events: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Of each step that is told to be wrong its field, the rule and the words."""
    with pytest.raises(WrongHistory) as told:
        handed_over(office, history(events=events), staff)
    return [(one.field, one.refusal.rule, one.refusal.message) for one in told.value.steps]


# -- notes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "added"), [(0, FROM), (1, GIVEN)])
def test_a_note_is_kept_whole_or_told_to_be_too_long(
    town: Office, clerk: Staff, place: int, added: int
) -> None:
    """Before the first stands where the case came from, behind one to whom it was given there."""

    def with_note(length: int) -> list[dict[str, Any]]:
        events = [OPEN[0], {**OPEN[1], "to": "某人"}]
        events[place] = {**events[place], "note": "长" * length}
        return events

    most = 2000 - added
    assert wrong(town, clerk, with_note(most + 1)) == [
        (f"events.{place}.note", "bad_field", f"备注最多 {most} 字，其余的用来写明来源")
    ]
    found = handed_over(town, history(events=with_note(most)), clerk)
    note = case_row(town, str(found.number)).log[place].fields["note"]
    assert len(note) == 2000 and note.count("长") == most


# -- who -------------------------------------------------------------------------------------------------


def test_two_who_told_no_name_are_not_one_person(town: Office, clerk: Staff) -> None:
    nobody = {
        **APPLICATION, "applicant": {"kind": "citizen", "description": "自称村民的来信人"}
    }  # fmt: skip
    named = {**APPLICATION, "applicant": {"kind": "citizen", "name": "张三"}}
    for number, application in (("A", nobody), ("B", nobody), ("C", named)):
        handed_over(town, history(number, OPEN, application=application), clerk)
    marks = [case_row(town, f"2024-000{n}").applicants[0].identity for n in (1, 2, 3)]
    assert None not in marks[:2] and marks[0] != marks[1] and marks[2] is None


def test_what_nobody_is_said_to_have_done_was_done_by_somebody_of_the_office(
    town: Office, clerk: Staff
) -> None:
    """The system did nothing there, though it may do it here."""
    asked = {"event": "require_correction", "on": "2024-03-06", "reached_on": "2024-03-06"}
    lapsed = {"event": "lapse_correction", "on": "2024-04-15"}
    found = handed_over(town, history(events=[*OPEN, asked, lapsed]), clerk)
    (line,) = [one for one in found.case.log if one.event.name == "lapse_correction"]
    assert (line.actor, line.role) == ("原平台·经办人", "clerk")


@pytest.mark.parametrize(("channel", "actor"), [("portal", "applicant"), ("ems", "原平台·经办人")])
def test_what_came_on_the_net_was_sent_in_by_the_applicant(
    town: Office, clerk: Staff, channel: str, actor: str
) -> None:
    sent = {"event": "submit", "on": "2024-03-04", "channel": channel}
    found = handed_over(town, history(events=[sent]), clerk)
    assert found.case.log[0].actor == actor


def test_what_is_said_to_be_received_later_is_not_received_at_once(
    town: Office, clerk: Staff
) -> None:
    sent = {"event": "submit", "on": "2024-03-04", "channel": "ems"}
    received = {"event": "receive", "on": "2024-03-06", "channel": "ems"}
    at_once = handed_over(town, history("A", [sent]), clerk).case
    assert at_once.received_on == date(2024, 3, 4)
    later = handed_over(town, history("B", [sent, received]), clerk).case
    assert later.received_on == date(2024, 3, 6)
    assert [line.event.name for line in later.log] == ["submit", "receive"]


def test_a_unit_that_is_here_goes_on_with_the_case(town: Office, clerk: Staff) -> None:
    with town.store.write() as unit:
        row = town.found_agency(unit, "panlong")
        unit.session.add(UnitRow(agency_id=row.id, name="农业中心"))
    handed_over(town, history(events=OPEN), clerk)
    row = case_row(town, "2024-0001")
    assert (row.assigned_to, row.log[1].fields.get("note")) == ("农业中心", None)


# -- numbers ---------------------------------------------------------------------------------------------


def test_gaps_are_those_of_their_year(town: Office, clerk: Staff) -> None:
    """Also the first number that is kept of all is counted on from, under the seal."""
    of_2023 = [
        {**one, "on": one["on"].replace("2024", "2023"), "recorded_at": None} for one in OPEN
    ]

    def gaps() -> list[list[int]]:
        with town.store.read() as unit:
            return unit.session.scalars(select(LedgerImportRow)).one().gaps

    handed_over(town, history("2024-1", OPEN), clerk)
    assert (gaps(), verify(town)) == ([], [])
    handed_over(town, history("2023-5", of_2023), clerk)
    handed_over(town, history("2024-3", OPEN), clerk)
    assert gaps() == [[2023, 1, 4], [2024, 2, 2]]
    handed_over(town, history("2023-3", of_2023), clerk)
    assert gaps() == [[2023, 1, 2], [2023, 4, 4], [2024, 2, 2]] and verify(town) == []


def test_an_earlier_reply_of_one_item_is_named_by_our_number(town: Office, clerk: Staff) -> None:
    handed_over(town, history("A-1"), clerk)
    items = [
        {"item": 1, "outcome": "repeat", "earlier_reply": "A-1"},
        {"item": 2, "outcome": "not_existing"},
    ]
    draft = {"event": "propose_outcome", "on": "2024-04-08", "items": items}
    received = {"event": "receive", "on": "2024-04-01", "channel": "in_person"}
    handed_over(town, history("A-2", [received, draft]), clerk)
    kept = case_row(town, "2024-0002").log[-1].fields["items"]
    assert [one.get("earlier_reply") for one in kept] == ["2024-0001", None]


def test_a_reply_that_is_made_anew_twice_goes_on_in_two_linked_cases(
    town: Office, clerk: Staff
) -> None:
    def made_anew(day: int) -> list[dict[str, Any]]:
        return [
            {"event": "file_review", "on": f"2024-04-{day:02}"},
            {"event": "conclude_review", "on": f"2024-04-{day + 1:02}", "result": "quashed"},
            {"event": "order_redo", "on": f"2024-04-{day + 1:02}", "due": "2024-05-31"},
            {"event": "propose_outcome", "on": f"2024-04-{day + 2:02}", "outcome": "supplied"},
            {**ANSWERED[3], "on": f"2024-04-{day + 3:02}", "signed_on": f"2024-04-{day + 3:02}"},
        ]

    events = [*ANSWERED, *made_anew(1), *made_anew(8)]
    assert handed_over(town, history(events=events), clerk).linked == ("2024-0002", "2024-0003")


# -- what is wrong ---------------------------------------------------------------------------------------


def test_what_follows_from_an_earlier_wrong_step_is_not_told(town: Office, clerk: Staff) -> None:
    twice = {**OPEN[0], "on": "2024-03-06"}
    assert wrong(town, clerk, [OPEN[0], twice]) == [
        ("events.1", "already_done", "“收到并登记”已经办过，不必再办")
    ]
    late = {"event": "extend", "on": "2024-03-05", "days": 40}
    assert [rule for _, rule, _ in wrong(town, clerk, [OPEN[0], late, twice])] == ["bad_field"]


def test_a_step_that_no_way_leads_to_is_told_as_it_is(town: Office, clerk: Staff) -> None:
    again = {"event": "assign", "on": "2024-03-21"}
    ((field, rule, message),) = wrong(town, clerk, [*ANSWERED, again])
    assert (field, rule) == ("events.4", "not_in_this_state")
    assert message == "现在是“已答复”，还不能办理“交办”"


def test_a_day_to_come_is_told_at_the_day(town: Office, clerk: Staff) -> None:
    ((field, rule, message),) = wrong(town, clerk, [OPEN[0], {**OPEN[1], "on": "2024-05-07"}])
    assert (field, rule, message) == ("events.1.on", "too_early", "2024 年 5 月 7 日还没有到")


def test_an_open_case_stands_in_the_years_that_were_published_since(
    town: Office, clerk: Staff
) -> None:
    with town.store.write_rules() as unit:
        row = town.found_agency(unit, "panlong")
        published = {"published_at": town.now(), "settings": {}, "calendar": ""}
        unit.session.add(PublishedYearRow(agency_id=row.id, year=2023, **published))

    def of_2022(*more: dict[str, Any]) -> list[dict[str, Any]]:
        events = [{**OPEN[0], "on": "2022-12-01"}, {**OPEN[1], "on": "2022-12-02"}, *more]
        return [{**one, "recorded_at": None} for one in events]

    with pytest.raises(Refused, match="2023"):
        handed_over(town, history("A", of_2022()), clerk)
    withdrawn = {"event": "withdraw", "on": "2022-12-05"}
    assert handed_over(town, history("B", of_2022(withdrawn)), clerk).case.state == "closed"


def test_of_a_body_that_ended_it_is_said_who_answers_now(town: Office, clerk: Staff) -> None:
    with town.store.write_rules() as unit:
        office_of = town.add_agency(unit, code="new", name="新的乡人民政府", level="township")
        row = town.found_agency(unit, "panlong")
        row.until, row.successor = date(2024, 3, 1), office_of.code
    with pytest.raises(BadInput) as told:
        handed_over(town, history(), clerk)
    assert told.value.errors[0].message == (
        "2024 年 3 月 1 日起机关不再受理，之后的申请转入新的乡人民政府（new）"
    )
