"""The evidence bundle: its list is its pages; what is closed, lacking or too late is said and not bound."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from PIL import Image
from pypdf import PdfReader

from config.letters import load_letters
from tests.samples import docx, jpeg, ofd, png
from tests.workflow.bundle.made import PDF, TURNED_JPEG, Sent, a_pdf, press
from tests.workflow.case.proved import EVIDENCE
from tests.workflow.case.walk import ASSIGNED, MONDAY, RECEIVED, Walk
from tests.workflow.files.pictures import heic, tiff, xlsx
from tests.workflow.letters.stories import (
    APPLICANT,
    CONSULTED,
    EXTENDED,
    JOINT,
    OBJECTED,
    PERSON,
    REVIEWED,
    THIRD,
    Story,
    about,
    answered,
    served,
    walk,
)
from workflow.bundle.evidence import Bundle, bundle, listed
from workflow.files.package import DOCX, OFD, XLSX
from workflow.files.photo import HEIC, TIFF
from workflow.files.sheet import CSV
from workflow.letters import Beside, Choice, NotPossible
from workflow.service.files import KINDS

REPLIED = MONDAY + timedelta(14)
ASKED = [*ASSIGNED, CONSULTED, OBJECTED, EXTENDED]
BEFORE: tuple[Sent, ...] = (
    ("id_proof", MONDAY, "image/png", png()),
    ("supplement", MONDAY, PDF, a_pdf(3)),
    ("reply", REPLIED, PDF, a_pdf(2)),
    ("proof_of_service", REPLIED + timedelta(5), "image/jpeg", TURNED_JPEG),
    ("other", MONDAY, DOCX, docx("申请人另行说明", "需要正文")),
)


def withheld() -> Walk:
    """A refusal for a third party that had objected before; a review was filed."""
    return walk(*served(answered("third_party_rights")), REVIEWED)


def asked() -> Walk:
    """The same after a consultation."""
    proposed = (
        "propose_outcome",
        9,
        {"outcome": "third_party_rights", "by": "handler", **EVIDENCE["third_party_rights"]},
    )
    passed = [(name, max(day, 9), fields) for name, day, fields in served([])]
    return walk(*ASSIGNED, CONSULTED, OBJECTED, proposed, *passed, REVIEWED)


def texts(made: Bundle) -> list[str]:
    pages = PdfReader(io.BytesIO(made.content)).pages
    return [re.sub(r"\s", "", page.extract_text()) for page in pages]


def rows(made: Bundle) -> list[dict[str, object]]:
    """The rows of the list, of both groups of papers."""
    facts = made.listed.facts
    return [*facts["proofs_time"], *facts["proofs_facts"]]


# -- the list is the pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "steps", [withheld, asked, lambda: walk(*served(answered("not_existing")))]
)
def test_list_has_the_numbers_names_and_pages_of_the_bundle(steps) -> None:
    made = bundle(press(steps(), *BEFORE))
    said = texts(made)
    assert [(row["n"], row["title"], row["page"]) for row in rows(made)] == [
        (one.number, one.paper.title, one.page) for one in made.pieces
    ]
    assert [one.number for one in made.pieces] == list(range(1, len(made.pieces) + 1))
    labels = PdfReader(io.BytesIO(made.content)).page_labels
    for one in made.pieces:
        if one.sheets:
            first, _, last = one.page.partition("-")
            for page in range(int(first), int(last or first) + 1):
                assert f"证据{one.number}第{page}页" in said[labels.index(str(page))]
    assert max(row["n"] for row in rows(made)) + 1 == made.listed.facts["proofs_law"][0]["n"]


def test_list_by_itself_is_the_list_of_the_bundle() -> None:
    given = press(asked(), *BEFORE)
    assert listed(given, Choice()) == bundle(given).listed


def test_answer_to_the_review_names_the_numbers_of_the_list() -> None:
    """Fact, number of the evidence, article, of each item (practice.md §2.5)."""
    given = press(asked(), *BEFORE)
    numbers = {one.paper.name: one.number for one in bundle(given).pieces}
    letter = Story("review_answer", given.case, about(attached=given.about.attached)).letter()
    named = {int(n) for n in re.findall(r"\d+", letter.facts["items"][0]["evidence"])}
    assert named >= {numbers["consultation"], numbers["opinion"], numbers["secrecy"]}
    assert max(named) <= max(numbers.values())


def test_bundle_of_the_same_case_and_day_is_the_same_file() -> None:
    assert bundle(press(asked(), *BEFORE)).content == bundle(press(asked(), *BEFORE)).content


def test_bundle_is_ready_before_anybody_has_filed_a_dispute() -> None:
    """practice.md §7, 24: it is ready at closing."""
    made = bundle(press(walk(*ASSIGNED)))
    assert [one.paper.name for one in made.pieces][:2] == ["application", "receipt"]
    with pytest.raises(NotPossible):
        bundle(press(walk()))


# -- what is in it ------------------------------------------------------------------------------------


def test_letter_that_never_got_a_number_has_no_open_place_for_one() -> None:
    """Of the receipt of a portal no number is taken: nothing is left to be filled in before a court."""
    made = bundle(press(withheld()))
    receipt = next(one for one in made.pieces if one.paper.name == "receipt")
    assert not [sheets.note for sheets in receipt.sheets if "没有填写" in sheets.note]
    assert not [page for page in texts(made) if "接收回执" in page and "序号】" in page]


def test_every_event_with_a_letter_brings_its_letter_as_it_stood() -> None:
    made = bundle(press(walk(*ASKED)))
    sheets = {one.paper.name: [s.title for s in one.sheets] for one in made.pieces}
    assert sheets["extension"] == ["延期答复告知书"]
    assert sheets["consultation_told"] == ["征求意见告知书"]
    assert sheets["day_count"] == ["逐日计算单"]
    two = walk(*RECEIVED, ("require_correction", 2, {"reached_on": 2, "defects": ["第一次：年度"]}),
               ("correct", 4, {"text": "2023年的合同"}), max_correction_rounds=2)  # fmt: skip
    two.must(("require_correction", 6, {"reached_on": 6, "defects": ["第二次：路段"]}))
    said = "".join(texts(bundle(press(two))))
    assert said.count("第一次：年度") == said.count("第二次：路段") == 1


def test_uploads_go_with_the_papers_that_they_belong_to() -> None:
    made = bundle(press(withheld(), *BEFORE))
    sheets = {
        one.paper.name or one.paper.title: [s.title for s in one.sheets] for one in made.pieces
    }
    assert sheets["reply"] == ["答复书", "答复及附件"]
    assert sheets["proof_of_service"] == ["送达凭证"]
    assert sheets["申请人补充的材料"] == ["补充材料"]


def test_slip_of_a_payment_stands_where_the_payment_does() -> None:
    """Without it the list would say that the paper is still to be put in."""
    steps = (*ASSIGNED, ("charge_fee", 3, {"pages": 57, "reached_on": 3}), ("pay_fee", 9, {}))
    paid = walk(*steps, fee_policy="by_page")
    pages = {one.paper.name: one.page for one in bundle(press(paid)).pieces}
    assert pages["payment"] == "待附"
    made = bundle(press(paid, ("payment", MONDAY + timedelta(9), PDF, a_pdf())))
    slip = next(one for one in made.pieces if one.paper.name == "payment")
    assert [one.title for one in slip.sheets] == ["缴费凭证"] and slip.page != "待附"


def test_only_letters_of_before_are_told_to_be_replaced_by_their_originals() -> None:
    """A sheet that the file is kept on was never anything else; a letter that is kept is the original."""
    made = bundle(press(walk(*served(answered("not_existing")))))
    origins = {one.title: one.origin for piece in made.pieces for one in piece.sheets}
    assert origins["办理审批单"] == origins["逐日计算单"] == origins["检索记录表"] == "made"
    assert origins["答复书"] == "drafted"
    told = next(line for line in made.told() if line.startswith("按登记起草"))
    assert "答复书" in told and "办理审批单" not in told and "逐日计算单" not in told


@pytest.mark.parametrize(("steps", "closed"), [((CONSULTED, OBJECTED), True), ((JOINT,), False)])
def test_written_opinion_of_a_third_party_is_closed_as_its_letter_is(steps, closed) -> None:
    """Of another body it is bound with the rest."""
    answer = () if closed else (("record_opinion", 9, {"consultation": 1, "opinion": "agrees"}),)
    made = bundle(
        press(walk(*ASSIGNED, *steps, *answer), ("opinion", MONDAY + timedelta(10), PDF, a_pdf()))
    )
    opinion = next(one for one in made.pieces if one.paper.name == "opinion")
    assert [file.kind for file in opinion.paper.files] == ["opinion"]
    assert (opinion.page == "另册") is closed


def test_papers_of_a_court_are_left_out_of_the_evidence() -> None:
    """They came with the dispute; they stand in the file."""
    made = bundle(press(withheld(), ("court", REPLIED + timedelta(9), PDF, a_pdf())))
    assert not [one for one in made.pieces if "court" in {f.kind for f in one.paper.files}]
    assert "court" in {file.kind for one in made.out for file in one.files}


def test_legal_opinion_stands_in_the_approval_form() -> None:
    pages = {one.paper.name: one.page for one in bundle(press(withheld())).pieces}
    assert pages["legal"] == pages["approval"] != ""


@pytest.mark.parametrize(
    ("media_type", "data", "words"),
    [
        (DOCX, docx("申请人另行说明😀"), "申请人另行说明〓"),
        (OFD, ofd("公文正文"), "公文正文"),
        (XLSX, xlsx(("养护支出", "金额")), "养护支出"),
        (CSV, "项目,金额\n养护支出,12\n".encode(), "养护支出,12"),
    ],
)
def test_what_needs_its_own_program_is_bound_as_its_text_with_note_and_hash(
    media_type: str, data: bytes, words: str
) -> None:
    made = bundle(press(withheld(), ("other", MONDAY, media_type, data)))
    said = "".join(texts(made))
    assert words in said
    assert "以下仅录其文字" in said
    assert sha256(data).hexdigest() in said


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        (PDF, b"%PDF-1.4 broken"),
        ("image/jpeg", jpeg()),
        (DOCX, b"PK\x03\x04 broken"),
        (HEIC, b"no photo"),
    ],
)
def test_what_cannot_be_bound_has_a_sheet_that_says_so(media_type: str, data: bytes) -> None:
    made = bundle(press(withheld(), ("other", MONDAY, media_type, data)))
    assert [s.note for one in made.pieces for s in one.sheets if s.title == "其他材料"] == [
        "没有编入，须替换"
    ]
    assert sha256(data).hexdigest() in "".join(texts(made))


def test_pictures_stand_as_they_are_looked_at() -> None:
    made = bundle(press(withheld(), *BEFORE))
    place = next(one.page for one in made.pieces if one.paper.name == "proof_of_service")
    whole = PdfReader(io.BytesIO(made.content))
    page = whole.pages[whole.page_labels.index(place)]
    assert page.mediabox.height > page.mediabox.width


def test_photos_and_scans_of_several_pages_stand_on_pages() -> None:
    photo = ("proof_of_service", REPLIED, HEIC, heic(Image.new("RGB", (60, 40), "white")))
    scan = ("other", MONDAY, TIFF, tiff(*(Image.new("L", (40, 60), n) for n in (0, 90, 200))))
    made = bundle(press(withheld(), photo, scan))
    pages = {s.title: (s.pages, s.note) for one in made.pieces for s in one.sheets}
    assert pages["送达凭证"] == (1, "照片、扫描件的副本")
    assert pages["其他材料"] == (3, "照片、扫描件的副本")


# -- what is not --------------------------------------------------------------------------------------


def test_identity_and_third_party_are_numbered_named_and_not_contained() -> None:
    made = bundle(press(asked(), *BEFORE))
    closed = {one.paper.title for one in made.pieces if one.paper.sealed}
    assert closed == {"身份证明", "征求意见书及送达凭证", "收到的意见"}
    assert all(one.page == "另册" and not one.sheets for one in made.pieces if one.paper.sealed)
    said = "".join(texts(made))
    assert "另行装订、密封提交的材料" in said
    for private in (
        THIRD,
        "江那镇建设路",
        PERSON.id_number,
        PERSON.address,
        PERSON.phone,
        PERSON.email,
    ):
        assert private.replace(" ", "") not in said
    assert APPLICANT in said


def test_consultation_of_another_body_is_open() -> None:
    made = bundle(
        press(
            walk(*ASSIGNED, JOINT, ("record_opinion", 9, {"consultation": 1, "opinion": "agrees"}))
        )
    )
    assert [
        one.paper.sealed for one in made.pieces if one.paper.name in ("consultation", "opinion")
    ] == ["", ""]


def test_what_came_after_the_reply_is_named_and_left_out() -> None:
    later = ("other", REPLIED + timedelta(1), PDF, a_pdf())
    made = bundle(press(withheld(), *BEFORE, later))
    assert [one.title for one in made.out] == ["其他材料", "复议、诉讼文书"]
    assert "答复以后形成、收到而没有编入的：其他材料、复议、诉讼文书" in made.told()
    assert all(
        one.paper.on <= REPLIED or one.paper.late or one.paper.name == "proof_of_service"
        for one in made.pieces
    )


def test_paper_names_no_request_that_came_after_it() -> None:
    given = press(withheld())
    later = Beside("2024-0099", MONDAY + timedelta(1), "之后的申请", "已登记")
    beside = replace(given.about, earlier=(*given.about.earlier, later))
    said = "".join(texts(bundle(replace(given, about=beside))))
    assert "2024-0003" in said
    assert "2024-0099" not in said


def test_proof_of_service_is_evidence_whenever_it_came_back() -> None:
    made = bundle(press(withheld(), ("proof_of_service", REPLIED + timedelta(60), PDF, a_pdf())))
    assert [
        s.title for one in made.pieces if one.paper.name == "proof_of_service" for s in one.sheets
    ] == ["送达凭证"]
    assert [one.title for one in made.out] == ["复议、诉讼文书"]


def test_paper_that_is_not_in_the_file_is_listed_as_lacking() -> None:
    made = bundle(press(withheld()))
    assert [one.paper.name for one in made.pieces if one.page == "待附"] == ["proof_of_service"]
    said = "".join(texts(made))
    assert "目录列有而案卷中没有的材料" in said
    assert "“按登记起草”的，由登记的事项生成，不是签发、盖章的原件" in said


# -- the table ----------------------------------------------------------------------------------------


def test_every_kind_of_upload_and_every_event_with_a_letter_has_its_row() -> None:
    papers = load_letters().papers
    assert {row.kind for row in papers.upload} == set(KINDS)
    in_rows = {letter for row in papers.paper for letter in row.letters}
    beside = {  # they go to post, court or organ, are the list itself, or are filled in by hand
        "service_record", "posting_list", "envelope", "delivery_inquiry", "evidence_list", "file_contents",
        "review_answer", "suit_answer", "change_told", "fee_change_notice", "forwarding_letter",
    }  # fmt: skip
    assert set(load_letters().templates) == in_rows | beside


def test_day_of_the_bundle_is_the_day_on_which_it_is_made() -> None:
    made = bundle(press(withheld(), today=date(2024, 4, 1)))
    assert made.listed.day == date(2024, 4, 1)
