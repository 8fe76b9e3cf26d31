"""What a body looks over (办理情况): what waits for a signature, what is late and due; who has how much in hand, how
long it takes, what is extended and corrected, and what was lost in reviews and suits, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from workflow import events as ev
from workflow.people import Staff
from workflow.report.tables import figures, score
from workflow.report.tables.figures import Figure
from workflow.report.tables.kept import kept_of
from workflow.rules import permissions
from workflow.rules.calendar import Calendar
from workflow.rules.supervision import DUE, LATE, RETURNED, soon_workdays
from workflow.service.cases.opinions import Opinions
from workflow.service.office import Missing, Office
from workflow.service.report.tables import Reports
from workflow.service.supervision.below import Supervision
from workflow.service.supervision.now import Matter
from workflow.store import dashboards as queries
from workflow.store import kept as kept_queries
from workflow.store import supervision as supervision_queries
from workflow.store import worklist
from workflow.store.bodies import Body
from workflow.store.unit import Unit

ACTION = "look_over"
SIGNING = "approval"
"""The state of a reply that waits for its signature."""
SHOWN = 5
SLOWEST = 10
STEPS = (ev.Extend.name, ev.RequireCorrection.name, "consult_third_party", ev.ChargeFee.name)
CONCLUDED = ("conclude_review", "conclude_suit")


@dataclass(frozen=True, slots=True)
class Line:
    """A case of the body in one of the short lists. what: how it stands, in words; matter: of the lists of a
    supervising body, "" for what waits for a signature."""

    agency: str
    number: str
    title: str
    matter: str = ""
    days: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Slow:
    """A closed application that took long. days: working days from the day after receipt; late: by how many it
    was answered after its last day."""

    number: str
    title: str
    outcome: str | None
    received_on: date
    closed_on: date
    days: int
    late: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A review or suit in which the reply was corrected. kind: review or suit; result: its word in the law's
    table; outcome: what had been replied; why: what was noted at its end."""

    number: str
    kind: str
    case_number: str
    on: date
    result: str
    outcome: str | None
    why: str


@dataclass(frozen=True)
class Dashboard:
    """The page of a body. numbers: of the leader's line, by name (sign, late, due, returned, open). lists: the
    first lines of each. year: what was received, closed and is carried out. steps: how many of the year's
    applications were extended, corrected, and so on. closed, mean, middle: how many were closed in the year and
    how many working days they took; None for none. opinions: how many applicants of the year gave each degree of
    satisfaction (5 is best)."""

    agency: str
    name: str
    year: int
    numbers: Mapping[str, int]
    lists: Mapping[str, tuple[Line, ...]]
    of_year: Mapping[str, int]
    answered_late: int
    closed: int
    mean: float | None
    middle: float | None
    steps: Mapping[str, int]
    of_steps: int
    figures: tuple[Figure, ...]
    slow: tuple[Slow, ...]
    disputes: Mapping[str, int]
    lost: tuple[Lost, ...]
    opinions: Mapping[int, int]


