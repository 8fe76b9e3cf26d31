"""Messages on the pages: inbox, wishes, stand-in, record, channels, morning sheet, calendar, refusal."""

import re
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader
from sqlalchemy import delete, select

from config.channels import load_channels
from config.reminders import Moment
from tests.webui.conftest import PASSWORD
from tests.webui.filing import file
from workflow.dates import SHANGHAI
from workflow.people import hash_password
from workflow.reminders.due import Reminder
from workflow.service.accounts import Accounts
from workflow.service.messages.outbox import Outbox
from workflow.service.messages.to_staff import enqueue
from workflow.store.message_models import MessageRow


@pytest.fixture(autouse=True)
def channels(office):
    """The office has mail and SMS; chen administers it."""
    office.channels = tuple(load_channels()[name] for name in ("in_app", "mail", "sms"))
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        Accounts(office).add_user(unit, name="chen", agency=body, roles=("system_admin",))


@pytest.fixture
def filed(visitor, office):
    """Number and query code of an application with an e-mail address, of which the clerk knows."""
    found = file(visitor, email="zhang@applicant.example")
    with office.store.write() as unit:
        unit.session.execute(delete(MessageRow).where(MessageRow.moment == "new_application"))
    return found


@pytest.fixture
def remind(office):
    """Remind the clerk of a case, as a round does."""

    def reminding(number, moment="reply_5", level="yellow", to=("clerk",)):
        nine = datetime.combine(office.today(), time(9), SHANGHAI)
        rung = Moment(
            moment, "答复期限还有 5 个工作日（黄牌）", "reply", to, ("in_app", "mail", "sms"), level,
            "", "条例33(2)",
        )  # fmt: skip
        reminder = Reminder(
            "panlong", number, rung, nine, nine, date(2024, 5, 31), 5,
            f"申请 {number} 还有 5 个工作日",
        )  # fmt: skip
        with office.store.write() as unit:
            enqueue(office, unit, [reminder])

    return reminding


def test_unread_messages_are_counted_in_the_head_until_they_are_read(staff, filed, remind):
    clerk = staff("lifang").get("/desk/")
    assert "条未读" not in clerk.text
    remind(filed[0])
    remind(filed[0], "reply_red", "red")
    clerk.get("/desk/")
    assert "2 条未读" in clerk.text
    clerk.get("/desk/inbox").send("/desk/inbox/read")
    assert "0 条未读" in clerk.text and '<b class="count">' not in clerk.html


def test_inbox_says_why_a_message_came(staff, filed, remind):
    remind(filed[0])
    text = staff("lifang").get("/desk/inbox").text
    assert "为什么发给您：答复期限还有 5 个工作日（黄牌）（条例33(2)）；您是经办人" in text


def test_body_above_reads_whose_case_it_is_and_gets_no_link_to_a_page_that_it_may_not_open(
    staff, filed, remind, office
):
    with office.store.write() as unit:
        county = unit.agency("yanshan") or office.add_agency(
            unit, code="yanshan", name="砚山县人民政府", level="county"
        )
        unit.agency("panlong").parent_id = county.id
        Accounts(office).add_user(unit, name="hegang", agency=county, roles=("office_head",),
                        display_name="何刚", password_hash=hash_password(PASSWORD))  # fmt: skip
    remind(filed[0], "reply_red", "red", to=("above.office_head",))
    head = staff("hegang").get("/desk/inbox")
    assert f"红牌 盘龙彝族乡人民政府：申请 {filed[0]}" in head.text
    assert f"/desk/cases/panlong/{filed[0]}" not in head.html
    remind(filed[0], to=("clerk",))
    clerk = staff("lifang").get("/desk/inbox")
    assert (
        f"/desk/cases/panlong/{filed[0]}" in clerk.html and "盘龙彝族乡人民政府：" not in clerk.text
    )


def test_nobody_reads_or_moves_the_messages_of_another(staff, filed, remind):
    remind(filed[0])
    other = staff("zhaoming").get("/desk/inbox")
    assert "没有消息" in other.text
    token = (
        staff("zhaoming").get("/desk/preferences").form("/desk/preferences").fields["csrf_token"]
    )
    assert (
        other.post("/desk/inbox/1/again", {"when": "tomorrow", "csrf_token": token}).status == 404
    )
    other.post("/desk/inbox/read", {"last": "99", "csrf_token": token})
    assert "1 条未读" in staff("lifang").get("/desk/inbox").text


