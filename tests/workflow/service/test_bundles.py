"""Bundle and package over a real store: who may have them, what they cost the store, how a package is checked."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from tests.counting import work
from tests.samples import pdf, png
from tests.workflow.service.letters.kept import approved, corrected, with_leaders
from tests.workflow.service.town import Town
from workflow.case.facts import Applicant, Header
from workflow.dates import parse_day
from workflow.refusal import Denied
from workflow.service import Missing
from workflow.service.bundles import Bundles, Made
from workflow.service.files import Files
from workflow.service.letters import CaseLetters
from workflow.service.packages import broken_in, line_of
from workflow.store.chain import chained_hash, hash_before
from workflow.store.restored import logged_of


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-03-04")


@pytest.fixture
def number(town: Town) -> str:
    """A case with a proof of identity and another paper."""
    number = town.file().number
    files = Files(town.office, most_megabytes=10, most_files=5)
    for kind in ("id_proof", "other"):
        files.upload(town.staff("lifang"), number, kind, "扫描件.png", png())
    town.act("lifang", number, "assign", "2024-03-04")
    return number


def test_clerk_and_operator_get_the_same_bundle(town: Town, number: str) -> None:
    bundles = Bundles(town.office)
    mine = bundles.evidence(town.staff("lifang"), "panlong", number)
    assert mine.content == bundles.evidence(None, "panlong", number).content
    assert mine.name == f"证据材料-{number}.pdf"
    assert [one.page for one in mine.bundle.pieces if one.paper.title == "身份证明"] == ["另册"]


def test_who_may_not_have_it_is_told_who_may(town: Town, number: str) -> None:
    with pytest.raises(Denied) as told:
        Bundles(town.office).evidence(town.staff("wang"), "panlong", number)
    assert "经办人" in told.value.refusal.message
    for name in ("sunli", "guanli"):
        with pytest.raises(Missing):
            Bundles(town.office).evidence(town.staff(name), "panlong", number)


def test_list_drafted_as_a_letter_has_the_pages_of_the_bundle(town: Town, number: str) -> None:
    drafted = CaseLetters(town.office).draft(None, "panlong", number, "evidence_list")
    made = Bundles(town.office).evidence(None, "panlong", number)
    assert drafted.facts == made.bundle.listed.facts
    assert [row["page"] for row in drafted.facts["proofs_time"]][:3] == ["1", "另册", "2"]


def test_everything_is_read_in_one_view_and_that_it_was_taken_away_is_all_that_is_written(
    town: Town, number: str
) -> None:
    bundles = Bundles(town.office)
    bundles.evidence(None, "panlong", number)
    with work() as done:  # ten of the case and what stands beside it, one for each file
        bundles.evidence(None, "panlong", number)
    assert done.statements <= 15
    written = [said for said in done.said if not said.startswith("SELECT")]
    assert len(written) == 1 and written[0].startswith("INSERT INTO audit")


# -- the package --------------------------------------------------------------------------------------


def test_who_may_not_have_the_package_is_told_who_may(town: Town, number: str) -> None:
    with pytest.raises(Denied) as told:
        Bundles(town.office).archive(town.staff("wang"), "panlong", number)
    assert "档案员" in told.value.refusal.message
    with pytest.raises(Missing):
        Bundles(town.office).archive(town.staff("guanli"), "panlong", number)


def test_package_is_proved_by_its_hashes_and_its_chain_alone(town: Town, number: str) -> None:
    """Read again from the file, with what anybody may call."""
    made = Bundles(town.office).archive(town.staff("lifang"), "panlong", number)
    assert broken_in(made.content) == []
    with ZipFile(io.BytesIO(made.content)) as package:
        told = json.loads(package.read("办理记录.json"))
    said = told["case"]
    header = Header(
        said["number"], said["agency"], said["kind"], tuple(Applicant(*one) for one in said["applicants"]),
        said["request"], tuple(said["items"]), tuple(said["delivery"]), said["joint_letter"], said["redo_of"],
    )  # fmt: skip
    chain = hash_before(header, parse_day(said["opened_on"]))
    for one in told["log"]:
        line = line_of(one)
        chain = chained_hash(chain, logged_of(line), line.fields)
        assert chain == one["hash"]
    with town.office.store.read() as unit:
        row = unit.case_row([town.office.found_agency(unit, "panlong").id], number)
        assert row is not None
        assert (row.head_hash, row.length) == (chain, told["chain"]["lines"])


def test_same_package_is_made_twice(town: Town, number: str) -> None:
    bundles = Bundles(town.office)
    made = bundles.archive(None, "panlong", number)
    assert made.content == bundles.archive(None, "panlong", number).content
    assert made.name == f"归档包-{number}.zip"


def test_that_identity_papers_went_out_is_noted(town: Town, number: str) -> None:
    Bundles(town.office).archive(town.staff("lifang"), "panlong", number)
    shelf = Files(town.office, most_megabytes=10, most_files=5).for_staff(
        town.staff("lifang"), number
    )
    assert {one.kind: [who for who, _ in one.views] for one in shelf.files} == {
        "id_proof": ["lifang"], "other": []
    }  # fmt: skip


def changed(package: bytes, name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The package with one file changed, or left out."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as given, ZipFile(out, "w") as made:
        for one in given.namelist():
            data: bytes | None = given.read(one)
            data = change(data) if one == name and data is not None else data
            if data is not None:
                made.writestr(one, data)
    return out.getvalue()


def of_log(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        told = json.loads(data)
        change(told)
        return json.dumps(told, ensure_ascii=False).encode()

    return changed


def test_whatever_is_changed_in_a_package_is_found(town: Town, number: str) -> None:
    made = Bundles(town.office).archive(None, "panlong", number).content
    log = "办理记录.json"
    assert "案卷.pdf：内容与校验值不符" in broken_in(
        changed(made, "案卷.pdf", lambda data: data + b" ")
    )
    assert "卷内目录.csv：清单列有，包中没有" in broken_in(
        changed(made, "卷内目录.csv", lambda _: None)
    )
    for change, says in (
        (lambda told: told["log"][1].update(on="2024-03-05"), "办理记录第 2 条与校验值不符"),
        (lambda told: told["log"].pop(0), "办理记录第 1 条与校验值不符"),
        (lambda told: told["log"].pop(), "办理记录的条数或者末条校验值不符"),
        (lambda told: told["log"][0].update(event="wish"), "办理记录第 1 条无法识别"),
        (lambda told: told["case"].update(items=["别的"]), "申请的内容与校验值不符"),
    ):
        assert says in broken_in(changed(made, log, of_log(change)))


@pytest.mark.parametrize("data", [b"", b"PK nothing", b"%PDF-1.4"])
def test_what_is_no_package_is_told(data: bytes) -> None:
    with pytest.raises(ValueError, match="不是归档包"):
        broken_in(data)


# -- letters that are kept ----------------------------------------------------------------------------


@pytest.fixture
def signed(town: Town) -> str:
    """A reply that was signed and served; a correction was asked before."""
    with_leaders(town)
    number = town.file().number
    corrected(town, number)
    town.act("lifang", number, "correct", "2024-03-05", text="2023年度的合同")
    approved(town, number)
    town.act("lifang", number, "serve", "2024-03-12", method="direct", reached_on="2024-03-12")
    return number


def sheets(made: Made) -> dict[str, list[tuple[str, str]]]:
    """Of each paper its sheets, with where they come from."""
    return {
        one.paper.name: [(sheet.title, sheet.origin) for sheet in one.sheets] for one in made.bundle.pieces
    }  # fmt: skip


def test_bundle_has_letters_as_they_are_kept(town: Town, signed: str) -> None:
    before = Bundles(town.office).evidence(None, "panlong", signed)
    assert sheets(before)["correction"] == [("补正告知书", "kept")]
    assert sheets(before)["reply"] == [("答复书", "kept")]
    assert sheets(before)["application"] == [("登记表", "made")]
    with town.office.store.write_rules() as unit:
        row = town.office.found_agency(unit, "panlong")
        unit.set_setting(row, "contact_phone", "0876-9999999", town.office.today(), "更换")
    after = Bundles(town.office).evidence(None, "panlong", signed)
    reply = [
        [s.sha256 for s in one.sheets] for one in before.bundle.pieces if one.paper.name == "reply"
    ]
    assert reply == [
        [s.sha256 for s in one.sheets] for one in after.bundle.pieces if one.paper.name == "reply"
    ]


def test_scan_of_the_signed_letter_stands_in_its_place(town: Town, signed: str) -> None:
    letters = CaseLetters(town.office)
    for kind in ("reply", "correction_notice"):
        letters.bring_back(
            town.staff("lifang"), "panlong", signed, kind, "", "扫描.pdf", pdf("盖章的文书", "第二页"), scan=True
        )  # fmt: skip
    made = Bundles(town.office).evidence(None, "panlong", signed)
    assert sheets(made)["reply"] == [("答复书（扫描件）", "uploaded")]
    assert sheets(made)["correction"] == [("补正告知书（扫描件）", "uploaded")]
    assert "传回的文书" not in {one.paper.title for one in made.bundle.pieces}
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)
    assert "盖章的文书" in text


def test_contents_name_the_numbers_of_the_letters(town: Town, signed: str) -> None:
    packed = Bundles(town.office).archive(None, "panlong", signed)
    with ZipFile(io.BytesIO(packed.content)) as package:
        lines = package.read("卷内目录.csv").decode("utf-8-sig").splitlines()[1:]
    numbers = {line.split(",")[3]: line.split(",")[1] for line in lines}
    assert numbers["补正告知书及送达凭证"] == "盘政公开补〔2024〕1号"
    assert numbers["答复书及附件"].startswith("盘政公开")
    assert numbers["答复期限逐日计算单"] == ""


def test_originals_of_letters_that_came_back_lie_in_the_package(town: Town, signed: str) -> None:
    content = pdf("盖章的文书")
    CaseLetters(town.office).bring_back(
        town.staff("lifang"), "panlong", signed, "reply", "", "扫描.pdf", content, scan=True
    )
    packed = Bundles(town.office).archive(None, "panlong", signed)
    with ZipFile(io.BytesIO(packed.content)) as package:
        originals = [package.read(name) for name in package.namelist() if "原件/" in name]
    assert content in originals
    assert broken_in(packed.content) == []
