"""The cases of one body, in the order in which they are opened, with numbers, people and moments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from config.law import Law
from workflow import events as ev
from workflow.case.facts import Actor, Header
from workflow.case.number import number_of
from workflow.case.others import Receiver
from workflow.dates import SHANGHAI
from workflow.docket.province import people, rates
from workflow.docket.province.bodies import Body
from workflow.docket.province.course import APPLICANT, ON_THE_NET, SYSTEM, Course, Step, Wish
from workflow.docket.province.people import Person, chosen
from workflow.rules.calendar import Calendar

Staff = Mapping[str, tuple[Actor, ...]]
REPEATS = ("repeat", "reconfirmation")


@dataclass(frozen=True, slots=True)
class Years:
    """The days in which everything happens: the first through the last one."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Planned:
    """An event to be applied, by whom, and when it is typed in."""

    event: ev.Event
    actor: Actor
    recorded_at: datetime


@dataclass(slots=True, eq=False)
class PlannedCase:
    """A case with its course. earlier: the case whose reply it asks for again; redo_of: the one whose reply
    is made anew; both stand before it. number: given when the order is known."""

    opened_on: date
    wish: Wish
    applicants: tuple[Person, ...]
    course: Course
    number: str = ""
    earlier: "PlannedCase | None" = None
    redo_of: "PlannedCase | None" = None
    named: bool = False
    handler: int = 0

    @property
    def medium(self) -> list[str]:
        """On paper or as a file."""
        return [
            "electronic" if d in ("portal", "email") else "paper" for d in self.wish.delivery[:1]
        ]

    @property
    def redo_mode(self) -> str | None:
        """How the body mends its reply, where it does so of itself."""
        began = self.redo_of.course.redo if self.redo_of else None
        return began.fields.get("mode") if began else None

    def header(self, body: Body, redo_due: date | None) -> Header:
        """What the case is besides its events. redo_due: of a redo, as the first case has it."""
        return Header(
            number=self.number,
            agency=body.code,
            kind=self.wish.kind,
            applicants=tuple(person.applicant for person in self.applicants),
            request=self.wish.request,
            items=self.wish.items,
            delivery=self.wish.delivery,
            redo_of=self.redo_of.number if self.redo_of else None,
            redo_due=redo_due if self.redo_of else None,
            redo_mode=self.redo_mode,
            body_name=body.name,
            body_level=body.level,
        )


@dataclass(slots=True)
class BodyPlan:
    """What is needed to make the cases of one body. staff: who acts, by role; also the applicant and the
    system. heir, heirs: the body that goes on with its duties and who acts there for it."""

    body: Body
    cases: int
    staff: Staff
    heir: Body | None = None
    heirs: Staff = field(default_factory=dict)

    @property
    def receiver(self) -> Receiver | None:
        """The body to which open cases go at the end."""
        if self.heir is None:
            return None
        return Receiver(self.heir.code, self.heir.name, True, self.body.until)


def years_until(today: date, years: int) -> Years:
    """So many years, the last of them the one of yesterday, which is its last day."""
    last = today - timedelta(1)
    return Years(date(last.year - years + 1, 1, 1), last)


def cases_of(
    plan: BodyPlan, seed: int, years: Years, calendar: Calendar, law: Law
) -> list[PlannedCase]:
    """The cases of the body, as many as planned, numbered in the order in which they are opened."""
    rng = Random(f"cases {seed} {plan.body.code}")
    made = _Making(plan, rng, years, calendar, law)
    cases = [made.case(day) for day in made.days()]
    redos = [redo for case in cases if (redo := made.redo(case)) is not None]
    spare = [case for case in cases if case.course.redo is None and not case.named]
    for case in rng.sample(spare, len(redos)):
        cases.remove(case)
    cases += redos
    cases.sort(key=lambda case: case.opened_on)
    given: dict[int, int] = {}
    for case in cases:
        year = case.opened_on.year
        given[year] = given.get(year, 0) + 1
        case.number = number_of(year, given[year])
    return cases


