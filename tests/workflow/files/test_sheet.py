"""Data as tables: XLSX and CSV, told by their content; what they would fetch is pointed out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tests.workflow.files.pictures import relations, xlsx
from workflow.files import BadContent, checked, leftovers, outward, package, sheet
from workflow.refusal import Refused

MB = 1024 * 1024
TABLE = "村名,里程（公里）,养护人\n甲村,3.5,张三\n乙村,-2,138-0000-0000\n"


def check(name, data):
    return checked(name, data, 10 * MB)


def book(**parts):
    """A workbook with more parts; `__` in a name stands for a slash, `_DOT_` for a dot."""
    main = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
    named = {name.replace("__", "/").replace("_DOT_", "."): one for name, one in parts.items()}
    return samples.packed({**main, **named})


@pytest.mark.parametrize(
    ("name", "shown"), [("数据.xlsx", "数据.xlsx"), ("数据.et", "数据.xlsx"), ("数据", "数据.xlsx")]
)
def test_a_workbook_is_taken_also_as_wps_calls_it(name, shown):
    found = check(name, xlsx(("村名", "里程"), ("甲村", 3.5)))
    assert (found.media_type, found.name) == (package.XLSX, shown)


def test_a_letter_is_taken_as_wps_calls_it():
    found = check("答复.wps", samples.docx("关于农村公路养护的答复"))
    assert (found.media_type, found.name) == (package.DOCX, "答复.docx")


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"),
     ("utf-16", "utf-16")],
)  # fmt: skip
def test_a_table_in_any_encoding_of_offices_is_read(encoding, told):
    data = TABLE.encode(encoding)
    assert check("数据.csv", data).media_type == sheet.CSV
    assert sheet.text_of_csv(data) == (TABLE, told)
    assert outward(data, sheet.CSV) == ()
    said = leftovers(data, sheet.CSV)
    assert any("乱码" in one for one in said) is (encoding == "utf-8")
    assert sum("字段说明" in one for one in said) == 1


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.csv", b"\x81\x20\xff\xff,1\n", "文字编码"),
        ("a.csv", b"a,b\n\x00\x01\x02", "只接受"),
        ("a.csv", b"a,b\n\x01\x02", "文字编码"),
        ("a.csv", "<html><body>表</body></html>".encode(), "却不是表格"),
        ("a.csv", b'a,"' + b"x" * 200_000, "读不出表格"),
        ("a.csv", xlsx(("甲",)), "内容却是 XLSX"),
        ("a.txt", TABLE.encode(), "数据请另存为 XLSX 或者 CSV"),
        ("a", TABLE.encode(), "数据请另存为 XLSX 或者 CSV"),
        ("a.xlsx", TABLE.encode(), "数据请另存为 XLSX 或者 CSV"),
        ("a.xlsx", samples.packed({"[Content_Types].xml": "<a/>", "xl/workbook.bin": b"x"}), "XLSB"),
        ("a.xlsx", samples.packed({"mimetype": "x", "content.xml": "<a/>"}), "ODF"),
        ("a.xlsm", book(xl__vbaProject_DOT_bin=b"x"), "带有宏"),
        ("a.xlsx", book(xl__macrosheets__sheet1_DOT_xml="<a/>"), "带有宏"),
        ("a.xlsx", book(xl__embeddings__a_DOT_docx=samples.docx("甲")), "嵌有"),
        ("a.xlsx", book(xl__drawings___rels__drawing1_DOT_xml_DOT_rels=relations(("image", "http://pictures.invalid/a.png"))), "图片存放在别处"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_what_to_save_as(name, data, why):
    with pytest.raises(BadContent, match=why):
        check(name, data)


@pytest.mark.parametrize(
    "data",
    [
        xlsx(("机密★10年",)),
        "机密★10年,1\n2,3\n".encode("gb18030"),
        "a,b\n1,密级：机密★5年\n".encode(),
    ],
    ids=["xlsx", "csv", "cell"],
)
def test_a_mark_in_a_table_is_found(data):
    with pytest.raises(Refused):
        check("a.csv" if data[:2] != b"PK" else "a.xlsx", data)


@pytest.mark.parametrize(
    ("formula", "told"),
    [("=SUM(A1:A2)", None), ('=HYPERLINK("http://a.invalid")', None),
     ('=_xlfn.WEBSERVICE("http://a.invalid")', "向外取数（WEBSERVICE）"), ("=program|topic!item", "DDE")],
)  # fmt: skip
def test_formulas_of_a_workbook_that_call_outside_are_told(formula, told):
    data = xlsx(("里程", 1), formula=formula)
    assert check("a.xlsx", data)
    said = outward(data, package.XLSX)
    assert (told is None and not said) or (told and told in said[0])


def test_links_of_a_workbook_are_told():
    link = "xl__externalLinks__externalLink1_DOT_xml"
    rels = "xl__externalLinks___rels__externalLink1_DOT_xml_DOT_rels"
    other = book(
        **{link: "<externalLink><externalBook/></externalLink>"},
        **{rels: relations(("externalLinkPath", "other.xlsx"))},
    )
    assert check("a.xlsx", other) and "别的工作簿" in outward(other, package.XLSX)[0]
    talks = book(
        **{link: '<externalLink><ddeLink ddeService="program" ddeTopic="topic"/></externalLink>'}
    )
    assert check("a.xlsx", talks) and "DDE" in outward(talks, package.XLSX)[0]
    asks = book(xl__connections_DOT_xml="<connections/>")
    assert check("a.xlsx", asks) and "外部数据" in outward(asks, package.XLSX)[0]


@pytest.mark.parametrize(
    ("cell", "told"),
    [("=1+1", "第 2 行第 1 列"), ("@SUM(A1)", "第 2 行第 1 列"), ("+(1)", "第 2 行第 1 列"),
     ("=program|topic!item", "调用别的程序"), ("+86 138", None), ("-3.5", None), ("a=1", None)],
)  # fmt: skip
def test_cells_of_a_csv_that_would_be_computed_are_told(cell, told):
    said = outward(f"a,b\n{cell},1\n".encode(), sheet.CSV)
    assert (told is None and not said) or (told and told in "".join(said))


def test_a_sheet_of_numbers_is_read_quickly_and_what_it_tells_is_not_lost():
    rows = [tuple(range(start, start + 40)) for start in range(5000)]
    data = xlsx(*rows, (13800000000, 1), formula='=IF(A1=1,"机密★10年","")')
    with pytest.raises(Refused):
        check("a.xlsx", data)
    data = xlsx(*rows, (13800000000, 1))
    assert check("a.xlsx", data)
    assert any("1 个手机号码" in one for one in leftovers(data, package.XLSX))


def test_a_mark_within_a_cell_of_several_looks_is_found():
    runs = "<r><t>机</t></r><r><t>密★10年</t></r>"
    sheet1 = f'<sheetData><row><c t="inlineStr"><is>{runs}</is></c></row></sheetData>'
    for part in ({"xl__worksheets__sheet1_DOT_xml": sheet1},
                 {"xl__sharedStrings_DOT_xml": f"<sst><si>{runs}</si></sst>"}):  # fmt: skip
        with pytest.raises(Refused):
            check("a.xlsx", book(**part))


def test_what_a_workbook_hides_is_told_before_it_is_given_out():
    said = leftovers(xlsx(("甲", 1), hidden=True), package.XLSX)
    assert "有 1 张隐藏的工作表" in said
    assert leftovers(xlsx(("甲", 1)), package.XLSX) == ()
    said = leftovers(xlsx(("11010519491231002X",)), package.XLSX)
    assert any("身份证号码" in one for one in said)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_bad_file_and_never_a_fault(data):
    try:
        check("a.csv", data)
    except (BadContent, Refused):
        return
    outward(data, sheet.CSV)
    leftovers(data, sheet.CSV)


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("xl__comments1_DOT_xml", "<comments><comment ref='A1'/><comment ref='A2'/></comments>", "有 2 条批注"),
        ("xl__threadedComments__threadedComment1_DOT_xml", "<a><threadedComment ref='A1'/></a>", "有 1 条批注"),
        ("xl__pivotCache__pivotCacheRecords1_DOT_xml", "<pivotCacheRecords/>", "数据透视表的缓存"),
        ("xl__worksheets__sheet1_DOT_xml", "<worksheet><cols><col min='2' hidden='1'/></cols></worksheet>", "隐藏的行或者列"),
        ("xl__worksheets__sheet1_DOT_xml", "<worksheet><row r='2' hidden='true'/></worksheet>", "隐藏的行或者列"),
        ("xl__worksheets__sheet1_DOT_xml", "<worksheet><row r='2' hidden='0'/></worksheet>", None),
        ("xl__workbook_DOT_xml", "<workbook><sheets><sheet name='a' state='veryHidden'/><sheet name='b' state='hidden'/></sheets></workbook>", "有 2 张隐藏的工作表"),
    ],
)  # fmt: skip
def test_each_thing_that_a_workbook_keeps_to_itself_is_told(part, content, told):
    found = list(sheet.left_in_xlsx(book(**{part: content})))
    assert (told is None and found == []) or (len(found) == 1 and told in found[0])


@pytest.mark.parametrize(
    "parts",
    [
        {"xl__macrosheets__sheet1_DOT_xml": "<macrosheet/>"},
        {"[Content_Types]_DOT_xml": "<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>"},
    ],
)  # fmt: skip
def test_a_workbook_with_macros_is_refused_however_they_show(parts):
    with pytest.raises(BadContent, match="带有宏"):
        list(sheet.texts_of_xlsx(book(**parts)))


def test_a_workbook_is_read_up_to_a_measure(monkeypatch):
    """The parts that hold words count, pictures do not."""
    words = "<a>" + "一" * 300 + "</a>"
    data = book(xl__sharedStrings_DOT_xml=words, xl__media__image1_DOT_png="x" * 5_000)
    size = sum(len(content) for name, content in package.parts(data) if not name.endswith(".png"))
    monkeypatch.setattr(sheet, "XML_MOST", size)
    assert any("一" * 300 in one.text for one in sheet.texts_of_xlsx(data))
    monkeypatch.setattr(sheet, "XML_MOST", size - 1)
    with pytest.raises(BadContent, match="分成几份"):
        list(sheet.texts_of_xlsx(data))
