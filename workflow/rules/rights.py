"""Who held which role on a day and who had given it, folded from the lines of the audit: from values to values.

What was before the first line about a role follows from that line: who had it taken away had held it. A role about
which no line says anything is held today or never was. What the lines lead to and what is held must be the same; where
it is not, somebody changed the store past the program.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

GRANTED, REVOKED = "role_granted", "role_revoked"
CREATED, DISABLED, ENABLED = "user_created", "user_disabled", "user_enabled"


class Place(NamedTuple):
    """A role of a person (user name) in the body of that id."""

    person: str
    agency_id: int
    role: str


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A line of the audit: a role was granted or revoked."""

    at: datetime
    actor: str
    place: Place
    granted: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A role that was held at a moment. since, by: when and by whom it was granted; None: no line says so. differs:
    today the store says otherwise than the lines."""

    place: Place
    since: datetime | None = None
    by: str | None = None
    differs: bool = False


def held_before(lines: Iterable[RoleLine], now: Set[Place], end: datetime) -> tuple[Held, ...]:
    """The roles that were held just before `end`, in order of person, body and role. lines: all of them, oldest
    first; now: what the store says today."""
    lines = list(lines)
    first: dict[Place, bool] = {}
    for line in lines:
        first.setdefault(line.place, line.granted)
    state = {place: Held(place) for place in now - first.keys()}
    state |= {place: Held(place) for place, granted in first.items() if not granted}
    then, last = dict(state), state
    for line in lines:
        for told in (then, last) if line.at < end else (last,):
            if line.granted:
                told[line.place] = Held(line.place, line.at, line.actor)
            else:
                told.pop(line.place, None)
    wrong = last.keys() ^ now
    found = [replace(one, differs=one.place in wrong) for one in then.values()]
    found += [Held(place, differs=True) for place in wrong - then.keys()]
    return tuple(sorted(found, key=lambda one: one.place))


def active_before(lines: Iterable[tuple[datetime, str]], now: bool, end: datetime) -> bool | None:
    """Whether an account could be used just before `end`; None: it was not there yet. lines: when it was created,
    disabled, enabled, oldest first; now: whether it can be used today."""
    told = [(at, action) for at, action in lines if action in (CREATED, DISABLED, ENABLED)]
    state: bool | None = now
    if told:
        state = {CREATED: None, DISABLED: True, ENABLED: False}[told[0][1]]
    for at, action in told:
        if at < end:
            state = action != DISABLED
    return state
