"""Which backups are kept and when the next one is made: pure, by moments.

Rule: the last backup of each of so many days, weeks and months is kept, and the last of all in any case.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

AGAIN_AFTER = timedelta(hours=1)
"""So long after a try that did not end well the next one is made."""


def kept(
    moments: Iterable[datetime], *, daily: int, weekly: int, monthly: int
) -> frozenset[datetime]:
    """Those that are kept: the last one of each of so many days, weeks and months of which there are any, the latest
    first. The last one of all is kept whatever the rules say."""
    ordered = sorted(moments, reverse=True)
    found = set(ordered[:1])
    spans: list[tuple[int, Callable[[datetime], object]]] = [
        (daily, lambda at: at.date()),
        (weekly, lambda at: at.isocalendar()[:2]),
        (monthly, lambda at: (at.year, at.month)),
    ]
    for most, span in spans:
        last: dict[object, datetime] = {}
        for at in ordered:
            last.setdefault(span(at), at)
        found.update(list(last.values())[:most])
    return frozenset(found)


def due(now: datetime, at: time, made: datetime | None, tried: datetime | None) -> bool:
    """Whether the backup of the day is to be made now. at: when it is to be made, made: when the last one was; tried: when
    the last try began, whatever came of it. One of the future was noted by a clock that has been put back since."""
    since = datetime.combine(now.date(), at, now.tzinfo)
    if now < since:
        since -= timedelta(days=1)
    if made is not None and since <= made <= now:
        return False
    return tried is None or tried > now or tried < since or now - tried >= AGAIN_AFTER
