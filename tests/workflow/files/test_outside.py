"""A document that would fetch something when it is opened, or that is packed too tightly, is refused."""

import os
import re

import pytest

from tests import samples
from tests.workflow.files.pictures import W, field, relations
from workflow.files import BadContent, checked, package
from workflow.files.outside import refuse_outside
from workflow.files.unwanted import why_not

MB = 1024 * 1024


def check(data):
    return checked("a.docx", data, 10 * MB)


def with_relation(kind, target, mode="External", part="document"):
    more = {f"word/_rels/{part}.xml.rels": relations((kind, target), mode=mode)}
    return samples.docx("关于农村公路养护的答复", more=more)


@pytest.mark.parametrize(
    ("kind", "target", "why"),
    [
        ("attachedTemplate", "http://templates.invalid/a.dotx", "外部的模板"),
        ("attachedTemplate", r"\\server.invalid\share\a.dotx", "外部的模板"),
        ("attachedTemplate", "file://server.invalid/share/a.dotx", "外部的模板"),
        ("image", "http://pictures.invalid/a.png", "图片存放在别处"),
        ("image", "file:///C:/a.png", "图片存放在别处"),
        ("oleObject", "file:///C:/a.xlsx", "外部的对象"),
        ("frame", "http://pages.invalid/", "存放在别处"),
        ("subDocument", "other.docx", "存放在别处"),
    ],
)
def test_what_lies_elsewhere_is_refused_with_what_to_do(kind, target, why):
    with pytest.raises(BadContent, match=why):
        check(with_relation(kind, target))
    with pytest.raises(BadContent, match=why):
        check(with_relation(kind, target, mode="external", part="settings"))


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("hyperlink", "https://www.gov.cn/", "External"),
        ("image", "media/image1.png", "Internal"),
        ("attachedTemplate", "Normal.dotm", "External"),
        ("attachedTemplate", "file:///C:\\Users\\lifang\\Templates\\公文.dotx", "External"),
    ],
)
def test_links_inner_pictures_and_a_template_of_ones_own_are_let_be(kind, target, mode):
    assert check(with_relation(kind, target, mode))


@pytest.mark.parametrize(
    "pieces",
    [
        (" INCLUDEPICTURE &quot;http://a.invalid/b.png&quot; ",), ("DDE", "AUTO program topic"),
        (" includetext a.docx",), (" LINK Excel.Sheet.12 a.xlsx",), ("IMPORT a",),
    ],
    ids=["picture", "pieces", "text", "link", "import"],
)  # fmt: skip
def test_fields_that_fetch_are_refused(pieces):
    with pytest.raises(BadContent, match=r"会调用外部内容的域（[A-Z]+）.*Ctrl"):
        check(samples.docx("答复", field(*pieces)))
    simple = f'<w:p><w:fldSimple w:instr="{"".join(pieces)}"/></w:p>'
    with pytest.raises(BadContent, match="会调用外部内容的域"):
        check(samples.docx("答复", simple))
    footer = f'<w:ftr xmlns:w="{W}">{field(*pieces)}</w:ftr>'
    with pytest.raises(BadContent, match="会调用外部内容的域"):
        check(samples.docx("答复", more={"word/footer1.xml": footer.encode("utf-16")}))


def test_fields_that_number_and_link_are_let_be():
    harmless = (" PAGE ", " TOC \\o &quot;1-3&quot; ", " HYPERLINK &quot;https://www.gov.cn/&quot; ",
                " MERGEFIELD Database ", " REF link \\h ", " DATE ")  # fmt: skip
    assert check(samples.docx("LINK 是一个词", *(field(one) for one in harmless)))


def test_a_member_packed_too_tightly_is_refused():
    size = package.RATIO_FROM + 1
    with pytest.raises(BadContent, match=r"压缩得太紧.*另存为 PDF"):
        check(samples.docx("甲", more={"word/media/image1.bmp": b"\0" * size}))
    assert check(samples.docx("甲", more={"word/media/image1.bmp": b"\0" * package.RATIO_FROM}))
    assert check(samples.docx("甲", more={"word/media/image1.bmp": os.urandom(size)}))


