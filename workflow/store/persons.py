"""Who is the same applicant, asked of the store (workflow/case/others.py says what the law asks)."""

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, or_, select

from workflow.case.others import FirstNamed, same_applicant
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit


def _same(keys: Secrets, person: ApplicantRow | FirstNamed) -> ColumnElement[bool]:
    """What the law asks of two people, asked of the store."""
    named = ApplicantRow.name_hash.in_(keys.name_hashes(person.name))
    by_name = and_(named, ApplicantRow.citizen == person.citizen)
    if not person.identity:
        return by_name
    unknown = and_(by_name, ApplicantRow.identity.is_(None))
    return or_(ApplicantRow.identity == person.identity, unknown)


def first_named(row: CaseRow) -> FirstNamed:
    """Who asks first, as the law compares people."""
    first = row.applicants[0]
    return FirstNamed(first.name, first.citizen, first.identity)


def with_successors(unit: Unit, row: CaseRow) -> FirstNamed:
    """Who asks first, with those who are one with them in this body: whoever took their place in a case,
    and whose place they took."""
    first = first_named(row)
    if not (row.some_were_followed or row.applicant_now):
        return first
    pairs = [
        (FirstNamed(name, citizen, identity), FirstNamed(now or "", citizen))
        for name, citizen, identity, now in unit.session.execute(
            select(
                ApplicantRow.name,
                ApplicantRow.citizen,
                ApplicantRow.identity,
                CaseRow.applicant_now,
            )
            .join(CaseRow, CaseRow.id == ApplicantRow.case_id)
            .where(
                CaseRow.agency_id == row.agency_id,
                CaseRow.applicant_now.is_not(None),
                ApplicantRow.position == 0,
            )
        )
    ]
    found = [first]
    for one in found:  # it grows while it is gone through
        for before, after in pairs:
            for mine, theirs in ((before, after), (after, before)):
                if same_applicant(one, mine) and theirs not in found:
                    found.append(theirs)
    return replace(first, also=tuple(found[1:]))


def one_person(unit: Unit, keys: Secrets, row: CaseRow) -> ColumnElement[bool]:
    """Who is the first applicant of a case or one with them, asked of the store."""
    first = with_successors(unit, row)
    return or_(*(_same(keys, one) for one in (first, *first.also)))
