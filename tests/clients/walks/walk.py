"""A whole life by the client that openapi-python-client makes. Run by `make clients`; told where by the environment."""

import datetime
import json
import os
import sys
from http import HTTPStatus
from io import BytesIO
from typing import TypeVar

from gongkai_api_client import AuthenticatedClient, Client
from gongkai_api_client.api.applications import file_application, get_application
from gongkai_api_client.api.cases import (
    apply_event_in_body,
    get_case,
    get_case_of_body,
    get_paper_of_body,
    list_cases,
)
from gongkai_api_client.api.files import (
    list_case_files_of_body,
    open_case_file_of_body,
    send_application_file,
    send_case_file_in_body,
)
from gongkai_api_client.api.reports import get_cell, get_tables
from gongkai_api_client.models import (
    ApplicantForm,
    ApplicantFormIdTypeType0,
    ApplicantFormKind,
    ApplicationAnswer,
    ApplicationForm,
    ApplicationFormDeliveryItem,
    ApplicationFormMediumItem,
    Approve,
    Archive,
    Assign,
    CaseAnswer,
    CaseFilesAnswer,
    CasesAnswer,
    CellAnswer,
    FiledAnswer,
    ItemOutcome,
    ItemReview,
    ItemReviewChecks,
    Outcome,
    PaperAnswer,
    PassLegalCheck,
    PassSecrecyReview,
    ProblemAnswer,
    ProposeOutcome,
    SendApplicationFileBody,
    SendApplicationFileBodyKind,
    SendCaseFileInBodyBody,
    SendCaseFileInBodyBodyKind,
    SendToSecrecyReview,
    SentFilesAnswer,
    Serve,
    ServeMethod,
    State,
    TablesAnswer,
)
from gongkai_api_client.types import File, Response

ADDRESS, BODY = os.environ["GONGKAI_ADDRESS"], os.environ["GONGKAI_BODY"]
TODAY = datetime.date.fromisoformat(os.environ["GONGKAI_TODAY"])
ANYBODY = Client(base_url=ADDRESS)
STAFF = {
    name: AuthenticatedClient(base_url=ADDRESS, token=token)
    for name, token in json.loads(os.environ["GONGKAI_TOKENS"]).items()
}
PDF = sys.stdin.buffer.read()
"""A file that the server takes."""
CHECKS = (
    "state_secret", "work_secret", "security_stability", "commercial_secret", "privacy", "internal",
    "aggregation",
)  # fmt: skip
Event = (
    Approve
    | Archive
    | Assign
    | PassLegalCheck
    | PassSecrecyReview
    | ProposeOutcome
    | SendToSecrecyReview
    | Serve
)
Kind = TypeVar("Kind")
steps = 0


def is_(value: object, kind: type[Kind]) -> Kind:
    """The value, of the type that was expected."""
    global steps
    assert isinstance(value, kind), value
    steps += 1
    return value


def problem(answer: Response[Kind], status: HTTPStatus) -> ProblemAnswer:
    """The refusal, typed."""
    assert answer.status_code == status, answer
    return is_(answer.parsed, ProblemAnswer)


def application(request: str) -> ApplicationForm:
    return ApplicationForm(
        agency=BODY,
        applicant=ApplicantForm(
            kind=ApplicantFormKind.CITIZEN,
            name="张三",
            id_type=ApplicantFormIdTypeType0.RESIDENT_ID,
            id_number="11010519491231002X",
            phone="13800000000",
        ),
        delivery=[ApplicationFormDeliveryItem.PICKUP],
        medium=[ApplicationFormMediumItem.PAPER],
        request=request,
    )


def filed() -> FiledAnswer:
    """File once, send the same again with the same key, and another with it."""
    form, key = application("2023年度农村公路养护合同"), "walk-of-a-whole-life"
    first = is_(file_application.sync(client=ANYBODY, body=form, idempotency_key=key), FiledAnswer)
    again = is_(file_application.sync(client=ANYBODY, body=form, idempotency_key=key), FiledAnswer)
    assert (again.number, again.query_code) == (first.number, first.query_code)
    other = file_application.sync_detailed(
        client=ANYBODY, body=application("别的内容"), idempotency_key=key
    )
    problem(other, HTTPStatus.UNPROCESSABLE_ENTITY)
    return first


def looked_up(number: str, code: str) -> ApplicationAnswer:
    wrong = get_application.sync_detailed(number, client=ANYBODY, x_query_code="WRONG00000")
    problem(wrong, HTTPStatus.NOT_FOUND)
    return is_(get_application.sync(number, client=ANYBODY, x_query_code=code), ApplicationAnswer)


def paged(count: int) -> set[str]:
    """All numbers, two on a page, to the last one."""
    cursor, found, pages = "", list[str](), 0
    while True:
        if cursor:
            page = list_cases.sync(client=STAFF["lifang"], limit=2, cursor=cursor)
        else:
            page = list_cases.sync(client=STAFF["lifang"], limit=2)
        listed = is_(page, CasesAnswer)
        found += [one.number for one in listed.cases]
        pages += 1
        if listed.next_ is None:
            break
        cursor = listed.next_
    assert len(found) == len(set(found)) == listed.total == count and pages == (count + 1) // 2
    only = list_cases.sync(client=STAFF["lifang"], state=[State.PROCESSING, State.REGISTERED])
    assert is_(only, CasesAnswer).total == count
    return set(found)