@pytest.mark.parametrize(
    ("data", "what", "instead"),
    [
        (b"Rar!\x1a\x07\x00", "压缩包", "解压"),
        (b"7z\xbc\xaf\x27\x1c", "压缩包", "解压"),
        (b"\0\0\0\x14ftypqt  ", "视频", "光盘"),
        (b"\0\0\0\x18ftypmp42", "视频", "光盘"),
        (b"\0\0\0\x1cftypavif", "AVIF", "JPG"),
        (b"GIF89a", "GIF", "JPG"),
        (b"BM" + b"\0" * 50, "BMP", "JPG"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WEBP", "JPG"),
        (b"RIFF\0\0\0\0WAVEfmt ", "录音", "光盘"),
        (b"{\\rtf1", "RTF", "DOCX"),
        (b"<!DOCTYPE html><p>", "网页", "PDF"),
        (b"MIME-Version: 1.0", "网页或者邮件", "PDF"),
        (b"AC1032", "图纸", "PDF"),
    ],
)
def test_every_refusal_says_what_to_do(data, what, instead):
    said = why_not(data)
    assert re.search(f"{what}.*，.*{instead}", said)
    with pytest.raises(BadContent, match=re.escape(said)):
        check(data)


@pytest.mark.parametrize(
    ("inside", "what", "instead"),
    [
        ("WordDocument", "DOC 或者 WPS", "DOCX 或者 PDF"),
        ("Workbook", "XLS 或者 ET", "XLSX 或者 CSV"),
        ("PowerPoint Document", "PPT 或者 DPS", "PDF"),
        ("EncryptedPackage", "设了密码", "取消密码"),
        ("__substg1.0_0037001F", "邮件", "附件分别上传"),
        ("Contents", "旧版 Office", "DOCX 或者 PDF"),
    ],
)
def test_an_old_office_file_is_told_apart_by_what_is_inside(inside, what, instead):
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + inside.encode("utf-16-le")
    with pytest.raises(BadContent, match=f"{what}.*{instead}"):
        check(data)


# -- the parts of a document, one by one --------------------------------------------------------------


def body(*inside):
    return f'<w:document xmlns:w="{W}"><w:body>{"".join(inside)}</w:body></w:document>'.encode()


def instruction(*pieces):
    return "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in pieces)


@pytest.mark.parametrize(
    "kind",
    [
        "hyperlink", "externalLinkPath", "xlPathMissing", "xlStartup", "xlAlternateStartup",
        "xlLibrary",
    ],
)  # fmt: skip
def test_relations_of_tables_that_fetch_nothing_by_themselves_are_let_be(kind):
    """What they point to is told by the look at the table."""
    found = relations((kind, "file:///C:/a.xlsx"), mode="External")
    refuse_outside("xl/externalLinks/_rels/externalLink1.xml.rels", found)
    with pytest.raises(BadContent, match="存放在别处"):
        refuse_outside("xl/_rels/a.rels", relations((f"{kind}x", "a"), mode="External"))


def test_what_is_no_relation_and_no_part_is_not_looked_at():
    found = relations(("image", "http://a.invalid/a.png"), mode="External")
    refuse_outside("word/media/image1.png", found)
    with pytest.raises(BadContent, match="图片"):
        refuse_outside("word/_rels/a.xml.rels", found)


def test_the_field_is_named_whole_also_when_it_is_written_in_pieces():
    with pytest.raises(BadContent, match="（INCLUDEPICTURE）"):
        refuse_outside("a.xml", body(instruction("INCLUDE", "PICTURE a.png")))
    with pytest.raises(BadContent, match="（DDEAUTO）"):
        refuse_outside("a.xml", body(instruction(" dde", "auto program")))


def test_the_second_of_two_fields_is_read_by_itself():
    mark = "<w:r><w:fldChar/></w:r>"
    with pytest.raises(BadContent, match="（DDE）"):
        refuse_outside("a.xml", body(mark, instruction("PAGE"), mark, instruction("DDE a b"), mark))
    simple = '<w:fldSimple w:instr="PAGE"/><w:fldSimple w:instr="LINK a"/>'
    with pytest.raises(BadContent, match="（LINK）"):
        refuse_outside("a.xml", body(simple))


def test_words_behind_a_field_are_no_field():
    mark = "<w:r><w:fldChar/></w:r>"
    said = "<w:r><w:t>LINK 是一个词</w:t></w:r>"
    refuse_outside("a.xml", body(mark, instruction("PAGE"), mark, said))
    refuse_outside("a.xml", body('<w:fldSimple w:instr="PAGE" w:note="LINK a"/>', said))


def test_broken_xml_is_left_to_who_reads_the_texts():
    refuse_outside("a.xml", body(instruction("PAGE"))[:-9])
    refuse_outside("a.rels", b"<Relationships")
