"""What a person's own list is asked with, and what it gives to pages."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.dates import EVER, Days
from workflow.service.cases.views import Fresh, WorkItem


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody wants to see of a list. given: user name or unit, "" for nobody, None for whoever; year: of the
    number; soon: due within so many working days, late: past its day, both: either. fresh: only what is new."""

    state: str = ""
    given: str | None = None
    year: int | None = None
    kind: str = ""
    outcome: str = ""
    received: Days = EVER
    due: Days = EVER
    answered: Days = EVER
    soon: int | None = None
    late: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person or unit to whom a case can be given. name: under which it is given; unit: it is one; head: the name in
    full of who heads it."""

    agency: str
    name: str
    shown: str
    unit: bool = False
    head: str = ""


@dataclass(frozen=True)
class Around:
    """What lines of a list are said with. since: what came after it is new. given: to whom cases can be given. own:
    codes and numbers of those lines that wait for the person. behind: by code of the body and word of
    `WorkItem.waits` the names in full of those who stand behind it. names: in full, by user name. alone: by code of a body with one person who works on cases, that one's user name: what
    was given to nobody else is theirs."""

    since: datetime
    given: list[Somebody]
    own: frozenset[tuple[str, str]]
    behind: dict[tuple[str, str], tuple[str, ...]]
    names: dict[str, str]
    alone: dict[str, str]

    def is_new(self, item: WorkItem, name: str) -> Fresh | None:
        """What is new in a line to the person of that user name."""
        fresh = item.fresh
        return fresh if fresh and fresh.at > self.since and fresh.by != name else None


@dataclass(frozen=True)
class Listed:
    """A page of a person's list. counts: by view how many there are, whatever the filters say; urgent: of the
    person's own how many are due today or late; new: how many of the view are new. looked: whether the person ever
    said that they have looked."""

    items: list[WorkItem]
    total: int
    around: Around
    counts: dict[str, int]
    urgent: int
    new: int
    looked: bool
    views: list["KeptView"]
    pulse: str


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view that a person keeps. chosen: what an address of it says, by names."""

    id: int
    name: str
    chosen: dict[str, str]


@dataclass(frozen=True)
class Month:
    """What is due in a month. counts: by day; items: in order, as many as are shown; rest: days off."""

    first: date
    counts: dict[date, int]
    items: dict[date, list[WorkItem]]
    rest: frozenset[date]
