"""An office to which anything may happen: random steps over the real service and a real SQLite store."""

import itertools
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import func, select

from tests.letter_texts import with_texts
from tests.proofs import proofs_for
from tests.workflow.case.plausible import Fields, plausible, spoilt
from tests.workflow.service.anybody import (
    APPLICANTS,
    BODIES,
    CHANNELS,
    FIRST_DAYS,
    PEOPLE,
    VARIANTS,
)
from tests.workflow.service.in_order import LAW, check_case, check_refusal, is_chinese
from workflow.case.application import OfflineForm, read_form
from workflow.case.case import Case
from workflow.case.facts import Actor
from workflow.dates import SHANGHAI
from workflow.people import APPLICANT, Staff
from workflow.refusal import BadInput, Denied, Refused
from workflow.service import Missing, Office
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import ALL, Moving
from workflow.service.cases.verify import verify
from workflow.service.report.tables import Reports
from workflow.store.count_models import NumberRow
from workflow.store.models import ApplicantRow, CaseRow, EventRow
from workflow.store.restored import case_of
from workflow.store.sealed import Secrets
from workflow.store.store import Store

EVENTS = tuple(LAW.transitions)

BEFORE: dict[str, tuple[str, ...]] = {
    "correct": ("require_correction",),
    "lapse_correction": ("require_correction",),
    "give_reasons": ("ask_reasons",),
    "delay_reply": ("ask_reasons", "give_reasons"),
    "pay_fee": ("assign", "charge_fee"),
    "lapse_fee": ("assign", "charge_fee"),
    "record_opinion": ("consult_third_party",),
    "override_third_party": ("consult_third_party", "record_opinion"),
    "record_ruling": ("ask_ruling",),
    "archive": ("serve",),
    "conclude_review": ("serve", "file_review"),
    "conclude_suit": ("serve", "file_suit"),
    "order_redo": ("serve", "file_review", "conclude_review"),
}
"""What a person would have done first who wants to get at an event, besides the routine steps."""

MOST = 6
"""Cases that are filed in a run; redone ones and those that a goal needs come on top."""


@dataclass(frozen=True)
class Known:
    """A case of the run and how its applicant gets at it."""

    agency: str
    number: str
    code: str


