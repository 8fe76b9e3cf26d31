"""Files over the web: what is received stays in memory until it is checked; what is handed out is an
attachment that no browser shows or keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO

from flask import Flask, Request, Response, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Field, File, MultipartDecoder, NeedData

from webui.here import gongkai
from workflow.files import ACCEPTED
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refused
from workflow.service.cases.views import Attached, CaseFile
from workflow.service.files import KINDS, MEGABYTE, TOGETHER, Opened, Shelf, Taken
from workflow.service.incoming import AT_ONCE, Sent

BESIDE_BYTES = 64 * 1024
"""What a form has besides the file: token, kind, boundaries."""
READ_MOST = 3
"""A form so many times too large is looked through for what was typed into it."""
TEXTS_BYTES = 300_000
TEXTS_MOST = 500
PIECE_BYTES = 256 * 1024
_FILES = {
    "portal.apply": TOGETHER,
    "portal.upload_file": TOGETHER,
    "portal.keep_draft": TOGETHER,
    "desk.upload_file": TOGETHER,
    "desk.register": TOGETHER,
    "desk.read_mail": TOGETHER,
    "desk.bring_back": 1,
    "desk.upload_ledger": 1,
    "api.post_application_file": TOGETHER,
    "api.post_case_file": TOGETHER,
    "api.post_case_file_of_body": TOGETHER,
    "desk.setting": 1,
    "reports.take_in": 1,
    "reports.check_file": 2,  # this year's and last year's report
    "portal.check_report": 2,
}
"""Calls that take files, and how many of the largest size."""
EVENTS_WITH_FILES = frozenset(("serve",))
"""Events whose form takes files of its own."""


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
    count = _FILES.get(request.endpoint or "")
    named = (request.view_args or {}).get("event")
    if request.endpoint == "desk.apply_event" and named in EVENTS_WITH_FILES:
        count = TOGETHER
    if count and request.mimetype == "multipart/form-data":
        request.max_content_length = count * gongkai().files.most_bytes + BESIDE_BYTES


@dataclass(frozen=True)
class Received:
    """An upload as it came."""

    kind: str
    sent: tuple[Sent, ...]


def received() -> Received:
    """The kind and the files of a form."""
    found = [Sent(one.filename or "", one.read()) for one in request.files.getlist("file")]
    # A browser sends a field in which nothing was chosen as a file without name and content.
    chosen = [one for one in found if one.name or one.content] or found
    return Received(request.form.get("kind", ""), tuple(chosen))


def kept_words(taken: Taken) -> str:
    """Kind and names of the files that were kept."""
    names = "、".join(f"“{one.name}”" for one in taken.files)
    count = f" {len(taken.files)} 份" if len(taken.files) > 1 else ""
    return f"{count}{KINDS[taken.files[0].kind]}{names}"


def refused_words(taken: Taken) -> dict[str, str]:
    """What stands at the field where only some of the files could be kept; empty if all were."""
    if not taken.refused:
        return {}
    why = "；".join(one.rstrip("。") for one in taken.refused)
    return {"file": f"有 {len(taken.refused)} 个文件没有保存，其余的已经保存、不必重传。{why}"}


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


def ask_scanner(content: bytes) -> None:
    """Let the scanner of the installation look at what is read and not kept as a file. Raises BadContent."""
    scanner = gongkai().files.judge.scanner
    if scanner is not None:
        scanner.ask(content)


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


def texts_of_too_large() -> list[tuple[str, str]] | None:
    """Of a form that was not read because its files are too large: what was typed, in its order, and no file. None where
    it is anything else, or where the texts are too much as well."""
    length, boundary = request.content_length or 0, request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary or length > READ_MOST * _most():
        return None
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_form_memory_size=TEXTS_BYTES, max_parts=TEXTS_MOST)  # fmt: skip
    stream, left, sent = request.environ["wsgi.input"], length, list[tuple[str, str]]()
    name: str | None = None
    said, size = b"", 0
    try:
        while left > 0 and (piece := stream.read(min(left, PIECE_BYTES))):
            left -= len(piece)
            decoder.receive_data(piece)
            while not isinstance(event := decoder.next_event(), NeedData):
                if isinstance(event, Field):
                    name, said = event.name, b""
                elif isinstance(event, File):
                    name = None
                elif isinstance(event, Data) and name is not None:
                    said, size = said + event.data, size + len(event.data)
                    if size > TEXTS_BYTES:
                        return None
                    if not event.more_data:
                        sent.append((name, said.decode("utf-8", "replace")))
    except (ValueError, RequestEntityTooLarge):  # no form of a browser's
        return None
    return sent


def _most() -> int:
    """Bytes of the largest form that is taken."""
    return TOGETHER * gongkai().files.most_bytes + BESIDE_BYTES


def too_large() -> str:
    """What is said about a form that was not read because of its size."""
    most = gongkai().files.most_bytes // MEGABYTE
    return (
        f"文件太大：每个不超过 {most} MB，一次合计不超过 {TOGETHER * most} MB。"
        "这一次的文件都没有保存，请压缩或者分几次上传"
    )


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
    most_at_once: int = AT_ONCE
    accepted: str = ACCEPTED
    most_together: int = 0


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
    return Card(shelf, errors or {}, kind, most_megabytes=most, most_together=TOGETHER * most)


def errors_of(error: BadInput | Refused) -> dict[str, str]:
    """What went wrong, by field."""
    if isinstance(error, Refused):
        refusal = error.refusal
        said = f"{refusal.message}（{refusal.article}）。{refusal.allowed_when}"
        return {refusal.field or "file": said}
    if len(error.errors) == 1:
        return {error.errors[0].field: error.errors[0].message}
    said: dict[str, str] = {}
    for one in error.errors:
        said[one.field] = "；".join(filter(None, (said.get(one.field), one.message.rstrip("。"))))
    return said
