"""What the tests of the portal share."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.proofs import proofs_for
from tests.webui.conftest import STAFF, Today
from tests.webui.filing import file
from tests.webui.portal.answering import Do
from tests.webui.portal.own import with_channels
from tests.webui.visitor import Visitor
from tests.workflow.service.sampling import quick_hashes
from workflow.service import Office
from workflow.service.cases.moving import Moving


@pytest.fixture
def quick() -> Iterator[None]:
    """Passwords of accounts are hashed quickly."""
    with quick_hashes():
        yield


@pytest.fixture
def mailing(office: Office) -> None:
    """Mail and SMS are in force."""
    with_channels(office, "mail", "sms")


@pytest.fixture
def do(office: Office, today: Today) -> Do:
    """An event that must be possible, on its day; each by somebody of the right role."""
    moving = Moving(office)

    def apply(number: str, name: str, on: str, /, **fields: Any) -> None:
        if date.fromisoformat(on) > office.today():
            today.is_(on)
        roles = office.law.transitions[name].by
        who = next(
            user
            for role in roles
            for user, (code, held) in STAFF.items()
            if code == "panlong" and role in held
        )
        staff = office.staff(who)
        assert staff
        moving.apply(staff, number, name, {"on": on, **fields}, attached=proofs_for(name))

    return apply


@pytest.fixture
def filed(visitor: Visitor, today: Today) -> tuple[str, str]:
    """Number and code of an application of two items, on Monday 2026-08-03, due on 31 August; its page is open."""
    today.is_("2026-08-03")
    found = file(visitor)
    visitor.get("/query/case")
    return found
