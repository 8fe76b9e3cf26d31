"""What may come in as a file: by its bytes, not by its name; without marks, passwords or programs."""

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter, apply_configuration, get_configuration
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tests import samples
from workflow.files import BadContent, Checked, checked, clean_name, leftovers
from workflow.files import package as packages
from workflow.files import pdf as pdfs
from workflow.refusal import Refused

MB = 1024 * 1024
PLAIN = "关于农村公路养护的答复\n不属于国家秘密，经保密审查可以公开"
GOOD = {
    "答复.pdf": samples.pdf(PLAIN),
    "答复.docx": samples.docx(*PLAIN.split("\n"), header="盘龙彝族乡人民政府", author="李方"),
    "答复.ofd": samples.ofd(*PLAIN.split("\n")),
    "身份证.png": samples.png("拍摄".encode()),
    "身份证.jpg": samples.jpeg("拍摄".encode()),
    "身份证.JPEG": samples.jpeg(),
}


def check(name: str, data: bytes) -> Checked:
    return checked(name, data, 10 * MB)


@pytest.mark.parametrize("name", GOOD)
def test_the_five_formats_come_in(name):
    found = check(name, GOOD[name])
    assert found.name == name and found.size == len(GOOD[name]) and len(found.sha256) == 64


def test_the_type_is_seen_in_the_bytes():
    assert check("a.docx", GOOD["答复.docx"]).media_type == packages.DOCX
    assert check("a.ofd", GOOD["答复.ofd"]).media_type == packages.OFD
    assert check("没有后缀", GOOD["答复.pdf"]).name == "没有后缀.pdf"
    with pytest.raises(BadContent, match="内容却是 PNG"):
        check("答复.pdf", samples.png())
    with pytest.raises(BadContent, match="内容却是 DOCX"):
        check("答复.ofd", GOOD["答复.docx"])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "空的"),
        (b"MZ\x90\0", "程序"),
        (b"\x01\x02\0", "只接受"),
        (b"<html><script>", "网页.*PDF"),
        (b"GIF89a", "GIF 图片.*JPG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
        (samples.packed({"a.txt": "甲"}), "不接受压缩包"),
        (samples.packed({"[Content_Types].xml": "<a/>", "ppt/presentation.xml": "<a/>"}), "另存为 PDF"),
        (samples.docx("甲", more={"word/vbaProject.bin": b"x"}), "带有宏"),
        (samples.docx("甲", main="application/vnd.ms-word.document.macroEnabled.main+xml"), "带有宏"),
        (samples.docx("甲", more={"word/embeddings/a.xlsx": samples.packed({"a": "b"})}), "嵌有"),
        (samples.docx("甲", more={"word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "不规范"),
        (samples.docx("<w:p>"), "损坏"),
        (GOOD["答复.docx"][:-40], "损坏"),
        (GOOD["答复.pdf"][:200], "损坏"),
        (b"%PDF-1.7\n" + b"\0" * 3000, "损坏"),
        (samples.png()[:-8], "损坏"),
        (samples.png() + b"more", "附有其他内容"),
        (samples.jpeg()[:-3], "损坏"),
        (samples.jpeg() + samples.packed({"a": "b"}), "夹带"),
    ],
)  # fmt: skip
def test_what_is_not_accepted_is_told_why(data, why):
    with pytest.raises(BadContent, match=why):
        check("文件", data)


def test_a_file_is_not_larger_than_the_limit():
    assert checked("a.png", samples.png(), len(samples.png()))
    with pytest.raises(BadContent, match="超过 10 MB"):
        check("a.png", samples.png() + b"\0" * 10 * MB)


def test_a_password_is_refused():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(GOOD["答复.pdf"])))
    writer.encrypt("", "owner", algorithm="AES-256")
    with pytest.raises(BadContent, match="设了密码"):
        check("a.pdf", samples.written(writer))
    data = bytearray(GOOD["答复.docx"])
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(BadContent, match="设了密码"):
        check("a.docx", bytes(data))


def test_a_pdf_with_files_or_programs_inside_is_refused():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(GOOD["答复.pdf"])))
    writer.add_attachment("a.txt", b"text")
    with pytest.raises(BadContent, match="附有其他文件"):
        check("a.pdf", samples.written(writer))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(GOOD["答复.pdf"])))
    script = DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})
    writer.root_object[NameObject("/Names")] = script
    with pytest.raises(BadContent, match="程序"):
        check("a.pdf", samples.written(writer))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(GOOD["答复.pdf"])))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    with pytest.raises(BadContent, match="程序"):
        check("a.pdf", samples.written(writer))


