"""The archive package: read again without the program, every hash and every page is as its list says."""

import csv
import io
import json
import re
from hashlib import sha256
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.samples import png
from tests.workflow.bundle.made import PDF, a_pdf, press
from tests.workflow.bundle.test_evidence import BEFORE, asked
from tests.workflow.case.walk import ASSIGNED, MONDAY, SERVED
from tests.workflow.letters.stories import PERSON, THIRD, walk
from workflow.bundle.archive import Archive, archive, listed, retention
from workflow.case.facts import Logged
from workflow.letters import NotPossible

NAMES = {n: f"{PERSON.id_number}-{n}.pdf" for n in range(1, 6)}


def made() -> Archive:
    return archive(press(asked(), *BEFORE), {"log": []}, NAMES)


def opened(one: Archive) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(one.content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_every_file_has_its_hash_in_the_list_that_sha256sum_reads() -> None:
    files = opened(made())
    lines = files.pop("SHA256SUMS").decode().splitlines()
    assert all(re.fullmatch(r"[0-9a-f]{64}  \S.*", line) for line in lines)
    sums = dict(reversed(line.split("  ", 1)) for line in lines)
    assert sums == {name: sha256(data).hexdigest() for name, data in files.items()}


def test_list_of_contents_is_the_same_on_paper_in_excel_and_as_csv() -> None:
    """practice.md §2.2, 38: 序号, 文号, 责任者, 题名, 日期, 页号, 备注."""
    one = made()
    files = opened(one)
    assert files["卷内目录.csv"].startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(files["卷内目录.csv"].decode("utf-8-sig"))))
    assert rows[0] == ["序号", "文号", "责任者", "题名", "日期", "页号", "备注"]
    sheet = load_workbook(io.BytesIO(files["卷内目录.xlsx"])).active
    assert sheet is not None
    in_excel = sheet.iter_rows(min_row=2, values_only=True)
    assert [[cell or "" for cell in row] for row in in_excel] == rows
    paper = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(files["卷内目录.pdf"])).pages
    )
    bare = re.sub(r"\s", "", paper)
    for row in rows[1:]:
        assert "".join(row[3:6]).replace(" ", "") in bare
    pages = {str(piece.number): piece.page for piece in one.pieces if not piece.paper.sealed}
    assert {row[0]: row[5] for row in rows[1:] if row[0] in pages} == pages


def test_pages_of_the_list_are_the_pages_of_the_volume() -> None:
    one = made()
    whole = PdfReader(io.BytesIO(opened(one)["案卷.pdf"]))
    labels = whole.page_labels
    for piece in one.pieces:
        if piece.sheets:
            text = re.sub(
                r"\s", "", whole.pages[labels.index(piece.page.split("-")[0])].extract_text()
            )
            assert f"第{piece.number}件第{piece.page.split('-')[0]}页" in text
    places = [piece.paper.place for piece in one.pieces]
    assert places == sorted(places)


def test_contents_drafted_as_a_letter_have_the_pages_of_the_package() -> None:
    given = press(asked(), *BEFORE)
    assert listed(given).facts["papers"] == archive(given, {}, {}).contents.facts["papers"]


def test_identity_and_third_parties_lie_in_the_closed_folder_alone() -> None:
    files = opened(made())
    inside = {name for name in files if name.startswith("不公开/")}
    assert inside == {"不公开/案卷.pdf", "不公开/原件/00001-身份证明.png", "不公开/原件名称.csv"}
    volume = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(files["不公开/案卷.pdf"])).pages
    )
    assert THIRD in re.sub(r"\s", "", volume)
    rows = list(csv.reader(io.StringIO(files["卷内目录.csv"].decode("utf-8-sig"))))
    closed = {row[3]: (row[5], row[6]) for row in rows if row[5].startswith("不公开")}
    assert closed["身份证明"] == ("不公开 1", "身份证明，上传的材料1件")
    for name, data in files.items():
        if name not in inside and not name.endswith((".pdf", ".xlsx")):
            assert PERSON.id_number.encode() not in data
    open_ = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["案卷.pdf"])).pages)
    assert PERSON.id_number not in re.sub(r"\s", "", open_)


def test_originals_lie_there_byte_for_byte() -> None:
    files = opened(made())
    originals = {name: data for name, data in files.items() if "原件/" in name}
    assert sorted(originals.values()) == sorted(data for _, _, _, data in BEFORE)


def test_retention_class_and_period_stand_beside_it() -> None:
    told = json.loads(opened(made())["归档信息.json"])
    assert (told["保管期限"], told["归档日期"], told["保管至"]) == ("30年", None, None)
    archived = press(walk(*SERVED, ("archive", 40, {})))
    assert retention(archived) == {
        "保管期限": "30年",
        "归档日期": "2024-04-13",
        "保管至": "2054-12-31",
    }
    for_ever = press(walk(*SERVED, ("archive", 40, {}), retention_years=0))
    assert retention(for_ever)["保管至"] == "永久"


def test_same_case_and_day_give_the_same_package() -> None:
    assert made().content == made().content


def test_nothing_in_a_list_is_taken_for_a_formula() -> None:
    given = walk(*ASSIGNED)
    one = archive(press(given, ("other", MONDAY, PDF, a_pdf())), {}, {1: "=1+2.pdf"})
    assert "'=1+2.pdf" in opened(one)["不公开/原件名称.csv"].decode("utf-8-sig")


def test_case_that_was_not_received_has_no_package() -> None:
    with pytest.raises(NotPossible):
        archive(press(walk()), {}, {})


def test_a_case_with_nothing_closed_has_no_closed_volume() -> None:
    done = walk(*SERVED)
    assert isinstance(done.case.log[-1], Logged)
    files = opened(archive(press(done, ("other", MONDAY, "image/png", png())), {}, {}))
    assert not [name for name in files if name.startswith("不公开/")]
