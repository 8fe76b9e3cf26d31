"""Guide, directory, complaint, reports: made from settings and law tables; what is published and nothing else."""

import re
from datetime import date
from xml.etree import ElementTree

from config.law import load_law
from tests.webui.published import publish
from tests.workflow.report.annual import published

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


def test_the_guide_of_a_body_says_all_that_the_regulations_ask_for(visitor, staff, office):
    """条例12(2): how it is sorted and arranged, how to get it, and name, address, hours, telephone, fax and address
    on the net of the office; 条例54, 55: whom else to ask."""
    given = {
        "contact_unit": "党政综合办", "contact_address": "盘龙街 1 号", "contact_phone": "0876-3120001",
        "contact_hours": "工作日 8:30", "contact_fax": "0876-3120002", "contact_email": "a@panlong.example",
        "arrangement": "按机构职能、政策文件、规划计划分类", "open_site": "https://open.panlong.example/list",
        "reading_places": "县档案馆，砚山县七乡大道 2 号", "complaint_body": "县府办", "court": "砚山县人民法院",
    }  # fmt: skip
    for name, value in given.items():
        set_text(office, name, value)
    page = visitor.get("/b/panlong/guide").text
    for name, value in given.items():
        assert name == "court" or value in page, name
    assert "公共企事业单位" in page and "条例55" in page and "条例54" in page
    assert (
        "以双方确认之日为收到之日" in page
        and "砚山县人民法院" in visitor.get("/b/panlong/complaint").text
    )
    told = staff("chen").get("/b/panlong/guide").text
    assert (
        "指南还有空缺" in told
        and "传真" not in re.search("没有填写的不向公众显示：(.*?)去填写", told)[1]
    )
    for name in ("arrangement", "open_site", "reading_places", "contact_fax"):
        set_text(office, name, "")
    page = visitor.get("/b/panlong/guide").text
    assert "分类、编排" not in page and "当面查阅" not in page and "传真" not in page
    told = staff("chen").get("/b/panlong/guide").text
    assert "政府信息怎样分类、编排" in told and "可以当面查阅的场所" in told


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
    assert "砚山县人民政府办公室投诉" in page and "应当先自收到本答复之日起 60 日内" in page
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
    page = visitor.get("/annual-reports")
    assert "已公布 1 份报告" in page.text and "盘龙彝族乡人民政府 2023 年度报告" in page.text
    assert 'href="/b/panlong/annual-reports/2023/file/docx"' in page.html
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


# -- what a number means ------------------------------------------------------------------------------


FIGURE = "/b/panlong/annual-reports/2023/figures"


def test_a_number_of_a_report_opens_what_it_means_its_parts_and_its_years(visitor, office):
    publish(office, 2022)
    publish(office, 2023)
    page = visitor.get("/b/panlong/annual-reports/2023")
    address = f"{FIGURE}/table3/unable_not_held/natural_person"
    assert f'href="{address}"' in page.html
    for column, shown in (("natural_person", True), ("legal_service", False)):
        there = f'{FIGURE}/table3/refused_state_secret/{column}"' in page.html
        assert there is (shown and bool(published().table3["refused_state_secret"][column])), column
    assert f'{FIGURE}/table3/refused_state_secret/total"' in page.html, "every row opens"
    shown = visitor.get(address)
    assert shown.status == 200 and "（四）无法提供 1.本机关不掌握相关政府信息" in shown.text
    assert "条例第三十六条第四、五项" in shown.text and "申请人是个人的" in shown.text
    assert "信息不存在、非本机关负责公开" in shown.text and "不公开是哪几件" in shown.text
    assert "2022 年" in shown.text and "历年的数字" in shown.text and "相加" not in shown.text
    total = visitor.get(f"{FIGURE}/table3/unable_not_held/total").text
    number = published().table3["unable_not_held"]["total"]
    assert "由哪些数字相加" in total and f"相加{number}" in total


def test_a_number_that_no_table_has_opens_nothing(visitor, office):
    publish(office, 2023)
    for place in ("table3/disclosed/no_such", "table3/no_such/total", "table9/disclosed/total",
                  "sections/overview/total", "table4/review/no_such", "table2/permits/made"):  # fmt: skip
        assert visitor.get(f"{FIGURE}/{place}").status == 404, place
    assert visitor.get(FIGURE.replace("2023", "2022") + "/table3/total/total").status == 404
    assert visitor.get(f"{FIGURE}/table4/review/upheld").status == 200
    assert "万元" in visitor.get(f"{FIGURE}/table2/charges/amount_10k").text


def test_a_published_report_is_drawn_and_said_in_words(visitor, office):
    publish(office, 2023)
    page = visitor.get("/b/panlong/annual-reports/2023")
    assert page.html.count('role="img"') == 1 and "历年对比" not in page.text
    assert "本年度办结 3050 件，其中予以公开 1362 件（44.7%）" in page.text
    publish(office, 2022)
    page = visitor.get("/b/panlong/annual-reports/2023")
    assert page.html.count('role="img"') == 2 and "<script" not in page.html.partition("<main")[2]
    assert (
        "2023 年新收 3119 件，办结 3050 件，结转下年度 103 件；新收与 2022 年的 3119 件相同。"
        in page.text
    )
    assert "历年对比" in page.text and " style=" not in page.html
    other = visitor.get("/zh-hant/b/panlong/annual-reports/2023").text
    assert "歷年對比" in other and "結轉下年度 103 件" in other and "予以公開" in other
    assert "歷年的數字" in visitor.get(f"/zh-hant{FIGURE}/table3/total/total").text


def test_all_published_reports_are_listed_the_last_year_first(visitor, office):
    publish(office, 2021)
    publish(office, 2023)
    publish(office, 2023, version=2)
    publish(office, 2022, agency="jiangna")
    page = visitor.get("/annual-reports")
    text = page.text
    assert "已公布 3 份报告" in text and "更正后第 2 版" in text
    places = [text.index(f"{name} {year} 年度报告") for name, year in (
        ("盘龙彝族乡人民政府", 2023), ("江那镇人民政府", 2022), ("盘龙彝族乡人民政府", 2021),
    )]  # fmt: skip
    assert places == sorted(places)
    for ending in ("xlsx", "docx", "pdf", "html", "json"):
        assert f'href="/b/jiangna/annual-reports/2022/file/{ending}"' in page.html
    found = visitor.get("/annual-reports?q=江那").text
    assert "名称中有“江那”的机关公布了 1 份报告" in found and "盘龙彝族乡" not in found
    assert "这里还没有公布的年度报告" in visitor.get("/annual-reports?q=没有").text
    assert "江那镇人民政府 2022 年度报告" in visitor.get("/annual-reports?page=9").text
    own = visitor.get("/b/panlong/annual-reports")
    assert 'href="/b/panlong/annual-reports/2021/file/html"' in own.html
    assert 'href="/b/panlong/annual-reports/2023/figures/table3/new_received/total"' in own.html
