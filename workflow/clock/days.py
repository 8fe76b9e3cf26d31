"""Single days that an event means: receipt, effective service, an addressee's own last day."""

import calendar as month_lengths
from datetime import date

from workflow import events as ev
from workflow.rules.rulebook import Rulebook

ON_THE_NET = ("portal", "email", "fax")
"""Ways that go over the net (互联网渠道, 传真): received when both sides have confirmed it (条例31(3))."""


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


def effective_service(event: ev.Serve) -> date:
    """The day on which service takes effect (国办公开办函〔2016〕235号): posting day by post, signature
    day when handed over, sending day when electronic."""
    if event.method == "mail":
        return event.posted_on or event.on
    if event.method == "electronic":
        return event.sent_on or event.on
    return event.signed_on or event.reached_on or event.on


def receipt_day(
    event: ev.Receive,
    submitted_on: date | None,
    online_confirmation: str,
    misaddressed_mail: str = "strict",
) -> date:
    """The day of receipt by channel, ordinary mail (平常信函) on the day of confirmation (条例31; law.md §3.2).

    submitted_on: day of an earlier submission on the net, if the two are known apart.
    misaddressed_mail: letter_207 lets the day of confirmation count for a registered letter that was
    addressed to another unit or person of the body (国办公开办函〔2015〕207号).
    """
    if event.channel in ON_THE_NET:
        if online_confirmation == "submission":
            return submitted_on or event.on
        return event.confirmed_on or event.on
    if event.channel == "ordinary_mail":
        return event.confirmed_on or event.on
    if event.channel == "ems" and misaddressed_mail == "letter_207":
        return event.confirmed_on or event.on
    return event.on


def party_deadline(consultation: str, reached_on: date, rules: Rulebook) -> date | None:
    """The addressee's own last day: 15 working days after it got the letter (条例32, 34). For a body
    that is no co-maker the law has no limit: the setting other_agency_cap_days, None for none.

    consultation: the name of the event. reached_on: the day of arrival, or while it is not known the day
    of sending: then the day is provisional, the earliest there can be.
    """
    if consultation == "consult_other_agency":
        cap = rules["other_agency_cap_days"]
        return None if cap is None else rules.calendar.add(reached_on, cap)
    period = (
        "third_party_opinion" if consultation == "consult_third_party" else "joint_agency_opinion"
    )
    return rules.calendar.add(reached_on, rules.period(period, reached_on))
