"""A query code that was forgotten: a new one goes to the telephone or mailbox that stands with the application, and nowhere
else. What is answered is the same whether there is such an application or not."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from webui.application_form import Problem
from webui.here import gongkai
from webui.limits import not_limited, writing
from webui.portal import portal

SAID = (
    "如果编号、姓名和证件号码与登记的完全一致，并且登记了手机或者邮箱，新的查询码已经发往那里，原来的随之失效。"
    "没有收到的，请核对填写的内容；一小时之内只换一次；没有登记手机、邮箱的，请带身份证明到受理机关更换。"
)
LONGEST = 200
ASKED = {
    "number": "请填写申请编号",
    "name": "请填写姓名或者单位名称",
    "identity": "请填写证件号码或者统一社会信用代码",
}


class ProofForm(FlaskForm):
    """By what somebody proves to be the applicant; none of it stands in an address."""

    number = StringField("申请编号")
    name = StringField("姓名或者单位名称")
    identity = StringField("证件号码或者统一社会信用代码")


@portal.route("/query/new-code", methods=["GET", "POST"])
@writing.limit("10 per hour", methods=["POST"], exempt_when=not_limited)
def forgotten() -> ResponseReturnValue:
    """The form, and the one answer to it."""
    form = ProofForm()
    if form.is_submitted():
        said = {name: (form[name].data or "").strip()[:LONGEST] for name in ASKED}
        problems = [
            Problem(name, form[name].label.text, words)
            for name, words in ASKED.items()
            if not said[name]
        ]
        if not problems:
            gongkai().query_codes.ask(said["number"], said["name"], said["identity"])
            flash(SAID, "info")
            return redirect(url_for("portal.query"), 303)
        for one in problems:
            form[one.anchor].errors = [one.message]
        return _page(form, problems), 422
    return _page(form)


@portal.app_template_global()
def sends_to_applicants() -> bool:
    """True where a message can reach an applicant's telephone or mailbox."""
    return any(kind.applicants for kind in gongkai().office.channels)


def _page(form: ProofForm, problems: list[Problem] | None = None) -> str:
    sends = sends_to_applicants()
    return render_template("portal/forgotten.html", form=form, problems=problems or [], sends=sends)