@dataclass(slots=True)
class _Making:
    plan: BodyPlan
    rng: Random
    years: Years
    calendar: Calendar
    law: Law
    known: list[tuple[Person, ...]] = field(default_factory=list)
    answered: list[PlannedCase] = field(default_factory=list)
    redone: int = 0

    def days(self) -> list[date]:
        """The days on which somebody applies, in order."""
        rng, first = self.rng, self.years.first
        last = min(self.years.last, self.plan.body.until or self.years.last)
        days = [first + timedelta(n) for n in range((last - first).days + 1)]
        bursts = [
            (begun := date(year, 1, 1) + timedelta(rng.randrange(330)), begun + timedelta(rates.SURGE_DAYS))
            for year in range(first.year, last.year + 1)
            if rng.random() < rates.BURST
        ]  # fmt: skip
        weights = [
            rates.GROWTH ** (day.year - first.year)
            * rates.MONTHS[day.month - 1]
            * (1.0 if self.calendar.is_workday(day) else 0.15)
            * (rates.SURGE if any(a <= day < b for a, b in bursts) else 1)
            for day in days
        ]
        return sorted(rng.choices(days, cum_weights=list(accumulate(weights)), k=self.plan.cases))

    def case(self, day: date) -> PlannedCase:
        rng, body = self.rng, self.plan.body
        channel = chosen(rng, rates.CHANNELS)
        if not self.calendar.is_workday(day) and channel != "portal":
            day = min(self.calendar.on_or_after(day), self.years.last)
            if (body.until and day > body.until) or not self.calendar.is_workday(day):
                channel, day = "portal", min(day, body.until or day)
        if channel in ON_THE_NET:
            delivery = rng.choice((("email",), ("portal",), ("email", "mail"), ("mail",), ("pickup",)))  # fmt: skip
        else:
            delivery = rng.choice((("mail",), ("mail",), ("mail", "email"), ("pickup",)))
        earlier = None
        kind, outcome = self._kind(), chosen(rng, rates.OUTCOMES)
        if outcome == "excessive" and day < self.law.transitions["ask_reasons"].holds_from:
            outcome = "petition"
        if kind == "application" and outcome in REPEATS:
            earlier = self._earlier(day, outcome)
            outcome = outcome if earlier else "petition"
        if earlier is not None:
            applicants, request, items = (
                earlier.applicants,
                earlier.wish.request,
                earlier.wish.items,
            )
            earlier.named = True
        else:
            applicants = self._applicants(delivery)
            request = people.request(rng, body, day.year)
            items = (request,)
            if kind == "application" and rng.random() < rates.SEVERAL_ITEMS:
                items = (request, *(people.request(rng, body, day.year) for _ in range(rng.choice((1, 1, 2)))))  # fmt: skip
                request = "；".join(items)
        wish = Wish(day, kind, channel, request, items, delivery, outcome)
        course = Course(rng, body, wish, self.calendar, self.law)
        course.play()
        found = PlannedCase(
            day, wish, applicants, course, earlier=earlier, handler=rng.randrange(4)
        )
        if course.answer and kind == "application" and not course.disputed and not course.redo:
            self.answered.append(found)
        return found

    def _kind(self) -> str:
        chance = self.rng.random()
        for kind, share in rates.OTHER_KINDS.items():
            chance -= share
            if chance < 0:
                return kind
        return "application"

    def _applicants(self, delivery: tuple[str, ...]) -> tuple[Person, ...]:
        """Somebody known, or new, or two together. A few of the known ones apply again and again."""
        rng = self.rng
        if self.known and rng.random() < rates.KNOWN_APPLICANT:
            return self.known[min(int(rng.expovariate(0.25)), len(self.known) - 1)]
        two = rng.random() < rates.JOINT
        found = tuple(
            people.person(rng, self.plan.body, ("mail", "email")) for _ in range(2 if two else 1)
        )
        if rng.random() < 0.3:
            self.known.append(found)
        return found

    def _earlier(self, day: date, outcome: str) -> PlannedCase | None:
        """A case whose reply was served well before the day and holds."""
        for _ in range(8):
            if not self.answered:
                return None
            case = self.rng.choice(self.answered)
            course = case.course
            assert course.served is not None
            fits = outcome == "repeat" or course.answer in ("supplied", "already_public", "partial")
            sent = [s.on for s in course.steps if s.event in ("serve", "service_failed")]
            if fits and max(sent) < day - timedelta(3) and len(case.applicants) == 1:
                return case
        return None

    def redo(self, first: PlannedCase) -> PlannedCase | None:
        """The linked case in which an ordered new reply is made, where the order comes in time."""
        step = first.course.redo
        if step is None:
            return None
        until = self.plan.body.until
        in_time = step.known_on <= self.years.last and not (until and step.known_on > until)
        if not in_time or self.redone >= self.plan.cases // 6:
            place = first.course.steps.index(step)
            del first.course.steps[place:]
            first.course.redo = None
            return None
        self.redone += 1
        old = first.wish
        outcome = "supplied" if old.outcome != "supplied" else "partial"
        if old.outcome == "partial":
            outcome = "supplied"
        wish = Wish(step.on, old.kind, old.channel, old.request, old.items, old.delivery, outcome)
        course = Course(self.rng, self.plan.body, wish, self.calendar, self.law)
        course.play_redo(old.channel, step.fields.get("due"))
        return PlannedCase(
            step.on, wish, first.applicants, course, redo_of=first, handler=first.handler
        )


