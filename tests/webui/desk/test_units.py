"""Units of a body (科室): made, headed, filled, ended."""

import pytest

from workflow.service import Missing
from workflow.service.units import Units


@pytest.fixture
def page(staff):
    """The administrator at the page of people, with a unit."""
    here = staff("guanli").get("/desk/staff")
    here.send("/staff/units", unit_name="农业中心")
    assert here.path == "/desk/staff/units/1" and here.status == 200
    return here


def test_a_unit_has_a_head_and_members_who_stay_while_they_are_not_taken_out(page, staff, office):
    page.send("/staff/units/1", head="zhaoming", members=["lifang"])
    assert "科室已经保存" in page.text and "负责人 zhaoming · 2 人" in page.text
    unit = Units(office).one(office.staff("guanli"), 1)
    assert (unit.head, set(unit.members)) == ("zhaoming", {"zhaoming", "lifang"})
    page.get("/desk/staff/units/1").send("/staff/units/1", unit_name="农业农村中心", head="")
    unit = Units(office).one(office.staff("guanli"), 1)
    assert (unit.name, unit.head) == ("农业农村中心", None)
    assert set(unit.members) == {"zhaoming", "lifang"}
    assert "修改科室：" in page.get("/desk/staff").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"unit_name": ""}, "请填写科室名称"),
        ({"unit_name": "lifang"}, "认错"),
        ({"head": "sunli"}, "负责人"),
        ({"members": ["sunli"]}, "成员"),
    ],
)
def test_what_is_no_unit_is_said_and_nothing_is_written(page, office, typed, said):
    page.send("/staff/units/1", **typed)
    assert page.status == 422 and said in page.alert
    unit = Units(office).one(office.staff("guanli"), 1)
    assert (unit.name, unit.head, unit.members) == ("农业中心", None, ())


def test_the_same_name_twice_is_refused_and_an_ended_unit_gives_its_name_free(page, office):
    page.get("/desk/staff").send("/staff/units", unit_name="农业中心")
    assert page.status == 422 and "已经有" in page.alert
    page.get("/desk/staff/units/1").send("/staff/units/1", end="yes")
    assert "科室已经撤销" in page.text
    with pytest.raises(Missing):
        Units(office).one(office.staff("guanli"), 1)
    page.send("/staff/units", unit_name="农业中心")
    assert page.path == "/desk/staff/units/2"


def test_a_unit_of_another_body_is_not_there(page, office):
    with pytest.raises(Missing):
        Units(office).one(office.staff("sunli"), 1)


def test_what_handlers_see_moves_no_day_and_its_default_is_not_called_the_stricter_one(staff):
    page = staff("chen").get("/desk/settings/handlers_see")
    assert "与申请是哪天收到的无关" in page.text
    assert "期限会变动" not in page.text and "较严" not in page.text
    assert "较严" in staff("chen").get("/desk/settings/receipt_on_rest_day").text
