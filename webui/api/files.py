"""Files of applications and cases: multipart forms with `kind` and `file`."""

from typing import Any

from flask import Response, request

from webui import uploads
from webui.api.views import api, caller, gongkai, iso
from webui.security import limiter, not_limited
from workflow.service.files import FileView


@api.post("/applications/<number>/files")
@limiter.limit("30 per hour", exempt_when=not_limited)
def post_application_file(number: str) -> tuple[dict[str, Any], int]:
    """An applicant's file; one answer for a wrong number and a wrong code."""
    sent = uploads.received()
    code = request.args.get("query_code", "")
    found = gongkai().files.upload_as_applicant(number, code, sent.kind, sent.name, sent.content)
    return receipt(found), 201


@api.post("/cases/<number>/files")
@limiter.limit("300 per hour", exempt_when=not_limited)
def post_case_file(number: str) -> tuple[dict[str, Any], int]:
    """A file of any kind, by a clerk or handler of the case's body."""
    staff = caller()
    sent = uploads.received()
    found = gongkai().files.upload(staff, number, sent.kind, sent.name, sent.content)
    return {**receipt(found), "warnings": list(found.warnings)}, 201


@api.get("/cases/<number>/files")
def get_case_files(number: str) -> dict[str, Any]:
    """The files of a case; `name` is null where the caller may not open it."""
    shelf = gongkai().files.for_staff(caller(), number)
    return {
        "files": [
            {
                **receipt(file),
                "kind": file.kind,
                "media_type": file.media_type,
                "uploaded_by": file.uploaded_by,
                "uploaded_at": iso(file.uploaded_at),
                "warnings": list(file.warnings),
                "views": [{"by": who, "at": iso(when)} for who, when in file.views],
            }
            for file in shelf.files
        ]
    }


@api.get("/cases/<number>/files/<int:file_id>")
def get_case_file(number: str, file_id: int) -> Response:
    """The content of a file. Opening identity papers is noted."""
    return uploads.handed_out(gongkai().files.open(caller(), number, file_id))


def receipt(file: FileView) -> dict[str, Any]:
    return {"id": file.id, "name": file.name, "size": file.size, "sha256": file.sha256}
