"""Cases that begin: from an applicant's form, or because a court or organ orders a new reply."""

from dataclasses import replace
from datetime import date, datetime

from workflow import events as ev
from workflow.case.application import Application, OfflineForm, PaperApplicant
from workflow.case.case import Case
from workflow.case.facts import Applicant, Header
from workflow.case.gaps import gaps_of
from workflow.case.identity import proof_of
from workflow.rules.rulebook import Rulebook
from workflow.service.office import Office
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.restored import header_of
from workflow.store.unit import Unit


def open_case(
    office: Office,
    unit: Unit,
    agency: AgencyRow,
    form: Application,
    rules: Rulebook,
    opened_on: date,
    now: datetime,
    submit_key: str | None,
) -> tuple[CaseRow, Case]:
    """A new case without events, its number given and what is private sealed.

    opened_on: the day that decides which rules hold. submit_key: files the same form once only.
    """
    number = unit.next_number(agency, opened_on.year)
    person = form.applicant
    citizen = person.citizen
    category = person.category if not citizen else "natural_person"
    described = person.description if isinstance(person, PaperApplicant) else None
    name = person.name or described or ""
    applicant = Applicant(name, category, described or (None if citizen else name), citizen)
    gaps = gaps_of(form, office.today()) if isinstance(form, OfflineForm) else ()
    header = Header(
        number=number,
        agency=agency.code,
        kind=form.kind if isinstance(form, OfflineForm) else "application",
        applicants=(applicant,),
        request=form.title(),
        items=form.wanted(),
        delivery=form.delivery,
    )
    row = unit.add_case(
        agency, header, opened_on, now, office.keys, medium=list(form.medium), submit_key=submit_key
    )
    unit.session.flush()
    private = person.model_dump(
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
    if gaps:
        private["gaps"] = list(gaps)
    row.applicants[0].sealed = office.keys.seal(private, f"case {row.id}")
    proof = None if "identity_wrong" in gaps else proof_of(private, citizen=citizen)
    if proof is None and "name" in gaps:
        # Two people who told no name are not one person, however alike they are described.
        proof = f"unnamed in case {row.id}"
    row.applicants[0].identity = office.keys.identity(proof) if proof else None
    return row, Case(header_of(row), rules)


Redo = ev.OrderRedo | ev.ReviseReply


def open_redo(
    office: Office, unit: Unit, row: CaseRow, event: Redo, due: date | None, now: datetime
) -> tuple[CaseRow, Case]:
    """A linked case without events, opened on the day: the same applicants and items, due on the ordered
    day; where the body mends its own reply, on the day that it set itself (行政诉讼法62)."""
    number = unit.next_number(row.agency, event.on.year)
    header = redo_header(header_of(row), event, number, due)
    redo = unit.add_case(row.agency, header, event.on, now, office.keys, medium=list(row.medium))
    unit.session.flush()
    for copy, person in zip(redo.applicants, row.applicants, strict=True):
        copy.identity = person.identity
        if person.sealed is not None:
            private = office.keys.open(person.sealed, f"case {row.id}")
            private.pop("gaps", None)
            copy.sealed = office.keys.seal(private, f"case {redo.id}")
    return redo, Case(header, office.rules(unit, row.agency, event.on))


def redo_header(first: Header, event: Redo, number: str, due: date | None) -> Header:
    """What the linked case is besides its events. first: that of the case whose reply is made anew."""
    mode = event.mode if isinstance(event, ev.ReviseReply) else None
    return replace(first, number=number, redo_of=first.number, redo_due=due, redo_mode=mode)
