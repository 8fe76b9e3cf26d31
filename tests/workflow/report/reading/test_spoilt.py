"""Files that are no reports, and reports that are spoilt: one clear line, or what is left is read."""

import contextlib
import io
import json
import re
import zipfile
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import samples
from tests.samples import packed
from tests.workflow.report.reading.test_reading import LAW, huaian, reading
from tests.workflow.report.report_files import (
    WRITERS,
    as_docx,
    as_html,
    as_json,
    as_tabs,
    as_text,
    as_xlsx,
)
from workflow.report.checks import findings
from workflow.report.reading import Unreadable

TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
BOMB = (
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>"
)
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "空的"),
    "50 MB": (b"0" * (50 * 1024 * 1024), "超过 20 MB"),
    "picture": (samples.png(), "这是图片"),
    "program": (b"MZ\x90\0\x03\0\0\0", "这是程序，.*只读 DOCX"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
    "PDF": (samples.pdf("年度报告"), "没有找到"),
    "other zip": (packed({"a.txt": "甲"}), "没有找到"),
    "broken zip": (as_xlsx(huaian())[:3000], "损坏"),
    "zip bomb": (packed({"[Content_Types].xml": TYPES, "word/document.xml": b"0" * 90_000_000}), "太大"),
    "macro": (packed({"[Content_Types].xml": TYPES, "xl/vbaProject.bin": b"1"}), "宏"),
    "macro type": (
        packed({"[Content_Types].xml": TYPES + "<!-- macroEnabled -->", "xl/workbook.xml": "<a/>"}),
        "宏",
    ),
    "broken XML": (packed({"word/document.xml": "<a><b></a>"}), "损坏"),
    "entities": (packed({"word/document.xml": BOMB}), "不规范"),
    "broken JSON": (b'{"year": 2024,', "第 1 行"),
    "deep JSON": (b"[" * 200_000, "JSON"),
    "JSON list": (b"[1]", "对象"),
    "JSON without year": (b'{"table3": {}}', "year"),
    "JSON without tables": (b'{"year": 2024}', "没有表格"),
    "prose": ("关于开展年度考核工作的通知".encode(), "没有找到"),
    "web page": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "没有找到"),
    "deep web page": (b"<div>" * 5000 + b"x", "没有找到|太深"),
    "huge table": (
        b"<table>" + b"<tr><td colspan=400>1</td></tr>" * 500 + b"</table>",
        "太大",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_clear_line(name):
    data, words = BAD[name]
    with pytest.raises(Unreadable, match=words) as caught:
        reading(name, data)
    assert "\n" not in str(caught.value)


def test_a_merge_over_a_whole_sheet_is_not_unrolled():
    parts = {}
    with zipfile.ZipFile(io.BytesIO(as_xlsx(huaian()))) as package:
        for name in package.namelist():
            parts[name] = package.read(name)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert b"</mergeCells>" in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</mergeCells>", b'<mergeCell ref="Z90:XFD1048576"/></mergeCells>'
    )
    assert reading("huaian_2024.xlsx", packed(parts)).table3 == huaian().table3


TOKENS = [
    b"9",
    b"A",
    b"-",
    b"",
    b' r="A0"',
    b' t="s"',
    b"<v>x</v>",
    b"<c/>",
    b"<w:tbl/>",
    b"<row/>",
]


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {
            name: package.read(name)
            for name in package.namelist()
            if name.startswith(("xl/w", "xl/s", "xl/_rels", "word/document"))
            and "styles" not in name
        }


UNPACKED = [unpacked(as_xlsx(huaian())), unpacked(as_docx(huaian()))]


def share_read(files: st.SearchStrategy[bytes], examples: int) -> float:
    """How many of the files were read, 0 to 1; nothing but Unreadable may be raised by the others. What
    is read is checked too. Always the same files, so that the share is always the same."""
    tried = Counter[bool]()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(files)
    def is_read(data: bytes) -> None:
        try:
            found = reading("a_2024", data)
        except Unreadable:
            tried[False] += 1
        else:
            tried[True] += 1
            findings(found, LAW)

    is_read()
    return tried[True] / tried.total()


