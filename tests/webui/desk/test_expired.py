"""Files whose time is over, on their pages: chosen and proposed by one, decided by another, handed out as a paper."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.webui.filing import file
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.rules.settings import freeze_year

PAGE = "/desk/expired"


@pytest.fixture
def number(visitor: Any, staff: Any, office: Office, today: Any) -> str:
    """A case that was withdrawn and archived in 2024, its year published; it is 2036, and the clerk of then has gone home."""
    filed, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(filed, "withdraw", by="clerk")
    clerk.act(filed, "archive")
    assert "已归档" in clerk.get(f"/desk/cases/panlong/{filed}").text, clerk.text
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        unit.set_setting(body, "retention_years_unprocessed", 10, date(2000, 1, 1), "保管期限表")
        freeze_year(office, unit, body, 2024)
    today.is_("2036-03-01")
    return filed


@pytest.fixture
def archivist(office: Office, number: str, staff: Callable[[str], Visitor]) -> Visitor:
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        Accounts(office).add_user(unit, name="danganyuan", agency=body, roles=("archivist",))
    return staff("danganyuan")


def proposed(archivist: Visitor, number: str) -> Visitor:
    return archivist.get(PAGE).send(PAGE, case=number, words="没有保存价值")


def test_one_proposes_another_decides_and_the_list_is_handed_out(
    archivist: Visitor, number: str, staff: Any, office: Office
) -> None:
    page = archivist.get(PAGE)
    assert number in page.text and "1 卷可以销毁" in page.text
    assert "请选择要销毁的案卷" in page.send(PAGE, words="没有保存价值").text
    assert "请写明鉴定意见" in archivist.get(PAGE).send(PAGE, case=number, words="").text
    page = proposed(archivist, number)
    which = page.path
    assert "等待批准" in page.text and "批准销毁" not in page.text
    assert number not in archivist.get(PAGE).text
    leader = staff("chen").get(which)
    page = leader.send(which, decision="approve")
    assert page.status == 422 and "请勾选确认" in page.text
    page = staff("chen").get(which).send(which, decision="approve", sure="yes", words="同意")
    assert "已经销毁" in page.text and "张三" not in page.html
    for ending in ("pdf", "docx"):
        answer = archivist.get(f"{which}/list.{ending}").page
        sent = answer.headers["Content-Disposition"]
        assert answer.status_code == 200 and "%E6%B8%85%E5%86%8C-1." in sent
    assert archivist.get(f"{which}/list.exe").status == 404
    page = staff("zhaoming").get(f"/desk/cases/panlong/{number}")
    assert page.status == 404 and "案卷已经依法销毁" in page.text
    assert number in staff("zhaoming").get("/desk/cases").text
    answer = staff("chen").get("/desk/ledger/file/csv?year=2024").page
    assert number in answer.get_data().decode("utf-8-sig")


def test_who_decides_may_refuse_with_a_reason(archivist: Visitor, number: str, staff: Any) -> None:
    which = proposed(archivist, number).path
    page = staff("chen").get(which).send(which, decision="refuse", words="")
    assert page.status == 422 and "请写明原因" in page.text
    page = staff("chen").get(which).send(which, decision="refuse", words="再保存")
    assert "没有同意" in page.text
    page = staff("chen").post(
        which, {**_token(staff("chen")), "decision": "approve", "sure": "yes"}
    )
    assert page.status == 409 and "已经有了决定" in page.text
    assert staff("zhaoming").get(f"/desk/cases/panlong/{number}").status == 200


def _token(visitor: Visitor) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/desk/preferences").html)
    assert found
    return {"csrf_token": found[1]}


def test_only_those_whose_work_it_is_see_it(archivist: Visitor, number: str, staff: Any) -> None:
    which = proposed(archivist, number).path
    for path in (PAGE, which):
        assert staff("zhaoming").get(path).status == 403
        assert staff("guanli").get(path).status == 403
    assert staff("sunli").get(which).status == 404
    assert archivist.get(f"{PAGE}/99").status == 404
    assert archivist.get(f"{PAGE}?at=jiangna").status in (403, 404)


def test_a_ledger_with_names_wants_a_reason_and_is_noted(
    visitor: Any, staff: Any, office: Office
) -> None:
    file(visitor)
    clerk = staff("lifang")
    masked = clerk.get("/desk/ledger/file/csv?year=2024").page.get_data().decode("utf-8-sig")
    assert "张某" in masked and "张三" not in masked
    ledger = "/desk/ledger/file/xlsx"
    token = _token(clerk)
    page = clerk.post(ledger, {**token, "year": "2024"})
    assert page.status == 422 and "请选择为什么要看" in page.text
    page = clerk.post(ledger, {**token, "year": "2024", "reason": "verify"})
    assert page.page.data.startswith(b"PK")
    with office.store.read() as unit:
        (line,) = unit.session.execute(
            text("SELECT actor, details FROM audit WHERE action = 'names_exported'")
        ).all()
    assert line.actor == "lifang" and "verify" in str(line.details) and "张三" not in str(line)


def test_what_is_held_about_a_person_is_found_handed_out_and_put_right(
    visitor: Any, staff: Any
) -> None:
    number, code = file(visitor)
    head = staff("chen")
    page = head.get("/desk/personal").send("/desk/personal", number="")
    assert page.status == 422 and "请填写证件号码" in page.text
    asked = {"number": "11010519491231002X", "reason": "verify"}
    page = head.get("/desk/personal").send("/desk/personal", **asked)
    assert "找到 1 件申请" in page.text and number in page.text
    page = page.send("/desk/personal/contacts", phone="12", ground="本人请求")
    assert page.status == 422 and "手机号" in page.text
    page = head.get("/desk/personal").send("/desk/personal", **asked)
    page = page.send("/desk/personal/contacts", phone="13911112222", ground="本人请求")
    assert "已经更正：联系电话" in page.text
    page = head.get("/desk/personal").send("/desk/personal", **asked)
    assert "13911112222" in page.html
    page = page.send("/desk/personal/contacts", right_name="章" * 201, ground="户口簿")
    assert page.status == 422 and "正确的姓名" in page.alert
    page = head.get("/desk/personal").send("/desk/personal", **asked)
    page = page.send("/desk/personal/contacts", right_name="章叁", ground="户口簿")
    assert "已经更正：姓名" in page.text
    visitor.get("/query").send("/query", number=number, code=code)
    shown = visitor.get("/query/case/application").send("/known", second="002X")
    assert "章叁" in shown.text and "张三" not in shown.text
    page = head.get("/desk/personal").send("/desk/personal", **asked)
    sent = page.send("/desk/personal/file").page
    assert (
        sent.data.startswith(b"PK") and "%E4%B8%AA%E4%BA%BA" in sent.headers["Content-Disposition"]
    )
    assert staff("lifang").get("/desk/personal").status == 403
