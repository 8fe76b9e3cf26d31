"""JSON of another kind than a column holds, in one row of every such column: it takes no page away from anybody, lists on
which something is missing say so, and `verify` names it."""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import JSON, select, text

from tests.tampering import tampering
from tests.webui.api.program import application
from tests.webui.test_permissions import ABOVE, YEAR, House, house
from tests.workflow.service.furnished import CLASSES, value
from webui.here import gongkai
from workflow.case.application import ApplicationForm, read_form
from workflow.service.cases.notes import Notes
from workflow.service.cases.verify import verify
from workflow.store.models import Base
from workflow.store.protected import LEFT_OUT
from workflow.store.shaped import Shaped

__all__ = ["house"]  # the application and its people, as the table of permissions is tried on them
pytestmark = pytest.mark.tampering(reason="rows are bent on purpose")
BENDS: tuple[Any, ...] = (None, [], {}, "x", 7, [7], {"a": 1})
COLUMNS = [
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.c
    if isinstance(column.type, JSON | Shaped)
]
SHAPED = [
    (table, column)
    for table, column in COLUMNS
    if isinstance(Base.metadata.tables[table].c[column].type, Shaped)
]
LIKE_NOTHING = (("audit", "details"), ("ledger_import", "mapping"), ("report_version", "texts"))
PAGES = {
    "clerk": (
        "/desk/", "/desk/cases", "/desk/search?q=合同", "/desk/letters?agency=panlong", "/desk/record", "/desk/inbox",
        "/desk/reports/", f"/desk/reports/panlong/{YEAR}", f"/desk/reports/panlong/{YEAR}/report", "/desk/ledger",
        "/desk/parcels", "/desk/preferences", "/api/v1/cases",
    ),
    "office_head": ("/desk/settings", "/desk/dashboard", "/desk/expired"),
    "system_admin": ("/desk/staff", "/desk/bodies"),
    "audit_admin": ("/desk/audit", "/desk/audit/rights"),
    ABOVE: ("/desk/reports/yanshan/2023/below", "/desk/supervision"),
    "nobody": ("/", "/directory", "/annual-reports", "/b/panlong/guide", "/b/panlong/annual-reports"),
}  # fmt: skip


@pytest.fixture(scope="module")
def full(house: House) -> House:
    """The house with a second case, a report that was published, and a row in every table with a column of JSON."""
    office, people = house.office, house.people
    with house.app.app_context():
        doors = gongkai()
    other = doors.intake.file(read_form(application(), ApplicationForm, today=date(2024, 5, 6)))
    house.known["other"], house.known["code_of_other"] = other.number, other.query_code
    Notes(office).write(
        people["clerk"], house.known["number"], "请看附图", ["in-handler"], "0" * 32
    )
    for who, step in (
        ("office_head", "check"), ("leader", "sign"), ("clerk", "submit"), (ABOVE, "accept"), ("office_head", "publish"),
    ):  # fmt: skip
        doors.annual.step(people[who], "panlong", YEAR, step)
    with office.store.write() as unit:
        here = {"agency_id": office.found_agency(unit, "panlong").id, "user_id": people["clerk"].id}
        for table in {table for table, _ in COLUMNS}:
            model, columns = CLASSES[table], Base.metadata.tables[table].c
            if unit.session.scalar(select(model).limit(1)) is None:
                given = {
                    column.name: here.get(column.name, value(column))
                    for column in columns
                    if not column.nullable and (column.name != "id" or not column.autoincrement)
                }
                if table == "ledger_import":
                    given["told"] = office.keys.seal({"file": "台账.xlsx"}, "ledger")
                unit.session.add(model(**given))
                unit.session.flush()
    return house


