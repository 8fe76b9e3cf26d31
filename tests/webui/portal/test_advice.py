"""What is said beside a form before it is filed, and what is found before one is begun."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.bench.test_event_work import WAY, filled
from tests.counting import work
from tests.webui.filing import CITIZEN, COMPANY, file, review
from tests.webui.published import publish
from workflow.service.installation import complete_search
from workflow.service.rules.settings import BodySettings
from workflow.store.models import CaseRow
from workflow.store.released_models import ReleasedAnswerRow


@pytest.fixture
def released(visitor, staff, office):
    """Releases what was given to an applicant, in words of the office; its number."""
    number, _ = file(visitor, items="养护合同\n验收单")
    for who, name, typed in WAY:
        staff(who).act(number, name, **filled(typed))
    visitor.client.delete_cookie("gongkai")

    def release(title: str, text: str = "全文如下") -> int:
        releasing = visitor.app.extensions["gongkai"].releasing
        return releasing.release(office.staff("chen"), number, {"title": title, "text": text})

    return release


def duties(office, code: str, text: str) -> None:
    BodySettings(office).set_setting(None, code, "duties", text, "2024-01-01", "公布职责")


# -- hints ---------------------------------------------------------------------------------------------


def test_hints_stand_beside_what_is_asked_and_stop_nobody(visitor, counted):
    review(visitor, items="为什么取消低保\n2023年养护合同；竣工验收单；付款凭证", other="张三家的")
    for said in ("第 1 项：这像是咨询", "第 2 项：这一行像是有几项", "其他特征：这里写了申请人的姓名",
                 "仍然可以按原样提交"):  # fmt: skip
        assert said in visitor.text
    visitor.send("/apply", step="submit")
    assert counted() == 1 and visitor.path == "/apply/done"


def test_no_hint_no_card(visitor):
    review(visitor)
    assert "提醒" not in visitor.text and "也许已经公开了" not in visitor.text


def test_one_line_becomes_as_many_as_it_asks_for(visitor):
    review(visitor, items="甲乙丙丁\n2023年养护合同；竣工验收单；付款凭证")
    visitor.send("/apply", step="split")
    assert visitor.path == "/apply/check" and "第 4 项" in visitor.text
    kept = visitor.form("/apply").fields["items"][0].split()
    assert kept == ["甲乙丙丁", "2023年养护合同", "竣工验收单", "付款凭证"]


def test_more_lines_than_can_be_are_said_at_the_field(visitor):
    review(visitor, items="；".join(f"第{n}号合同" for n in range(21)))
    visitor.send("/apply", step="split")
    assert visitor.status == 422 and "要公开的信息" in visitor.alert


def test_a_company_may_ask_about_itself(visitor):
    review(visitor, {**COMPANY, "items": "某某建材有限公司的采矿许可证"})
    assert "姓名或者名称" not in visitor.text
    review(visitor, {**COMPANY, "items": "李四的任职文件", "contact": "李四"})
    assert visitor.status == 200


# -- who has it ----------------------------------------------------------------------------------------


def test_the_body_that_has_it_is_told_by_its_duties(visitor, office):
    duties(office, "panlong", "低保救助、农村公路养护")
    review(visitor, agency="jiangna")
    assert "职责里没有" not in visitor.text, "nobody knows what 江那镇 does"
    duties(office, "jiangna", "殡葬管理")
    review(visitor, agency="jiangna", items="2023年农村公路养护合同")
    assert "您选的机关写明的职责里没有“农村公路养护”" in visitor.text
    assert "写明管这件事的是盘龙彝族乡人民政府" in visitor.text
    review(visitor, items="2023年农村公路养护合同")
    assert "职责里没有" not in visitor.text


def test_where_many_have_it_the_directory_is_told(visitor, office):
    with office.store.write() as unit:
        for n in range(4):
            office.add_agency(unit, code=f"b{n}", name=f"第{n}局", level="county_department")
    for n in range(4):
        duties(office, f"b{n}", "农村公路养护")
    duties(office, "jiangna", "殡葬管理")
    review(visitor, agency="jiangna", items="2023年农村公路养护合同")
    assert "机关目录里找一找" in visitor.text
    assert "/directory?q=%E5%86%9C%E6%9D%91%E5%85%AC%E8%B7%AF%E5%85%BB%E6%8A%A4" in visitor.html


# -- one's own earlier request -------------------------------------------------------------------------

SAYS = "您在 2024 年 5 月 6 日向盘龙彝族乡人民政府提交过相似的申请（编号 2024-0001）"


def test_who_asks_again_from_the_same_browser_is_told_number_and_day(visitor, today):
    _, code = file(visitor)
    today.is_("2024-05-08")
    review(visitor, id_number=" 11010519491231002x ")
    assert SAYS in visitor.text and code not in visitor.html


def test_who_only_types_somebodys_number_is_told_nothing(visitor, app):
    file(visitor)
    stranger = review(type(visitor)(app))
    assert "相似的申请" not in stranger.text and "2024-0001" not in stranger.html


@pytest.mark.parametrize(
    "changed",
    [
        {"id_number": "110105194912310038"},
        {"id_type": "passport"},
        {"items": "采矿许可证的全部变更批复"},
        {"agency": "jiangna"},
        {**COMPANY, "items": CITIZEN["items"]},
    ],
    ids=["another person", "another proof", "another matter", "another body", "a company"],
)
def test_identity_kind_body_and_matter_must_all_fit(visitor, changed):
    file(visitor)
    review(visitor, **changed)
    assert visitor.status in (200, 422) and "相似的申请" not in visitor.text


def test_after_the_records_were_put_away_nothing_is_told(visitor):
    file(visitor)
    visitor.get("/apply/done").send("/leave")
    review(visitor)
    assert "相似的申请" not in visitor.text
    file(visitor, items="采矿许可证")
    review(visitor)
    assert "相似的申请" not in visitor.text, "what was forgotten does not come back"


# -- what is public already ----------------------------------------------------------------------------


def test_similar_released_answers_stand_on_the_page_to_check(visitor, released, office):
    first = released("2023年农村公路养护合同全文")
    released("2022年低保名单公示")
    review(visitor, agency="jiangna")
    assert "也许已经公开了" in visitor.text and "低保名单" not in visitor.text
    assert f'href="/answers/{first}"' in visitor.html
    with office.store.write() as unit:
        unit.session.get(ReleasedAnswerRow, first).taken_back_at = office.now()
    review(visitor)
    assert "也许已经公开了" not in visitor.text


def test_looking_finds_answers_bodies_and_pages_and_leads_on(visitor, released, office):
    released("2023年农村公路养护合同", "金额 12 万元")
    duties(office, "jiangna", "农村公路养护")
    publish(office, 2022)
    visitor.get("/answers?q=农村公路养护")
    assert "有“农村公路养护”的 1 件" in visitor.text and "江那镇人民政府" in visitor.text
    assert 'href="/apply?about=' in visitor.html and "继续，写一份申请" in visitor.text
    visitor.get("/answers?q=盘龙")
    assert 'href="/b/panlong/annual-reports/2022"' in visitor.html
    for q, page in (("怎样收费", "/guide"), ("年报", "/annual-reports"), ("起诉", "/complaint"),
                    ("哪个部门", "/directory"), ("几个工作日", "/calculator")):  # fmt: skip
        assert f'<li><a href="{page}"><b>' in visitor.get(f"/answers?q={q}").html, q
    visitor.get("/answers?q=没有这样的词")
    assert "公开的页面" not in visitor.text and "0 件" in visitor.text


@pytest.mark.parametrize(
    ("q", "number"),
    [("养护", 1), ("养护 12", 1), ("１２", 1), ("护合", 1), ("养", 1), ("合同 低保", 0), ("养同", 0), ("%", 0), ("，", 0)],
)  # fmt: skip
def test_answers_are_found_by_their_words_in_any_width(visitor, released, office, q, number):
    released("2023年农村公路养护合同", "金额 12 万元")
    released("低保名单", "名单")
    assert f"的 {number} 件" in visitor.get(f"/answers?q={q}").text
    with office.store.write() as unit:
        unit.settle()
    complete_search(office, anew=True)
    assert f"的 {number} 件" in visitor.get(f"/answers?q={q}").text, "made anew"


def test_what_was_taken_back_is_found_no_more_and_bodies_are_kept_apart(visitor, released, office):
    first = released("2023年养护合同")
    assert "的 1 件" in visitor.get("/b/panlong/answers?q=养护").text
    assert "的 0 件" in visitor.get("/b/jiangna/answers?q=养护").text
    with office.store.write() as unit:
        unit.session.get(ReleasedAnswerRow, first).taken_back_at = office.now()
    assert "的 0 件" in visitor.get("/answers?q=养护").text


def test_the_desk_does_not_find_released_answers_as_texts_of_a_case(released, staff):
    released("只在公开的答复里的词语")
    clerk = staff("lifang")
    clerk.get("/desk/search").send("/desk/search", q="答复里的词语")
    assert "没有找到" in clerk.text or "0 件" in clerk.text


def test_a_search_of_everybody_reads_as_much_beside_many_cases(visitor, released, office):
    """Its terms are its own: the texts of cases, however many, are not walked through."""
    released("2023年农村公路养护合同")

    def reads(q: str) -> int:
        visitor.get(f"/answers?q={q}")
        with work() as done:
            visitor.get(f"/answers?q={q}")
        return done.statements

    few = reads("养护")
    with office.store.write() as unit:
        case = unit.session.scalars(select(CaseRow)).one()
        for n in range(120):
            row = ReleasedAnswerRow(
                agency_id=case.agency_id, case_id=case.id, title=f"养护合同 {n:03}", text="内容",
                released_on=office.today() - timedelta(n), actor="chen", recorded_at=office.now(),
            )  # fmt: skip
            unit.session.add(row)
    complete_search(office, anew=True)
    assert reads("养护") == few and "的 121 件" in visitor.text
    assert "养护合同 000" in visitor.text and "养护合同 119" not in visitor.text
    assert "养护合同 119" in visitor.get("/answers?q=养护&page=3").text
