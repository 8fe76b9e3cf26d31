"""The audit tells who logged in and who took what away; the head of the chains can be printed and taken away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.webui.filing import file as file_one
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.heads import mark_of, read_head
from workflow.service.messages.heads import send_daily
from workflow.store.audit import AuditWanted, lines_wanted


def told(office: Office, action: str) -> list[tuple[str, str, dict[str, object]]]:
    with office.store.read() as unit:
        rows = lines_wanted(unit, AuditWanted(action=action), 10)
        return [(row.actor, row.about, dict(row.details)) for row in rows]


AUDITOR = ("audit_admin",)


@pytest.fixture(autouse=True)
def auditor(office: Office) -> None:
    """Somebody of the county reads the audit of everything."""
    with office.store.write() as unit:
        row = Accounts(office).add_user(
            unit, name="shenji", agency=office.found_agency(unit, "yanshan"), roles=AUDITOR
        )
        row.password_hash = "set"


@pytest.fixture
def heads(app: Flask, office: Office, tmp_path: Path) -> bytes:
    """The head of today, where the pages look for it."""
    folder = tmp_path / "heads"
    app.extensions["gongkai"].heads.folder = folder
    assert send_daily(office, folder)
    (file,) = folder.iterdir()
    return file.read_bytes()


def test_the_head_is_shown_to_be_printed_and_is_the_file(
    heads: bytes, staff: Callable[[str], Visitor]
) -> None:
    page = staff("shenji").get("/desk/audit").get("/desk/audit/head")
    assert page.status == 200
    assert mark_of(heads) in page.text and "盘龙彝族乡人民政府" in page.text
    head = read_head(heads)
    assert head.installation.hash in page.text and head.bodies[0].journal.hash in page.text
    file = staff("shenji").client.get("/desk/audit/head.json")
    assert file.data == heads and file.mimetype == "application/json"


def test_without_a_head_the_page_says_so(staff: Callable[[str], Visitor]) -> None:
    page = staff("shenji").get("/desk/audit/head")
    assert page.status == 200 and "没有可以看的链头" in page.text
    assert staff("shenji").get("/desk/audit/head.json").path == "/desk/audit/head"


def test_who_reads_some_bodies_only_is_not_led_to_it(
    heads: bytes, office: Office, staff: Callable[[str], Visitor]
) -> None:
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        row = Accounts(office).add_user(unit, name="xiangshen", agency=body, roles=AUDITOR)
        row.password_hash = "set"
    assert "/desk/audit/head" in staff("shenji").get("/desk/audit").html
    page = staff("xiangshen").get("/desk/audit")
    assert page.status == 200 and "/desk/audit/head" not in page.html
    page.get("/desk/audit/head")
    assert "没有可以看的链头" in page.text and mark_of(heads) not in page.text
    assert page.get("/desk/audit/head.json").path == "/desk/audit/head"


def test_a_list_that_is_taken_away_is_a_line_without_names(
    office: Office, visitor: Visitor, staff: Callable[[str], Visitor]
) -> None:
    file_one(visitor)
    assert staff("lifang").client.get("/desk/worklist/list.csv").status_code == 200
    assert told(office, "exported") == [
        ("lifang", "panlong", {"content": f"待办 {office.today()}", "rows": 1})
    ]
    page = staff("shenji").get("/desk/audit?action=exported")
    assert "导出" in page.text and "内容 待办" in page.text and "行数 1" in page.text


def test_a_ledger_that_is_taken_away_is_a_line_of_its_body(
    office: Office, visitor: Visitor, staff: Callable[[str], Visitor]
) -> None:
    file_one(visitor)
    year = office.today().year
    answer = staff("lifang").client.get(f"/desk/ledger/file/xlsx?year={year}")
    assert answer.status_code == 200
    ((who, about, said),) = told(office, "exported")
    assert (who, about, said["content"]) == ("lifang", "panlong", f"{year} 年台账")


def test_who_logs_in_is_a_line(app: Flask, office: Office) -> None:
    page = Visitor(app).log_in("lifang", "Blue-Paper-42")
    assert page.path != "/desk/login"
    assert told(office, "logged_in") == [("lifang", "lifang", {"way": "password"})]
    Visitor(app).log_in("lifang", "Wrong-Paper-42")
    assert len(told(office, "logged_in")) == 1
