"""From the events of a case to its due days: the events in their order, each with its effect on the period.

Rule: an event without what it needs moves no day and is named (law.md §3.1(9)); a stricter reading that
gives an earlier day stands beside the due day (law.md §3.1(8)).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from workflow import events as ev
from workflow.clock import ending as ending  # their effects stand in PERIOD once they are imported
from workflow.clock import receiving as receiving
from workflow.clock import waiting as waiting
from workflow.clock.deadlines import NO_TERMS, Deadlines, Step, Terms
from workflow.clock.notices import told_of_papers
from workflow.clock.period import OWN_LATENESS, PERIOD, STRICTER, Period
from workflow.dates import in_words
from workflow.rules.rulebook import Rulebook

PERIOD.nothing(
    ev.Assign,
    ev.OverrideThirdParty,
    ev.RecordSearch,
    ev.ProposeOutcome,
    ev.SendToSecrecyReview,
    ev.PassSecrecyReview,
    ev.ReturnFromSecrecyReview,
    ev.PassLegalCheck,
    ev.Approve,
    ev.ReturnDraft,
    ev.TakeBackDraft,
    ev.MergeDuplicate,
    ev.Archive,
    ev.FileReview,
    ev.FileSuit,
    ev.ReviseReply,
    ev.CorrectEntry,
    ev.Transfer,
)
_EFFECTS = PERIOD.complete()
CLOCK_EVENTS = frozenset(_EFFECTS)
"""The events that do something to the reply period, or to another due day that the clock gives."""

WAYS_IN = frozenset((ev.Submit.name, ev.Receive.name))
BEFORE_RECEIPT = WAYS_IN | {ev.Reroute.name, ev.Withdraw.name, ev.Void.name}
AFTER_THE_END = frozenset(
    (
        ev.Receive.name, ev.ServiceFailed.name, ev.RecordDelivery.name, ev.ConcludeReview.name,
        ev.ConcludeSuit.name, ev.OrderRedo.name, ev.Void.name,
    )
)  # fmt: skip
"""What may still do something to a day once the reply is served or the case closed."""


def compute(
    events: Iterable[ev.Event],
    rules: Rulebook,
    as_of: date | None = None,
    *,
    with_national: bool = False,
    terms: Terms = NO_TERMS,
) -> Deadlines:
    """All due days of a case from its events, in the order of their days.

    as_of: the day up to which an opinion without any deadline counts as awaited.
    with_national: under a local calendar also the stricter due day by national days only.
    terms: what the case brings along besides its events.
    """
    taken = _Taken(events, terms)
    run = taken.run(rules, as_of)
    found = run.result(taken.ordered, taken.places)
    if run.causes:
        found = _with_stricter(found, run.causes, taken, rules, as_of)
    if with_national and rules.calendar.locals and found.reply_due:
        nation = rules.with_calendar(rules.calendar.national)
        twin = taken.run(nation, as_of).result(taken.ordered, taken.places)
        found = replace(found, reply_due_national=twin.reply_due)
        if twin.reply_due and found.reply_due and twin.reply_due != found.reply_due:
            stricter = "；在这一天之前答复最稳妥" if twin.reply_due < found.reply_due else ""
            step = Step(
                twin.reply_due,
                f"只按全国放假安排计算，期限为 {in_words(twin.reply_due)}{stricter}",
                "放假办法4",
            )
            found = replace(found, steps=(*found.steps, step))
    return found


def in_order(events: Iterable[ev.Event]) -> list[tuple[int, ev.Event]]:
    """The events by their days, each with the place where it stood. On one day a consultation stands
    before its opinion, whatever the order of the list; else the order of the list holds."""
    given = list(events)
    asked = {
        (event.on, event.consultation): place
        for place, event in enumerate(given)
        if isinstance(event, ev.Consultation)
    }

    def key(place: int) -> tuple[date, bool, int]:
        event = given[place]
        late = (
            isinstance(event, ev.RecordOpinion)
            and asked.get((event.on, event.consultation), -1) > place
        )
        return event.on, late, place

    return [(place, given[place]) for place in sorted(range(len(given)), key=key)]


class _Taken:
    """The events of a case as they are taken: in their order, with their papers. places: where each stood
    in what was given."""

    def __init__(self, events: Iterable[ev.Event], terms: Terms) -> None:
        taken = in_order(events)
        self.ordered = [event for _, event in taken]
        self.places = [place for place, _ in taken]
        self.terms = terms
        self.papers, self.strays = told_of_papers(self.ordered)
        if terms.unchecked:
            self.strays |= _results_of_nothing(self.ordered)
        self.any_receipt = any(event.name in WAYS_IN for event in self.ordered)

    def run(
        self, rules: Rulebook, as_of: date | None, strictly: frozenset[str] = frozenset()
    ) -> Period:
        """The period after all events. strictly: the causes that are read in the stricter way."""
        run = Period(rules, as_of, self.terms, self.papers, strictly, self.strays)
        for place, event in enumerate(self.ordered):
            effect = _EFFECTS.get(event.name)
            if effect is None:
                continue
            run.place = place
            if run.ended and event.name not in AFTER_THE_END:
                run.ignore("已经答复或者终止，此后的办理不影响期限")
            elif self.any_receipt and run.start is None and event.name not in BEFORE_RECEIPT:
                run.ignore("早于收到申请之日，或者没有收到申请")
            else:
                effect(run, event)
        return run


def _results_of_nothing(ordered: list[ev.Event]) -> dict[int, str]:
    """Results of reviews and suits that nobody had filed: place of the event → why it counts for nothing."""
    found: dict[int, str] = {}
    waiting = {"review": 0, "suit": 0}
    for place, event in enumerate(ordered):
        kind = "review" if isinstance(event, ev.FileReview | ev.ConcludeReview) else "suit"
        if isinstance(event, ev.FileReview | ev.FileSuit):
            waiting[kind] += 1
        elif isinstance(event, ev.ConcludeReview | ev.ConcludeSuit):
            if waiting[kind]:
                waiting[kind] -= 1
            else:
                found[place] = f"没有尚未审结的{'复议' if kind == 'review' else '诉讼'}"
    return found


def _with_stricter(
    found: Deadlines,
    causes: dict[str, str],
    taken: _Taken,
    rules: Rulebook,
    as_of: date | None,
) -> Deadlines:
    """The due days with the earlier day of the stricter reading beside them, where it is earlier."""
    if found.reply_due is None:
        return found

    def due(strictly: Iterable[str]) -> date:
        stricter = taken.run(rules, as_of, frozenset(strictly)).due()
        assert stricter is not None and found.reply_due is not None
        return min(stricter, found.reply_due)

    safe = due(causes)
    if safe >= found.reply_due:
        return found
    own = OWN_LATENESS & causes.keys()
    step = Step(
        safe,
        f"最稳妥的期限为 {in_words(safe)}：{'；'.join(causes.values())}",
        "；".join(STRICTER[cause] for cause in causes),
    )
    act_by = due(own) if own else found.reply_due
    return replace(found, safe_due=safe, act_by=act_by, steps=(*found.steps, step))
