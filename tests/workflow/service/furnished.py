"""A small office with something in every table that the journal protects."""

import shutil
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, LargeBinary, TypeDecorator

from tests.workflow.service.town import Town
from workflow.dates import SHANGHAI
from workflow.files import Checked
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.staff import StaffRoom
from workflow.store.files import add_file, note_view
from workflow.store.models import Base
from workflow.store.protected import PROTECTED
from workflow.store.shaped import Shaped
from workflow.store.store import Store

DAY, MOMENT = date(2024, 5, 8), datetime(2024, 5, 8, 9, tzinfo=SHANGHAI)
CLASSES = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
CONTENT = b"%PDF-1.4 the paper of a test"


def value(column: Column[Any]) -> Any:
    """Something that the column can hold."""
    kind = column.type
    if column.foreign_keys:
        return 1
    if isinstance(kind, Shaped):
        return kind.shape.empty
    if isinstance(kind, JSON):
        return "before"
    if isinstance(kind, TypeDecorator) and isinstance(kind.impl_instance, DateTime):
        return MOMENT
    for of, made in ((Boolean, False), (Integer, 1), (Date, DAY), (LargeBinary, b"\x01")):
        if isinstance(kind, of):
            return made
    return "before"


def copy_of(town: Town, path: Path) -> Town:
    """The town with its day, over a copy of its store."""
    town.office.store.close()
    shutil.copy(town.office.store.url.removeprefix("sqlite:///"), path)
    copied = object.__new__(Town)
    copied.now = town.now
    copied.office = Office(Store(f"sqlite:///{path}"), town.office.keys, now=lambda: copied.now)
    copied.intake, copied.moving = Intake(copied.office), Moving(copied.office)
    return copied


def furnish(folder: Path) -> Town:
    """The town with a case, a file, and a row more in every protected table."""
    town = Town(folder, "2024-05-06")
    town.file()
    StaffRoom(town.office, Accounts(town.office)).grant(
        town.staff("guanli"), "lifang", "panlong", "archivist"
    )
    with town.office.store.write() as unit:
        (row,) = unit.cases_numbered(["panlong"], "2024-0001")
        told = Checked("证明.pdf", "application/pdf", len(CONTENT), sha256(CONTENT).hexdigest())
        kept = add_file(
            unit, town.office.keys, case=row, kind="id_proof", checked=told, content=CONTENT,
            warnings=(), actor="applicant", role="applicant", uploaded_at=MOMENT,
        )  # fmt: skip
        note_view(unit, kept, "lifang", "clerk", MOMENT)
        there = {"agency", "user", "role", "file", "file_view"}
        for table in Base.metadata.sorted_tables:
            if table.name not in PROTECTED or table.name in there:
                continue
            given = {
                column.name: value(column)
                for column in table.c
                if not column.nullable and (column.name != "id" or not column.autoincrement)
            }
            given.pop("id", None)
            if table.name == "picture":
                given |= {"content": CONTENT, "digest": sha256(CONTENT).hexdigest()}
            if table.name == "message":
                given["kind"] = "applicant"
            if table.name in ("letter_number", "hastening", "message"):
                given |= {name: 1 for name in ("case_id", "agency_id") if name in table.c}
            unit.session.add(CLASSES[table.name](**given))
            unit.session.flush()
    return town
