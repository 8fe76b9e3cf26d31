"""Dockets: whole cases as a file, played through the one door (contracts/docket.md)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from workflow import events as ev
from workflow.case.alarms import alarms
from workflow.case.remedies import remedy_of_case
from workflow.docket.file import (
    check_docket,
    day_of,
    first_day,
    header_of,
)
from workflow.docket.timeline import local_days
from workflow.refusal import BadInput, Refusal
from workflow.rules.rulebook import merged_settings
from workflow.service.docket.in_hand import CasesInHand
from workflow.service.docket.people import DocketPeople
from workflow.service.docket.reminders import WholeDocket, reminders_of
from workflow.service.docket.steps import Played, Steps
from workflow.service.docket.uncollected import uncollected
from workflow.service.office import Office
from workflow.service.report.tables import Reports
from workflow.store.bulk import Secret
from workflow.store.models import AgencyRow
from workflow.store.retried import retried
from workflow.store.unit import Unit


class Player:
    """Plays a docket into a store, event by event in the order of the days."""

    def __init__(
        self, office: Office, *, strict: bool = False, recorded_on_the_day: bool = False
    ) -> None:
        """strict: fill nothing in. recorded_on_the_day: as if each event had been typed in at once
        (for demonstrations); else the log says that it was recorded now."""
        self.office = office
        self.law = office.law
        self.strict = strict
        self.recorded_on_the_day = recorded_on_the_day

    def play(
        self,
        docket: Any,
        until: int | None = None,
        *,
        reminders: bool = False,
    ) -> dict[str, Any]:
        """The result that `gongkai replay` prints. Raises BadInput if the file is no docket.

        reminders: also every reminder that would have gone out, under `reminders`.
        """
        agency, played = self.written(docket)
        last = date(until, 12, 31) if until else max(_days_of(played), default=self.office.today())
        result = {
            "cases": [self._result(one, last) for one in played],
            "tables": self._tables(agency, played, until),
        }
        if reminders:
            whole = self._whole(agency, played, until)
            result["reminders"] = reminders_of(whole) if whole else []
        return result

    @retried
    def written(self, docket: Any) -> tuple[AgencyRow, list[Played]]:
        """Play the docket and write its cases: its body, and every case with what was refused. Raises
        BadInput if the file is no docket."""
        check_docket(docket)
        with self.office.store.write_rules() as unit:
            agency = self._agency(unit, docket)
            people = DocketPeople(self.office, unit, agency)
            unit.session.flush()
            self.cases = CasesInHand(self.office, unit, agency)
            played = self._open(unit, agency, docket["cases"])
            self._numbers = {one.ref: one.number for one in played}
            redone = {one.case.header.redo_of: one for one in played if one.case.header.redo_of}
            self.steps = Steps(
                self.office,
                self.cases,
                people,
                self.strict,
                self.recorded_on_the_day,
                redone=redone,
            )
            with uncollected():
                for one, position in _in_order_of_days(played):
                    self._step(one, position)
                self.cases.finish()
            for one in played:  # and what it adds itself: a redo may be done anew
                played += [one.redo] if one.redo else []
        return agency, played

    # -- setting up -----------------------------------------------------------------------------------

    def _agency(self, unit: Unit, docket: dict[str, Any]) -> AgencyRow:
        about = docket["agency"]
        row = unit.agency(about["code"])
        if row is None:
            row = self.office.add_agency(
                unit,
                code=about["code"],
                name=about.get("name") or about["code"],
                level=about.get("level") or "township",
                parent=about.get("parent"),
                region=about.get("region"),
            )
        merged_settings(self.law, docket.get("settings") or {})
        now = self.office.now()
        for name, value in (docket.get("settings") or {}).items():
            unit.set_setting(row, name, value, date(2000, 1, 1), "随案卷文件", recorded_at=now)
        own = local_days(docket.get("local_calendar"))
        for days, works in ((own.holidays, False), (own.workdays, True)) if own else ():
            for day in sorted(days):
                unit.add_day(row, day, works, own.name if own else "", recorded_at=now)
        unit.session.flush()
        return row

    def _open(self, unit: Unit, agency: AgencyRow, cases: list[dict[str, Any]]) -> list[Played]:
        """All cases with their numbers, in the order of their first days, so that one can name another."""
        order = sorted(range(len(cases)), key=lambda i: (first_day(cases[i]), i))
        days = [first_day(cases[index]) for index in order]
        given = {
            year: iter(unit.next_numbers(agency, year, count, self.office.keys))
            for year, count in Counter(day.year for day in days).items()
        }
        numbers = {index: next(given[day.year]) for index, day in zip(order, days, strict=True)}
        by_ref = {str(cases[index]["ref"]): numbers[index] for index in order}
        opened = {}
        body = (agency.code, agency.name, agency.level)
        for index, day in zip(order, days, strict=True):
            data = cases[index]
            first = data.get("redo_of")
            redo_of = by_ref.get(first, first) if first else None
            header = header_of(data, body, numbers[index], redo_of)
            people = zip(header.applicants, data.get("applicants") or [], strict=False)
            proofs = [f"name {one.name}" if about.get("name") else None for one, about in people]
            opened[index] = self.cases.open(header, day, [Secret(proof=proof) for proof in proofs])
        return [
            Played(str(data["ref"]), data, opened[index], data.get("events") or [])
            for index, data in enumerate(cases)
        ]

    # -- playing --------------------------------------------------------------------------------------

    def _step(self, one: Played, position: int) -> None:
        entry = one.events[position]
        name = entry.get("event")
        following = [later.get("event") for later in one.events[position + 1 :]]
        one = one.at(name)
        who_filed = ev.names_who_filed(name, entry.get("by"))
        by = None if who_filed else entry.get("by")
        left_out = ("event",) if who_filed else ("event", "by")
        fields = {key: value for key, value in entry.items() if key not in left_out}
        fields = self._with_numbers(fields)
        try:
            event = ev.parse(name, fields)
        except ev.UnknownEvent as error:
            self._refuse(
                one, entry, Refusal("unknown_event", "-", str(error), "请使用规定的事项名称")
            )
            return
        except BadInput as error:
            first = error.errors[0]
            row = self.law.transitions[str(name)]
            message = f"{first.field}：{first.message}"
            self._refuse(
                one, entry, Refusal("bad_field", row.basis, message, "改正这一项之后", first.field)
            )
            return
        one, done = self.steps.step(one, event, by, next(iter(following), None))
        if isinstance(done, Refusal):
            self._refuse(one, entry, done)

    def _with_numbers(self, fields: dict[str, Any]) -> dict[str, Any]:
        """A ref of the docket in `earlier_reply` or `into`, here or in an item, becomes the case's number."""
        for name in ("earlier_reply", "into"):
            if isinstance(fields.get(name), str):
                fields = {**fields, name: self._numbers.get(fields[name], fields[name])}
        if isinstance(fields.get("items"), list):
            items = [self._with_numbers(i) if isinstance(i, dict) else i for i in fields["items"]]
            fields = {**fields, "items": items}
        return fields

    def _refuse(self, one: Played, entry: dict[str, Any], refusal: Refusal) -> None:
        said = {key: value for key, value in refusal.as_dict().items() if key != "field"}
        one.refused.append({"event": entry.get("event"), "on": entry.get("on"), **said})

    # -- what came of it --------------------------------------------------------------------------------

    def _result(self, one: Played, day: date) -> dict[str, Any]:
        """A case as it stands on the last day of the docket; that day decides what is late."""
        case = one.case
        row = case.row
        if row and case.facts.closed_on:
            fmt = self.law.formats.format_of(case.facts.closed_on.year)
            row = self.law.formats.row_in(row, fmt)
        return {
            "ref": one.ref,
            "number": one.number,
            "state": None if case.state == "start" else case.state,
            "outcome": case.facts.outcome,
            "row": row,
            "column": case.columns()[0],
            "deadlines": case.all_deadlines().as_dict(),
            "alarms": [alarm.name for alarm in alarms(case, day)],
            "remedy": list(remedy_of_case(case, day).kinds),
            "refused": one.refused,
        }

    def _tables(self, agency: AgencyRow, played: list[Played], until: int | None) -> dict[str, Any]:
        first = [one.case.received_on.year for one in played if one.case.received_on]
        days = _days_of(played)
        if not days and until is None:
            return {}
        start = min(first, default=min((day.year for day in days), default=until or 0))
        end = until or max(day.year for day in days)
        reports = Reports(self.office)
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency.code)
            return {
                str(year): reports.tables_of(unit, row, year).as_dict()
                for year in range(start, end + 1)
            }

    def _whole(
        self, agency: AgencyRow, played: list[Played], until: int | None
    ) -> WholeDocket | None:
        days = _days_of(played)
        if not days:
            return None
        first, last = min(days), date(until, 12, 31) if until else max(days)
        with self.office.store.read() as unit:
            rules = self.office.rules(unit, self.office.found_agency(unit, agency.code), last)
        cases = tuple((one.ref, one.case) for one in played)
        return WholeDocket(agency.code, agency.level, rules, cases, first, last)


def _days_of(played: list[Played]) -> list[date]:
    """Every day on which something happened or a case was closed."""
    days = [event.on for one in played for event in one.case.events]
    return days + [one.case.facts.closed_on for one in played if one.case.facts.closed_on]


def _in_order_of_days(played: list[Played]) -> Iterator[tuple[Played, int]]:
    steps = []
    for index, one in enumerate(played):
        day = date.min
        for position, entry in enumerate(one.events):
            day = day_of(entry, day)
            steps.append((day, index, position))
    for _, index, position in sorted(steps):
        yield played[index], position
