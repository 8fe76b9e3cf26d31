"""`bundle` writes the evidence of a case as one PDF, or its file as a package that `verify --package` checks."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from tests.workflow.commands.calling import INIT, Run, office_of_the_store
from tests.workflow.commands.test_letter import DOCKET, NUMBER
from workflow.service.docket.player import Player

OF = ("bundle", "--agency", "panlong", "--case", NUMBER)


@pytest.fixture
def case(run: Run) -> Run:
    """A body with the case of the docket in the store in force."""
    assert run(*INIT).exit_code == 0
    office = office_of_the_store()
    Player(office).play(DOCKET)
    office.store.close()
    return run


def test_bundle_is_one_pdf_and_says_what_whoever_hands_it_in_must_know(
    case: Run, tmp_path: Path
) -> None:
    file = tmp_path / "evidence.pdf"
    done = case(*OF, "-o", str(file))
    assert done.exit_code == 0, done.stderr
    whole = PdfReader(file)
    assert [str(one["/Title"]) for one in whole.outline][:3] == [
        "证据目录", "证据1　政府信息公开申请书及收到凭证", "证据2　接收回执"
    ]  # fmt: skip
    assert "按登记起草、没有原件的：证据2" in done.stderr
    again = tmp_path / "again.pdf"
    assert case(*OF, "-o", str(again)).exit_code == 0
    assert again.read_bytes() == file.read_bytes()


WRONG: dict[tuple[str, ...], tuple[int, str]] = {
    ("--case", "2024-0009", "-o", "-"): (1, "没有编号为“2024-0009”的申请"),
    ("--agency", "nowhere", "-o", "-"): (1, "没有代码为“nowhere”的机关"),
    (): (2, "缺少选项 '-o'"),
    ("-o", "/no/such/folder/x.pdf"): (2, "无法写入"),
}


def test_what_cannot_be_ends_with_its_code_and_one_clear_line(case: Run) -> None:
    for arguments, (code, says) in WRONG.items():
        done = case(*OF, *arguments)
        assert done.exit_code == code, arguments
        assert says in done.stderr
        assert "Traceback" not in done.stderr


def test_package_is_written_and_checked(case: Run, tmp_path: Path) -> None:
    file = tmp_path / "file.zip"
    done = case(*OF, "--archive", "-o", str(file))
    assert done.exit_code == 0, done.stderr
    assert case("verify", "--package", str(file)).exit_code == 0
    with ZipFile(file, "a") as package:
        package.writestr("夹带.txt", "x")
    told = case("verify", "--package", str(file), "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout) == [{"message": "夹带.txt：不在清单中"}]
    assert case("verify", "--package", str(tmp_path / "none")).exit_code == 2
    (tmp_path / "no.zip").write_bytes(b"no package")
    assert "不是归档包" in case("verify", "--package", str(tmp_path / "no.zip")).stderr