def test_a_zip_bomb_is_refused_by_what_it_declares_and_by_what_it_is():
    bomb = samples.docx("甲", more={"word/media/big.xml": b"\0" * (packages.UNPACKED_MOST + 1)})
    assert len(bomb) < MB
    with pytest.raises(BadContent, match="解开后太大"):
        check("a.docx", bomb)
    # The directory at the end lies: it declares ten bytes.
    real = struct.pack("<I", packages.UNPACKED_MOST + 1)
    assert bomb.count(real) == 2
    liar = bomb.replace(real, struct.pack("<I", 10))
    with pytest.raises(BadContent, match=r"损坏|解开后太大"):
        check("a.docx", liar)
    many = samples.packed({f"{number}.xml": "<a/>" for number in range(packages.MEMBERS_MOST + 1)})
    with pytest.raises(BadContent, match="解开后太大"):
        check("a.docx", many)


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch):
    data = samples.heavy_pdf(1000)
    assert check("a.pdf", data)
    monkeypatch.setattr(pdfs, "SECONDS_MOST", 0.0)
    with pytest.raises(BadContent, match="太复杂"):
        check("a.pdf", data)


LONG = pytest.mark.long(reason="reads in a file until the library itself gives it up")
LIMIT = get_configuration().stream_parsing_work_maximum_count


