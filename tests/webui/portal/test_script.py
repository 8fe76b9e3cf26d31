"""The portal in traditional script: the house's own words by table and library, what people wrote as they wrote it."""

import html
import re
from pathlib import Path

import pytest

from config.law import load_law
from config.script import FOLDER, ScriptError, load_terms
from tests.webui.filing import CITIZEN, slip
from tests.webui.portal.reading import office_texts, simplified, strip, words_of
from tests.webui.portal.test_public_pages import set_text
from tests.webui.portal.test_sites import PAGES
from webui.script import below_prefix, message, own, said, sentence, traditional

TRAPS = (
    ("行政复议", "行政復議"), ("复议机关", "復議機關"), ("答复", "答覆"), ("重复提交", "重複提交"),
    ("恢复", "恢復"), ("反复", "反復"), ("复印件", "複印件"), ("复核", "覆核"), ("公开", "公開"),
    ("政府信息公开条例", "政府信息公開條例"), ("申请", "申請"), ("这里", "這裡"), ("公里", "公里"),
    ("工作日里", "工作日裡"), ("发展", "發展"), ("头发", "頭髮"), ("签发", "簽發"), ("以后", "以後"), ("皇后", "皇后"),
    ("只有", "只有"), ("只限", "只限"), ("一只", "一隻"), ("征求意见", "徵求意見"), ("征地补偿", "徵地補償"),
    ("长征", "長征"), ("制度", "制度"), ("制作", "製作"), ("准予", "准予"), ("标准", "標準"), ("批准", "批准"),
    ("干部", "幹部"), ("干涉", "干涉"), ("干燥", "乾燥"), ("云南", "雲南"), ("系统", "系統"), ("联系", "聯繫"),
    ("关系", "關係"), ("面积", "面積"), ("当面", "當面"), ("延长几个工作日", "延長幾個工作日"), ("茶几", "茶几"),
    ("一并提出", "一併提出"), ("并且", "並且"), ("公布", "公布"), ("台账", "台賬"), ("周末", "週末"),
    ("委托书", "委託書"), ("身份证明", "身份證明"), ("咨询", "諮詢"), ("日历", "日曆"), ("历史", "歷史"),
    ("尽快", "盡快"), ("不准确", "不準確"), ("撤回复议申请", "撤回復議申請"), ("写明了事实", "寫明了事實"),
    ("规定制定办法", "規定制定辦法"), ("还是只写", "還是只寫"), ("负责人签批", "負責人簽批"), ("表格里写", "表格裡寫"),
    ("指南里，", "指南裡，"), ("收到回音", "收到回音"), ("四周以上", "四週以上"), ("账户", "帳戶"), ("送达", "送達"), ("驳回", "駁回"),
    ("不予公开", "不予公開"), ("范围", "範圍"), ("平台", "平臺"), ("面单", "面單"), ("特征", "特徵"), ("关于", "關於"),
)  # fmt: skip
WRITTEN = "答复里面的头发后来只有一只，云南干部申请复议"
"""Nothing in it reads in traditional script as it stands here."""


@pytest.mark.parametrize(("simplified", "wanted"), TRAPS)
def test_words_with_two_readings_get_the_right_one(simplified, wanted):
    if simplified == "尽快":
        assert traditional(simplified) in ("盡快", "儘快")
    else:
        assert traditional(simplified) == wanted


def test_words_of_the_law_go_by_the_table_and_a_table_that_cannot_be_is_told(tmp_path):
    for word, to in load_terms().items():
        assert traditional(f"（{word}）") == f"（{to}）"
    (tmp_path / "terms.toml").write_text('term = [{ word = "复议", to = "復", why = "x" }]')
    with pytest.raises(ScriptError, match=r"terms\.toml"):
        load_terms.__wrapped__(tmp_path)
    assert (FOLDER / "terms.toml").is_file()


SHORT = ("/guide", "/calculator", "/complaint", "/nowhere")
OTHERS = {*PAGES, "/easy-read", "/embed", "/answers"} - set(SHORT)
LONG = pytest.mark.long(reason="compiles nine more pages; four stand for them in the short run")


