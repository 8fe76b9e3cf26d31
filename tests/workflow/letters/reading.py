"""What stands in the files of a letter, as somebody reads them: without blanks, lines and page numbers."""

import re
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from workflow.letters import Letter
from workflow.letters.formats import FORMATS


def bare(text: str) -> str:
    """A text without blanks, of one form of each character."""
    return re.sub(r"\s", "", text)


def in_word(data: bytes) -> str:
    body = Document(BytesIO(data)).element.body
    return bare("".join(node.text or "" for node in body.iter(qn("w:t"))))


def in_pdf(data: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    return "".join(re.sub(r"—\d+—$", "", bare(page)) for page in pages)


def read_back(letter: Letter, ending: str) -> str:
    """What the file of that format says."""
    data = FORMATS[ending].write(letter)
    return in_word(data) if ending == "docx" else in_pdf(data)
