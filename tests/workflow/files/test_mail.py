"""Mails of Chinese programs: charsets, parts within parts, what hangs on them, when they came."""

from base64 import b64encode
from datetime import datetime

import pytest

from tests.samples import pdf
from tests.workflow.files.mails import mail, word
from workflow.dates import SHANGHAI
from workflow.files import BadContent, checked
from workflow.files.mail import (
    MAIL,
    looks_like_mail,
    read_mail,
    text_of,
    text_of_page,
    told_by_mail,
)
from workflow.refusal import Refused


def test_sender_subject_text_and_files():
    found = read_mail(mail("第一行\n第二行", hanging=[("合同.pdf", b"x")]))
    assert (found.sender_name, found.sender_address) == ("张三", "zhang@example.cn")
    assert (found.subject, found.text) == ("申请公开", "第一行\n第二行")
    assert [(one.name, one.content) for one in found.hanging] == [("合同.pdf", b"x")]


def test_it_came_when_the_mailbox_took_it_and_not_when_it_was_sent():
    raw = mail("x", received="Fri, 27 Nov 2026 15:59:59 +0000")
    raw = raw.replace(b"From:", b"Received: from x; Thu, 26 Nov 2026 01:00:00 +0800\nFrom:", 1)
    found = read_mail(raw)
    assert found.arrived_at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=SHANGHAI)
    assert found.sent_at == datetime(2024, 5, 4, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "said", ["", "yesterday", "Fri, 99 Foo 2026", "Fri, 01 Jan 1971 00:00:00 +0800"]
)
def test_a_day_that_cannot_be_believed_is_none(said):
    assert read_mail(mail("x", received=said)).arrived_at is None


@pytest.mark.parametrize(
    "said", ["gb2312", "GBK", "gb18030", "x-gbk", "cp936", "euc-cn", "gb_2312-80", "x-euc-cn"]
)
def test_words_that_name_gb2312_and_use_more_than_it(said):
    header = b"From: " + word("张镕㐀喆", "gb18030", said) + b" <a@b.cn>\nSubject: x\n\n"
    assert read_mail(header + b"x").sender_name == "张镕㐀喆"
    body = f"Content-Type: text/plain; charset={said}\n\n".encode() + "喆镕㐀".encode("gb18030")
    assert read_mail(b"From: a@b.cn\nSubject: x\n" + body).text == "喆镕㐀"


def test_a_character_that_is_parted_between_two_words_of_a_header():
    raw = "政府信息公开".encode("gbk")
    parts = (b"=?gbk?B?" + b64encode(part) + b"?=" for part in (raw[:5], raw[5:]))
    assert (
        read_mail(b"From: a@b.cn\nSubject: " + b"\n ".join(parts) + b"\n\nx").subject
        == "政府信息公开"
    )


@pytest.mark.parametrize("charset", ["gbk", "utf-8"])
def test_bytes_in_headers_without_a_word_on_their_charset(charset):
    raw = '从前\nFrom: 李四 <li@x.cn>\nSubject: 申请\nContent-Type: application/pdf; name="表格.pdf"\n\nx'
    found = read_mail(raw.partition("\n")[2].encode(charset))
    assert (found.sender_name, found.subject) == ("李四", "申请")
    assert found.hanging[0].name == "表格.pdf"


def test_names_of_files_by_rfc_2231():
    said = "".join(f"%{byte:02X}" for byte in "喆.pdf".encode("gbk"))
    raw = f"From: a@b.cn\nSubject: x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=gb2312''{said}\n\nx"
    assert read_mail(raw.encode()).hanging[0].name == "喆.pdf"


def test_a_page_gives_its_words_and_nothing_else():
    page = "<html><head><title>题</title><style>p{}</style></head><body><style>b{}</style><noscript>启用脚本</noscript><p>甲&amp;乙<br>丙</p><script>x()</script><table><tr><td>丁</td></tr></table></body></html>"
    assert text_of_page(page) == "甲&乙\n丙\n\n丁"
    raw = b"From: a@b.cn\nSubject: x\nContent-Type: text/html; charset=gb2312\n\n" + page.encode(
        "gbk"
    )
    assert "甲&乙" in read_mail(raw).text


def test_of_two_writings_the_plain_one_is_taken_once():
    raw = (
        "From: a@b.cn\nSubject: x\nContent-Type: multipart/alternative; boundary=B\n\n"
        "--B\nContent-Type: text/plain; charset=utf-8\n\n纯文字\n"
        "--B\nContent-Type: text/html; charset=utf-8\n\n<p>网页</p>\n--B--\n"
    )
    assert read_mail(raw.encode()).text == "纯文字"
    assert read_mail(raw.replace("纯文字", "").encode()).text == "网页"


def nested(depth, inner="From: in@b.cn\nSubject: 里面\n\n里面的话"):
    for n in range(depth):
        inner = f"From: a@b.cn\nSubject: 外{n}\nContent-Type: multipart/mixed; boundary=B{n}\n\n--B{n}\nContent-Type: message/rfc822\n\n{inner}\n--B{n}--\n"
    return inner.encode()


def test_a_mail_within_a_mail_is_read_and_too_many_are_not():
    found = read_mail(nested(1))
    assert "转发的邮件：里面" in found.text and "里面的话" in found.text
    assert "里面的话" in read_mail(nested(4)).text  # each takes two steps: the mail and its parts
    with pytest.raises(BadContent, match="套的邮件"):
        read_mail(nested(5))
    many = (
        "From: a@b.cn\nSubject: x\nContent-Type: multipart/mixed; boundary=B\n\n"
        + "--B\n\nx\n" * 300
    )
    with pytest.raises(BadContent, match="套的邮件"):
        read_mail(many.encode())
    few = many.replace("--B\n\nx\n" * 300, "--B\n\nx\n" * 199)
    assert len(read_mail(few.encode()).text.split()) == 199