def test_message_comes_again_when_the_person_says_with_the_days_left_of_that_day(
    staff, filed, remind, today, office
):
    number, _ = filed
    remind(number)
    clerk = staff("lifang").get("/desk/inbox").send("/again", when="three")
    assert "2024 年 5 月 9 日再提醒您。" in clerk.text
    assert "0 条未读" in clerk.text
    today.is_("2024-05-08")
    Outbox(office).gather()
    clerk.log_in("lifang", PASSWORD)
    assert "0 条未读" in clerk.get("/desk/inbox").text
    today.is_("2024-05-09")
    Outbox(office).gather()
    clerk.log_in("lifang", PASSWORD).get("/desk/inbox")
    assert "1 条未读" in clerk.text
    assert f"申请 {number}：期限是 2024 年 5 月 31 日，还有 17 个工作日" in clerk.text
    assert "为什么发给您：您要求再次提醒" in clerk.text


def test_person_chooses_channels_digest_and_moments(staff, filed, remind, office):
    clerk = staff("lifang").get("/desk/preferences")
    clerk.send("/desk/preferences", email="li@office.example", phone="139 0000 0000",
               channels=["mail"], digest_hour="16", moments=["assign"])  # fmt: skip
    assert "提醒方式已经保存" in clerk.text
    assert clerk.form("/desk/preferences").fields["phone"] == ["13900000000"]
    remind(filed[0])  # reply_5 is muted
    remind(filed[0], "reply_0")
    record = staff("chen").get("/desk/record")
    assert record.text.count("还有 5 个工作日") == 2 + 2
    assert "2024 年 5 月 6 日 16:00 起发送" in record.text


def test_wrong_address_stands_at_its_field_and_nothing_is_saved(staff):
    clerk = staff("lifang").get("/desk/preferences")
    clerk.send("/desk/preferences", email="li@", phone="0876-3123456", digest_hour="")
    assert clerk.status == 422
    assert "电子邮箱：请填写有效的电子邮箱" in clerk.alert
    assert "手机：请填写 11 位手机号" in clerk.alert
    assert clerk.form("/desk/preferences").fields["email"] == ["li@"]
    assert clerk.get("/desk/preferences").form("/desk/preferences").fields["email"] == [""]


@pytest.fixture
def robots(office):
    """The office has group robots and a webhook besides mail."""
    names = ("in_app", "mail", "webhook", "wecom", "feishu")
    office.channels = tuple(load_channels()[name] for name in names)


def test_person_gives_accounts_tests_them_and_is_mentioned_in_the_group(staff, robots, office):
    clerk = staff("lifang").get("/desk/preferences")
    assert "企业微信账号，或者在企业微信登记的手机号" in clerk.text
    assert "发到群里并 @ 我" not in clerk.text
    clerk.send("/desk/preferences", email="", phone="", digest_hour="",
               account_wecom=" LiFang ", account_webhook="li-7")  # fmt: skip
    assert clerk.form("/desk/preferences").fields["account_wecom"] == ["LiFang"]
    clerk.send("/preferences/test/wecom")
    assert "测试消息已经放入待发" in clerk.text and "等待发送" in clerk.text
    message = Outbox(office).claim("wecom")
    assert (message.mentions, message.text) == (("LiFang",), "这是一条测试消息，不需要处理。")
    clerk.send("/preferences/test/wecom")
    assert clerk.status == 422 and "请过一分钟再试" in clerk.alert
    clerk.get("/desk/preferences").send("/preferences/test/webhook")
    assert Outbox(office).claim("webhook").account == "li-7"
    assert "LiFang" not in staff("chen").get("/desk/record").html


def test_account_of_another_shape_stands_at_its_field(staff, robots):
    clerk = staff("lifang").get("/desk/preferences")
    clerk.send("/desk/preferences", email="", phone="", digest_hour="",
               account_wecom='x"><at user_id="all">', account_feishu="lifang")  # fmt: skip
    assert clerk.status == 422
    assert "飞书群机器人：请填写飞书用户标识（open_id，以 ou_ 开头）" in clerk.alert
    assert "企业微信（政务微信）群机器人：请填写" in clerk.alert


def test_nobody_tests_a_channel_that_does_not_reach_them(staff, robots):
    clerk = staff("lifang").get("/desk/preferences")
    token = clerk.form("/desk/preferences").fields["csrf_token"]
    for name in ("wecom", "mail", "sms", "in_app", "nothing"):
        assert clerk.post(f"/desk/preferences/test/{name}", {"csrf_token": token}).status == 404


