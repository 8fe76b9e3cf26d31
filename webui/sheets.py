"""Lists as files: what a page shows as a table goes out as Excel or CSV."""

from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from webui.here import gongkai
from workflow.files.package import XLSX
from workflow.paper.workbook import Sheet, as_csv, as_xlsx

ENDINGS = ("xlsx", "csv")


def sheet_file(sheet: Sheet, ending: str) -> ResponseReturnValue:
    """The list to be kept, named after its title. ending: one of ENDINGS."""
    if ending == "xlsx":
        content, kind = as_xlsx(sheet, dated=gongkai().office.today()), XLSX
    else:
        content, kind = as_csv(sheet), "text/csv; charset=utf-8"
    return send_file(
        BytesIO(content),
        mimetype=kind,
        as_attachment=True,
        download_name=f"{sheet.title}.{ending}",
        etag=False,
        conditional=False,
    )
