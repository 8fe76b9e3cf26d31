"""Every fact of every letter stands in its Word file and in its PDF, and equals the case."""

import json
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from config import fonts
from config.law import load_law
from config.letters import load_letters
from tests.workflow.case.proved import EVIDENCE
from tests.workflow.case.walk import ASSIGNED, TODAY
from tests.workflow.letters.reading import bare, in_pdf, in_word, read_back
from tests.workflow.letters.stories import (
    APPLICANT,
    ITEMS,
    ONE_EACH,
    STORIES,
    THIRD,
    Story,
    about,
    codes,
    letter_of,
    walk,
)
from workflow.letters import Letter
from workflow.letters.differing import differences, lines_of_docx
from workflow.letters.formats import FORMATS
from workflow.letters.letter import Paragraph, read_again, written
from workflow.letters.said import words_of
from workflow.refusal import BadInput
from workflow.rules.linter import lint

LAW = load_law()
LABELS = load_letters().values.values
GAP = re.compile(r"【[^】]*】")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

BOTH_ENDINGS = [
    "docx",
    pytest.param("pdf", marks=pytest.mark.long(reason="the other of two writers")),
]


def said_facts(letter: Letter) -> list[str]:
    """Every fact of the letter in the words in which it stands there."""
    found = list(letter.words.values())
    for value in letter.facts.values():
        if isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    asked = row.get("asked") or []
                    found += asked if isinstance(asked, list) else [asked]
    return [
        *found,
        *letter.remedy,
        *letter.annexes,
        letter.signature,
        letter.addressee,
        letter.number,
    ]


@pytest.mark.parametrize("ending", BOTH_ENDINGS)
@pytest.mark.parametrize("name", list(STORIES))
def test_what_the_letter_says_stands_in_its_file(name: str, ending: str) -> None:
    letter = letter_of(name)
    there = read_back(letter, ending)
    assert [text for text in letter.texts() if bare(text) not in there] == []
    assert [text for text in said_facts(letter) if bare(text) not in there] == []


@pytest.mark.parametrize("ending", BOTH_ENDINGS)
@pytest.mark.parametrize("name", list(ONE_EACH))
def test_kept_letter_is_printed_as_it_was_drafted(name: str, ending: str) -> None:
    """Kept as JSON, numbered, and read again: every fact stands in its files, and its hash is the same."""
    letter = letter_of(name)
    numbered = letter.numbered("砚政公开〔2024〕7号") if letter.number else letter
    kept = read_again(json.loads(json.dumps(written(numbered), ensure_ascii=False)))
    assert (kept, kept.paper_hash) == (numbered, letter.paper_hash)
    there = read_back(kept, ending)
    assert [text for text in said_facts(numbered) if bare(text) not in there] == []
    assert FORMATS[ending].write(kept) == FORMATS[ending].write(numbered)


@pytest.mark.parametrize("name", list(STORIES))
def test_word_file_that_nobody_edited_differs_in_nothing(name: str) -> None:
    letter = letter_of(name)
    lines = lines_of_docx(FORMATS["docx"].write(letter))
    assert differences(letter, lines, LABELS) == []


@pytest.mark.parametrize("name", list(STORIES))
def test_rows_of_lists_stand_on_the_paper(name: str) -> None:
    """Searches, days, papers, proofs: each cell that is known is printed."""
    letter = letter_of(name)
    there = bare("".join(letter.texts()))
    for key, rows in letter.facts.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict) and key != "answers":
            for row in rows:
                for value in row.values():
                    words = words_of(value)
                    if words is None or re.fullmatch(r"\d{4}-\d\d-\d\d", words):
                        continue
                    assert bare(words) in there, (key, value)


@pytest.mark.parametrize("name", list(STORIES))
def test_no_open_place_is_silent(name: str) -> None:
    """What stands in 【】 is named among the open places, and nothing else is."""
    letter = letter_of(name)
    there = "".join(letter.texts())
    assert set(GAP.findall(there)) == {gap.text for gap in letter.open}
    assert len({gap.name for gap in letter.open}) == len(letter.open)
    assert not re.search(r"[{}]|None|\[|\]", there)


@pytest.mark.parametrize("name", list(STORIES))
def test_linter_finds_nothing_outdated_in_a_drafted_letter(name: str) -> None:
    letter = letter_of(name)
    for day in (letter.day, TODAY):
        assert lint("\n".join(letter.texts()), LAW, day) == []


def test_every_kind_of_letter_has_a_story() -> None:
    assert {made().kind for made in ONE_EACH.values()} == set(load_letters().templates)


