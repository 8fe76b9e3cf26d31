"""What a letter must know besides its case: who writes, who gets it, what stands beside. Private data come in
as these values; nothing here looks anything up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.case.case import Case


@dataclass(frozen=True, slots=True)
class Body:
    """Who writes. former: (last day, name) of each earlier name, the first one first."""

    code: str
    name: str
    former: tuple[tuple[date, str], ...] = ()

    def name_on(self, day: date) -> str:
        """The name that it bore on the day: a paper bears the name of its day."""
        return next((name for last, name in self.former if day <= last), self.name)


@dataclass(frozen=True, slots=True)
class Person:
    """The first applicant, as far as the application tells. id_kind: the name of the proof of identity."""

    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    id_kind: str = ""
    id_number: str = ""
    legal_representative: str = ""
    contact: str = ""
    agent: str = ""
    assistance: str = ""
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Another request of the same applicant. answered_on: the day on which it was answered or closed."""

    number: str
    on: date
    request: str
    state: str
    items: int = 1
    outcome: str = ""
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was uploaded to the case. label: what kind it is; on: the day of its upload; sha256 of its
    content, size in bytes."""

    id: int
    kind: str
    label: str
    on: date
    media_type: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """All of it. giver: who handled the case before it was transferred, and the day. people: user name → name in full. bodies: code → name. units_before: of a fee by item, the
    units of the same applicant earlier in the month. first: the case that this one answers anew; first_letter: the
    number of the letter that answered it. notices: the
    loaded holiday notices by the day that they name. attached: what was uploaded to the file, oldest first. pages:
    where the papers of the file stand in it, by their keys, once it is bound; numbers: those of its letters."""

    body: Body
    person: Person = field(default_factory=Person)
    people: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[Beside, ...] = ()
    units_before: int | None = None
    first: Case | None = None
    first_letter: str | None = None
    submitted_on: date | None = None
    medium: tuple[str, ...] = ()
    notices: Mapping[date, str] = field(default_factory=dict)
    attached: tuple[Attached, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    giver: tuple[Body, date] | None = None

    def name_on(self, day: date, *, giving: bool = False) -> str:
        """The name with which a letter of the day is signed. giving: it is about the transfer itself."""
        if self.giver is not None and (giving or day <= self.giver[1]):
            return self.giver[0].name_on(day)
        return self.body.name_on(day)
