"""Every worked example of acceptance/deadlines.json that is a history, handed over by a platform: the same days."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from tests.examples import variants
from tests.workflow.service.docket.histories import (
    APPLICATION,
    body_by,
    handed_over,
    history,
    items_for,
    whole_history,
)
from workflow.docket.timeline import explain
from workflow.docket.whole import WrongHistory
from workflow.service import Office
from workflow.service.cases.verify import verify

FEES = {"fee_policy": "by_page"}
NO_HISTORY = {"D62": "a service alone", "D63": "a service alone"}
REFUSED = {"D33": "extend", "D48": "charge_fee"}
"""What the law gives no effect is no step that can be taken over."""


def timelines() -> Iterator[Any]:
    found = 0
    for identity, example, settings, expected in variants("deadlines"):
        if example.get("kind", "case") == "case" and identity not in NO_HISTORY:
            found += 1
            marks = (
                []
                if found % 6 == 0
                else [pytest.mark.long(reason="one in six is enough each time")]
            )
            yield pytest.param(identity, example, settings, expected, id=identity, marks=marks)


@pytest.mark.parametrize(("identity", "example", "settings", "expected"), list(timelines()))
def test_its_days_are_those_of_the_worked_example(
    office_on: Callable[[date], Office],
    identity: str,
    example: dict[str, Any],
    settings: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    office = office_on(date(2030, 1, 2))
    staff = body_by(office, "panlong", example, {**FEES, **settings})
    events = whole_history(example)
    application = {**APPLICATION, "items": items_for(events)}
    sent = history(identity, events, application=application)
    if identity in REFUSED:
        with pytest.raises(WrongHistory) as told:
            handed_over(office, sent, staff)
        assert [one.event for one in told.value.steps] == [REFUSED[identity]]
        return
    found = handed_over(office, sent, staff)
    days = found.deadlines.as_dict()
    assert {key: days.get(key) for key in expected} == expected
    printed = explain({**example, "settings": settings})
    assert {key: days.get(key) for key in printed if key != "steps"} == {
        key: value for key, value in printed.items() if key != "steps"
    }
    assert verify(office) == []
