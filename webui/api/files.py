"""Files of applications and cases: multipart forms with `kind` and one or several `file`."""

import hashlib

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from webui import uploads
from webui.api import asked
from webui.api.answers import CaseFileAnswer, CaseFilesAnswer, SentFilesAnswer
from webui.api.calling import CODE_HEADER, arguments, by_code, caller, in_body, once, say
from webui.api.document import FILE_FORM, described
from webui.api.views import api
from webui.here import gongkai
from webui.limits import not_limited, writing
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.service.files import Taken


@api.post("/applications/<number>/files")
@writing.limit("30 per hour", exempt_when=not_limited)
@described(
    "sendApplicationFile", answer=SentFilesAnswer, status=201, asked=asked.ByCode, sent=FILE_FORM
)
def post_application_file(number: str) -> Response:
    """Send a file with an application: proof of identity, power of attorney, supplement

    Several `file` may come in one form; each is judged by itself: those that can be taken are kept, of
    the others `refused` says which and why; 422 if none can be taken.

    A wrong number and a wrong code get the same answer. A file with a classification mark is refused
    and nothing of it is kept.
    """
    form = _received()
    files = gongkai().files
    return once(
        lambda key: _sent(
            by_code(
                number, lambda code: files.send_as_applicant(number, code, form.kind, form.sent)
            )
        ),
        # The answer that was given once is for who has the code.
        f"{_said(form)} {request.headers.get(CODE_HEADER, '')}",
    )


@api.post("/agencies/<code>/cases/<number>/files")
@writing.limit("300 per hour", exempt_when=not_limited)
@described("sendCaseFileInBody", answer=SentFilesAnswer, status=201, scope="write", sent=FILE_FORM)
def post_case_file_of_body(code: str, number: str) -> Response:
    """Keep a file with a case, of any kind: by a clerk or handler of the body"""
    staff = caller("write")
    arguments(asked.Nothing)
    return _keep(in_body(staff, code), number)


@api.post("/cases/<number>/files")
@writing.limit("300 per hour", exempt_when=not_limited)
@described(
    "sendCaseFile",
    answer=SentFilesAnswer,
    status=201,
    scope="write",
    asked=asked.OfOneBody,
    sent=FILE_FORM,
)
def post_case_file(number: str) -> Response:
    """The same without the body, where the number is clear: else 409 with the choice"""
    staff = caller("write")
    return _keep(in_body(staff, arguments(asked.OfOneBody).agency), number)


def _keep(staff: Staff, number: str) -> Response:
    form = _received()
    return once(
        lambda key: _sent(gongkai().files.send(staff, number, form.kind, form.sent)), _said(form)
    )


@api.get("/agencies/<code>/cases/<number>/files")
@described("listCaseFilesOfBody", answer=CaseFilesAnswer, scope="read")
def get_case_files_of_body(code: str, number: str) -> Response:
    """The files of a case; `name` is null where the caller may not open it"""
    staff = caller("read")
    arguments(asked.Nothing)
    return _files(in_body(staff, code), number)


@api.get("/cases/<number>/files")
@described("listCaseFiles", answer=CaseFilesAnswer, scope="read", asked=asked.OfOneBody)
def get_case_files(number: str) -> Response:
    """The same without the body, where the number is clear: else 409 with the choice"""
    staff = caller("read")
    return _files(in_body(staff, arguments(asked.OfOneBody).agency), number)


def _files(staff: Staff, number: str) -> Response:
    shelf = gongkai().files.for_staff(staff, number)
    return say((CaseFilesAnswer(files=[CaseFileAnswer.of(file) for file in shelf.files]), 200, {}))


@api.get("/agencies/<code>/cases/<number>/files/<int:file_id>")
@described("openCaseFileOfBody", answer=None, scope="read", asked=asked.Copy)
def get_case_file_of_body(code: str, number: str, file_id: int) -> Response:
    """The content of a file. Opening identity papers is noted"""
    staff = caller("read")
    copy = arguments(asked.Copy).readable
    file = gongkai().files.open(in_body(staff, code), number, file_id, copy=copy)
    return uploads.handed_out(file)


@api.get("/cases/<number>/files/<int:file_id>")
@described("openCaseFile", answer=None, scope="read", asked=asked.CopyOfOneBody)
def get_case_file(number: str, file_id: int) -> Response:
    """The same without the body, where the number is clear: else 409 with the choice"""
    given = arguments(asked.CopyOfOneBody)
    staff = in_body(caller("read"), given.agency)
    file = gongkai().files.open(staff, number, file_id, copy=given.readable)
    return uploads.handed_out(file)


def _received() -> uploads.Received:
    """The form that was sent. Ends the call with 415 for what is no form. Raises BadInput for a field that nobody knows."""
    if request.mimetype != FILE_FORM:
        raise UnsupportedMediaType(f"请以 Content-Type: {FILE_FORM} 提交，字段为 kind 和 file")
    if unknown := {*request.form, *request.files} - {"kind", "file"}:
        raise BadInput([FieldError(name[:64], "没有这一项") for name in sorted(unknown)])
    return uploads.received()


def _sent(taken: Taken) -> tuple[SentFilesAnswer, int, dict[str, str]]:
    return SentFilesAnswer.of_all(taken), 201, {}


def _said(form: uploads.Received) -> str:
    """What tells one upload from another, for the Idempotency-Key."""
    return " ".join((form.kind, *(hashlib.sha256(one.content).hexdigest() for one in form.sent)))
