"""Each channel gets its message to a real server, and says what became of it when the server does not
behave."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.smtp import AuthResult

from config.channels import load_channels
from config.settings import load
from notifications.channels import Permanent, Temporary, Unclear, open_channel
from notifications.channels.http import Timing
from notifications.channels.mail import _dotted
from notifications.channels.webhook import signature
from tests.notifications.receivers import closed_port, gateway, mail_server, silent_server, tls
from workflow.dates import SHANGHAI
from workflow.service.messages.outbox import Outgoing

MESSAGE = Outgoing(
    id=1, key="k" * 64, claim="c", channel="mail", kind="reminder", level="yellow",
    text="申请 2026-0001 的答复期限是 2026 年 11 月 30 日，还有 4 个工作日", about="2026-0001",
    day=datetime(2026, 11, 24).date(), due=datetime(2026, 11, 30).date(),
    created_at=datetime(2026, 11, 24, 9, tzinfo=SHANGHAI), attempts=0,
    address="li.fang@office.example", person="lifang", agency="panlong",
)  # fmt: skip


def sending(name, message=MESSAGE, address=None, seconds=None, **settings):
    """Send through a channel with these settings; what was said, and how often it was handed over."""
    environ = {f"GONGKAI_{key.upper()}": str(value) for key, value in settings.items()}
    channel = open_channel(load_channels()[name], load(environ))
    if seconds and name == "mail":
        channel.connect_seconds, channel.whole_seconds = seconds, seconds
    elif seconds:
        channel.timing = Timing(seconds, seconds)
    handed = []
    given = replace(message, address=address) if address is not None else message
    try:
        return channel.send(given, lambda: handed.append(1)), len(handed)
    except (Temporary, Permanent, Unclear) as problem:
        return problem, len(handed)


def mailing(port, **more):
    seconds = more.pop("seconds", None)
    message = more.pop("message", MESSAGE)
    address = more.pop("address", None)
    settings = {
        "smtp_host": "localhost", "smtp_port": port, "smtp_security": "none",
        "mail_from": "公开办 <gongkai@town.example>", **more,
    }  # fmt: skip
    return sending("mail", message, address, seconds, **settings)


# -- mail ---------------------------------------------------------------------------------------------


def test_mail_arrives_with_the_number_and_the_days_and_an_id_of_its_own():
    with mail_server() as box:
        said, handed = mailing(box.port)
    (mail,) = box.mails
    assert (said, handed) == ("邮件服务器已经收下（250）", 1)
    assert box.to == ["li.fang@office.example"]
    assert mail["Subject"] == "依申请公开提醒：2026-0001"
    assert mail["Message-ID"] == f"<{'k' * 64}@town.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().startswith(MESSAGE.text)


def test_the_same_message_makes_the_same_mail():
    with mail_server() as box:
        mailing(box.port)
        mailing(box.port)
    for mail in box.mails:
        del mail["X-Peer"]
    assert box.mails[0].as_bytes() == box.mails[1].as_bytes()


def test_a_line_that_is_only_a_dot_does_not_end_the_mail():
    assert _dotted(b"a\r\n.\r\n..b") == b"a\r\n..\r\n...b\r\n.\r\n"


def test_mail_is_encrypted_by_starttls_and_logs_in(certificate):
    def logged_in(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (b"office", b"hush-hush")
        return AuthResult(success=right, handled=False)

    settings = {"smtp_security": "starttls", "smtp_ca_file": certificate, "smtp_user": "office"}
    with mail_server(
        tls_context=tls(certificate), require_starttls=True, auth_required=True,
        authenticator=logged_in,
    ) as box:  # fmt: skip
        wrong, handed = mailing(box.port, **settings, smtp_password="wrong")
        assert isinstance(wrong, Temporary) and handed == 0
        assert str(wrong) == "邮件服务器不接受用户名或者密码"
        said, _ = mailing(box.port, **settings, smtp_password="hush-hush")
        assert said == "邮件服务器已经收下（250）"
    assert len(box.mails) == 1


def test_no_mail_goes_to_a_server_whose_certificate_is_not_trusted(certificate):
    with mail_server(tls_context=tls(certificate), require_starttls=True) as box:
        problem, handed = mailing(box.port, smtp_security="starttls")
    assert isinstance(problem, Temporary) and "证书" in str(problem)
    assert (handed, box.mails) == (0, [])


def test_no_mail_goes_in_the_clear_where_tls_is_demanded():
    with mail_server() as box:
        problem, handed = mailing(box.port, smtp_security="starttls")
    assert isinstance(problem, Temporary)
    assert (handed, box.mails) == (0, [])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("450 busy <li.fang@office.example>", Temporary),
        ("550 no <li.fang@office.example>", Permanent),
    ],
)
def test_refused_recipient_is_for_now_or_for_good_and_was_not_sent(answer, kind):
    with mail_server() as box:
        box.answer_rcpt = answer
        problem, handed = mailing(box.port)
    assert type(problem) is kind and handed == 0
    assert "@" not in str(problem)


@pytest.mark.parametrize(("answer", "kind"), [("451 later", Temporary), ("554 spam", Permanent)])
def test_refused_mail_is_for_now_or_for_good(answer, kind):
    with mail_server() as box:
        box.answer_data = answer
        problem, handed = mailing(box.port)
    assert type(problem) is kind and handed == 1


def test_mail_server_that_is_not_there_got_nothing():
    problem, handed = mailing(closed_port())
    assert isinstance(problem, Temporary) and handed == 0


def test_mail_server_that_never_speaks_is_hung_up_on():
    with silent_server() as port:
        problem, handed = mailing(port, seconds=0.5)
    assert isinstance(problem, Temporary) and handed == 0


def test_mail_taken_and_confirmed_too_late_is_unclear():
    with mail_server() as box:
        box.wait_seconds = 2
        problem, handed = mailing(box.port, seconds=0.7)
    assert isinstance(problem, Unclear) and handed == 1
    assert len(box.mails) == 1


def test_an_address_cannot_smuggle_in_a_header():
    with mail_server() as box:
        problem, handed = mailing(box.port, address="a@b.example\nBcc: c@d.example")
    assert isinstance(problem, Permanent) and handed == 0
    assert box.mails == []


# -- SMS ----------------------------------------------------------------------------------------------


def test_sms_gateway_gets_phone_text_and_key_as_json():
    with gateway() as seen:
        said, handed = sending("sms", address="13800000000", sms_url=seen.url)
    (call,) = seen.calls
    assert (said, handed) == ("短信网关已经收下（200）", 1)
    assert json.loads(call.body) == {
        "phone": "13800000000",
        "text": MESSAGE.text,
        "id": MESSAGE.key,
    }
    assert call.headers["Idempotency-Key"] == MESSAGE.key


def test_sms_gateway_can_want_a_form_headers_and_a_word_of_success():
    settings = {
        "sms_type": "application/x-www-form-urlencoded",
        "sms_body": "mobile={phone}&msg={text}&uid={key}",
        "sms_headers": "X-App: town; Authorization: Bearer hush",
        "sms_success": '"errcode": 0',
    }
    with gateway() as seen:
        said, _ = sending("sms", address="13800000000", sms_url=seen.url, **settings)
        assert said == "短信网关已经收下（200）"
        seen.answer = '{"errcode": 7}'
        problem, _ = sending("sms", address="13800000000", sms_url=seen.url, **settings)
    assert isinstance(problem, Permanent)
    call = seen.calls[0]
    assert parse_qs(call.body.decode()) == {
        "mobile": ["13800000000"], "msg": [MESSAGE.text], "uid": [MESSAGE.key],
    }  # fmt: skip
    assert (call.headers["X-App"], call.headers["Authorization"]) == ("town", "Bearer hush")


def test_sms_gateway_can_be_asked_by_get():
    with gateway() as seen:
        sending("sms", address="13800000000", sms_url=seen.url, sms_method="GET",
                sms_body="to={phone}&text={text}")  # fmt: skip
    (call,) = seen.calls
    assert call.method == "GET"
    assert parse_qs(urlsplit(call.path).query) == {
        "key": ["hush"], "to": ["13800000000"], "text": [MESSAGE.text],
    }  # fmt: skip


# -- what every gateway can do wrong ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [(503, Temporary), (429, Temporary), (500, Unclear), (504, Unclear), (400, Permanent),
     (401, Permanent), (302, Permanent)],
)  # fmt: skip
def test_status_of_a_gateway_says_what_became_of_the_message(status, kind):
    with gateway() as seen:
        seen.status = status
        problem, _ = sending("sms", address="13800000000", sms_url=seen.url)
    assert type(problem) is kind
    assert len(seen.calls) == 1
    assert "hush" not in str(problem) and "138" not in str(problem)


def test_gateway_that_is_not_there_got_nothing():
    problem, handed = sending(
        "sms", address="13800000000", sms_url=f"http://127.0.0.1:{closed_port()}/"
    )
    assert isinstance(problem, Temporary) and handed == 0


@pytest.mark.parametrize("how", [{"wait_seconds": 2}, {"drip_seconds": 0.08}, {"hang_up": True}])
def test_gateway_that_took_it_and_is_late_drips_or_hangs_up_is_unclear(how):
    with gateway() as seen:
        for name, value in how.items():
            setattr(seen, name, value)
        problem, handed = sending("sms", address="13800000000", seconds=0.7, sms_url=seen.url)
    assert isinstance(problem, Unclear) and handed == 1
    assert len(seen.calls) == 1


def test_gateway_that_never_answers_is_hung_up_on():
    with silent_server() as port:
        problem, _ = sending(
            "sms", address="13800000000", seconds=0.5, sms_url=f"http://127.0.0.1:{port}/"
        )
    assert isinstance(problem, Unclear)


# -- webhook and robots -------------------------------------------------------------------------------


def test_webhook_is_signed_over_time_and_body():
    with gateway() as seen:
        sending("webhook", webhook_url=seen.url, webhook_secret="between us")
    (call,) = seen.calls
    expected = hmac.new(
        b"between us",
        call.headers["X-Gongkai-Timestamp"].encode() + b"." + call.body,
        hashlib.sha256,
    ).hexdigest()
    assert call.headers["X-Gongkai-Signature"] == f"sha256={expected}"
    assert (
        signature("another", call.headers["X-Gongkai-Timestamp"], call.body) != f"sha256={expected}"
    )
    body = json.loads(call.body)
    assert body["id"] == call.headers["Idempotency-Key"] == MESSAGE.key
    assert (body["agency"], body["number"]) == ("panlong", "2026-0001")
    assert (body["user"], body["due"]) == ("lifang", "2026-11-30")


def test_wecom_robot_gets_its_shape():
    with gateway() as seen:
        said, _ = sending("wecom", wecom_url=seen.url)
    assert said == "群机器人已经收下"
    assert json.loads(seen.calls[0].body) == {
        "msgtype": "text", "text": {"content": f"依申请公开提醒：{MESSAGE.text}"},
    }  # fmt: skip


MENTIONING = replace(MESSAGE, mentions=("13800000000", "lifang"))


def test_wecom_robot_mentions_accounts_and_mobiles_outside_the_text():
    with gateway() as seen:
        sending("wecom", MENTIONING, wecom_url=seen.url)
    assert json.loads(seen.calls[0].body)["text"] == {
        "content": f"依申请公开提醒：{MESSAGE.text}",
        "mentioned_list": ["lifang"],
        "mentioned_mobile_list": ["13800000000"],
    }


def test_dingtalk_robot_mentions_accounts_and_mobiles_outside_the_text():
    with gateway() as seen:
        sending("dingtalk", MENTIONING, dingtalk_url=seen.url)
    body = json.loads(seen.calls[0].body)
    assert body["at"] == {
        "atUserIds": ["lifang"], "atMobiles": ["13800000000"], "isAtAll": False,
    }  # fmt: skip
    assert body["text"] == {"content": f"依申请公开提醒：{MESSAGE.text}"}


def test_feishu_robot_mentions_by_open_id_and_shows_no_account():
    with gateway() as seen:
        sending("feishu", replace(MESSAGE, mentions=("ou_a1",)), feishu_url=seen.url)
    assert json.loads(seen.calls[0].body)["content"]["text"] == (
        f'依申请公开提醒：{MESSAGE.text} <at user_id="ou_a1"></at>'
    )


def test_webhook_says_by_which_account_its_receiver_knows_the_person():
    with gateway() as seen:
        sending(
            "webhook", replace(MESSAGE, account="li-7"), webhook_url=seen.url, webhook_secret="s"
        )
    assert json.loads(seen.calls[0].body)["account"] == "li-7"


def test_dingtalk_robot_is_signed_in_its_address():
    with gateway() as seen:
        sending("dingtalk", dingtalk_url=seen.url, dingtalk_secret="SECabc")
    query = parse_qs(urlsplit(seen.calls[0].path).query)
    stamp = query["timestamp"][0]
    expected = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(expected).decode()]
    assert re.fullmatch(r"\d{13}", stamp)
    assert json.loads(seen.calls[0].body)["msgtype"] == "text"


def test_feishu_robot_is_signed_in_its_body():
    with gateway() as seen:
        sending("feishu", feishu_url=seen.url, feishu_secret="abc")
    body = json.loads(seen.calls[0].body)
    expected = hmac.new(f"{body['timestamp']}\nabc".encode(), b"", hashlib.sha256).digest()
    assert body["sign"] == base64.b64encode(expected).decode()
    assert (body["msg_type"], list(body["content"])) == ("text", ["text"])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [('{"errcode": 45009}', Temporary), ('{"errcode": 93000}', Permanent), ("<html>", Unclear),
     ("[]", Unclear)],
)  # fmt: skip
def test_robot_that_says_no_in_its_body_is_heard(answer, kind):
    with gateway() as seen:
        seen.answer = answer
        problem, _ = sending("wecom", wecom_url=seen.url)
    assert type(problem) is kind
