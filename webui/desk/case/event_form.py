"""From the models of workflow.events to the inputs of a form, and from what was posted back to them."""

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from config.law import load_law
from webui import wording
from webui.numbers import figures
from webui.wording import literal_label
from workflow import clock
from workflow import events as ev
from workflow.case.gaps import known_gaps
from workflow.dates import month_day
from workflow.refusal import BadInput, FieldError
from workflow.service.cases.views import CaseFile

Options = tuple[tuple[str, str], ...]
AREAS = frozenset(("reason", "ruling", "text", "note", "why_not_these"))
FIRST, LAST, KEPT = ("on",), ("note",), "keep_published"
WHEN = {
    "posted_on": "mail",
    "carrier": "mail",
    "signed_on": "direct entrusted",
    "sent_on": "electronic",
}
"""Fields of a service that belong to some of its ways."""
GIVEN = frozenset(("service", "proofs", "paper", "stands"))
"""What no person types: the engine says it, or the page what it has shown."""

CONSULTATIONS = ("consult_third_party", "consult_joint_agency", "consult_other_agency")
"""While they run nothing is counted: nobody lets the period stand still for nobody."""
NEEDED = {"require_correction": ("defects",), **{event: ("to",) for event in CONSULTATIONS}}
"""Fields that the page asks for, although a record of old may lack them."""


@dataclass(frozen=True)
class Input:
    """One input of an event's form. kind: date, text, area, lines, select, many, number, money, tri. The value
    of many: what is ticked, with commas between. ticked: of the options of lines. when: the ways of a service to
    which it belongs, where not to all."""

    name: str
    label: str
    kind: str
    required: bool
    hint: str = ""
    options: Options = ()
    value: str = ""
    ticked: tuple[str, ...] = ()
    when: str = ""


def inputs_of(
    event: str,
    file: CaseFile,
    today: date,
    posted: Mapping[str, str] | None = None,
    *,
    frozen: bool = False,
) -> list[Input]:
    """The inputs of an event's form, with what was posted or what is usual already filled in. frozen: it
    was refused for a published year, so that its figures may be kept."""
    model, law = ev.MODELS[event], load_law()
    left_out = FIRST + LAST + (() if frozen or (posted and posted.get(KEPT)) else (KEPT,))
    names = [name for name in model.model_fields if name not in left_out]
    if event == "propose_outcome":
        # The answers to an application have a form of their own (outcome_form).
        names = ["result", "reason"]
    if event == ev.ReturnDraft.name:
        names = ["reason"]  # item by item it is returned on the page to sign
    if event == ev.CorrectEntry.name:
        names = [name for name in names if name not in ("seq", "fields")]  # correct_form
    if event == ev.PassSecrecyReview.name:
        names = []  # item by item on the page of the review
    if event == "record_search" and len(file.items) < 2:
        names.remove("item")
    if event == "record_delivery":
        names.remove("consultation")  # the paper that is chosen says it
    found = []
    for name in (*FIRST, *(name for name in names if name not in GIVEN), *LAST):
        info = model.model_fields[name]
        options = options_of(event, name, file)
        kind = _kind(event, name)
        if kind == "many" and len(options) < 2:
            continue
        if options and kind not in ("many", "lines"):
            kind = "select"
        if posted is None:
            value = _usual(event, name, file, today, options)
        elif kind == "many":
            value = ",".join(chosen(name, posted))
        else:
            value = posted.get(name, "")
        label = ev.field_title(event, name)
        hint = law.filled(law.transitions[event].hints.get(name, ""), today)
        ticked: tuple[str, ...] = ()
        if kind == "lines" and options:
            ticked = _asked(file) if posted is None else tuple(chosen(name, posted))
        when = WHEN.get(name, "") if event == ev.Serve.name else ""
        required = info.is_required() or name in NEEDED.get(event, ())
        found.append(Input(name, label, kind, required, hint, options, value, ticked, when))
    return found


def inputs_for(event: str, file: CaseFile, today: date, standing: Mapping[str, str]) -> list[Input]:
    """The inputs of an entry that is there, with what stands in it."""
    return [
        Input(one.name, one.label, one.kind, one.required, one.hint, one.options, standing.get(one.name, ""))
        for one in inputs_of(event, file, today)
    ]  # fmt: skip


def _asked(file: CaseFile) -> tuple[str, ...]:
    """What the paper lacks and is usually asked for; nothing once a correction was asked."""
    return tuple(name for name, gap in file.gaps.items() if gap.asked and not file.asked_for)


@cache
def _kind(event: str, name: str) -> str:
    return kind_of(name, ev.MODELS[event].model_fields[name].annotation)


def kind_of(name: str, annotation: Any) -> str:
    """Which input a field of that type gets; `judgements` stand on the page of the review alone."""
    plain = _plain(annotation)
    origin = get_origin(plain)
    if origin is Literal:
        return "select"
    if origin is tuple:
        inner = _plain(get_args(plain)[0])
        if inner is ev.ItemReview:
            return "judgements"
        return "many" if inner is int or get_origin(inner) is Literal else "lines"
    if origin is dict:
        return "judgements"
    kinds = {date: "date", int: "number", Decimal: "money", bool: "tri"}
    return kinds.get(plain, "area" if name in AREAS else "text")


