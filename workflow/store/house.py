"""A transaction in which bodies, their settings and days, and people are read and written."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Executable, Result, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from workflow.rules.national import Entry
from workflow.store.at_hand import agency_of
from workflow.store.chosen import permitted
from workflow.store.dialect import among
from workflow.store.models import (
    AgencyRow,
    ApplicantRow,
    CalendarDayRow,
    CaseRow,
    NationalDayRow,
    PublishedYearRow,
    RoleRow,
    SettingRow,
    UserRow,
)
from workflow.store.prepared import Prepared
from workflow.store.reading import KEPT
from workflow.store.transaction import Transaction

_NAMES = Prepared(
    select(UserRow.__table__.c.name, UserRow.__table__.c.display_name)
    .join(RoleRow.__table__)
    .where(RoleRow.__table__.c.agency_id == bindparam("body"), UserRow.__table__.c.active)
)
_SHOWN = select(UserRow.__table__.c.name, UserRow.__table__.c.display_name).where(
    UserRow.__table__.c.name.in_(bindparam("names", expanding=True)), UserRow.__table__.c.active
)
FEW = 8
"""So many names are asked for by one prepared statement."""
_SHOWN_FEW = Prepared(
    select(UserRow.__table__.c.name, UserRow.__table__.c.display_name).where(
        UserRow.__table__.c.name.in_([bindparam(f"name_{n}") for n in range(FEW)]),
        UserRow.__table__.c.active,
    )
)


class House(Transaction):
    """What can be asked of the house and said to it within one transaction."""

    def ask(self, query: Executable, **values: Any) -> Result[*tuple[Any, ...]]:
        """What a query gives that was built once over the tables, with values for its parameters."""
        if self._session is not None and KEPT not in self._session.info:
            self._session.flush()
        return self.connection.execute(query, values)

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
            query = query.where(among(AgencyRow.id, ids))
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
        rows = self.session.scalars(query.order_by(SettingRow.holds_from, SettingRow.id))
        return permitted(rows, lambda row: row.name, lambda row: row.value)

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
        query = select(PublishedYearRow).where(among(PublishedYearRow.agency_id, list(agency_ids)))
        return list(self.session.scalars(query.order_by(PublishedYearRow.year)))

    # -- people ------------------------------------------------------------------------------------

    def user(self, name: str) -> UserRow | None:
        """The person of that user name."""
        query = select(UserRow).where(UserRow.name == name)
        found = self.session.scalars(query.options(joinedload(UserRow.roles)))
        return found.unique().one_or_none()

    def display_names(self, names: Iterable[str]) -> dict[str, str]:
        """The names in full of those of these user names who still work here."""
        wanted = list(names)
        if not wanted:
            return {}
        if len(wanted) <= FEW:
            self.flush()
            places = {f"name_{n}": wanted[min(n, len(wanted) - 1)] for n in range(FEW)}
            return dict(_SHOWN_FEW.rows(self.connection, places))
        return {name: shown for name, shown in self.ask(_SHOWN, names=wanted)}

    def staff_of(self, agency: AgencyRow) -> list[UserRow]:
        """Everybody who holds a role in the body, or, where it has ended, in one that goes on with its
        duties, longest known first."""
        bodies = [agency.id]
        if agency.until is not None:
            bodies += [body.id for body in self.successors_of(agency)]
        holding = select(RoleRow.user_id).where(RoleRow.agency_id.in_(bodies))
        query = select(UserRow).where(UserRow.id.in_(holding)).order_by(UserRow.id)
        return list(self.session.scalars(query.options(selectinload(UserRow.roles))))

    def names_of_staff(self, agency: AgencyRow) -> dict[str, str]:
        """The active ones of `staff_of`: the name in full for each user name."""
        if agency.until is not None:
            return {row.name: row.display_name for row in self.staff_of(agency) if row.active}
        return dict(_NAMES.rows(self.connection, {"body": agency.id}))
