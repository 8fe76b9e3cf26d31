"""A published table as whole cases: the docket whose tally gives the table back.

Per column the table says how many were new or carried in, how each ended, and how many stayed open.
Carried-in cases are received in December before; every ending gets the events that the law asks for;
disputes follow replies of the year before, so that they add nothing to table 3.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from config.law import Law
from workflow.rules.calendar import Calendar

Docket = dict[str, Any]
Event = dict[str, Any]

APPEALABLE = "not_existing"
"""An outcome that may be reviewed or sued at once, at any time."""
RESULTS = {
    "review": {"upheld": "upheld", "corrected": "quashed", "other": "terminated"},
    "suit": {"upheld": "claim_dismissed", "corrected": "quashed", "other": "withdrawn"},
}


def docket_of(
    agency: Mapping[str, Any],
    year: int,
    table3: Mapping[str, Mapping[str, int | None]],
    table4: Mapping[str, Mapping[str, int | None]],
    law: Law,
    calendar: Calendar,
) -> Docket:
    """The docket of a sound table (its sums must hold). Cells left blank are 0."""
    playing = _Playing(year, law, calendar)
    for column in law.formats.applicant_columns():
        playing.column(column, {row: cells[column] or 0 for row, cells in table3.items()})
    for block in law.formats.blocks:
        playing.block(block, {cell: n or 0 for cell, n in table4[block].items()})
    return {
        "agency": dict(agency),
        "settings": {"fee_policy": "by_page", "online_confirmation": "submission"},
        "cases": playing.cases,
    }


class _Playing:
    def __init__(self, year: int, law: Law, calendar: Calendar) -> None:
        self.year = year
        self.law = law
        self.calendar = calendar
        self.cases: list[Docket] = []
        self.outcomes = self._outcomes_by_row()
        self.earlier: dict[tuple[str, str], str] = {}
        # Asking for reasons (条例35) exists since May 2019; a fee's 20 working days must still end
        # within the year; what was carried in must not be answered before the year begins.
        first = date(2019, 5, 20) if year == 2019 else date(year, 1, 2)
        self.receipts = self._workdays(first, date(year, 10, 20))
        self.autumn = self._workdays(date(year, 11, 20), date(year, 12, 20))
        december = self._workdays(date(year - 1, 12, 14), date(year - 1, 12, 28))
        self.before = [day for day in december if calendar.add(day, 7).year == year]

    def _workdays(self, first: date, last: date) -> list[date]:
        days, day = [], self.calendar.on_or_after(first)
        while day <= last:
            days.append(day)
            day = self.calendar.add(day, 1)
        return days

    def _outcomes_by_row(self) -> dict[str, str]:
        """Row of either format → an outcome that counts there by default."""
        found: dict[str, str] = {}
        for outcome in self.law.outcomes.values():
            if outcome.code == "already_public":
                continue
            found.setdefault(outcome.row, outcome.code)
            found.setdefault(self.law.formats.row_in(outcome.row, "2019"), outcome.code)
        found["other"] = found["other_misc"]
        return found

    # -- table 3 ----------------------------------------------------------------------------------------

    def column(self, column: str, n: Mapping[str, int]) -> None:
        """All cases of one column: those carried in are answered first, the last ones stay open."""
        outside = ("new_received", "carried_in", "total", "carried_out")
        endings: list[str | None] = [
            self.outcomes[row]
            for row, count in n.items()
            if row not in outside
            for _ in range(count)
        ]
        endings += [None] * n["carried_out"]
        for index, outcome in enumerate(endings):
            carried_in = index < n["carried_in"]
            if carried_in:
                day = self.before[index % len(self.before)]
            else:
                days = self.receipts if outcome else self.autumn
                total = max(1, n["new_received"])
                day = days[(index - n["carried_in"]) * len(days) // total % len(days)]
            events = list(self._events(day, outcome, index, column))
            self.cases.append(self._case(column, events))

    def _case(self, column: str, events: list[Event]) -> Docket:
        ref = f"{len(self.cases) + 1:05d}"
        return {"ref": ref, "applicants": [{"category": column}], "events": events}

    def _events(
        self, day: date, outcome: str | None, index: int, column: str = "natural_person"
    ) -> Iterator[Event]:
        channel = ("in_person", "portal", "ems")[index % 3]
        yield {"event": "receive", "on": f"{day}", "channel": channel}
        later = self._later
        if outcome is None:
            yield {"event": "assign", "on": later(day, 1)}
            return
        if outcome in ("correction_lapsed", "unclear_after_correction"):
            notice = later(day, 2)
            yield {
                "event": "require_correction",
                "on": notice,
                "reached_on": notice,
                "period_days": 10,
            }
            if outcome == "correction_lapsed":
                lapse = self.calendar.add(self.calendar.add(day, 2), 10) + timedelta(1)
                yield {"event": "lapse_correction", "on": f"{lapse}"}
                return
            yield {"event": "correct", "on": later(day, 5)}
        if outcome == "fee_unpaid":
            notice = later(day, 8)
            yield {
                "event": "charge_fee",
                "on": notice,
                "reached_on": notice,
                "mode": "by_page",
                "pages": 57,
            }
            yield {
                "event": "lapse_fee",
                "on": f"{self.calendar.add(self.calendar.add(day, 8), 20) + timedelta(1)}",
            }
            return
        if outcome == "third_party_rights":
            yield {
                "event": "consult_third_party",
                "on": later(day, 2),
                "reached_on": later(day, 3),
                "consultation": 1,
            }
            yield {
                "event": "record_opinion",
                "on": later(day, 6),
                "consultation": 1,
                "opinion": "objects",
            }
        if outcome == "excessive" and self.year >= 2020:
            yield {"event": "ask_reasons", "on": later(day, 2)}
            yield {"event": "give_reasons", "on": later(day, 4), "accepted": False}
        proposal: Event = {"event": "propose_outcome", "on": later(day, 7), "outcome": outcome}
        if "earlier_reply" in self.law.outcomes[outcome].needs:
            before = APPEALABLE if outcome == "repeat" else "supplied"
            proposal["earlier_reply"] = self._earlier_case(column, before)
        yield proposal
        served = later(day, 9 + index % 5)
        yield {
            "event": "serve",
            "on": served,
            "method": "mail",
            "posted_on": served,
            "carrier": "中国邮政",
        }

    def _later(self, day: date, workdays: int) -> str:
        return self.calendar.add(day, workdays).isoformat()

    def _earlier_case(self, column: str, outcome: str) -> str:
        """A case of an applicant of the same column, answered two years before, for what repeats it."""
        known = self.earlier.get((column, outcome))
        if known is None:
            case = self._answered(date(self.year - 2, 3, 1), column, outcome)
            self.cases.append(case)
            known = self.earlier[(column, outcome)] = case["ref"]
        return known

    def _answered(
        self, day: date, column: str = "natural_person", outcome: str = APPEALABLE
    ) -> Docket:
        """A case outside the table's year, received on the day and answered soon."""
        day = self.calendar.on_or_after(day)
        case = self._case(column, list(self._events(day, outcome, 0, column)))
        case["ref"] = f"X{case['ref']}"
        return case

    # -- table 4 ----------------------------------------------------------------------------------------

    def block(self, block: str, n: Mapping[str, int]) -> None:
        """Disputes over replies of the year before: concluded in the year, or open on 31 December."""
        month, day = (5, 6) if block == "suit_after_review" else (10, 8)
        for cell in ("upheld", "corrected", "other", "pending"):
            for index in range(n[cell]):
                case = self._answered(date(self.year - 1, month, day) + timedelta(index % 20))
                case["events"].extend(self._dispute(block, cell))
                self.cases.append(case)

    def _dispute(self, block: str, cell: str) -> Iterator[Event]:
        before, year = self.year - 1, self.year
        if block == "review":
            yield {"event": "file_review", "on": f"{before}-12-02"}
            if cell != "pending":
                result = RESULTS["review"][cell]
                yield {"event": "conclude_review", "on": f"{year}-02-20", "result": result}
            return
        filed = f"{before}-12-02"
        if block == "suit_after_review":
            yield {"event": "file_review", "on": f"{before}-07-15"}
            yield {"event": "conclude_review", "on": f"{before}-09-20", "result": "upheld"}
            filed = f"{before}-09-30"
        via = block.removeprefix("suit_")
        yield {"event": "file_suit", "on": filed, "via": via, "instance": "first"}
        if cell != "pending":
            result = RESULTS["suit"][cell]
            yield {"event": "conclude_suit", "on": f"{year}-05-20", "result": result}
