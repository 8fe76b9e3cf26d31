"""What offices send beside a plain file: archives with a report among other files, pages that only lead to it."""

import pytest

from tests import samples
from tests.samples import packed
from tests.workflow.report.form_files import FORMS, as_lines, as_zip
from tests.workflow.report.reading.test_forms import HUAIAN_DOCX, INPUTS, TEXT
from tests.workflow.report.reading.test_reading import huaian, reading
from tests.workflow.report.report_files import as_text
from workflow.report.annual import AnnualReport
from workflow.report.reading import TRIED, Unreadable


def test_a_report_in_a_zip_has_the_name_that_windows_wrote_in_gbk():
    inside = "2024年年报.txt".encode("gb18030").decode("cp437")
    said = as_lines(huaian(title="年度报告")).decode().replace("2024", "")
    assert reading("a.zip", packed({inside: said})).year == 2024


def test_a_page_that_only_links_a_file_says_which():
    page = (INPUTS / "attachment_only.html").read_bytes()
    with pytest.raises(
        Unreadable, match=r"附件“青禾县某某局2023年.*报告\.pdf”（P020240131\.pdf）"
    ) as caught:
        reading("a.html", page)
    assert "下载附件再核对" in str(caught.value)
    framed = b"<html><body><iframe src='/files/%E5%B9%B4%E6%8A%A5.pdf?x=1'></iframe><a href='a.html'>x</a></body></html>"
    with pytest.raises(Unreadable, match=r"附件“年报\.pdf”，"):
        reading("a.html", framed)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("<iframe src='/web/viewer.html?file=/u/nb.pdf&page=1'>", "“nb.pdf”"),
        ("<a href='down.jsp?f=%E5%B9%B4.ofd'>全文</a>", "“全文”（年.ofd）"),
        ("<a href=\"javascript:down('/x/y.doc')\">全文</a>", "“全文”（y.doc）"),
        ("<a href='#' onclick=\"open('y.wps')\">全文</a>", "“全文”（y.wps）"),
    ],
)
def test_a_file_is_named_behind_the_page_that_shows_it_or_the_script_that_brings_it(link, said):
    page = f"<html><body>{link}<a href='docx.html?a=zip'>x</a></body></html>"
    with pytest.raises(Unreadable) as caught:
        reading("a.html", page.encode())
    assert f"报告是附件{said}，请下载" in str(caught.value)


def test_a_photo_of_a_phone_is_a_picture():
    with pytest.raises(Unreadable, match="这是图片"):
        reading("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")


def test_pictures_beside_a_report_in_a_zip_do_no_harm():
    data = packed(
        {"年报.docx": HUAIAN_DOCX, "第1页.png": samples.png(), "第2页.jpg": samples.jpeg()}
    )
    assert reading("a.zip", data).table3 == huaian().table3
    with pytest.raises(Unreadable, match="这是图片"):
        reading("a.zip", packed({"第1页.png": samples.png()}))


def test_a_zip_holds_any_form():
    for kind, write in FORMS.items():
        if kind != "zip":
            assert reading("a.zip", packed({"年报": write(huaian())})).table3 == huaian().table3
    assert isinstance(reading("a.zip", as_zip(huaian())), AnnualReport)


def test_a_report_in_a_zip_is_found_beside_what_is_no_report():
    beside = {"说明.txt": "请查收", "附件.rtf": r"{\rtf1 x}", "空.json": "{}", "旧.doc": "x"}
    for files in ({**beside, "a.txt": TEXT}, {"a.txt": TEXT, **beside}):
        assert reading("b.zip", packed(files)) == reading("a.txt b.zip", TEXT.encode())


def test_one_report_in_two_forms_is_one_report():
    """Offices send the DOCX and the PDF that was made of it; what was read best is taken."""
    stroke = as_text(huaian()).replace(b" | 3119", "件 | 3119件".encode())
    for files in (
        {"a.docx": HUAIAN_DOCX, "b.txt": stroke},
        {"b.txt": stroke, "a.docx": HUAIAN_DOCX},
    ):
        found = reading("年报.zip", packed(files))
        assert found.table3 == huaian().table3
        assert found.oddities == reading("a.docx", HUAIAN_DOCX).oddities


def test_two_reports_in_a_zip_are_refused_and_so_are_many_files():
    other = TEXT.replace("2024", "2023")
    for files in (
        {"a.txt": TEXT, "b.txt": other},
        {"a.txt": TEXT, **{f"{n}.txt": "甲" for n in range(TRIED)}},
    ):
        with pytest.raises(Unreadable, match=f"压缩包里有 {len(files)} 个文件.*一次只读一份"):
            reading("b.zip", packed(files))
    most = {"a.txt": TEXT, **{f"{n}.txt": "甲" for n in range(TRIED - 1)}}
    assert reading("b.zip", packed(most)).table3
