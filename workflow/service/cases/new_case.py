"""Cases that begin: from an applicant's form, or because a court or organ orders a new reply."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from config.errors import WrongClock
from workflow import events as ev
from workflow.case.application import Application, OfflineForm, PaperApplicant
from workflow.case.case import Case
from workflow.case.facts import Applicant, Header
from workflow.case.gaps import gaps_of
from workflow.case.identity import numbers_of, proof_in_case
from workflow.case.right_name import EARLIER_NAMES
from workflow.rules.rulebook import Rulebook
from workflow.service.office import Office
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.records import carry_identity
from workflow.store.restored import header_of, private_of
from workflow.store.sealed import Secrets
from workflow.store.seals import Private
from workflow.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Taken:
    """A form with everything that needs no transaction: who asks for what, and what is private of it,
    sealed. salt: of the case that it becomes. identity: the keyed hash of the proof of identity, earlier: what it is
    by earlier keys; numbers: by which the applicant is found."""

    kind: str
    applicant: Applicant
    request: str
    items: tuple[str, ...]
    delivery: tuple[str, ...]
    medium: tuple[str, ...]
    salt: str
    sealed: bytes
    identity: str | None
    earlier: tuple[str, ...]
    numbers: frozenset[str]


def taken(keys: Secrets, form: Application, today: date) -> Taken:
    """A form on its way to become a case."""
    salt, private = keys.new_salt(), private_in(form)
    gaps = gaps_of(form, today) if isinstance(form, OfflineForm) else ()
    if isinstance(form, OfflineForm) and form.arrival:
        arrival = form.arrival.model_dump(mode="json", exclude_defaults=True, exclude={"parcel"})
        private |= {"arrival": arrival} if arrival else {}
    if gaps:
        private["gaps"] = list(gaps)
    citizen = form.applicant.citizen
    before = (identity_of(key, private, citizen, salt) for key in keys.each()[1:])
    return Taken(
        kind=form.kind if isinstance(form, OfflineForm) else "application",
        applicant=applicant_in(form),
        request=form.title(),
        items=form.wanted(),
        delivery=form.delivery,
        medium=tuple(form.medium),
        salt=salt,
        sealed=keys.seal_private(private, salt),
        identity=identity_of(keys, private, citizen, salt),
        earlier=tuple(one for one in before if one),
        numbers=frozenset(numbers_of(private)),
    )


def applicant_in(form: Application) -> Applicant:
    """Who asks, as the case says it."""
    person = form.applicant
    described = person.description if isinstance(person, PaperApplicant) else None
    name = person.name or described or ""
    category = person.category if not person.citizen else "natural_person"
    return Applicant(
        name, category, described or (None if person.citizen else name), person.citizen
    )


def private_in(form: Application) -> dict[str, Any]:
    """What of the form is kept sealed."""
    private = form.applicant.model_dump(
        exclude={"kind", "name", "category", "description"}, exclude_none=True
    )
    private["accept_other_form"] = form.accept_other_form
    if form.assistance:
        private["assistance"] = form.assistance
    if form.items and any(form.description.model_dump().values()):
        # Without items the description is the item itself (ApplicationForm.wanted).
        private["description"] = form.description.model_dump(exclude_none=True)
    if form.agent:
        private["agent"] = form.agent.model_dump(mode="json", exclude_none=True)
    return private


def identity_of(keys: Secrets, private: Mapping[str, Any], citizen: bool, salt: str) -> str | None:
    """The keyed hash of an applicant's proof of identity, from what is private of the applicant of a new
    case; None where there is no proof, or a wrong one."""
    proof = proof_in_case(private, citizen=citizen, salt=salt)
    return keys.identity(proof) if proof else None


def year_of_number(office: Office, unit: Unit, agency: AgencyRow, opened_on: date) -> int:
    """The year in which a new case gets its number: that of the day on which it was opened, or where the body has
    published that year the one in which it is registered (law.md §7A: a published year stays; a fact from outside is
    always registrable).

    Raises WrongClock where the machine says a day before the publication of that year too.
    """
    published, now = office.published(unit, agency.id), office.now()
    if opened_on.year not in published:
        return opened_on.year
    then = published.get(now.year)
    if then is not None and now < then:
        raise WrongClock(f"本机时间显示 {now.year} 年，而 {now.year} 年的年度报告已经公布")
    return now.year


def open_case(
    office: Office,
    unit: Unit,
    agency: AgencyRow,
    form: Taken,
    rules: Rulebook,
    opened_on: date,
    now: datetime,
    submit_key: str | None,
) -> tuple[CaseRow, Case]:
    """A new case without events, its number given.

    opened_on: the day that decides which rules hold. submit_key: files the same form once only.
    Raises WrongClock.
    """
    header = Header(
        number=unit.next_number(
            agency, year_of_number(office, unit, agency, opened_on), office.keys
        ),
        agency=agency.code,
        kind=form.kind,
        applicants=(form.applicant,),
        request=form.request,
        items=form.items,
        delivery=form.delivery,
        body_name=agency.name,
        body_level=agency.level,
    )
    carry_identity(unit, office.keys, form.earlier, form.identity)
    row = unit.begin_case(
        agency, header, opened_on, now, office.keys, form.salt, [(form.sealed, form.identity)],
        form.numbers, medium=list(form.medium), submit_key=submit_key,
    )  # fmt: skip
    return row, Case(header, rules)


Redo = ev.OrderRedo | ev.ReviseReply


def open_redo(
    office: Office, unit: Unit, row: CaseRow, event: Redo, due: date | None, now: datetime
) -> tuple[CaseRow, Case]:
    """A linked case without events, opened on the day: the same applicants and items, due on the ordered
    day; where the body mends its own reply, on the day that it set itself (行政诉讼法62)."""
    year = year_of_number(office, unit, row.agency, event.on)
    number = unit.next_number(row.agency, year, office.keys)
    header = redo_header(header_of(row), event, number, due)
    known = [private_of(office.keys, row, person) for person in row.applicants]
    numbers = {number for private in known for number in numbers_of(private)}
    salt, sealed = office.keys.new_salt(), list[Private]()
    for person, private in zip(row.applicants, known, strict=True):
        for of_the_first in ("gaps", EARLIER_NAMES):
            private.pop(of_the_first, None)
        told = office.keys.seal_private(private, salt) if person.sealed is not None else None
        sealed.append((told, person.identity))
    redo = unit.add_case(
        row.agency, header, event.on, now, office.keys, numbers,
        salt=salt, private=sealed, medium=list(row.medium),
    )  # fmt: skip
    return redo, Case(header, office.rules(unit, row.agency, event.on))


def redo_header(first: Header, event: Redo, number: str, due: date | None) -> Header:
    """What the linked case is besides its events. first: that of the case whose reply is made anew."""
    mode = event.mode if isinstance(event, ev.ReviseReply) else None
    asking = tuple(replace(one, filed_as=None) for one in first.applicants)
    return replace(
        first, number=number, applicants=asking, redo_of=first.number, redo_due=due, redo_mode=mode
    )
