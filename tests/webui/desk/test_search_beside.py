"""What stands beside cases is searched as well: notes of colleagues, and the register of parcels."""

import re
from collections.abc import Callable

import pytest

from tests.webui.desk.test_parcels import add
from tests.webui.desk.test_search import _look, _numbers, _places
from tests.webui.filing import CITIZEN, file
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.installation import complete_search
from workflow.store import dialect_index

Staffed = Callable[[str], Visitor]


def _note(clerk: Visitor, number: str, text: str) -> Visitor:
    return clerk.get(f"/desk/cases/{number}").send("/notes", note=text)


def _parcels(page: Visitor) -> list[str]:
    return re.findall(r"<b>(\d{4} 年第 \d+ 号)来件</b>", page.html)


@pytest.fixture(params=["waits", "written"])
def index(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that wait beside the index, and such as went over to it."""
    if request.param == "written":
        monkeypatch.setattr(dialect_index, "NEW_MOST", 0)


def test_a_note_is_found_until_it_is_taken_back(
    visitor: Visitor, staff: Staffed, office: Office, index: None
) -> None:
    number, _ = file(visitor, items="养护合同")
    clerk = _note(staff("lifang"), number, "第一条，问过农业中心")
    _note(clerk, number, "档案在二楼铁皮柜")
    _look(staff("zhaoming"), "铁皮柜")
    assert _places(staff("zhaoming")) == ["办件备注：档案在二楼[铁皮柜]"]
    assert _numbers(_look(staff("zhaoming"), "养护 铁皮柜")) == [number], "words in two texts"
    assert _numbers(_look(staff("sunli"), "铁皮柜")) == [], "another body"
    back = re.findall(rf"/{number}/notes/(\d+)/back", clerk.get(f"/desk/cases/{number}").html)
    clerk.send(f"/notes/{max(back, key=int)}/back")
    assert _numbers(_look(clerk, "铁皮柜")) == []
    assert _places(_look(clerk, "农业中心")) == ["办件备注：第一条，问过[农业中心]"]
    with office.store.write() as unit:
        unit.set_stamp("search", "1")
    complete_search(office)
    assert _numbers(_look(clerk, "农业中心")) == [number], "a store from before gets it"
    assert _numbers(_look(clerk, "铁皮柜")) == []


def test_who_need_not_know_the_applicant_finds_no_name_in_a_note(
    visitor: Visitor, staff: Staffed
) -> None:
    number, _ = file(visitor, {**CITIZEN, "name": "何秀兰"}, items="养护合同")
    _note(staff("lifang"), number, "何秀兰来电话催过")
    assert _numbers(_look(staff("lifang"), "秀兰 来电话")) == [number]
    assert _numbers(_look(staff("wangqiang"), "何秀兰")) == []
    assert _places(_look(staff("wangqiang"), "来电话")) == ["办件备注：（申请人）[来电话]催过"]


def test_a_parcel_is_found_by_who_keeps_its_register(
    staff: Staffed, office: Office, index: None
) -> None:
    clerk = add(staff("lifang"), sender="王五", tracking="EX123456789CN")
    add(clerk, sender="赵六", tracking="EX123456780CN")
    for words in ("王五", "ＥＸ１２３４５６７８９ＣＮ", "王五 政府办", "门卫 王五"):
        assert _parcels(_look(clerk, words)) == ["2024 年第 1 号"], words
    assert "寄件人：" in _look(clerk, "王五").text and "<mark>王五</mark>" in clerk.html
    assert _parcels(_look(clerk, "政府办公室")) == ["2024 年第 2 号", "2024 年第 1 号"]
    assert "没有找到" not in clerk.text and "来件 2" in clerk.text
    assert "没有找到" in _look(clerk, "王六").text and _parcels(clerk) == []
    assert _parcels(_look(staff("sunli"), "王五")) == []
    reviewer = _look(staff("wangqiang"), "王五")
    assert _parcels(reviewer) == [] and "来件 " not in reviewer.text
    clerk.get("/desk/parcels/1").send("/desk/parcels/1", sender="钱七")
    assert _parcels(_look(clerk, "王五")) == [] and _parcels(_look(clerk, "钱七")) != []
    clerk.get("/desk/parcels/1").send("/desk/parcels/1/aside", words="报刊征订单")
    assert "说明：" in _look(clerk, "征订单").text
    before = [_parcels(_look(clerk, words)) for words in ("钱七", "王五", "征订单", "赵六")]
    complete_search(office, anew=True)
    assert [_parcels(_look(clerk, words)) for words in ("钱七", "王五", "征订单", "赵六")] == before


def test_a_parcel_that_became_a_case_says_which(staff: Staffed) -> None:
    clerk = add(staff("lifang"), sender="王五")
    clerk.get("/desk/register?parcel=1").send("/desk/register", **{**CITIZEN, "name": "王五"})
    _look(clerk, "王五")
    assert _parcels(clerk) == ["2024 年第 1 号"] and _numbers(clerk) == ["2024-0001"]
    assert "已登记为 2024-0001" in clerk.text
    tab = re.search(r'href="([^"]+tab=parcels)"', clerk.html)
    assert tab is not None
    clerk.get(tab[1].replace("&amp;", "&"))
    assert _parcels(clerk) == ["2024 年第 1 号"] and _numbers(clerk) == []
    other = re.search(r'href="([^"]+tab=notes)"', clerk.html)
    assert other is not None
    clerk.get(other[1].replace("&amp;", "&"))
    assert _parcels(clerk) == [] and "没有找到" in clerk.text