class AnyOffice(RuleBasedStateMachine):
    """An office to which anything may happen."""

    paths: "itertools.count[int]" = itertools.count()

    def __init__(self, migrated: Path, folder: Path) -> None:
        super().__init__()
        self.path = folder / f"model{next(self.paths)}.db"
        shutil.copy(migrated, self.path)
        self.day = date(2024, 1, 2)
        self.office = Office(Store(f"sqlite:///{self.path}"), Secrets.throwaway(), now=self.now)
        self.intake, self.moving = Intake(self.office), Moving(self.office)
        self.reports = Reports(self.office)
        self.cases: list[Known] = []
        self.applied: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.staff: dict[str, Staff] = {}
        self.first_year, self.who = self.day.year, 0
        self.seen = self.everything()
        self.read: dict[Known, Case] = {}
        self.tallied: dict[str, tuple[range, int]] = {}
        self.unchecked = False

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 10, tzinfo=SHANGHAI)

    def teardown(self) -> None:
        self.office.store.close()
        for left in self.path.parent.glob(f"{self.path.name}*"):
            left.unlink()

    @initialize(
        day=st.sampled_from(FIRST_DAYS),
        chosen=st.tuples(st.sampled_from(VARIANTS), st.sampled_from(VARIANTS)),
        who=st.sampled_from(range(len(APPLICANTS))),
    )
    def open(self, day: date, chosen: tuple[dict[str, Any], ...], who: int) -> None:
        self.day, self.first_year, self.who = day, day.year, who
        with self.office.store.write() as unit:
            bodies = {}
            for (code, (name, level)), variant in zip(BODIES.items(), chosen, strict=True):
                row = self.office.add_agency(unit, code=code, name=name, level=level)
                bodies[code] = with_texts(unit, row)
                for setting, value in variant.items():
                    unit.set_setting(bodies[code], setting, value, date(2000, 1, 1), "变式")
            bodies["panlong"].successor = "water"  # some of its duties went there
            for name, (code, roles) in PEOPLE.items():
                Accounts(self.office).add_user(unit, name=name, agency=bodies[code], roles=roles)
        for name in PEOPLE:
            found = self.office.staff(name)
            assert found
            self.staff[name] = found
        self.seen = self.everything()
        for code in BODIES:
            self.file(code, who, 2)

    # -- what may happen ------------------------------------------------------------------------------

    @precondition(lambda self: len(self.cases) < MOST)
    @rule(
        code=st.sampled_from(sorted(BODIES)),
        who=st.sampled_from(range(len(APPLICANTS))),
        wanted=st.integers(1, 3),
    )
    def file(self, code: str, who: int, wanted: int) -> None:
        filed = self.intake.file(read_form(self.form(code, who, wanted), today=self.day))
        self.cases.append(Known(code, filed.number, filed.query_code))
        self.changed()

    @precondition(lambda self: len(self.cases) < MOST)
    @rule(
        clerk=st.sampled_from(("clerk-of-panlong", "everybody", "li", "leader-of-panlong")),
        who=st.sampled_from(range(len(APPLICANTS))),
        channel=st.sampled_from(CHANNELS),
        ago=st.integers(-1, 12),
        confirmed=st.none() | st.integers(-2, 5),
    )
    def register(self, clerk: str, who: int, channel: str, ago: int, confirmed: int | None) -> None:
        code = PEOPLE[clerk][0]
        on = self.day - timedelta(ago)
        given = {"confirmed_on": (on + timedelta(confirmed)).isoformat()} if confirmed else {}
        told = {**self.form(code, who, 1), "channel": channel, "on": on.isoformat(), **given}
        try:
            form = read_form(told, OfflineForm, today=self.day)
            filed = self.intake.register(form, self.staff[clerk])
        except (BadInput, Denied, Refused) as refused:
            self.refused("register", refused)
            return
        assert "clerk" in PEOPLE[clerk][1]
        assert on <= self.day
        self.cases.append(Known(code, filed.number, filed.query_code))
        self.changed()

    @rule(days=st.sampled_from((1, 1, 2, 5, 9, 20, 45)))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days)

    @rule(
        which=st.integers(0, 7),
        name=st.sampled_from(EVENTS),
        who=st.sampled_from((*PEOPLE, "applicant")),
        ago=st.sampled_from((0, 0, 1, 3, 12, -1, 60)),
        typed=st.integers(0, 999),
    )
    def anybody_does_anything(self, which: int, name: str, who: str, ago: int, typed: int) -> None:
        known = self.cases[which % len(self.cases)]
        pick, on = Random(typed), self.day - timedelta(ago)
        fields = self.typed(known, name, on, pick)
        self.attempt(known, name, who, spoilt(fields, on, pick) if typed % 2 else fields, on)

    @rule(which=st.integers(0, 7), choice=st.integers(0, 99), typed=st.integers(0, 999))
    def somebody_does_what_is_possible(self, which: int, choice: int, typed: int) -> None:
        known = self.cases[which % len(self.cases)]
        case = self.case(known)
        offered = [p.event for p in case.machine.possibilities(case, None, self.day) if p.allowed]
        quiet = [name for name in offered if name not in ("withdraw", "void")] or offered
        if quiet:
            self.usual(known, quiet[choice % len(quiet)], Random(typed))

    @rule(which=st.integers(0, 7), wanted=st.sampled_from(EVENTS), typed=st.integers(0, 999))
    def somebody_works_towards(self, which: int, wanted: str, typed: int) -> None:
        pick, goals = Random(typed), (*BEFORE.get(wanted, ()), wanted)
        near = [known for known in self.cases if self.way(known, goals[0]) is not None]
        twice = wanted == "merge_duplicate"  # needs an earlier one of the same applicant
        if not near or twice:
            code = sorted(BODIES)[which % len(BODIES)]
            for _ in range(1 + twice):
                self.file(code, which % len(APPLICANTS), 1 + which % 3)
            near = self.cases[-1:]
        if wanted == "merge_duplicate":  # a later one of the same applicant goes into the first
            self.file(near[0].agency, self.who, 1)
            near = self.cases[-1:]
        known = near[which % len(near)]
        for goal in goals:
            for name in (*(self.way(known, goal) or []), goal):
                if not any(self.usual(known, name, pick) for _ in range(3)):
                    return

    @rule(which=st.integers(0, 7), typed=st.integers(0, 999))
    def one_person_tries_to_do_it_all(self, which: int, typed: int) -> None:
        """From the registry to the service: reviews and signatures of the own draft must fail."""
        known, pick = self.cases[which % len(self.cases)], Random(typed)
        if known.agency != PEOPLE["everybody"][0]:
            return
        for name in (*(self.way(known, "serve") or []), "serve"):
            fields = self.typed(known, name, self.day, pick)
            if not self.attempt(known, name, "everybody", fields, self.day):
                self.usual(known, name, pick)

    # -- how it happens -------------------------------------------------------------------------------

    def form(self, code: str, who: int, wanted: int) -> Fields:
        return {
            "agency": code,
            "applicant": APPLICANTS[who],
            "items": [f"第 {n} 年的养护合同" for n in range(1, wanted + 1)],
            "delivery": ["pickup"],
            "medium": ["paper"],
        }

    def case(self, known: Known) -> Case:
        """The case as it stands in the store, read once for as long as nothing changes."""
        if known not in self.read:
            self.read[known] = self.read_case(known)
        return self.read[known]

    def read_case(self, known: Known) -> Case:
        with self.office.store.read() as unit:
            agency = unit.agency(known.agency)
            assert agency
            row = unit.case_row([agency.id], known.number)
            assert row
            return case_of(row, self.office.rules(unit, agency, row.opened_on))

    def way(self, known: Known, goal: str) -> list[str] | None:
        """The routine steps that lead a case to an event; None where none do."""
        case = self.case(known)
        return case.machine.route(case.state, goal, also=("propose_outcome",))

    def typed(self, known: Known, name: str, on: date, pick: Random) -> Fields:
        if name in ("void", "correct_entry"):
            others = [n for n, (code, _) in PEOPLE.items() if code == known.agency]
            more = plausible(name, self.case(known), on, pick)
            return {**more, "reason": "录入错误", "second_person": pick.choice(others)}
        if name == "merge_duplicate":
            same = [other.number for other in self.cases if other.agency == known.agency]
            earlier = [number for number in same if number < known.number]
            return {"on": on.isoformat(), "into": pick.choice((*earlier[-1:], *same))}
        return plausible(name, self.case(known), on, pick)

    def usual(self, known: Known, name: str, pick: Random) -> bool:
        """The event by somebody of its role, once it is no longer too early; whether it was applied."""
        deadlines = self.case(known).deadlines
        due = {"lapse_correction": deadlines.correction_due, "lapse_fee": deadlines.fee_due}.get(
            name
        )
        if due and due >= self.day:
            self.day = due + timedelta(1)
        by = LAW.transitions[name].by
        here = self.case(known).facts.moved_to or known.agency
        able = [n for n, (code, held) in PEOPLE.items() if code == here and set(held) & set(by)]
        if "applicant" in by and pick.random() < 0.5:
            able = ["applicant"]
        return self.attempt(
            known, name, pick.choice(able), self.typed(known, name, self.day, pick), self.day
        )

    def attempt(self, known: Known, name: str, who: str, fields: Fields, on: date) -> bool:
        """Apply the event through the service. Whatever is said no to must leave the store alone."""
        case = self.case(known)
        actor = APPLICANT if who == "applicant" else self.staff[who].actor(known.agency)
        if who != "applicant" and case.facts.moved_to:  # for the staff of the other body alone
            actor = Actor(who, self.staff[who].inherited.get(known.agency, frozenset()))
        told = case.machine.refusal(case, name, None, actor, on)
        before = len(case.written)
        try:
            if who == "applicant":
                self.moving.apply_as_applicant(known.number, known.code, name, fields)
            else:
                person = self.staff[who]
                here = known.agency if known.agency in person.roles else None
                self.moving.apply(
                    person.within(here), known.number, name, fields, attached=proofs_for(name)
                )
        except (Refused, BadInput, Missing) as refused:
            self.refused(name, refused)
            return False
        self.changed()
        # A case of the other body may bear the same number: then that one has moved.
        if who == "applicant" or known.agency in self.staff[who].roles:
            lines = self.case(known).written[before:]
            # What the system filled in: whoever works alone is given what comes in.
            own = [line for line in lines if line.filled != ALL]
            assert [(line.event.name, line.actor) for line in own] == [(name, actor.name)]
            assert {line.event.name for line in lines if line not in own} <= {"assign"}
            if fields["on"] == on.isoformat():
                assert told is None, f"{name} was told to be impossible ({told}) and was applied"
        self.applied[name] += 1
        return True

    def refused(self, name: str, refused: Exception) -> None:
        assert self.everything() == self.seen, f"{name} was refused and changed the store"
        if isinstance(refused, Denied | Refused):
            check_refusal(refused.refusal)
            self.refusals[name] += 1
        if isinstance(refused, BadInput):
            assert refused.errors
            assert all(is_chinese(error.message) for error in refused.errors)

    def changed(self) -> None:
        now = self.everything()
        old = self.seen["event"]
        assert now["event"][: len(old)] == old, "a line of the log has changed"
        assert len(now["event"]) > len(old)
        self.seen, self.unchecked, self.read = now, True, {}
        self.cases.extend(self.new_redos())

    def new_redos(self) -> list[Known]:
        """Cases that the engine opened itself: an ordered new reply."""
        known = {(case.agency, case.number) for case in self.cases}
        with self.office.store.read() as unit:
            query = select(CaseRow).where(CaseRow.redo_of.is_not(None))
            return [
                Known(row.agency.code, row.number, self.office.keys.query_code(row.code_salt))
                for row in unit.session.scalars(query)
                if (row.agency.code, row.number) not in known
            ]

    def everything(self) -> dict[str, list[str]]:
        """Every row about cases, in the order of writing."""
        with self.office.store.engine.connect() as connection:
            return {
                model.__tablename__: [
                    repr(row)
                    for row in connection.execute(
                        model.__table__.select().order_by(model.__table__.c.id)
                    )
                ]
                for model in (EventRow, CaseRow, ApplicantRow, NumberRow)
            }

    # -- what must hold -------------------------------------------------------------------------------

    @invariant()
    def the_office_is_in_order(self) -> None:
        if not self.unchecked:
            return
        self.unchecked = False
        assert verify(self.office) == []
        self.numbers_have_no_gaps()
        self.tables_add_up()
        with self.office.store.read() as unit:
            for row in unit.session.scalars(select(CaseRow)):
                case = case_of(row, self.office.rules(unit, row.agency, row.opened_on))
                check_case(case, row)

    def lines_of(self, code: str) -> int:
        """How many lines the logs of the body's cases have together."""
        query = select(func.count(EventRow.id)).join(CaseRow, CaseRow.id == EventRow.case_id)
        with self.office.store.read() as unit:
            return unit.session.scalar(query.where(CaseRow.agency.has(code=code))) or 0

    def numbers_have_no_gaps(self) -> None:
        given: dict[tuple[str, str], list[int]] = {}
        with self.office.store.read() as unit:
            for row in unit.session.scalars(select(CaseRow)):
                year, number = row.number.split("-")
                given.setdefault((row.agency.code, year), []).append(int(number))
        for numbers in given.values():
            assert sorted(numbers) == list(range(1, len(numbers) + 1))

    def tables_add_up(self) -> None:
        """Of each body with more in its log than when they were last asked for."""
        for code in BODIES:
            years = range(self.first_year - 1, self.day.year + 2)
            if self.tallied.get(code) == (seen := (years, self.lines_of(code))):
                continue
            self.tallied[code] = seen
            carried = None
            for year in years:
                found = self.reports.tables(code, year)
                assert found.findings == []
                table3 = found.tables.table3
                assert carried is None or table3["carried_in"] == carried
                carried = table3["carried_out"]
