"""The formats of a letter: what writes each. Its library is loaded when the first letter is written."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from workflow.letters.letter import Letter


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name for people, the ending and the media type of its files, and what writes it. `write`
    raises BadInput for a character that no shipped font can print (PDF)."""

    label: str
    ending: str
    media_type: str
    write: Callable[[Letter], bytes]


def _by(module: str) -> Callable[[Letter], bytes]:
    def write(letter: Letter) -> bytes:
        content: bytes = import_module(f"workflow.letters.{module}").write(letter)
        return content

    return write


def _json(letter: Letter) -> bytes:
    return (json.dumps(letter.as_dict(), ensure_ascii=False, indent=1) + "\n").encode()


FORMATS: Mapping[str, Format] = {
    "docx": Format(
        "Word", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _by("docx")
    ),
    "pdf": Format("PDF", "pdf", "application/pdf", _by("pdf")),
    "json": Format("JSON", "json", "application/json", _json),
}  # fmt: skip
