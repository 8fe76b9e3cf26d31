"""Ledgers (台账): a year written out as a table; a table taken in, step by step, from upload to cases."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.ledger import load_ledger
from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from webui.security import current_staff
from webui.sheets import ENDINGS, WITH_COLUMNS, table_file
from webui.uploads import ask_scanner
from workflow.dates import FIRST_DAY
from workflow.files import BadContent
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.service import Missing
from workflow.service.docket.ledgers import TAKE_IN, WORKING, WRITE_OUT, ImportView
from workflow.service.files import MEGABYTE

LABELS = {"file": "台账文件", "mapping": "各栏的对应", "reason": "为什么要看", "words": "说明"}
WHY = ("reason", "words")
SHOWN = 100
"""Findings of each kind on the page."""
LOOKS_AGAIN = 2
"""Seconds after which a page that waits looks again by itself."""


def _mine(action: str) -> list[str]:
    """The person's bodies where they may do it."""
    return list(permissions.bodies_for(gongkai().office.law, action, current_staff()))


def _chosen() -> str:
    """The body that the address or form names, else the first."""
    mine = [*_mine(TAKE_IN), *_mine(WRITE_OUT)]
    return request.values.get("at") or mine[0]


@desk.get("/ledger")
def ledger() -> ResponseReturnValue:
    """Both ways, and what was taken in before."""
    return _page(_chosen())


def _page(at: str, errors: list[FieldError] | None = None) -> str:
    doors, staff = gongkai(), current_staff()
    names = doors.office.listing().names
    both = dict.fromkeys([*_mine(TAKE_IN), *_mine(WRITE_OUT)])
    if at not in both:
        raise Missing(f"没有代码为“{at}”的机关，或者不属于您的机关")
    may_take_in = permitted(staff, TAKE_IN, at)
    return render_template(
        "desk/ledger.html",
        at=at,
        bodies_of_mine=[(code, names[code]) for code in both],
        may_take_in=may_take_in,
        may_write=permitted(staff, WRITE_OUT, at),
        recent=doors.ledgers.recent(staff, at) if may_take_in else [],
        columns=[column.head for column in load_ledger().written()],
        year=doors.office.today().year,
        years=range(doors.office.today().year, FIRST_DAY.year - 1, -1),
        most_megabytes=doors.ledgers.most_bytes // MEGABYTE,
        errors={one.field: one.message for one in errors or ()},
        problems=[
            Problem(
                f"look-{one.field}" if one.field in WHY else one.field,
                LABELS.get(one.field, ""),
                one.message,
            )
            for one in errors or ()
        ],
        typed=request.form if errors else {},
    )


@desk.get("/ledger/file/<ending>")
def ledger_file(ending: str) -> ResponseReturnValue:
    """The ledger of a year as Excel or CSV."""
    year = request.args.get("year", type=whole)
    if ending not in WITH_COLUMNS or not year or not FIRST_DAY.year <= year <= 2050:
        abort(404)
    written = gongkai().ledgers.write(current_staff(), _chosen(), year, ending)
    return table_file(written.content, ending, written.name)


@desk.post("/ledger/file/<ending>")
def ledger_file_with_names(ending: str) -> ResponseReturnValue:
    """The same with the names of citizens, for a reason that is noted."""
    form, at = request.form, _chosen()
    year = request.form.get("year", type=whole)
    if ending not in ENDINGS or not year or not FIRST_DAY.year <= year <= 2050:
        abort(404)
    try:
        written = gongkai().ledgers.write_whole(
            current_staff(), at, year, ending, form.get("reason", ""), form.get("words", "")
        )
    except BadInput as error:
        return _page(at, error.errors), 422
    return table_file(written.content, ending, written.name)


@desk.post("/ledger")
def upload_ledger() -> ResponseReturnValue:
    """Look at a file; the next page shows what its columns are."""
    sent, at = request.files.get("file"), _chosen()
    if sent is None or not sent.filename:
        return _page(at, [FieldError("file", "请选择台账文件（XLSX 或者 CSV）")]), 422
    content = sent.read()
    try:
        ask_scanner(content)
        which = gongkai().ledgers.upload(current_staff(), at, sent.filename, content)
    except BadContent as error:
        return _page(at, [FieldError("file", str(error))]), 422
    except BadInput as error:
        return _page(at, error.errors), 422
    return redirect(url_for("desk.ledger_import", which=which), 303)


@desk.get("/ledger/<int:which>")
def ledger_import(which: int) -> ResponseReturnValue:
    """Where a ledger stands on its way in: its columns, how far the check is, what it found, what was made."""
    return _import(gongkai().ledgers.one(current_staff(), which))


@desk.post("/ledger/<int:which>/check")
def check_ledger(which: int) -> ResponseReturnValue:
    """Check it with these columns."""
    mapping = {
        int(name.removeprefix("column-")): value
        for name, value in request.form.items()
        if name.startswith("column-") and name.removeprefix("column-").isdecimal() and value
    }
    try:
        gongkai().ledgers.check(current_staff(), which, mapping)
    except BadInput as error:
        view = gongkai().ledgers.one(current_staff(), which)
        return _import(view, error.errors, mapping), 422
    except Refused as error:
        return _import(gongkai().ledgers.one(current_staff(), which), refusal=error.refusal), 409
    return redirect(url_for("desk.ledger_import", which=which), 303)


@desk.post("/ledger/<int:which>/take-in")
def take_in_ledger(which: int) -> ResponseReturnValue:
    """Make the cases, all of them or none."""
    try:
        gongkai().ledgers.take_in(current_staff(), which)
    except Refused as error:
        return _import(gongkai().ledgers.one(current_staff(), which), refusal=error.refusal), 409
    return redirect(url_for("desk.ledger_import", which=which), 303)


@desk.post("/ledger/<int:which>/give-up")
def give_up_ledger(which: int) -> ResponseReturnValue:
    """Another file instead; this one is not kept."""
    view = gongkai().ledgers.one(current_staff(), which)
    try:
        gongkai().ledgers.give_up(current_staff(), which)
    except Refused as error:
        return _import(view, refusal=error.refusal), 409
    flash("这份文件没有导入，也不再保存。", "done")
    return redirect(url_for("desk.ledger", at=view.agency), 303)


def _import(
    view: ImportView,
    errors: list[FieldError] | None = None,
    mapping: dict[int, str] | None = None,
    refusal: Refusal | None = None,
) -> str:
    table = load_ledger()
    chosen = {one.column: one.mapped or "" for one in view.heads}
    if mapping is not None:
        chosen = {one.column: mapping.get(one.column, "") for one in view.heads}
    return render_template(
        "desk/ledger_import.html",
        one=view,
        chosen=chosen,
        columns=[(column.name, column.head) for column in table.columns.values()],
        working=view.state in WORKING,
        again=LOOKS_AGAIN if view.state in WORKING else 0,
        shown=SHOWN,
        refusal=refusal,
        problems=[
            Problem(one.field, LABELS.get(one.field, ""), one.message) for one in errors or ()
        ],
    )
