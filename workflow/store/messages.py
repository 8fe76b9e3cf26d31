"""The outbox in the store: what waits, what is claimed, who leads. Each function runs in the caller's
transaction."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, joinedload

from workflow.store.dialect import insert_new
from workflow.store.message_models import AttemptRow, MessageRow
from workflow.store.models import Base, CaseRow, UserRow
from workflow.store.prepared import Prepared
from workflow.store.sight import ALL, Sight, of_seen
from workflow.store.unit import Unit
from workflow.store.writing import CASE

TO_APPLICANT = "applicant"
"""The kind of what is told to who asks."""
BEFORE_HANDING = ("waiting", "claimed")


def _nobody_has_it(message: Any, digest: Any) -> ColumnElement[bool]:
    """Of messages: not handed to a channel, alone or in a digest."""
    gathered = exists().where(
        digest.id == message.digest_id,
        digest.kind == "digest",
        or_(*(digest.state == state for state in BEFORE_HANDING)),
    )
    waits = (message.state == state for state in BEFORE_HANDING)
    return or_(*waits, and_(message.state == "gathered", gathered))


_NOBODY_HAS_IT = _nobody_has_it(MessageRow, aliased(MessageRow))
_NOT_GONE = (
    select(MessageRow).where(_NOBODY_HAS_IT).order_by(MessageRow.id).with_for_update(of=MessageRow)
)
_TABLE = Base.metadata.tables["message"]
_WAITS = Prepared(
    select(_TABLE.c.id)
    .where(_TABLE.c.case_id == bindparam("of_case"), _nobody_has_it(_TABLE.c, _TABLE.alias().c))
    .limit(1)
)
_WAITING = _NOT_GONE.where(MessageRow.case_id == bindparam("of_case"))


def key_of(what: str, who: str, channel: str, day: date) -> str:
    """The same for the same thing said to the same person through the same channel on one day."""
    return hashlib.sha256(f"{what}|{who}|{channel}|{day}".encode()).hexdigest()


def add_message(unit: Unit, **fields: Any) -> MessageRow | None:
    """A new line of the outbox; None if a line with its key is there."""
    known = select(MessageRow.id).where(MessageRow.key == fields["key"])
    if unit.session.scalar(known) is not None:
        return None
    row = MessageRow(**fields)
    try:
        with unit.session.begin_nested():
            unit.session.add(row)
            unit.session.flush()
    except IntegrityError:  # another process was quicker
        return None
    return row


BATCH = 500
"""Keys and numbers that are asked for at once."""


def add_messages(unit: Unit, lines: Iterable[dict[str, Any]]) -> int:
    """New lines of the outbox, in this order, each with the same fields; where a line with its key is
    there it stays. Returns how many are new."""
    waiting: dict[str, dict[str, Any]] = {}
    for line in lines:
        waiting.setdefault(line["key"], line)
    keys, table = list(waiting), MessageRow.metadata.tables["message"]
    connection, made = unit.session.connection(), 0
    adding = insert_new(connection, table, ("key",))
    for begin in range(0, len(keys), BATCH):
        some = keys[begin : begin + BATCH]
        there = set(connection.scalars(_THERE, {"keys": some}))
        new = [waiting[key] for key in some if key not in there]
        if new:
            connection.execute(adding, new)
        told = [line["key"] for line in new if line["kind"] == TO_APPLICANT]
        if told:
            unit.touched.note("message", map(tuple, connection.execute(_IDS, {"keys": told})))
        made += len(new)
    return made


def assigned_of(unit: Unit, case_ids: Collection[int]) -> dict[int, str]:
    """To whom each of the cases was given that was given to anybody."""
    numbers, found = list(case_ids), dict[int, str]()
    for begin in range(0, len(numbers), BATCH):
        query = select(CaseRow.id, CaseRow.assigned_to).where(
            CaseRow.id.in_(numbers[begin : begin + BATCH]), CaseRow.assigned_to.is_not(None)
        )
        found |= {number: name for number, name in unit.session.execute(query) if name}
    return found


_THERE = select(MessageRow.key).where(MessageRow.key.in_(bindparam("keys", expanding=True)))
_IDS = select(MessageRow.id).where(MessageRow.key.in_(bindparam("keys", expanding=True)))


def next_waiting(
    unit: Unit, channel: str, now: datetime, longest_pause: timedelta, stale_before: datetime
) -> MessageRow | None:
    """The message of a channel that has waited longest and may go now; not one that is to be gathered
    first. A retry that lies further off than the longest pause was planned by a clock that has been put
    back since: it may go too."""
    planned_by_a_wrong_clock = and_(
        MessageRow.attempts > 0, MessageRow.not_before > now + longest_pause
    )
    query = (
        select(MessageRow)
        .where(
            MessageRow.state == "waiting",
            MessageRow.channel == channel,
            or_(MessageRow.not_before <= now, planned_by_a_wrong_clock),
            not_(_to_be_gathered(stale_before)),
        )
        .order_by(MessageRow.not_before, MessageRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return unit.session.scalar(query)


def move(unit: Unit, message: int, under: str, source: str, **values: Any) -> bool:
    """Change a message that is still in the state and under the claim; False if it is not."""
    done = unit.session.execute(
        update(MessageRow)
        .where(MessageRow.id == message, MessageRow.claim == under, MessageRow.state == source)
        .values(**values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]  # of an update it is a CursorResult


def abandoned(unit: Unit, now: datetime, lease: timedelta) -> list[MessageRow]:
    """Messages that were handed to a channel by a process that never came back to mark them. A lease
    that ends later than any could was given by a clock that has been put back since."""
    query = select(MessageRow).where(
        MessageRow.state == "handing",
        or_(MessageRow.claimed_until < now, MessageRow.claimed_until > now + 2 * lease),
    )
    return list(unit.session.scalars(query.with_for_update(skip_locked=True)))


def release_claims(unit: Unit, now: datetime, lease: timedelta, *, every: bool) -> int:
    """Put messages back that were claimed and not yet handed over: those whose claim has ended, or
    every one. Whoever held the claim finds it gone before handing over."""
    query = update(MessageRow).where(MessageRow.state == "claimed")
    if not every:
        query = query.where(
            or_(MessageRow.claimed_until < now, MessageRow.claimed_until > now + 2 * lease)
        )
    done = unit.session.execute(query.values(state="waiting", claim=None, claimed_until=None))
    return int(done.rowcount)  # type: ignore[attr-defined]  # of an update it is a CursorResult


def running_attempt(unit: Unit, message: int) -> AttemptRow | None:
    query = select(AttemptRow).where(AttemptRow.message_id == message, AttemptRow.result.is_(None))
    return unit.session.scalar(query.order_by(AttemptRow.id.desc()).limit(1))


def gatherable(unit: Unit, now: datetime, stale_before: datetime) -> list[MessageRow]:
    """Reminders never tried that wait for a person's digest of the day or have waited since before a
    moment, in the order in which they were due."""
    query = (
        select(MessageRow)
        .where(
            MessageRow.state == "waiting",
            MessageRow.not_before <= now,
            _to_be_gathered(stale_before),
        )
        .order_by(MessageRow.due.is_(None), MessageRow.due, MessageRow.id)
        .with_for_update()
    )
    return list(unit.session.scalars(query))


def _to_be_gathered(stale_before: datetime) -> ColumnElement[bool]:
    return and_(
        MessageRow.kind == "reminder",
        MessageRow.attempts == 0,
        or_(MessageRow.bundled, MessageRow.not_before < stale_before),
    )


def show_in_app(unit: Unit, now: datetime, stale_before: datetime, *, stale_too: bool) -> int:
    """Mark as shown what is due in the inboxes and says what it said when it was put there; how many.
    Reminders that a stop held up wait to be gathered, unless stale_too."""
    held_up = or_(MessageRow.bundled, MessageRow.not_before < stale_before)
    shown = update(MessageRow).where(_due_in_app(now), not_(_says_otherwise(now.date())))
    if not stale_too:
        shown = shown.where(or_(MessageRow.kind != "reminder", not_(held_up)))
    done = unit.session.execute(shown.values(state="sent", done_at=now))
    return int(done.rowcount)  # type: ignore[attr-defined]  # of an update it is a CursorResult


def due_in_app(unit: Unit, now: datetime) -> list[MessageRow]:
    """What is due in the inboxes and whose words are made anew on the day on which they go."""
    query = select(MessageRow).where(_due_in_app(now), _says_otherwise(now.date()))
    return list(unit.session.scalars(query.order_by(MessageRow.not_before, MessageRow.id)))


def _due_in_app(now: datetime) -> ColumnElement[bool]:
    return and_(
        MessageRow.state == "waiting",
        MessageRow.channel == "in_app",
        MessageRow.not_before <= now,
    )


def _says_otherwise(today: date) -> ColumnElement[bool]:
    """As workflow.service.messages.texts.text_today has it."""
    return or_(
        MessageRow.kind == "again", and_(MessageRow.kind == "reminder", MessageRow.day < today)
    )


def waiting_about(unit: Unit, cases: ColumnElement[bool]) -> dict[int, list[MessageRow]]:
    """What waits to be said about cases, by case: also what was gathered into a digest that waits."""
    concerned = select(CaseRow.id).where(cases)
    found: dict[int, list[MessageRow]] = {}
    for row in unit.session.scalars(_NOT_GONE.where(MessageRow.case_id.in_(concerned))):
        assert row.case_id is not None
        found.setdefault(row.case_id, []).append(row)
    return found


def was_said(unit: Unit, case_id: int, moment: str, dues: set[date]) -> bool:
    """Whether a reminder of a moment of a case, about one of these last days, is there and holds."""
    query = select(MessageRow.id).where(
        MessageRow.case_id == case_id,
        MessageRow.moment == moment,
        MessageRow.due.in_(dues),
        MessageRow.state != "withdrawn",
    )
    return unit.session.scalar(query.limit(1)) is not None


def cases_waited_for(agency_id: int) -> ColumnElement[bool]:
    """The cases of a body about which something waits to be said, alone or in a digest."""
    query = select(MessageRow.case_id).where(
        MessageRow.agency_id == agency_id, MessageRow.case_id.is_not(None), _NOBODY_HAS_IT
    )
    return CaseRow.id.in_(query)


def waiting_about_bodies(unit: Unit, agency_ids: list[int]) -> list[MessageRow]:
    """Reminders that wait and are about a body itself, not about a case."""
    query = _NOT_GONE.where(
        MessageRow.case_id.is_(None),
        MessageRow.kind == "reminder",
        MessageRow.agency_id.in_(agency_ids),
    )
    return list(unit.session.scalars(query))


def waiting_about_one(unit: Unit, case_id: int) -> list[MessageRow]:
    """What waits to be said about a case, as `waiting_about`. Mostly nothing: that costs a look."""
    asked = {"of_case": case_id}
    if not _WAITS.rows(unit.connection, asked):
        return []
    return list(unit.session.scalars(_WAITING, asked))


def gathered_into(unit: Unit, digest: int) -> list[MessageRow]:
    """The lines of a digest, in the order in which they are due."""
    query = select(MessageRow).where(MessageRow.digest_id == digest, MessageRow.state == "gathered")
    order = (MessageRow.due.is_(None), MessageRow.due, MessageRow.id)
    return list(unit.session.scalars(query.order_by(*order)))


def withdraw(row: MessageRow, problem: str, now: datetime) -> None:
    """It is no longer true. A process that has claimed it finds the claim gone before handing over;
    its key is free for what is true now."""
    put_back(row)
    row.state, row.problem, row.done_at = "withdrawn", problem, now
    row.key = hashlib.sha256(f"{row.key}|withdrawn|{row.id}".encode()).hexdigest()


def fields_of(row: MessageRow) -> dict[str, Any]:
    """What makes a message, for one that takes its place: not what became of it."""
    names = (
        "key", "kind", "channel", "user_id", "stands_for_id", "agency_id", "case_id", "about",
        "moment", "level", "why", "bundled", "not_before",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def put_back(row: MessageRow) -> None:
    """Let a message that waits or is claimed wait again, whoever had claimed it."""
    if row.state == "claimed":
        row.state = "waiting"
    row.claim = row.claimed_until = None


def withdraw_applicants(
    unit: Unit, case_id: int, wanted: list[str], problem: str, now: datetime
) -> None:
    """What waits to be told to an applicant through a channel that they do not want."""
    unit.session.execute(
        update(MessageRow)
        .where(
            MessageRow.case_id == case_id,
            MessageRow.kind == "applicant",
            MessageRow.state == "waiting",
            MessageRow.channel.not_in(wanted),
        )
        .values(state="withdrawn", problem=problem, done_at=now)
    )


def told_with(unit: Unit, row: MessageRow) -> list[UserRow]:
    """The people who are told in the system what a message says to their group; of a digest, what its
    lines say."""
    lines = gathered_into(unit, row.id) if row.kind == "digest" else [row]
    same = or_(
        *(
            and_(
                MessageRow.about == line.about,
                MessageRow.moment == line.moment,
                MessageRow.day == line.day,
            )
            for line in lines
        )
    )
    told = select(MessageRow.user_id).where(
        MessageRow.agency_id == row.agency_id,
        MessageRow.kind == "reminder",
        MessageRow.channel == "in_app",
        MessageRow.state != "withdrawn",
        same,
    )
    query = select(UserRow).where(UserRow.id.in_(told)).order_by(UserRow.id)
    return list(unit.session.scalars(query)) if lines else []


# -- the record --------------------------------------------------------------------------------------


AS_SHOWN = (
    joinedload(MessageRow.user),
    joinedload(MessageRow.stands_for),
    joinedload(MessageRow.agency),
)
"""What a line of a list names besides its own words."""


def record(
    unit: Unit,
    agency_ids: list[int],
    *,
    about: str = "",
    channel: str = "",
    states: tuple[str, ...] = (),
    after: int = 0,
    limit: int = 50,
    sight: Sight = ALL,
) -> tuple[list[MessageRow], int]:
    """Everything that was or will be said for these bodies, the latest first, and how many in all. sight: of the cases
    of the bodies; a digest names cases and is for who sees all."""
    clauses: list[ColumnElement[bool]] = [MessageRow.agency_id.in_(agency_ids)]
    clauses += of_seen(sight, MessageRow.case_id)
    if sight.units:
        clauses.append(MessageRow.kind != "digest")
    if about:
        clauses.append(MessageRow.about == about)
    if channel:
        clauses.append(MessageRow.channel == channel)
    if states:
        clauses.append(MessageRow.state.in_(states))
    total = unit.session.scalar(select(func.count(MessageRow.id)).where(*clauses)) or 0
    query = select(MessageRow).where(*clauses).order_by(MessageRow.id.desc()).options(*AS_SHOWN)
    return list(unit.session.scalars(query.offset(after).limit(limit))), total


def case_ids(unit: Unit, agency_id: int, numbers: Iterable[str]) -> dict[str, int]:
    """The cases of these numbers; a year has none."""
    given, found = sorted(set(numbers)), dict[str, int]()
    for begin in range(0, len(given), BATCH):
        asked = {"agency": agency_id, "numbers": given[begin : begin + BATCH]}
        found |= {number: id_ for number, id_ in unit.session.connection().execute(_CASES, asked)}
    return found


_CASES = select(CASE.c.number, CASE.c.id).where(
    CASE.c.agency_id == bindparam("agency"), CASE.c.number.in_(bindparam("numbers", expanding=True))
)


# -- the lease, contacts, choices, health -----------------------------------------------------------