def test_stand_in_is_a_colleague_for_some_days_and_gets_the_messages(staff, filed, remind):
    clerk = staff("lifang").get("/desk/preferences")
    days = {"stand_in_from": "2024-05-06", "stand_in_to": "2024-05-10"}
    clerk.send("/stand-in", stand_in="sunli", **days)
    assert "请选择本机关的另一位工作人员" in clerk.alert
    clerk.get("/desk/preferences").send(
        "/stand-in", stand_in="zhaoming", stand_in_from="2024-05-06", stand_in_to="2024-05-01"
    )
    assert "结束之日早于开始之日" in clerk.alert
    clerk.get("/desk/preferences").send("/stand-in", stand_in="zhaoming", **days)
    assert "2024 年 5 月 6 日到2024 年 5 月 10 日" in clerk.text
    remind(filed[0])
    assert "代理lifang（经办人）" in staff("zhaoming").get("/desk/inbox").text
    clerk.get("/desk/preferences").send("/stand-in", end="yes")
    assert "代理人已经取消" in clerk.text


def test_record_tells_what_was_sent_to_whom_when_whether_and_why(staff, filed, office):
    outbox = Outbox(office)
    message = outbox.claim("mail")
    outbox.handing(message)
    outbox.never(message, "收件人地址被拒绝（550）")
    clerk = staff("lifang").get("/desk/record?state=failed")
    row = clerk.text
    for said in (
        "1 条",
        "没有送达",
        "收件人地址被拒绝（550）",
        "申请人",
        "电子邮件",
        "收到申请（条例31）",
    ):
        assert said in row
    assert "zhang@applicant.example" not in clerk.html and "张三" not in row
    clerk.send("/send-again")
    assert outbox.claim("mail").id == message.id


def test_record_of_another_body_is_not_shown(staff, filed):
    assert "没有记录" in staff("sunli").get("/desk/record").text


def test_administrator_tests_a_channel_through_the_outbox(staff, office):
    admin = staff("chen").get("/desk/preferences")
    admin.send("/desk/preferences", email="chen@office.example", phone="", digest_hour="")
    admin.get("/desk/channels").send("/channels/mail/test")
    assert "测试消息已经放入待发" in admin.text and "等待发送" in admin.text
    outbox = Outbox(office)
    message = outbox.claim("mail")
    assert (message.address, message.text) == (
        "chen@office.example",
        "这是一条测试消息，不需要处理。",
    )
    for _ in range(3):
        outbox.later(message, "邮件服务器连接不上")
        with office.store.write() as unit:
            row = unit.session.get(MessageRow, message.id)
            row.claim, row.state = message.claim, "claimed"
    admin.get("/desk/channels")
    assert "连续 3 次没有发出" in admin.text and "邮件服务器连接不上" in admin.text
    assert "有通道连续没有发出消息：电子邮件" in admin.get("/desk/inbox").text
    assert "/test" not in staff("lifang").get("/desk/channels").html


def test_channel_page_says_whether_anything_sends_at_all(staff, office):
    admin = staff("chen").get("/desk/channels")
    assert "发送程序没有运行" in admin.alert
    Outbox(office).lead("somebody")
    assert "发送程序 正在运行" in admin.get("/desk/channels").text


def test_channel_page_says_what_waits_and_what_was_never_tried(staff, filed, office):
    admin = staff("chen")
    assert "条消息" not in admin.get("/desk/channels").text
    with office.store.write() as unit:
        (row,) = unit.session.scalars(select(MessageRow).where(MessageRow.channel == "mail"))
        row.not_before -= timedelta(minutes=61)
    assert "有 1 条消息早该发出" in admin.get("/desk/channels").text
    office.channels = (load_channels()["in_app"],)
    assert "有 1 条消息在等它开通" in admin.get("/desk/channels").text


def test_channel_page_says_what_a_channel_lacks_and_no_secret(staff):
    text = staff("chen").get("/desk/channels").text
    assert "还没有配置接收网络接口的地址和密钥" in text


def test_morning_sheet_lists_numbers_and_days_and_nothing_else(staff, filed, today):
    today.is_("2024-05-24")
    clerk = staff("lifang").get("/desk/morning")
    assert filed[0] in clerk.text and "还有 5 个工作日" in clerk.text
    clerk.get("/desk/morning.pdf")
    assert clerk.page.mimetype == "application/pdf"
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(clerk.page.data)).pages)
    assert filed[0] in paper and "还有 5 个工作日" in paper and "2024 年 5 月 24 日" in paper
    for secret in ("张三", "农村公路", "13800000000"):
        assert secret not in clerk.get("/desk/morning").text and secret not in paper


