"""A county over a township and a town, with cases that are late, due and far from due."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.workflow.service.messages.street import Street
from workflow.people import Staff
from workflow.service.accounts import Accounts
from workflow.service.dashboards import Dashboards
from workflow.service.supervision.below import Supervision
from workflow.service.supervision.hastening import Done, Hastening
from workflow.service.supervision.now import BodyNow
from workflow.store.message_models import MessageRow

LATE, DUE, FAR = "2024-0001", "2024-0002", "2024-0003"


class County(Street):
    """Filed on 6 May, 21 May and 3 June; today is Wednesday, 12 June. Replies are due on 31 May, 19 June, 2 July."""

    def __init__(self, folder: Path, *channels: str) -> None:
        super().__init__(folder, "2024-05-06", *channels)
        self.below, self.hastening = Supervision(self.office), Hastening(self.office)
        self.dashboards = Dashboards(self.office)
        for day, agency in (("2024-05-06", "panlong"), ("2024-05-21", "panlong"), ("2024-06-03", "panlong"),
                            ("2024-06-05", "jiangna")):  # fmt: skip
            self.is_(day)
            self.file(agency)
        self.is_("2024-06-12")

    def overview(self, name: str = "county", **asked: Any) -> Any:
        return self.below.overview(self.staff(name), **asked)

    def body(self, code: str) -> BodyNow:
        found = {one.code: one for one in self.overview().bodies}
        return found[code]

    def numbers(self, which: str) -> list[tuple[str, str, int]]:
        """Body, number and days of a list."""
        _, found = self.below.listed(self.staff("county"), None, which)
        return [(one.body, one.number, one.standing.days) for one in found]

    def hasten(self, *numbers: str, agency: str = "panlong", by: str = "yanshan") -> Done:
        wanted: Sequence[tuple[str, str]] = [(agency, number) for number in numbers]
        return self.hastening.hasten(self.staff("county"), by, wanted)

    def messages(self, moment: str = "hastened") -> list[tuple[str, str, str]]:
        """Who was told through what, and what."""
        with self.office.store.read() as unit:
            rows = unit.session.query(MessageRow).filter_by(moment=moment).order_by(MessageRow.id)
            return [(row.user.name if row.user else "group", row.channel, row.text) for row in rows]

    def with_leader(self) -> Staff:
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, "panlong")
            row = Accounts(self.office).add_user(
                unit, name="leader", agency=body, roles=("leader",)
            )
            row.password_hash = "set"
        return self.staff("leader")
