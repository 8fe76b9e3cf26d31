"""A handler of another unit (本科室), where the body keeps its handlers to the cases of their unit: by every route a case
of theirs is like one that is not there, and no list, count, file or message says anything of it."""

import re
from datetime import date
from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.webui.test_permissions import House, _asked, _written, house
from webui.here import gongkai
from workflow.people import Staff
from workflow.service.accounts import Accounts
from workflow.service.cases.notes import Notes
from workflow.service.messages.to_staff import tell_person
from workflow.service.units import Units
from workflow.store.letters import Place, take_number
from workflow.store.parcel_models import ParcelRow

__all__ = ["house"]  # the application and its people, as the table of permissions is tried on them
pytestmark = pytest.mark.tampering(reason="a number stands in the book without its letter")
OURS, THEIRS, HEAD = "handler", "elsewhere", "heading"
"""Handlers: of the unit that was given the case, of another one; who heads the first unit."""
WHOLE = ("clerk", "office_head", "secrecy_reviewer", "legal_reviewer", "leader", "archivist")
"""Who sees every case of the body as before."""
NOT_THERE = "2024-0999"
UNIT = "农业中心"
LISTS = (
    "/desk/cases", "/desk/letters?agency=panlong", "/desk/record", "/desk/inbox", "/desk/parcels",
    "/desk/morning", "/api/v1/cases",
)  # fmt: skip


@pytest.fixture(scope="module")
def divided(house: House) -> House:
    """The house in units: its case was given to one, with what may lie beside a case."""
    office, number = house.office, house.known["number"]
    with house.app.app_context():
        doors = gongkai()
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        for who in (THEIRS, HEAD):
            Accounts(office).add_user(
                unit, name=f"in-{who}", agency=body, roles=("handler",), password_hash="set"
            )
        unit.set_setting(body, "handlers_see", "unit", date(2024, 1, 1), "各管各的")
    admin, units = house.people["system_admin"], Units(office)
    other = units.add(admin, "panlong", "城建中心")
    units.change(admin, 1, UNIT, "in-heading", ["in-handler"])
    units.change(admin, other, "城建中心", "", ["in-elsewhere"])
    clerk = house.people["clerk"]
    doors.moving.apply(clerk, number, "assign", {"on": "2024-05-06", "to": UNIT})
    Notes(office).write(clerk, number, "请看附图", ["in-handler"], "0" * 32)
    parcel = doors.parcels.add(
        clerk,
        "panlong",
        {
            "way": "ems",
            "arrived_on": "2024-05-06",
            "tracking": "EA123456789CN",
            "signed_by": "门卫",
        },
    )
    with office.store.write() as unit:
        row = next(iter(unit.cases_numbered(["panlong"], number)))
        entry = unit.session.get(ParcelRow, parcel.id)
        assert entry is not None
        entry.case_id, entry.settled = row.id, "case"
        place = Place(row.agency_id, "复", 2024, "盘政依申请〔2024〕", "号")
        take_number(unit, place, row.id, "reply", "", clerk.name, office.now())
        for who in (OURS, THEIRS):
            tell_person(
                office, unit, _staff(house, who).id, row.agency_id, moment="assign", why="",
                text=f"申请 {number} 已经交办", what=f"told {who}", at=office.now(),
                about=number, case_id=row.id,
            )  # fmt: skip
    for who in (OURS, THEIRS, HEAD):
        staff = _staff(house, who)
        house.tokens[who] = Accounts(office).create_token(staff.name)
        house.sessions[who] = house.begin(staff)
        house.people[who] = staff
    return house


def _staff(house: House, who: str) -> Staff:
    found = house.office.staff(f"in-{who}")
    assert found is not None
    return found


def _path(house: House, rule: Rule, number: str) -> str:
    before = house.known["number"]
    house.known["number"] = number
    try:
        return house.path(rule)
    finally:
        house.known["number"] = before


def _said(house: House, method: str, path: str, who: str, **sent: Any) -> tuple[int, str]:
    answer = house.ask(who, method, path, **sent)
    return answer.status_code, _written(answer.get_data())


