"""A case that another platform hands over with its whole history: who asked for what, every event with its day, and
what the platform knows besides. Read as a whole, before anything of it is played."""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from config.law import load_law
from workflow import events as ev
from workflow.case.application import PastForm, read_form
from workflow.case.fields import Form, Line, Optional
from workflow.case.identity import plain_name
from workflow.case.taken_over import PLATFORM
from workflow.dates import Day
from workflow.events import field_errors
from workflow.refusal import BadInput, FieldError, Refusal

EVENTS_MOST = 300
LONGEST_DOER = 64 - len(PLATFORM)
"""Characters of a name that stands in the log behind what says that it is a platform's."""
SOUND = {"event": "receive", "on": "2024-05-06"}
"""Stands for an event that was found wrong, so that the others keep their places."""
NOT_IN_A_HISTORY = {
    "correct_entry": "转入的是更正以后的经过：把更正过的事项按正确的内容写，不写“更正登记”",
}
"""Events about lines of the log, which another system numbers otherwise."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]")
_Short = Annotated[Line, StringConstraints(max_length=100)]
_Person = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_DOER)]


class Source(Form):
    """Where the case was kept, and under which number: together they name it for ever."""

    platform: _Short
    number: _Short


def _written(value: Any) -> Any:
    """A moment is written out: a number would be taken for the seconds since 1970."""
    if value is not None and not (isinstance(value, str) and _MOMENT.match(value)):
        raise PydanticCustomError("datetime_type", "no moment")
    return value


class PastEvent(BaseModel):
    """An event as in a docket: its name, its day and its own fields (see Event). by: the role in which it was done, or the
    name of who did it. recorded_at, recorded_by: when it was recorded there, and by whom."""

    model_config = ConfigDict(extra="allow", frozen=True)

    event: str
    on: Day
    by: Annotated[_Person | None, Optional] = None
    recorded_at: Annotated[AwareDatetime | None, BeforeValidator(_written)] = None
    recorded_by: Annotated[_Person | None, Optional] = None


class WholeCase(Form):
    """A case with its whole history. keep_number: the number of the platform is ours, where it has the form of one; else
    the body gives its next one. joint_letter: cases with the same word are answered by one letter."""

    source: Source
    keep_number: bool = True
    application: PastForm
    joint_letter: Annotated[Annotated[Line, StringConstraints(max_length=64)] | None, Optional] = (
        None
    )
    events: Annotated[tuple[PastEvent, ...], Field(min_length=1, max_length=EVENTS_MOST)]


@dataclass(frozen=True, slots=True)
class Step:
    """An event of the history. index: its place in what was sent, from 0. by: a role; name: of who did it."""

    index: int
    event: ev.Event
    by: str | None = None
    name: str | None = None
    recorded_at: datetime | None = None
    recorded_by: str | None = None


@dataclass(frozen=True, slots=True)
class WrongStep:
    """Why an event of the history cannot be taken over. label: what the law calls it."""

    index: int
    event: str
    label: str
    on: str
    refusal: Refusal

    @property
    def sentence(self) -> str:
        """The same in words, for who reads no fields."""
        when = f"（{self.on}）" if self.on else ""
        return f"第 {self.index + 1} 步“{self.label}”{when}：{self.refusal.message}"

    @property
    def field(self) -> str:
        """Where it stands in what was sent."""
        return ".".join(("events", str(self.index), self.refusal.field or "")).rstrip(".")


class WrongHistory(Exception):
    """The case was refused whole. steps: every event that can be told to be wrong; errors: what else is."""

    def __init__(self, steps: list[WrongStep], errors: list[FieldError] | None = None) -> None:
        super().__init__("；".join(step.sentence for step in steps))
        self.steps, self.errors = steps, errors or []


@dataclass(frozen=True, slots=True)
class Whole:
    """A case of which it can be read who asked for what. steps: of its history those that can be read, in the order of their
    days (of one day: as they were sent); wrong: the others. sent: a hash of what was sent."""

    source: Source
    keep_number: bool
    form: PastForm
    joint_letter: str | None
    steps: tuple[Step, ...]
    wrong: tuple[WrongStep, ...]
    sent: str

    @property
    def first_day(self) -> date:
        return self.steps[0].event.on


def read_whole(data: Any, agency: str, *, today: date, now: datetime) -> Whole:
    """What was sent for the body of that code. Raises BadInput, or WrongHistory where there are events that cannot be read
    as well; each names everything that is wrong."""
    errors: list[FieldError] = []
    told = data.get("application") if isinstance(data, dict) else None
    if isinstance(told, dict):
        errors += _errors_of_form(told, agency, today)
    listed = data.get("events") if isinstance(data, dict) else None
    steps, wrong = _steps(listed, now)
    model = None
    try:
        model = WholeCase.model_validate(_without(data, {one.index for one in wrong}))
    except ValidationError as error:
        known = {one.field for one in errors}
        errors += [one for one in field_errors(error) if one.field not in known]
    if errors or model is None or not steps:
        if wrong:
            raise WrongHistory(wrong, errors)
        raise BadInput(errors)
    steps.sort(key=lambda step: step.event.on)
    form = model.application.model_copy(update={"agency": agency})
    return Whole(
        model.source, model.keep_number, form, model.joint_letter, tuple(steps), tuple(wrong), _sent(data)
    )  # fmt: skip


def _without(data: Any, places: Collection[int]) -> Any:
    """The same with events that are none in these places, of which all is told already."""
    if not places:
        return data
    listed = [SOUND if place in places else entry for place, entry in enumerate(data["events"])]
    return {**data, "events": listed}


def _errors_of_form(told: dict[str, Any], agency: str, today: date) -> Iterator[FieldError]:
    try:
        form = read_form(told, PastForm, today=today)
    except BadInput as problem:
        for one in problem.errors:
            yield FieldError(f"application.{one.field}", one.message)
        return
    if form.agency not in ("", agency):
        yield FieldError("application.agency", "与地址中的机关不同；可以不写")


def _steps(listed: Any, now: datetime) -> tuple[list[Step], list[WrongStep]]:
    """The events that can be read, and those that cannot."""
    steps: list[Step] = []
    wrong: list[WrongStep] = []
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if index >= EVENTS_MOST or not isinstance(entry, dict):
            continue
        try:
            steps.append(_step(index, entry, now))
        except ev.UnknownEvent as error:
            when = "请使用规定的事项名称"
            wrong.append(_wrong(index, entry, Refusal("unknown_event", "-", str(error), when, "event")))  # fmt: skip
        except BadInput as error:
            wrong += [_wrong(index, entry, _bad_field(entry, one)) for one in error.errors]
    return steps, wrong


def _step(index: int, entry: Mapping[str, Any], now: datetime) -> Step:
    """Raises UnknownEvent, BadInput."""
    name = entry.get("event")
    if isinstance(name, str) and name in NOT_IN_A_HISTORY:
        raise BadInput.of("event", NOT_IN_A_HISTORY[name])
    if not isinstance(name, str) or name not in ev.MODELS:
        raise ev.UnknownEvent(f"没有名为“{str(name)[:40]}”的事项")
    errors: list[FieldError] = []
    who_filed = ev.names_who_filed(name, entry.get("by"))
    beside = ("event", "recorded_at", "recorded_by", *(() if who_filed else ("by",)))
    said = {
        key: entry[key]
        for key in ("event", "on", "by", "recorded_at", "recorded_by")
        if key in entry
    }
    past = None
    try:
        past = PastEvent.model_validate(said)
    except ValidationError as error:
        errors += field_errors(error)
    event = None
    try:
        event = ev.parse(name, {key: value for key, value in entry.items() if key not in beside})
    except BadInput as error:
        known = {one.field for one in errors}
        errors += [one for one in error.errors if one.field not in known]
    if past is not None and past.recorded_at is not None and past.recorded_at > now:
        errors.append(FieldError("recorded_at", "这个时间还没有到"))
    if errors or event is None or past is None:
        raise BadInput(errors)
    role, doer = (None, None) if who_filed else _by(past.by)
    return Step(index, event, role, doer, past.recorded_at, past.recorded_by)


def _by(by: str | None) -> tuple[str | None, str | None]:
    """The role in which it was done, or the name of who did it. Raises BadInput."""
    words = load_law().words
    if by is None:
        return None, None
    if words.role_now(by) in words.roles:
        return words.role_now(by), None
    try:
        return None, plain_name(by)
    except ValueError as error:
        raise BadInput.of("by", str(error)) from error


def _bad_field(entry: Mapping[str, Any], one: FieldError) -> Refusal:
    row = load_law().transitions.get(str(entry.get("event")))
    return Refusal("bad_field", row.basis if row else "-", one.message, "改正这一项之后", one.field)


def _wrong(index: int, entry: Mapping[str, Any], refusal: Refusal) -> WrongStep:
    name, on = entry.get("event"), entry.get("on")
    told = name[:40] if isinstance(name, str) else ""
    return wrong_step(index, told, on[:10] if isinstance(on, str) else "", refusal)


def wrong_step(index: int, event: str, on: str, refusal: Refusal) -> WrongStep:
    """An event of the history with why it cannot be taken over."""
    row = load_law().transitions.get(event)
    return WrongStep(index, event, row.label if row else event, on, refusal)


def _sent(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
