"""What a case must know of the others of its body: who is the same applicant, and how many of their
requests came before in the month (国办函〔2020〕109号4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case of the same body, as far as a guard must know it.

    by_name: the same applicant by name alone, a proof of identity missing. answered_on: the day from which
    its reply is in effect. overturned: the reply was quashed, changed or made anew. alike: it asks for the
    same in the same words.
    """

    number: str
    open: bool
    same_applicant: bool
    merged: bool
    by_name: bool = False
    answered_on: date | None = None
    outcome: str | None = None
    overturned: bool = False
    alike: bool = False
    request: str = ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """The body to which a case shall go. ended_on: the last day of the body that gives it away, None where
    that one goes on without the duties. succeeds: it was entered as the successor."""

    code: str
    name: str
    succeeds: bool
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Others:
    """What guards ask about the other cases of the body. The service looks it up before it applies an event.

    units_in_month: units by the same applicant that the body registered earlier in the calendar month.
    named: the case that the event names; None where there is none.
    earlier: the cases that words for an earlier reply name, by these words.
    first_year: the year of the body's first case; None where nobody looked.
    open_redo: the number of the linked case in which the reply is being made anew. receiver: the body that
    the event names.
    """

    units_in_month: int | None = None
    named: OtherCase | None = None
    open_redo: str | None = None
    receiver: Receiver | None = None
    earlier: Mapping[str, OtherCase] = field(default_factory=dict)
    first_year: int | None = None


@dataclass(frozen=True, slots=True)
class FirstNamed:
    """The first-named applicant of a case. identity: a keyed hash of the proof of identity, if given.
    also: those who are one with them, as heir, guardian or successor of an organisation."""

    name: str
    citizen: bool
    identity: str | None = None
    also: tuple["FirstNamed", ...] = ()


def same_applicant(one: FirstNamed, other: FirstNamed) -> bool:
    """True if they are the same person: by proof of identity where both gave one, else by name and
    kind. Predecessor and successor are one person (law.md §6.5C)."""
    return any(_same(mine, theirs) for mine in (one, *one.also) for theirs in (other, *other.also))


def _same(one: FirstNamed, other: FirstNamed) -> bool:
    if by_proof(one, other):
        return one.identity == other.identity
    return (one.name, one.citizen) == (other.name, other.citizen)


def by_proof(one: FirstNamed, other: FirstNamed) -> bool:
    """True if a proof of identity tells whether they are the same."""
    return bool(one.identity and other.identity)


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """Another case of a body, as far as the count of a month must know it.

    place: where it stands among all cases, in the order in which they were opened.
    units: into how many a fee notice split it; None for one.
    """

    place: int
    applicant: FirstNamed
    kind: str
    state: str
    received_on: date | None
    outcome: str | None = None
    redo_of: str | None = None
    units: int | None = None


def units_before(
    others: Iterable[OtherRequest],
    applicant: FirstNamed,
    received_on: date,
    place: int,
    month_counts: str,
) -> int:
    """Units of the same applicant that the body received earlier in the calendar month of receipt (on
    the same day: those that were opened before). An application is one, or as many as its fee notice
    split it into. Voided ones do not count, nor the redo of an earlier one: it is no new application.

    month_counts: the setting fee_month_counts; registered_not_withdrawn leaves withdrawn ones out.
    """
    month = received_on.replace(day=1)
    return sum(
        other.units or 1
        for other in others
        if other.kind == "application"
        and other.state != "voided"
        and not other.redo_of
        and not (month_counts == "registered_not_withdrawn" and other.outcome == "withdrawn")
        and other.received_on is not None
        and other.received_on >= month
        and (other.received_on, other.place) < (received_on, place)
        and same_applicant(other.applicant, applicant)
    )
