"""Help beside the pages: each page of the desk has its row, each row its page, and a slip stops the start."""

import re
from pathlib import Path

import pytest

from config.help import HelpError, load_help

TEMPLATES = Path(__file__).parent.parent.parent / "webui/templates"


def pages() -> set[str]:
    """Every page of the desk but the manuals, which are help themselves."""
    return {
        str(path.relative_to(TEMPLATES)).removesuffix(".html")
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name != "manual"
        and re.search(r'\{% extends [^%]*"desk/base.html"', path.read_text(encoding="utf-8"))
    }


def test_each_page_of_the_desk_has_its_help_and_each_help_its_page() -> None:
    assert set(load_help()) == pages()


def test_help_is_said_in_sentences() -> None:
    for name, row in load_help().items():
        assert row.about.endswith(("。", "……")), name
        assert all(answer.endswith("。") for answer in row.why.values()), name
        assert all(not question.endswith("。") for question in row.why), name


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('["desk/case"]\nabout = "。"', "why"),
        ('["desk/case"]\nabout = "。"\nwhy = {}', "why"),
        ('["desk/case"]\nabout = ""\nwhy = { "a" = "b" }', "about"),
        ('["desk/case"]\nabout = "。"\nwhy = { "a" = "b" }\nmore = 1', "more"),
    ],
)
def test_a_slip_names_the_page(written: str, told: str, tmp_path: Path) -> None:

    (tmp_path / "pages.toml").write_text(written, encoding="utf-8")
    with pytest.raises(HelpError, match=f"pages.toml: desk/case: {told}"):
        load_help.__wrapped__(tmp_path)
