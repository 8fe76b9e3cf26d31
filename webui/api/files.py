"""Files of applications and cases: multipart forms with `kind` and `file`."""

import hashlib

from flask import Response

from webui import uploads
from webui.api import asked
from webui.api.answers import CaseFileAnswer, CaseFilesAnswer, FileAnswer
from webui.api.calling import arguments, caller, in_body, once, say
from webui.api.document import FILE_FORM, described
from webui.api.views import api
from webui.here import gongkai
from webui.limits import not_limited, writing
from workflow.people import Staff
from workflow.service.files import FileView


@api.post("/applications/<number>/files")
@writing.limit("30 per hour", exempt_when=not_limited)
@described("sendApplicationFile", answer=FileAnswer, status=201, asked=asked.ByCode, sent=FILE_FORM)
def post_application_file(number: str) -> Response:
    """Send a file with an application: proof of identity, power of attorney, supplement

    A wrong number and a wrong code get the same answer. A file with a classification mark is refused
    and nothing of it is kept.
    """
    code = arguments(asked.ByCode).query_code
    sent = uploads.received()
    files = gongkai().files
    return once(
        lambda key: _sent(
            files.upload_as_applicant(number, code, sent.kind, sent.name, sent.content)
        ),
        _said(sent),
    )


@api.post("/agencies/<code>/cases/<number>/files")
@writing.limit("300 per hour", exempt_when=not_limited)
@described("sendCaseFileInBody", answer=FileAnswer, status=201, scope="write", sent=FILE_FORM)
def post_case_file_of_body(code: str, number: str) -> Response:
    """Keep a file with a case, of any kind: by a clerk or handler of the body"""
    staff = caller("write")
    arguments(asked.Nothing)
    return _keep(in_body(staff, code), number)


@api.post("/cases/<number>/files")
@writing.limit("300 per hour", exempt_when=not_limited)
@described(
    "sendCaseFile",
    answer=FileAnswer,
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
    sent = uploads.received()
    return once(
        lambda key: _sent(
            gongkai().files.upload(staff, number, sent.kind, sent.name, sent.content)
        ),
        _said(sent),
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
@described("openCaseFileOfBody", answer=None, scope="read")
def get_case_file_of_body(code: str, number: str, file_id: int) -> Response:
    """The content of a file. Opening identity papers is noted"""
    staff = caller("read")
    arguments(asked.Nothing)
    return uploads.handed_out(gongkai().files.open(in_body(staff, code), number, file_id))


@api.get("/cases/<number>/files/<int:file_id>")
@described("openCaseFile", answer=None, scope="read", asked=asked.OfOneBody)
def get_case_file(number: str, file_id: int) -> Response:
    """The same without the body, where the number is clear: else 409 with the choice"""
    staff = in_body(caller("read"), arguments(asked.OfOneBody).agency)
    return uploads.handed_out(gongkai().files.open(staff, number, file_id))


def _sent(file: FileView) -> tuple[FileAnswer, int, dict[str, str]]:
    return FileAnswer.of(file), 201, {}


def _said(sent: uploads.Received) -> str:
    """What tells one upload from another, for the Idempotency-Key."""
    return f"{sent.kind} {hashlib.sha256(sent.content).hexdigest()}"
