"""Lists page by page, the search, and the other applications of one applicant: what is shown, and that no text
is searched for a number that is known."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

import webui.desk.worklist
from tests.counting import work
from tests.webui.filing import CITIZEN, file
from workflow.store.models import CaseRow


def _numbers(visitor) -> list[str]:
    return re.findall(r'<span class="num">(\d{4}-\d{4,})</span> ·', visitor.html)


def _turn(visitor, rel: str):
    found = re.search(rf'rel="{rel}" href="([^"]+)"', visitor.html)
    assert found, visitor.text
    return visitor.get(found[1].replace("&amp;", "&"))


@pytest.fixture
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webui.desk.worklist, "PER_PAGE", 2)


@pytest.mark.parametrize("address", ["/desk/", "/desk/cases", "/desk/cases?kind=application"])
def test_pages_lead_forward_and_back_and_have_their_numbers(
    visitor, staff, two_a_page, address
) -> None:
    for n in range(5):
        file(visitor, items=f"采矿许可证 {n}")
    clerk = staff("lifang")
    assert _numbers(clerk.get(address)) == ["2024-0001", "2024-0002"]
    assert 'rel="prev"' not in clerk.html and "第 1 页，共 3 页" in clerk.text
    assert _numbers(_turn(clerk, "next")) == ["2024-0003", "2024-0004"]
    assert _numbers(_turn(clerk, "next")) == ["2024-0005"]
    assert 'rel="next"' not in clerk.html and "第 3 页，共 3 页" in clerk.text
    assert _numbers(_turn(clerk, "prev")) == ["2024-0003", "2024-0004"]
    assert _numbers(_turn(clerk, "prev")) == ["2024-0001", "2024-0002"]
    plain = address + ("&" if "?" in address else "?")
    assert _numbers(clerk.get(f"{plain}page=2")) == ["2024-0003", "2024-0004"]
    assert _numbers(clerk.get(f"{plain}page=3")) == ["2024-0005"]
    assert _numbers(clerk.get(f"{plain}page=2&after=nonsense")) == ["2024-0003", "2024-0004"]


def test_what_has_no_day_comes_after_what_has_one_on_every_page(visitor, staff, two_a_page) -> None:
    for n in range(5):
        file(visitor, items=f"采矿许可证 {n}")
    clerk = staff("lifang")
    for number in ("2024-0001", "2024-0002"):
        clerk.act(number, "withdraw")
    order = ["2024-0003", "2024-0004", "2024-0005", "2024-0001", "2024-0002"]
    pages = [_numbers(clerk.get("/desk/cases"))]
    pages += [_numbers(_turn(clerk, "next")) for _ in range(2)]
    assert pages == [order[:2], order[2:4], order[4:]]
    assert _numbers(_turn(clerk, "prev")) == order[2:4]
    assert _numbers(clerk.get("/desk/cases?page=2")) == order[2:4]
    assert _numbers(clerk.get("/desk/cases?page=3")) == order[4:]
    assert _numbers(clerk.get("/desk/")) == order[:2]


@pytest.mark.parametrize(
    "written", ["2024-0002", "2024-2", "２０２４－０００２", "〔2024〕2号", "20240002"]
)
def test_a_number_is_found_however_it_is_written_and_no_text_is_searched(
    visitor, staff, written
) -> None:
    for n in range(3):
        file(visitor, items=f"与 2024-0002 有关 {n}")
    clerk = staff("lifang")
    with work() as done:
        clerk.get(f"/desk/cases?q={written}")
    assert _numbers(clerk) == ["2024-0002"] and "1 件" in clerk.text
    assert not any(" LIKE " in said for said in done.said)


def test_words_and_names_are_found_and_a_number_that_is_none_as_words(visitor, staff) -> None:
    file(visitor, items="采矿许可证 2019-0007")
    file(visitor, {**CITIZEN, "name": "赵六"}, items="养护合同")
    clerk = staff("lifang")
    assert _numbers(clerk.get("/desk/cases?q=2019-0007")) == ["2024-0001"]
    assert _numbers(clerk.get("/desk/cases?q=赵六")) == ["2024-0002"]
    assert _numbers(clerk.get("/desk/cases?q=养护")) == ["2024-0002"]
    assert "没有找到" in clerk.get("/desk/cases?q=土地").text


def test_of_many_applications_of_one_applicant_the_latest_are_shown_and_all_counted(
    visitor, staff
) -> None:
    for n in range(10):
        file(visitor, items=f"采矿许可证 {n}\n附件 {n}")
    file(visitor, {**CITIZEN, "name": "赵六", "id_number": "110105194912310038"}, items="养护合同")
    clerk = staff("lifang").get("/desk/cases/panlong/2024-0001")
    assert "共 9 件" in clerk.text and "只列出最近 8 件，共 9 件" in clerk.text
    link = re.search(r'href="([^"]+)">看全部</a>', clerk.html)
    assert link
    clerk.get(link[1])
    assert _numbers(clerk) == [f"2024-{n:04d}" for n in range(1, 11)]
    assert "与 2024-0001 同一申请人的申请" in clerk.text
    assert clerk.get("/desk/cases?of=panlong/2024-0099").status == 404
    for of in ("jiangna/2024-0001", "nowhere/2024-0001", "2024-0001", "panlong/"):
        assert clerk.get(f"/desk/cases?of={of}").status == 404
        assert f"没有找到“{of}”这件申请" in clerk.text and _numbers(clerk) == []


@pytest.mark.tampering(reason="due days that do not follow from the log: only reading matters")
def test_a_case_that_others_name_shows_its_days_left_without_a_search(
    visitor, staff, office
) -> None:
    number, _ = file(visitor)
    left = re.search(
        r"还剩 \d+ 个工作日|剩 \d+ 天|剩余 \d+",
        staff("lifang").get(f"/desk/cases/panlong/{number}").text,
    )
    before = staff("lifang").text
    for n in range(51):
        file(visitor, items=f"与 {number} 有关 {n}")
    with office.store.write() as unit:
        row = unit.case_row([unit.agency("panlong").id], number)
        earlier = row.next_due - timedelta(5)
        unit.session.execute(
            update(CaseRow).where(CaseRow.number != number).values(next_due=earlier)
        )
    with work() as done:
        page = staff("lifang").get(f"/desk/cases/panlong/{number}")
    assert not any(" LIKE " in said for said in done.said)
    tag = re.search(r'<h1>.*?<span class="tag [^"]*">([^<]+)</span>', page.html, re.S)
    assert tag and tag[1] in before and (left is None or left[0] in page.text)
