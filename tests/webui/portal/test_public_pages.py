"""Guide, directory, complaint, reports: made from settings and law tables; what is published and nothing else."""

from datetime import date
from xml.etree import ElementTree

from config.law import load_law
from tests.webui.published import publish

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def set_text(office, name, value, agency="panlong"):
    with office.store.write_rules() as unit:
        body = office.found_agency(unit, agency)
        unit.set_setting(body, name, value, office.today(), "", recorded_at=office.now())


def test_the_guide_says_periods_and_fees_from_the_tables(visitor, office):
    page = visitor.get("/b/panlong/guide").text
    assert "答复期限20 个工作日条例33(2)" in page and "补正告知期限7 个工作日" in page
    assert "本机关现在不收信息处理费" in page and "办理流程图" in page
    set_text(office, "fee_policy", "by_item")
    page = visitor.get("/b/panlong/guide").text
    assert "1 至 10 件：不收费" in page and "11 至 30 件：每件 100 元" in page
    assert "现在不收" not in page
    for one in load_law().outcomes.values():
        assert one.label in page
    assert "practice" not in page and "办理惯例" in page


def test_the_form_is_a_file_to_print_with_the_bodys_name(visitor):
    for ending, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = visitor.client.get(f"/b/panlong/guide/form.{ending}")
        assert answer.status_code == 200 and answer.data.startswith(start)
        assert f'href="/b/panlong/guide/form.{ending}"' in visitor.get("/b/panlong/guide").html
    assert visitor.client.get("/guide/form.exe").status_code == 404


def test_what_is_not_set_is_hidden_from_the_public_and_told_to_who_can_set_it(
    visitor, staff, office
):
    assert "本机关管哪些事" not in visitor.get("/b/panlong/guide").text
    told = staff("chen").get("/b/panlong/guide").text
    assert "指南还有空缺" in told and "本机关管哪些事" in told
    assert "指南还有空缺" not in staff("lifang").get("/b/panlong/guide").text
    assert "指南还有空缺" not in staff("chen").get("/b/jiangna/guide").text
    set_text(office, "duties", "宅基地审批<b>&")
    assert "宅基地审批<b>&" in visitor.get("/b/panlong/guide").text
    assert "宅基地审批<b>" not in visitor.html


def test_the_directory_is_searched_by_name_and_duty(visitor, office):
    set_text(office, "duties", "宅基地审批、低保", "jiangna")
    set_text(office, "contact_phone", "0876-3133333", "jiangna")
    page = visitor.get("/directory?q=宅基地").text
    assert "江那镇人民政府" in page and "盘龙彝族乡" not in page
    assert "电话：0876-3133333" in page and "2024 年 5 月 6 日登记" in page
    assert "机关 0 个" in visitor.get("/directory?q=没有的").text
    assert "盘龙彝族乡人民政府" in visitor.get("/directory?q=盘龙%20乡&page=99").text
    assert visitor.get("/directory?page=99999999999999").status == 200
    assert visitor.get('/directory?q="><script>x').html.count("<script>x") == 0


def test_a_long_directory_is_turned_page_by_page_and_what_ended_is_left_out(visitor, office):
    with office.store.write() as unit:
        for n in range(50):
            office.add_agency(unit, code=f"b{n}", name=f"第 {n:02} 局", level="county_department")
        unit.agency("b7").until = date(2024, 5, 5)
    first, second = (visitor.get(f"/directory?page={n}").html for n in (1, 2))
    assert first.count('class="card listed-body"') == 50
    assert second.count('class="card listed-body"') == 2 and "第 49 局" in second
    assert "共 52 个机关，第 1 页，共 2 页" in visitor.get("/directory").text
    assert "第 07 局" not in first + second
    assert visitor.get("/").html.count("局") == 0


def test_complaint_says_to_whom_and_which_way_by_todays_law(visitor, today):
    page = visitor.get("/b/panlong/complaint").text
    assert "砚山县人民政府办公室 投诉" in page and "应当先自收到本答复之日起 60 日内" in page
    assert "须先复议，不能直接起诉" in page and "60 日内向砚山县人民政府申请行政复议，或者" in page
    assert "该机关的复议机关" in visitor.get("/complaint").text
    today.is_("2023-05-06")
    assert "须先复议" not in visitor.get("/b/panlong/complaint").text


def test_only_published_reports_are_shown_and_given_as_files(visitor, office, staff):
    assert "还没有公布" in visitor.get("/b/panlong/annual-reports").text
    publish(office, 2023)
    publish(office, 2023, version=2, state="draft")
    publish(office, 2022, state="signed")
    page = visitor.get("/b/panlong/annual-reports").text
    assert "2023 年度报告" in page and "2022" not in page
    page = visitor.get("/b/panlong/annual-reports/2023")
    assert "第 1 版的概述" in page.text and "2024 年 1 月 20 日公布" in page.text
    assert page.status == 200 and "三、收到和处理政府信息公开申请情况" in page.text
    assert visitor.get("/b/panlong/annual-reports/2022").status == 404
    assert visitor.get("/annual-reports/2023").status == 404
    for ending, start in (("docx", b"PK"), ("xlsx", b"PK"), ("json", b"{"), ("html", b"<!")):
        answer = visitor.client.get(f"/b/panlong/annual-reports/2023/file/{ending}")
        assert answer.status_code == 200 and answer.data.lstrip().startswith(start), ending
        assert "attachment" in answer.headers["Content-Disposition"]
    assert visitor.client.get("/b/panlong/annual-reports/2023/file/exe").status_code == 404
    assert "已公布：2023 年" in visitor.get("/annual-reports").text
    assert "2023 年度报告" in visitor.get("/b/panlong").text
    publish(office, 2023, version=3)
    page = visitor.get("/b/panlong/annual-reports/2023").text
    assert "第 3 版的概述" in page and "更正说明&" in page


def test_feed_and_map_of_the_site_are_well_formed_and_lead_here(visitor, office):
    publish(office, 2023)
    feed = ElementTree.fromstring(visitor.client.get("/b/panlong/annual-reports/feed").data)
    (entry,) = feed.findall(f"{ATOM}entry")
    link = entry.find(f"{ATOM}link").attrib["href"]
    assert link == "http://localhost/b/panlong/annual-reports/2023"
    whole = ElementTree.fromstring(visitor.client.get("/sitemap.xml").data)
    addresses = [one.text for one in whole.iter(f"{MAP}loc")]
    assert "http://localhost/b/jiangna" in addresses
    assert "http://localhost/calculator" in addresses
    own = ElementTree.fromstring(visitor.client.get("/b/panlong/sitemap.xml").data)
    assert link in [one.text for one in own.iter(f"{MAP}loc")]
    for address in addresses:
        assert visitor.get(address.removeprefix("http://localhost")).status == 200, address
    robots = visitor.client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /desk/" in robots and "Sitemap: http://localhost/sitemap.xml" in robots
