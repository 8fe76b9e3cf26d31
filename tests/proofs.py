"""The proof of a service, as an office has it: what a test needs to serve a reply."""

from io import BytesIO
from typing import Any

from tests.samples import pdf
from workflow.files import checked
from workflow.service.cases.views import Attached

NAME = "送达回证.pdf"
_CONTENT = pdf("送达回证")


def proof() -> Attached:
    """The signed 送达回证, to come with the event."""
    return Attached("proof_of_service", checked(NAME, _CONTENT, 1 << 20), _CONTENT)


def proofs_for(event: Any) -> tuple[Attached, ...]:
    """What comes with an event: a service with its proof."""
    return (proof(),) if event == "serve" else ()


def upload() -> tuple[BytesIO, str]:
    """The same as a form posts it."""
    return BytesIO(_CONTENT), NAME
