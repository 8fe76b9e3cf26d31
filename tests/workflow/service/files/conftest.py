"""An office with its people at ten in the morning of 6 May 2024, and a case that was filed there."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.letter_texts import with_texts
from tests.workflow.service.files.papers import FORM, PEOPLE
from workflow.case.application import read_form
from workflow.dates import SHANGHAI
from workflow.people import Staff
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.files import Files
from workflow.store.outside import Contents
from workflow.store.sealed import Secrets
from workflow.store.storages import Folder
from workflow.store.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def office(folder: Path, migrated: Path) -> Iterator[Office]:
    shutil.copy(migrated, folder / "store.db")
    store = Store(f"sqlite:///{folder / 'store.db'}")
    moment = datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
    office = Office(store, Secrets.throwaway(), now=lambda: moment)
    with store.write() as unit:
        for code in ("panlong", "jiangna"):
            with_texts(
                unit,
                office.add_agency(unit, code=code, name=f"{code}乡人民政府", level="township"),
            )
        for name, (code, roles) in PEOPLE.items():
            Accounts(office).add_user(unit, name=name, agency=unit.agency(code), roles=roles)
    yield office
    store.close()


@pytest.fixture
def cases(office: Office) -> Moving:
    return Moving(office)


@pytest.fixture
def files(office: Office) -> Files:
    return Files(office, most_megabytes=10, most_files=5)


@pytest.fixture
def filed(office: Office) -> tuple[str, str]:
    found = Intake(office).file(read_form(FORM, today=office.today()))
    return found.number, found.query_code


@pytest.fixture
def person(office: Office):
    def of(name: str) -> Staff:
        found = office.staff(name)
        assert found
        return found

    return of


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "outside")


@pytest.fixture
def outside(office: Office, place: Folder) -> Office:
    office.store.contents = Contents(place)
    return office
