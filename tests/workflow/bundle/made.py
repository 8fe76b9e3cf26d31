"""Files as people upload them, and a case with them in its file."""

import base64
from datetime import date
from hashlib import sha256

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)

from config.letters import load_letters
from tests.samples import written
from tests.workflow.case.walk import TODAY, Walk
from tests.workflow.letters.stories import about
from workflow.bundle.sheets import Press
from workflow.letters import Attached
from workflow.service.files import KINDS

PDF = "application/pdf"
TURNED_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUl"
    "KFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAU"
    "EAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AIo//9k="
)
"""Dark, 16 × 8, taken with the camera turned: it is looked at upright (EXIF)."""
"""What is in a file, its kind and the day of its upload."""
Sent = tuple[str, date, str, bytes]


def a_pdf(pages: int = 1, width: float = 595, height: float = 842, turned: int = 0) -> bytes:
    """A PDF with a black square low on the left of each page."""
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(width, height)
        content = DecodedStreamObject()
        content.set_data(b"0 0 160 160 re f")
        page[NameObject("/Contents")] = writer._add_object(content)
        if turned:
            page.rotate(turned)
    return written(writer)


def sealed_pdf() -> bytes:
    """An empty page over which a seal lies, a black square in the middle, and a hidden one in the corner."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    looks = DecodedStreamObject()
    looks.set_data(b"0 0 10 10 re f")
    looks[NameObject("/Type")] = NameObject("/XObject")
    looks[NameObject("/Subtype")] = NameObject("/Form")
    looks[NameObject("/BBox")] = ArrayObject([FloatObject(n) for n in (0, 0, 10, 10)])
    shown = writer._add_object(looks)
    notes = ArrayObject()
    for rect, flags in (((250, 370, 350, 470), 4), ((0, 0, 50, 50), 2)):
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Stamp"),
                NameObject("/Rect"): ArrayObject([FloatObject(n) for n in rect]),
                NameObject("/F"): NumberObject(flags),
                NameObject("/AP"): DictionaryObject({NameObject("/N"): shown}),
            }
        )
        notes.append(writer._add_object(note))
    page[NameObject("/Annots")] = notes
    return written(writer)


def press(made: Walk, *sent: Sent, today: date = TODAY) -> Press:
    """A case with what was uploaded to it."""
    attached = tuple(
        Attached(n, kind, KINDS[kind], on, media_type, len(data), sha256(data).hexdigest())
        for n, (kind, on, media_type, data) in enumerate(sent, 1)
    )
    contents = {n: data for n, (_, _, _, data) in enumerate(sent, 1)}
    return Press(made.case, about(attached=attached), load_letters(), today, contents)
