"""Whether the clock of the machine can be right, told by the newest moment that the store knows.

Dates and numbers follow from it, so what cannot be right writes nothing (decision 44).
"""

from datetime import datetime, timedelta

from workflow.dates import in_words

BEHIND = timedelta(minutes=10)
"""So far a clock may be put back, by a time server or because two machines differ a little: it then stands still."""
AHEAD = timedelta(days=365)
"""A store in which nothing was written for so long is asked about before it goes on."""


def standing_still(now: datetime, newest: datetime | None) -> datetime:
    """The moment that is written down: never before the newest one where the clock was put back a little."""
    if newest is not None and timedelta(0) < newest - now <= BEHIND:
        return newest
    return now


def what_is_wrong(now: datetime, newest: datetime | None) -> str | None:
    """Why a clock that says `now` cannot be right, in a sentence; None if it can.

    newest: the newest moment that the store knows; None of a new store.
    """
    if newest is None:
        return None
    if newest - now > BEHIND:
        return f"本机时间显示 {_said(now)}，早于库中最新的记录（{_said(newest)}）"
    if now - newest >= AHEAD:
        return f"本机时间显示 {_said(now)}，比库中最新的记录（{_said(newest)}）晚了一年以上"
    return None


def _said(moment: datetime) -> str:
    return f"{in_words(moment.date())} {moment:%H:%M}"
