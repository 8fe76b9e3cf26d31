"""Cases that another platform hands over, each with its whole history (docs/api.md)."""

from datetime import date

from flask import Response, url_for

from webui.api import asked
from webui.api.base import Answer
from webui.api.calling import Spoken, arguments, body, caller, in_body, once
from webui.api.deadlines import DeadlinesAnswer
from webui.api.document import described
from webui.api.views import api
from webui.here import gongkai
from workflow.docket.whole import Whole, read_whole
from workflow.service.docket.handed_over import TakenOver


class TakenOverAnswer(Answer):
    """Where the case stands after its history."""

    agency: str
    number: str | None
    state: str
    state_label: str
    outcome: str | None
    row: str | None
    column: str
    closed_on: date | None
    receipt_date: date | None
    reply_due: date | None
    deadlines: DeadlinesAnswer
    linked: list[str]
    filled: list[str]
    repeated: bool

    @classmethod
    def of(cls, found: TakenOver) -> "TakenOverAnswer":
        case, days = found.case, found.deadlines
        row = case.row
        return cls(
            agency=found.agency,
            number=found.number,
            state=case.state,
            state_label=case.rules.law.states[case.state].label,
            outcome=case.facts.outcome,
            row=row,
            column=case.columns()[0],
            closed_on=case.facts.closed_on,
            receipt_date=days.receipt_date,
            reply_due=days.reply_due,
            deadlines=DeadlinesAnswer.model_validate(days.as_dict()),
            linked=list(found.linked),
            filled=list(found.filled),
            repeated=found.repeated,
        )


@api.post("/agencies/<code>/dockets")
@described("takeOverCase", answer=TakenOverAnswer, status=201, scope="write", sent="WholeCase")
def post_docket(code: str) -> Response:
    """Take over a case from another platform, with its whole history

    Played step by step through the same rules as at the desk; taken whole, or refused whole with every step that is
    wrong. The same platform and number again changes nothing.
    """
    staff = caller("write")
    arguments(asked.Nothing)
    in_body(staff, code)
    whole = _whole(code)

    def take(_: str | None) -> Spoken:
        found = gongkai().handed_over.take(staff, code, whole)
        where = url_for("api.get_case_of_body", code=code, number=found.number)
        return TakenOverAnswer.of(found), 201, {"Location": where}

    return once(take)


@api.post("/agencies/<code>/dockets/check")
@described("checkDocket", answer=TakenOverAnswer, scope="write", sent="WholeCase")
def post_docket_check(code: str) -> Response:
    """What would come of taking it over; nothing is written"""
    staff = caller("write")
    arguments(asked.Nothing)
    in_body(staff, code)
    whole = _whole(code)
    return once(
        lambda _: (TakenOverAnswer.of(gongkai().handed_over.look(staff, code, whole)), 200, {})
    )


def _whole(code: str) -> Whole:
    office = gongkai().office
    return read_whole(body(), code, today=office.today(), now=office.now())
