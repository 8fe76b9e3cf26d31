"""Answers that were given to one applicant and are released to everybody: marked on the desk, read by all."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from config.law import load_law
from tests.bench.test_event_work import WAY, filled
from tests.webui.filing import file
from workflow.refusal import BadInput, Denied
from workflow.service import Missing
from workflow.service.cases.releasing import GIVEN, Releasing, read_release
from workflow.store.models import CaseRow
from workflow.store.released_models import ReleasedAnswerRow
from workflow.store.staff_models import AuditRow


@pytest.fixture
def given(visitor, staff, today):
    """An application of 张三 that was answered with what it asked for."""
    number, _ = file(visitor, items="养护合同\n验收单")
    for who, name, typed in WAY:
        staff(who).act(number, name, **filled(typed))
    return number


def release(clerk, number, **typed):
    said = {"title": "2023 年养护合同", "text": "金额 12 万元", "address": "", **typed}
    path = f"/desk/cases/panlong/{number}/release"
    clerk.get(path).send(path, **said)
    return clerk


def test_what_is_released_is_found_by_everybody_and_names_nobody(given, staff, visitor):
    assert "还没有公开给所有人的答复" in visitor.get("/b/panlong/answers").text
    clerk = release(staff("chen"), given, address="https://example.invalid/a")
    assert "已经公开" in clerk.text and "已公开" in clerk.text
    page = visitor.get("/answers?q=养护 12").text
    assert "2023 年养护合同" in page and "盘龙彝族乡人民政府" in page
    one = visitor.get("/b/panlong/answers/1")
    assert "金额 12 万元" in one.text and 'href="https://example.invalid/a"' in one.html
    for hidden in ("张三", given, "lifang"):
        assert hidden not in one.text and hidden not in page
    assert "0 件" in visitor.get("/answers?q=没有的").text
    assert "0 件" in visitor.get("/answers?q=%25").text
    assert visitor.get("/b/jiangna/answers/1").status == 404
    assert "2023 年养护合同" not in visitor.get("/b/jiangna/answers").text
    feed = ElementTree.fromstring(visitor.client.get("/answers/feed").data)
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert "2023 年养护合同" in titles


def test_it_is_done_once_taken_back_and_written_down(given, staff, visitor, office):
    clerk = release(release(staff("chen"), given), given)
    assert visitor.get("/answers").html.count("2023 年养护合同") == 1
    clerk.get(f"/desk/cases/panlong/{given}/release")
    clerk.send(f"/desk/cases/panlong/{given}/release/back")
    assert "已撤下" in clerk.text
    assert visitor.get("/answers/1").status == 404
    assert "2023 年养护合同" not in visitor.get("/answers").text
    with office.store.read() as unit:
        lines = unit.session.scalars(select(AuditRow).where(AuditRow.about == given))
        assert [(one.actor, one.action) for one in lines] == [
            ("chen", "answer_released"),
            ("chen", "answer_taken_back"),
        ]


def test_what_may_not_be_public_is_said_at_its_field_and_kept(given, staff, visitor):
    head = release(staff("chen"), given, title="张三要的合同", text="电话 13800000000")
    assert head.status == 422 and "标题：里面有申请人的姓名" in head.alert
    assert 'id="release-text-err"' in head.html and 'value="张三要的合同"' in head.html
    assert "电话 13800000000" in head.form(f"/{given}/release").fields["text"]
    assert "还没有公开给所有人的答复" in visitor.get("/answers").text


@pytest.mark.parametrize(
    ("name", "said", "message"),
    [
        ("title", " ", "请填写这一项"),
        ("title", "张三要的合同", "申请人的姓名"),
        ("text", "电话 13800000000", "手机号"),
        ("text", "１１０１０５１９４９１２３１００２Ｘ", "身份证号"),
        ("text", "机密★10年", "密级标志"),
        ("text", "字" * 4001, "最多 4000 个字"),
        ("address", "javascript:alert(1)", "http"),
    ],
)
def test_each_thing_that_may_not_be_public(name, said, message):
    typed = {"title": "合同", "text": "内容 138000000001", "address": "", name: said}
    with pytest.raises(BadInput) as raised:
        read_release(typed, ["张三", "李"])
    (error,) = raised.value.errors
    assert error.field == name and message in error.message
    fine = {**typed, name: "https://李.example/a"}
    assert read_release(fine, ["张三", "李"])[name] == "https://李.example/a"


def test_nothing_is_released_of_what_was_not_given(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").get(f"/desk/cases/panlong/{number}/release")
    assert "还没有送达答复" in page.text and "release-title" not in page.html
    staff("lifang").act(number, "withdraw")
    page = staff("lifang").get(f"/desk/cases/panlong/{number}/release")
    assert "没有提供过信息" in page.text


def test_who_may_not_release_sees_no_form(given, staff):
    page = staff("lifang").get(f"/desk/cases/panlong/{given}/release")
    assert "由公开工作机构负责人或者分管领导公开" in page.text
    assert "release-title" not in page.html
    assert staff("sunli").get(f"/desk/cases/panlong/{given}/release").status == 404


def test_the_service_asks_again_who_may(given, staff, office):
    """The page is closed by its route; a body's own role is asked where it is done."""
    releasing, clerk, head = Releasing(office), office.staff("lifang"), office.staff("chen")
    said = {"title": "合同", "text": "内容"}
    with pytest.raises(Denied):
        releasing.release(clerk, given, said)
    number = releasing.release(head, given, said)
    with pytest.raises(Denied):
        releasing.take_back(clerk, given, number)
    with pytest.raises(Missing):
        releasing.take_back(head, given, number + 1)
    (one,), why_not = releasing.of_case(clerk, given)
    assert (one.by, one.taken_back, why_not) == ("chen", False, None)


def test_only_outcomes_that_gave_something_can_be_released():
    codes = {one.code for one in load_law().outcomes.values() if one.cls in GIVEN}
    assert codes == {"already_public", "supplied", "partial"}


def test_many_are_shown_fifty_at_a_time_the_newest_first(visitor, office):
    file(visitor)
    with office.store.write() as unit:
        case = unit.session.scalars(select(CaseRow)).one()
        unit.session.add_all(
            ReleasedAnswerRow(
                agency_id=case.agency_id, case_id=case.id, title=f"合同 {n:03}", text="内容",
                released_on=date(2024, 1, 1) + timedelta(n), actor="chen",
                recorded_at=office.now(),
            )
            for n in range(51)
        )  # fmt: skip
    first, second = (visitor.get(f"/answers?page={n}").html for n in (1, 2))
    assert first.count("合同 0") == 50 and "合同 050" in first and "合同 000" not in first
    assert "合同 000" in second and second.count("合同 0") == 1
    assert 'href="/answers?page=2"' in first and 'href="/answers?page=1"' in second
    assert visitor.get("/answers?page=9").html.count("合同 0") == 1
    feed = visitor.client.get("/answers/feed").get_data(as_text=True)
    assert feed.count("<entry>") == 50


def test_script_in_what_is_released_stays_text(given, staff, visitor):
    release(staff("chen"), given, title="<script>x</script>", text="<b>y</b>")
    for page in ("/answers", "/answers/1", "/b/panlong/answers"):
        html = visitor.get(page).html
        assert "<script>x" not in html and "<b>y" not in html
    ElementTree.fromstring(visitor.client.get("/b/panlong/answers/feed").data)
