"""A mail without some of what hangs on it: all else stays as it came."""

from base64 import b64encode
from email.message import EmailMessage

import pytest

from tests.workflow.files.mails import mail
from workflow.files.mail import Hanging, read_mail
from workflow.files.mail_cut import without

RAR = ("材料.rar", b"Rar!\x1a\x07\0" * 40)
PNG = ("图.png", b"\x89PNG" * 30)


def _cut(raw: bytes, said: dict[int, str]) -> bytes:
    found = without(raw, read_mail(raw).hanging, said)
    assert found is not None
    return found


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_words_stand_in_the_place_of_what_is_cut_and_the_rest_is_untouched(ends: bytes) -> None:
    raw = mail("请公开", hanging=[RAR, PNG]).replace(b"\n", ends)
    cut = _cut(raw, {0: "〔没有保存〕"})
    found = read_mail(cut)
    assert [one.name for one in found.hanging] == ["图.png"]
    assert found.text == "请公开\n\n〔没有保存〕" and b"rar" not in cut and b"UmFy" not in cut
    assert (found.sender_address, found.subject) == ("zhang@example.cn", "申请公开")
    begins = raw.index(b"application/octet-stream")
    assert cut[:begins].startswith(raw[: raw.rindex(ends + b"--", 0, begins)])
    assert cut.endswith(raw[raw.index(b"iVBORw") :] if b"iVBORw" in raw else raw[-60:])
    lines = set(cut.split(b"\n"))
    assert all(line.endswith(b"\r") for line in lines if line) or ends == b"\n"
    assert read_mail(_cut(raw, {0: "甲", 1: "乙"})).text == "请公开\n\n甲\n\n乙"
    assert without(raw, read_mail(raw).hanging, {}) == raw


def test_of_two_that_are_alike_the_one_that_is_meant_goes() -> None:
    raw = mail("x", hanging=[RAR, ("二.rar", RAR[1])])
    assert [one.name for one in read_mail(_cut(raw, {1: "没有"})).hanging] == ["材料.rar"]
    assert [one.name for one in read_mail(_cut(raw, {0: "没有"})).hanging] == ["二.rar"]


def test_a_mail_that_is_nothing_but_a_file() -> None:
    raw = (
        b'From: a@b.cn\nSubject: x\nContent-Type: application/x-rar;\n name="a.rar"\n'
        b"Content-Transfer-Encoding: base64\nX-Mailer: y\n\nUmFyIRoHAA==\n"
    )
    cut = _cut(raw, {0: "没有"})
    assert read_mail(cut).text == "没有" and read_mail(cut).hanging == ()
    assert cut.startswith(b"From: a@b.cn\nSubject: x\nX-Mailer: y\nContent-Type: text/plain")
    assert b"a.rar" not in cut


def test_what_hangs_on_a_mail_within_a_mail() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "c@d.cn", "里面"
    inner.add_attachment(RAR[1], maintype="application", subtype="rar", filename="a.rar")
    outer["From"], outer["Subject"] = "a@b.cn", "外面"
    outer.set_content("转")
    outer.add_attachment(inner)
    found = read_mail(_cut(outer.as_bytes(), {0: "没有"}))
    assert found.text == "转\n\n转发的邮件：里面\n\n没有" and found.hanging == ()


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("8bit", b"\xe4\xb8\xad=3D\xff\n"), ("quoted-printable", b"=E4=B8=AD=3D=FF=\n=00")],
)
def test_other_ways_to_write_bytes_into_a_mail(encoding: str, said: bytes) -> None:
    raw = (
        b"From: a@b.cn\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        b"Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: "
        + encoding.encode() + b"\n\n" + said + b"\n--b--\n"
    )  # fmt: skip
    assert read_mail(_cut(raw, {0: "没有"})).text == "没有"


def test_what_is_not_found_in_the_mail_is_not_cut() -> None:
    raw = mail("x", hanging=[RAR])
    assert without(raw, (Hanging("a", b"a", inline=False, raw=b"nowhere"),), {0: "没有"}) is None
    assert without(raw, (Hanging("a", b"", inline=False, raw=b""),), {0: "没有"}) is None
    assert without(raw, (Hanging("a", b"a", inline=False, raw=b"nowhere"),), {}) == raw


def test_the_same_bytes_in_the_text_are_not_taken_for_the_file() -> None:
    made = (
        b"From: a@b.cn\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        b"Content-Type: text/plain\n\nsee abc, abc\n--b\n"
        b"Content-Type: application/octet-stream; name=a.bin\n\nabc\n--b--\n"
    )
    found = read_mail(_cut(made, {0: "没有"}))
    assert found.text == "see abc, abc\n\n没有" and found.hanging == ()


def test_bytes_that_cannot_be_told_are_passed_over_where_nothing_is_said_of_them() -> None:
    raw = mail("x", hanging=[RAR, PNG])
    first, second = read_mail(raw).hanging
    unknown = Hanging("?", b"?", inline=False, raw=b"")
    cut = without(raw, (unknown, first, unknown, second), {3: "没有"})
    assert cut is not None and [one.name for one in read_mail(cut).hanging] == ["材料.rar"]
    assert without(raw, (unknown, first), {0: "没有", 1: "没有"}) is None
    assert without(raw, (second, first), {1: "没有"}) is None, "they are looked for in their order"


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_of_a_header_only_what_tells_of_the_content_goes(ends: bytes) -> None:
    """Byte by byte: a line that goes takes its further lines along, the others stay."""
    head = [b"X-A: 1", b"Content-Type: application/x-rar;", b" name=a.rar", b"\tx=y", b"X-B: 2",
            b" more", b"CONTENT-DISPOSITION: attachment", b"Contents: 3"]  # fmt: skip
    made = ends.join([b"From: a@b.cn", b"Content-Type: multipart/mixed; boundary=b", b"", b"--b", *head, b"", b"abc", b"--b--", b""])  # fmt: skip
    cut = without(made, (Hanging("a.rar", b"abc", inline=False, raw=b"abc"),), {0: "没有"})
    told = [b"X-A: 1", b"X-B: 2", b" more", b"Contents: 3", b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: base64", b"", "没有".encode()]  # fmt: skip
    told[-1] = b64encode(told[-1])
    assert cut == ends.join([b"From: a@b.cn", b"Content-Type: multipart/mixed; boundary=b", b"", b"--b", *told, b"--b--", b""])  # fmt: skip


def test_long_words_are_wrapped_and_end_where_the_file_ended() -> None:
    made = b"From: a@b.cn\nSubject: x\nContent-Type: application/x-rar\n\nabc\n"
    cut = without(made, (Hanging("a", b"abc", inline=False, raw=b"abc"),), {0: "没" * 60})
    assert cut is not None and read_mail(cut).text == "没" * 60
    assert cut.endswith(b"\n") and not cut.endswith(b"\n\n")
    assert max(len(line) for line in cut.split(b"\n")) <= 76
