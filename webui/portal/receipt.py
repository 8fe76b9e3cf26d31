"""What comes after filing: the receipt, and leaving nothing on a shared computer."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from config.law import load_law
from webui.here import gongkai, keep_sealed, kept
from webui.limits import not_limited, now, reading
from webui.portal import account_session, portal
from webui.site import moment, period_today
from workflow.dates import day_in_numerals, in_words, parse_day, weekday
from workflow.service import Missing
from workflow.service.cases.views import Filed

UNSEEN_FOR = timedelta(hours=1)
"""How long a form that is sent again may bring the query code that nobody has seen yet."""
SVG = "http://www.w3.org/2000/svg"


def keep_slips(filed: Sequence[Filed]) -> None:
    """Keep what the page after filing shows, one slip for each application. A code that was shown once is not given
    out again."""
    held = {_receipt_of(slip["agency"], slip["number"]): slip for slip in kept_slips()}
    slips = [
        (held.get(_receipt_of(one.agency, one.number)) if one.repeated else None) or _slip(one)
        for one in filed
    ]
    keep_sealed("filed", {"slips": slips, "account": account_session.signed_in()})
    opened = next((slip for slip in slips if slip["code"]), None)
    if opened is not None:
        keep_sealed("viewing", {"number": opened["number"], "code": opened["code"]})


def kept_slips() -> list[dict[str, Any]]:
    """The slips of the last filing in this browser."""
    slips: list[dict[str, Any]] = _held().get("slips", [])
    return slips


def _held() -> dict[str, Any]:
    return kept("filed") or {}


def _in_account() -> bool:
    """Whether whoever has signed in was so when they filed: then it stands in the account."""
    account = account_session.signed_in()
    return account is not None and _held().get("account") == account


def _slip(filed: Filed) -> dict[str, Any]:
    return {
        "number": filed.number,
        "agency": filed.agency,
        "code": None if filed.repeated and not _unseen(filed) else filed.query_code,
        "submitted_at": filed.submitted_at.isoformat(),
        "receipt_date": filed.receipt_date.isoformat() if filed.receipt_date else None,
        "reply_due": filed.reply_due.isoformat() if filed.reply_due else None,
        "provisional": filed.provisional,
        "missing": list(filed.missing),
    }


def _unseen(filed: Filed) -> bool:
    """Whether the receipt of a form that was sent twice never reached anybody: the browser gave up the first
    answer (a double click), or the line was cut. A code that was shown once is not given out again."""
    fresh = filed.submitted_at + UNSEEN_FOR > gongkai().office.now()
    return (
        fresh and gongkai().limits.counted(_receipt_of(filed.agency, filed.number), now())[0] == 0
    )


def _now_seen(slips: list[dict[str, Any]]) -> None:
    """Note that the receipts with their codes were shown, once a filing."""
    fresh = [slip for slip in slips if slip["code"] and not slip.get("seen")]
    for slip in fresh:
        gongkai().limits.count(_receipt_of(slip["agency"], slip["number"]), UNSEEN_FOR, now())
        slip["seen"] = True
    if fresh:
        keep_sealed("filed", {**_held(), "slips": slips})


def _receipt_of(agency: str, number: str) -> str:
    return f"receipt {agency} {number}"


@portal.get("/apply/done")
def filed() -> ResponseReturnValue:
    """Number and query code of each application, to be written down or printed, and what happens next."""
    slips = kept_slips()
    if not slips:
        return redirect(url_for("portal.start"), 303)
    _now_seen(slips)
    shown = [_shown(slip) for slip in slips]
    return render_template("portal/filed.html", slips=shown, in_account=_in_account())


@portal.post("/apply/done")
def choose_told() -> ResponseReturnValue:
    """Through what the applicant is told of one of these applications."""
    wanted = (
        request.form.get("agency"),
        request.form.get("number"),
    )  # two bodies may have one number
    slip = next((one for one in kept_slips() if (one["agency"], one["number"]) == wanted), None)
    if slip is None or not slip["code"]:
        return redirect(url_for("portal.filed"), 303)
    with suppress(Missing):  # the code was renewed meanwhile, as the receipt says
        chosen = request.form.getlist("channels")
        gongkai().applicant_messages.choose(slip["number"], slip["code"], chosen)
        flash(f"申请 {slip['number']} 的通知方式已经保存。", "done")
    return redirect(url_for("portal.filed"), 303)


@portal.get("/apply/done/receipt.pdf")
@reading.limit("30 per minute", exempt_when=not_limited)
def receipt_file() -> ResponseReturnValue:
    """The receipts as a PDF; only for who has just filed, while the codes are at hand."""
    slips = [one for one in map(_shown, kept_slips()) if one["code"]]
    if not slips:
        return redirect(url_for("portal.start"), 303)
    from workflow.paper.receipt import (  # its libraries load with the first one
        Receipt,
        receipts_pdf,
    )

    names, today = gongkai().office.listing().names, gongkai().office.today()
    pages = [
        Receipt(
            names.get(slip["agency"], ""),
            slip["number"],
            slip["code"],
            (("提交", moment(slip["submitted"])), *_days(slip), *_lacking(slip)),
            tuple(f"{step.title}：{step.says}" for step in slip["steps"]),
            str(slip["picture"]).replace("<svg", f'<svg xmlns="{SVG}"', 1),
            slip["where"],
        )
        for slip in slips
    ]
    return send_file(
        BytesIO(receipts_pdf(pages, today)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name="申请回执.pdf",
    )


@dataclass(frozen=True)
class Step:
    """What happens next: its name in the tables of the law, what it means for who asks, and the article."""

    title: str
    says: str
    basis: str


def _shown(slip: dict[str, Any]) -> dict[str, Any]:
    """A slip as its page shows it: days as days, how the applicant is told, what happens next, and the picture. renewed:
    its code is not the one in force any more, and so not shown."""
    days = {
        name: parse_day(slip[name]) if slip[name] else None
        for name in ("receipt_date", "reply_due")
    }
    where = _where(slip)
    telling, renewed = list[tuple[str, str, bool]](), False
    if slip["code"]:
        try:
            telling = gongkai().applicant_messages.choice(slip["number"], slip["code"])
        except Missing:
            renewed = True
    return {
        **slip,
        **days,
        "code": None if renewed else slip["code"],
        "renewed": renewed,
        "submitted": datetime.fromisoformat(slip["submitted_at"]),
        "telling": telling,
        "steps": _steps(days["receipt_date"], days["reply_due"]),
        "where": where,
        "picture": _picture(where),
    }


def _steps(received: date | None, due: date | None) -> list[Step]:
    """What happens next, by the tables of events and periods."""
    law = load_law()

    def step(event: str, says: str, basis: str) -> Step:
        return Step(law.transitions[event].label, says, basis)

    registered = (
        f"已经登记，收到之日是 {in_words(received)}。"
        if received
        else "工作人员与您联系确认，确认之日就是收到之日，从第二天起计算期限。"
    )
    by = f"最晚在 {in_words(due)}（{weekday(due)}）" if due else f"收到之日起 {period_today('reply')} 个工作日内"  # fmt: skip
    return [
        step("receive", registered, "条例31"),
        step(
            "require_correction",
            f"看不明白您要什么的，{period_today('correction_notice')} 个工作日内一次告诉您怎样补正；补正以后重新计算期限。",
            "条例30",
        ),
        step(
            "consult_third_party",
            f"涉及别人的商业秘密、个人隐私的，先问第三方的意见（{period_today('third_party_opinion')} 个工作日），这段时间不计入期限；我们不会说您是谁。",
            "条例32、33",
        ),
        step("serve", f"{by}，按您选的方式把答复给您。", "条例33、36"),
        step(
            "extend",
            f"来不及的，经批准再延长最多 {period_today('extension_max')} 个工作日，并且会告诉您。",
            "条例33",
        ),
    ]


def _days(slip: dict[str, Any]) -> list[tuple[str, str]]:
    received, due = slip["receipt_date"], slip["reply_due"]
    said = [("收到之日", in_words(received) if received else "与您确认之日，从第二天起计算期限")]
    if due:
        words = f"{in_words(due)}（{day_in_numerals(due)}，{weekday(due)}）"
        said.append(("最晚答复日期", words + ("，暂定" if slip["provisional"] else "")))
    return said


def _lacking(slip: dict[str, Any]) -> list[tuple[str, str]]:
    return [("还要补交", "、".join(slip["missing"]))] if slip["missing"] else []


def _where(slip: dict[str, Any]) -> str:
    """The address at which one looks this one up: with its number, never with its code."""
    path = url_for("portal.query", number=slip["number"])
    site = str(gongkai().settings["site_url"]).rstrip("/") or request.host_url.rstrip("/")
    return site + path


def _picture(address: str) -> Markup:
    """A QR code as SVG within the page."""
    import segno  # loaded with the first receipt

    drawn = segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True)
    return Markup(drawn)


@portal.post("/leave")
def leave() -> ResponseReturnValue:
    """Forget on this computer what was filed, typed or looked at, and who had signed in. Without the mark of the browser
    no form is found any more, wherever its address still stands."""
    account_session.end()
    return nothing_left()


def nothing_left() -> ResponseReturnValue:
    """Say that all is cleared; also to who clears it in another window once more, where nothing is left."""
    flash("已经清除这台设备上的记录。", "done")
    return redirect(url_for("portal.start"), 303)


leave.when_empty = nothing_left  # type: ignore[attr-defined]  # read in webui/errors.py
