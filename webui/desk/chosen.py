"""What is done with several cases of the list at once: given to somebody, printed, written to a file; the list as a
file; what somebody keeps of it."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from flask import abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.desk import desk
from webui.desk.case.address import numbers_said
from webui.desk.filters import Chosen, chosen, in_force
from webui.desk.worklist import DeskLine, desk_line, list_page
from webui.here import gongkai
from webui.security import current_staff
from webui.sheets import ENDINGS, WITH_COLUMNS, sheet_file
from workflow.case.identity import masked_name
from workflow.letters import NotPossible, pdf
from workflow.paper.columns import Column
from workflow.paper.workbook import Cell, Sheet
from workflow.refusal import BadInput
from workflow.service.cases.desk_list import EXPORTED_MOST
from workflow.service.cases.list_views import Around
from workflow.service.cases.views import WorkItem

COLUMNS = (
    Column("编号", "text", "申请编号，在本机关之内不重复"),
    Column("机关", "text", "受理申请的机关"),
    Column("申请内容", "text", "申请公开的内容，取开头的文字"),
    Column("申请人", "text", "公民只写姓氏，例如“张某”；法人、其他组织写名称"),
    Column("登记簿", "words", "按哪一类办理：政府信息公开申请，或者另行登记的来件"),
    Column("收到日期", "day", "收到申请之日"),
    Column("状态", "words", "现在办到哪一步"),
    Column("交给", "text", "现在交给谁办"),
    Column("期限", "day", "这一步最迟办好的一天"),
    Column("剩余工作日", "number", "从今天到期限还有几个工作日；已经过了的是负数"),
    Column("下一步", "text", "由谁办什么"),
    Column("答复类型", "words", "已经定下的答复类型"),
    Column("办结日期", "day", "办结之日；没有办结的空着"),
)
PRINTED_MOST = 50
REGISTRATION = "registration_form"


def _here() -> Chosen:
    """The view from which a form was sent: its address stands in the form."""
    return chosen(request.form, gongkai().office.today().year)


def _ticked() -> list[tuple[str, str]]:
    """Codes of bodies and numbers of the cases that were ticked."""
    found = (one.partition("/") for one in request.form.getlist("case"))
    return [(code, number) for code, _, number in found if code and number]


def _found() -> tuple[list[WorkItem], Around]:
    return gongkai().desk_list.chosen(current_staff(), _ticked())


def _again(error: BadInput) -> ResponseReturnValue:
    said = {one.field: one.message for one in error.errors}
    return list_page(_here(), said, case=set(request.form.getlist("case")), **_typed()), 422


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("give_to", "view_name")}


@desk.post("/worklist/assign")
def assign_chosen() -> ResponseReturnValue:
    """Give the chosen cases to a person or unit of their body, each for itself; what could not be given is told
    with its reason."""
    try:
        done, left = gongkai().desk_list.give(
            current_staff(), _ticked(), request.form.get("give_to", ""), request.form.get("once", "")[:32]
        )  # fmt: skip
    except BadInput as error:
        return _again(error)
    if done:
        flash(f"已交办 {len(done)} 件：{'、'.join(numbers_said(done))}。", "done")
    cases = [case for case, _ in left]
    for number, (_, why) in zip(numbers_said(cases), left, strict=True):
        flash(f"{number} 没有交办：{why}", "problem")
    return redirect(url_for("desk.worklist", **_here().address), 303)


@desk.post("/worklist/print")
def print_chosen() -> ResponseReturnValue:
    """The registration sheets (登记表) of the chosen cases in one PDF."""
    # What binds PDFs is loaded with the first of them.
    from workflow.bundle.binding import Unbindable, joined

    staff, papers = current_staff(), []
    # What binds PDF files is loaded with the first of them.

    try:
        items, _ = _found()
        if len(items) > PRINTED_MOST:
            raise BadInput.of("case", f"一次最多打印 {PRINTED_MOST} 件")
        for item in items:
            letter = gongkai().letters.draft(staff, item.agency, item.number, REGISTRATION)
            papers.append(pdf.write(letter))
            gongkai().whole_applicant.printed(staff.within(item.agency), item.number, REGISTRATION)
        content = joined(papers, title="登记表", dated=gongkai().office.today())
    except NotPossible as error:
        return _again(BadInput.of("case", f"{item.number} 不能打印：{error.refusal.message}"))
    except Unbindable:
        return _again(BadInput.of("case", "这些登记表不能装成一份，请在案件页逐件打印"))
    except BadInput as error:
        return _again(error)
    gongkai().audit.exported(staff, "登记表", len(papers))
    return send_file(
        BytesIO(content), "application/pdf", as_attachment=True,
        download_name=f"登记表（{len(papers)} 件）.pdf", etag=False, conditional=False,
    )  # fmt: skip


@desk.post("/worklist/chosen.<ending>")
def export_chosen(ending: str) -> ResponseReturnValue:
    """The chosen cases as a file."""
    if ending not in ENDINGS:
        abort(404)
    try:
        items, around = _found()
    except BadInput as error:
        return _again(error)
    lines = [desk_line(item, around, current_staff()) for item in items]
    return sheet_file(sheet_of(lines, "选中的申请", ""), ending)


@desk.get("/worklist/list.<ending>")
def export_list(ending: str) -> ResponseReturnValue:
    """The whole view as a file, with the filters in force."""
    if ending not in WITH_COLUMNS:
        abort(404)
    staff, found = current_staff(), chosen(request.args, gongkai().office.today().year)
    listed = gongkai().desk_list.page(staff, found.view, found.filters, limit=EXPORTED_MOST)
    lines = [desk_line(item, listed.around, staff) for item in listed.items]
    note = in_force(found, listed.around.given)
    if listed.total > len(lines):
        note += f"；共 {listed.total} 件，本表只含前 {len(lines)} 件"
    return sheet_file(sheet_of(lines, "待办", note), ending)


def sheet_of(lines: Iterable[DeskLine], title: str, note: str) -> Sheet:
    """A list of cases as a table; names as the list shows them."""
    law, names, rows = load_law(), gongkai().office.listing().names, list[tuple[Cell, ...]]()
    today = gongkai().office.today()
    for one in lines:
        item = one.line.item
        rows.append(
            (
                item.number, names.get(item.agency, item.agency), item.title, masked_name(item.applicant),
                law.words.kinds[item.kind]["label"], item.received_on, law.states[item.state].label,
                one.given, item.due, item.workdays_left, f"{one.who}：{one.line.doing}" if one.who else "",
                law.outcomes[item.outcome].label if item.outcome in law.outcomes else "", item.closed_on,
            )
        )  # fmt: skip
    said = f"{note}；" if note else ""
    return Sheet(
        f"{title} {today.isoformat()}",
        COLUMNS,
        rows,
        f"{said}{len(rows)} 件，{today.isoformat()}导出",
    )


# -- what somebody keeps ------------------------------------------------------------------------------


@desk.post("/worklist/looked")
def looked() -> ResponseReturnValue:
    """Everything that was new when the page was made has been seen."""
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        abort(400)
    if until.tzinfo is None:
        abort(400)
    gongkai().desk_list.look(current_staff(), until)
    address = _here().address
    address.pop("new", None)
    return redirect(url_for("desk.worklist", **address), 303)


@desk.post("/worklist/views")
def keep_view() -> ResponseReturnValue:
    """Keep the filters in force under a name."""
    found = _here()
    try:
        gongkai().desk_list.keep_view(
            current_staff(), request.form.get("view_name", ""), found.address
        )
    except BadInput as error:
        return _again(error)
    return redirect(url_for("desk.worklist", **found.address), 303)


@desk.post("/worklist/views/<int:which>/drop")
def drop_view(which: int) -> ResponseReturnValue:
    """A kept view goes."""
    gongkai().desk_list.drop_view(current_staff(), which)
    return redirect(url_for("desk.worklist", **_here().address), 303)