@pytest.mark.parametrize(
    "name", ["third_party_consultation", "third_party_notice", "third_party_notice_silent",
             "agency_consultation", "agency_consultation_other", "openness_review_form"],
)  # fmt: skip
def test_letters_to_other_parties_never_name_the_applicant(name: str) -> None:
    story = STORIES[name]()
    letter = story.letter()
    person = story.about.person
    known = (APPLICANT, person.address, person.phone, person.email, person.id_number)
    for ending in FORMATS:
        text = (
            FORMATS["json"].write(letter).decode()
            if ending == "json"
            else read_back(letter, ending)
        )
        assert [one for one in known if bare(one) in bare(text)] == []


def test_name_of_the_applicant_in_typed_words_is_veiled_for_the_third_party() -> None:
    fields = {"consultation": 1, "to": THIRD, "subject": f"{APPLICANT}申请的养护合同", "sent_on": 2}
    made = walk(*ASSIGNED, ("consult_third_party", 2, fields))
    letter = Story("third_party_consultation", made.case, about()).letter()
    assert APPLICANT not in "".join(letter.texts())
    assert "“申请人申请的养护合同”" in "".join(letter.texts())


# -- item by item -------------------------------------------------------------------------------------

TYPED = st.text(
    st.characters(codec="utf-8", exclude_characters="【】{}[]“”‘’〔〕"), min_size=3, max_size=60
).filter(lambda text: bool(words_of(f"甲{text}乙")))
PLAIN = [
    code
    for code in codes()
    if code not in ("unclear_after_correction", "excessive", "applicant_gone")
]


@st.composite
def answered_item_by_item(draw: st.DrawFn) -> tuple[Story, list[tuple[str, str, str]]]:
    """A case whose items are answered each in its own way, with words that somebody typed: the story, and
    of each item what was asked, the outcome, and the typed reason."""
    count = draw(st.integers(1, 4))
    told, items, searches = [], [], []
    for number in range(1, count + 1):
        code = draw(st.sampled_from(PLAIN))
        wording = f"第{number}项{draw(TYPED)}的文件"
        reason = f"因{draw(TYPED)}而定"
        field = next((f for f in ("ground", "reason") if f in EVIDENCE.get(code, {})), "")
        fields = {**EVIDENCE.get(code, {}), **({field: reason} if field else {})}
        items.append({"item": number, "outcome": code, **fields})
        told.append((wording, code, reason if field else ""))
        if code == "not_existing":
            searches.append(
                (
                    "record_search",
                    5,
                    {
                        "sources": ["档案室", "财务系统"],
                        "keywords": ["合同", "协议"],
                        "hits": 0,
                        "item": number,
                    },
                )
            )
    made = walk(*ASSIGNED, items=tuple(wording for wording, _, _ in told))
    for step in searches:
        made.must(step)
    done = made.do("propose_outcome", 7, by="handler", items=items)
    if not hasattr(done, "seq"):  # the guards found the typed words to be no reason
        return draw(st.nothing())
    return Story("reply", made.case, about()), told


@given(answered_item_by_item())
@settings(max_examples=25)
def test_each_item_is_answered_with_its_own_words_outcome_and_article(
    case: tuple[Story, list[tuple[str, str, str]]],
) -> None:
    story, told = case
    letter = story.letter()
    there = read_back(letter, "docx")
    answers = letter.facts["answers"]
    assert [row["outcome"] for row in answers] == [code for _, code, _ in told]
    for (wording, code, reason), row in zip(told, answers, strict=True):
        words = load_letters().answer("application", code, TODAY)
        assert words is not None
        assert bare(str(words_of(wording))) in there
        assert reason == "" or bare(str(words_of(reason))) in there
        assert row["label"] == LAW.outcomes[code].label
        if words.article and code not in ("reconfirmation", "unclear_after_correction"):
            for article in words.article.replace("《中华人民共和国档案法》", "").split("、"):
                assert article in there
    given_out = [
        wording
        for wording, code, _ in told
        if LAW.outcomes[code].cls in ("disclose", "partial") and code != "already_public"
    ]
    assert len(letter.annexes) == len(given_out)


@given(answered_item_by_item())
@settings(max_examples=15)
def test_pdf_says_the_same_or_names_the_character_that_it_cannot_print(
    case: tuple[Story, list[tuple[str, str, str]]],
) -> None:
    letter = case[0].letter()
    lacking = fonts.without_glyph("".join(letter.texts()))
    if lacking:
        with pytest.raises(BadInput) as told:
            FORMATS["pdf"].write(letter)
        assert all(any(char in error.message for error in told.value.errors) for char in lacking)
        return
    assert FORMATS["pdf"].write(letter).startswith(b"%PDF")


