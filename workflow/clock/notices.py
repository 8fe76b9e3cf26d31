"""When a paper was sent, when it reached its addressee, when it came back (law.md §3.7A).

What is told later by `record_delivery` counts as if it had been known from the start: all days that
follow from a paper are computed anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from workflow import events as ev
from workflow.clock.days import effective_service


@dataclass(frozen=True, slots=True)
class Delivery:
    """The three days of a paper. sent_on: posted, handed over or sent. reached_on: None while the
    arrival is not known. returned_on: the day on which it came back, None if it did not.

    sent_again: it came back once, so that the day of the first posting proves nothing any more.
    presumed: the arrival follows from the way of sending alone, nobody has told it.
    """

    sent_on: date
    reached_on: date | None = None
    returned_on: date | None = None
    sent_again: bool = False
    presumed: bool = False

    @property
    def returned(self) -> bool:
        """It came back and has not reached the addressee since."""
        return self.returned_on is not None and self.reached_on is None

    def told_by(self) -> date | None:
        """The day on which the body has told the addressee, where sending is enough; None for a paper
        that came back."""
        if self.returned:
            return None
        return self.reached_on if self.sent_again else self.sent_on

    def after(self, event: ev.RecordDelivery) -> "Delivery":
        """The same paper with what was learned later."""
        if event.returned_on:
            return replace(self, reached_on=None, returned_on=event.returned_on, sent_again=True)
        return replace(self, reached_on=event.reached_on, presumed=False)


_UNPROVED = (ev.AskReasons, ev.DelayReply, ev.LapseCorrection, ev.LapseFee)
_PAPERS = (ev.Serve, ev.Notice, ev.ReviseReply, *_UNPROVED)
PAPER_EVENTS = tuple(name for name, model in ev.MODELS.items() if issubclass(model, _PAPERS))
"""The events with which a paper goes out: of what is told of it later (`record_delivery`), the `of`."""
_NUMBERED = {name for name, model in ev.MODELS.items() if "consultation" in model.model_fields}
"""The events that may name a consultation by its number."""


def sent(event: ev.Event) -> Delivery | None:
    """The days of a paper as its own event tells them; None for an event without a paper."""
    if not isinstance(event, _PAPERS):
        return None
    if isinstance(event, ev.Serve):
        presumed = event.method == "electronic" and event.reached_on is None
        return Delivery(effective_service(event), _arrival(event), presumed=presumed)
    if isinstance(event, ev.Notice):
        return Delivery(event.sent_on or event.on, event.reached_on)
    if isinstance(event, _UNPROVED):
        return Delivery(event.on)
    return Delivery(event.on, event.told_on)  # what the organ or court is told of a revised reply


def _arrival(event: ev.Serve) -> date | None:
    """The day on which the reply reached the applicant: the signature, by post the day on the slip; what
    is sent electronically has arrived on the sending day where nothing else is known."""
    if event.method == "mail":
        return event.reached_on or event.signed_on
    return (
        event.reached_on
        if event.method == "electronic" and event.reached_on
        else effective_service(event)
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that went out: the event that it belongs to, and its days as far as they are known."""

    event: ev.Event
    delivery: Delivery


def papers(events: Iterable[ev.Event], *, unproved: bool = False) -> list[Paper]:
    """Every paper of a case that went out, in the order of the log; those whose days need not be proved
    (the question for reasons, the fixed delayed day, the word that a case ended) only with unproved."""
    given = list(events)
    kinds = (ev.Notice, ev.Serve, *_UNPROVED) if unproved else (ev.Notice, ev.Serve)
    return [
        Paper(given[place], delivery)
        for place, delivery in sorted(deliveries(given).items())
        if isinstance(given[place], kinds)
    ]


def deliveries(ordered: Iterable[ev.Event]) -> Mapping[int, Delivery]:
    """The days of every paper by the place of its event, with what `record_delivery` told later.

    ordered: the events in the order of their days. A delivery belongs to the last paper of that name,
    and of that consultation, before it.
    """
    return told_of_papers(ordered)[0]


def told_of_papers(
    ordered: Iterable[ev.Event],
) -> tuple[dict[int, Delivery], dict[int, str]]:
    """The same, and what is told of a paper that never went out, or that cannot be: place of the event →
    why."""
    found: dict[int, Delivery] = {}
    strange: dict[int, str] = {}
    last: dict[tuple[str, int | None], int] = {}
    for place, event in enumerate(ordered):
        if isinstance(event, ev.RecordDelivery):
            paper = last.get((event.of, event.consultation))
            why = "没有发出过这份文书" if paper is None else _impossible(found[paper], event)
            if why:
                strange[place] = why
            elif paper is not None:
                found[paper] = found[paper].after(event)
            continue
        delivery = sent(event)
        if delivery is None:
            continue
        found[place] = delivery
        last[event.name, None] = place
        if event.name in _NUMBERED and (number := getattr(event, "consultation", None)) is not None:
            last[event.name, number] = place
    return found, strange


def _impossible(paper: Delivery, event: ev.RecordDelivery) -> str:
    """Why the days cannot be those of the paper; empty where they can."""
    if (event.reached_on is None) == (event.returned_on is None):
        return "收到之日和退回之日须填一项，只填一项"
    day = event.reached_on or event.returned_on
    return "早于发出文书之日" if day and day < paper.sent_on else ""