def happened(who: str, number: str, event: Event) -> CaseAnswer:
    done = apply_event_in_body.sync(BODY, number, client=STAFF[who], body=event)
    return is_(done, CaseAnswer)


def moved_on(number: str) -> None:
    """Of two who have read the same, the second is told."""
    read = get_case_of_body.sync_detailed(BODY, number, client=STAFF["lifang"])
    mark = read.headers["ETag"]
    same = get_case_of_body.sync_detailed(BODY, number, client=STAFF["lifang"], if_none_match=mark)
    assert same.status_code == HTTPStatus.NOT_MODIFIED
    event = Assign(event="assign", on=TODAY, to="农业中心")
    for status in (HTTPStatus.OK, HTTPStatus.PRECONDITION_FAILED):
        answer = apply_event_in_body.sync_detailed(
            BODY, number, client=STAFF["lifang"], body=event, if_match=mark
        )
        assert answer.status_code == status, answer
    said = is_(answer.parsed, ProblemAnswer)
    assert isinstance(said.errors, list) and said.errors[0].field == "If-Match"


def refused(number: str) -> None:
    too_early = apply_event_in_body.sync_detailed(
        BODY, number, client=STAFF["lifang"], body=Archive(event="archive", on=TODAY)
    )
    said = problem(too_early, HTTPStatus.CONFLICT)
    assert said.rule == "not_in_this_state" and said.article and said.allowed_when
    wrong = apply_event_in_body.sync_detailed(
        BODY,
        number,
        client=STAFF["lifang"],
        body=Serve(event="serve", on=TODAY + datetime.timedelta(400), method=ServeMethod.DIRECT),
    )
    assert wrong.status_code in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    is_(wrong.parsed, ProblemAnswer)
    nobody = AuthenticatedClient(base_url=ADDRESS, token="nobody")
    problem(get_case.sync_detailed(number, client=nobody), HTTPStatus.UNAUTHORIZED)


def sent_with(number: str, code: str) -> None:
    """The applicant sends a file; the clerk finds it and gets the same bytes."""
    form = SendApplicationFileBody(
        file=[File(BytesIO(PDF), "说明.pdf", "application/pdf")],
        kind=SendApplicationFileBodyKind.SUPPLEMENT,
    )
    is_(
        send_application_file.sync(number, client=ANYBODY, body=form, x_query_code=code),
        SentFilesAnswer,
    )
    shelf = is_(list_case_files_of_body.sync(BODY, number, client=STAFF["lifang"]), CaseFilesAnswer)
    (kept,) = shelf.files
    got = is_(open_case_file_of_body.sync(BODY, number, kept.id, client=STAFF["lifang"]), File)
    assert got.payload.read() == PDF and kept.size == len(PDF)


def answered(number: str) -> None:
    """From the proposal to the reply that was served."""
    supplied = ItemOutcome(item=1, outcome=Outcome.SUPPLIED)
    happened(
        "zhaoming",
        number,
        ProposeOutcome(event="propose_outcome", on=TODAY, items=[supplied]),
    )
    happened("zhaoming", number, SendToSecrecyReview(event="send_to_secrecy_review", on=TODAY))
    checks = ItemReviewChecks.from_dict(dict.fromkeys(CHECKS, "none"))
    review = [ItemReview(item=1, checks=checks)]
    happened(
        "wangqiang",
        number,
        PassSecrecyReview(event="pass_secrecy_review", on=TODAY, items=review),
    )
    happened("falv", number, PassLegalCheck(event="pass_legal_check", on=TODAY))
    paper = is_(get_paper_of_body.sync(BODY, number, client=STAFF["chen"]), PaperAnswer)
    assert paper.refusal is None, paper.refusal
    happened("chen", number, Approve(event="approve", on=TODAY, paper=paper.hash_))
    proof = SendCaseFileInBodyBody(
        file=[File(BytesIO(PDF), "送达回证.pdf", "application/pdf")],
        kind=SendCaseFileInBodyBodyKind.PROOF_OF_SERVICE,
    )
    is_(
        send_case_file_in_body.sync(BODY, number, client=STAFF["lifang"], body=proof),
        SentFilesAnswer,
    )
    served = happened(
        "lifang",
        number,
        Serve(event="serve", on=TODAY, method=ServeMethod.DIRECT, signed_on=TODAY),
    )
    assert served.state is State.SERVED and served.outcome is Outcome.SUPPLIED


def main() -> None:
    first = filed()
    others = [
        is_(
            file_application.sync(client=ANYBODY, body=application(f"合同第{n}号")), FiledAnswer
        ).number
        for n in range(4)
    ]
    number = first.number
    assert looked_up(number, first.query_code).state is State.REGISTERED
    assert {number, *others} <= paged(5)
    sent_with(number, first.query_code)
    refused(number)
    moved_on(number)
    answered(number)
    seen = looked_up(number, first.query_code)
    assert seen.state is State.SERVED and seen.answers and seen.remedy is not None
    tables = is_(get_tables.sync(BODY, TODAY.year, client=STAFF["lifang"]), TablesAnswer)
    assert tables.table3["new_received"]["total"] == 5
    cell = is_(
        get_cell.sync(BODY, TODAY.year, "new_received", "total", client=STAFF["lifang"]),
        CellAnswer,
    )
    assert cell.n == 5
    print(f"python: {steps} typed answers, from the form to the reply that was served")


if __name__ == "__main__":
    main()
