"""A township with real people and a real store, whose clock a test moves."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.channels import load_channels
from config.reminders import Moment, load_ladder
from tests.workflow.service.town import PEOPLE, Town
from workflow.case.application import ApplicationForm
from workflow.dates import SHANGHAI
from workflow.reminders.due import Reminder
from workflow.service.messages.outbox import Outbox
from workflow.service.messages.to_staff import enqueue
from workflow.store.message_models import AttemptRow, ContactRow, MessageRow
from workflow.store.models import UserRow

QUIET = list(load_ladder().at_once)
"""What is said at once has its own tests (tests/webui/desk/messages/test_at_once.py): here nobody wants it."""
EMAIL = "zhang.san@applicant.example"
PHONE = "13800000000"
ITEM = "2023年度农村公路养护合同"


class Street(Town):
    """The town with addresses for its people and an outbox; its clock runs to the minute."""

    def __init__(self, folder: Path, day: str, *channels: str) -> None:
        super().__init__(folder, day)
        self.folder = folder
        self.office.channels = tuple(load_channels()[name] for name in ("in_app", *channels))
        self.outbox = Outbox(self.office)
        with self.office.store.write() as unit:
            for name in PEOPLE:
                row = unit.user(name)
                assert row is not None
                row.password_hash = "set"
                self.contact(name, unit)

    def contact(self, name: str, unit: Any = None, **wants: Any) -> None:
        """Addresses of a member of staff, and what they want."""
        if unit is None:
            with self.office.store.write() as own:
                return self.contact(name, own, **wants)
        row = unit.user(name)
        known = unit.session.get(ContactRow, row.id) or ContactRow(user_id=row.id, muted=QUIET)
        private = {
            "email": wants.pop("email", f"{name}@office.example"),
            "phone": wants.pop("phone", f"139{row.id:08d}"),
            "accounts": wants.pop("accounts", {}),
        }
        known.sealed = self.office.keys.seal(private, f"contact {row.id}")
        for field, value in wants.items():
            setattr(known, field, value)
        unit.session.add(known)
        return None

    def user_id(self, name: str) -> int:
        with self.office.store.read() as unit:
            row = unit.user(name)
            assert row is not None
            return row.id

    def at(self, text: str) -> None:
        self.now = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def file(self, agency: str = "panlong", email: str | None = EMAIL) -> Any:
        return self.intake.file(
            ApplicationForm.model_validate(
                {
                    "agency": agency,
                    "applicant": {
                        "kind": "citizen",
                        "name": "张三丰",
                        "id_type": "resident_id",
                        "id_number": "11010519491231002X",
                        "phone": PHONE,
                        "email": email,
                    },
                    "items": [ITEM],
                    "delivery": ["pickup"],
                    "medium": ["paper"],
                }
            )
        )

    def reminder(self, number: str, **fields: Any) -> Reminder:
        """A reminder of a case to its clerk; moment=, level=, to=, channels= bend its moment."""
        day: date = fields.pop("day", self.now.date())
        nine = datetime.combine(day, time(9), SHANGHAI)
        moment = Moment(
            fields.pop("moment", "reply_5"),
            "答复期限还有 5 个工作日（黄牌）",
            of="reply",
            to=fields.pop("to", ("clerk",)),
            channels=fields.pop("channels", ("in_app", "mail", "sms")),
            level=fields.pop("level", "yellow"),
            words="",
            basis="条例33(2)",
        )
        return Reminder(
            **{
                "agency": "panlong",
                "number": number,
                "moment": moment,
                "at": nine,
                "others_at": nine,
                "due": day + timedelta(7),
                "days_left": 5,
                "text": f"申请 {number} 的答复期限还有 5 个工作日",
                **fields,
            }
        )

    def remind(self, number: str, **fields: Any) -> list[MessageRow]:
        """Put a reminder into the outbox; what is new there."""
        known = {row.id for row in self.messages()}
        with self.office.store.write() as unit:
            made = enqueue(self.office, unit, [self.reminder(number, **fields)])
        new = [row for row in self.messages() if row.id not in known]
        assert len(new) == made
        return new

    def messages(self, **wanted: Any) -> list[MessageRow]:
        query = select(MessageRow).order_by(MessageRow.id)
        for field, value in wanted.items():
            query = query.where(getattr(MessageRow, field) == value)
        with self.office.store.read() as unit:
            return list(unit.session.scalars(query))

    def attempts(self) -> list[str | None]:
        with self.office.store.read() as unit:
            return [row.result for row in unit.session.scalars(select(AttemptRow))]

    def states(self, **wanted: Any) -> list[str]:
        return [row.state for row in self.messages(**wanted)]

    def names(self) -> dict[int | None, str]:
        with self.office.store.read() as unit:
            return {row.id: row.name for row in unit.session.scalars(select(UserRow))}


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Callable[..., Street]]:
    opened: list[Street] = []

    def open_on(day: str = "2024-05-06", *channels: str) -> Street:
        folder = tmp_path / f"street{len(opened)}"
        folder.mkdir()
        opened.append(Street(folder, day, *channels))
        return opened[-1]

    yield open_on
    for one in opened:
        one.office.store.close()
