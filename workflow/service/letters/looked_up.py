"""What stands beside a case in its letters: who applies, who works here, other requests, notices. It is looked
up here; nothing is written."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from config.letters import load_letters
from workflow import events as ev
from workflow.case.application import id_type_labels
from workflow.case.case import Case
from workflow.case.number import numbers_in
from workflow.letters import About, Attached, Beside, Body, Person
from workflow.service.cases.finding import folded
from workflow.service.cases.others import units_in_month
from workflow.service.files import KINDS
from workflow.service.office import Office
from workflow.store import beside, files, letters
from workflow.store.file_models import FileRow
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.restored import first_private
from workflow.store.unit import Unit


def about(office: Office, unit: Unit, row: CaseRow, case: Case, asked: Collection[str],
    shown: Mapping[str, str],
) -> About:  # fmt: skip
    """What a letter must know besides the case. asked: the names of all values and lists that it asks for;
    what none of them needs is not looked up. shown: names in full that are known."""
    first = unit.case_row([row.agency_id], row.redo_of) if row.redo_of else None
    moved = case.facts.moved_on
    by_item = "fee_steps" in asked and case.facts.charged and not case.facts.fee_by_page
    names = not _EARLIER.isdisjoint(asked) or _named(case)
    return About(
        body=_body(row.body),
        giver=(_body(row.agency), moved) if row.held_by and moved else None,
        person=_person(office, unit, row) if not _PERSON.isdisjoint(asked) else Person(),
        people=_Names(unit, case, shown),
        bodies=_bodies(unit, case),
        earlier=_beside(office, unit, row, case) if names else (),
        units_before=units_in_month(office, unit, row, case) if by_item else None,
        first=folded(office, unit, first) if first else None,
        first_letter=_number_of_reply(unit, first.id) if first else None,
        submitted_on=row.submitted_at.date(),
        medium=tuple(row.medium),
        notices=_notices(unit) if "days" in asked else {},
        attached=_attached(unit, row) if not _FILE.isdisjoint(asked) else (),
    )


class _Names(Mapping[str, str]):
    """The names in full of those whom a letter names. Nobody is asked for where all of them are known."""

    def __init__(self, unit: Unit, case: Case, shown: Mapping[str, str]) -> None:
        self._unit, self._case = unit, case
        self._found = {name: one for name, one in shown.items() if one}
        self._asked = False

    def __getitem__(self, name: str) -> str:
        if name not in self._found and not self._asked:
            self._asked = True
            self._found |= self._unit.display_names(_people(self._case) - self._found.keys())
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_people(self._case))

    def __len__(self) -> int:
        return len(_people(self._case))


WHO_APPLIES = frozenset(("applicant_address",))
"""Asked of a letter that must not tell who applies, so that its own words can be searched for them."""
_PERSON = frozenset(
    [
        "applicant_id",
        "applicant_contact",
        "applicant_agent",
        "applicant_reach",
        "applicant_address",
        "assistance",
        "gaps_on_receipt",
        "paper_to",
        "paper_address",
        "paper_postcode",
        "posted",
    ]
)
_EARLIER = frozenset(
    ["earlier_requests", "requests_from", "requests_to", "requests_count", "requests_items"]
)
"""What is read of the sealed data, and of the other requests of who applies."""
_FILE = frozenset(
    ["papers", "proofs_time", "proofs_facts", "proofs_law", "items", "count_evidence"]
)
"""What names the papers of the file."""
LETTER = "letter"
"""The kind of a file that came back as a version of a letter."""


def _number_of_reply(unit: Unit, case_id: int) -> str | None:
    """The number of the letter by which a case was answered; None for an answer of before letters were kept."""
    templates = load_letters().templates
    kept = (
        one.number
        for one in reversed(letters.versions_of(unit, case_id))
        if one.number and one.seq and one.voided_at is None
        and "serve" in templates[one.kind][-1].head.made_by
    )  # fmt: skip
    return next(kept, None)


def _body(row: AgencyRow) -> Body:
    former = tuple(
        (date.fromisoformat(one["until"]), one["name"]) for one in row.former_names or ()
    )
    return Body(row.code, row.name, former)


def _person(office: Office, unit: Unit, row: CaseRow) -> Person:
    """The first applicant, unsealed."""
    unit.attach()
    if not row.applicants or row.applicants[0].sealed is None:
        return Person()
    held = first_private(office.keys, row)
    kinds = {**id_type_labels(), "credit_code": "统一社会信用代码"}
    number = held.get("id_number") or held.get("credit_code") or ""
    kind = held.get("id_type") or ("credit_code" if held.get("credit_code") else "")
    texts = {
        name: str(held.get(name) or "")
        for name in ("address", "postcode", "phone", "email", "legal_representative", "contact", "assistance")
    }  # fmt: skip
    return Person(
        **texts,
        id_kind=kinds.get(kind, "") if number else "",
        id_number=str(number or held.get("proof") or ""),
        agent=str((held.get("agent") or {}).get("name") or ""),
        gaps=tuple(held.get("gaps", ())),
    )


def _people(case: Case) -> set[str]:
    """Everybody whom the letters name by user name."""
    named = {line.actor for line in case.log}
    return named | ({case.facts.assigned_to} if case.facts.assigned_to else set())


def _bodies(unit: Unit, case: Case) -> dict[str, str]:
    moved = case.facts.moved_to
    body = unit.agency(moved) if moved else None
    return {body.code: body.name} if body else {}


def _beside(office: Office, unit: Unit, row: CaseRow, case: Case) -> tuple[Beside, ...]:
    """The other requests of the same applicant, the oldest first, with the day of those replies that the
    answer names."""
    unit.attach()
    law = office.law
    named = {number: unit.case_row([row.agency_id], number) for number in _named(case)}
    found = []
    for one in reversed(beside.of_applicant(unit, office.keys, row).latest):
        other = named.get(one.number)
        found.append(
            Beside(
                one.number, one.opened_on, one.request,
                law.states[one.state].label if one.state in law.states else "",
                one.items or 1,
                law.outcomes[one.outcome].label if one.outcome else "",
                other.closed_on if other else None,
            )
        )  # fmt: skip
    return tuple(found)


def _named(case: Case) -> set[str]:
    """Numbers of cases that stand in the answer as earlier replies."""
    proposed = (event for event in case.events if isinstance(event, ev.ProposeOutcome))
    parts: Iterable[ev.Evidence] = (
        part for event in proposed for part in (event, *(event.items or ()))
    )
    texts = [part.earlier_reply for part in parts if part.earlier_reply]
    return {number for text in texts for number in (text.strip(), *numbers_in(text))}


def _notices(unit: Unit) -> dict[date, str]:
    """The loaded holiday notices by the days that they name."""
    found: dict[date, str] = {}
    for entry in unit.national_entries():
        if entry.works is None:
            found.pop(entry.day, None)
        else:
            found[entry.day] = entry.notice
    return found


def _attached(unit: Unit, row: CaseRow) -> tuple[Attached, ...]:
    """What was uploaded; what came back of a letter stands with the letter."""
    return tuple(attached(one) for one in files.files_of(unit, row.id) if one.kind != LETTER)


def attached(file: FileRow) -> Attached:
    return Attached(
        file.id, file.kind, KINDS[file.kind], file.uploaded_at.date(), file.media_type, file.size, file.sha256
    )  # fmt: skip
