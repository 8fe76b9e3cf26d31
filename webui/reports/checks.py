"""The check of a report that somebody made elsewhere: read in memory, judged, shown, forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from config.law import load_law
from webui.errors import http_page
from webui.here import gongkai
from webui.limits import not_limited, reading
from webui.reports import reports
from webui.security import require_staff
from workflow.files import clean_name
from workflow.report.annual import AnnualReport
from workflow.report.checks import Finding, Known, findings
from workflow.report.reading import ACCEPTED, Unreadable, read_report
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.files import MEGABYTE

FIELDS = {"file": "要核对的报告", "before": "上一年的报告"}
SECRET = "内容带有密级标志。本系统不是涉密系统，这份文件没有读入，也没有保存"


@dataclass(frozen=True)
class Judged:
    """A report as it was read, with what was found; groups: level → (rule, its findings)."""

    name: str
    report: AnnualReport
    before: AnnualReport | None
    found: Sequence[Finding]

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, list[Finding]]]]]:
        return [
            (level, [(rule, list(ones)) for rule, ones in groupby(of_level, lambda f: f.rule)])
            for level, of_level in (
                (level, [one for one in self.found if one.level == level])
                for level in ("error", "warn")
            )
            if of_level
        ]


@reports.get("/check")
def check_form() -> ResponseReturnValue:
    """Choose one report, or two."""
    return _page()


@reports.post("/check")
@reading.limit("120 per hour", exempt_when=not_limited)
def check_file() -> ResponseReturnValue:
    """Read and judge. Nothing of the files is kept or logged."""
    errors: dict[str, str] = {}
    read: dict[str, tuple[str, AnnualReport]] = {}
    for field in FIELDS:
        if not _sent(field):
            if field == "file":
                errors[field] = "请选择要核对的文件"
            continue
        try:
            read[field] = read_sent(field)
        except ValueError as error:
            errors[field] = str(error)
    if errors:
        return _page(errors), 422
    name, report = read["file"]
    before = read["before"][1] if "before" in read else None
    found = findings(report, load_law(), Known(before=before))
    return _page(judged=Judged(name, report, before, found))


def _sent(field: str) -> list[FileStorage]:
    return [one for one in request.files.getlist(field) if one.filename]


def read_sent(field: str) -> tuple[str, AnnualReport]:
    """The name of the one file of a field and the report in it. Raises ValueError, in Chinese, where
    there is none or it cannot be read."""
    sent = _sent(field)
    if len(sent) != 1:
        raise ValueError("请选择一个文件" if sent else "请选择文件")
    name, content = clean_name(sent[0].filename or ""), sent[0].read()
    if len(content) > gongkai().files.most_bytes:
        raise ValueError(too_large())
    try:
        report = read_report(name, content, load_law().formats)
    except Unreadable as error:
        raise ValueError(str(error)) from error
    if bears_secret_mark("\n".join((name, report.title, *report.sections.values()))):
        raise ValueError(SECRET)
    return name, report


@reports.errorhandler(RequestEntityTooLarge)
def check_too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    if request.endpoint != "reports.check_file":
        return http_page(error)
    # The size is found out before the login is asked for.
    return require_staff() or (_page({"file": too_large()}), 413)


def too_large() -> str:
    """What is said about a file that was not read because of its size."""
    return f"文件超过 {gongkai().files.most_bytes // MEGABYTE} MB，没有读取"


def _page(errors: dict[str, str] | None = None, judged: Judged | None = None) -> Any:
    return render_template(
        "reports/check.html",
        errors=errors or {},
        fields=FIELDS,
        judged=judged,
        formats=load_law().formats,
        checks=load_law().checks,
        accepted=ACCEPTED,
        most_megabytes=gongkai().files.most_bytes // MEGABYTE,
    )