# -- who and when -----------------------------------------------------------------------------------


def played(
    case: PlannedCase, plan: BodyPlan, years: Years, calendar: Calendar, law: Law
) -> Iterator[Planned]:
    """The events of a case, in the order in which they are typed in, as far as the years go. Where the body
    ends meanwhile, the case goes to its heir, and whoever acts afterwards works there."""
    until, moved, moment = plan.body.until, False, None
    steps = case.course.steps
    morning = 8 * 60 + 30 + (len(case.wish.request) * 7 + case.handler * 53) % 60
    for step in steps:
        known = step.known_on
        if known > years.last:
            return
        late = until is not None and known > until
        one_by_one = [step]
        if late and not moved:
            moved = True
            one_by_one[:0] = _handed_on(plan, step, steps, calendar)
        for one in one_by_one:
            minute = (
                morning if one.by is None else (morning + len(case.wish.request) * 31) % 840 + 420
            )
            moment = _moment(moment, one.known_on, minute)
            actor = _actor(plan, case, one, law, late)
            yield Planned(_event(case, plan, one, actor), actor, moment)


def _event(case: PlannedCase, plan: BodyPlan, step: Step, actor: Actor) -> ev.Event:
    """The event with what is known only now: numbers of other cases, a second person."""
    fields = {"on": step.on, **step.fields}
    if case.earlier is not None and "earlier_reply" in fields:
        fields["earlier_reply"] = case.earlier.number
    if "second_person" in fields:
        everybody = [one.name for holders in plan.staff.values() for one in holders]
        outside = (actor.name, APPLICANT, SYSTEM)
        fields["second_person"] = next(name for name in everybody if name not in outside)
    return ev.parse(step.event, fields)


def _handed_on(plan: BodyPlan, step: Step, steps: list[Step], calendar: Calendar) -> Iterator[Step]:
    """The transfer of a case that is open when its body ends."""
    until, heir = plan.body.until, plan.heir
    ended = any(one.event in _ENDING for one in steps[: steps.index(step)])
    if until is None or heir is None or ended:
        return
    on = min(calendar.add(until, 1), step.on)
    if on >= until:
        yield Step(
            "transfer", on, None, {"to": heir.code, "reason": "机构改革，职责由承继机关承担"}
        )


_ENDING = frozenset(("serve", "lapse_correction", "lapse_fee", "withdraw", "void", "reroute"))


def _actor(plan: BodyPlan, case: PlannedCase, step: Step, law: Law, late: bool) -> Actor:
    """Who is told to do it, or the member of staff whose role comes first in the table."""
    roles = (step.by,) if step.by else law.transitions[step.event].by
    staff = plan.heirs if late and plan.heirs else plan.staff
    role = next(role for role in roles if step.by or role not in (APPLICANT, SYSTEM))
    holders = staff[role]
    return holders[case.handler % len(holders)]


def _moment(before: datetime | None, day: date, minute: int) -> datetime:
    """When something of the day is typed in: after what was typed in before."""
    found = datetime.combine(day, time(minute // 60, minute % 60), SHANGHAI)
    return found if before is None or found > before else before + timedelta(minutes=3)
