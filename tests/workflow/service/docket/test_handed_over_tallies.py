"""The cases of acceptance/tallies.json handed over by a platform count as the same cases of a docket do."""

from typing import Any

import pytest

from tests.workflow.service.docket.histories import body_by, handed_over, history, items_for
from tests.workflow.service.docket.tally_dockets import DOCKETS, SETTINGS
from tests.workflow.service.docket.test_tallies import base_settings
from workflow.docket.file import first_day
from workflow.service import Office
from workflow.service.docket.player import Player
from workflow.service.report.tables import Reports

TOLD_OTHERWISE = {"redo_of", "kind"}
"""A platform hands over no case of its own for a reply that is made anew, and no tests."""


def can_be_told(cases: list[dict[str, Any]]) -> bool:
    return bool(cases) and not any(
        TOLD_OTHERWISE & set(one) or len(one.get("applicants") or []) > 1 for one in cases
    )


TOLD = {name: cases for name, cases in DOCKETS.items() if can_be_told(cases)}


def application(case: dict[str, Any]) -> dict[str, Any]:
    (person,) = case.get("applicants") or [{}]
    citizen = person.get("category") == "natural_person"
    kind = {"kind": "citizen"} if citizen else {}
    about = {"name": person.get("name") or "某申请人", **kind}
    if not citizen:
        about |= {key: person[key] for key in ("category", "description") if person.get(key)}
        about["kind"] = "citizen" if person.get("category") == "natural_person" else "organisation"
    return {
        "applicant": about,
        "request": case.get("request") or "某信息",
        "items": case.get("items") or items_for(case["events"]),
    }


def test_most_of_them_can_be_told() -> None:
    assert len(TOLD) > len(DOCKETS) / 2


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if place % 8 == 0 else [pytest.mark.long(reason="one in eight is enough each time")])
        for place, name in enumerate(TOLD)
    ],
)  # fmt: skip
def test_they_count_as_those_of_a_docket(office: Office, name: str) -> None:
    settings = {**base_settings(), **SETTINGS.get(name, {})}
    played = {
        "agency": {"code": "played", "name": "甲乡人民政府", "level": "township"},
        "settings": settings,
        "cases": [{"ref": f"{place}", **case} for place, case in enumerate(TOLD[name])],
    }
    result = Player(office).play(played)
    assert [case["refused"] for case in result["cases"]] == [[]] * len(TOLD[name])
    staff = body_by(office, "panlong", {}, settings)
    for place, case in sorted(enumerate(TOLD[name]), key=lambda one: first_day(one[1])):
        more = {"joint_letter": case["joint_letter"]} if case.get("joint_letter") else {}
        sent = history(f"{place}", case["events"], application=application(case), **more)
        handed_over(office, sent, staff, "panlong")
    for year in result["tables"]:
        wanted = Reports(office).tables("played", int(year)).tables
        found = Reports(office).tables("panlong", int(year)).tables
        assert (found.table3, found.table4) == (wanted.table3, wanted.table4)
