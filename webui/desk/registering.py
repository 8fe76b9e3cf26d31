"""Registering an application that came on paper, by post, fax, e-mail or word of mouth, with its scans."""

from collections.abc import Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webui.application_form import Problem, RegisterForm, Typed, application_of
from webui.desk import desk
from webui.here import browser_mark, gongkai, keep_sealed, kept, submission_key
from webui.limits import not_limited, reading, writing
from webui.numbers import whole
from webui.permitted import permitted
from webui.security import current_staff
from webui.uploads import errors_of
from workflow.case.application import OfflineForm, read_form
from workflow.case.gaps import known_gaps
from workflow.dates import parse_day
from workflow.files import ACCEPTED
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.service import Missing, Reader
from workflow.service.cases.alike import Hint
from workflow.service.drafts import KINDS, Draft
from workflow.service.files import MEGABYTE
from workflow.service.incoming import Sent
from workflow.service.parcels import KEEP, Parcel

NOT_TYPED = ("csrf_token", "do", "draft", "without")
"""What a form sends besides what was typed."""


def _own_bodies(staff: Staff) -> list[Reader]:
    return [
        body
        for body in gongkai().office.listing().taking
        if body.code in staff.roles and permitted(staff, "register_case", body.code)
    ]


@desk.app_template_global()
def registers(staff: Staff | None) -> bool:
    """Whether the person registers for a body that takes requests: pages link by it."""
    return permitted(staff, "register_case") and staff is not None and bool(_own_bodies(staff))


@desk.route("/register", methods=["GET", "POST"])
@writing.limit("600 per hour", methods=["POST"], exempt_when=not_limited)
def register() -> ResponseReturnValue:
    """The applicant's form with the way and the day it came in; what was begun before goes on."""
    staff = current_staff()
    page = _Page(staff, _draft(staff))
    browser_mark()
    if request.method != "POST":
        return page.shown()
    do = request.form.get("do", "")
    if do == "look":
        # The scans that were chosen would be gone with the page.
        refused = page.keep_draft() if page.sent else []
        return page.shown(page.form.show(refused), hints=page.hints())
    if do == "keep":
        refused = page.keep_draft()
        if refused:
            return page.shown(page.form.show(refused)), 422
        flash("已经暂存，可以以后接着登记；还没有登记，也没有开始计算期限。", "done")
        assert page.draft is not None
        return redirect(url_for("desk.register", draft=page.draft.id), 303)
    return page.send()


def _draft(staff: Staff) -> Draft | None:
    """The draft that the address or the form names; None where it was sent or put away meanwhile."""
    asked = request.values.get("draft", type=whole)
    if asked is None:
        return None
    try:
        return gongkai().drafts.open(staff, asked)
    except Missing:
        if request.method == "POST":
            return None
        raise


class _Page:
    """The form of registering with what stands beside it."""

    def __init__(self, staff: Staff, draft: Draft | None) -> None:
        self.staff, self.draft = staff, draft
        self.bodies = _own_bodies(staff)
        self.sent = _sent()
        begun = draft is not None and request.method != "POST"
        self.form = RegisterForm(_posted(draft)) if begun and draft else RegisterForm()
        self.form.offer(self.bodies)
        if request.method != "POST":
            self._begin(begun)
        self.parcel = self._parcel()
        if self.parcel is not None and request.method != "POST":
            self._from_parcel(self.parcel)

    def _begin(self, begun: bool) -> None:
        form = self.form
        typed = {name: form[name].data for name in ("id_type", "accept_other_form")}
        given = {name: form[name].data for name in ("agency", "submit_key")}
        form.start(self.bodies)
        if not begun:
            form.on.data = gongkai().office.today()
            form.kind.data = "citizen"
            # What the paper does not say is a gap, not a choice of the office.
            form.accept_other_form.data = False
            return
        for name, said in (*typed.items(), *((name, said) for name, said in given.items() if said)):
            form[name].data = said

    def _parcel(self) -> Parcel | None:
        """The entry of the register of parcels that is registered."""
        asked = request.args.get("parcel") or self.form.parcel.data
        number = int(asked) if asked and asked.isdecimal() and len(asked) < 10 else None
        if number is None or not permitted(self.staff, KEEP):
            return None
        try:
            return gongkai().parcels.one(self.staff, number)
        except Missing:
            return None

    def _from_parcel(self, parcel: Parcel) -> None:
        form = self.form
        form.parcel.data, form.agency.data = str(parcel.id), parcel.agency
        form.channel.data, form.way.data = parcel.channel, parcel.way
        form.on.data, form.postmarked_on.data = parcel.arrived_on, parcel.postmarked_on
        form.tracking.data, form.signed_by.data = parcel.tracking, parcel.signed_by
        form.addressed_to.data = parcel.addressed_to
        if not form.name.data:
            form.name.data = parcel.sender

    # -- what is done -------------------------------------------------------------------------------

    def keep_draft(self) -> list[FieldError]:
        """Keep what was typed and sent as a draft; what of it could not be kept, at its field."""
        drafts = gongkai().drafts
        typed = {name: said for name, said in request.form.lists() if name not in NOT_TYPED}
        without = [int(one) for one in request.form.getlist("without") if one.isdecimal() and len(one) < 10]  # fmt: skip
        try:
            which, refused = drafts.keep(
                self.staff, self.draft.id if self.draft else None, typed, self.sent, without
            )
        except BadInput as error:
            return error.errors
        self.draft = drafts.open(self.staff, which)
        return refused

    def send(self) -> ResponseReturnValue:
        """Register it; where that cannot be, everything typed and every scan stays."""
        form, slips = self.form, list[FieldError]()
        if self.sent or request.form.getlist("without"):
            slips = self.keep_draft()
        try:
            slips += form.slips(from_mail=bool(self.draft and self.draft.mail))
            wanted = self._read(slips)
            key = submission_key(form.submit_key.data, wanted)
            filed = gongkai().intake.register(
                wanted, self.staff, key, draft=self.draft.id if self.draft else None,
                to_register=True,
            )  # fmt: skip
        except BadInput as error:
            return self.shown(form.show(error.errors)), 422
        except Refused as error:
            return self.shown(refusal=error.refusal), 409
        if filed.repeated and self.draft is not None:
            gongkai().drafts.drop(self.staff, self.draft.id)
        keep_sealed(
            "registered",
            {
                "number": filed.number,
                "agency": filed.agency,
                "code": None if filed.repeated else filed.query_code,
                "receipt_date": filed.receipt_date.isoformat() if filed.receipt_date else None,
                "reply_due": filed.reply_due.isoformat() if filed.reply_due else None,
                "gaps": [gap.label for gap in known_gaps(filed.gaps).values()],
                "files": len(self.draft.files) if self.draft else 0,
            },
        )
        return redirect(url_for("desk.registered"), 303)

    def _read(self, slips: list[FieldError]) -> OfflineForm:
        today = gongkai().office.today()
        try:
            wanted = read_form(self.form.as_application(), OfflineForm, today=today)
        except BadInput as error:
            raise BadInput([*error.errors, *slips]) from error
        if slips:
            raise BadInput(slips)
        return wanted

    def hints(self) -> list[Hint]:
        """What may be there already."""
        said = self.form.as_application()
        return gongkai().alike.hints(self.staff, _body_of(said, self.bodies), said)

    def shown(
        self,
        problems: list[Problem] | None = None,
        refusal: Refusal | None = None,
        hints: list[Hint] | None = None,
    ) -> str:
        drafts = [] if self.draft else gongkai().drafts.mine(self.staff)
        return _form(
            self.form, self.bodies, problems, refusal,
            draft=self.draft, drafts=drafts, parcel=self.parcel, hints=hints,
        )  # fmt: skip


