"""数据推送 at the desk: an address is set up, its secret shown once, what was delivered is seen and sent again."""

import re
from datetime import timedelta

import pytest

from config.settings import load
from tests.webui.filing import file
from webui.app import open_doors
from workflow.service.hooks.sending import NOT_REACHED, HookOutbox

URL = "https://oa.example/in?key=hush"


@pytest.fixture
def allowed(app, office, tmp_path):
    """The operator allows one server."""
    given = {"GONGKAI_DATA_DIR": str(tmp_path / "data"), "GONGKAI_HOOK_HOSTS": "oa.example"}
    open_doors(app, office, load(given))


@pytest.fixture
def page(allowed, staff):
    """The administrator at the page of an address that was just set up."""
    here = staff("guanli").get("/desk/hooks")
    here.send("/desk/hooks", hook_name="县 OA", url=URL)
    assert here.status == 200 and here.path == "/desk/hooks/1"
    return here


def test_the_secret_is_shown_once(page):
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", page.html)
    assert "签名密钥（只显示这一次）" in page.text
    page.get("/desk/hooks/1")
    assert "whsec_" not in page.html and URL in page.html
    page.send("/hooks/1/secret")
    (new,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", page.html)
    assert new != secret and "新旧密钥都签名" in page.text
    assert "whsec_" not in page.get("/desk/hooks/1").html


def test_a_secret_that_nobody_looked_at_is_not_shown_later(page, today):
    form = page.form("/hooks/1/secret").fields
    page.client.post("/desk/hooks/1/secret", data=form)
    today.moment += timedelta(minutes=11)
    assert "whsec_" not in page.get("/desk/hooks/1").html


def test_without_allowed_servers_the_page_says_what_the_operator_has_to_set(staff):
    page = staff("guanli").get("/desk/hooks")
    assert "允许推送的主机" in page.alert and 'name="url"' not in page.html


def test_what_was_typed_stays_beside_what_is_wrong(allowed, staff):
    page = staff("guanli").get("/desk/hooks")
    page.send(
        "/desk/hooks", hook_name="县 OA", url="https://elsewhere.example/in", which_events="chosen",
        events=["receive"], below="yes",
    )  # fmt: skip
    assert page.status == 422 and "运行人员允许的是 https://oa.example" in page.alert
    form = page.form("/desk/hooks")
    assert form.fields["hook_name"] == ["县 OA"]
    assert form.fields["url"] == ["https://elsewhere.example/in"]
    assert re.search(r'value="receive" checked', page.html)
    assert re.search(r'name="below" value="yes" checked', page.html)
    page.send("/desk/hooks", url=URL)
    assert page.path == "/desk/hooks/1"
    assert re.search(r'value="receive" checked', page.html)
    assert not re.search(r'value="archive" checked', page.html)


def test_deliveries_are_seen_with_number_and_event_and_sent_again(page, visitor, office):
    number, _ = file(visitor)
    outbox = HookOutbox(office)
    one = outbox.claim()
    assert page.get("/desk/hooks/1").text.count("等前一条送达") == 1
    outbox.not_sent(one, "对方说不再接收（410）", 410, final=True)
    said = page.get("/desk/hooks/1").text
    assert f"提交申请 {number}" in said and "没有送达 410" in said and "张" not in said
    said = page.get("/desk/hooks/1?state=waiting").text
    assert f"收到并登记 {number}" in said and "等前一条送达" not in said
    assert "提交申请 " not in page.get("/desk/hooks/1?state=waiting").text.partition("修改")[0]
    assert "没有送达" in page.get("/desk/hooks").text
    page.get("/desk/hooks/1").send(r"/deliveries/" + str(one.id) + "/again")
    assert "已经放入待发" in page.text and outbox.claim().key == one.key
    form = page.form("/hooks/1/test").fields
    assert page.post("/desk/hooks/1/deliveries/999/again", form).status == 404
    assert page.post("/desk/hooks/9/test", form).status == 404


def test_all_that_failed_since_a_day_is_sent_again(page, visitor, office, today):
    today.is_("2024-04-30")
    file(visitor)
    outbox = HookOutbox(office)
    outbox.not_sent(outbox.claim(), "对方说不再接收（410）", 410, final=True)
    today.is_("2024-05-06")
    page.get("/desk/hooks/1").send("/hooks/1/failed", since="昨天")
    assert page.status == 422 and "从哪一天起" in page.alert
    page.get("/desk/hooks/1").send("/hooks/1/failed", since="2024-05-06")
    assert "没有未送达的" in page.text
    earliest = page.form("/hooks/1/failed").fields["since"]
    assert earliest == ["2024-04-30"]
    page.send("/hooks/1/failed")
    assert "1 条已经重新放入待发" in page.text
    page.get("/desk/hooks/1")
    assert "/hooks/1/failed" not in page.html, "nothing failed any more"


def test_why_something_still_waits_is_said(page, visitor, office):
    file(visitor)
    file(visitor)
    outbox = HookOutbox(office)
    outbox.not_sent(outbox.claim(), "对方连接不上", NOT_REACHED)
    said = page.get("/desk/hooks/1").text
    assert said.count("等前一条送达") == 2
    assert said.count("2024 年 5 月 6 日 10:05 以后推送") == 1
    assert said.count("2024 年 5 月 6 日 10:01 再试") == 1 and "，2024" not in said


def test_what_is_being_sent_stands_among_what_waits(page, visitor, office):
    file(visitor)
    HookOutbox(office).claim()
    assert "正在推送" in page.get("/desk/hooks/1?state=waiting").text


def test_a_trial_goes_the_way_of_all_deliveries(page, office):
    page.send("/hooks/1/test")
    assert "测试已经放入待发" in page.text
    assert HookOutbox(office).claim().url == URL


def test_an_address_is_switched_off_changed_and_removed(page, staff):
    page.get("/desk/hooks/1").send("/hooks/1/change", hook_name="省平台")
    assert "已经保存" in page.text and page.get("/desk/hooks/1").send("/hooks/1/change")
    assert "没有变动" in page.text
    form = page.form("/hooks/1/change").fields
    page.post("/desk/hooks/1/change", {k: v for k, v in form.items() if k != "active"})
    assert "已停用" in page.text and "/hooks/1/test" not in page.html
    page.send("/hooks/1/remove", sure=[])
    assert page.status == 422 and "请先勾选确认" in page.html
    page.send("/hooks/1/remove", sure="yes")
    assert page.path == "/desk/hooks" and "推送地址“省平台”已经删除" in page.text
    assert page.get("/desk/hooks/1").status == 404


def test_only_who_administers_sees_the_pages(page, staff):
    assert ">数据推送</a>" in page.html
    for name in ("lifang", "sunli"):
        other = staff(name)
        assert ">数据推送</a>" not in other.get("/desk/inbox").html
        assert other.get("/desk/hooks").status == 403
        assert other.get("/desk/hooks/1").status == 403


def test_the_same_address_again_is_told_at_its_field(page):
    page.get("/desk/hooks").send("/desk/hooks", hook_name="又一个", url=URL)
    assert page.status == 422 and "已经有推送到这个地址的“县 OA”" in page.alert
    assert page.form("/desk/hooks").fields["url"] == [URL]


def test_what_is_under_way_is_not_sent_again_and_the_page_says_so(page, visitor, office):
    file(visitor)
    outbox = HookOutbox(office)
    one = outbox.claim()
    outbox.not_sent(one, "对方没有收下（500）", 500)
    page.get("/desk/hooks/1")
    form = page.form(f"/deliveries/{one.id}/again").fields
    for said, claimed in (("已经放入待发", False), ("已经在等待推送", False), ("正在推送", True)):
        if claimed:
            assert outbox.claim().key == one.key
        page.post(f"/desk/hooks/1/deliveries/{one.id}/again", form)
        assert said in page.text and "送达情况" in page.text and "县 OA" in page.text
    assert page.status == 422
    page.post("/desk/hooks/1/deliveries/999/again", form)
    assert page.status == 404 and "没有这一条送达记录" in page.text


def test_what_a_change_means_for_what_waits_is_said(page):
    form = page.get("/desk/hooks/1").form("/hooks/1/change").fields
    page.post("/desk/hooks/1/change", {k: v for k, v in form.items() if k != "active"})
    assert "停用了。已经在等待的留着" in page.text
    page.post("/desk/hooks/1/change", form)
    assert "等待推送的按这里的地址发出" in page.text