@st.composite
def spoilt(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A file with some bytes exchanged, put in or taken out."""
    seed = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 12))):
        place = draw(st.integers(0, len(seed) - 1))
        end = place + draw(st.sampled_from((0, 1, 1, 2, 40)))
        seed[place:end] = draw(st.binary(max_size=6))
    return bytes(seed)


@st.composite
def spoilt_inside(draw: st.DrawFn, package: dict[str, bytes]) -> bytes:
    """An office file of which one part is spoilt."""
    parts = dict(package)
    name = draw(st.sampled_from(sorted(parts)))
    inner = bytearray(parts[name])
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(inner) - 1))
        token = draw(st.sampled_from(TOKENS) | st.binary(max_size=4))
        inner[place : place + draw(st.integers(0, 3))] = token
    parts[name] = bytes(inner)
    return packed(parts)


SLIPS = st.sampled_from(("9", "-1", "", "1E999", "0.5", "A0", "s", "——", "三、", "|", " ", "总计"))
VALUES = re.compile(rb'(?<=>)[^<>]+(?=<)|(?<==")[^"<>]*(?=")')


@st.composite
def with_slips(draw: st.DrawFn, text: str) -> bytes:
    """A file of text in which some characters are others."""
    for _ in range(draw(st.integers(1, 12))):
        place = draw(st.integers(0, len(text) - 1))
        text = text[:place] + draw(SLIPS) + text[place + draw(st.integers(0, 2)) :]
    return text.encode()


@st.composite
def with_other_values(draw: st.DrawFn, package: dict[str, bytes]) -> bytes:
    """An office file whose XML stays in order while what stands in its sheets or paragraphs does not.
    The names of the language, at the beginning, are left."""
    parts = dict(package)
    large = sorted(name for name in parts if len(parts[name]) > 2000)
    for _ in range(draw(st.integers(1, 6))):
        name = draw(st.sampled_from(large))
        span = draw(st.sampled_from(list(VALUES.finditer(parts[name], 1000)))).span()
        parts[name] = parts[name][: span[0]] + draw(SLIPS).encode() + parts[name][span[1] :]
    return packed(parts)


@pytest.mark.parametrize("kind", WRITERS)
def test_whatever_the_bytes_nothing_but_unreadable_is_raised(kind):
    share_read(spoilt([WRITERS[kind](huaian())]), 15)


@pytest.mark.parametrize(("write", "least"), [(as_html, 0.9), (as_text, 0.9), (as_tabs, 0.9)])
def test_a_text_with_slips_is_read_nearly_always(write, least):
    """Unreadable is only what has lost its year or all of its labels."""
    assert share_read(with_slips(write(huaian()).decode()), 30) >= least


@pytest.mark.parametrize("package", UNPACKED, ids=["xlsx", "docx"])
def test_whatever_stands_inside_an_office_file_nothing_but_unreadable_is_raised(package):
    share_read(spoilt_inside(package), 40)


@pytest.mark.parametrize("package", UNPACKED, ids=["xlsx", "docx"])
def test_an_office_file_with_other_values_is_read_mostly(package):
    assert share_read(with_other_values(package), 40) >= 0.8


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)
def test_random_bytes_raise_nothing_but_unreadable(data):
    for start in (b"", b"{", b"<table>", b"PK\x03\x04"):
        with contextlib.suppress(Unreadable):
            findings(reading("a", start + data), LAW)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


FIELDS = (
    "agency", "format", "sections", "period", "published_on", "version", "level", "table2", "table3",
    "table4", "title",
)  # fmt: skip


def test_whatever_stands_in_a_field_of_json_nothing_but_unreadable_is_raised():
    """One wrong field leaves a report that is read."""
    whole = json.loads(as_json(huaian()))
    files = st.tuples(st.sampled_from(FIELDS), _JSON).map(
        lambda field: json.dumps({**whole, field[0]: field[1]}).encode()
    )
    assert share_read(files, 150) == 1
