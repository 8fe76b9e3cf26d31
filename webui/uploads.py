"""Files over the web: what is received stays in memory until it is checked; what is handed out is an
attachment that no browser shows or keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO

from flask import Flask, Request, Response, request, send_file

from webui.here import gongkai
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refused
from workflow.service.cases.views import Attached, CaseFile
from workflow.service.files import KINDS, MEGABYTE, Opened, Shelf

BESIDE_BYTES = 64 * 1024
"""What a form has besides the file: token, kind, boundaries."""
ENDPOINTS = frozenset(
    (
        "portal.upload_file",
        "desk.upload_file",
        "desk.bring_back",
        "api.post_application_file",
        "api.post_case_file",
        "api.post_case_file_of_body",
        "reports.take_in",
    )
)

EVENTS_WITH_FILES = frozenset(("serve",))
"""Events whose form takes files of its own."""
TWO_FILES = frozenset(("reports.check_file",))
"""Calls that take this year's and last year's report."""


class InMemoryRequest(Request):
    """A request whose files are never written to a temporary file: one with a classification mark
    must leave nothing behind. Their size is bounded by `max_content_length`."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def take_uploads(app: Flask) -> None:
    """Let the calls that take files, and only them, be as large as a file may be. To be called before
    anything that reads forms is hung on the application."""
    app.request_class = InMemoryRequest
    app.before_request(_allow_a_file)


def _allow_a_file() -> None:
    named = (request.view_args or {}).get("event")
    with_event = request.endpoint == "desk.apply_event" and named in EVENTS_WITH_FILES
    if request.endpoint in ENDPOINTS or with_event:
        request.max_content_length = gongkai().files.most_bytes + BESIDE_BYTES
    elif request.endpoint in TWO_FILES:
        request.max_content_length = 2 * gongkai().files.most_bytes + BESIDE_BYTES


@dataclass(frozen=True)
class Received:
    """An upload as it came."""

    kind: str
    name: str
    content: bytes


def received() -> Received:
    """The kind and the one file of a form. Raises BadInput for several files at once."""
    sent = request.files.getlist("file")
    if len(sent) > 1:
        raise BadInput([FieldError("file", "请一次上传一个文件")])
    name, content = (sent[0].filename or "", sent[0].read()) if sent else ("", b"")
    return Received(request.form.get("kind", ""), name, content)


def with_event(field: str, kind: str) -> list[Attached]:
    """The files that came with an event, looked at; none where none was chosen. Raises BadInput at the
    field."""
    found = []
    for one in request.files.getlist(field):
        if one.filename:
            try:
                found.append(gongkai().files.looked_at(kind, one.filename, one.read()))
            except (BadInput, Refused) as error:
                raise BadInput([FieldError(field, said) for said in errors_of(error).values()]) from error  # fmt: skip
    return found


def handed_out(file: Opened) -> Response:
    """The file as an attachment. Talisman adds nosniff, `webui.security` no-store."""
    return send_file(
        BytesIO(file.content),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        etag=False,
        conditional=False,
    )


def too_large() -> str:
    """What is said about a form that was not read because of its size."""
    return f"文件超过 {gongkai().files.most_bytes // MEGABYTE} MB，没有保存。请压缩或者分开上传"


# -- what the pages show ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """The files of a case on a page, and what was wrong with the last upload. errors: by field (kind,
    file, last_four); kind: what was chosen."""

    shelf: Shelf
    errors: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: KINDS)
    most_megabytes: int = 0


def desk_card(
    staff: Staff, file: CaseFile, errors: Mapping[str, str] | None = None, kind: str = ""
) -> Card:
    """The card 材料 of the desk's case page."""
    return _card(gongkai().files.beside(staff, file), errors, kind)


def portal_card(
    number: str, code: str, errors: Mapping[str, str] | None = None, kind: str = ""
) -> Card:
    """The files on the applicant's page. Raises Missing."""
    return _card(gongkai().files.for_applicant(number, code), errors, kind)


def _card(shelf: Shelf, errors: Mapping[str, str] | None, kind: str) -> Card:
    most = gongkai().files.most_bytes // MEGABYTE
    return Card(shelf, errors or {}, kind, most_megabytes=most)


def errors_of(error: BadInput | Refused) -> dict[str, str]:
    """What went wrong, by field."""
    if isinstance(error, Refused):
        refusal = error.refusal
        said = f"{refusal.message}（{refusal.article}）。{refusal.allowed_when}"
        return {refusal.field or "file": said}
    return {one.field: one.message for one in error.errors}
