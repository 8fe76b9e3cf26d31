"""The page of the nation's holiday notices (law.md §3.1(4)): read by staff, loaded by the administrator."""

import pytest

from config import calendars
from tests.webui.filing import file
from workflow.service.accounts import Accounts
from workflow.service.rules.national import NationalDays

PAGE = "/desk/calendar/national"


@pytest.fixture
def admin(staff, office):
    """The administrator of the county, the uppermost body."""
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit,
            name="county",
            agency=office.found_agency(unit, "yanshan"),
            roles=("system_admin",),
        )
    return staff("county")


def load(page, year="2024", **typed):
    given = {
        "year": year, "notice": "国办发明电〔2024〕1号", "holidays": "5月20日（周一）至21日",
        "workdays": "5月25日",
    }  # fmt: skip
    return page.get(f"{PAGE}?year={year}").send(PAGE, **{**given, **typed})


def test_a_change_is_loaded_as_the_notice_writes_it_and_deadlines_move(admin, staff, visitor):
    number, _ = file(visitor)
    page = load(admin)
    assert page.path == PAGE
    assert "已装入 国办发明电〔2024〕1号：登记 3 天；1 件申请的期限随之变动" in page.text
    assert "5 月 20–21 日" in page.text and "county" in page.text
    assert "5 月 20 日放假工作日" in page.text and "5 月 25 日调休上班周末" in page.text
    clerk = staff("lifang").get("/desk/")
    assert "答复期限由 5 月 31 日改为 6 月 3 日" in clerk.text
    assert "国办发明电〔2024〕1号" in clerk.get(f"/desk/cases/{number}").text
    assert "国办发明电〔2024〕1号" in clerk.get("/desk/calendar?year=2024").text
    assert "已经装入过，没有变动" in load(admin).text


def test_what_is_missing_of_2027_is_said_and_a_whole_year_is_known(admin):
    page = load(admin, "2027", holidays="1月1日至3日", workdays="")
    assert "还缺春节、清明节、劳动节、端午节、中秋节、国庆节" in page.text
    assert "可能提前，也可能推后" in page.text
    days = "、".join(str(day) for day in sorted(calendars.statutory(2027, 2027)))
    page = load(admin, "2027", holidays=days, workdays="")
    assert "2027 年的放假安排齐全" in page.text and "还缺" not in page.text
    assert "暂定" not in page.get("/desk/calendar?year=2027").text


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"holidays": "春节"}, "holidays", "看不懂“春节”"),
        ({"holidays": "2月30日"}, "holidays", "没有这一天"),
        ({"holidays": "5月20日", "workdays": "5月20日"}, "workdays", "既列为放假，又列为上班"),
        ({"holidays": "", "workdays": ""}, "holidays", "请列出放假或者调休上班的日子"),
        ({"notice": ""}, "notice", "请写明通知的名称和文号"),
        ({"year": "二〇二四"}, "year", "请填写年份"),
        ({"year": "99999999999"}, "year", "请填写年份"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    admin, office, typed, field, said
):
    page = load(admin, **typed)
    assert page.status == 422 and said in page.alert
    assert f'href="#{field}"' in page.html
    assert page.form(PAGE).fields["notice"] == [typed.get("notice", "国办发明电〔2024〕1号")]
    assert NationalDays(office).year(2024).notices == ()


def test_everything_that_is_wrong_is_said_at_once(admin):
    page = load(admin, notice="", holidays="春节")
    assert "有 2 处需要修改" in page.alert and "请写明通知的名称和文号" in page.alert


def test_the_administrator_of_a_body_below_reads_and_does_not_load(staff):
    for name in ("chen", "lifang"):
        page = staff(name).get(f"{PAGE}?year=2027")
        assert page.status == 200 and "装入并重新计算期限" not in page.text
        token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
        typed = {"year": "2027", "notice": "通知", "holidays": "1月1日", "csrf_token": token}
        assert page.post(PAGE, typed).status == 403


def test_odd_years_in_the_address_are_no_fault(admin):
    for year in ("x", "1", "9999", "99999999999"):
        assert admin.get(f"{PAGE}?year={year}").status == 200
    assert "2024 年全国放假安排" in admin.get(PAGE).text or "2025" in admin.text


def test_the_page_stands_behind_the_bodys_own_calendar(staff):
    assert f'href="{PAGE}' in staff("lifang").get("/desk/calendar?year=2027").html
