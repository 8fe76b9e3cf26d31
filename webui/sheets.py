"""What is handed out to be kept: lists as Excel or CSV, reports in the formats of their writers."""

from collections.abc import Sequence
from io import BytesIO

from flask import Response, request, send_file

from webui.here import gongkai
from webui.security import current_staff
from workflow.files.package import XLSX
from workflow.paper.columns import DESCRIBED, as_metadata, described
from workflow.paper.workbook import Sheet, as_csv, as_xlsx
from workflow.report.annual import AnnualReport
from workflow.report.writing import Writer, file_name

ENDINGS = ("xlsx", "csv")
WITH_COLUMNS = (*ENDINGS, DESCRIBED)
"""Of a list whose columns are told beside its CSV."""
MEDIA = {
    "xlsx": XLSX,
    "csv": "text/csv",
    "json": "application/json; charset=utf-8",
    DESCRIBED: "application/csvm+json",
}
"""Of what is handed out, by the ending of its file."""


def sheet_file(sheet: Sheet, ending: str, name: str = "", before: Sequence[Sheet] = ()) -> Response:
    """The list to be kept, named after its title where no other name is told. ending: one of WITH_COLUMNS. before: further
    sheets of the workbook; CSV holds the list alone. That it was taken away is a line of the audit; what its columns
    are says nothing of anybody."""
    name = name or sheet.title
    if ending == DESCRIBED:
        return table_file(as_metadata(sheet, f"{name}.csv"), ending, f"{name}.{ending}")
    if ending == "xlsx":
        content = as_xlsx(*before, sheet, *described(sheet), dated=gongkai().office.today())
    else:
        content = as_csv(sheet)
    gongkai().audit.exported(current_staff(), sheet.title, len(sheet.rows))
    return table_file(content, ending, f"{name}.{ending}")


def table_file(content: bytes, ending: str, name: str) -> Response:
    """A list that was written already. ending: one of MEDIA; name: of the file. A CSV that is asked for by its address
    names the file of its columns, which lies beside it."""
    answer = send_file(
        BytesIO(content),
        mimetype=MEDIA[ending],
        as_attachment=True,
        download_name=name,
        etag=False,
        conditional=False,
    )
    if ending == "csv" and request.method != "POST":
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        beside = f"{request.script_root}{request.path}-metadata.json{query}"
        answer.headers["Link"] = f'<{beside}>; rel="describedby"; type="application/csvm+json"'
    return answer


def report_file(report: AnnualReport, writer: Writer) -> Response:
    """An annual report as a file. Raises BadInput where a character of it cannot be printed."""
    answer = send_file(
        BytesIO(writer.write(report)),
        mimetype=writer.media_type,
        as_attachment=True,
        download_name=file_name(report, writer.ending),
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