def _plain(annotation: Any) -> Any:
    """The type itself, without None and without what only validates it."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation


def options_of(event: str, name: str, file: CaseFile) -> Options:
    """What may be chosen, with its Chinese words; () for free fields."""
    if event == "record_search" and name == "item":
        return tuple((str(n), f"第 {n} 项：{text[:24]}") for n, text in enumerate(file.items, 1))
    if name == "unclear_items":
        return tuple((str(n), f"第 {n} 项：{text[:24]}") for n, text in enumerate(file.items, 1))
    if event == "require_correction" and name == "defects":
        return tuple((gap, row.defect) for gap, row in file.gaps.items())
    if event == "propose_outcome":
        results = load_law().words.kinds[file.kind].get("results", {})
        return tuple(results.items()) if name == "result" else ()
    if name == "result":
        kind = event.removeprefix("conclude_")
        return tuple(
            (code, row.label) for (k, code), row in load_law().results.items() if k == kind
        )
    if event == "record_delivery" and name == "of":
        return _papers(file)
    if name == "consultation" and event in ("record_opinion", "override_third_party"):
        return _consultations(event, file)
    if name == "carrier":
        return tuple((code, names[0]) for code, names in load_law().words.carriers.items())
    return _words(event, name)


@cache
def _words(event: str, name: str) -> Options:
    """What the model lets one choose, with its Chinese words."""
    annotation = ev.MODELS[event].model_fields[name].annotation
    return tuple((value, literal_label(name, value)) for value in ev.literal_values(annotation))


def _papers(file: CaseFile) -> Options:
    """The papers that went out, those first whose arrival is not known."""
    found = clock.papers(file.case.events, unproved=True)
    found.sort(key=lambda paper: paper.delivery.reached_on is not None)
    options = [(_paper_id(paper), wording.paper(paper)) for paper in found]
    if file.case.facts.revised is not None and file.proceedings:
        options.append((ev.ReviseReply.name, "自行更正答复后书面告知复议机关、法院"))
    return tuple(options)


def _paper_id(paper: clock.Paper) -> str:
    number = getattr(paper.event, "consultation", None)
    return f"{paper.event.name}/{number}" if number else paper.event.name


def _consultations(event: str, file: CaseFile) -> Options:
    sent, answered = _sent(file), {}
    for line in file.holding:
        if line.event == "record_opinion":
            answered[line.fields["consultation"]] = line.fields.get("opinion")
    wanted = []
    for number, (label, on) in sent.items():
        if event == "record_opinion" and number in answered:
            continue
        if event == "override_third_party" and answered.get(number) not in ("objects", "none"):
            continue
        wanted.append((str(number), f"第 {number} 次：{label}（{month_day(on)}发出）"))
    return tuple(wanted)


def _sent(file: CaseFile) -> dict[int, tuple[str, date]]:
    return {
        line.fields["consultation"]: (line.label, line.on)
        for line in file.holding
        if line.event.startswith("consult_")
    }


def _usual(event: str, name: str, file: CaseFile, today: date, options: Options) -> str:
    """What a form starts with."""
    if name == "on":
        return today.isoformat()
    if name == "consultation":
        return options[0][0] if options else str(max(_sent(file), default=0) + 1)
    if event == "require_correction" and name == "grounds":
        return ",".join(dict.fromkeys(file.gaps[gap].ground for gap in _asked(file)))
    if event == "pay_fee" and name == "amount" and file.fee_yuan is not None:
        return str(file.fee_yuan)
    if name == "channel" and file.channel:
        return file.channel
    if event == "serve" and name == "method":
        return {"mail": "mail", "email": "electronic"}.get(
            file.delivery[0] if file.delivery else "", "direct"
        )
    return ""


# -- what was posted ----------------------------------------------------------------------------------


def read_event(event: str, posted: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an event from a posted form; blanks are left out.

    Raises BadInput for what is no number; everything else is judged by the model.
    """
    fields: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, info in ev.MODELS[event].model_fields.items():
        kind = kind_of(name, info.annotation)
        if kind == "judgements":
            continue
        if kind == "many":
            ticked = chosen(name, posted)
            if ticked:
                fields[name] = [v if (n := figures(v)) is None else n for v in ticked]
            continue
        text = posted.get(name, "").strip()
        if kind == "lines":
            text = "\n".join((*_defects(chosen(name, posted)), text)).strip()
        if not text:
            continue
        try:
            fields[name] = value_of(kind, text)
        except ValueError as error:
            errors.append(FieldError(name, str(error)))
    if event in CONSULTATIONS and not fields.get("to"):
        errors.append(FieldError("to", "请写明征求谁的意见"))
    if errors:
        raise BadInput(errors)
    if event == "record_delivery":
        name, _, number = fields.pop("of", "").partition("/")
        fields |= {"of": name} if name else {}
        about = figures(number)
        fields |= {"consultation": about} if about is not None else {}
    return fields


def _defects(ticked: list[str]) -> list[str]:
    """What is asked for by the gaps that were ticked, in the words of the table."""
    return [gap.defect for gap in known_gaps(ticked).values()]


def chosen(name: str, posted: Mapping[str, str]) -> list[str]:
    """What was ticked of a field that takes several words or numbers."""
    return [key.removeprefix(f"{name}-") for key in posted if key.startswith(f"{name}-")]


def value_of(kind: str, text: str) -> Any:
    """A posted text as the model wants it. Raises ValueError, in Chinese."""
    if kind == "number":
        if not re.fullmatch(r"[+-]?\d{1,9}", text):
            raise ValueError("请填写整数，例如 10")
        return int(text)
    if kind == "money":
        if not re.fullmatch(r"\d{1,8}(\.\d{1,2})?", text):
            raise ValueError("请填写金额，例如 150 或者 150.00")
        return Decimal(text)
    if kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if kind == "tri":
        return {"yes": True, "no": False}.get(text, text)
    return text