def _posted(draft: Draft) -> MultiDict[str, str]:
    return MultiDict([(name, one) for name, said in draft.fields.items() for one in said])


def _sent() -> list[tuple[str, Sent]]:
    """The scans of the form, each with its kind. A browser sends a field in which nothing was chosen as a file
    without name and content."""
    return [
        (kind, Sent(file.filename or "", content))
        for kind in KINDS
        for file in request.files.getlist(f"file_{kind}")
        if (content := file.read()) or file.filename
    ]


def _body_of(said: dict[str, Any], bodies: Sequence[Reader]) -> str:
    code = str(said.get("agency") or "")
    return code or (bodies[0].code if bodies else "")


def _form(
    form: RegisterForm,
    bodies: list[Reader],
    problems: list[Problem] | None = None,
    refusal: Refusal | None = None,
    **beside: Any,
) -> str:
    return render_template(
        "desk/register.html",
        form=form,
        bodies_open=bodies,
        problems=problems or [],
        refusal=refusal,
        file_kinds=KINDS,
        accepted=ACCEPTED,
        most_megabytes=gongkai().files.most_bytes // MEGABYTE,
        **{"draft": None, "drafts": [], "parcel": None, "hints": None, **beside},
    )


@desk.post("/register/hints")
@reading.limit("120 per minute", exempt_when=not_limited)
def register_hints() -> ResponseReturnValue:
    """What may be there already, for a page that asks while somebody types. Nothing of it stands in an address."""
    staff = current_staff()
    said = application_of(Typed(request.form))
    found = gongkai().alike.hints(staff, _body_of(said, _own_bodies(staff)), said)
    return jsonify(html=render_template("desk/hints.html", hints=found), number=len(found))


@desk.post("/register/mail")
@writing.limit("120 per hour", exempt_when=not_limited)
def read_mail() -> ResponseReturnValue:
    """A mail (.eml) as the beginning of a registration: nothing is registered by it."""
    staff, file = current_staff(), request.files.get("mail")
    try:
        if file is None or not file.filename:
            raise BadInput([FieldError("mail", "请选择 .eml 文件")])
        begun = gongkai().drafts.take_mail(staff, Sent(file.filename, file.read()))
    except (BadInput, Refused) as error:
        said = "；".join(errors_of(error).values())
        page = _Page(staff, None)
        status = 409 if isinstance(error, Refused) else 422
        page.form = RegisterForm(MultiDict())
        page.form.offer(page.bodies)
        page._begin(False)
        return page.shown([Problem("mail", "邮件", said)]), status
    flash("邮件已经读入，还没有登记。请核对收到之日和各项内容，再按“登记”。", "done")
    return redirect(url_for("desk.register", draft=begun), 303)


@desk.post("/register/drafts/<int:which>/drop")
def drop_draft(which: int) -> ResponseReturnValue:
    """It is not gone on with."""
    gongkai().drafts.drop(current_staff(), which)
    flash("没有登记完的已经删去。", "done")
    return redirect(url_for("desk.register"), 303)


@desk.get("/register/done")
def registered() -> ResponseReturnValue:
    """Number and query code, for the applicant's receipt."""
    slip = kept("registered")
    if slip is None:
        return redirect(url_for("desk.worklist"), 303)
    for name in ("receipt_date", "reply_due"):
        slip[name] = parse_day(slip[name]) if slip[name] else None
    return render_template("desk/registered.html", slip=slip)
