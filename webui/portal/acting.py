"""What an applicant does to an application: correct it, give reasons, withdraw it or one of its items, tell when the reply
came, write to the office, say how satisfied they are."""

from flask import request

from webui.here import gongkai
from webui.limits import not_limited, writing
from webui.numbers import whole
from webui.portal import viewed
from webui.portal.querying import asked_to_mend, viewed_case
from webui.portal.viewed import Held
from workflow.dates import parse_day
from workflow.refusal import BadInput, FieldError
from workflow.service import Missing
from workflow.service.cases.thread import QUESTION

TEXT_MOST = 2000
"""Characters of a text that an event holds."""
SHORT = 60
"""So much of what was asked stands before its answer."""


def _apply(here: Held, event: str, redo: str | None = None, **fields: str) -> None:
    on = gongkai().office.today().isoformat()
    gongkai().moving.apply_as_applicant(
        here.number, here.code, event, {"on": on, **fields}, viewed.once(),
        viewed.length() if redo is None else None, redo,
    )  # fmt: skip


@viewed.action("/query/case/correct", "text")
def correct(here: Held) -> str:
    """The applicant's correction (补正): one field for each thing that is asked, put together."""
    _apply(here, "correct", text=_corrected())
    return "补正已经提交，重新计算答复期限。"


def _corrected() -> str:
    """What was typed, as one text. Raises BadInput at each field that is empty."""
    view = viewed_case()
    if view is None:
        raise Missing
    asked = asked_to_mend(view)
    given = {n: request.form.get(f"answer-{n}", "").strip() for n in range(1, len(asked) + 1)}
    single = request.form.get("text", "").strip()
    if len(asked) < 2 or (single and not any(given.values())):
        return _within(single, "text", "请写明补正后的内容")
    empty = [
        FieldError(f"answer-{n}", f"请写明第 {n} 项；材料已经上传、寄出的，写明见哪一份")
        for n, text in given.items() if not text
    ]  # fmt: skip
    if empty:
        raise BadInput(empty)
    parts = [f"（{n}）{_short(asked[n - 1][0])}：{text}" for n, text in given.items()]
    further = [f"其他说明：{single}"] if single else []
    return _within("\n".join([*parts, *further]), "answer-1", "")


def _short(text: str) -> str:
    text = text.rstrip("。；：")
    return text if len(text) <= SHORT else f"{text[:SHORT]}……"


def _within(text: str, field: str, empty: str) -> str:
    text = text.replace("\r\n", "\n")
    if not text:
        raise BadInput([FieldError(field, empty)])
    if len(text) > TEXT_MOST:
        said = f"合起来最多 {TEXT_MOST} 个字，现在有 {len(text)} 个；其余的请作为材料上传"
        raise BadInput([FieldError(field, said)])
    return text


@viewed.action("/query/case/reasons", "reasons")
def give_reasons(here: Held) -> str:
    """The reasons for many requests (条例35); whether they are good the office judges."""
    text = request.form.get("reasons", "").strip()
    _apply(here, "give_reasons", note=_within(text, "reasons", "请写明为什么需要这些信息"))
    return "说明的理由已经提交，由机关判断是否合理。"


@viewed.action("/query/case/withdraw", "confirm")
def withdraw(here: Held) -> str:
    """The applicant withdraws; ticking the box is the confirmation."""
    if request.form.get("confirm") != "yes":
        raise BadInput([FieldError("confirm", "请先勾选“我确认撤回”")])
    _apply(here, "withdraw")
    return "申请已经撤回。"


@viewed.action("/query/case/item", "item")
@writing.limit("30 per hour", exempt_when=not_limited)
def withdraw_item(here: Held) -> str:
    """One of several items is withdrawn, in writing; the others go on."""
    item = request.form.get("item", type=whole)
    if item is not None and request.form.get("confirm_item") != "yes":
        raise BadInput([FieldError("confirm_item", "请先勾选“我确认撤回这一项”")])
    gongkai().thread.withdraw_item(
        here.number, here.code, item, request.form.get("reason", ""), viewed.once()
    )
    return f"已经记下您撤回第 {item} 项，工作人员会收到通知；其余各项继续办理。"


@viewed.action("/query/case/received", "received_on")
def confirm_receipt(here: Held) -> str:
    """The applicant tells on which day the reply came: from there the remedy counts."""
    typed = request.form.get("received_on", "").strip()[:10]
    try:
        day = parse_day(typed)
    except ValueError as error:
        raise BadInput([FieldError("received_on", str(error) if typed else "请填写日期")]) from error  # fmt: skip
    redo = request.form.get("redo") or None
    if redo == here.number:
        redo = None
    _apply(here, "record_delivery", redo, of="serve", reached_on=day.isoformat())
    return "已经登记您收到答复的日期，复议、起诉的期限从这一天起算。"


@viewed.action("/query/case/message", "message")
@writing.limit("30 per hour", exempt_when=not_limited)
def write_message(here: Held) -> str:
    """Something to say to the office; no step of the law."""
    about = request.form.get("about", QUESTION)
    gongkai().thread.write(
        here.number, here.code, request.form.get("message", ""), viewed.once(), about
    )
    return "留言已经发送，回复会显示在这一页。"


@viewed.action("/query/case/opinion", "degree")
@writing.limit("30 per hour", exempt_when=not_limited)
def give_opinion(here: Held) -> str:
    """How satisfied the applicant is; it may be said anew."""
    gongkai().opinions.give(
        here.number, here.code, request.form.get("degree", type=whole), request.form.get("words", "")
    )  # fmt: skip
    return "谢谢您的评价，可以随时修改。"
