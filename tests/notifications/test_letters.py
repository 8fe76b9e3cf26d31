"""Mails in the hands of others: what three readers find in them, how they hang together, how they are refused."""

import re
import secrets
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import compat32, default
from html.parser import HTMLParser

import mailparser
import pytest
from click.testing import CliRunner

from config.channels import load_channels
from config.settings import load
from notifications.channels import Temporary
from notifications.channels.mail import Mail
from notifications.commands import worker
from tests.notifications.test_channels import MESSAGE
from tests.stores import for_others
from workflow.service.installation import TO_FILL, new_office
from workflow.service.messages.channels import Channels
from workflow.service.messages.outbox import Outbox
from workflow.store.message_models import MessageRow
from workflow.store.messages import add_message

SITE = "https://town.example"
TOLD = replace(
    MESSAGE, kind="applicant", refusal="1f-abc", body="盘龙乡人民政府", thread="ab" * 20,
    text="申请 2026-0001 已经答复；申请 2026-0001 <b>&amp;", level="info",
)  # fmt: skip


def posted(message=TOLD, mail_from="公开办 <gongkai@town.example>", site_url=SITE) -> bytes:
    environ = {
        "GONGKAI_SMTP_HOST": "localhost",
        "GONGKAI_MAIL_FROM": mail_from,
        "GONGKAI_SITE_URL": site_url,
    }
    return Mail(load(environ)).letter(message).as_bytes()


def read(message=TOLD, **given) -> EmailMessage:
    found = message_from_bytes(posted(message, **given), policy=default)
    assert isinstance(found, EmailMessage)
    return found


