"""What all pages share: words for days and marks, the footer, the size of the letters."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from flask import (
    Blueprint,
    Flask,
    before_render_template,
    current_app,
    g,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_login import current_user

from config.help import load_help
from config.law import load_law
from webui import wording
from webui.here import gongkai, site_body, site_code
from webui.permitted import permitted
from webui.script import (
    PREFIX,
    in_one_script,
    in_traditional,
    message,
    other_script,
    sentence,
)
from webui.security import idle_seconds, local_path
from webui.static_files import version_of
from webui.typed import page_of_form
from workflow import dates
from workflow.case.identity import (
    masked_address,
    masked_email,
    masked_id,
    masked_name,
    masked_person,
    masked_phone,
)
from workflow.case.unnamed import without_numbers
from workflow.clock import CountedDays
from workflow.rules.permissions import who_may
from workflow.rules.settings import value_in_words
from workflow.service import damage
from workflow.service.applicants.requests import OwnRequest
from workflow.service.cases.views import ApplicantView, CaseFile
from workflow.service.own_papers import Asked

HEADER = "依申请公开"
SIZES = {"small": "小", "normal": "中", "large": "大", "elder": "长者模式"}
YEAR_SECONDS = 365 * 24 * 3600
LONG = 100
"""Longer values of an address are worth no place in memory."""

display = Blueprint("display", __name__)


@display.get("/display")
def choose() -> ResponseReturnValue:
    """Remember the size of the letters and go back to the page."""
    size = request.args.get("size", "")
    answer = redirect(local_path(request.args.get("next")) or "/", 303)
    if size in SIZES:
        secure = bool(gongkai().settings["https"])
        answer.set_cookie("size", size, max_age=YEAR_SECONDS, samesite="Lax", secure=secure)
    return answer


def add_to_pages(app: Flask) -> None:
    """Give the templates their filters and what stands on every page."""
    Babel(app, default_locale="zh", default_timezone="Asia/Shanghai")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=dates.in_words,
        month_day=dates.month_day,
        weekday=dates.weekday,
        numerals=dates.day_in_numerals,
        moment=moment,
        asked=asked,
        span=span,
        masked_id=masked_id,
        masked_phone=masked_phone,
        masked_name=masked_name,
        masked_person=masked_person,
        without_numbers=without_numbers,
        masked_email=masked_email,
        masked_address=masked_address,
        actors=wording.actors,
        basis=wording.basis,
        stance=wording.stance,
        arrival=wording.arrival,
        setting_words=lambda value, rule: value_in_words(rule, value),
        sentence=sentence,
        message=message,
    )
    app.jinja_env.globals["url_for"] = link
    app.context_processor(_everywhere)
    before_render_template.connect(_with_help, app)


def link(endpoint: str, **values: Any) -> str:
    """The address of a page, as `url_for` gives it within a request: a list has a hundred, mostly the same.
    Pages of the portal stay below the body that is chosen; `site=None` leads out of it. A static file carries
    its version, so that it can be kept as long as it is the same. What has no second script is at its own address."""
    if endpoint == "static":
        return _static(values["filename"])
    if endpoint.startswith("portal."):
        values.setdefault("site", site_code())
    if any(
        not isinstance(one, str | int | None) or len(str(one)) > LONG for one in values.values()
    ):
        return url_for(endpoint, **values)
    address = _link(current_app.name, request.script_root, endpoint, tuple(values.items()))
    return address if endpoint.startswith(("portal.", "display.")) else in_one_script(address)


@lru_cache(maxsize=4096)
def _link(app: str, root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def _static(filename: str) -> str:
    """Its address is the same in both scripts."""
    return f"{request.script_root.removesuffix(PREFIX)}/static/{filename}?v={version_of(filename)}"


def moment(value: datetime) -> str:
    """2024 年 4 月 1 日 9:05, in China."""
    local = value.astimezone(dates.SHANGHAI)
    return f"{dates.in_words(local.date())} {local.hour}:{local.minute:02d}"


def asked(one: ApplicantView | CaseFile | Asked | OwnRequest) -> str:
    """When somebody asked: the moment, or the day alone of a paper that was typed in later."""
    typed_later = one.asked_on < one.submitted_at.date()
    return dates.in_words(one.asked_on) if typed_later else moment(one.submitted_at)


def period_today(name: str) -> int:
    """The law's number that holds today, in the unit of its row (config/law/periods.toml)."""
    return load_law().periods[name].at(gongkai().office.today())


