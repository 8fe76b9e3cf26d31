"""The form that puts a wrong entry right: first which line of the log, then its fields as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.law import load_law
from webui import wording
from webui.desk.case.event_form import Input, chosen, inputs_for, kind_of, value_of
from webui.numbers import figures, whole
from workflow import events as ev
from workflow.dates import month_day
from workflow.refusal import BadInput, FieldError
from workflow.service.cases.views import CaseFile, LoggedLine

RIGHT, WAS = "right-", "was-"
SIMPLE = ("date", "text", "area", "lines", "select", "many", "number", "money", "tri")


@dataclass(frozen=True)
class Correction:
    """What the form shows. lines: what can be chosen, (number, words); line: what was chosen, with its
    inputs and, by the names of their fields, what stands there now."""

    lines: tuple[tuple[int, str], ...]
    line: LoggedLine | None
    inputs: tuple[Input, ...] = ()
    was: Mapping[str, str] | None = None


def correction_of(
    file: CaseFile, today: date, asked: str | None, posted: Mapping[str, str] | None
) -> Correction:
    """The form of a case. asked: the line that was chosen; posted: what was typed and not taken."""
    lines = [line for line in file.log if line.event != ev.CorrectEntry.name and line.seq]
    choice = tuple(
        (line.seq, f"第 {line.seq} 条：{month_day(line.on)} {line.label}")
        for line in reversed(lines)
    )
    number = _number(posted.get("seq") if posted else asked)
    line = next((one for one in lines if one.seq == number), None)
    if line is None:
        return Correction(choice, None)
    was = _standing(line)
    inputs = []
    for one in inputs_for(line.event, file, today, was) if not line.taken_back else ():
        if one.kind in SIMPLE and one.name not in ("note", "keep_published"):
            value = posted.get(RIGHT + one.name, "") if posted else one.value
            if posted and one.kind == "many":
                value = ",".join(chosen(RIGHT + one.name, posted))
            inputs.append(
                Input(RIGHT + one.name, one.label, one.kind, one.required, "", one.options, value)
            )
    return Correction(choice, line, tuple(inputs), was)


def read_correction(posted: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the event from a posted form: of the entry's own fields those that were changed.
    Raises BadInput."""
    said: dict[str, Any] = {
        name: posted[name].strip()
        for name in ("on", "reason", "second_person", "note")
        if posted.get(name, "").strip()
    }
    errors: list[FieldError] = []
    seq = _number(posted.get("seq"))
    if seq is not None:
        said["seq"] = seq
    if posted.get("keep_published") == "yes":
        said["keep_published"] = True
    fields: dict[str, Any] = {}
    event = posted.get("of", "")
    for name, info in ev.MODELS[event].model_fields.items() if event in ev.MODELS else ():
        kind, was = kind_of(name, info.annotation), posted.get(WAS + name)
        if was is None:
            continue
        typed = posted.get(RIGHT + name, "").strip()
        if kind == "many":
            typed = ",".join(chosen(RIGHT + name, posted))
        if typed.replace("\r\n", "\n") == was.replace("\r\n", "\n"):
            continue
        try:
            fields[info.alias or name] = _value(kind, typed)
        except ValueError as error:
            errors.append(FieldError(f"fields.{name}", str(error)))
    if posted.get(ev.TAKEN_BACK) in ("yes", "no"):
        fields = {ev.TAKEN_BACK: posted[ev.TAKEN_BACK] == "yes"}
    if not fields and not errors:
        errors.append(FieldError("fields", "请改正有误的内容，或者撤销这一条"))
    if errors:
        raise BadInput(errors)
    return {**said, "fields": fields}


def field_of(name: str) -> str:
    """The input at which a message stands: fields.on at the right value of the day."""
    first, _, field = name.partition(".")
    if first != "fields":
        return first
    field = field.partition(".")[0]
    return field if field == ev.TAKEN_BACK else RIGHT + field if field else "reason"


def label_of(name: str, event: str) -> str:
    """The words of an input of the form, for a list of what is wrong."""
    field = name.removeprefix(RIGHT)
    of = event if name.startswith(RIGHT) and event in ev.MODELS else ev.CorrectEntry.name
    known = field in ev.MODELS[of].model_fields
    return load_law().title(of, field).split("（")[0] if known else ""


def _number(text: str | None) -> int | None:
    try:
        return whole(text) if text else None
    except ValueError:
        return None


def _value(kind: str, typed: str) -> Any:
    if not typed:
        return None
    if kind == "many":
        return [one if (n := figures(one)) is None else n for one in typed.split(",")]
    value = value_of(kind, typed)
    return str(value) if kind == "money" else value


def _standing(line: LoggedLine) -> dict[str, str]:
    """What stands in the fields of an entry, as its form would have it typed."""
    found = {"on": line.on.isoformat()}
    for name, info in ev.MODELS[line.event].model_fields.items():
        value = line.fields.get(info.alias or name)
        if name == "on" or kind_of(name, info.annotation) not in SIMPLE:
            continue
        if isinstance(value, bool):
            found[name] = "yes" if value else "no"
        elif isinstance(value, list):
            between = "," if kind_of(name, info.annotation) == "many" else "\n"
            found[name] = between.join(_part(name, part) for part in value)
        else:
            found[name] = "" if value is None else str(value)
    return found


def _part(name: str, part: Any) -> str:
    """A fact of several parts stands as its line: corrected it becomes that text."""
    fact = wording.FACTS_OF_PARTS.get(name)
    return fact(**part).told if fact and isinstance(part, dict) else str(part)
