"""A slip in a template of a letter stops the load, and its message names the file and the line."""

import shutil
from pathlib import Path

import pytest

from config.law import load_law
from config.letters import FOLDER, LetterError, load_letters, template_of
from config.letters.phrases import phrase
from config.letters.template import BLIND, HIDDEN

LETTERS = load_letters()
HEAD = """kind = "receipt"
label = "接收回执"
place = 1
title = "回执"
to = "applicant"
basis = "条例45"
holds_from = 2019-05-15
made_by = ["receive"]
---
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(FOLDER, tmp_path / "letters", ignore=shutil.ignore_patterns("*.py"))
    )


def told(folder: Path) -> str:
    """What the load says; empty if it loads."""
    try:
        load_letters.__wrapped__(folder)
    except LetterError as slip:
        return str(slip)
    return ""


def changed(folder: Path, file: str, old: str, new: str) -> str:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return told(folder)


def line_of(file: str, words: str) -> int:
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_templates_as_they_stand_load(folder: Path) -> None:
    assert told(folder) == ""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{correction_due}", "{corection_due}", "no value named corection_due"),
        ("{correction_due}", "{correction_due", "without its other half"),
        ("{correction_due}", "[以前]", "names no {value}"),
        ("{correction_due}", "[{correction_due}", "a [ without its ]"),
        ("{correction_due}", "[[{correction_due}]]", "within another one"),
        ("{correction_due}", "{correction_due}]", "a ] without its ["),
        ("{correction_due}", "{}", "names no value"),
    ],
)
def test_slip_within_a_line_names_file_and_line(
    folder: Path, old: str, new: str, says: str
) -> None:
    line = line_of("correction_notice.txt", "请于{correction_due}以前补正")
    message = changed(folder, "correction_notice.txt", old, new)
    assert message.startswith(f"correction_notice.txt: line {line}: ")
    assert says in message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("@ defects", "@ deffects", "no list named deffects"),
        ("{defect}", "{defeat}", "no value named defeat"),
        ("@ defects （{n}）{defect}。", "@ defects", "no words for its rows"),
        ("@ defects （{n}）{defect}。", "* anything", "can be put in"),
        ("@ defects （{n}）{defect}。", "+ defects 序号: {n}", "a column is head: words: width"),
        ("@ defects （{n}）{defect}。", ": 序号", "a row of a form is"),
        ("@ defects （{n}）{defect}。", "#", "nothing stands after #"),
        ("@ defects （{n}）{defect}。", "## 小标题", "a heading (##) below no heading (#)"),
        ('number = "补"', 'numbr = "补"', "numbr"),
        ('to = "applicant"', 'to = "everybody"', "to"),
        ("holds_from = 2019-05-15", 'holds_from = "soon"', "holds_from"),
        ("require_correction", "require_corection", "require_corection"),
        ('made_by = ["require_correction"]', "", "made_by"),
        ('label = "补正告知书"', 'label = "补正书"', "words.toml calls it 补正告知书"),
        ("---", "", "no line ---"),
        ("特此告知。", "* remedy", "remedy"),
    ],
)
def test_slip_of_a_template_names_the_file(folder: Path, old: str, new: str, says: str) -> None:
    message = changed(folder, "correction_notice.txt", old, new)
    assert message.startswith("correction_notice.txt: ")
    assert says in message


@pytest.mark.parametrize("name", sorted(HIDDEN - set(load_letters().values.lists)))
def test_letter_to_another_party_cannot_ask_who_applies(folder: Path, name: str) -> None:
    message = changed(folder, "third_party_consultation.txt", "“{subject}”", f"“{{{name}}}”")
    assert f"{name} would tell another party who applies" in message


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ("asked", "item"),
        ("reviewed", "item"),
        ("papers", "maker"),
        ("posted", "to"),
        ("course", "text"),
    ],
)
def test_own_words_and_name_of_the_applicant_stay_out_of_rows_too(
    folder: Path, rows: str, column: str
) -> None:
    line = f"@ {rows} {{{column}}}"
    message = changed(folder, "agency_consultation.txt", "特此函告。", line)
    assert f"{rows} would tell another party who applies" in message


@pytest.mark.parametrize("kind", sorted(load_law().words.letters))
def test_letter_of_the_machine_cannot_go(folder: Path, kind: str) -> None:
    for path in folder.glob(f"{kind}.txt"):
        path.unlink()
    assert kind in told(folder)


def test_two_versions_of_one_day_are_refused_and_of_two_days_are_in_order(folder: Path) -> None:
    text = (folder / "receipt.txt").read_text(encoding="utf-8")
    later = folder / "receipt_2030.txt"
    later.write_text(text, encoding="utf-8")
    assert "another version holds from the same day" in told(folder)
    later.write_text(text.replace("2019-05-15", "2030-01-01"), encoding="utf-8")
    versions = load_letters.__wrapped__(folder).templates["receipt"]
    assert [one.file for one in versions] == ["receipt.txt", "receipt_2030.txt"]


def test_answer_without_words_is_refused(folder: Path) -> None:
    message = changed(folder, "answers.toml", 'code = "petition"', 'code = "petitions"')
    assert message.startswith("answers.toml: application/petition: no words")


def test_every_outcome_and_every_result_has_its_words() -> None:
    law = load_law()
    there = {(row.kind, row.code) for row in LETTERS.answers}
    assert {code for kind, code in there if kind == "application"} == set(law.outcomes)


def test_ways_of_saying_belong_together_only_where_they_follow_one_another() -> None:
    made = template_of("x.txt", f"{HEAD}开头。\n| 甲{{number}}。\n| 乙。\n中间。\n| 丙。\n")
    assert [len(block.ways) for block in made.blocks] == [1, 2, 1, 1]


def test_words_are_said_with_what_is_known() -> None:
    said = phrase("本机关于{received}收到[，编号{number}]。")
    gap = "【{}】".format
    assert said.said({"received": "今天", "number": "1"}.get, gap) == "本机关于今天收到，编号1。"
    assert said.said({"received": "今天"}.get, gap) == "本机关于今天收到。"
    assert said.said({}.get, gap) == "本机关于【received】收到。"


def test_braces_in_a_value_are_words() -> None:
    """What people typed is never read as a template."""
    assert phrase("“{number}”").said({"number": "{x}[{y}]"}.get, str) == "“{x}[{y}]”"


def test_papers_to_other_parties_are_the_four_that_are_meant() -> None:
    blind = {kind for kind, (*_, last) in LETTERS.templates.items() if last.head.to in BLIND}
    assert blind == {"third_party_consultation", "third_party_notice", "agency_consultation", "openness_review_form"}  # fmt: skip


def test_sentences_are_offered_beside_fields_that_the_events_have() -> None:
    from workflow import events as ev

    for one in load_letters().sentences:
        assert one.field in ev.MODELS[one.event].model_fields, one
