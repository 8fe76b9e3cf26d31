"""The due days of a case, as the API says them: the keys of `gongkai deadline`."""

from datetime import date

from pydantic.json_schema import SkipJsonSchema

from webui.api.base import Answer

Day = date | SkipJsonSchema[None]
Said = bool | SkipJsonSchema[None]
"""What is left out where it has no value: it is never null."""


class DeadlineStep(Answer):
    on: date
    text: str
    article: str


class IgnoredEvent(Answer):
    """An event that moves no day. place: where it stands in the log (events.N, from 0)."""

    place: str
    event: str
    on: date
    reason: str


class DeadlinesAnswer(Answer):
    """All due days as `gongkai deadline` prints them; what has no value is left out."""

    receipt_date: Day = None
    counted_from: Day = None
    reply_due: Day = None
    reply_due_national: Day = None
    safe_due: Day = None
    late_confirmation: Said = None
    correction_notice_due: Day = None
    correction_notice_late: Said = None
    correction_due: Day = None
    reasons_due: Day = None
    clock_restarted_on: Day = None
    extension_valid: Said = None
    fee_notice_in_time: Said = None
    fee_due: Day = None
    service_effective_date: Day = None
    on_time: Said = None
    review_last_day: Day = None
    suit_last_day: Day = None
    review_not_before: Day = None
    suit_not_before: Day = None
    review_answer_due: Day = None
    suit_answer_due: Day = None
    appeal_due: Day = None
    party_deadlines: list[date] | SkipJsonSchema[None] = None
    arrival_unknown: list[int] | SkipJsonSchema[None] = None
    excluded_workdays: int | SkipJsonSchema[None] = None
    ignored: list[IgnoredEvent] | SkipJsonSchema[None] = None
    clock: str
    provisional: bool
    steps: list[DeadlineStep]