@contextmanager
def bent(full: House, columns: Collection[tuple[str, str]], bend: Any) -> Iterator[None]:
    """Within it these columns hold it, each in one row; the rules are read anew."""
    put: list[tuple[str, Any]] = []
    try:
        with tampering(full.office.store) as connection:
            for table, column in columns:
                key = next(iter(Base.metadata.tables[table].primary_key)).name
                first = f'SELECT min("{key}") FROM "{table}"'
                change = f'UPDATE "{table}" SET "{column}" = :bent WHERE "{key}" = ({first})'
                known = f'SELECT CAST("{column}" AS TEXT) FROM "{table}" WHERE "{key}" = ({first})'
                put.append((change, connection.execute(text(known)).scalar()))
                connection.execute(text(change), {"bent": json.dumps(bend)})
            connection.execute(text("UPDATE stamp SET value = value || '1' WHERE name = 'rules'"))
        yield
    finally:
        with tampering(full.office.store) as connection:
            for change, before in put:
                connection.execute(text(change), {"bent": before})
            connection.execute(text("UPDATE stamp SET value = value || '1' WHERE name = 'rules'"))


def asked(full: House) -> dict[str, str]:
    """Every page, by its address; what is none is told."""
    found, wrong = dict[str, str](), []
    for who, paths in PAGES.items():
        more = [f"/desk/cases/panlong/{full.known['other']}"] if who == "clerk" else []
        for path in (*paths, *more):
            answer = full.ask(who, "GET", path)
            found[path] = answer.text
            if answer.status_code != 200:
                wrong.append(f"{path} by {who}: {answer.status_code}")
    client = full.app.test_client()
    said = {"number": full.known["other"], "code": full.known["code_of_other"]}
    shown = client.post("/query", data=said, follow_redirects=True)
    if shown.status_code != 200 or full.known["other"] not in shown.text:
        wrong.append(f"/query: {shown.status_code}")
    assert not wrong, "\n".join(wrong)
    return found


@pytest.mark.parametrize(
    "bend", [pytest.param(one, id=json.dumps(one), marks=[] if one in ("x", [7]) else
             pytest.mark.long(reason="two kinds of bends are tried in every run")) for one in BENDS]
)  # fmt: skip
def test_bent_rows_take_no_page_away_and_are_told(full: House, bend: Any) -> None:
    with bent(full, COLUMNS, bend):
        pages = asked(full)
        told = {one.number for one in verify(full.office, full=True)}
    assert full.known["other"] in pages["/desk/cases"]
    assert [path for path, said in pages.items() if "库中有损坏的数据" in said]
    assert full.known["number"] in told


@pytest.mark.long(
    reason="each column alone, in seven ways, on every page; every run bends all at once"
)
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_one_bent_row_takes_no_page_away(full: House, table: str, column: str) -> None:
    for bend in BENDS:
        with bent(full, [(table, column)], bend):
            asked(full)


ALONE = pytest.mark.long(
    reason="each column alone; every run has those of which nothing and what is none look alike"
)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        pytest.param(*one, marks=[] if one in LIKE_NOTHING else ALONE)
        for one in SHAPED
        if one[0] not in LEFT_OUT
    ],
)
def test_verify_names_a_row_that_is_no_value_of_its_column(
    full: House, table: str, column: str
) -> None:
    with bent(full, [(table, column)], "x"):
        assert verify(full.office, full=True)


def _kinds() -> Iterator[tuple[str, str, Callable[[Any], bool], Any]]:
    for table, column in SHAPED:
        shape = Base.metadata.tables[table].c[column].type.shape
        yield table, column, shape.holds, shape.empty


@pytest.mark.parametrize(("table", "column", "holds", "empty"), _kinds())
def test_a_shape_holds_the_least_of_its_kind_and_nothing_of_another(
    table: str, column: str, holds: Callable[[Any], bool], empty: Any
) -> None:
    assert holds(empty)
    wrong = [
        one for one in (None, "x", 7, [7], [[]] if isinstance(empty, dict) else {}) if holds(one)
    ]
    assert not wrong
