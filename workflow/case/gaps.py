"""What paper lacks when it is registered: kept as gaps of the case, offered as what to ask for by 补正.

Rule: window and post are registered on their day with whatever is missing; each gap is kept and offered
as a ground of 补正 (law.md §3.2, §3.3; 条例29, 30).
"""

from collections.abc import Collection, Iterator
from datetime import date

from config.law import Gap, load_law
from workflow.case.application import OfflineForm, wrong_contacts, wrong_numbers

KINDS = ("application", "record_correction")
"""What is entered that must say who asks and for what; a suggestion or an enquiry need not."""


def gaps_of(form: OfflineForm, today: date) -> tuple[str, ...]:
    """What the paper lacks, in the order of the table (config/law/applicants.toml)."""
    if form.kind not in KINDS:
        return ()
    found = set(_gaps(form, today))
    return tuple(name for name in load_law().applicants.gaps if name in found)


def known_gaps(names: Collection[str]) -> dict[str, Gap]:
    """The gaps that a case was registered with, as the table describes them today."""
    return {name: gap for name, gap in load_law().applicants.gaps.items() if name in names}


def _gaps(form: OfflineForm, today: date) -> Iterator[str]:
    person, data = form.applicant, form.model_dump()
    numbers = {error.field for error in wrong_numbers(data, today)}
    contacts = {error.field for error in wrong_contacts(data)}
    email = person.email if "applicant.email" not in contacts else None
    phone = person.phone if "applicant.phone" not in contacts else None
    if not person.name:
        yield "name"
    if not _has_proof(form):
        yield "identity"
    if any(field.startswith("applicant.") for field in numbers):
        yield "identity_wrong"
    if person.phone and not phone:
        yield "phone_wrong"
    elif not phone:
        yield "phone" if email or person.address else "contact"
    if "mail" in form.delivery and not person.address:
        yield "address"
    if not email and ("email" in form.delivery or person.email):
        yield "email"
    if not person.citizen and not person.contact:
        yield "contact_person"
    if not form.delivery:
        yield "delivery"
    if not form.medium:
        yield "medium"
    if form.unclear:
        yield "content"
    if form.agent and not (
        form.agent.name and form.agent.id_number and "agent.id_number" not in numbers
    ):
        yield "agent_identity"


def _has_proof(form: OfflineForm) -> bool:
    """True where anything proves who it is; whether it is right is another question."""
    person = form.applicant
    if person.citizen:
        return bool(person.id_number)
    return bool(person.credit_code or person.id_number or person.proof)
