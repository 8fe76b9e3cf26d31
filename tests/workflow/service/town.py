"""A county with a township and their staff, over a real store; applications filed on a day."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.letter_texts import with_texts
from tests.proofs import proofs_for
from tests.workflow.service.sampling import bring_up, migrated_store
from workflow.case.application import ApplicationForm
from workflow.dates import SHANGHAI
from workflow.people import Staff
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.applicant import ForApplicant
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.cases.reading import Reading
from workflow.service.cases.views import Filed
from workflow.service.rules.due_changes import DueChange, DueChanges
from workflow.service.rules.settings import freeze_year
from workflow.store.sealed import Secrets
from workflow.store.store import Store

PEOPLE = {
    "lifang": ("panlong", ("clerk", "handler")),
    "chen": ("panlong", ("office_head",)),
    "guanli": ("panlong", ("system_admin",)),
    "wang": ("panlong", ("secrecy_reviewer",)),
    "county": ("yanshan", ("office_head", "system_admin")),
    "sunli": ("jiangna", ("office_head", "clerk")),
}


class Town:
    """The office, its people and its day."""

    def __init__(
        self, folder: Path, day: str, url: str | None = None, keys: Secrets | None = None
    ) -> None:
        self.now = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=SHANGHAI)
        store = Store(url) if url else migrated_store(folder / "store.db")
        if url:
            bring_up(store)
        self.office = Office(store, keys or Secrets.throwaway(), now=lambda: self.now)
        self.intake, self.moving = Intake(self.office), Moving(self.office)
        self.reading, self.for_applicant = Reading(self.office), ForApplicant(self.office)
        with store.write() as unit:
            for code, name, level, parent in (
                ("yanshan", "砚山县人民政府", "county", None),
                ("panlong", "盘龙彝族乡人民政府", "township", "yanshan"),
                ("jiangna", "江那镇人民政府", "township", "yanshan"),
            ):
                row = self.office.add_agency(unit, code=code, name=name, level=level, parent=parent)
                with_texts(unit, row, "court", "online_review_url", "contact_phone")
            for name, (code, roles) in PEOPLE.items():
                body = self.office.found_agency(unit, code)
                Accounts(self.office).add_user(unit, name=name, agency=body, roles=roles)

    def is_(self, day: str) -> None:
        self.now = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=SHANGHAI)

    def staff(self, name: str) -> Staff:
        found = self.office.staff(name)
        assert found is not None
        return found

    def file(self, agency: str = "panlong") -> Filed:
        """An application on the net, received at once."""
        return self.intake.file(self.form(agency))

    def form(self, agency: str = "panlong") -> ApplicationForm:
        """What somebody types at the portal."""
        return ApplicationForm.model_validate(
            {
                "agency": agency,
                "applicant": {
                    "kind": "citizen",
                    "name": "张三",
                    "id_type": "resident_id",
                    "id_number": "11010519491231002X",
                    "phone": "13800000000",
                },
                "items": ["2023年度农村公路养护合同"],
                "delivery": ["pickup"],
                "medium": ["paper"],
            }
        )

    def act(self, name: str, number: str, event: str, on: str, **fields: Any) -> None:
        self.is_(on)
        said = {"on": on, **fields}
        self.moving.apply(self.staff(name), number, event, said, attached=proofs_for(event))

    def moved(self, number: str) -> list[DueChange]:
        """What moved in a case of the township."""
        return DueChanges(self.office).of_case(self.reading.case(self.staff("lifang"), number))

    def due(self, number: str, agency: str = "panlong") -> date | None:
        """The due day that stands in the case row."""
        with self.office.store.read() as unit:
            row = unit.case_row([self.office.found_agency(unit, agency).id], number)
            assert row is not None
            return row.next_due


def freeze(office: Office, agency: str, year: int) -> None:
    """What the publication of a report does to its year."""
    with office.store.write() as unit:
        freeze_year(office, unit, office.found_agency(unit, agency), year)
