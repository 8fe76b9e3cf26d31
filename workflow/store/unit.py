"""The unit of work: a transaction with the few ways in which the store is read and written.

Only `append` writes what follows from a case's log, and it writes log row and case row together.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, Select, Table, delete, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, undefer

from workflow.case.case import Case
from workflow.case.facts import Header, Logged
from workflow.case.number import number_of
from workflow.rules.national import Entry
from workflow.store.chain import opening_hash
from workflow.store.dialect import hold_rules, insert_or, wait_in_line
from workflow.store.engine import reading_engine, writing_engine
from workflow.store.models import (
    AgencyRow,
    ApplicantRow,
    CalendarDayRow,
    CaseRow,
    EndedSessionRow,
    NationalDayRow,
    NumberRow,
    PublishedYearRow,
    RoleRow,
    SettingRow,
    StampRow,
    UserRow,
)
from workflow.store.reading import one_view, reading_session, view_of
from workflow.store.retried import told_apart
from workflow.store.rules_mark import MARK, RULES, new_rules_mark
from workflow.store.sealed import Secrets
from workflow.store.writing import (
    Watched,
    applicant_values,
    case_values,
    event_values,
    known_watched,
    opening_values,
    watched_values,
    write_lines,
    write_row,
    write_watched,
)


class Store:
    """A database with an engine for writing and one for reading."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._writing: Engine = writing_engine(url)
        self._reading: Engine = reading_engine(url)

    @contextmanager
    def write(self) -> Iterator["Unit"]:
        """One transaction: everything or nothing. Raises Overtaken where it would overwrite what it has
        not seen; who calls is `retried`."""
        with self._writing_session() as session:
            yield Unit(session)

    @contextmanager
    def write_cases(self) -> Iterator["Unit"]:
        """The same, for what many do at once: it waits for the rows that it locks and sees them as they
        stand then. The rules of the house do not change meanwhile."""
        with self._writing_session() as session:
            wait_in_line(session)
            hold_rules(session, alone=False)
            yield Unit(session)

    @contextmanager
    def write_rules(self) -> Iterator["Unit"]:
        """The same, for what changes the rules by which cases are handled: no case moves meanwhile."""
        with self._writing_session() as session:
            wait_in_line(session)
            hold_rules(session, alone=True)
            yield Unit(session)

    @contextmanager
    def read(self) -> Iterator["Unit"]:
        """One state of the store, whatever is written meanwhile. Within `one_view` all readers share a
        transaction."""
        view = view_of(self._reading)
        reading = reading_session(self._reading) if view is None else view.session()
        with told_apart(), reading as session:
            yield Unit(session)

    def one_view(self) -> AbstractContextManager[None]:
        """What is read within, here and one after the other, is read in one transaction; a new one
        begins where something is written."""
        return one_view(self._reading)

    @contextmanager
    def _writing_session(self) -> Iterator[Session]:
        self._look_anew()
        try:
            with (
                told_apart(),
                Session(self._writing, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        finally:
            self._look_anew()

    def _look_anew(self) -> None:
        view = view_of(self._reading)
        if view is not None:
            view.end()

    @property
    def engine(self) -> Engine:
        return self._writing

    def close(self) -> None:
        self._writing.dispose()
        self._reading.dispose()


def _locking(query: Select[CaseRow]) -> Select[CaseRow]:
    """For moving a case: nobody else moves it until this transaction has ended. Messages about it may be
    written meanwhile."""
    return query.with_for_update(of=CaseRow, key_share=True)


class Unit:
    """What can be asked of the store and said to it within one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # -- bodies, their settings and days ---------------------------------------------------------

    def agency(self, code: str) -> AgencyRow | None:
        return self.session.scalar(select(AgencyRow).where(AgencyRow.code == code))

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

    def any_sealed(self) -> tuple[bytes, str] | None:
        """Something that was sealed with the installation's key, and what it belongs to."""
        query = select(ApplicantRow.sealed, ApplicantRow.case_id).where(
            ApplicantRow.sealed.is_not(None)
        )
        found = self.session.execute(query.limit(1)).first()
        return (found.sealed, f"case {found.case_id}") if found else None

    def stamp(self, name: str) -> str | None:
        row = self.session.get(StampRow, name)
        return row.value if row else None

    def set_stamp(self, name: str, value: str) -> None:
        self.session.merge(StampRow(name=name, value=value))

    def rules_changed(self) -> None:
        """Bodies, settings or days changed: what was made of them before does not hold any more. The
        mark is random, so that one of a transaction that was rolled back never comes again. Whoever works
        by the rules is waited for. Changed rows of bodies make a new mark by themselves."""
        hold_rules(self.session, alone=True)
        new_rules_mark(self.session)
        self.session.flush()

    @property
    def rules_mark(self) -> str:
        """Under which mark may be kept what was made in this transaction of bodies, settings and days;
        asked of the store once."""
        known = self.session.info.get(MARK)
        if known is None:
            known = self.session.info[MARK] = self.stamp(RULES) or ""
        return str(known)

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
        found = self.session.scalars(
            query.options(
                joinedload(UserRow.roles)
                .joinedload(RoleRow.agency)
                .joinedload(AgencyRow.predecessors)
                .joinedload(AgencyRow.predecessors)
            )
        )
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

    # -- cases -------------------------------------------------------------------------------------

    def next_number(self, agency: AgencyRow, year: int) -> str:
        """The next request number of the body and year: 2026-0012. Counted up in one step: whoever wants
        the next one waits until this transaction has ended."""
        table = NumberRow.__table__
        assert isinstance(table, Table)
        counted = insert_or(
            self.session.connection(), table, ("agency_id", "year"), {"last": table.c.last + 1}
        )
        first = {"agency_id": agency.id, "year": year, "last": 1}
        return number_of(year, self.session.scalars(counted.returning(table.c.last), first).one())

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
        salt = secrets.token_hex(16)
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
        """The case with its body; its log is not read yet."""
        query = (
            select(CaseRow)
            .where(CaseRow.query_hash == query_hash)
            .options(joinedload(CaseRow.agency))
        )
        return self.session.scalar(_locking(query) if lock else query)

    def by_submit_key(self, key: str) -> CaseRow | None:
        return self.session.scalar(select(CaseRow).where(CaseRow.submit_key == key))

    def applied_once(self, row: CaseRow, once: str) -> bool:
        return any(line.once == once for line in row.log)

    def append(self, row: CaseRow, case: Case, line: Logged, once: str | None = None) -> None:
        """Write a line of the log and the case row that follows from it. The row stands in the store."""
        connection = self.session.connection()
        before = row.head_hash if row.length else opening_hash(row)
        values = event_values(row.id, line, before, once)
        write_lines(connection, [values])
        self.follow(row, case_values(case, values["hash"]))
        self.watch(row, known_watched(connection, row.id), watched_values(case))

    def follow(self, row: CaseRow, values: Mapping[str, Any]) -> dict[str, Any]:
        """Bring a case row to these values, which follow from its log (`projection`, `case_values`); the
        old ones of what changed."""
        changed = write_row(self.session.connection(), row, values)
        if "held_by" in changed:
            self.session.expire(row, ["holder"])
        return changed

    def watch(self, row: CaseRow, known: set[Watched], wanted: set[Watched]) -> None:
        """Bring the watched days of a case from those that it has to those that follow from its log."""
        write_watched(self.session.connection(), row.id, row.agency_id, known, wanted)