@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "multipart/encrypted"])
def test_what_is_encrypted_is_told(kind):
    with pytest.raises(BadContent, match="加了密"):
        read_mail(f"From: a@b.cn\nSubject: x\nContent-Type: {kind}\n\nx".encode())


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1", b"To: a\n\nx", b"From: a@b.cn\n\nx"])
def test_what_is_no_mail(data):
    assert not looks_like_mail(data)
    with pytest.raises(BadContent, match="不是邮件文件"):
        read_mail(data)


def test_a_mail_is_kept_only_if_all_that_hangs_on_it_may_come_in():
    good = mail("请公开", hanging=[("a.pdf", pdf("合同"))])
    assert checked("x.eml", good, 1 << 20).media_type == MAIL
    with pytest.raises(BadContent, match=r"附件“a\.rar”不能收"):
        checked("x.eml", mail("x", hanging=[("a.rar", b"Rar!\x1a\x07\0")]), 1 << 20)
    for bad in (
        mail("密级：机密"), mail("x", subject="机密★10年"), mail("x", hanging=[("a.pdf", pdf("机密★10年"))]),
        mail("x", hanging=[("机密★10年.pdf", pdf("x"))]),
    ):  # fmt: skip
        with pytest.raises(Refused):
            checked("x.eml", bad, 1 << 20)
    with pytest.raises(BadContent):
        checked("x.txt", good, 1 << 20)


def test_a_picture_of_a_mail_program_in_the_text_is_no_hindrance():
    logo = "Content-Type: image/gif; name=logo.gif\nContent-ID: <1>\nContent-Transfer-Encoding: base64\n\nR0lGODlh\n"
    raw = f"From: a@b.cn\nSubject: x\nContent-Type: multipart/related; boundary=B\n\n--B\n\n正文\n--B\n{logo}--B--\n".encode()
    assert checked("x.eml", raw, 1 << 20).media_type == MAIL and read_mail(raw).hanging[0].inline
    sent = raw.replace(b"Content-ID: <1>", b"Content-Disposition: attachment")
    with pytest.raises(BadContent, match=r"logo\.gif"):
        checked("x.eml", sent, 1 << 20)


def test_what_is_printed_of_a_mail():
    said = [one.text for one in told_by_mail(mail("请公开", hanging=[("a.pdf", b"x")]))]
    assert said == [
        "发件人：张三 zhang@example.cn",
        "主题：申请公开",
        "到达信箱：2024-05-06 09:00",
        "请公开",
        "附件：a.pdf",
    ]
    assert "邮件头没有写明" in [one.text for one in told_by_mail(mail("x", received=""))][2]


def test_a_mail_of_a_folder_of_mails_and_one_with_a_mark_before_it():
    assert read_mail(b"From - Mon May 06 2024\n" + mail("x")).subject == "申请公开"
    assert read_mail(b"\xef\xbb\xbf" + mail("x")).sender_address == "zhang@example.cn"


def test_the_first_and_the_last_day_that_can_be_believed():
    for said, year in (
        ("Sat, 01 Jan 2000 00:00:00 +0800", 2000),
        ("Sat, 31 Dec 2050 23:00:00 +0800", 2050),
    ):
        arrived = read_mail(mail("x", received=said)).arrived_at
        assert arrived is not None and arrived.year == year
    assert read_mail(mail("x", received="Sun, 01 Jan 2051 00:00:00 +0800")).arrived_at is None


@pytest.mark.parametrize(
    "tag",
    [
        "p",
        "div",
        "br",
        "tr",
        "table",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "hr",
        "section",
        "article",
    ],
)
def test_a_block_of_a_page_is_a_line_of_its_own(tag):
    assert text_of_page(f"甲<{tag}>乙").split() == ["甲", "乙"]
    assert text_of_page(f"甲<{tag}/>乙").split() == ["甲", "乙"]


@pytest.mark.parametrize("tag", ["script", "style", "head", "title", "noscript", "template"])
def test_what_no_browser_shows_is_left_out(tag):
    assert text_of_page(f"甲<{tag}>乙</{tag}>丙") == "甲丙"


def test_words_in_a_line_stay_in_it():
    assert text_of_page("<b>甲</b><span>乙</span>  \n 丙&nbsp;丁") == "甲乙 丙 丁"


def test_bytes_that_no_charset_reads_are_marked():
    assert (
        text_of(b"\xff\xff", "utf-8") == "\ufffd\ufffd"
        and text_of(b"a\0b\r\n", "no-such") == "ab\n"
    )


@pytest.mark.parametrize(
    "charset", [b"\xff\xfe", b"a\x00b", b"no-such", b"undefined", b"idna", b"hex"]
)
def test_a_charset_that_is_none_is_passed_over(charset):
    head = b"From: a@b.cn\nSubject: x\nMIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\n"
    said = head + b"Content-Type: text/plain; charset=" + charset + b"\n\n\xe7\x94\xb2"
    assert "甲" in read_mail(said).text
    named = text_of("甲".encode(), charset.decode("latin-1"))
    assert named == "甲"


def test_cells_of_a_row_stay_apart():
    assert text_of_page("<tr><td>甲</td><td>乙</td><th>丙</th></tr>") == "甲\t乙\t丙"


def test_name_of_a_file_in_another_charset_is_read_by_the_one_it_names():
    head = b"From: a@b.cn\nSubject: x\nContent-Type: application/pdf\n"
    named = b"Content-Disposition: attachment; filename*=big5''%A6X%A6P.pdf\n\nx"
    (hanging,) = read_mail(head + named).hanging
    assert hanging.name == "合同.pdf" and not hanging.inline