def test_a_case_of_another_unit_is_like_one_that_is_not_there(divided: House) -> None:
    """By every route that names a case, read or written, down to the last byte of the answer."""
    number, asked, wrong = divided.known["number"], 0, []
    divided.ask(THEIRS, "GET", "/api/v1/cases")  # that a token was used is noted once a day
    for rule, method in _asked(divided):
        if "number" not in rule.arguments or not _of_staff(rule):
            continue
        before = divided.mark()
        sent: dict[str, Any] = (
            {"json": {"event": "accept", "on": "2024-05-06"}} if method == "POST" else {}
        )
        found = _said(divided, method, _path(divided, rule, number), THEIRS, **sent)
        nothing = _said(divided, method, _path(divided, rule, NOT_THERE), THEIRS, **sent)
        alike = (found[0], _plain(found[1], number)) == (nothing[0], _plain(nothing[1], NOT_THERE))
        if not alike or divided.mark() != before:
            wrong.append(f"{method} {rule.rule}: {found[0]}, of none {nothing[0]}")
        asked += 1
    assert not wrong, "\n".join(wrong)
    assert asked > 60


def _of_staff(rule: Rule) -> bool:
    return (
        rule.endpoint.startswith(("desk.", "reports."))
        or "OfBody" in rule.endpoint
        or (rule.endpoint.startswith("api.") and "application" not in rule.endpoint)
    )


def _plain(said: str, number: str) -> str:
    """Without what was asked for, and without what is another one in every answer."""
    said = said.replace(number, "N")
    return re.sub(r'(value|data-token|nonce)="[0-9A-Za-z._-]{16,}"', "", said)


def test_no_page_says_anything_of_it(divided: House) -> None:
    """No list, count, feed, file or cell: neither number nor name nor what is asked for."""
    asked, wrong = 0, []
    for rule, method in _asked(divided):
        if method != "GET" or not _of_staff(rule) or "number" in rule.arguments:
            continue
        path = divided.path(rule)
        code, said = _said(divided, "GET", path, THEIRS)
        asked += code == 200
        told = [one for one in (divided.known["number"], *divided.secret) if one in said]
        wrong += [f"{path}: {one}" for one in told]
    assert not wrong, "\n".join(wrong)
    assert asked > 25


@pytest.mark.parametrize("path", LISTS)
def test_every_list_that_may_hold_it_holds_it_for_its_unit_alone(divided: House, path: str) -> None:
    number = divided.known["number"]
    for who, there in ((OURS, True), (THEIRS, False)):
        code, said = _said(divided, "GET", path, who)
        assert code == 200 and (number in said) is there, (who, said)


@pytest.mark.parametrize("who", [OURS, HEAD, *WHOLE])
def test_its_own_unit_and_who_sees_the_body_see_it_as_before(divided: House, who: str) -> None:
    page = divided.ask(who, "GET", f"/desk/cases/panlong/{divided.known['number']}")
    assert page.status_code == 200 and divided.known["number"] in page.text
    listed = divided.ask(who, "GET", "/api/v1/cases").json
    assert [one["number"] for one in listed["cases"]] == [divided.known["number"]], listed


def test_counts_are_of_what_is_seen(divided: House) -> None:
    with divided.app.app_context():
        doors = gongkai()
    for who, number in ((OURS, 1), (THEIRS, 0)):
        staff = _staff(divided, who)
        assert doors.worklist.count(staff) == number
        page = doors.worklist.cases(staff)
        assert (len(page[0]), page[1]) == (number, number)
        assert doors.search.find(staff, divided.known["number"]).total == number
        assert len(doors.due_days.morning(staff)) == number
        assert doors.inbox.unread(staff) == sum(
            one.about == divided.known["number"] for one in doors.inbox.lines(staff)
        )
        cell = doors.cells.page(staff, "panlong", 2024, "new_received", "total")
        assert (cell.total, len(cell.cases)) == (1, number)
        assert (
            doors.cells.numbers(staff, "panlong", 2024, "new_received", "total")
            == [divided.known["number"]] * number
        )


def test_a_colleague_of_another_unit_cannot_be_called_in_a_note(divided: House) -> None:
    clerk, number = divided.people["clerk"], divided.known["number"]
    with divided.app.app_context():
        file = gongkai().reading.case(clerk.within("panlong"), number)
    called = Notes(divided.office).beside(clerk, file).colleagues
    assert "in-handler" in called and "in-heading" in called and "in-leader" in called
    assert "in-elsewhere" not in called
