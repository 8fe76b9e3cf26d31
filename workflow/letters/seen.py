"""A case as a letter sees it: as it stood when the letter was made, with what stands beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from config.letters import Letters
from workflow import clock
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Consultation, Logged, Proceeding
from workflow.letters.about import About
from workflow.letters.letter import Choice

E = TypeVar("E", bound=ev.Event)


@dataclass(frozen=True)
class Seen:
    """case: up to the letter's own event. day: of the letter. giving: it is about a
    transfer, and comes from who gives the case away."""

    case: Case
    about: About
    letters: Letters
    day: date
    choice: Choice = Choice()  # noqa: RUF009 - frozen
    giving: bool = False

    @property
    def body(self) -> str:
        """Who writes, by the name of the day."""
        return self.about.name_on(self.day, giving=self.giving)

    def last(self, *kinds: type[E]) -> E | None:
        """The last event of these kinds."""
        return next((e for e in reversed(self.case.events) if isinstance(e, kinds)), None)

    def line(self, *names: str) -> Logged | None:
        """The last line of the log of these names."""
        return next((one for one in reversed(self.case.log) if one.event.name in names), None)

    def lines(self, *names: str) -> list[Logged]:
        return [line for line in self.case.log if line.event.name in names]

    def who(self, line: Logged | None) -> str | None:
        """The name in full of who entered a line; None for the system and the applicant."""
        if line is None or line.role in ("system", "applicant"):
            return None
        return self.about.people.get(line.actor, line.actor)

    def paper(self, event: ev.Event | None) -> clock.Delivery | None:
        """The days of the paper of an event, with what was learned later."""
        found = clock.papers(self.case.events, unproved=True)
        return next((one.delivery for one in found if one.event is event), None)

    @property
    def consultation(self) -> Consultation | None:
        """The chosen consultation; the last one where none is."""
        asked = self.case.facts.consultations
        if self.choice.consultation is not None:
            return asked.get(self.choice.consultation)
        return asked[next(reversed(asked))] if asked else None

    @property
    def consulting(self) -> ev.Consultation | None:
        """The event of the chosen consultation."""
        chosen = self.consultation
        if chosen is None:
            return None
        found = (e for e in self.case.events if isinstance(e, ev.Consultation))
        return next((e for e in found if e.consultation == chosen.number), None)

    @property
    def dispute(self) -> Proceeding | None:
        """The chosen review or suit; the last open one, else the last one, where none is."""
        found = self.case.facts.proceedings
        if self.choice.dispute is not None:
            return found.get(self.choice.dispute)
        waiting = [one for one in found.values() if one.concluded_on is None]
        return last_of(waiting or found.values())


T = TypeVar("T")


def last_of(many: Iterable[T]) -> T | None:
    """The last of them; None for none."""
    found = list(many)
    return found[-1] if found else None
