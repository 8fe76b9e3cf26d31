"""The reply as who signs it has to see it: what `approve` names as `paper`."""

from datetime import date

from flask import Response

from webui.api import asked
from webui.api.answers import RefusalAnswer
from webui.api.base import Answer
from webui.api.calling import arguments, caller, in_body, say
from webui.api.document import described
from webui.api.views import api
from webui.here import gongkai
from workflow.people import Staff
from workflow.service import Missing
from workflow.service.cases.to_sign import ToSign


class OpenPlace(Answer):
    """A place of a letter that nobody has told yet."""

    name: str
    label: str


class PaperAnswer(Answer):
    """The reply that would be signed now, or that was signed."""

    kind: str
    label: str
    hash: str
    version: int | None
    signed: bool
    number: str
    addressee: str
    day: date
    text: list[str]
    open: list[OpenPlace]
    refusal: RefusalAnswer | None

    @classmethod
    def of(cls, found: ToSign) -> "PaperAnswer":
        """Raises Missing where there is no reply yet."""
        if found.reply is None:
            raise Missing("这件申请还没有可以签发的答复书")
        reply, letter, why = found.reply, found.reply.letter, found.missing
        return cls(
            kind=reply.kind,
            label=letter.label,
            hash=reply.hash,
            version=reply.kept.version if reply.kept else None,
            signed=reply.signed,
            number=letter.number,
            addressee=letter.addressee,
            day=letter.day,
            text=letter.texts(),
            open=[OpenPlace(name=gap.name, label=gap.label) for gap in letter.open],
            refusal=RefusalAnswer.model_validate(why.as_dict())
            if why and not reply.signed
            else None,
        )


@api.get("/agencies/<code>/cases/<number>/paper")
@described("getPaperOfBody", answer=PaperAnswer, scope="read")
def get_paper_of_body(code: str, number: str) -> Response:
    """The reply that is to be signed: its words, and the hash that `approve` names"""
    staff = caller("read")
    arguments(asked.Nothing)
    return _paper(in_body(staff, code), number)


@api.get("/cases/<number>/paper")
@described("getPaper", answer=PaperAnswer, scope="read", asked=asked.OfOneBody)
def get_paper(number: str) -> Response:
    """The same without the body, where the number is clear: else 409 with the choice"""
    staff = caller("read")
    return _paper(in_body(staff, arguments(asked.OfOneBody).agency), number)


def _paper(staff: Staff, number: str) -> Response:
    return say((PaperAnswer.of(gongkai().signing.page(staff, number)), 200, {}))