@pytest.mark.parametrize(
    "page", [*SHORT, *(pytest.param(one, marks=LONG) for one in sorted(OTHERS))]
)
def test_every_page_of_the_portal_is_there_in_traditional_script(visitor, office, page):
    """Nothing of the house's is left behind but what a body calls itself and the offices around it."""
    plain = visitor.get(f"/b/panlong{page}").html
    found = visitor.get(f"/zh-hant/b/panlong{page}").html
    assert visitor.status == (404 if page == "/nowhere" else 200)
    assert '<html lang="zh-Hant"' in found and '<html lang="zh-CN"' in plain
    texts = {*office_texts(office), "简体"}
    assert [line for line in words_of(found).splitlines() if simplified(strip(line, texts))] == []
    assert len(re.findall("[㐀-鿿]", words_of(found))) > 100
    led = set(re.findall(r'(?:href|action)="(/[^"#?]*)', found))
    away = {one for one in led if not one.startswith(("/zh-hant", "/static"))}
    assert away <= {f"/b/panlong{page}", "/b/panlong"}, "only the way back leads out of it"


def test_a_form_posted_in_traditional_script_files_as_it_does_elsewhere(visitor, staff, counted):
    form = visitor.get("/zh-hant/apply").send(
        "/apply", step="review", **{**CITIZEN, "items": WRITTEN}
    )
    assert "檢查一遍" in form.text and "提交申請" in form.text and WRITTEN in form.text
    assert form.html.count("头发") == 2, "shown, and carried on as it was typed"
    form.send("/apply", step="submit")
    number, code = slip(visitor)
    assert visitor.path == "/zh-hant/apply/done"
    assert counted() == 1 and "申請編號" in visitor.text
    visitor.get("/zh-hant/query").send("/query", number=number, code=code)
    assert visitor.path == "/zh-hant/query/case"
    assert WRITTEN in visitor.text and "查詢進度" in visitor.text
    assert WRITTEN in staff("lifang").get(f"/desk/cases/{number}").text


def test_what_is_typed_wrongly_stays_as_it_was_typed(visitor):
    typed = {**CITIZEN, "items": WRITTEN, "name": "云发", "phone": "12"}
    page = visitor.get("/zh-hant/apply").send("/apply", step="review", **typed)
    assert page.status == 422 and WRITTEN in page.html and 'value="云发"' in page.html
    assert "云发" not in traditional("云发") and "填寫申請" in page.text


@pytest.mark.parametrize("address", ["/answers?q=头发申请", "/directory?q=云南后勤"])
def test_what_is_looked_for_stays_as_it_was_typed(visitor, address):
    words = address.partition("=")[2]
    page = visitor.get(f"/zh-hant{address}")
    assert f'value="{words}"' in page.html and traditional(words) not in page.html


def test_names_and_texts_of_a_body_stay_as_they_are_also_within_a_sentence(visitor, office):
    for name, value in (
        ("site_name", "云里公开网"),
        ("duties", "发展改革、征地补偿"),
        ("court", "云县人民法院"),
    ):
        set_text(office, name, value)
    page = visitor.get("/zh-hant/b/panlong/guide")
    assert "云里公开网" in page.text and "发展改革、征地补偿" in page.text
    page = visitor.get("/zh-hant/b/panlong/complaint")
    assert "月內向云县人民法院提起行政訴訟" in page.text and "盘龙彝族乡人民政府" in page.text


def test_a_text_that_only_reads_like_one_of_the_house_is_nobodys_but_its_writers(app):
    """A label is the very object of the table; the same word typed by somebody is another."""
    label = next(iter(load_law().words.delivery.values()))
    typed = "".join(list(label))
    assert typed == label and own.has(label) and not own.has(typed)
    assert said(label) == traditional(label) and said(typed) == typed


def test_a_sentence_is_converted_but_for_its_names(app):
    with app.test_request_context("/guide"):
        assert sentence("向云县申请", "云县") == "向云县申请"
    with app.test_request_context("/guide", environ_overrides={"SCRIPT_NAME": "/zh-hant"}):
        assert sentence("向云县申请复议", "云县") == "向云县申請復議"
        assert sentence("60 日内申请") == "60 日內申請"


def test_a_message_is_converted_but_for_what_it_quotes(app):
    """A constant is converted whole; of what code composed, all between the first “ and the last ” may be typed."""
    whole = "请先勾选“我确认撤回”"
    with app.test_request_context("/guide"):
        assert message(f"没有“{'头发'}”这个申请") == "没有“头发”这个申请"
    with app.test_request_context("/guide", environ_overrides={"SCRIPT_NAME": "/zh-hant"}):
        assert message("".join(list(whole))) == "請先勾選“我確認撤回”"
        assert message("没有“头发”这个申请") == "沒有“头发”這個申請"
        assert message("没有“头”发“后”这个申请") == "沒有“头”发“后”這個申請"
        assert message("有 2 处\n要改") == "有 2 處\n要改" and message("") == ""


