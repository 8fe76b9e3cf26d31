"""The unit of work: a transaction with the few ways in which the store is read and written.

Only `append` writes what follows from a case's log, and it writes log row and case row together.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, undefer

from workflow.case.case import Case
from workflow.case.facts import Header, Logged
from workflow.case.number import number_of
from workflow.rules.national import Entry
from workflow.store.at_hand import Head, agency_of, heads_of, new_row
from workflow.store.chain import hash_before
from workflow.store.counts import Place, change_counts, words_of_year
from workflow.store.models import (
    AgencyRow,
    ApplicantRow,
    CalendarDayRow,
    CaseRow,
    EndedSessionRow,
    NationalDayRow,
    PublishedYearRow,
    RoleRow,
    SettingRow,
    UserRow,
)
from workflow.store.prepared import Prepared
from workflow.store.reading import KEPT
from workflow.store.rules_mark import MARK
from workflow.store.sealed import Secrets, new_salt
from workflow.store.transaction import Transaction
from workflow.store.writing import (
    Watched,
    applicant_values,
    case_values,
    event_values,
    known_watched,
    opening_values,
    watched_values,
    write_lines,
    write_number,
    write_opening,
    write_row,
    write_watched,
)

_NAMES = Prepared(
    select(UserRow.__table__.c.name, UserRow.__table__.c.display_name)
    .join(RoleRow.__table__)
    .where(RoleRow.__table__.c.agency_id == bindparam("body"), UserRow.__table__.c.active)
)
_SUBMITTED = Prepared(
    select(CaseRow.__table__.c.id).where(CaseRow.__table__.c.submit_key == bindparam("key"))
)
WORDS = "words"
"""Of a transaction: what was read of the kept counts."""


def _locking(query: Select[CaseRow]) -> Select[CaseRow]:
    """For moving a case: nobody else moves it until this transaction has ended. Messages about it may be
    written meanwhile."""
    return query.with_for_update(of=CaseRow, key_share=True)


class Unit(Transaction):
    """What can be asked of the store and said to it within one transaction."""

    def __init__(
        self, session: Session | None = None, *, connection: Connection | None = None
    ) -> None:
        super().__init__(session, connection=connection)
        self._counted: Counter[Place] = Counter()

    def flush(self) -> None:
        super().flush()
        self.settle()

    def kept(self, of: Any, make: Callable[[], Any]) -> Any:
        """What was made of rows that were read; where nothing is written it is made once in a view."""
        known = self.info.get(KEPT)
        if known is None:
            return make()
        if of not in known:
            known[of] = make()
        return known[of]

    # -- bodies, their settings and days ---------------------------------------------------------

    def agency(self, code: str) -> AgencyRow | None:
        return self.session.scalar(select(AgencyRow).where(AgencyRow.code == code))

    def agency_at_hand(self, code: str) -> AgencyRow | None:
        """The same for who needs its columns; the rest of it once the session is asked for."""
        found = agency_of(self.connection, code)
        self.come_along(found)
        return found

    def agencies(self, ids: Collection[int] | None = None) -> list[AgencyRow]:
        """All bodies, or those of these ids, in order."""
        query = select(AgencyRow).order_by(AgencyRow.id)
        if ids is not None:
            query = query.where(AgencyRow.id.in_(ids))
        return list(self.session.scalars(query))

    def add_agency(self, **fields: Any) -> AgencyRow:
        row = AgencyRow(**fields)
        self.session.add(row)
        self.session.flush()
        return row

    def successors_of(self, agency: AgencyRow) -> list[AgencyRow]:
        """The bodies that go on with the duties of a body, the next one first."""
        line: list[AgencyRow] = []
        here: AgencyRow | None = agency
        while here is not None and here.successor is not None:
            here = self.agency(here.successor)
            if here is None or here in line:
                break
            line.append(here)
        return line

    def ancestors(self, agency: AgencyRow) -> list[AgencyRow]:
        """The body and those above it, outermost first."""
        line, here = [agency], agency
        while here.parent_id is not None:
            above = self.session.get(AgencyRow, here.parent_id)
            assert above is not None
            line.insert(0, above)
            here = above
        return line

    def setting_rows(self, agency: AgencyRow, name: str | None = None) -> list[SettingRow]:
        """Everything the body ever chose, by the day from which it holds, then as it was recorded."""
        query = select(SettingRow).where(SettingRow.agency_id == agency.id)
        if name is not None:
            query = query.where(SettingRow.name == name)
        return list(self.session.scalars(query.order_by(SettingRow.holds_from, SettingRow.id)))

    def settings_at(self, agency: AgencyRow, day: date) -> dict[str, Any]:
        """What the body has chosen and what holds on the day; defaults are not included."""
        return {row.name: row.value for row in self.setting_rows(agency) if row.holds_from <= day}

    def set_setting(
        self,
        agency: AgencyRow,
        name: str,
        value: Any,
        holds_from: date,
        reason: str,
        actor: str = "system",
        recorded_at: datetime | None = None,
    ) -> None:
        """A further row; an earlier one for the same day stays as history."""
        self.session.add(
            SettingRow(
                agency_id=agency.id, name=name, value=value, holds_from=holds_from, reason=reason,
                actor=actor, recorded_at=recorded_at,
            )
        )  # fmt: skip
        self.rules_changed()

    def day_rows(self, agency: AgencyRow) -> list[CalendarDayRow]:
        """Every entry about the body's own days, as they were recorded."""
        query = select(CalendarDayRow).where(CalendarDayRow.agency_id == agency.id)
        return list(self.session.scalars(query.order_by(CalendarDayRow.id)))

    def own_days(self, agency: AgencyRow) -> list[CalendarDayRow]:
        """The body's own days that are in force, in order."""
        last = {row.day: row for row in self.day_rows(agency)}
        return [last[day] for day in sorted(last) if last[day].works is not None]

    def add_day(
        self,
        agency: AgencyRow,
        day: date,
        works: bool | None,
        source: str,
        actor: str = "system",
        recorded_at: datetime | None = None,
    ) -> None:
        """A further entry about a day; works None takes it back."""
        self.session.add(
            CalendarDayRow(
                agency_id=agency.id, day=day, works=works, source=source, actor=actor,
                recorded_at=recorded_at,
            )
        )  # fmt: skip
        self.rules_changed()

    def national_entries(self) -> list[Entry]:
        """Everything that was loaded of the nation's days, as it was recorded."""
        rows = self.session.scalars(select(NationalDayRow).order_by(NationalDayRow.id))
        return [
            Entry(row.notice, row.year, row.day, row.works, row.actor, row.recorded_at)
            for row in rows
        ]

    def add_national(self, entries: Iterable[Entry]) -> None:
        """Further entries about days of the nation."""
        self.session.add_all(NationalDayRow(**asdict(entry)) for entry in entries)
        self.rules_changed()

    def any_sealed(self) -> tuple[bytes, str, int] | None:
        """Something that was sealed with the installation's key, with the salt and the id of its case."""
        query = (
            select(ApplicantRow.sealed, CaseRow.code_salt, ApplicantRow.case_id)
            .join(CaseRow, CaseRow.id == ApplicantRow.case_id)
            .where(ApplicantRow.sealed.is_not(None))
        )
        found = self.session.execute(query.limit(1)).first()
        return (found.sealed, found.code_salt, found.case_id) if found else None

    def published_year(self, agency: AgencyRow, year: int) -> PublishedYearRow | None:
        return self.session.scalar(
            select(PublishedYearRow).where(
                PublishedYearRow.agency_id == agency.id, PublishedYearRow.year == year
            )
        )

    def published_years(self, agency_ids: Iterable[int]) -> list[PublishedYearRow]:
        """The published years of the bodies, oldest first."""
        query = select(PublishedYearRow).where(PublishedYearRow.agency_id.in_(list(agency_ids)))
        return list(self.session.scalars(query.order_by(PublishedYearRow.year)))

    # -- people ------------------------------------------------------------------------------------

    def user(self, name: str, session: str | None = None) -> UserRow | None:
        """The person of that user name; with the mark of a session only while it was not signed out of."""
        query = select(UserRow).where(UserRow.name == name)
        if session is not None:
            query = query.where(~exists().where(EndedSessionRow.mark == session))
        found = self.session.scalars(query.options(joinedload(UserRow.roles)))
        return found.unique().one_or_none()

    def end_session(self, mark: str, now: datetime, kept_from: datetime) -> None:
        """Note that a session was signed out of; forget what ended before `kept_from`."""
        self.session.execute(delete(EndedSessionRow).where(EndedSessionRow.ended_at < kept_from))
        self.session.merge(EndedSessionRow(mark=mark, ended_at=now))

    def display_names(self, names: Iterable[str]) -> dict[str, str]:
        """The names in full of those of these user names who still work here."""
        query = select(UserRow.name, UserRow.display_name).where(
            UserRow.name.in_(list(names)), UserRow.active
        )
        return {name: shown for name, shown in self.session.execute(query)}

    def staff_of(self, agency: AgencyRow) -> list[UserRow]:
        """Everybody who holds a role in the body, or, where it has ended, in one that goes on with its
        duties, longest known first."""
        bodies = [agency.id]
        if agency.until is not None:
            bodies += [body.id for body in self.successors_of(agency)]
        query = select(UserRow).join(RoleRow).where(RoleRow.agency_id.in_(bodies))
        return list(self.session.scalars(query.distinct().order_by(UserRow.id)))

    def names_of_staff(self, agency: AgencyRow) -> dict[str, str]:
        """The active ones of `staff_of`: the name in full for each user name."""
        if agency.until is not None:
            return {row.name: row.display_name for row in self.staff_of(agency) if row.active}
        return dict(_NAMES.rows(self.connection, {"body": agency.id}))

    # -- cases -------------------------------------------------------------------------------------

    def next_number(self, agency: AgencyRow, year: int) -> str:
        """The next request number of the body and year: 2026-0012. Counted up in one step: whoever wants
        the next one waits until this transaction has ended."""
        return number_of(year, write_number(self.connection, agency.id, year))

    def begin_case(
        self,
        agency: AgencyRow,
        header: Header,
        opened_on: date,
        submitted_at: datetime,
        keys: Secrets,
        salt: str,
        private: Iterable[tuple[bytes | None, str | None]],
        **fields: Any,
    ) -> CaseRow:
        """A case without events in the store, and at hand. Its query code follows from the keys and the
        salt; private: what is sealed of each applicant, and the hash of the proof of identity."""
        query_hash = keys.query_hash(header.number, keys.query_code(salt))
        opening = opening_values(
            agency.id, header, opened_on, submitted_at, salt, query_hash, **fields
        )
        case_id = write_opening(self.connection, opening, header, private)
        row = new_row(case_id, opening, agency)
        self.put_at_hand(row)
        return row

    def add_case(
        self,
        agency: AgencyRow,
        header: Header,
        opened_on: date,
        submitted_at: datetime,
        keys: Secrets,
        **fields: Any,
    ) -> CaseRow:
        """A case without events; its applicants carry no sealed data yet. Its query code follows from
        the keys and a salt."""
        salt = new_salt()
        query_hash = keys.query_hash(header.number, keys.query_code(salt))
        row = CaseRow(
            agency=agency,
            applicants=[ApplicantRow(**person) for person in applicant_values(header)],
            **opening_values(
                agency.id, header, opened_on, submitted_at, salt, query_hash, **fields
            ),
        )
        self.session.add(row)
        return row

    def case_row(self, agency_ids: Iterable[int], number: str) -> CaseRow | None:
        query = (
            select(CaseRow)
            .where(CaseRow.agency_id.in_(list(agency_ids)), CaseRow.number == number)
            .options(
                selectinload(CaseRow.applicants),
                selectinload(CaseRow.log),
                joinedload(CaseRow.agency),
            )
        )
        return self.session.scalar(query)

    def cases_numbered(
        self, codes: Iterable[str], number: str, *, lock: bool = False
    ) -> list[CaseRow]:
        """The cases of that number in the bodies of these codes: one for each body at most."""
        query = (
            select(CaseRow)
            .join(CaseRow.agency)
            .where(AgencyRow.code.in_(list(codes)), CaseRow.number == number)
            .options(
                contains_eager(CaseRow.agency),
                joinedload(CaseRow.applicants),
                selectinload(CaseRow.log),
                undefer(CaseRow.some_were_followed),
            )
            .order_by(AgencyRow.id)
        )
        found = self.session.scalars(_locking(query) if lock else query)
        return list(found.unique())

    def by_query_hash(self, query_hash: str, *, lock: bool = False) -> CaseRow | None:
        """The case with its body; its log is not read yet. Without a lock it is asked of the store once in
        a transaction."""
        known: dict[str, CaseRow] = self.session.info.setdefault("by_query_hash", {})
        if lock or query_hash not in known:
            query = (
                select(CaseRow)
                .where(CaseRow.query_hash == query_hash)
                .options(joinedload(CaseRow.agency))
            )
            found = self.session.scalar(_locking(query) if lock else query)
            if found is None:
                return None
            known[query_hash] = found
        return known[query_hash]

    def by_submit_key(self, key: str) -> CaseRow | None:
        found = _SUBMITTED.rows(self.connection, {"key": key})
        return self.session.get(CaseRow, found[0][0]) if found else None

    def heads_of(self, codes: Collection[str], number: str) -> list[Head]:
        """The cases of that number, one for each body at most, locked for being moved."""
        found = heads_of(self.connection, codes, number)
        if found:
            self.info[MARK] = found[0].mark or ""
        return found

    def append(
        self,
        row: CaseRow,
        case: Case,
        line: Logged,
        once: str | None = None,
        watched: set[Watched] | None = None,
    ) -> set[Watched]:
        """Write a line of the log and the case row that follows from it. The row stands in the store.
        watched: the days that are watched so far, if that is known; returns those from now on."""
        if watched is None:
            watched = known_watched(self.connection, row.id) if row.length else set()
        before = row.head_hash if row.length else hash_before(case.header, row.opened_on)
        values = event_values(row.id, line, before, once)
        write_lines(self.connection, [values])
        self.follow(row, case_values(case, values["hash"]))
        wanted = watched_values(case)
        self.watch(row, watched, wanted)
        return wanted

    def follow(self, row: CaseRow, values: Mapping[str, Any]) -> dict[str, Any]:
        """Bring a case row to these values, which follow from its log (`projection`, `case_values`); the
        old ones of what changed."""
        changed = write_row(self.connection, row, values)
        if "held_by" in changed:
            self.session.expire(row, ["holder"])
        if "counted_as" in changed:
            self.recount(row.agency_id, changed["counted_as"], row.counted_as)
        return changed

    def recount(self, agency_id: int, old: str | None, new: str | None) -> None:
        """A case of the body is counted under another word (CaseRow.counted_as); None: under none."""
        if old is not None:
            self._counted[agency_id, old] -= 1
        if new is not None:
            self._counted[agency_id, new] += 1

    def settle(self) -> None:
        """Write what has changed in the kept counts. Done at the end of every transaction that writes, and
        before the counts are read within it."""
        if self._counted:
            change_counts(self.connection, self._counted)
            self._counted.clear()
            self.info.pop(WORDS, None)

    def words(self, agency_ids: Iterable[int], year: int) -> dict[int, dict[str, int]]:
        """By id of the body: the words of which the reports of the year see something, and how many cases
        have each. Asked of the store once within the transaction."""
        self.settle()
        known: dict[tuple[int, int], dict[str, int]] = self.info.setdefault(WORDS, {})
        wanted = list(agency_ids)
        lacking = [body for body in wanted if (body, year) not in known]
        if lacking:
            found = words_of_year(self.connection, lacking, year)
            known |= {(body, year): found.get(body, {}) for body in lacking}
        return {body: known[body, year] for body in wanted}

    def watch(self, row: CaseRow, known: set[Watched], wanted: set[Watched]) -> None:
        """Bring the watched days of a case from those that it has to those that follow from its log."""
        write_watched(self.connection, row.id, row.agency_id, known, wanted)
