"""What earlier versions wrote is brought to today's shape, and worked on."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.letter_texts import with_texts
from tests.stores import differences
from tests.workflow.service.sampling import KEYS
from tests.workflow.service.township import Town
from tests.workflow.store.old_stores import REVISIONS, old_store, tables_of, told
from workflow.case.application import ApplicationForm
from workflow.dates import SHANGHAI
from workflow.people import STAFF_ROLES
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.applicant import ForApplicant
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.cases.reading import Reading
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office, unsealed_chains
from workflow.store.migrate import newest

LATER = datetime(2026, 12, 2, 10, tzinfo=SHANGHAI)
FIRST = "0011"
"""Of 0.1.0, the first that was released: tried in every run."""
RUNGS = [
    pytest.param(
        one, marks=[] if one == FIRST else pytest.mark.long(reason="every run tries 0.1.0")
    )
    for one in REVISIONS
]
FORM: dict[str, Any] = {
    "agency": "panlong",
    "applicant": {"kind": "citizen", "name": "李四", "id_type": "passport", "id_number": "E10000007",
                  "phone": "13800138001"},
    "items": ["2025年度农村公路养护合同"], "delivery": ["pickup"], "medium": ["paper"],
}  # fmt: skip


class Walked(Town):
    """The township that is there, with two people more who do everything."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.intake, self.moving, self.reading = Intake(office), Moving(office), Reading(office)
        with office.store.write() as unit:
            agency = with_texts(unit, office.found_agency(unit, "panlong"))
            for name in ("qiyue", "bayue"):
                Accounts(office).add_user(unit, name=name, agency=agency, roles=STAFF_ROLES)
        self.drafter, self.reviewer = self.person("qiyue"), self.person("bayue")


@pytest.mark.parametrize("revision", RUNGS)
def test_what_an_earlier_version_wrote_is_whole_and_goes_on(revision: str, tmp_path: Path) -> None:
    store = old_store(revision, tmp_path / "store.db")
    office = Office(store, KEYS, now=lambda: LATER)
    said = told(revision)
    assert migrate_office(office) == (revision, newest())
    with store.engine.connect() as connection:
        assert differences(connection) == []
    assert verify(office, full=True) == [] and unsealed_chains(office) == 0
    assert tables_of(office, list(said["tables"])) == said["tables"]

    town = Walked(office)
    ((number, code),) = said["query_codes"].items()
    assert ForApplicant(office).view(number, code).number == number
    assert town.case(number).contact["phone"] == "13800138000"
    filed = Intake(office).file(ApplicationForm.model_validate(FORM))
    assert ForApplicant(office).view(filed.number, filed.query_code).number == filed.number
    for one in (number, filed.number):
        town.clock(date(2026, 12, 4))
        town.answer(one, "2026-12-04")
        assert town.case(one).state == "served"
    assert verify(office) == []
    before = said["tables"]["panlong-2026"]["table3"]["new_received"]["total"]
    after = tables_of(office, ["panlong-2026"])["panlong-2026"]["table3"]["new_received"]["total"]
    assert after == before + 1
    store.close()


def test_of_the_first_release_and_of_later_ones_there_is_a_store() -> None:
    assert FIRST in REVISIONS and {"0022", "0037"} <= set(REVISIONS)
