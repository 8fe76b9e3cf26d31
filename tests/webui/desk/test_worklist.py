"""Somebody's own list: what waits for them, what is new, the filters, and what is done with several at once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

import webui.desk.worklist
from config.settings import load
from tests.samples import png
from tests.webui.conftest import Today
from tests.webui.desk.case.signing import drafted
from tests.webui.filing import file, judged
from tests.webui.visitor import Visitor
from webui.security import QUIET
from workflow.service import Office
from workflow.service.cases import desk_list
from workflow.service.doors import doors_of
from workflow.service.units import Units

Staffed = Callable[[str], Visitor]
On = Callable[[str, str], Visitor]


def listed(visitor: Visitor) -> list[str]:
    """The numbers of the page, in its order."""
    return re.findall(r'name="case" value="[^/"]+/([^"]+)"', visitor.html)


def summary(visitor: Visitor) -> str:
    found = re.search(r"<summary><b>筛选</b>：(.*?)</summary>", visitor.html)
    assert found
    return found[1]


@pytest.fixture
def unit(office: Office) -> str:
    """A unit of the township in which the handler works, headed by the leader."""
    admin = office.staff("guanli")
    assert admin is not None
    units = Units(office)
    units.change(admin, units.add(admin, "panlong", "农业中心"), "农业中心", "chen", ["zhaoming"])
    return "农业中心"


@pytest.fixture
def on(app: Flask, office: Office, today: Today) -> Callable[[str, str], Visitor]:
    """Somebody who signs in on a later day: whoever was signed in has been idle for too long."""

    def signed_in(day: str, name: str) -> Visitor:
        today.is_(day)
        person = office.staff(name)
        assert person is not None
        return Visitor(app).signed_in(person)

    return signed_in


# -- what waits for whom ------------------------------------------------------------------------------


def test_mine_is_what_waits_for_me_office_is_all_that_is_open(
    visitor: Visitor, staff: Staffed
) -> None:
    for n in range(3):
        file(visitor, items=f"养护合同 {n}")
    staff("lifang").act("2024-0001", "assign", to="zhaoming")
    staff("lifang").act("2024-0002", "withdraw")
    clerk, handler = staff("lifang").get("/desk/"), staff("zhaoming").get("/desk/")
    assert listed(clerk) == ["2024-0003"] and "我的 1" in clerk.text and "本机关 2" in clerk.text
    assert listed(handler) == ["2024-0001"] and "您：查找信息" in handler.text
    assert listed(clerk.get("/desk/?view=office")) == ["2024-0003", "2024-0001"], "own ones first"
    assert "zhaoming：查找信息" in clerk.text
    assert listed(clerk.get("/desk/?view=all")) == ["2024-0001", "2024-0003", "2024-0002"]
    assert summary(clerk) == "2024 年、全部申请"


def test_a_line_leads_to_the_page_on_which_its_step_is_taken(
    visitor: Visitor, staff: Staffed
) -> None:
    """The review and the signature have pages of their own; every other step stands on that of the case."""
    number, _ = file(visitor)
    place = f"/desk/cases/panlong/{number}"
    staff("lifang").act(number, "assign", to="zhaoming")
    page = staff("zhaoming").get("/desk/")
    assert "您：查找信息" in page.text and f'href="{place}/' not in page.html
    drafted(staff, number)
    staff("zhaoming").act(number, "send_to_secrecy_review")
    for name, rest, said in (
        ("wangqiang", "/review", "保密审查"),
        ("falv", "/sign", "合法性审核"),
        ("chen", "/sign", "签发"),
    ):
        page = staff(name).get("/desk/")
        assert f'<a class="mine" href="{place}{rest}">您：{said}' in page.html, name
        assert f'class="mine" href="{place}' not in staff("lifang").get("/desk/?view=office").html
        if name == "wangqiang":
            page.act(number, "pass_secrecy_review", **judged())
        elif name == "falv":
            page.get(f"{place}{rest}").send("/sign")


def test_what_waits_for_a_unit_waits_for_each_of_its_people(
    visitor: Visitor, staff: Staffed, unit: str
) -> None:
    file(visitor)
    staff("lifang").act("2024-0001", "assign", to=unit)
    assert listed(staff("zhaoming").get("/desk/")) == ["2024-0001"]
    assert listed(staff("chen").get("/desk/")) == ["2024-0001"], "who heads it works in it"
    assert listed(staff("lifang").get("/desk/")) == []
    assert "现在没有等您办的" in staff("lifang").text


def test_what_was_given_to_nobody_known_is_lost_to_nobody(visitor: Visitor, staff: Staffed) -> None:
    file(visitor)
    staff("lifang").act("2024-0001", "assign", to="已经撤销的科")
    assert listed(staff("lifang").get("/desk/")) == ["2024-0001"]
    assert listed(staff("zhaoming").get("/desk/")) == ["2024-0001"]
    assert listed(staff("wangqiang").get("/desk/")) == []


def test_an_applicant_who_let_the_day_pass_waits_for_the_clerk(
    visitor: Visitor, staff: Staffed, on: On
) -> None:
    file(visitor)
    clerk = staff("lifang")
    clerk.act(
        "2024-0001",
        "require_correction",
        defects="请写明年度",
        method="direct",
        reached_on="2024-05-06",
    )
    assert listed(clerk.get("/desk/")) == [] and listed(clerk.get("/desk/?view=office")) == [
        "2024-0001"
    ]
    assert listed(on("2024-07-01", "lifang").get("/desk/")) == ["2024-0001"]
    assert listed(on("2024-07-01", "zhaoming").get("/desk/")) == []


def test_whoever_works_alone_has_what_comes_in_and_gives_nothing(
    visitor: Visitor, staff: Staffed
) -> None:
    file(visitor, agency="jiangna")
    alone = staff("sunli").get("/desk/")
    assert listed(alone) == ["2024-0001"] and "您：查找信息，提出拟办意见" in alone.text
    case = alone.get("/desk/cases/jiangna/2024-0001").text
    assert "办理中" in case and "交办" in case and "补记" in case


def test_to_whom_a_case_is_given_is_chosen_from_units_and_people(
    visitor: Visitor, staff: Staffed, unit: str
) -> None:
    file(visitor)
    page = staff("lifang").get("/desk/cases/panlong/2024-0001").html
    field = re.search(r'<select id="assign-to".*?</select>', page, re.S)
    assert field
    options = re.findall(r'<option value="([^"]*)"', field[0])
    assert options == ["", unit, "lifang", "zhaoming"] and "农业中心 · chen" in field[0]
    staff("lifang").act("2024-0001", "assign", to=unit)
    page = staff("lifang").get("/desk/cases/panlong/2024-0001").html
    assert re.search(r'<option value="农业中心" selected', page)


# -- the order, page by page --------------------------------------------------------------------------


def test_pages_of_the_office_lead_on_from_own_ones_to_others_and_back(
    visitor: Visitor, staff: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webui.desk.worklist, "PER_PAGE", 2)
    for n in range(6):
        file(visitor, items=f"采矿许可证 {n}")
    clerk = staff("lifang")
    for number in ("2024-0001", "2024-0003", "2024-0004"):
        clerk.act(number, "assign", to="zhaoming")
    order = ["2024-0002", "2024-0005", "2024-0006", "2024-0001", "2024-0003", "2024-0004"]
    pages = [listed(clerk.get("/desk/?view=office"))]
    for rel in ("next", "next", "prev", "prev"):
        found = re.search(rf'rel="{rel}" href="([^"]+)"', clerk.html)
        assert found
        pages.append(listed(clerk.get(found[1].replace("&amp;", "&"))))
    assert pages == [order[:2], order[2:4], order[4:], order[2:4], order[:2]]
    assert listed(clerk.get("/desk/?view=office&page=3")) == order[4:]


# -- filters ------------------------------------------------------------------------------------------


def test_filters_say_in_their_heading_what_is_in_force(
    visitor: Visitor, today: Today, on: On
) -> None:
    file(visitor)
    today.is_("2024-05-20")
    file(visitor)
    clerk = on("2024-05-20", "lifang")
    clerk.act("2024-0001", "assign", to="zhaoming")
    clerk.get("/desk/?view=office")
    assert summary(clerk) == "未办结、本机关"
    cases = {
        "to=zhaoming": (["2024-0001"], "未办结、本机关、交给zhaoming"),
        "to=-": (["2024-0002"], "未办结、本机关、还没有交给人"),
        "state=registered": (["2024-0002"], "已登记、本机关"),
        "year=2023": ([], "2023 年、未办结、本机关"),
        "kind=record_correction": ([], "未办结、本机关、更正本人信息"),
        "outcome=supplied": ([], "未办结、本机关、予以公开"),
        "received_from=2024-05-07": (["2024-0002"], "未办结、本机关、收到从2024年5 月 7 日起"),
        "due_until=2024-06-05": (["2024-0001"], "未办结、本机关、期限到2024年6 月 5 日"),
        "answered_from=2024-05-01&answered_until=2024-05-31":
            ([], "未办结、本机关、答复从2024年5 月 1 日到2024年5 月 31 日"),
        "soon=1": ([], "未办结、本机关、5 个工作日内到期"),
        "late=1": ([], "未办结、本机关、已逾期"),
    }  # fmt: skip
    for asked, (found, said) in cases.items():
        clerk.get(f"/desk/?view=office&{asked}")
        assert (listed(clerk), summary(clerk)) == (found, said), asked
        name, _, value = asked.partition("&")[0].partition("=")
        if not name.endswith(("from", "until")):
            assert re.search(rf'(name="{name}"[^>]*checked)|(value="{value}" selected)|(<option selected>{value})', clerk.html), asked  # fmt: skip
    clerk = on("2024-05-29", "lifang")
    assert listed(clerk.get("/desk/?view=office&soon=1")) == ["2024-0001"]
    clerk = on("2024-06-03", "lifang")
    assert listed(clerk.get("/desk/?view=office&late=1")) == ["2024-0001"]
    assert listed(clerk.get("/desk/?view=office&soon=1")) == []
    assert listed(clerk.get("/desk/?view=office&soon=1&late=1")) == ["2024-0001"]


def test_wrong_days_are_told_at_their_field_and_stay_typed(
    visitor: Visitor, staff: Staffed
) -> None:
    file(visitor)
    clerk = staff("lifang").get(
        "/desk/?view=office&due_from=2024-06-31&received_from=2024-06-02&received_until=2024-06-01&nonsense=1&state=nonsense"
    )
    assert clerk.status == 200 and listed(clerk) == ["2024-0001"]
    assert "没有这一天，请检查日期" in clerk.alert and "不能早于开始的一天" in clerk.alert
    assert 'name="due_from" value="2024-06-31" aria-invalid="true"' in clerk.html
    assert '<details class="card filters" open>' in clerk.html
    assert summary(clerk) == "未办结、本机关"


def test_all_cases_are_those_of_one_year(visitor: Visitor, staff: Staffed, today: Today) -> None:
    file(visitor)
    today.is_("2025-05-06")
    file(visitor)
    clerk = staff("lifang")
    assert listed(clerk.get("/desk/?view=all")) == ["2025-0001"]
    assert listed(clerk.get("/desk/?view=all&year=2024")) == ["2024-0001"]
    assert listed(clerk.get("/desk/?view=office")) == ["2024-0001", "2025-0001"]


# -- what is new --------------------------------------------------------------------------------------


def test_what_is_new_is_said_until_it_was_looked_at(
    visitor: Visitor, staff: Staffed, on: On
) -> None:
    file(visitor)
    clerk = staff("lifang").get("/desk/")
    assert "最近 7 天有 1 件新的" in clerk.text and "新：今天 10:00 收到申请" in clerk.text
    assert 'class="ok fresh"' in clerk.html
    clerk.send("/worklist/looked")
    assert "您上次看过是 2024 年 5 月 6 日 10:00" in clerk.text and "之后没有新的" in clerk.text
    clerk = on("2024-05-07", "lifang")
    clerk.act("2024-0001", "assign", to="zhaoming")
    assert "之后没有新的" in clerk.get("/desk/?view=office").text, "what one did oneself is not new"
    assert "新：lifang 今天 10:00 交给您" in on("2024-05-07", "zhaoming").get("/desk/").text
    file(visitor)
    assert listed(clerk.get("/desk/?view=office&new=1")) == ["2024-0002"]
    assert summary(clerk).endswith("新的")


def test_a_paper_that_an_applicant_sent_is_new(
    visitor: Visitor, staff: Staffed, on: On, office: Office
) -> None:
    number, code = file(visitor)
    staff("lifang").get("/desk/").send("/worklist/looked")
    clerk = on("2024-05-08", "lifang")
    assert "之后没有新的" in clerk.get("/desk/").text
    doors = doors_of(office, load({}))
    doors.files.upload_as_applicant(number, code, "id_proof", "身份证.png", png())
    assert "新：今天 10:00 申请人补交了材料" in clerk.get("/desk/").text
    assert listed(clerk.get("/desk/?new=1")) == [number]


def test_a_moment_that_is_none_or_not_yet_does_no_harm(visitor: Visitor, staff: Staffed) -> None:
    file(visitor)
    clerk = staff("lifang").get("/desk/")
    form = clerk.form("/worklist/looked")
    for wrong in ("", "gestern", "2024-05-06T10:00:00"):
        clerk.post(form.action, {**form.fields, "until": wrong})
        assert clerk.status == 400
    clerk.post(form.action, {**form.fields, "until": "2030-01-01T00:00:00+08:00"})
    assert "您上次看过是 2024 年 5 月 6 日 10:00" in clerk.text


# -- views, the pulse, the calendar --------------------------------------------------------------------------


def test_views_are_kept_by_name_for_oneself_and_go(
    visitor: Visitor, staff: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(visitor)
    clerk = staff("lifang").get("/desk/?view=office&soon=1")
    clerk.send("/worklist/views", view_name=" 每周 一例会 ")
    assert 'href="/desk/?view=office&amp;soon=1" aria-current="true">每周 一例会</a>' in clerk.html
    clerk.get("/desk/?view=office&late=1").send("/worklist/views", view_name="每周 一例会")
    assert clerk.html.count("每周 一例会</a>") == 1
    assert 'href="/desk/?view=office&amp;late=1" aria-current="true">每周 一例会</a>' in clerk.html
    assert "每周" not in staff("zhaoming").get("/desk/").text
    for wrong in ("", "长" * 41):
        clerk.get("/desk/").send("/worklist/views", view_name=wrong)
        assert clerk.status == 422 and "最多 40 个字" in clerk.alert
    monkeypatch.setattr(desk_list, "VIEWS_MOST", 1)
    clerk.get("/desk/").send("/worklist/views", view_name="又一个")
    assert (
        clerk.status == 422 and "最多存 1 个视图" in clerk.alert and 'value="又一个"' in clerk.html
    )
    other = staff("zhaoming").get("/desk/")
    token = other.form("/worklist/assign").fields if listed(other) else {}
    other.post("/desk/worklist/views/1/drop", {**token})
    clerk.get("/desk/").send("/views/1/drop")
    assert "每周" not in clerk.text


def test_an_open_page_learns_that_something_moved_and_is_no_sign_of_life(
    visitor: Visitor, staff: Staffed, today: Today
) -> None:
    file(visitor)
    clerk = staff("lifang").get("/desk/")
    known = re.search(r'data-live="([^"]+)" data-pulse="([^"]+)"', clerk.html)
    assert known

    def asked() -> str:
        answer = clerk.client.get(known[1].replace("&amp;", "&"), headers={QUIET: "1"})
        return str(answer.get_json()["pulse"])

    assert asked() == known[2]
    before = asked()
    file(visitor)
    assert asked() != before
    minutes = int(load({})["session_idle_minutes"])
    today.moment += timedelta(minutes=minutes - 1)
    assert asked() != before
    today.moment += timedelta(minutes=2)
    answer = clerk.client.get(known[1], headers={QUIET: "1"})
    assert answer.status_code == 303, "idle for too long, whatever the page asked by itself"


def test_calendar_shows_what_is_due_on_which_day(
    visitor: Visitor, staff: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.desk.list_calendar.A_DAY", 1)
    for n in range(2):
        file(visitor, items=f"养护合同 {n}")
    clerk = staff("lifang")
    clerk.act("2024-0001", "assign", to="zhaoming")
    due = re.search(
        r'class="big num">2024 年 (\d+) 月 (\d+) 日',
        clerk.get("/desk/cases/panlong/2024-0001").html,
    )
    assert due
    page = clerk.get(f"/desk/worklist/calendar?view=office&month=2024-{int(due[1]):02d}")
    assert f"2024 年 {due[1]} 月到期" in page.text and "本机关 2 件" in page.text
    assert "2 件" in page.text and "还有 1 件" in page.text and "养护合同 0" in page.text
    day = f"2024-{int(due[1]):02d}-{int(due[2]):02d}"
    assert listed(clerk.get(f"/desk/?view=office&due_from={day}&due_until={day}")) == [
        "2024-0002",
        "2024-0001",
    ]
    page = clerk.get(f"/desk/worklist/calendar?month=2024-{int(due[1]):02d}")
    assert "我的 1 件" in page.text and "还有" not in page.text
    assert clerk.get("/desk/worklist/calendar").text.count("2024 年 5 月到期") == 1
    for strange in ("2024-13", "nonsense", "0001-01", "2000-01", "9999-12"):
        assert "2024 年 5 月到期" in clerk.get(f"/desk/worklist/calendar?month={strange}").text
    assert 'rel="prev"' not in clerk.get("/desk/worklist/calendar?month=2000-02").html
    assert 'rel="next"' not in clerk.get("/desk/worklist/calendar?month=2050-12").html
