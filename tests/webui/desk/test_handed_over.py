"""What the desk shows of a case that another platform handed over."""

import pytest

from tests.workflow.service.docket.histories import ANSWERED, history

WHERE = "/agencies/panlong/dockets"


@pytest.fixture
def lifang(program, staff):
    assert program("lifang").post(WHERE, history()).status_code == 201
    return staff("lifang")


def test_the_case_says_where_it_came_from_and_when_it_was_recorded_there(lifang):
    page = lifang.get("/desk/cases/panlong/2024-0001").text
    assert "某省依申请公开平台，原编号" in page and "YN-000123" in page
    assert "2024 年 3 月 4 日 10:11 王五登记" in page
    assert "原平台·李芳（承办科室）" in page and "原平台（经办人）" in page
    assert "原平台交给：农业中心" in page


def test_a_case_that_began_here_says_nothing_of_it(program, staff):
    program().file()
    assert "原平台" not in staff("lifang").get("/desk/cases/panlong/2024-0001").text


def test_the_ledgers_list_what_came_from_a_platform(lifang):
    listed = lifang.get("/desk/ledger").text
    assert "某省依申请公开平台（接口转入）" in listed and "已导入 1 件" in listed
    page = lifang.get("/desk/ledger/1").text
    assert "由程序通过接口一件一件转入" in page and "1 件" in page


def test_the_applicant_gets_a_code_at_the_desk(lifang):
    assert lifang.get("/desk/cases/panlong/2024-0001/code").status == 200


def test_who_may_not_know_the_applicant_sees_the_case_all_the_same(program, staff):
    events = [*ANSWERED[:3], {"event": "send_to_secrecy_review", "on": "2024-03-14"}]
    program("lifang").post(WHERE, history(events=events))
    assert "张三" not in staff("wangqiang").get("/desk/cases/panlong/2024-0001").text
