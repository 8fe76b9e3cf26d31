"""`demo`: cases made from a published report, or an office filled for a day."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.examples import ACCEPTANCE, read
from tests.workflow.commands.calling import INIT, Run, office_of_the_store
from tests.workflow.report.form_files import FORMS
from tests.workflow.report.reading.test_reading import report_of
from tests.workflow.report.report_files import WRITERS, as_html
from tests.workflow.service.sampling import filled
from workflow.people import password_fits
from workflow.service import Office
from workflow.store.models import CaseRow

REPORT = ACCEPTANCE / "tables" / "pingtan_gwh_2022.json"


def test_demo_leaves_no_case_behind_unless_asked(run: Run) -> None:
    run(*INIT)
    played = run("demo", "--from-report", str(REPORT))
    assert played.exit_code == 0
    assert [reader.code for reader in office_of_the_store().agencies()] == ["panlong"]


def test_demo_keep_leaves_the_cases_in_the_store(run: Run) -> None:
    played = run("demo", "--from-report", str(REPORT), "--keep")
    assert played.exit_code == 0
    told = json.loads(played.stdout)
    again = json.loads(run("tally", "--agency", told["agency"], "--year", "2022").stdout)
    assert again["table3"] == told["table3"] == read(REPORT)["table3"]
    assert again["table4"] == told["table4"]
    assert run("demo", "--from-report", str(REPORT), "--keep").exit_code == 2


@pytest.mark.parametrize("form", ["xlsx", "rtf"])
def test_demo_plays_a_report_of_any_form(form: str, run: Run, tmp_path: Path) -> None:
    data = read(REPORT)
    file = tmp_path / f"年报.{form}"
    file.write_bytes({**WRITERS, **FORMS}[form](report_of(data)))
    played = run("demo", "--from-report", str(file))
    assert played.exit_code == 0 and "逐格一致" in played.stderr
    told = json.loads(played.stdout)
    assert told["table3"] == data["table3"] and told["table4"] == data["table4"]
    assert f"{file}：表二：文件里没有这张表" in played.stderr


def test_demo_needs_both_tables_and_says_what_it_cannot_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "年报.html"
    file.write_bytes(as_html(replace(report_of(read(REPORT)), table4=None)))
    played = run("demo", "--from-report", str(file))
    assert played.exit_code == 2 and "没有读到表四" in played.stderr
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    played = run("demo", "--from-report", str(file))
    assert played.exit_code == 2 and "旧版 Office" in played.stderr
    assert run("demo", "--from-report", str(tmp_path / "none")).exit_code == 2


def test_demo_wants_either_a_report_or_a_fill(run: Run) -> None:
    assert run("demo").exit_code == 2
    assert run("demo", "--fill", "--from-report", str(REPORT)).exit_code == 2


@pytest.mark.parametrize("text", ["{", "[]", '{"year": 2022}', '{"year": "2022"}'])
def test_demo_of_what_is_no_report_is_refused(text: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(text, encoding="utf-8")
    result = run("demo", "--from-report", str(file))
    assert result.exit_code == 2
    assert str(file) in result.stderr


def test_demo_fill_makes_people_who_can_log_in_and_is_repeatable(run: Run) -> None:
    first = run("demo", "--fill")
    assert first.exit_code == 0
    password = first.stdout.splitlines()[0].split("密码都是 ")[1].split("，")[0]
    office = office_of_the_store()
    assert len(office.agencies()) == 3
    with office.store.read() as unit:
        row = unit.user("lifang")
        assert row and password_fits(row.password_hash, password)
    assert run("demo", "--fill").stdout == first.stdout


DAYS = [
    date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 17),
    date(2026, 5, 3), date(2026, 12, 31), date(2027, 1, 2),
]  # fmt: skip


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(day, marks=[] if place % 3 == 2 else pytest.mark.long(reason="every run has two of the days"))
        for place, day in enumerate(DAYS)
    ],
    ids=str,
)  # fmt: skip
def test_sample_of_any_day_is_filled_without_a_refused_event(
    day: date, office_on: Callable[[date], Office]
) -> None:
    office = filled(office_on(day))
    with office.store.read() as unit:
        assert (unit.session.scalar(select(func.count(CaseRow.id))) or 0) > 50
        states = set(unit.session.scalars(select(CaseRow.state)))
        latest = unit.session.scalar(select(func.max(CaseRow.received_on)))
    assert states == set(office.law.states)
    assert latest and latest <= day
