"""What was never a case does not stay longer than the one table says, and the docs say the same."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from tests.workflow.service.town import Town
from workflow.service.cases.calls import Calls
from workflow.service.docket.ledgers import Ledgers
from workflow.service.forgetting import PERIODS, forget_all
from workflow.service.kept_forms import KeptForms
from workflow.store.call_models import ApiCallRow
from workflow.store.ledger_models import LedgerImportRow
from workflow.store.staff_models import KeptFormRow
from workflow.store.thread_models import ApplicantFormRow

DOCS = Path(__file__).parents[3] / "docs" / "running.md"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    found = Town(tmp_path, "2024-05-06")
    yield found
    found.office.store.close()


def rows(town: Town, of: type) -> int:
    with town.office.store.read() as unit:
        return unit.session.scalar(select(func.count()).select_from(of)) or 0


def later(town: Town, by: timedelta) -> None:
    town.now = town.now + by


def test_forms_and_answers_go_when_their_time_is_over_and_not_before(town: Town) -> None:
    filed, forms = town.file(), KeptForms(town.office)
    forms.keep(town.staff("lifang"), {"a": "甲"})
    forms.keep_of_applicant(filed.number, filed.query_code, {"a": "乙"})
    calls = Calls(town.office)
    calls.claim("key", "what was sent")
    calls.keep("key", {"code": filed.query_code})
    start = town.now
    for name, of in (
        ("forms_of_applicants", ApplicantFormRow), ("forms_of_staff", KeptFormRow),
    ):  # fmt: skip
        lasts = PERIODS[name].lasts
        assert lasts is not None
        town.now = start + lasts
        assert forget_all(town.office)[name] == 0 and rows(town, of) == 1
        later(town, timedelta(seconds=1))
        assert forget_all(town.office)[name] == 1 and rows(town, of) == 0
    town.now = start + timedelta(days=30)
    done = forget_all(town.office)
    assert done["answers_of_calls"] in (0, 1)
    with town.office.store.read() as unit:
        assert unit.session.scalars(select(ApiCallRow.answer)).all() == [None]


def test_a_ledger_that_nobody_took_in_goes(town: Town) -> None:
    head = "编号,收到日期,申请内容\n2019-0001,2019-05-16,养护合同\n".encode()
    Ledgers(town.office, most_bytes=1_000_000).upload(
        town.staff("lifang"), "panlong", "台账.csv", head
    )
    later(town, timedelta(days=7))
    assert forget_all(town.office)["files_of_ledgers"] == 0
    later(town, timedelta(seconds=1))
    assert forget_all(town.office)["files_of_ledgers"] == 1
    with town.office.store.read() as unit:
        assert unit.session.scalars(select(LedgerImportRow.content)).all() == [None]


def test_where_nothing_is_over_nothing_is_written(town: Town) -> None:
    said: list[str] = []
    event.listen(
        town.office.store.engine, "before_cursor_execute", lambda c, cur, sql, *_: said.append(sql)
    )
    assert set(forget_all(town.office).values()) == {0}
    assert [one for one in said if one.startswith(("DELETE", "UPDATE", "INSERT"))] == []


def test_the_docs_name_every_period() -> None:
    told = DOCS.read_text(encoding="utf-8")
    for one in PERIODS.values():
        assert f"| {one.label} | {in_words(one.lasts) if one.lasts else one.until} |" in told


def in_words(lasts: timedelta) -> str:
    return f"{lasts.days} 天" if lasts.days else f"{lasts.seconds // 3600} 小时"
