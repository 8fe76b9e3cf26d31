"""Bodies on pages: their contact data and remedies, new ones below, names, ends."""

import pytest

from tests.webui.conftest import PASSWORD
from tests.webui.visitor import Visitor
from workflow.service.accounts import Accounts


@pytest.fixture
def above(app, office, password_hash) -> Visitor:
    """The administrator of the county, who sees to the bodies below as well."""
    with office.store.write() as unit:
        body = office.found_agency(unit, "yanshan")
        row = Accounts(office).add_user(unit, name="xian", agency=body, roles=("system_admin",))
        row.password_hash = password_hash
    return Visitor(app).log_in("xian", PASSWORD)


TEXTS = {
    "contact_unit": "党政办公室", "contact_address": "正街 1 号", "contact_phone": "0876-3120001",
    "contact_hours": "工作日 8:30–17:30", "holds_from": "2024-05-06", "reason": "首次填写",
}  # fmt: skip


def test_contact_data_hold_from_a_day_with_a_reason(staff, visitor, office):
    page = staff("guanli").get("/desk/bodies/panlong").send("/bodies/panlong/texts", **TEXTS)
    assert "变动 4 处" in page.text
    page.send("/bodies/panlong/texts", **TEXTS)
    assert "没有变动" in page.text
    assert "工作日 8:30–17:30" in staff("guanli").get("/desk/staff").text
    assert "首次填写" in staff("guanli").get("/desk/settings").text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(staff, office):
    page = staff("guanli").get("/desk/bodies/panlong")
    page.send(
        "/bodies/panlong/texts",
        **{**TEXTS, "online_review_url": "ftp://x", "reason": "", "holds_from": "x"},
    )
    assert page.status == 422
    for said in ("网上申请复议的网址", "理由", "自哪一天起"):
        assert said in page.alert
    assert page.form("/texts").fields["contact_address"] == ["正街 1 号"]
    with office.store.read() as unit:
        body = office.found_agency(unit, "panlong")
        assert unit.setting_rows(body, "contact_unit") == []


def test_a_body_of_others_is_not_there(staff):
    assert staff("guanli").get("/desk/bodies/jiangna").status == 404
    assert staff("guanli").get("/desk/bodies/nowhere").status == 404
    assert staff("lifang").get("/desk/bodies").status == 403


def test_a_body_is_made_below_and_gets_its_people(above, office):
    page = above.get("/desk/bodies")
    page.send(
        "/desk/bodies", name="者腊乡人民政府", code="zhela", level="township", parent="yanshan"
    )
    assert page.path == "/desk/staff" and "者腊乡人民政府" in page.text
    assert "还缺：登记申请的人：还没有" in page.text
    token = page.form("/desk/logout").fields["csrf_token"]
    said = {"csrf_token": token, "at": "zhela", "display_name": "农", "name": "nong"}
    page.post("/desk/staff", {**said, "roles": ["clerk"]})
    assert office.staff("nong").roles == {"zhela": frozenset(("clerk",))}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "panlong"}, "已被使用"),
        ({"code": "盘龙"}, "代码"),
        ({"name": ""}, "名称"),
        ({"level": ""}, "级别"),
        ({"since": "昨天"}, "日"),
    ],
)
def test_what_is_no_new_body(above, typed, said):
    page = above.get("/desk/bodies")
    good = {"name": "者腊乡", "code": "zhela", "level": "township", "parent": "yanshan"}
    page.send("/desk/bodies", **{**good, **typed})
    assert page.status == 422 and said in page.alert
    assert page.form("/desk/bodies").fields["parent"] == ["yanshan"]


def test_nobody_makes_a_body_beside_their_own(staff, office):
    page = staff("guanli").get("/desk/bodies")
    page.send("/desk/bodies", name="乙", code="b", level="township", parent="")
    assert page.status == 422 and "请选择上级机关" in page.alert
    assert page.form("/desk/bodies").fields["name"] == ["乙"]
    page.get("/desk/bodies").send(
        "/desk/bodies", name="乙", code="b", level="township", parent="yanshan"
    )
    assert page.status == 422
    assert [one.code for one in office.agencies()] == ["yanshan", "panlong", "jiangna"]


def test_a_body_takes_another_name(staff, office):
    page = staff("guanli").get("/desk/bodies/panlong")
    page.send("/bodies/panlong/name", name="盘龙乡人民政府", on="2024-05-05")
    assert "名称已经变更" in page.text and "盘龙彝族乡人民政府" in page.text
    page.send("/bodies/panlong/name", name="", on="")
    assert page.status == 422 and "旧名称" in page.html
    assert office.listing().names["panlong"] == "盘龙乡人民政府"


def test_a_body_ends_by_who_is_above_it_alone(above, staff, office):
    assert "/bodies/panlong/end" not in staff("guanli").get("/desk/bodies/panlong").html
    page = staff("guanli").get("/desk/bodies/panlong")
    token = page.form("/texts").fields["csrf_token"]
    said = {"csrf_token": token, "how": "ends", "successor": "jiangna", "last_day": "2024-05-31"}
    assert page.post("/desk/bodies/panlong/end", said).status in (403, 404)
    above.get("/desk/bodies/panlong").send("/bodies/panlong/end", successor="jiangna")
    assert above.status == 422 and "怎样移交" in above.html
    above.send("/bodies/panlong/end", how="ends", successor="jiangna", last_day="2024-05-31")
    assert "已登记" in above.text and "由江那镇人民政府承继" not in above.alert
    reader = next(one for one in office.agencies() if one.code == "panlong")
    assert reader.successor == "jiangna"


def test_of_many_bodies_a_page_shows_fifty_and_finds_the_others(above, office):
    with office.store.write() as unit:
        for n in range(60):
            office.add_agency(
                unit, code=f"z{n}", name=f"第{n}镇人民政府", level="township", parent="yanshan"
            )
    page = above.get("/desk/bodies")
    assert page.html.count("/desk/bodies/z") == 47 and "第 1 页，共 2 页" in page.text
    assert above.get("/desk/bodies?page=2").html.count("/desk/bodies/z") == 13
    found = above.get("/desk/bodies?q=第59镇")
    assert found.html.count("/desk/bodies/z") == 1 and "名称中有“第59镇”的 1 个" in found.text
    assert above.get("/desk/bodies?q=z7").html.count("/desk/bodies/z") == 1
    new = {"name": "新镇人民政府", "code": "new", "level": "township", "parent": "z3"}
    above.get("/desk/bodies").send("/desk/bodies", **new)
    assert above.status == 200 and "已建立新镇人民政府" in above.text
    above.get("/desk/bodies").send("/desk/bodies", **{**new, "code": "other", "parent": "nothing"})
    assert above.status == 422 and "归您管理的机关中没有" in above.alert
