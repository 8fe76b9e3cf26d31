"""A proof of service that may come later (setting scan_later): its reminder, until it is in the file."""

from collections.abc import Callable
from datetime import date

import pytest

from config.settings import load
from tests.proofs import proof
from tests.workflow.service.township import HOME, Town
from workflow.service import Office
from workflow.service.files import Files
from workflow.service.messages.due_today import find_reminders

SERVED, LAST = "2024-03-18", date(2024, 3, 25)


@pytest.fixture
def town(office_on: Callable[[date], Office]) -> Town:
    town = Town(office_on(date(2024, 3, 4)), service_proof="scan_later")
    town.attach = False
    return town


def served(town: Town) -> str:
    number = town.register("2024-03-04")
    town.clock(date(2024, 3, 18))
    town.answer(number, SERVED)
    return number


def said(town: Town, day: date) -> list[str]:
    found = find_reminders(town.office, day)
    return [one.moment.name for one in found if one.moment.of == "scan"]


def test_the_clerk_is_reminded_until_the_proof_is_there(town: Town) -> None:
    number = served(town)
    assert said(town, date(2024, 3, 21)) == ["proof_2"]
    assert said(town, LAST) == ["proof_0"]
    assert said(town, date(2024, 3, 26)) == ["proof_late"]
    settings = load({})
    files = Files(town.office, most_megabytes=settings["upload_megabytes"], most_files=5)
    town.clock(date(2024, 3, 22))
    one = proof()
    files.upload(town.drafter.within(HOME), number, one.kind, one.checked.name, one.content)
    assert said(town, LAST) == said(town, date(2024, 3, 26)) == []


def test_no_name_of_a_reminder_speaks_of_a_reply(town: Town) -> None:
    from config.reminders import load_ladder

    assert all("reply" not in one.name for one in load_ladder().by_kind["scan"])
