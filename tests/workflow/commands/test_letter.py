"""`letter` lists the letters of a case and drafts one into a file."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from tests.workflow.commands.calling import INIT, Run, office_of_the_store
from workflow.service.docket.player import Player

NUMBER = "2024-0001"
OF = ("letter", "--agency", "panlong", "--case", NUMBER)
DOCKET: dict[str, Any] = {
    "agency": {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"},
    "cases": [
        {
            "ref": "A",
            "applicants": [{"category": "natural_person", "name": "张三"}],
            "request": "2023年农村公路养护合同",
            "items": ["合同正文", "验收单"],
            "events": [
                {"event": "receive", "on": "2024-05-06", "channel": "in_person"},
                {"event": "assign", "on": "2024-05-07"},
                {"event": "extend", "on": "2024-05-20", "days": 10, "reason": "需要查阅纸质档案"},
            ],
        }
    ],
}


@pytest.fixture
def case(run: Run) -> Run:
    """A body with the case of the docket in the store in force."""
    assert run(*INIT).exit_code == 0
    office = office_of_the_store()
    Player(office).play(DOCKET)
    office.store.close()
    return run


def test_list_names_kind_label_and_state(case: Run) -> None:
    told = case(*OF, "--list", "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert set(found) == {"letters"}
    assert all(set(one) == {"kind", "label", "state"} for one in found["letters"])
    states = {one["kind"]: one["state"] for one in found["letters"]}
    assert states["receipt"] == states["extension_notice"] == "made"
    assert states["assistance_request"] == states["reply"] == "open"
    words = case(*OF, "--list").stdout
    assert "extension_notice" in words
    assert "延期答复告知书：已经出具（2024-05-20）" in words


def test_letter_is_written_as_word_pdf_and_json(case: Run, tmp_path: Path) -> None:
    files = {fmt: tmp_path / f"letter.{fmt}" for fmt in ("docx", "pdf", "json")}
    for fmt, file in files.items():
        done = case(*OF, "--kind", "extension_notice", "--format", fmt, "-o", str(file))
        assert done.exit_code == 0, done.stderr
        assert "还有 3 处没有填写" in done.stderr
    word = "".join(line.text for line in Document(BytesIO(files["docx"].read_bytes())).paragraphs)
    page = "".join(one.extract_text() for one in PdfReader(files["pdf"]).pages)
    told = json.loads(files["json"].read_text(encoding="utf-8"))
    for text in (word, page.replace("\n", "")):
        assert "因需要查阅纸质档案" in text
    assert told["facts"]["extension_reason"] == "需要查阅纸质档案"
    assert (told["kind"], told["day"], told["addressee"]) == (
        "extension_notice",
        "2024-05-20",
        "张三",
    )


def test_word_is_the_usual_format_and_standard_output_will_do(case: Run, tmp_path: Path) -> None:
    file = tmp_path / "receipt"
    assert case(*OF, "--kind", "receipt", "-o", str(file)).exit_code == 0
    assert file.read_bytes()[:2] == b"PK"
    assert case(*OF, "--kind", "receipt", "--format", "json", "-o", "-").stdout.startswith("{")


WRONG: dict[tuple[str, ...], tuple[int, str]] = {
    ("--case", "2024-0009", "--list"): (1, "没有编号为“2024-0009”的申请"),
    ("--agency", "nowhere", "--list"): (1, "没有代码为“nowhere”的机关"),
    ("--kind", "wish", "-o", "-"): (2, "没有名为“wish”的文书"),
    ("--kind", "review_answer", "-o", "-"): (1, "还没有登记“申请人申请复议”"),
    ("--kind", "receipt"): (2, "请给出 --list"),
    ("--list", "--kind", "receipt", "-o", "-"): (2, "请给出 --list"),
    (): (2, "请给出 --list"),
    ("--kind", "receipt", "-o", "/no/such/folder/x.docx"): (2, "无法写入"),
    ("--kind", "receipt", "--format", "odt", "-o", "-"): (2, "odt"),
    ("--kind", "service_record", "--paper", "wish", "-o", "-"): (2, "没有名为“wish”的文书"),
    ("--kind", "consultation_told", "--consultation", "7", "-o", "-"): (1, "没有第 7 次征求意见"),
}


def test_what_cannot_be_ends_with_its_code_and_one_clear_line(case: Run) -> None:
    for arguments, (code, says) in WRONG.items():
        done = case(*OF, *arguments)
        assert done.exit_code == code, arguments
        assert says in done.stderr
        assert "Traceback" not in done.stderr


def test_character_without_a_glyph_is_named(run: Run, tmp_path: Path) -> None:
    docket = json.loads(json.dumps(DOCKET))
    docket["cases"][0]["applicants"][0]["name"] = "张𬎆"
    assert run(*INIT).exit_code == 0
    office = office_of_the_store()
    Player(office).play(docket)
    office.store.close()
    done = run(*OF, "--kind", "receipt", "--format", "pdf", "-o", str(tmp_path / "x.pdf"))
    assert done.exit_code == 2
    assert "𬎆" in done.stderr
    assert run(*OF, "--kind", "receipt", "-o", str(tmp_path / "x.docx")).exit_code == 0
