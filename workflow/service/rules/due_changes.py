"""Due days that move because a setting or a calendar changed: computed again, kept, told.

The log of a case is untouched: the case row is folded anew under the rules in force, and what moved
stands beside the log in rows of its own.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from config import calendars
from config.errors import Damaged
from workflow.case.row import BESIDE_THE_DAYS, projection
from workflow.dates import in_words, month_day
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.cases.views import CaseFile
from workflow.service.messages.passed_by import PassedBy
from workflow.service.messages.taking_back import TakingBack, with_those_above
from workflow.service.office import Office
from workflow.service.own_unit import seen_by
from workflow.store import messages as message_queries
from workflow.store.due_change_models import DueChangeRow, DueChangeSeenRow
from workflow.store.models import (
    AgencyRow,
    CaseRow,
    WatchedDayRow,
)
from workflow.store.restored import case_of
from workflow.store.retried import retried
from workflow.store.unit import Unit
from workflow.store.writing import watched_values

KINDS = {"reply": "答复期限", "correction": "补正期限", "fee": "缴费期限"}
CAUSES = {"setting": "办理规则变动", "calendar": "放假安排变动", "law": "法律规定变动"}


@dataclass(frozen=True)
class DueChange:
    """A due day that moved. actor: user name, or `system`.

    of: the deadline's name in words. told: it is the day that somebody has to keep; else it is one
    that rests (the reply's while a correction is awaited) or an ended case's, of interest to the file.
    """

    id: int
    number: str
    agency: str
    title: str
    recorded_at: datetime
    actor: str
    cause: str
    reason: str
    old: date | None
    new: date | None
    of: str
    told: bool

    @property
    def moved(self) -> str:
        """答复期限由 3 月 1 日改为 3 月 4 日; 期限不变 where only other things follow anew."""
        if self.old == self.new:
            return "期限不变"
        if self.old is None or self.new is None:
            day = self.new or self.old
            assert day is not None
            return f"{self.of}{'定为' if self.new else '取消，原为'} {in_words(day)}"
        if self.old.year == self.new.year:
            return f"{self.of}由 {month_day(self.old)}改为 {month_day(self.new)}"
        return f"{self.of}由 {in_words(self.old)}改为 {in_words(self.new)}"

    @property
    def text(self) -> str:
        return f"{self.moved}：{self.reason}"

    @property
    def public_text(self) -> str:
        """What the applicant is told: the days and the kind of cause, not the office's own reason."""
        return f"{self.moved}（{CAUSES[self.cause]}）"


def recompute(
    office: Office,
    unit: Unit,
    concerned: ColumnElement[bool],
    cause: str,
    reason: str,
    actor: str,
    passed_by: PassedBy | None = None,
) -> int:
    """Fold the rows of the concerned cases anew; every row that changes is kept as a DueChangeRow.

    What waits to be said about days that have moved is taken back. passed_by: made before a change of
    working days, to say at once what it passes by. cause: setting, calendar or law.
    Returns how many due days moved. Part of the caller's transaction.
    """
    query = (
        select(CaseRow)
        .where(concerned)
        .options(
            selectinload(CaseRow.applicants),
            selectinload(CaseRow.log),
            selectinload(CaseRow.watched),
            joinedload(CaseRow.agency),
        )
        .order_by(CaseRow.id)
        .with_for_update(of=CaseRow, key_share=True)
    )
    now, moved = office.now(), 0
    waiting = message_queries.waiting_about(unit, concerned)
    old_days = taking_back(office, unit, cause)
    for row in unit.session.scalars(query):
        if not row.log:
            continue
        try:
            case = case_of(row, office.rules(unit, row.agency, row.opened_on))
        except Damaged:
            continue  # one that cannot be read holds up nobody; `verify` names it
        known, wanted = {(one.kind, one.day) for one in row.watched}, watched_values(case)
        unit.watch(row, known, wanted)
        before = unit.follow(row, projection(case))
        if row.id in waiting:
            old_days.of_case(row, case, waiting[row.id])
            old_days.applicant(row, case, waiting[row.id])
        if passed_by is not None:
            passed_by.of_case(row, known, wanted)
        if not before.keys() - BESIDE_THE_DAYS:
            continue
        moved += "next_due" in before or "reply_due" in before
        unit.add_due_change(
            row, office.keys, recorded_at=now, actor=actor, cause=cause, reason=reason,
            kind=row.next_due_kind,
            old_next_due=before.get("next_due", row.next_due), new_next_due=row.next_due,
            old_reply_due=before.get("reply_due", row.reply_due), new_reply_due=row.reply_due,
        )  # fmt: skip
    old_days.finish()
    if passed_by is not None:
        passed_by.finish()
    return moved


def taking_back(office: Office, unit: Unit, cause: str) -> TakingBack:
    """A pass over what waits when due days move. cause: as for recompute."""
    return TakingBack(office, unit, f"期限已经变动（{CAUSES[cause]}），不再提醒")


def take_back_of_bodies(
    office: Office, unit: Unit, bodies: Iterable[AgencyRow], cause: str
) -> None:
    """Take back what waits and no longer holds about the bodies themselves: their reports, next year's
    holidays. The bodies above are told of the reports as well."""
    following = taking_back(office, unit, cause)
    following.of_bodies(with_those_above(unit, bodies))
    following.finish()


def touched_from(office: Office, first_day: date | None) -> ColumnElement[bool]:
    """Cases that working days from the day on can move: open ones, those of which a day is watched (a
    review or suit goes on after the end), and those that ended or were due after it. None: without the
    last."""
    watched = CaseRow.id.in_(select(WatchedDayRow.case_id))
    open_ = or_(CaseRow.state.in_(open_states(office)), watched)
    if first_day is None:
        return open_
    return or_(open_, CaseRow.reply_due >= first_day, CaseRow.closed_on >= first_day)


def open_states(office: Office) -> tuple[str, ...]:
    """States in which a due day still means something to somebody."""
    return tuple(
        name for name, state in office.law.states.items() if state.stage not in ("done", "void")
    )


def changes_of(unit: Unit, row: CaseRow) -> list[DueChange]:
    """What moved in a case, the earliest first."""
    return [
        _change(found, row.number, row.request, row.agency.code)
        for found in unit.session.scalars(_CHANGES, {"case": row.id})
    ]


_CHANGES = (
    select(DueChangeRow).where(DueChangeRow.case_id == bindparam("case")).order_by(DueChangeRow.id)
)
_MOVED_SINCE = (
    select(DueChangeRow, CaseRow.number, CaseRow.request, AgencyRow.code)
    .join(CaseRow, CaseRow.id == DueChangeRow.case_id)
    .join(AgencyRow, AgencyRow.id == CaseRow.agency_id)
    .where(
        AgencyRow.code.in_(bindparam("bodies", expanding=True)),
        # Asked first: mostly nothing has moved since.
        exists().where(aliased(DueChangeRow).id > bindparam("last")),
        DueChangeRow.id > bindparam("last"),
        CaseRow.state.in_(bindparam("states", expanding=True)),
    )
    .order_by(DueChangeRow.id)
)


def with_changes(steps: list[dict[str, str]], changes: Iterable[DueChange]) -> list[dict[str, str]]:
    """The applicant's steps with the days that moved among them, in order of days."""
    told = [
        {"on": change.recorded_at.date().isoformat(), "text": change.public_text}
        for change in changes
        if change.told
    ]
    return sorted([*steps, *told], key=lambda step: step["on"]) if told else steps


class DueChanges:
    """What moved, for those concerned; and the watch over the installed calendars."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def of_case(self, file: CaseFile) -> list[DueChange]:
        """What moved in a case that the caller has been shown already, the earliest first."""
        with self.office.store.read() as unit:
            return [
                _change(found, file.number, file.title, file.agency)
                for found in unit.session.scalars(_CHANGES, {"case": file.id})
            ]

    def unseen(self, staff: Staff) -> list[DueChange]:
        """Open cases of the person's bodies whose due day moved since they last put the notice away:
        one line for each, from the day they knew to the day in force."""
        bodies = permissions.bodies_for(self.office.law, "see_moved_days", staff)
        if not bodies:
            return []
        with self.office.store.read() as unit:
            seen = unit.session.get(DueChangeSeenRow, staff.id)
            last = seen.last if seen else 0
            asked = {"bodies": list(bodies), "last": last, "states": list(open_states(self.office))}
            by_case: dict[int, list[DueChange]] = {}
            for found, number, request, code in unit.session.execute(_MOVED_SINCE, asked):
                change = _change(found, number, request, code)
                by_case.setdefault(found.case_id, []).append(change)
            codes = {case: changes[0].agency for case, changes in by_case.items()}
            theirs = seen_by(self.office, unit, staff, codes)
        told = [changes for case, changes in by_case.items() if case in theirs]
        joined = [_joined([c for c in changes if c.told]) for changes in told]
        return [change for change in joined if change is not None]

    @retried
    def put_away(self, staff: Staff, last: int) -> None:
        """The person has read the notice up to this change; later ones show again."""
        with self.office.store.write() as unit:
            row = unit.session.get(DueChangeSeenRow, staff.id)
            if row is None:
                unit.session.add(DueChangeSeenRow(user_id=staff.id, last=last))
            else:
                row.last = max(row.last, last)

    def follows(self) -> bool:
        """Whether the rows of the store follow the calendars and the law's tables that are installed."""
        with self.office.store.read() as unit:
            as_installed = _known(unit) == calendars.fingerprints()
            return as_installed and unit.stamp("law") == self.office.law.fingerprint

    @retried
    def follow_calendars(self) -> int:
        """Compare the installed calendars with those that the store's due days follow, and compute
        again what they move. Done at start-up and after a migration, never for a request.

        Returns how many due days moved.
        """
        installed = calendars.fingerprints()
        with self.office.store.read() as unit:
            if _known(unit) == installed:
                return 0
        with self.office.store.write_rules() as unit:
            known = _known(unit)
            if known == installed:
                return 0
            unit.set_stamp("calendars", json.dumps(installed, sort_keys=True))
            unit.rules_changed()
            changed = sorted(
                key
                for key in {*installed, *(known or {})}
                if installed.get(key) != (known or {}).get(key)
            )
            if known is None:
                first, reason = None, "按现在的放假安排重新计算"
            else:
                years = sorted({int(key.rpartition("/")[2]) for key in changed})
                first = date(years[0], 1, 1)
                reason = f"{_layers_in_words(changed)}放假安排公布或者变动"
            moved = recompute(
                self.office, unit, touched_from(self.office, first), "calendar", reason, "system"
            )
            take_back_of_bodies(self.office, unit, unit.agencies(), "calendar")
            return moved

    @retried
    def follow_law(self) -> int:
        """Compare the law's tables with those that the store's rows follow, and fold all cases anew
        where they changed (docs/changing-the-law.md). Done when the calendars are looked at.

        Returns how many due days moved.
        """
        installed = self.office.law.fingerprint
        with self.office.store.read() as unit:
            if unit.stamp("law") == installed:
                return 0
        with self.office.store.write_rules() as unit:
            unit.set_stamp("law", installed)
            unit.rules_changed()
            everything = CaseRow.id.is_not(None)
            moved = recompute(
                self.office, unit, everything, "law", "法律规定的期限或者办理规则变动", "system"
            )
            take_back_of_bodies(self.office, unit, unit.agencies(), "law")
            return moved


def _known(unit: Unit) -> dict[str, str] | None:
    text = unit.stamp("calendars")
    found: dict[str, str] | None = json.loads(text) if text else None
    return found


def _layers_in_words(keys: list[str]) -> str:
    """全国 2027 年、云南省文山州 2027 年."""
    shown = [f"{layer} {year} 年" for layer, _, year in (key.rpartition("/") for key in keys)]
    return "、".join(shown[:4]) + ("等" if len(shown) > 4 else "")


def _change(found: DueChangeRow, number: str, title: str, agency: str) -> DueChange:
    told = found.old_next_due != found.new_next_due
    old, new, of = (
        (found.old_next_due, found.new_next_due, KINDS.get(found.kind, "期限"))
        if told
        else (found.old_reply_due, found.new_reply_due, KINDS["reply"])
    )
    return DueChange(
        found.id, number, agency, title, found.recorded_at, found.actor, found.cause,
        found.reason, old, new, of, told,
    )  # fmt: skip


def _joined(changes: list[DueChange]) -> DueChange | None:
    """Several moves of one deadline as one; None where in the end nothing has moved."""
    if not changes:
        return None
    last = changes[-1]
    old = next(change.old for change in changes if change.of == last.of)
    return replace(last, old=old) if old != last.new else None
