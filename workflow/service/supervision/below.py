"""What a supervising body sees of the bodies below it, computed when it is asked for: body, number and days,
never a name and nothing of the content; and what it costs them points."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from workflow.dates import in_words
from workflow.people import Staff
from workflow.report.procedure.year_end import target
from workflow.report.tables import score
from workflow.report.tables.kept import kept_of
from workflow.report.tables.score import Ground
from workflow.rules import permissions, supervision
from workflow.rules.supervision import DONE_LATE, LATE, LISTS
from workflow.service.office import Missing, Office
from workflow.service.report.area import Tree as Area
from workflow.service.report.submitted import COUNTED, Submitted, states_of
from workflow.service.report.sums import Dues
from workflow.service.rules.calendars import Calendars
from workflow.service.supervision.now import BodyNow, Matter, Now, in_order, summed
from workflow.service.supervision.views import Views
from workflow.store import supervision as queries
from workflow.store.bodies import Body
from workflow.store.counts import words_of_each_marked
from workflow.store.unit import Unit

ACTION = "supervise"
PER_PAGE = 50
FIRST = 3
"""So many bodies are named on top."""
REACH_DAYS = 45
"""Calendar days in which `soon_workdays` working days lie in any year: no day beyond is looked at."""


@dataclass(frozen=True, slots=True)
class Head:
    """A supervising body."""

    code: str
    name: str


@dataclass(frozen=True)
class ReportDay:
    """A last day for reports on a year: which levels have it, how many bodies, how many handed in. local:
    earlier than 条例49 asks. workday: the last working day on or before it, as it does not move."""

    day: date
    workday: date
    levels: tuple[str, ...]
    bodies: int
    handed_in: int
    days_left: int
    own: bool = False
    local: bool = False


@dataclass(frozen=True)
class Overview:
    """What the page shows. below: how many bodies there are; found: how many of them are listed on all pages;
    quiet: how many have nothing open. first: the late ones that come first, with some of their cases."""

    code: str
    name: str
    below: int
    found: int
    quiet: int
    totals: BodyNow
    bodies: tuple[BodyNow, ...]
    first: tuple[tuple[BodyNow, tuple[Matter, ...]], ...]
    plotted: tuple[BodyNow, ...]
    year: int
    report_year: int
    reports: tuple[ReportDay, ...]
    at: datetime


@dataclass(frozen=True)
class Score:
    """The points of a body in a year: how often each was lost, the sum, and the grounds."""

    code: str
    name: str
    year: int
    counts: Mapping[str, int]
    total: float
    grounds: tuple[Ground, ...]


class Supervision:
    """The use cases of a supervising body."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law

    def heads(self, staff: Staff) -> list[tuple[str, str]]:
        """The bodies for which the person supervises others: code and name."""
        with self.office.store.read() as unit:
            tree = self.office.tree(unit)
            mine = tree.of_codes(permissions.heads_for(self.law, ACTION, staff))
            return [(body.code, body.name) for body in mine if body.id in tree.children]

    def overview(
        self, staff: Staff, agency: str | None = None, *, page: int = 1, q: str = ""
    ) -> Overview | None:
        """The bodies below one of the person's own, what is late first. q: only those whose name holds it.
        None: nobody is below. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            head = self._head(unit, staff, agency)
            if head is None:
                return None
            now = self._counted(unit, self._watched(unit, self._now(unit, head)))
            listed = [one for one in now.bodies.values() if one.open or one.returned]
            wanted = self._ordered(listed)
            if q:
                names = [one for one in now.bodies.values() if q in one.name or q == one.code]
                wanted = self._ordered(names)
            shown = wanted[(page - 1) * PER_PAGE : page * PER_PAGE]
            top = [one for one in self._ordered(listed) if one.late][:FIRST]
            self._complete(unit, now, shown, top)
            year, report_year, reports = self._reports(unit, head, now.area)
            return Overview(
                code=head.code,
                name=head.name,
                below=len(now.bodies),
                found=len(wanted),
                quiet=len(now.bodies) - len(listed),
                totals=summed(now.bodies.values()),
                bodies=tuple(shown),
                first=tuple((one, tuple(now.late_of(one.code)[:5])) for one in top),
                plotted=tuple(self._ordered(listed)[:8]),
                year=year,
                report_year=report_year,
                reports=reports,
                at=self.office.now(),
            )

    def listed(
        self, staff: Staff, agency: str | None, which: str, *, body: str = ""
    ) -> tuple[Head, list[Matter]]:
        """One of LISTS of the bodies below, or of one of them, with its supervising body: late, the longest
        first; due, the nearest first; returned and answered late, the last first. Raises Missing, Denied."""
        if which not in LISTS:
            raise Missing("没有这个清单")
        with self.office.store.read() as unit:
            head = self._head(unit, staff, agency)
            if head is None:
                raise _nobody_below()
            now = self._now(unit, head)
            if body and body not in now.bodies:
                raise Missing("没有这个下级机关")
            late = which == DONE_LATE
            found = self._answered_late(unit, now) if late else self._watched(unit, now).matters
            wanted = [
                one for one in found if one.standing.matter == which and body in ("", one.body)
            ]
            found = self._with_hastenings(unit, now, in_order(wanted))
            return Head(head.code, head.name), found

    def matters_of(
        self, unit: Unit, staff: Staff, agency: str, wanted: Iterable[tuple[str, str]]
    ) -> tuple[Body, list[Matter]]:
        """The open matters of these cases, by code of the body of their number and number, as they stand, with the
        supervising body; a case of several matters once. Raises Missing, Denied."""
        head = self._head(unit, staff, agency)
        if head is None:
            raise _nobody_below()
        asked, found = dict.fromkeys(wanted), dict[tuple[str, str], Matter]()
        for one in in_order(self._watched(unit, self._now(unit, head)).matters):
            if (one.agency, one.number) in asked:
                found.setdefault((one.agency, one.number), one)
        return head, list(found.values())

    def score(self, staff: Staff, agency: str | None, body: str, year: int) -> Score:
        """What a body below lost in the year, each point with its ground. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            head = self._head(unit, staff, agency)
            if head is None:
                raise _nobody_below()
            now = self._watched(unit, self._now(unit, head))
            one = now.bodies.get(body)
            if one is None:
                raise Missing("没有这个下级机关")
            row = self.office.tree(unit).by_code[body]
            words = unit.words([row.id], year)[row.id]
            grounds = list(self._grounds(unit, row, words, year))
            grounds += self._open_grounds(now, body, year)
            counts = Counter(ground.point for ground in grounds)
            return Score(
                body, one.name, year, counts, score.total(counts, self.law),
                tuple(sorted(grounds, key=lambda ground: (ground.day, ground.number), reverse=True)),
            )  # fmt: skip

    # -- what is there now ---------------------------------------------------------------------------

    def _head(self, unit: Unit, staff: Staff, agency: str | None) -> Body | None:
        """The supervising body that was asked for, else the person's first; None: it has none below it."""
        tree = self.office.tree(unit)
        mine = permissions.heads_for(self.law, ACTION, staff)
        if not mine:
            permissions.ask(self.law, ACTION, frozenset())
        if agency is not None and agency not in mine:
            raise Missing(f"没有代码为“{agency}”的机关，或者您不在这个机关办理")
        bodies = [tree.by_code[agency]] if agency else tree.of_codes(mine)
        return next((body for body in bodies if body.id in tree.children), None)

    def of_body(self, unit: Unit, body: Body) -> "Now":
        """The same of one body alone, for who looks it over from within."""
        return self._counted(unit, self._watched(unit, self._looked_at(unit, [body])))

    def of_all(self, unit: Unit) -> "Now":
        """The same of all bodies of the installation, for a watch over it."""
        bodies = list(self.office.tree(unit).bodies)
        return self._counted(unit, self._watched(unit, self._looked_at(unit, bodies)))

    def _now(self, unit: Unit, head: Body) -> "Now":
        """The bodies below, of which nothing is said yet."""
        below = self.office.tree(unit).below({head.code})
        return self._looked_at(unit, [body for body in below if body.id != head.id])

    def _looked_at(self, unit: Unit, area: list[Body]) -> "Now":
        tree = self.office.tree(unit)
        now = Now(tree.by_id, tree.by_code, area, self.office.today())
        now.ids = now.looked_at(tree.predecessors_of)
        now.calendars = Calendars(self.office, unit, now.ids)
        return now

    def _watched(self, unit: Unit, now: "Now") -> "Now":
        """With what is late, due or came back."""
        until = now.calendars.reach(now.today, supervision.soon_workdays(), REACH_DAYS)
        for row in queries.watched_of(unit, now.ids, until):
            now.take(row)
        now.matters = in_order(now.matters)
        return now

    def _counted(self, unit: Unit, now: "Now") -> "Now":
        """With how many are open."""
        for agency_id, held_by, number in queries.open_of(unit, now.ids):
            body = now.handler(agency_id, held_by)
            if body is not None:
                now.bodies[body.code].open += number
        return now

    @cached_property
    def open_states(self) -> tuple[str, ...]:
        """States that still need somebody."""
        stages = ("before_receipt", "running", "waiting")
        return tuple(name for name, one in self.law.states.items() if one.stage in stages)

    @staticmethod
    def _ordered(bodies: Iterable[BodyNow]) -> list[BodyNow]:
        """What is late first, then what is due, then who has most to do."""
        return sorted(
            bodies,
            key=lambda one: (-one.late, -one.longest, -one.due, -one.returned, -one.open, one.name),
        )

    # -- what stands beside ----------------------------------------------------------------------------

    def _complete(self, unit: Unit, now: "Now", shown: list[BodyNow], top: list[BodyNow]) -> None:
        """Points, telephone and the last hastening of the bodies that are shown."""
        tree, year = self.office.tree(unit), now.today.year
        ids = {tree.by_code[one.code].id: one for one in (*shown, *top)}
        words = unit.words(ids, year)
        phones = queries.choices_of(
            unit, [tree.by_code[one.code].id for one in top], "contact_phone"
        )
        views = Views(self.office, unit, now.calendars)
        last = {row.agency_id: row for row in reversed(queries.hastenings_of(unit, ids, 500))}
        for id_, one in ids.items():
            counts = score.points_of_words(words[id_], year, self.law)
            counts["late"] += one.late
            one.points = score.total(counts, self.law)
            one.phone = str(phones[id_][-1].value) if phones.get(id_) else ""
            one.hastened = views.view(last[id_]) if id_ in last else None
        by_case = queries.last_hastenings(
            unit, [matter.case_id for one in top for matter in now.late_of(one.code)[:5]]
        )
        now.with_hastenings({case: views.view(row) for case, row in by_case.items()})

    def _with_hastenings(self, unit: Unit, now: "Now", matters: list[Matter]) -> list[Matter]:
        rows = queries.last_hastenings(unit, [one.case_id for one in matters if one.case_id])
        views = Views(self.office, unit, now.calendars)
        return [
            replace(one, hastened=views.view(rows[one.case_id])) if one.case_id in rows else one
            for one in matters
        ]

    def _answered_late(self, unit: Unit, now: "Now") -> list[Matter]:
        """What was answered after its last day in the running year."""
        tree = self.office.tree(unit)
        words = {
            body: some
            for body, every in words_of_each_marked(
                unit.session.connection(), now.ids, now.today.year, "late"
            ).items()
            if (some := [word for word in every if _closed_in(word, now.today.year)])
        }
        calendars = Calendars(self.office, unit, words)
        found = []
        for row in queries.answered_late(unit, words):
            body = now.handler(row.agency_id, None)
            if body is not None:
                calendar = calendars.of(row.agency_id, row.opened_on)
                standing = supervision.answered_late(row.reply_due, row.closed_on, calendar)
                found.append(
                    Matter(tree.by_id[row.agency_id].code, body.code, body.name, row.number,
                           standing, answered_on=row.closed_on)
                )  # fmt: skip
        return found

    # -- points ----------------------------------------------------------------------------------------

    def _grounds(
        self, unit: Unit, body: Body, words: Mapping[str, int], year: int
    ) -> Iterator[Ground]:
        calendars = Calendars(self.office, unit, [body.id])
        some = score.words_with_points(words, year, self.law)
        for row in queries.scored_of(unit, body.id, some):
            yield from score.grounds_of(row, year, self.law, calendars.of(body.id, row.opened_on))

    def _open_grounds(self, now: "Now", body: str, year: int) -> list[Ground]:
        if year != now.today.year:
            return []
        return [
            Ground(LATE, one.number, one.standing.day,
                   f"答复期限是{in_words(one.standing.day)}，还没有答复，已经逾期 {one.standing.days} 个工作日")
            for one in now.late_of(body)
        ]  # fmt: skip

    # -- reports ---------------------------------------------------------------------------------------

    def _reports(
        self, unit: Unit, head: Body, area: list[Body]
    ) -> tuple[int, int, tuple[ReportDay, ...]]:
        """The running year; the year whose report is next; the last days of the reports on it."""
        today = self.office.today()
        year = today.year - 1 if today.month <= 3 else today.year
        chosen = {
            body: rows[-1].value
            for body, rows in queries.choices_of(
                unit, [head.id, *(one.id for one in area)], "report_dates"
            ).items()
        }
        dues = Dues(self.law, year, chosen)
        states = states_of(unit, [*area, head], year)
        handed = {code: Submitted(None, state) for code, state in states.items()}
        there = {code for code, one in handed.items() if one.state in COUNTED}
        there |= Area([*area, head], head).covered(handed)
        calendar = self.office.rules_of(unit, head.id, today).calendar
        days: dict[tuple[date, bool], list[Body]] = {}
        for body in area:
            days.setdefault((dues.of(body), False), []).append(body)
        days.setdefault((dues.of(head), True), []).append(head)
        found = [
            ReportDay(
                day,
                target(day, calendar),
                tuple(dict.fromkeys(self.law.words.levels[one.level] for one in bodies)),
                len(bodies),
                sum(one.code in there for one in bodies),
                (day - today).days,
                own,
                day < dues.of_level(bodies[0].level, dues.rule.default),
            )
            for (day, own), bodies in days.items()
        ]
        return today.year, year, tuple(sorted(found, key=lambda one: (one.day, one.own)))


def _closed_in(word: str, year: int) -> bool:
    closed = kept_of(word).case.closed_on
    return closed is not None and closed.year == year


def _nobody_below() -> Missing:
    return Missing("本机关没有下级机关")
