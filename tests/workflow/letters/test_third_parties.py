"""Who is asked for an opinion or for help never learns who applies: every letter that goes to them, by the table of letters,
in its words and in what its files carry beside them."""

import io
import zipfile

import pytest
from pypdf import PdfReader

from config.letters import load_letters
from tests.workflow.letters.stories import APPLICANT, PERSON, STORIES
from workflow.letters import docx, pdf

ELSEWHERE = ("third_party", "agency", "unit", "reviewer")
"""To whom such letters go (`to` of a template)."""
TELLING = (APPLICANT, PERSON.phone, PERSON.email, PERSON.id_number, PERSON.address)
KINDS = {
    template.head.kind
    for kind in {story().kind for story in STORIES.values()}
    if (template := load_letters().latest(kind)).head.to in ELSEWHERE
}
TOLD = sorted(name for name, story in STORIES.items() if story().kind in KINDS)


def test_there_is_a_story_for_every_such_letter() -> None:
    templates = load_letters().templates.values()
    wanted = {one[-1].head.kind for one in templates if one[-1].head.to in ELSEWHERE}
    assert wanted and wanted == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_its_template_asks_for_nothing_of_who_applies(kind: str) -> None:
    asks = load_letters().latest(kind).asks
    assert [one for one in asks if one.startswith("applicant")] == []


@pytest.mark.parametrize("name", TOLD)
def test_neither_its_words_nor_its_files_tell_who_applies(name: str) -> None:
    letter = STORIES[name]().letter()
    package = zipfile.ZipFile(io.BytesIO(docx.write(letter)))
    said = ["\n".join(letter.texts())]
    said += [package.read(one).decode("utf-8", "replace") for one in package.namelist()]
    read = PdfReader(io.BytesIO(pdf.write(letter)))
    said += [str(read.metadata), *(page.extract_text() for page in read.pages)]
    assert [mark for mark in TELLING if any(mark in one for one in said)] == []
