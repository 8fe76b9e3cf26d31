"""What happens to a case is on its way to other systems with the event itself, and says nothing of who asks."""

import json

import pytest

from tests.counting import work
from tests.workflow.service.hooks.hooked import Hooked, wanted
from tests.workflow.service.messages.street import EMAIL, ITEM, PHONE
from workflow.refusal import Refused
from workflow.service.hooks import happened
from workflow.service.hooks.receivers import Receivers

FILED = ["submit", "receive", "assign"]
"""What happens at once to an application on the net where one person handles all."""


def test_an_event_says_where_the_case_stands_and_nothing_of_who_asks(hooked: Hooked) -> None:
    hooked.add()
    number = hooked.town.file().number
    hooked.town.act("lifang", number, "assign", "2024-05-07", to="lifang")
    assert [row.event for row in hooked.rows()] == [*FILED, "assign"]
    said = hooked.said()[-1]
    (row,) = hooked.rows()[-1:]
    assert said == {
        "id": row.key,
        "type": "assign",
        "timestamp": "2024-05-07T10:00:00+08:00",
        "data": {
            "agency": "panlong",
            "number": number,
            "state": "processing",
            "seq": 4,
            "on": "2024-05-07",
            "address": f"/api/v1/agencies/panlong/cases/{number}",
        },
    }
    whole = "".join(one.payload for one in hooked.rows())
    for private in ("张三丰", "11010519491231002X", PHONE, EMAIL, ITEM, "lifang"):
        assert private not in whole and json.dumps(private)[1:-1] not in whole
    assert len({one.key for one in hooked.rows()}) == 4


def test_only_events_that_are_wanted_are_told_and_only_of_the_body(hooked: Hooked) -> None:
    hooked.add(events=("assign", "receive"))
    hooked.town.file("jiangna")
    number = hooked.town.file().number
    hooked.town.act("lifang", number, "assign", "2024-05-07", to="lifang")
    assert [(row.event, row.about) for row in hooked.rows()] == [
        ("receive", number),
        ("assign", number),
        ("assign", number),
    ]


def test_bodies_below_are_told_of_where_that_is_wanted(hooked: Hooked) -> None:
    alone, _ = hooked.add("county", "yanshan")
    url = "https://oa.example/below"
    below, _ = hooked.add("county", "yanshan", url=url, below=True, events=("receive",))
    hooked.town.file("jiangna")
    assert [row.hook_id for row in hooked.rows()] == [below]
    hooked.town.file("yanshan")
    assert sorted((row.hook_id, row.event) for row in hooked.rows()[1:]) == [
        (alone, "receive"),
        (alone, "submit"),
        (below, "receive"),
    ]


def test_who_had_the_case_and_who_gets_it_are_told_of_a_transfer(hooked: Hooked) -> None:
    """Afterwards who has it alone. Its number and address stay those of the body to which it came."""
    town = hooked.town
    number = town.file().number
    with town.office.store.write_rules() as unit:
        town.office.found_agency(unit, "panlong").successor = "jiangna"
        unit.rules_changed()
    of_giver, _ = hooked.add(events=("transfer", "assign"))
    of_taker, _ = hooked.add("county", "jiangna", events=("transfer", "assign"))
    town.act("chen", number, "transfer", "2024-05-07", to="jiangna", reason="职责划转")
    assert sorted(row.hook_id for row in hooked.rows()) == [of_giver, of_taker]
    assert {row.about for row in hooked.rows()} == {number}
    assert {said["data"]["agency"] for said in hooked.said()} == {"panlong"}
    town.act("sunli", number, "assign", "2024-05-08", to="sunli")
    assert [(row.hook_id, row.event) for row in hooked.rows()[2:]] == [(of_taker, "assign")]


def test_what_is_switched_off_is_not_told(hooked: Hooked) -> None:
    which, _ = hooked.add()
    staff = hooked.town.staff("guanli")
    assert hooked.receivers.change(staff, which, wanted(active=False))
    hooked.town.file()
    assert hooked.rows() == []
    assert hooked.receivers.change(staff, which, wanted())
    hooked.town.file()
    assert [row.event for row in hooked.rows()] == FILED


def test_an_event_that_is_refused_or_fails_tells_nothing(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked.add()
    number = hooked.town.file().number
    before = len(hooked.rows())
    with pytest.raises(Refused):
        hooked.town.act("lifang", number, "approve", "2024-05-07")
    hooked.town.moving.rehearse(
        hooked.town.staff("lifang"), number, "assign", {"on": "2024-05-07", "to": "lifang"}
    )
    monkeypatch.setattr("workflow.service.cases.moving.tell_applicant", None)
    with pytest.raises(TypeError):
        hooked.town.act("lifang", number, "assign", "2024-05-07", to="lifang")
    assert len(hooked.rows()) == before


def test_an_event_without_its_delivery_is_none(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked.add()
    number = hooked.town.file().number
    monkeypatch.setattr(happened.hooks, "add", lambda unit, rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hooked.town.act("lifang", number, "assign", "2024-05-07", to="lifang")
    case = hooked.town.reading.case(hooked.town.staff("lifang"), number)
    assert [line.event for line in case.log] == FILED


def test_where_nobody_wants_anything_an_event_asks_the_store_for_nothing_more(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [hooked.town.file().number for _ in range(4)]

    def statements(number: str) -> int:
        with work() as found:
            hooked.town.act("lifang", number, "assign", "2024-05-07", to="lifang")
        return found.statements

    statements(numbers[0])
    with_hooks = statements(numbers[1])
    monkeypatch.setattr("workflow.service.cases.moving.tell_systems", lambda *_: None)
    assert with_hooks == statements(numbers[2])
    monkeypatch.undo()
    hooked.add()
    hooked.add(name="省平台", url="https://oa.example/province")
    hooked.town.file()
    assert statements(numbers[3]) == with_hooks + 1, "one more for any number of addresses"


def test_another_process_notices_a_new_address(hooked: Hooked) -> None:
    hooked.town.file()
    from workflow.service import Office

    other = Office(hooked.town.office.store, hooked.town.office.keys, now=hooked.town.office.now)
    Receivers(other, hooked.settings).add(hooked.town.staff("guanli"), "panlong", wanted())
    hooked.town.file()
    assert [row.event for row in hooked.rows()] == FILED