class Words(HTMLParser):
    """The words and links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        assert tag not in ("img", "script", "link", "iframe"), "nothing is fetched when it is read"
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data):
        self.words.append(data.strip())


def by_email(raw: bytes) -> tuple[str, str, str, str]:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and page is not None
    shown = mail["From"].addresses[0].display_name
    return shown, mail["Subject"], text.get_content(), page.get_content()


def by_mail_parser(raw: bytes) -> tuple[str, str, str, str]:
    mail = mailparser.parse_from_bytes(raw)
    assert not mail.defects and not mail.attachments
    ((shown, _),) = mail.from_
    (text,), (page,) = mail.text_plain, mail.text_html
    return shown, mail.subject, text, page


def by_the_old_rules(raw: bytes) -> tuple[str, str, str, str]:
    """As readers do that know of RFC 2047 and take a mail apart by themselves."""
    from email.header import decode_header, make_header

    mail = message_from_bytes(raw, policy=compat32)
    shown, subject = (str(make_header(decode_header(mail[name]))) for name in ("From", "Subject"))
    text, page = (part.get_payload(decode=True).decode() for part in mail.get_payload())
    return shown.partition(" <")[0], subject, text, page


@pytest.mark.parametrize("reader", [by_email, by_mail_parser, by_the_old_rules])
def test_every_reader_finds_the_body_the_words_and_the_page(reader):
    shown, subject, text, page = reader(posted())
    assert shown == "盘龙乡人民政府（公开办）"
    assert subject == "依申请公开提醒：2026-0001（盘龙乡人民政府）"
    assert text.splitlines()[:2] == ["申请 2026-0001 已经答复；", "申请 2026-0001 <b>&amp;"]
    assert "盘龙乡人民政府" in text and f"{SITE}/query" in text
    told = Words(page)
    assert {"申请 2026-0001 已经答复；", "申请 2026-0001 <b>&amp;", "盘龙乡人民政府"} <= {
        *told.words
    }
    assert told.links == [f"{SITE}/query", f"{SITE}/refuse/1f-abc"]


def test_page_says_to_readers_in_the_dark_that_it_has_no_colours_of_its_own():
    *_, page = by_email(posted())
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "color-scheme: light dark" in page
    assert not re.search(r"(background|[^-]color)\s*:|#[0-9a-f]{3}", page)


def test_mail_goes_through_servers_that_take_seven_bits_and_short_lines():
    raw = posted(replace(TOLD, text="提醒 12 件：" + "申请 2026-0001，还有 4 个工作日；" * 40))
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("mail_from", "body", "shown"),
    [
        ("公开办 <a@b.example>", "", "公开办"),
        ("a@b.example", "盘龙乡", "盘龙乡"),
        ("盘龙乡 <a@b.example>", "盘龙乡", "盘龙乡"),
        ('"盘龙, 乡" <a@b.example>', "", "盘龙， 乡"),
        ("a@b.example", "A局(试点), B\n局", "A局（试点）， B 局"),
        ("a@b.example", "", ""),
    ],
)
def test_sender_is_the_body_under_the_address_of_the_installation(mail_from, body, shown):
    (address,) = read(replace(TOLD, body=body), mail_from=mail_from)["From"].addresses
    assert (address.display_name, address.addr_spec) == (
        shown,
        mail_from.partition("<")[2].strip(">") or mail_from,
    )


@pytest.mark.parametrize("mail_from", ["公开办", "a b@c.example", "<>", "a@"])
def test_sender_that_is_no_address_waits_for_the_operator(mail_from):
    with pytest.raises(Temporary, match="mail_from"):
        posted(mail_from=mail_from)


def test_mails_about_a_case_hang_together_and_others_do_not():
    first, second = read(), read(replace(TOLD, key="z" * 64, text="另一件事"))
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == first["In-Reply-To"] == f"<{'ab' * 20}@town.example>"
    assert first["References"] == second["References"] and first["Subject"] == second["Subject"]
    alone = read(replace(TOLD, thread=""))
    assert alone["References"] is None and alone["In-Reply-To"] is None


def test_applicant_can_refuse_with_one_click_of_their_mailbox():
    mail = read()
    assert mail["List-Unsubscribe"] == f"<{SITE}/refuse/1f-abc>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "message", [MESSAGE, replace(MESSAGE, of_account=True, person="", kind="reminder")]
)
def test_who_chooses_on_a_page_of_their_own_has_no_click(message):
    mail = read(message)
    assert mail["List-Unsubscribe"] is None and mail["List-Unsubscribe-Post"] is None


def test_without_an_address_of_the_site_there_is_nothing_to_click():
    mail = read(site_url="")
    assert mail["List-Unsubscribe"] is None
    assert "refuse" not in mail.get_body(("html",)).get_content()


# -- from the outbox ------------------------------------------------------------------------------------


def every(outbox: Outbox) -> list:
    found = []
    while (message := outbox.claim("mail")) is not None:
        found.append(message)
    return found


def test_outbox_says_for_each_message_who_says_it_and_about_which_case(street):
    town = street("2024-05-06", "mail")
    number = town.file().number
    town.file("jiangna", email="li.si@applicant.example")
    town.act("lifang", number, "require_correction", "2024-05-07", reached_on="2024-05-07",
             deadline_on="2024-05-17", defects=["写明年度"])  # fmt: skip
    found = [one for one in every(town.outbox) if one.kind == "applicant"]
    panlong = [one for one in found if one.body == "盘龙彝族乡人民政府"]
    jiangna = [one for one in found if one.body == "江那镇人民政府"]
    assert (len(panlong), len(jiangna)) == (2, 1) and len(found) == 3
    assert panlong[0].about == jiangna[0].about, "numbers repeat between bodies"
    assert panlong[0].thread == panlong[1].thread != jiangna[0].thread
    assert re.fullmatch("[0-9a-f]{40}", jiangna[0].thread)


def test_digest_of_two_bodies_names_neither(street):
    town = street("2024-05-06", "mail")
    made = {one.id: one for one in (digest(town, "panlong"), digest(town, "panlong", "jiangna"))}
    names = {one.text: one.body for one in every(town.outbox) if one.id in made}
    assert names == {"panlong": "盘龙彝族乡人民政府", "panlong jiangna": ""}


def digest(town, *bodies: str) -> MessageRow:
    """A digest for a member of staff, of one message of each body."""
    with town.office.store.write() as unit:
        user, now = unit.user("lifang"), town.now

        def add(body: str, text: str, **more) -> MessageRow:
            row = add_message(
                unit, key=secrets.token_hex(32), channel="mail", user_id=user.id, moment="x", text=text,
                agency_id=town.office.found_agency(unit, body).id, day=now.date(), created_at=now,
                not_before=now, **more,
            )  # fmt: skip
            assert row is not None
            return row

        made = add(bodies[0], " ".join(bodies), kind="digest")
        for body in bodies:
            add(body, body, kind="reminder", state="gathered", digest_id=made.id)
        return made


# -- what stays in the house ----------------------------------------------------------------------------


def without_mail(town) -> Channels:
    town.office.channels = (load_channels()["in_app"],)
    return Channels(town.office)


def test_what_waits_for_a_channel_that_is_gone_is_said(street):
    town = street("2024-05-06", "mail", "sms")
    town.file()
    assert Channels(town.office).closed(load({})) == []
    nothing, mail, sms = without_mail(town).closed(load({"GONGKAI_SMTP_HOST": "localhost"}))
    assert "不会发出任何邮件或者短信" in nothing and nothing.endswith("请设置 mail_from")
    assert mail == "有 1 条消息在等通道“电子邮件”，它开通以后才会发出"
    assert sms == "有 1 条消息在等通道“短信”，它开通以后才会发出"


def test_office_that_sends_sms_alone_says_that_no_mail_goes(street):
    town = street("2024-05-06", "sms")
    assert Channels(town.office).closed(load({})) == [
        "没有开通电子邮件，不会发出邮件；开通请设置 smtp_host、mail_from"
    ]


def test_health_counts_what_waits_where_closed_and_what_nobody_tried_where_open(street):
    town = street("2024-05-06", "mail")
    town.file()

    def mail(channels: Channels) -> tuple[int, int]:
        health = channels.health(town.staff("chen"), load({}))
        return next((one.waiting, one.lying) for one in health if one.kind.name == "mail")

    assert mail(Channels(town.office)) == (0, 0)
    town.later(minutes=61)
    assert mail(Channels(town.office)) == (0, 1)
    town.outbox.later(town.outbox.claim("mail"), "邮件服务器连接不上")
    town.later(days=1)
    assert mail(Channels(town.office)) == (0, 0), "it was tried"
    assert mail(without_mail(town)) == (1, 0)


def test_worker_without_a_mail_server_says_so_when_it_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GONGKAI_DATABASE_URL", for_others(tmp_path / "gongkai.db"))
    new_office(load(), wanted=TO_FILL).store.close()
    done = CliRunner().invoke(worker, ["--once"])
    assert done.exit_code == 0 and "处理了 0 条消息" in done.output
    assert "注意：没有开通对外的通道" in done.output
    monkeypatch.setenv("GONGKAI_SMTP_HOST", "localhost")
    monkeypatch.setenv("GONGKAI_MAIL_FROM", "a@town.example")
    assert "注意" not in CliRunner().invoke(worker, ["--once"]).output