# -- the files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reply_mixed", "approval_form", "openness_review_form"])
def test_word_file_speaks_chinese_everywhere(name: str) -> None:
    """Without the language 。，、 sit in the middle of their squares."""
    with ZipFile(BytesIO(FORMATS["docx"].write(letter_of(name)))) as archive:
        document, styles = (
            etree.fromstring(archive.read(f"word/{part}.xml")) for part in ("document", "styles")
        )
    runs = [run for run in document.iter(f"{W}r") if run.find(f"{W}t") is not None]
    assert len(runs) > 20
    for run in runs:
        lang = run.find(f"{W}rPr/{W}lang")
        assert lang is not None
        assert {lang.get(f"{W}val"), lang.get(f"{W}eastAsia")} == {"zh-CN"}
        assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia")
    assert {lang.get(f"{W}eastAsia") for lang in styles.iter(f"{W}lang")} == {"zh-CN"}


def test_pdf_is_tagged_chinese_and_has_its_title() -> None:
    reader = PdfReader(BytesIO(FORMATS["pdf"].write(letter_of("reply_mixed"))))
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == "盘龙彝族乡人民政府政府信息公开申请答复书"


@pytest.mark.parametrize("ending", list(FORMATS))
def test_the_same_letter_is_the_same_file(ending: str) -> None:
    assert FORMATS[ending].write(letter_of("reply_mixed")) == FORMATS[ending].write(
        letter_of("reply_mixed")
    )


def test_open_places_stand_on_yellow_in_word() -> None:
    with ZipFile(BytesIO(FORMATS["docx"].write(letter_of("fee_notice")))) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
    marked = [
        "".join(run.itertext())
        for run in document.iter(f"{W}r")
        if run.find(f"{W}rPr/{W}highlight") is not None
    ]
    assert set(marked) == {"【机关代字】", "【序号】", "【缴费的方式、账户】"}


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_headings_of_both_levels_are_printed(ending: str) -> None:
    heads = (
        Paragraph("heading", "一、黑体"),
        Paragraph("subheading", "（一）楷体"),
        Paragraph("text", "正文"),
    )
    letter = replace(letter_of("receipt"), elements=heads)
    assert "一、黑体（一）楷体正文" in read_back(letter, ending)


UNPRINTABLE = "甲\x00\x0b乙\ud800丙\ufffe丁"


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_characters_that_no_paper_has_do_not_break_a_letter(ending: str) -> None:
    made = walk(*ASSIGNED, items=(f"关于{UNPRINTABLE}的文件", "x" * 3000))
    letter = Story("assistance_request", made.case, about()).letter()
    assert "关于甲乙丙丁的文件" in read_back(letter, ending)


def test_many_items_run_over_many_pages() -> None:
    items = tuple(f"第{n}份文件：{ITEMS[0] * 12}" for n in range(1, 21))
    letter = Story(
        "reply",
        walk(
            *ASSIGNED, ("propose_outcome", 7, {"outcome": "supplied", "by": "handler"}), items=items
        ).case,
        about(),
    ).letter()
    data = FORMATS["pdf"].write(letter)
    assert len(PdfReader(BytesIO(data)).pages) > 8
    assert "20. 第20份文件" in "".join(letter.annexes)
    assert bare(letter.annexes[-1]) in read_back(letter, "pdf")


@pytest.mark.long(reason="starts LibreOffice")
@pytest.mark.skipif(not shutil.which("lowriter"), reason="lowriter is not on this computer")
def test_libreoffice_saves_the_word_file_without_a_difference(tmp_path: Path) -> None:
    """What an office opens and saves again says what we wrote."""
    for name in ONE_EACH:
        (tmp_path / f"{name}.docx").write_bytes(FORMATS["docx"].write(letter_of(name)))
    (tmp_path / "saved").mkdir()
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [str(tmp_path / f"{name}.docx") for name in ONE_EACH]
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path / "saved"), *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for name in ONE_EACH:
        lines = lines_of_docx((tmp_path / "saved" / f"{name}.docx").read_bytes())
        assert differences(letter_of(name), lines, LABELS) == [], name


@pytest.mark.skipif(not shutil.which("lowriter"), reason="lowriter is not on this computer")
def test_libreoffice_prints_every_character_of_the_word_file(tmp_path: Path) -> None:
    """It once lost a 。 at the end of a line."""
    names = [
        "third_party_notice",
        "third_party_consultation",
        "reply_already_public",
        "reply_mixed",
    ]
    for name in names:
        (tmp_path / f"{name}.docx").write_bytes(FORMATS["docx"].write(letter_of(name)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [str(tmp_path / f"{name}.docx") for name in names]
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for name in names:
        written = in_word((tmp_path / f"{name}.docx").read_bytes())
        printed = in_pdf((tmp_path / f"{name}.pdf").read_bytes())
        assert Counter(printed) == Counter(written), name
