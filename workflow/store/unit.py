"""The unit of work: a transaction with the few ways in which the store is read and written.

Only `append` writes what follows from a case's log, and it writes log row and case row together.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, undefer

from workflow.case.case import Case
from workflow.case.facts import Header, Logged
from workflow.case.number import number_of
from workflow.rules.national import Entry
from workflow.store.at_hand import Head, heads_of
from workflow.store.chain import opening_hash
from workflow.store.engine import reading_engine, writing_engine
from workflow.store.models import (
    AgencyRow,
    ApplicantRow,
    Base,
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
from workflow.store.prepared import Prepared
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

_STAMP = Prepared(
    select(StampRow.__table__.c.value).where(StampRow.__table__.c.name == bindparam("called"))
)
_NAMES = Prepared(
    select(UserRow.__table__.c.name, UserRow.__table__.c.display_name)
    .join(RoleRow.__table__)
    .where(RoleRow.__table__.c.agency_id == bindparam("body"), UserRow.__table__.c.active)
)


class Store:
    """A database with an engine for writing and one for reading."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._writing: Engine = writing_engine(url)
        self._reading: Engine = reading_engine(url)

    @contextmanager
    def write(self) -> Iterator["Unit"]:
        """One transaction: everything or nothing."""
        with self._writing.begin() as connection:
            unit = Unit(connection=connection)
            try:
                yield unit
                unit.flush()
            finally:
                unit.close()

    @contextmanager
    def read(self) -> Iterator["Unit"]:
        with Session(self._reading, expire_on_commit=False) as session:
            yield Unit(session)

    @property
    def engine(self) -> Engine:
        return self._writing

    def close(self) -> None:
        self._writing.dispose()
        self._reading.dispose()


class Unit:
    """What can be asked of the store and said to it within one transaction."""

    def __init__(
        self, session: Session | None = None, *, connection: Connection | None = None
    ) -> None:
        """Over a session, or over a connection whose session is made when it is first asked for."""
        self._session, self._connection = session, connection
        self._loose: list[Base] = []
        self._rules_mark: str | None = None

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = Session(self._connection, expire_on_commit=False)
        self._session.add_all(self._loose)
        self._loose.clear()
        return self._session

    def attach(self) -> None:
        """Let what hangs on the cases at hand be read: before it is asked for without the session."""
        assert self.session is not None

    @property
    def connection(self) -> Connection:
        """That of the session. What it has not flushed, statements here do not see."""
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection

    def flush(self) -> None:
        """Write what the session has not written yet."""
        if self._session is not None:
            self._session.flush()

    def close(self) -> None:
        if self._session is not None:
            self._session.close()

    # -- bodies, their settings and days ---------------------------------------------------------

    def agency(self, code: str) -> AgencyRow | None:
        return self.session.scalar(select(AgencyRow).where(AgencyRow.code == code))

    def agencies(self) -> list[AgencyRow]:
        return list(self.session.scalars(select(AgencyRow).order_by(AgencyRow.id)))

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
        found = _STAMP.rows(self.connection, {"called": name})
        return found[0][0] if found else None

    def set_stamp(self, name: str, value: str) -> None:
        self.session.merge(StampRow(name=name, value=value))
        self.session.flush()

    def rules_changed(self) -> None:
        """Settings or days changed: rules that were made before do not hold any more. The mark is
        random, so that one of a transaction that was rolled back never comes again."""
        self._rules_mark = secrets.token_hex(8)
        self.set_stamp("rules", self._rules_mark)

    @property
    def rules_mark(self) -> str:
        """Under which mark rules made in this transaction may be kept; asked of the store once."""
        if self._rules_mark is None:
            self._rules_mark = self.stamp("rules") or ""
        return self._rules_mark

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

    def names_of_staff(self, agency: AgencyRow) -> dict[str, str]:
        """The active ones of `staff_of`: the name in full for each user name."""
        if agency.until is not None:
            return {row.name: row.display_name for row in self.staff_of(agency) if row.active}
        return dict(_NAMES.rows(self.connection, {"body": agency.id}))

    # -- cases -------------------------------------------------------------------------------------

    def next_number(self, agency: AgencyRow, year: int) -> str:
        """The next request number of the body and year: 2026-0012."""
        row = self.session.scalar(
            select(NumberRow)
            .where(NumberRow.agency_id == agency.id, NumberRow.year == year)
            .with_for_update()
        )
        if row is None:
            row = NumberRow(agency_id=agency.id, year=year, last=0)
            self.session.add(row)
        row.last += 1
        self.session.flush()
        return number_of(year, row.last)

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

    def case_row(
        self, agency_ids: Iterable[int], number: str, *, lock: bool = False
    ) -> CaseRow | None:
        query = (
            select(CaseRow)
            .where(CaseRow.agency_id.in_(list(agency_ids)), CaseRow.number == number)
            .options(
                selectinload(CaseRow.applicants),
                selectinload(CaseRow.log),
                joinedload(CaseRow.agency),
            )
        )
        return self.session.scalar(query.with_for_update(of=CaseRow) if lock else query)

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
        found = self.session.scalars(query.with_for_update(of=CaseRow) if lock else query)
        return list(found.unique())

    def by_query_hash(self, query_hash: str) -> CaseRow | None:
        """The case with its body; its log is not read yet."""
        return self.session.scalar(
            select(CaseRow)
            .where(CaseRow.query_hash == query_hash)
            .options(joinedload(CaseRow.agency))
        )

    def by_submit_key(self, key: str) -> CaseRow | None:
        return self.session.scalar(select(CaseRow).where(CaseRow.submit_key == key))

    def heads_of(self, codes: Collection[str], number: str) -> list[Head]:
        """The cases of that number, one for each body at most, locked for being moved."""
        found = heads_of(self.connection, codes, number)
        if found:
            self._rules_mark = found[0].mark or ""
        return found

    def put_at_hand(self, row: CaseRow) -> None:
        """The row of the case that is moved. It comes into the session when the session is asked for."""
        self._loose = [row.agency, row]
        if row.held_by is not None:
            self.attach()

    def only_at_hand(self, row: CaseRow) -> bool:
        """It is at hand and was never in the session: there is nothing to it but its columns."""
        return row in self._loose

    def applied_once(self, row: CaseRow, once: str) -> bool:
        return any(line.once == once for line in row.log)

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
        before = row.head_hash if row.length else opening_hash(row)
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
        return changed

    def watch(self, row: CaseRow, known: set[Watched], wanted: set[Watched]) -> None:
        """Bring the watched days of a case from those that it has to those that follow from its log."""
        write_watched(self.connection, row.id, row.agency_id, known, wanted)