def span(days: CountedDays) -> str:
    """3 月 5–8 日, 3 月 30 日–4 月 2 日."""
    return dates.span_in_words(days.first, days.last)


def _everywhere() -> dict[str, Any]:
    law, bodies = load_law(), gongkai().office.listing()
    size = request.cookies.get("size", "normal")
    here = request.full_path.rstrip("?") if request.method == "GET" else page_of_form()
    site = site_body()
    look = look_of(site.code if site else "")
    staff = current_user.staff if current_user and current_user.is_authenticated else None
    return {
        "law": law,
        "period": period_today,
        "idle_seconds": idle_seconds,
        "words": law.words,
        "sizes": SIZES,
        "size": size if size in SIZES else "normal",
        "here": request.script_root + here,
        "traditional": in_traditional(),
        "other_script": other_script,
        "look": look,
        "embedded": embedded(look),
        "staff": staff,
        "left_out": lambda: (
            damage.LEFT_OUT if "read_before" in g and damage.left_out_since(g.read_before) else ""
        ),
        "permitted": partial(permitted, staff),
        "holds": lambda role: (
            staff is not None and any(role in held for held in staff.roles.values())
        ),
        "who_may": lambda action: who_may(law, law.permissions.actions[action]),
        "unread": gongkai().inbox.unread(staff) if staff else 0,
        "directory": gongkai().directory,
        "today": gongkai().office.today(),
        "bodies": bodies.names,
        "site_body": site,
        "footer": _footer(site_code() or (staff.home if staff else site.code if site else "")),
    }


def _with_help(app: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
    """What stands in the help of the page, by the name of its template."""
    context["help"] = load_help().get((template.name or "").removesuffix(".html"))


def _footer(agency: str) -> dict[str, str]:
    """What stands below every page: the body's own texts, else those of the installation."""
    own = gongkai().body_settings.texts(agency) if agency else {}
    return {
        name: own.get(f"footer_{name}") or str(gongkai().settings[f"site_{name}"])
        for name in ("sponsor", "phone", "icp", "police")
    } | {name: own.get(f"footer_{name}", "") for name in ("contact", "code", "access", "faults")}


@dataclass(frozen=True, slots=True)
class Look:
    """How the site of a body looks. name and header: empty where the body has set none; crest: the name of the
    picture; embed: the sites that may embed its pages; checks: anybody may have an annual report checked there."""

    name: str = ""
    header: str = HEADER
    colour: str = "blue"
    crest: str = ""
    embed: tuple[str, ...] = field(default=())
    checks: bool = False


def look_of(agency: str) -> Look:
    """The look that the body has set; that of every site where there is no body."""
    if not agency:
        return Look()
    own = gongkai().body_settings.texts(agency)
    return Look(
        own["site_name"], own["site_header"] or HEADER, own["site_colour"], own["site_crest"],
        tuple(own["site_embed"].split()), own["site_report_check"] == "open",
    )  # fmt: skip


def embedded(look: Look) -> bool:
    """True where a browser shows the page within the page of another site that may do so."""
    return bool(look.embed) and request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame")


def contact_of(agency: str) -> str:
    """The office to which people may turn, as the body has set it; empty if it has set nothing."""
    own = gongkai().body_settings.texts(agency)
    said = (
        own["contact_unit"],
        own["contact_address"] and f"地址：{own['contact_address']}",
        own["contact_phone"] and f"电话：{own['contact_phone']}",
        own["contact_hours"] and f"办公时间：{own['contact_hours']}",
        own["contact_email"] and f"邮箱：{own['contact_email']}",
    )
    return "，".join(part for part in said if part)
