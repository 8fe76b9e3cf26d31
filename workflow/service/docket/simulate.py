"""A believable province in the store in force (`gongkai simulate`): every case played through the one door,
its rows written in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import exists, select

from workflow.case.facts import Actor
from workflow.case.number import order_of
from workflow.dates import FIRST_DAY
from workflow.docket.province import Body, BodyPlan, Years, shares, tree, years_until
from workflow.people import APPLICANT, SYSTEM
from workflow.refusal import BadInput, FieldError
from workflow.rules.calendar import Calendar
from workflow.service.docket.people import DocketPeople
from workflow.service.docket.side_by_side import Book, Chunk, Setting, Task, chunks
from workflow.service.docket.uncollected import uncollected
from workflow.service.office import Office
from workflow.store.bulk import Row, next_id, table, write_rows
from workflow.store.counters import seal_every_counter
from workflow.store.dialect import count_on, in_bulk
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.retried import retried
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

SMALL = 20
"""Bodies of a province of which nobody said how large it shall be."""
FIRST_YEAR = 2020
"""The first year of which the whole law of today is in force."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was put into the store. refused: steps that the rules of a body did not let pass, whose case
    stays where it was."""

    bodies: int
    cases: int
    events: int
    refused: int
    first: date
    last: date


@dataclass(slots=True)
class _Written:
    """What was written so far. last: the last number of each body and year."""

    cases: int = 0
    events: int = 0
    refused: int = 0
    last: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, chunk: Chunk) -> None:
        self.cases += len(chunk.rows.cases)
        self.events += len(chunk.rows.lines)
        self.refused += chunk.refused
        for row in chunk.rows.cases:
            year, number = order_of(row["number"])
            body = row["agency_id"], year
            self.last[body] = max(number, self.last.get(body, 0))

    def numbers(self, unit: Unit, keys: Secrets) -> None:
        """The next application of a body and year gets the next number, the next case the next place."""
        connection = unit.connection
        rows = [
            {"agency_id": agency, "year": year, "last": last}
            for (agency, year), last in sorted(self.last.items())
        ]
        write_rows(connection, table("number"), rows)
        seal_every_counter(connection, keys)
        count_on(connection, table("case"))


@retried
def simulate(office: Office, cases: int, bodies: int | None, years: int, seed: int) -> Simulated:
    """Fill a store that has no case yet. bodies: how many there are then, those of before among them;
    None: those that are there, or a small province.

    Raises BadInput for a store with cases, or years before the whole law of today.
    """
    span = years_until(office.today(), years)
    if span.first.year < FIRST_YEAR:
        raise BadInput([FieldError("years", f"最早从 {FIRST_YEAR} 年开始")])
    with office.store.write_rules() as unit:
        if unit.session.scalar(select(exists().where(CaseRow.id.is_not(None)))):
            raise BadInput([FieldError("cases", "库中已有申请，只能在没有申请的库中生成")])
        plans = peopled(office, unit, bodies, span, seed)
        if not plans:
            raise BadInput([FieldError("bodies", "库中的机关都不受理申请")])
        for plan, number in zip(plans, shares([p.body for p in plans], cases, seed), strict=True):
            plan.cases = number
        setting, tasks = tasks_of(office, unit, plans, span, seed)
        written = _Written()
        with uncollected(), in_bulk(unit.connection), chunks(setting, tasks, cases) as made:
            for chunk in made:
                chunk.rows.seal(office.keys)
                chunk.rows.write(unit)
                written.add(chunk)
        written.numbers(unit, office.keys)
        number = len(unit.agencies())
    office.store.gather_statistics()
    return Simulated(number, written.cases, written.events, written.refused, span.first, span.last)


# -- bodies and people ------------------------------------------------------------------------------


def peopled(
    office: Office, unit: Unit, bodies: int | None, years: Years, seed: int
) -> list[BodyPlan]:
    """Every body that takes requests, with its people; those that are missing are made."""
    there = unit.agencies()
    wanted = bodies if bodies is not None else len(there) or SMALL
    taken = [row.code for row in there]
    new = tree(wanted - len(there), seed, years.first, years.last, taken)
    _add(unit, new)
    staff = {body.code: _with_outside(body.actors()) for body in new}
    known = {body.code: body for body in new}
    plans = [BodyPlan(body, 0, staff[body.code]) for body in new]
    for plan in plans:
        if plan.body.successor:
            plan.heir = known[plan.body.successor]
            plan.heirs = staff[plan.body.successor]
    old = [row for row in there if row.takes_requests and row.until is None]
    return [*(_of_before(office, unit, row) for row in old), *plans]


def _of_before(office: Office, unit: Unit, row: AgencyRow) -> BodyPlan:
    topic = {"township": "township"}.get(row.level, "government")
    place = row.name.removesuffix("人民政府").removesuffix("办事处")
    rules = office.rules(unit, row, office.today())
    charges = rules["fee_policy"] in ("by_page", "choose")
    body = Body(row.code, row.name, row.level, place, None, topic, charges=charges, new=False)
    return BodyPlan(body, 0, _with_outside(DocketPeople(office, unit, row).by_role()))


def _with_outside(staff: dict[str, tuple[Actor, ...]]) -> dict[str, tuple[Actor, ...]]:
    return {**staff, APPLICANT.name: (APPLICANT,), SYSTEM.name: (SYSTEM,)}


def _add(unit: Unit, bodies: Sequence[Body]) -> None:
    """The new bodies with their staff and the words of their letters. Nobody of them can log in."""
    connection = unit.connection
    agencies, users, roles = table("agency"), table("user"), table("role")
    settings = table("agency_setting")
    ids = {row.code: row.id for row in unit.agencies()}
    first_agency, first_user = next_id(connection, agencies), next_id(connection, users)
    new_agencies: list[Row] = []
    new_users: list[Row] = []
    new_roles: list[Row] = []
    chosen: list[Row] = []
    for body in bodies:
        ids[body.code] = agency_id = first_agency + len(new_agencies)
        new_agencies.append(
            {
                "id": agency_id, "code": body.code, "name": body.name, "level": body.level,
                "parent_id": ids[body.parent] if body.parent else None, "takes_requests": True,
                "until": body.until, "successor": body.successor,
            }
        )  # fmt: skip
        for member in body.staff:
            user_id = first_user + len(new_users)
            new_users.append(
                {"id": user_id, "name": member.name, "display_name": member.display_name}
            )
            new_roles += [
                {"user_id": user_id, "agency_id": agency_id, "role": role} for role in member.roles
            ]
        chosen += [
            {
                "agency_id": agency_id, "name": name, "value": value, "holds_from": FIRST_DAY,
                "reason": "生成的机关",
            }
            for name, value in body.chosen().items()
        ]  # fmt: skip
    for rows, into in ((new_roles, roles), (chosen, settings)):
        for id_, row in enumerate(rows, next_id(connection, into)):
            row["id"] = id_
    for into, rows in (
        (agencies, new_agencies), (users, new_users), (roles, new_roles), (settings, chosen),
    ):  # fmt: skip
        write_rows(connection, into, rows)
        unit.touched.note(into.name, [(row["id"],) for row in rows])
        count_on(connection, into)
    unit.rules_changed()


# -- what is to be done -----------------------------------------------------------------------------


def tasks_of(
    office: Office, unit: Unit, plans: list[BodyPlan], years: Years, seed: int
) -> tuple[Setting, list[Task]]:
    rows = {row.code: row for row in unit.agencies()}
    calendars: dict[Calendar, int] = {}
    tasks, first = [], next_id(unit.connection, table("case"))
    for plan in plans:
        row = rows[plan.body.code]
        days = {one.holds_from for one in unit.setting_rows(row) if one.holds_from > years.first}
        books = []
        for day in sorted({years.first, *days}):
            rules = office.rules(unit, row, day)
            place = calendars.setdefault(rules.calendar, len(calendars))
            books.append(Book(day, dict(rules.settings), place))
        tasks.append(Task(plan, row.id, first, tuple(books)))
        first += plan.cases
    return Setting(office.law, tuple(calendars), years, seed), tasks
