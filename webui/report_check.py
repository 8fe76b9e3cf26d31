"""What the desk and the portal share when somebody has a report checked: the files are read in memory, judged, shown as
a page or as a PDF, and forgotten. Nothing of them is kept or logged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from config.law import load_law
from webui.here import gongkai
from webui.uploads import ask_scanner
from workflow.files import BadContent, clean_name
from workflow.report.annual import AnnualReport
from workflow.report.checks import LEVELS
from workflow.report.judged import Judged, judged, never_checked, tables_as_read
from workflow.report.reading import ACCEPTED, Unreadable, read_report
from workflow.report.writing.checked import about, checked_pdf
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.files import MEGABYTE

FIELDS = {"file": "要核对的报告", "before": "上一年的报告"}
ENDINGS = ".json,.xlsx,.docx,.ods,.odt,.rtf,.pdf,.html,.htm,.mht,.mhtml,.csv,.txt,.zip"
"""What a browser offers first; any file may be chosen."""
NAME_SHOWN = 80
"""Characters of the name of a file that the PDF is named after."""
NOTHING_CHOSEN = "请选择要核对的文件"
SECRET = "内容带有密级标志。本系统不是涉密系统，这份文件没有读入，也没有保存"
Work = Callable[[], Judged | None]
Run = Callable[[Work], Judged | None]


class NotTaken(ValueError):
    """A file that is not read; the message is in Chinese and stands at its field."""


@dataclass(frozen=True)
class Sent:
    """A file as it came."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal digits, by which the file can be told from every other."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Result:
    """A report as it was judged. files: the label of each field with its file; at: the moment."""

    files: Mapping[str, Sent]
    judged: Judged
    at: datetime


def form_page(template: str, errors: Mapping[str, str] | None = None) -> str:
    """The form, with what is wrong by field."""
    return render_template(template, errors=errors or {}, result=None, **_shared())


def answer(template: str, run: Run = lambda work: work()) -> ResponseReturnValue:
    """What was sent, read and judged: a page, a PDF where that is asked for, or the form with what is wrong.

    run: runs what takes the processor. Raises what that raises.
    """
    errors: dict[str, str] = {}
    sent: dict[str, Sent] = {}
    for field in FIELDS:
        if _chosen(field):
            try:
                sent[field] = _taken(field)
            except NotTaken as error:
                errors[field] = str(error)
    if "file" not in {*sent, *errors}:
        errors["file"] = NOTHING_CHOSEN

    def work() -> Judged | None:
        read = {}
        for field, one in sent.items():
            try:
                read[field] = _understood(one)
            except NotTaken as error:
                errors[field] = str(error)
        return None if errors else judged(read["file"], load_law(), read.get("before"))

    found = run(work)
    if found is None:
        return form_page(template, errors), 422
    files = {FIELDS[field]: one for field, one in sent.items()}
    result = Result(files, found, gongkai().office.now())
    return _pdf(result) if request.form.get("as") == "pdf" else _page(template, result)


def read_sent(field: str) -> tuple[str, AnnualReport]:
    """The name of the one file of a field and the report in it. Raises NotTaken where there is none or it cannot be
    read."""
    sent = _taken(field)
    return sent.name, _understood(sent)


def too_large() -> str:
    """What is said about a file that was not read because of its size."""
    return f"文件超过 {gongkai().files.most_bytes // MEGABYTE} MB，没有读取"


def _chosen(field: str) -> list[FileStorage]:
    return [one for one in request.files.getlist(field) if one.filename]


def _taken(field: str) -> Sent:
    """The one file of a field, looked at by the scanner. Raises NotTaken."""
    chosen = _chosen(field)
    if len(chosen) != 1:
        raise NotTaken("请选择一个文件" if chosen else "请选择文件")
    sent = Sent(clean_name(chosen[0].filename or ""), chosen[0].read())
    if len(sent.content) > gongkai().files.most_bytes:
        raise NotTaken(too_large())
    try:
        ask_scanner(sent.content)
    except BadContent as error:
        raise NotTaken(str(error)) from error
    return sent


def _understood(sent: Sent) -> AnnualReport:
    """The report in a file. Raises NotTaken."""
    try:
        report = read_report(sent.name, sent.content, load_law().formats)
    except Unreadable as error:
        raise NotTaken(str(error)) from error
    if bears_secret_mark("\n".join((sent.name, report.title, *report.texts))):
        raise NotTaken(SECRET)
    return report


def _page(template: str, result: Result) -> str:
    law = load_law()
    return render_template(
        template,
        errors={},
        result=result,
        about=about(result.judged),
        groups=result.judged.groups(law),
        levels=LEVELS,
        unchecked=[*result.judged.unchecked, *never_checked(law)],
        tables=tables_as_read(result.judged.report, law.formats),
        sections=law.formats.sections,
        **_shared(),
    )


def _shared() -> dict[str, object]:
    return {
        "fields": FIELDS,
        "checks": load_law().checks,
        "accepted": ACCEPTED,
        "endings": ENDINGS,
        "most_megabytes": gongkai().files.most_bytes // MEGABYTE,
    }


def _pdf(result: Result) -> Response:
    files = [(label, one.name, one.digest) for label, one in result.files.items()]
    content = checked_pdf(result.judged, load_law(), files, result.at)
    name = next(iter(result.files.values())).name.rpartition(".")[0][:NAME_SHOWN]
    return send_file(
        BytesIO(content),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{name or '年度报告'}-核对结果.pdf",
        etag=False,
        conditional=False,
    )