@pytest.mark.parametrize(
    ("commands", "limit"),
    [(10_000, LIMIT // 100), pytest.param(1_000_000, LIMIT, marks=LONG)],
)
def test_a_pdf_with_too_many_commands_is_given_up(commands, limit):
    """The library counts what it reads of a page and stops at its limit."""
    data = samples.heavy_pdf(commands)
    assert len(data) < MB
    with (
        apply_configuration(
            get_configuration().with_overwrites(stream_parsing_work_maximum_count=limit)
        ),
        pytest.raises(BadContent, match="太复杂"),
    ):
        check("a.pdf", data)


MARK = "机密★10年"
MARKED = {
    "in the body": ("a.docx", samples.docx("关于某事的报告", f"附件{MARK}")),
    "split into runs": ("a.docx", samples.docx(samples.runs("附件：机", "密", "★"))),
    "in the header": ("a.docx", samples.docx("报告", header=MARK)),
    "alone in the header": ("a.docx", samples.docx("报告", header="机 密")),
    "alone at the head": ("a.docx", samples.docx("秘密", "关于某事的报告")),
    "as a label": ("a.docx", samples.docx("密级：秘密", "关于某事的报告")),
    "in the author": ("a.docx", samples.docx("报告", author=MARK)),
    "in a footnote": (
        "a.docx",
        samples.docx("甲", more={"word/footnotes.xml": f'<a xmlns:w="u">{MARK}</a>'}),
    ),
    "as a water mark": (
        "a.docx",
        samples.docx("甲", more={"word/header9.xml": f'<v:t xmlns:v="u" string="{MARK}"/>'}),
    ),
    "in another encoding": (
        "a.docx",
        samples.docx("甲", more={"word/part.txt": MARK.encode("gb18030")}),
    ),
    "in utf-16": (
        "a.docx",
        samples.docx("甲", more={"word/x.xml": f"<a>{MARK}</a>".encode("utf-16")}),
    ),
    "in pieces of an ofd": ("a.ofd", samples.ofd("机密", "★", "10年", "报告")),
    "in the text of a pdf": ("a.pdf", samples.pdf("封面", f"第二页\n{MARK}")),
    "alone on the first page": ("a.pdf", samples.pdf("机密\n关于某事的报告")),
    "in the title of a pdf": ("a.pdf", samples.pdf("甲", info={"/Title": MARK})),
    "in a note of a pdf": ("a.pdf", samples.pdf("甲", note=MARK)),
    "in a font that is only named, in gbk": (
        "a.pdf",
        samples.pdf_with_named_font(MARK, "GBKp-EUC-H"),
    ),
    "in a font that is only named, by number": (
        "a.pdf",
        samples.pdf_with_named_font(MARK, "Identity-H"),
    ),
    "in a drawing with such a font": (
        "a.pdf",
        samples.pdf_with_named_font(MARK, "Identity-H", within=True),
    ),
    "in the text under a scan": ("a.pdf", samples.pdf(MARK, invisible=True)),
    "in a comment of a png": ("a.png", samples.png(MARK.encode())),
    "in a packed comment": ("a.png", samples.png(packed_comment=MARK.encode())),
    "in a comment of a jpeg": ("a.jpg", samples.jpeg(MARK.encode())),
    "in a windows comment": ("a.jpg", samples.jpeg(b"Exif\0\0X" + MARK.encode("utf-16-le"))),
    "in the name": ("机密★10年 某文件.png", samples.png()),
    "as the name": ("【秘密】某文件.png", samples.png()),
}


@pytest.mark.parametrize("where", MARKED)
def test_a_mark_is_refused_wherever_it_stands(where):
    with pytest.raises(Refused) as caught:
        check(*MARKED[where])
    refusal = caught.value.refusal
    assert (refusal.rule, refusal.article) == ("state_secret_content", "保密法31(3)")
    assert "机密" not in refusal.message and caught.value.__cause__ is None


def test_words_in_pieces_do_not_make_a_mark():
    assert check("a.docx", samples.docx(samples.runs("国家", "秘密", "的认定"), "甲"))
    assert check("a.docx", samples.docx("密级：无", "关于某事的报告", header="工作秘密管理"))
    assert check("a.pdf", samples.pdf("保密审查表\n密级：公开"))


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\答复.pdf", "答复.pdf"),
        ("答复\u202efdp.exe", "答复fdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("  .. ", "未命名"),
        ("", "未命名"),
        ("长" * 300 + ".docx", "长" * 115 + ".docx"),
    ],
)
def test_names_are_made_fit_to_be_shown(given_name, shown):
    assert clean_name(given_name) == shown


@given(st.text(max_size=400))
def test_no_name_can_be_a_path_or_break_a_header(name):
    shown = clean_name(name)
    assert 0 < len(shown) <= 120
    assert not set(shown) & set('/\\"\r\n\0<>') and shown not in (".", "..")


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_broken_bytes_are_a_bad_file_and_never_a_fault(name, place, noise):
    data = bytearray(GOOD[name])
    place %= len(data)
    data[place : place + len(noise)] = noise
    with contextlib.suppress(BadContent, Refused):
        assert check(name, bytes(data)).size == len(data)


def test_a_clean_answer_leaves_nothing_over():
    assert leftovers(samples.pdf(PLAIN), "application/pdf") == ()
    assert leftovers(samples.docx(*PLAIN.split("\n")), packages.DOCX) == ()
    assert leftovers(samples.png(), "image/png") == ()


def test_what_a_word_answer_betrays_is_named():
    data = samples.docx(
        '<w:p><w:del w:author="li"><w:r><w:delText>删去的话</w:delText></w:r></w:del></w:p>',
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏起来的话</w:t></w:r></w:p>",
        "当事人身份证 11010519491231002X，电话 13800000000",
        author="李方",
        more={"word/comments.xml": f'<w:comments xmlns:w="{samples.W}"><w:comment w:id="0"/></w:comments>'},
    )  # fmt: skip
    found = "；".join(leftovers(data, packages.DOCX))
    for words in ("作者：李方", "1 处修订痕迹", "隐藏的文字", "1 条批注", "1 个身份证号码", "1 个手机号码"):  # fmt: skip
        assert words in found


def test_what_a_pdf_answer_betrays_is_named():
    data = samples.pdf(
        "甲方 13800000000", info={"/Author": "李方"}, note="给领导看", invisible=True
    )
    found = "；".join(leftovers(data, "application/pdf"))
    for words in ("作者：李方", "1 处批注", "第 1 页有看不见的文字层", "1 个手机号码"):
        assert words in found
    assert "身份证" not in found


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("33011320240229999X", True),  # 临平区, a county since 2021
        ("33011320240229999x", True),
        ("530102196501019990", False),  # its last character is X
        ("53010219650101999X", True),
        ("330110202302299990", False),  # no such day
    ],
)
def test_a_number_of_identity_is_told_whatever_its_county(number, told):
    found = "".join(leftovers(samples.docx(f"当事人身份证 {number}"), packages.DOCX))
    assert ("1 个身份证号码" in found) is told


def test_the_samples_are_real():
    assert "养护" in PdfReader(io.BytesIO(GOOD["答复.pdf"])).pages[0].extract_text()
    assert zipfile.ZipFile(io.BytesIO(GOOD["答复.docx"])).testzip() is None


def test_a_word_under_its_reading_stays_a_word():
    said = packages.xml_text(
        '<w:p xmlns:w="w"><w:r><w:t>密</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>jí</w:t></w:r></w:rt>'
        "<w:rubyBase><w:r><w:t>级</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:r><w:t>2026</w:t></w:r><w:r><w:noBreakHyphen/></w:r><w:r><w:t>0012</w:t></w:r></w:p>".encode()
    )
    assert said.split() == ["密级2026-0012", "jí"]
