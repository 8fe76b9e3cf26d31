"""A bundle of a hundred pages: the aim is under five seconds of CPU; what a page costs beside a letter set in type."""

from io import BytesIO
from time import process_time

from pypdf import PdfReader

from tests.bench.conftest import cpu_side_by_side
from tests.samples import pdf, png
from tests.workflow.bundle.made import PDF, Sent, press
from tests.workflow.case.walk import MONDAY
from tests.workflow.letters.stories import REVIEWED, answered, letter_of, served, walk
from workflow.bundle.evidence import bundle
from workflow.letters.formats import FORMATS


def test_a_bundle_of_a_hundred_pages(full, tell) -> None:
    pages = 100 if full else 4
    scanned: tuple[Sent, ...] = (
        *(
            ("other", MONDAY, PDF, pdf(*(f"第{n}页{k}" for k in range(10))))
            for n in range(pages // 10)
        ),
        ("proof_of_service", MONDAY, "image/png", png()),
    )
    given = press(walk(*served(answered("third_party_rights")), REVIEWED), *scanned)
    begun = process_time()
    made = bundle(given)
    first = process_time() - begun
    works = {
        "bundle": lambda: bundle(given),
        "letter": lambda: FORMATS["pdf"].write(letter_of("reply_supplied")),
    }
    cost = cpu_side_by_side(works, 3 if full else 1)
    count = len(PdfReader(BytesIO(made.content)).pages)
    tell(
        f"{count} pages the first time in {first:.2f} s of CPU, then {cost['bundle']:.2f} s (aim: 5 s), {len(made.content) / 1024:.0f} KB"
    )
    tell(
        f"as much as {cost['bundle'] / cost['letter']:.0f} letters, {cost['bundle'] / count / cost['letter']:.2f} a page"
    )