def test_of_the_scripts_of_a_page_each_says_the_same_in_both_scripts(app):
    """Scripts are no templates: what they say stands in both, by the same table."""
    pairs = 0
    for name in ("gongkai", "drafts", "receipt", "passkey"):
        script = (Path(app.static_folder) / f"{name}.js").read_text()
        for _, plain, other in re.findall(r'either\((["`])(.+?)\1, \1(.+?)\1\)', script):
            assert traditional(plain) == other, name
            pairs += 1
        if name != "gongkai":  # the rest of it is for the desk
            rest = re.sub(r"//.*|/\*.*?\*/|either\(.+?\);|\? either.*|: either.*", "", script)
            assert not re.search("[一-鿿]", rest), name
    assert pairs >= 12


def test_what_a_body_leaves_to_the_table_is_the_house_s_own(app):
    """Only what the body itself has set is its own word."""
    rule = load_law().settings["complaint_body"]
    with app.test_request_context(
        "/b/panlong/guide", environ_overrides={"SCRIPT_NAME": "/zh-hant"}
    ):
        if own.has(str(rule.default)):
            assert sentence(f"向{rule.default}投诉") == traditional(f"向{rule.default}投诉")
        assert sentence("向砚山县人民法院申请", of="panlong") == "向砚山县人民法院申請"
        assert sentence("向盘龙彝族乡人民政府申请", of="panlong") == "向盘龙彝族乡人民政府申請"
        assert sentence("向江那镇人民政府申请", of="panlong") == "向江那鎮人民政府申請"


def test_a_page_shown_while_the_store_is_away_says_its_script(app):
    from webui.errors import WORDS, _page_of_no_store

    with app.test_request_context("/apply", environ_overrides={"SCRIPT_NAME": "/zh-hant"}):
        page = _page_of_no_store(*WORDS[503])
    assert '<html lang="zh-Hant">' in page and "系統正忙" in page
    with app.test_request_context("/apply"):
        assert '<html lang="zh-CN">' in _page_of_no_store(*WORDS[503])


def test_the_desk_and_the_programs_have_one_address_only(visitor, staff):
    for path in (
        "/zh-hant/desk/login",
        "/zh-hant/api/v1/openapi.json",
        "/zh-hant/static/gongkai.css",
        "/zh-hantx",
    ):
        assert visitor.client.get(path).status_code == 404, path
    assert visitor.get("/zh-hant").status == 200 and "首頁" in visitor.text
    page = staff("chen").get("/desk/")
    assert '<html lang="zh-CN"' in page.html


def test_each_page_names_itself_in_the_other_script(visitor):
    for root in ("", "/zh-hant"):
        page = visitor.get(f"{root}/b/panlong/answers?q=a&page=1").html
        for script, before in (("zh-Hans", ""), ("zh-Hant", "/zh-hant")):
            address = f"{before}/b/panlong/answers?q=a&amp;page=1"
            assert (
                f'<link rel="alternate" hreflang="{script}" href="http://localhost{address}">'
                in page
            ), root
        other = "zh-Hans" if root else "zh-Hant"
        assert (
            f'hreflang="{other}" lang="{other}">{"简体" if root else "繁體"}</a>'
            in html.unescape(page)
        )


def test_the_size_is_chosen_without_leaving_the_script(visitor):
    page = visitor.get("/zh-hant/query")
    assert 'href="/zh-hant/display?size=elder&amp;next=/zh-hant/query"' in page.html
    visitor.get("/zh-hant/display?size=elder&next=/zh-hant/query")
    assert visitor.path == "/zh-hant/query" and "size-elder" in visitor.html


def test_what_stands_before_the_address_is_kept():
    told = {}
    below_prefix(lambda environ, _: told.update(environ))(
        {"SCRIPT_NAME": "/in", "PATH_INFO": "/zh-hant/a"}, None
    )
    assert told == {"SCRIPT_NAME": "/in/zh-hant", "PATH_INFO": "/a"}
    for path in ("/zh-hantx", "/a/zh-hant", "/zh-hant/desk", "/zh-hant/api/v1"):
        below_prefix(lambda environ, _: told.update(environ))({"PATH_INFO": path}, None)
        assert told["PATH_INFO"] == path


def test_what_was_sent_in_vain_is_sent_once_more_in_the_same_script(visitor):
    page = visitor.get("/zh-hant/apply")
    page.page = page.client.post(
        "/zh-hant/apply",
        data={"csrf_token": "x", "items": WRITTEN},
        headers={"Origin": "http://localhost"},
    )
    assert page.status == 400 and "頁面停留太久" in page.text
    assert 'action="/zh-hant/apply"' in page.html and WRITTEN in page.html