def test_calendar_of_due_days_has_a_secret_address_and_only_numbers(staff, visitor, filed):
    clerk = staff("lifang").get("/desk/preferences").send("/preferences/feed")
    address = re.search(r"<code>(http[^<]+)</code>", clerk.html)[1]
    path = address.partition("localhost")[2]
    visitor.get(path)
    assert visitor.page.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(visitor.page.data).walk("VEVENT")
    assert event["summary"] == f"申请 {filed[0]}（已登记）到期"
    assert event["dtstart"].dt == date(2024, 5, 31)
    assert "张三" not in visitor.html and "公路" not in visitor.html
    clerk.get("/desk/preferences").send("/preferences/feed")
    assert visitor.get(path).status == 404
    assert visitor.get("/feed/1-" + "0" * 40 + ".ics").status == 404


def test_applicant_reads_on_the_receipt_how_they_will_be_told(visitor, filed):
    assert visitor.path == "/apply/done" and "只写编号和要做什么，不写内容" in visitor.text
    assert visitor.form("/apply/done").fields["channels"] == ["mail", "sms"]


def test_applicant_refuses_by_the_link_of_a_message_after_a_click(visitor, filed, office):
    message = Outbox(office).claim("mail")
    visitor.get(f"/refuse/{message.refusal}")
    assert filed[0] in visitor.text and "已经取消" not in visitor.text
    visitor.send(f"/refuse/{message.refusal}")
    assert "已经取消" in visitor.text
    visitor.get("/query").send("/query", number=filed[0], code=filed[1])
    assert 'name="channels" value="mail" checked' not in visitor.html
    visitor.send("/query/case/telling", channels=["mail"])
    assert "通知方式已经保存" in visitor.text
    assert re.search(r'name="channels" value="mail" checked', visitor.html)


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "application/x-www-form-urlencoded"]
)
def test_mailbox_refuses_for_its_reader_with_one_click(app, visitor, filed, office, content_type):
    """RFC 8058, 3.2: no cookie, nothing of a page, and an answer that is no redirect."""
    message = Outbox(office).claim("mail")
    mailbox = app.test_client(use_cookies=False)
    for _ in range(2):  # a provider may ask again
        answer = mailbox.post(
            f"/refuse/{message.refusal}",
            data={"List-Unsubscribe": "One-Click"},
            content_type=content_type,
        )
        assert answer.status_code == 200 and "已经取消" in answer.text
        assert "Set-Cookie" not in answer.headers
    visitor.get("/query").send("/query", number=filed[0], code=filed[1])
    assert 'name="channels" value="mail" checked' not in visitor.html
    wrong = message.refusal[:-1] + ("0" if message.refusal[-1] != "0" else "1")
    assert (
        mailbox.post(f"/refuse/{wrong}", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    )


def test_refusal_link_cannot_be_guessed(visitor, filed, office):
    token = Outbox(office).claim("mail").refusal
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    for guess in (wrong, "1", "1-", "zz-00", "99999999-" + token[2:]):
        assert visitor.get(f"/refuse/{guess}").status == 404


def test_refused_applicant_gets_no_further_message(visitor, filed, office, staff):
    outbox = Outbox(office)
    visitor.get("/query").send("/query", number=filed[0], code=filed[1])
    visitor.send("/query/case/telling", channels=[])
    staff("lifang").act(filed[0], "require_correction", on="2024-05-06", reached_on="2024-05-06",
                        deadline_on="2024-05-20")  # fmt: skip
    assert outbox.claim("sms") is None


def test_no_address_of_the_pages_of_messages_holds_personal_data(staff, visitor, filed, remind):
    remind(filed[0])
    clerk = staff("lifang").get("/desk/preferences").send("/preferences/feed")
    found = []
    for path in ("inbox", "preferences", "record", "channels", "morning"):
        clerk.get(f"/desk/{path}")
        assert clerk.status == 200
        found += re.findall(r'(?:href|action|src)="([^"]+)"|<code>([^<]+)</code>', clerk.html)
    visitor.get("/query").send("/query", number=filed[0], code=filed[1])
    found += re.findall(r'(?:href|action|src)="([^"]+)"', visitor.html)
    addresses = " ".join("".join(pair) for pair in found)
    assert "/feed/" in addresses and "/desk/cases/panlong/2024-0001" in addresses
    for secret in ("张", "%E5%BC%A0", "138", "@", "applicant.example", filed[1]):
        assert secret not in addresses