class Dashboards:
    """The use cases of who looks a body over."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law
        self.below = Supervision(office)
        self.reports = Reports(office)
        self.opinions = Opinions(office)

    def bodies(self, staff: Staff) -> list[tuple[str, str]]:
        """The bodies that the person may look over: code and name."""
        with self.office.store.read() as unit:
            codes = permissions.bodies_for(self.law, ACTION, staff)
            return [(body.code, body.name) for body in self.office.tree(unit).of_codes(codes)]

    def page(self, staff: Staff, agency: str | None, year: int) -> Dashboard:
        """All of it. Raises Missing for a body that is not the person's, Denied, BadInput for a year."""
        with self.office.store.read() as unit:
            body = self._body(unit, staff, agency)
            now = self.below.of_body(unit, body)
            signing = self._signing(unit, body)
            lists, numbers = self._lists(unit, now.matters, signing)
            numbers["open"] = now.bodies[body.code].open
            words = unit.words([body.id], year)[body.id]
            closed = [word for word in words if _closed_in(word, year)]
            calendar = self.office.rules_of(unit, body.id, date(year, 12, 31)).calendar
            took = self._took(unit, body, closed, calendar)
            of_year, steps = self._steps(unit, body, words, year)
            load = self._load(unit, body, now.matters)
            people = self._people(unit, body, closed, calendar, year)
            slow = self._slow(unit, body, closed, took, calendar)
            lost = self._lost(unit, body, words, year)
            opinions = self.opinions.in_year(unit, body.id, year)
            name, code = body.name_on(self.office.today()), body.code
        usual = figures.usual_time(Counter({d: sum(p.values()) for d, p in took.items()}))
        drawn = self.reports.figures(code, year)
        table = self.reports.tables(code, year).tables
        late = score.points_of_words(words, year, self.law)["late"]
        return Dashboard(
            code, name, year, numbers, lists,
            {row: table.table3[row]["total"] for row in ("new_received", "carried_in", "total", "carried_out")},
            late, usual[0] if usual else 0, usual[1] if usual else None,
            usual[2] if usual else None, steps, of_year, (load, people, *drawn), slow,
            {f"{block}/{cell}": n for block, cells in table.table4.items() for cell, n in cells.items()},
            lost, opinions,
        )  # fmt: skip

    def _body(self, unit: Unit, staff: Staff, agency: str | None) -> Body:
        mine = permissions.bodies_for(self.law, ACTION, staff)
        if not mine:
            permissions.ask(self.law, ACTION, frozenset())
        if agency is not None and agency not in mine:
            raise Missing(f"没有代码为“{agency}”的机关，或者您不在这个机关办理")
        return self.office.tree(unit).by_code[agency or mine[0]]

    # -- on one screen --------------------------------------------------------------------------------

    def _signing(self, unit: Unit, body: Body) -> tuple[list[int], int]:
        wanted = worklist.Wanted(states=(SIGNING,))
        ids = worklist.in_order(unit, [body.id], wanted, limit=SHOWN)
        return ids, worklist.count_cases(unit, [body.id], wanted)

    def _lists(
        self, unit: Unit, matters: Iterable[Matter], signing: tuple[list[int], int]
    ) -> tuple[dict[str, tuple[Line, ...]], dict[str, int]]:
        by_matter: dict[str, list[Matter]] = {LATE: [], DUE: [], RETURNED: []}
        for one in matters:
            by_matter[one.standing.matter].append(one)
        shown = {name: some[:SHOWN] for name, some in by_matter.items()}
        ids = [*signing[0], *(one.case_id for some in shown.values() for one in some)]
        lines = {line.id: line for line in worklist.lines(unit, list(dict.fromkeys(ids)))}
        codes = self.office.tree(unit).by_id

        def line(case_id: int, matter: str = "", days: int = 0, day: date | None = None) -> Line:
            row = lines[case_id]
            return Line(codes[row.agency_id].code, row.number, row.request, matter, days, day)

        lists = {"sign": tuple(line(id_) for id_ in signing[0])}
        for name, some in shown.items():
            lists[name] = tuple(
                line(one.case_id, name, one.standing.days, one.standing.day) for one in some
            )
        numbers = {"sign": signing[1]} | {name: len(some) for name, some in by_matter.items()}
        return lists, numbers

    # -- the load --------------------------------------------------------------------------------------

    def _load(self, unit: Unit, body: Body, matters: Iterable[Matter]) -> Figure:
        """Open applications by whom they were assigned to last."""
        place = {LATE: 0, DUE: 1}
        matter_of: dict[str, int] = {}
        for one in matters:
            if one.agency == body.code and one.standing.matter in place:
                matter_of[one.number] = place[one.standing.matter]
        by: dict[str, list[int]] = {}
        for number, to in queries.open_assigned(unit, body.id, self.below.open_states):
            by.setdefault(to or "", [0, 0, 0])[matter_of.get(number, 2)] += 1
        late, due, rest = by.pop("", [0, 0, 0])
        names = unit.display_names(by)
        return figures.load(
            {names.get(to, to): (n[0], n[1], n[2]) for to, n in by.items()},
            (late, due, rest),
            soon_workdays(),
        )

    def _people(
        self, unit: Unit, body: Body, closed: list[str], calendar: Calendar, year: int
    ) -> Figure:
        """What was closed in the year, by whom it was assigned to last."""
        by: dict[str, list[int]] = {}
        for came, ended, to in queries.closed_by_whom(unit, body.id, closed):
            by.setdefault(to, []).append(calendar.count(came, ended))
        names = unit.display_names(by)
        return figures.by_whom({names.get(to, to): days for to, days in by.items()}, year)

    # -- how long it takes -----------------------------------------------------------------------------

    def _took(
        self, unit: Unit, body: Body, closed: list[str], calendar: Calendar
    ) -> dict[int, Counter[tuple[date, date]]]:
        """By working days: the days of receipt and closing of the applications of the year, and how many
        have both."""
        found: dict[int, Counter[tuple[date, date]]] = {}
        for came, ended, times in kept_queries.days_of(unit, body.id, closed, ()) if closed else ():
            if ended is not None:
                found.setdefault(calendar.count(came, ended), Counter())[came, ended] += times
        return found

    def _slow(
        self,
        unit: Unit,
        body: Body,
        closed: list[str],
        took: Mapping[int, Counter[tuple[date, date]]],
        calendar: Calendar,
    ) -> tuple[Slow, ...]:
        wanted: list[tuple[date, date]] = []
        number = 0
        for days in sorted(took, reverse=True):
            if number >= SLOWEST:
                break
            wanted.extend(took[days])
            number += sum(took[days].values())
        rows = queries.took(unit, body.id, closed, wanted)
        found = [
            Slow(
                row.number, row.request, row.outcome, row.received_on, row.closed_on,
                calendar.count(row.received_on, row.closed_on),
                calendar.late(row.reply_due, row.closed_on) if row.reply_due else 0,
            )
            for row in rows
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (-one.days, one.number))[:SLOWEST])

    # -- what happened on the way ------------------------------------------------------------------------

    def _steps(
        self, unit: Unit, body: Body, words: Mapping[str, int], year: int
    ) -> tuple[int, dict[str, int]]:
        """How many applications the year saw received or closed, and how many of them met each step."""
        seen = [word for word in words if _seen_in(word, year)]
        found = Counter[str]()
        for case in queries.lines_in_words(unit, body.id, seen, STEPS):
            found.update({event for event, _ in case.lines})
        return sum(words[word] for word in seen), {name: found[name] for name in STEPS}

    def _lost(
        self, unit: Unit, body: Body, words: Mapping[str, int], year: int
    ) -> tuple[Lost, ...]:
        """The disputes that ended in the year with the reply corrected, the last one first."""
        some = [
            word for word in words if score.points_of(kept_of(word), year, self.law)["overturned"]
        ]
        notes = {
            case.number: case for case in queries.lines_in_words(unit, body.id, some, CONCLUDED)
        }
        found = []
        for row in supervision_queries.scored_of(unit, body.id, some):
            case = notes.get(row.number)
            for one in score.overturned_of(row, year, self.law):
                assert one.concluded_on is not None
                said = [
                    str(fields.get("note") or "")
                    for event, fields in (case.lines if case else ())
                    if event == f"conclude_{one.kind}"
                    and fields.get("proceeding") in (None, one.number)
                ]
                found.append(
                    Lost(row.number, one.kind, one.case_number or "", one.concluded_on,
                         one.result or "", case.outcome if case else None, "；".join(filter(None, said)))
                )  # fmt: skip
        return tuple(sorted(found, key=lambda one: (one.on, one.number), reverse=True))


def _closed_in(word: str, year: int) -> bool:
    case = kept_of(word).case
    closed = case.closed_on
    return case.kind == "application" and not case.void and bool(closed and closed.year == year)


def _seen_in(word: str, year: int) -> bool:
    case = kept_of(word).case
    came = case.received_on is not None and case.received_on.year == year
    return case.kind == "application" and not case.void and (came or _closed_in(word, year))
