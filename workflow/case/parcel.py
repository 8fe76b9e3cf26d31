"""A parcel that came to the body (来件): what its register says of each, before anybody knows what is in it.

A letter is received when the body signs for it, registered or not, whatever the envelope names (条例31(2);
practice.md §7, cases 1 and 2): the register says from which day the period runs already.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from config.law import Law
from workflow import clock
from workflow import events as ev
from workflow.dates import Day, in_words
from workflow.events.reading import field_errors
from workflow.refusal import BadInput, FieldError
from workflow.rules.rulebook import Rulebook
from workflow.rules.secrecy import SECRET_TYPED, bears_secret_mark

SIGNED_FOR = "ems"
"""The way in of what is signed for: each such parcel has a number of its own."""
_Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def plain_tracking(written: str) -> str:
    """The number on a label in the one form in which it is kept: ｅｘ 1234-5678 9cn → EX123456789CN."""
    return re.sub(r"[\s_‐-―−-]+", "", unicodedata.normalize("NFKC", written)).upper()


_DayOrNone = Annotated[Day | None, BeforeValidator(_none_if_blank)]


class ParcelForm(BaseModel):
    """An entry as it is typed.

    way: a word of words.toml [parcel_ways]. tracking: the number on the label. arrived_on: the day on which
    somebody of the body signed for it or, where nothing is signed, it came. signed_by: who signed, of whatever
    unit. addressed_to: the words of the envelope. sender: as the envelope tells. postmarked_on: the day of the
    postmark. handed_to, handed_on: to whom it was handed over, and when.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    way: str
    tracking: Annotated[str, AfterValidator(plain_tracking), StringConstraints(max_length=40)] = ""
    arrived_on: Day
    signed_by: _Line = ""
    addressed_to: _Line = ""
    sender: _Line = ""
    postmarked_on: _DayOrNone = None
    handed_to: _Line = ""
    handed_on: _DayOrNone = None


@dataclass(frozen=True, slots=True)
class DueAlready:
    """What the clock says of a parcel that is not registered. due: the last day to reply, if it holds an application;
    workdays: those that have gone since the day of receipt; left: those to the last day, negative once it is over.
    """

    due: date
    workdays: int
    left: int


def read_parcel(law: Law, given: Mapping[str, Any], today: date) -> ParcelForm:
    """The entry, checked as a whole. Raises BadInput with every wrong field, in Chinese."""
    errors: list[FieldError] = []
    form: ParcelForm | None = None
    try:
        form = ParcelForm.model_validate(dict(given))
    except ValidationError as error:
        errors = field_errors(error)
    errors += [
        FieldError(name, SECRET_TYPED)
        for name, said in given.items()
        if isinstance(said, str) and bears_secret_mark(said)
    ]
    way = law.words.parcel_ways.get(str(given.get("way", "")))
    if way is None:
        errors.append(FieldError("way", "请选择邮寄或者送达的方式"))
    elif way["channel"] == SIGNED_FOR:
        if not str(given.get("tracking", "")).strip():
            errors.append(FieldError("tracking", "请填写邮件号，与面单一致"))
        if not str(given.get("signed_by", "")).strip():
            errors.append(FieldError("signed_by", "请写明由谁签收"))
    if form is not None:
        errors += _days_in_order(form, law.periods["reply"].first_day, today)
    if errors:
        raise BadInput(errors)
    assert form is not None
    return form


def _days_in_order(form: ParcelForm, first: date, today: date) -> list[FieldError]:
    found = []
    if form.arrived_on > today:
        found.append(FieldError("arrived_on", "这一天还没有到"))
    elif form.arrived_on < first:
        found.append(FieldError("arrived_on", f"登记簿从 {in_words(first)}记起"))
    if form.postmarked_on and form.postmarked_on > form.arrived_on:
        found.append(FieldError("postmarked_on", "邮戳日期晚于签收之日，请核对"))
    if form.handed_on and not form.handed_to:
        found.append(FieldError("handed_to", "请写明移交给谁"))
    if form.handed_to and not form.handed_on:
        found.append(FieldError("handed_on", "请填写移交之日"))
    elif form.handed_on and not form.arrived_on <= form.handed_on <= today:
        found.append(FieldError("handed_on", "移交之日应在签收之日以后，不晚于今天"))
    return found


def due_already(way: str, arrived_on: date, today: date, rules: Rulebook) -> DueAlready:
    """The last day to reply that a parcel would have if it holds an application, and how much of the period has gone.

    Rule: signed for is received, whatever the envelope says; ordinary mail is to be confirmed on the day on which it
    comes, so that its period is counted from there (条例31(2)).
    """
    channel = rules.law.words.parcel_ways[way]["channel"]
    receipt = ev.Receive.model_validate(
        {"on": arrived_on, "channel": channel, "confirmed_on": arrived_on}
    )
    due = clock.compute([receipt], rules).reply_due
    assert due is not None
    calendar = rules.calendar
    left = calendar.count(today, due) if today <= due else -calendar.count(due, today)
    return DueAlready(due, calendar.count(arrived_on, today), left)
