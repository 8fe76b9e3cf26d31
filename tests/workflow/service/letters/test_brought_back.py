"""Letters that were edited outside and come back: what differs, what no longer holds, what is signed then."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.samples import pdf
from tests.workflow.service.letters.kept import (
    approved,
    corrected,
    kept,
    letters,
    sign,
    with_leaders,
)
from tests.workflow.service.town import Town
from workflow.letters import Choice, NotPossible
from workflow.letters.formats import FORMATS
from workflow.refusal import BadInput, Denied, Refused


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return with_leaders(Town(tmp_path, "2024-03-04"))


# -- edited outside -----------------------------------------------------------------------------------


def edited(content: bytes, old: str, new: str, folder: Path) -> bytes:
    """The Word file with one text put in another's place."""
    document = Document(BytesIO(content))
    places = [run for line in document.paragraphs for run in line.runs if old in run.text]
    assert places, old
    for run in places:
        run.text = run.text.replace(old, new)
    document.save(str(folder / "edited.docx"))
    return (folder / "edited.docx").read_bytes()


def back(town: Town, number: str, content: bytes, name: str = "改.docx", **more: Any) -> Any:
    return letters(town).bring_back(
        town.staff("lifang"), "panlong", number, "correction_notice", "", name, content, **more
    )


def docx(town: Town, number: str) -> bytes:
    (first, *_) = kept(town, number)
    return letters(town).opened(town.staff("lifang"), "panlong", number, first.id, "docx").content


def test_what_comes_back_unchanged_differs_in_nothing(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    content = docx(town, number)
    found = back(town, number, content)
    assert (found.differences, found.findings, found.compared) == ((), (), True)
    first, second = kept(town, number)
    assert (second.source, second.version, second.actor) == ("uploaded", 2, "lifang")
    assert (second.number, second.hash) == (first.number, found.hash)
    opened = letters(town).opened(town.staff("lifang"), "panlong", number, second.id, "docx")
    assert opened.content == content


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2024年3月4日", "2024年3月1日", "收到"),
        ("第三十条", "第三十一条", "条款"),
        ("请写明年度", "请写明月份", "文字"),
        ("盘龙彝族乡人民政府", "江那镇人民政府", "机关"),
        ("〔2024〕1号", "〔2024〕2号", "文号"),
    ],
)
def test_what_was_changed_is_pointed_out(
    town: Town, tmp_path: Path, old: str, new: str, what: str
) -> None:
    number = town.file().number
    corrected(town, number)
    found = back(town, number, edited(docx(town, number), old, new, tmp_path))
    assert found.differences
    assert any(what in one.what for one in found.differences), found.differences
    told = "".join(one.old + one.new for one in found.differences)
    assert set(new) - set(old) <= set(told)
    assert kept(town, number)[-1].differences == found.differences


def test_linter_reads_what_came_back(town: Town, tmp_path: Path) -> None:
    number = town.file().number
    corrected(town, number)
    wrong = "根据《中华人民共和国政府信息公开条例》第二十一条，请"
    found = back(
        town, number, edited(docx(town, number), "请写明年度", wrong + "三个月内提起诉讼", tmp_path)
    )
    assert found.findings


def test_scan_is_kept_at_the_end(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    found = back(town, number, pdf("盖章"), "盖章件.pdf", scan=True)
    assert (found.compared, found.differences) == (False, ())
    assert [one.source for one in kept(town, number)] == ["drafted", "scan"]
    letter = letters(town).draft(None, "panlong", number, "correction_notice")
    assert letter.number.endswith("1号")
    with pytest.raises(BadInput):
        back(town, number, docx(town, number), "盖章件.docx", scan=True)


def test_letter_that_the_case_cannot_have_does_not_come_back(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    content = docx(town, number)
    with pytest.raises(NotPossible):
        letters(town).bring_back(
            town.staff("lifang"), "panlong", number, "termination", "", "改.docx", content
        )
    assert [one.kind for one in kept(town, number)] == ["correction_notice"]


def test_file_that_cannot_be_taken_is_refused(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    with pytest.raises(BadInput):
        back(town, number, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "旧.doc")
    assert len(kept(town, number)) == 1


def test_signed_reply_takes_no_other_words_but_its_scan(town: Town) -> None:
    number = town.file().number
    approved(town, number)
    mine = kept(town, number)[0]
    service, clerk = letters(town), town.staff("lifang")
    content = service.opened(clerk, "panlong", number, mine.id, "docx").content
    with pytest.raises(Refused, match="已经签发"):
        service.bring_back(clerk, "panlong", number, "reply", "", "改.docx", content)
    service.bring_back(clerk, "panlong", number, "reply", "", "章.pdf", pdf("章"), scan=True)
    assert [one.source for one in kept(town, number)] == ["drafted", "scan"]


def test_uploaded_version_is_the_one_that_is_signed(town: Town, tmp_path: Path) -> None:
    number = town.file().number
    service, clerk = letters(town), town.staff("lifang")
    for event, fields in (
        ("assign", {"to": "农业中心"}),
        ("record_search", {"sources": ["档案室"], "keywords": ["合同"], "hits": 1}),
        ("propose_outcome", {"outcome": "supplied"}),
    ):
        town.act("lifang", number, event, "2024-03-06", **fields)
    content = FORMATS["docx"].write(service.draft(clerk, "panlong", number, "reply"))
    content = edited(content, "经审查", "经审核", tmp_path)
    found = service.bring_back(clerk, "panlong", number, "reply", "", "改.docx", content)
    assert [(one.old, one.new) for one in found.differences] == [("查", "核")]
    sign(town, number, paper=found.hash)
    printed, letter = service.printed(None, "panlong", number, "reply", Choice(), "docx")
    assert printed == content and letter.number.endswith("1号")
    (mine,) = kept(town, number)
    assert (mine.source, mine.hash, mine.seq is not None) == ("uploaded", found.hash, True)
    assert mine.number == "盘政公开答〔2024〕1号"
    town.act("lifang", number, "serve", "2024-03-14", method="direct")
    assert len(kept(town, number)) == 1


# -- who may ------------------------------------------------------------------------------------------


def test_who_may_not_draft_may_not_keep(town: Town) -> None:
    number = town.file().number
    corrected(town, number)
    service, nobody = letters(town), town.staff("wang")
    for ask in (
        lambda: service.kept(nobody, "panlong", number),
        lambda: service.opened(nobody, "panlong", number, 1, "docx"),
        lambda: service.void(nobody, "panlong", number, 1, "不许"),
        lambda: service.issue(nobody, "panlong", number, "envelope"),
        lambda: service.bring_back(
            nobody, "panlong", number, "correction_notice", "", "a.docx", docx(town, number)
        ),
    ):
        with pytest.raises(Denied):
            ask()
