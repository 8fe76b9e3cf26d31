"""Settings of a body: what is in force and since when; a form for each; the notice of moved days."""

from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import SettingRule
from webui.application_form import Problem
from webui.desk import desk
from webui.desk.worklist import body_in_url
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff, local_path
from workflow.files import BadContent
from workflow.files.crest import Crest, crest_of
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules.settings import Standing

LABELS = {"value": "新的值", "holds_from": "自哪一天起", "reason": "理由"}
EMPTY = "none"
"""What stands in a form for a setting that is switched off (`optional`)."""


@dataclass
class Typed:
    """What stands in the form of one setting, and what is wrong with it."""

    value: str
    holds_from: str
    reason: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def places(self) -> list[str]:
        return self.value.split(",")


def chosen_body() -> str:
    """The body that the address names, if it is the person's; else the first of their own."""
    staff, at = current_staff(), request.values.get("at", "")
    return at if at in staff.roles else staff.home


@desk.get("/settings")
def settings() -> ResponseReturnValue:
    """Every setting of the body: value, since when, who and why, what comes and what was."""
    agency, service = chosen_body(), gongkai().body_settings
    groups = service.in_force(agency)
    return render_template(
        "desk/settings.html",
        agency=agency,
        bodies_read=service.bodies(current_staff()),
        groups=groups,
        names=service.names([one for group in groups for one in group.settings]),
        published=service.published(agency),
        at=body_in_url(current_staff(), agency),
    )


@desk.route("/settings/<name>", methods=["GET", "POST"])
def setting(name: str) -> ResponseReturnValue:
    """The form of one setting. Refused or badly filled in, it comes back with everything typed."""
    agency, service = chosen_body(), gongkai().body_settings
    one = service.one(agency, name)
    if request.method != "POST":
        today = gongkai().office.today().isoformat()
        return _form(one, agency, Typed(in_form(one.rule, one.value), today))
    typed = Typed(
        _posted_value(one.rule),
        request.form.get("holds_from", "").strip(),
        request.form.get("reason", ""),
    )
    try:
        crest = _posted_crest() if one.rule.type == "picture" else None
        typed.value = crest.digest if crest else typed.value
        done = service.set_setting(
            current_staff(), agency, name, typed.value, typed.holds_from, typed.reason, crest
        )
    except BadContent as error:
        return _form(one, agency, typed, _note(typed, [FieldError("value", str(error))])), 422
    except Refused as error:
        refusal, at_field = error.refusal, []
        if refusal.field:
            at_field = _note(typed, [FieldError(refusal.field, refusal.message)])
        return _form(one, agency, typed, at_field, refusal), 409
    except BadInput as error:
        return _form(one, agency, typed, _note(typed, error.errors)), 422
    told = f"，{done.moved} 件申请的期限随之变动" if done.moved else ""
    flash(f"已保存“{one.rule.label}”{told}。", "done")
    at = body_in_url(current_staff(), agency)
    return redirect(url_for("desk.setting", name=name, at=at), 303)


def _posted_crest() -> Crest | None:
    """The picture of the form; None where none was chosen. Raises BadContent and Refused."""
    sent = request.files.get("value")
    if sent is None or not sent.filename:
        return None
    content, scanner = sent.read(), gongkai().files.judge.scanner
    made = crest_of(sent.filename, content)
    if scanner is not None:
        scanner.ask(content)
    return made


FIELDS = ("days", "month_day")
"""Types that are typed in; of an optional one an empty field stands for no value."""


def in_form(rule: SettingRule, value: Any) -> str:
    """A value as it stands in a form."""
    if value is None:
        return "" if rule.type in FIELDS else EMPTY
    if rule.type == "flag":
        return "true" if value else "false"
    return ",".join(value) if rule.type in ("list", "set") else str(value)


def _posted_value(rule: SettingRule) -> str:
    if rule.type in ("list", "set"):
        return ",".join(word for word in request.form.getlist("value") if word)
    value = request.form.get("value", "").strip()
    return EMPTY if rule.type in FIELDS and rule.optional and not value else value


def _options(rule: SettingRule) -> list[tuple[str, str]]:
    if rule.type == "flag":
        return [("true", "是"), ("false", "否")]
    off = [(EMPTY, "不适用")] if rule.optional and rule.type not in FIELDS else []
    return [*rule.values.items(), *off]


def _note(typed: Typed, errors: list[FieldError]) -> list[Problem]:
    for error in errors:
        typed.errors.setdefault(error.field, []).append(error.message)
    return [Problem(error.field, LABELS.get(error.field, ""), error.message) for error in errors]


def _form(
    one: Standing,
    agency: str,
    typed: Typed,
    problems: list[Problem] | None = None,
    refusal: Refusal | None = None,
) -> str:
    service = gongkai().body_settings
    if typed.value == EMPTY and one.rule.type == "days":
        typed.value = ""
    return render_template(
        "desk/setting.html",
        one=one,
        agency=agency,
        typed=typed,
        options=_options(one.rule),
        default=in_form(one.rule, one.rule.parse(one.rule.default)),
        problems=problems or [],
        refusal=refusal,
        names=service.names([one]),
        published=service.published(agency),
        at=body_in_url(current_staff(), agency),
    )


@desk.post("/due-changes/seen")
def due_changes_seen() -> ResponseReturnValue:
    """Put away the notice of moved due days, up to the one that was shown."""
    last = request.form.get("last", type=whole)
    if last is None or not 0 < last < 2**31:
        abort(400)
    gongkai().due_changes.put_away(current_staff(), last)
    return redirect(local_path(request.form.get("next")) or url_for("desk.worklist"), 303)
